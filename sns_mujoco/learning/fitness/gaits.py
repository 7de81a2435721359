"""Terms of the gait, from the load on the feet: a target gait by its phase lags, duty factor, stride frequency.

Definitions are those of `sns_mujoco.analysis.gait`, with the load sampled once a frame: a touchdown is known to a
frame, which blurs phases by its share of the stride. Of a tripod of 5.7 strides/s, whose lags agree to 0.998, frames of
10 ms see 0.96 and such of 20 ms 0.79.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np

from sns_mujoco.errors import TaskError, unknown_name
from sns_mujoco.learning.fitness import senses
from sns_mujoco.learning.fitness.footfalls import (
    Bools,
    Strides,
    Touchdowns,
    debounced,
    mean_per,
    mean_phases,
    time_in_stance,
)
from sns_mujoco.learning.fitness.term import Better, Floats, Meter, Term

Lag = tuple[str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footfalls:
    """The stance of all feet of a population over time.

    Attributes:
        standing: [T, n F], true in stance; what an individual did last goes on after it fell.
        alive: [T, n], whether the sample counts.
        feet: Names of the feet [F].
        frame: Time between samples, s.
    """

    standing: Bools
    alive: Bools
    feet: tuple[str, ...]
    frame: float

    @property
    def n(self) -> int:
        """How many individuals."""
        return self.alive.shape[1]


@dataclass(frozen=True, kw_only=True)
class GaitTerm(Term):
    """A term that is known from the stance of the feet.

    Attributes:
        bounce: A foot that is off the ground, or then on it, for less than this has not swung or stood, s; 0 to take
            the load at its word.
    """

    bounce: float = 0.03

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: The bounce is negative or not finite.
        """
        Term.__post_init__(self)
        if not (np.isfinite(self.bounce) and self.bounce >= 0.0):
            raise TaskError(f"bounce of {self.name!r} is {self.bounce!r} s; give a finite number, 0 or more")

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        self.check(population)
        return _Stance(self, population, frame)

    def check(self, population: Any) -> None:
        """Refuse an animal that it does not fit."""

    def read(self, footfalls: Footfalls) -> Floats:
        """The quantity [n] from the stance of all feet."""
        raise NotImplementedError


class _Stance:
    """Keeps one bit for each foot and frame; strides are told from them at the end."""

    def __init__(self, term: GaitTerm, population: Any, frame: float) -> None:
        self._term, self._frame = term, frame
        self._data, self._places = senses.loads(population)
        self._threshold = population.animal.stance_load
        self._feet = tuple(foot.name for foot in population.animal.feet)
        self._standing: list[Bools] = []
        self._alive: list[Bools] = []

    def observe(self, dt: Floats) -> None:
        standing, alive = self._data[:, self._places] > self._threshold, dt > 0.0
        if self._standing:
            np.copyto(standing, self._standing[-1], where=~alive[:, None])
        self._standing.append(standing)
        self._alive.append(alive)

    def value(self) -> Floats:
        standing = np.stack(self._standing).reshape(len(self._standing), -1)
        shortest = int(np.ceil(self._term.bounce / self._frame - 1e-9))
        return self._term.read(
            Footfalls(
                standing=debounced(standing, shortest), alive=np.stack(self._alive), feet=self._feet, frame=self._frame
            )
        )


