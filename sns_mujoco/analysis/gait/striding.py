"""Strides of feet and phases between them.

A stride lasts from one touchdown of a foot to its next one; the duty factor is the share of the stride spent in stance;
the phase lag of a foot against another is when its touchdown falls within the other's stride, as a share of it
(Alexander 2003, Principles of Animal Locomotion, ch. 7; Hildebrand 1965, Science 150:701).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sns_mujoco.analysis.gait.events import Bools, Floats, Ints, liftoffs, touchdowns
from sns_mujoco.errors import unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """What a gait is, from the strides of all feet.

    Attributes:
        strides: Number of strides of each foot.
        period: Mean stride period, s; nan without strides.
        period_spread: Standard deviation of the stride periods, s.
        duty_factor: Mean share of the stride in stance; nan without strides.
        swing: Mean duration of swing, s.
        lags: Mean phase lag (0 to 1) of each pair (foot, reference).
        coherence: Length of the mean phase vector of each pair: 1 for a fixed lag, 0 for none.
    """

    strides: dict[str, int]
    period: float
    period_spread: float
    duty_factor: float
    swing: float
    lags: dict[tuple[str, str], float]
    coherence: dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strides:
    """All whole strides of all feet, foot by foot and in the order of time.

    Attributes:
        feet: Names of the feet [F].
        period: Time between samples, s.
        foot: Which foot each stride belongs to [S], an index into `feet`.
        start: Sample of the touchdown that begins it [S].
        liftoff: Sample at which its swing begins [S].
        end: Sample of the touchdown that ends it [S].
    """

    feet: tuple[str, ...]
    period: float
    foot: Ints
    start: Ints
    liftoff: Ints
    end: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.start)

    @property
    def duration(self) -> Floats:
        """Of each stride [S], s."""
        return (self.end - self.start) * self.period

    @property
    def stance(self) -> Floats:
        """Duration of each stance [S], s."""
        return (self.liftoff - self.start) * self.period

    @property
    def swing(self) -> Floats:
        """Duration of each swing [S], s."""
        return (self.end - self.liftoff) * self.period

    @property
    def duty_factor(self) -> Floats:
        """Share of each stride in stance [S]."""
        return (self.liftoff - self.start) / (self.end - self.start)

    def of(self, foot: str) -> "Strides":
        """Those of one foot.

        Raises:
            UnknownNameError: There is no such foot.
        """
        if foot not in self.feet:
            raise unknown_name("foot", foot, self.feet, "the gait")
        own = self.foot == self.feet.index(foot)
        return Strides(
            feet=self.feet, period=self.period, foot=self.foot[own], start=self.start[own],
            liftoff=self.liftoff[own], end=self.end[own],
        )  # fmt: skip


def strides(standing: Bools, feet: Sequence[str], period: float, *, disturbed: Bools | None = None) -> Strides:
    """The strides of feet.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        period: Time between samples, s.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Returns:
        All whole strides.

    Raises:
        ValueError: The number of names is not that of the feet, or the period is not positive.
    """
    standing = np.asarray(standing, bool)
    if standing.ndim != 2 or standing.shape[1] != len(feet):
        raise ValueError(
            f"stance has the shape {standing.shape}, and there are {len(feet)} feet; give [T, {len(feet)}]"
        )
    if not period > 0.0:
        raise ValueError(f"the time between samples is {period!r} s; give a positive one")
    rows = [
        (k, start, int(lifts[np.searchsorted(lifts, start)]), end)
        for k, lifts in enumerate(map(liftoffs, standing.T))
        for start, end in undisturbed(touchdowns(standing[:, k]), disturbed)
    ]
    foot, start, liftoff, end = np.array(rows, np.intp).reshape(-1, 4).T
    return Strides(feet=tuple(feet), period=period, foot=foot, start=start, liftoff=liftoff, end=end)


def analyse(
    standing: Bools, feet: Sequence[str], period: float, *, pairs: Sequence[tuple[str, str]] = (),
    disturbed: Bools | None = None,
) -> Gait:  # fmt: skip
    """Measure a gait.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        period: Time between samples, s.
        pairs: Pairs (foot, reference) whose phase lag is wanted.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Returns:
        The gait.
    """
    made = strides(standing, feet, period, disturbed=disturbed)
    falls: Mapping[str, Ints] = {foot: touchdowns(standing[:, k]) for k, foot in enumerate(feet)}
    vectors = {pair: mean_phase(falls[pair[0]], falls[pair[1]], disturbed) for pair in pairs}
    counts = np.bincount(made.foot, minlength=len(feet)).tolist()
    return Gait(
        strides=dict(zip(feet, counts, strict=True)),
        period=_mean(made.duration),
        period_spread=float(made.duration.std()) if len(made) else float("nan"),
        duty_factor=_mean(made.duty_factor),
        swing=_mean(made.swing),
        lags={pair: float(np.angle(vector) / (2 * np.pi) % 1.0) for pair, vector in vectors.items()},
        coherence={pair: float(abs(vector)) for pair, vector in vectors.items()},
    )


def undisturbed(events: Ints, disturbed: Bools | None) -> list[tuple[int, int]]:
    """Cycles (first sample, first of the next) between successive events [K] that no disturbed sample falls into."""
    cycles = pairwise(events.tolist())
    return [(a, b) for a, b in cycles if disturbed is None or not disturbed[a:b].any()]


def phases(events: Ints, reference: Ints, disturbed: Bools | None = None) -> Floats:
    """Phases [K], 0 to 1, of the events that fall into an undisturbed stride of the reference."""
    inside = [
        (events[(events >= a) & (events < b)] - a) / (b - a) for a, b in undisturbed(reference, disturbed)
    ]  # fmt: skip
    return np.concatenate([np.empty(0), *inside])


def mean_phase(events: Ints, reference: Ints, disturbed: Bools | None = None) -> complex:
    """Mean of exp(2 pi i phase) of the events that fall into an undisturbed stride of the reference."""
    inside = phases(events, reference, disturbed)
    return complex(np.exp(2j * np.pi * inside).mean()) if inside.size else complex(float("nan"), float("nan"))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
