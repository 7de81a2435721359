"""Waveforms: what a current, a potential, a command or a torque does over the time since its item began.

Each is evaluated natively, once per physics step, at the time of the step's beginning, and held for that step. Units of
values are those of what it is given for: nA, mV, N m, or a command's own.
"""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import checks
from sns_mujoco.protocols.checks import short

Floats = NDArray[np.float64]
AGE = 1e-9  # s; a time that is short of another by less has reached it: both are sums of steps


class Waveform:
    """What every waveform has."""

    word: ClassVar[str]
    """What it is called in files."""
    __slots__ = ()

    def values(self, age: ArrayLike) -> Floats:
        """Its values at times since the beginning of its item, s; of noise its mean."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What messages call it."""
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class Step(Waveform):
    """One level, and from a time on another.

    Attributes:
        value: The level from `at` on.
        at: When, s after its item begins.
        before: The level before.
        until: When it returns to that; None for never.
    """

    word: ClassVar[str] = "step"

    value: float
    at: float = 0.0
    before: float = 0.0
    until: float | None = None

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("value", "before"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name)))
        object.__setattr__(self, "at", checks.number(self.label, "at", self.at, least=0.0))
        if self.until is not None:
            object.__setattr__(self, "until", checks.number(self.label, "until", self.until, above=self.at))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        age = np.asarray(age, float) + AGE
        end = np.inf if self.until is None else self.until
        return np.where((age >= self.at) & (age < end), self.value, self.before)


@dataclass(frozen=True, slots=True)
class Ramp(Waveform):
    """From one value to another, evenly; then it stays there.

    Attributes:
        begin: At the beginning.
        end: At the end.
        duration: How long it takes, s.
    """

    word: ClassVar[str] = "ramp"

    begin: float
    end: float
    duration: float

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("begin", "end"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name)))
        object.__setattr__(self, "duration", checks.number(self.label, "duration", self.duration, above=0.0))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        share = np.minimum(np.asarray(age, float) / self.duration, 1.0)
        return self.begin + (self.end - self.begin) * share


@dataclass(frozen=True, slots=True)
class Sine(Waveform):
    """offset + amplitude sin(2 pi frequency t + phase).

    Attributes:
        amplitude: Half of what lies between its ends.
        frequency: Hz.
        phase: At the beginning, degrees.
        offset: About what it swings.
    """

    word: ClassVar[str] = "sine"

    amplitude: float
    frequency: float
    phase: float = 0.0
    offset: float = 0.0

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("amplitude", "phase", "offset"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name)))
        object.__setattr__(self, "frequency", checks.number(self.label, "frequency", self.frequency, above=0.0))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        turn = 2.0 * np.pi * self.frequency * np.asarray(age, float) + np.deg2rad(self.phase)
        return self.offset + self.amplitude * np.sin(turn)


@dataclass(frozen=True, slots=True)
class Noise(Waveform):
    """Gaussian noise, seeded by the animal's seed, the individual and the item's place in its protocol.

    With a time constant it is an Ornstein-Uhlenbeck process, exact at physics steps (Gillespie, Phys. Rev. E 54:2084,
    1996), that begins at its stationary distribution; without one it is drawn anew every physics step.

    Attributes:
        sd: Standard deviation.
        mean: Mean.
        time_constant: Of its correlation, s; 0 for none.
    """

    word: ClassVar[str] = "noise"

    sd: float
    mean: float = 0.0
    time_constant: float = 0.0

    def __post_init__(self) -> None:
        """Check it."""
        object.__setattr__(self, "mean", checks.number(self.label, "mean", self.mean))
        for name in ("sd", "time_constant"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name), least=0.0))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        return np.full(np.shape(age), self.mean)