@dataclass(frozen=True, kw_only=True)
class TargetGait(GaitTerm):
    """How well phase lags of touchdowns agree with those wanted, 1 at the best and -1 at the worst.

    For each pair (foot, reference) the mean of cos(2 pi (lag - wanted)) over all touchdowns of the foot within strides
    of the reference: the coherence of the lag times the cosine of its circular distance from the lag that is wanted
    (the statistic of the V test, Batschelet 1981, Circular Statistics in Biology). A pair with fewer than `touchdowns`
    of them has -1; the value is the mean over pairs.

    Attributes:
        lags: (foot, reference, lag), the lag as a share of the reference's stride, 0 to 1; a mapping
            {(foot, reference): lag} is taken too.
        touchdowns: How many touchdowns a lag needs at least.
    """

    kind: ClassVar[str] = "target_gait"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    lags: tuple[Lag, ...] | Mapping[tuple[str, str], float]
    touchdowns: int = 2

    def __post_init__(self) -> None:
        """Bring lags into one form, and check it.

        Raises:
            TaskError: There are no lags, one is not finite, or touchdowns are fewer than one.
        """
        GaitTerm.__post_init__(self)
        given = self.lags
        rows: Any = [(*pair, lag) for pair, lag in given.items()] if isinstance(given, Mapping) else given
        try:
            lags = tuple((str(foot), str(reference), float(lag)) for foot, reference, lag in rows)
        except (TypeError, ValueError):
            raise TaskError(f"lags of {self.name!r} are {given!r}; give (foot, reference, lag) for each pair") from None
        if not lags or not all(np.isfinite(lag) for _, _, lag in lags):
            raise TaskError(f"lags of {self.name!r} are {given!r}; give at least one pair, and finite lags")
        if self.touchdowns < 1:
            raise TaskError(f"touchdowns of {self.name!r} is {self.touchdowns!r}; give 1 or more")
        object.__setattr__(self, "lags", lags)

    @property
    def _pairs(self) -> tuple[Lag, ...]:
        return cast(tuple[Lag, ...], self.lags)

    def check(self, population: Any) -> None:
        """See `GaitTerm.check`.

        Raises:
            UnknownNameError: The animal has no such foot.
        """
        feet = [foot.name for foot in population.animal.feet]
        for foot, reference, _ in self._pairs:
            for name in (foot, reference):
                if name not in feet:
                    raise unknown_name("foot", name, feet, f"animal {population.animal.name!r}")

    def read(self, footfalls: Footfalls) -> Floats:
        """See `GaitTerm.read`."""
        feet, n = footfalls.feet, footfalls.n
        falls = Touchdowns.of(footfalls.standing)
        agreement = np.zeros(n)
        for foot, reference, wanted in self._pairs:
            individual, phases = falls.phases(feet.index(foot), feet.index(reference), len(feet))
            vector = mean_phases(individual, phases, n)
            turned = vector.real * np.cos(2 * np.pi * wanted) + vector.imag * np.sin(2 * np.pi * wanted)
            enough = np.bincount(individual, minlength=n) >= self.touchdowns
            agreement += np.where(enough, turned, -1.0)
        return agreement / len(self._pairs)


@dataclass(frozen=True, kw_only=True)
class DutyFactor(GaitTerm):
    """Mean share of the stride in stance, over the strides of all feet.

    Of an individual without a single stride it is the share of time in stance: 1 for one that stands.
    """

    kind: ClassVar[str] = "duty_factor"
    unit: ClassVar[str] = "1"

    def read(self, footfalls: Footfalls) -> Floats:
        """See `GaitTerm.read`."""
        strides, feet = Touchdowns.of(footfalls.standing).strides(), len(footfalls.feet)
        shares = time_in_stance(footfalls.standing, strides) / (strides.end - strides.start)
        duty = mean_per(strides.column // feet, shares, footfalls.n)
        standing = footfalls.standing.reshape(len(footfalls.alive), footfalls.n, feet)
        counted = np.maximum(footfalls.alive.sum(axis=0) * feet, 1)
        stood = (standing & footfalls.alive[:, :, None]).sum(axis=(0, 2))
        return np.where(np.isnan(duty), stood / counted, duty)


@dataclass(frozen=True, kw_only=True)
class StrideFrequency(GaitTerm):
    """Strides per second: 1 over the mean period of the strides of all feet, Hz; 0 without a stride."""

    kind: ClassVar[str] = "stride_frequency"
    unit: ClassVar[str] = "Hz"

    def read(self, footfalls: Footfalls) -> Floats:
        """See `GaitTerm.read`."""
        strides, feet = Touchdowns.of(footfalls.standing).strides(), len(footfalls.feet)
        periods = mean_per(strides.column // feet, _periods(strides) * footfalls.frame, footfalls.n)
        return np.where(np.isnan(periods), 0.0, 1.0 / periods)


def _periods(strides: Strides) -> Floats:
    return (strides.end - strides.start).astype(float)