@dataclass(frozen=True, slots=True)
class Pulses(Waveform):
    """Pulses, one every period, the first at the beginning.

    Attributes:
        value: During a pulse.
        width: How long each lasts, s.
        period: From the beginning of one to that of the next, s.
        count: How many; None for no end.
        base: Between pulses.
    """

    word: ClassVar[str] = "pulses"

    value: float
    width: float
    period: float
    count: int | None = None
    base: float = 0.0

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("value", "base"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name)))
        object.__setattr__(self, "width", checks.number(self.label, "width", self.width, above=0.0))
        object.__setattr__(self, "period", checks.number(self.label, "period", self.period, above=0.0))
        if self.period < self.width:
            raise ProtocolError(
                f"{self.label}: a pulse of {self.width:g} s is to come every {self.period:g} s; give a longer period"
            )
        if self.count is not None:
            object.__setattr__(self, "count", checks.count(self.label, "count", self.count))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        age = np.asarray(age, float) + AGE
        pulse = np.floor(age / self.period)
        on = (age - pulse * self.period < self.width) & (pulse < (np.inf if self.count is None else self.count))
        return np.where(on, self.value, self.base)


@dataclass(frozen=True, slots=True)
class Samples(Waveform):
    """Samples, each held until the next one; then 0.

    Attributes:
        samples: The values; or a file of them to be read now: `.npy`, or text (`.csv`, `.txt`) with one number a line.
        period: From one to the next, s; a whole number of physics steps of the animal that it is given to.
    """

    word: ClassVar[str] = "samples"

    samples: tuple[float, ...]
    period: float

    def __init__(self, samples: "Sequence[float] | NDArray[Any] | str | os.PathLike[str]", period: float) -> None:
        """Take samples, or read them.

        Raises:
            ProtocolError: There are none, one is no finite number, or the file has no single column of numbers.
            FileNotFoundError: There is no such file.
        """
        given = _read(Path(samples)) if isinstance(samples, str | os.PathLike) else samples
        try:
            values = np.asarray(given)
            if values.size and values.dtype.kind not in "iuf":  # of big integers, texts, complex numbers ...
                raise TypeError
            values = values.astype(float)
        except (TypeError, ValueError):
            raise ProtocolError(f"{self.label}: samples are {short(given)}; give numbers, or a file of them") from None
        if values.ndim != 1 or not values.size:
            raise ProtocolError(f"{self.label}: samples have shape {values.shape}; give one or more in a row")
        if not np.isfinite(values).all():
            wrong = int(np.flatnonzero(~np.isfinite(values))[0])
            raise ProtocolError(f"{self.label}: sample {wrong} is {values[wrong]}; give finite numbers")
        object.__setattr__(self, "samples", tuple(values.tolist()))
        object.__setattr__(self, "period", checks.number(self.label, "period", period, above=0.0))

    def values(self, age: ArrayLike) -> Floats:
        """See `Waveform.values`."""
        place = np.floor((np.asarray(age, float) + AGE) / self.period).astype(np.int64)
        padded = np.array([*self.samples, 0.0])
        return padded[np.minimum(place, len(self.samples))]


WAVEFORMS: tuple[type[Waveform], ...] = (Step, Ramp, Sine, Noise, Pulses, Samples)
Value = float | Waveform


def value(owner: str, name: str, given: Any) -> Value:
    """A finite number or a waveform.

    Raises:
        ProtocolError: It is neither.
    """
    if isinstance(given, Waveform):
        return given
    if not checks.is_number(given):
        raise ProtocolError(f"{owner}: {name} is {short(given)}; give a finite number or a waveform, such as Ramp(...)")
    return checks.number(owner, name, given)


def shown(given: Value, unit: str) -> str:
    """A number with its unit, or what a waveform is called."""
    return given.word if isinstance(given, Waveform) else f"{given:g} {unit}".rstrip()


def _read(path: Path) -> Floats:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r} to take samples from; give the path of one")
    try:
        if path.suffix == ".npy":
            return np.load(path, allow_pickle=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is empty; that is an error, and said as such
            return np.loadtxt(path, ndmin=1, encoding="utf-8")
    except (ValueError, EOFError, MemoryError) as error:  # the last of a header that tells of more than there can be
        raise ProtocolError(f"{str(path)!r} has no samples: {error}; give one number a line") from None
