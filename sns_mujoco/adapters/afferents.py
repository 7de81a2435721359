"""Afferents: from the body to the nervous system. Each names a source, and the neuron or input that it feeds.

An afferent makes one signal of what the body does, in a unit of its own, once per physics step, and turns it into a
current (nA):

    I = offset + gain * clip((signal + noise - lo) / (hi - lo), 0, 1)

so `range` is what the signal does (rad, rad/s, N, imp/s ...), and `gain` the current at its upper end. With
`clip=False` the ramp goes on beyond both ends. In the place of the ramp a `curve` may stand: I = curve(signal + noise).
Afferents that feed the same neuron add up.
"""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.gains import Gain
from sns_mujoco.errors import AttachError

GAIN = 20.0  # nA: what drives a neuron of 1 uS over the 20 mV of its working range


@dataclass(frozen=True, slots=True, kw_only=True)
class Afferent:
    """What every afferent has.

    Attributes:
        to: Name of the network's input, or of the neuron or population that receives the current.
        range: Lower and upper end (lo, hi) of the signal, in its own unit; lo > hi makes a falling ramp. Afferents
            whose signal has natural ends, such as 0 to 1, take these when it is left out.
        gain: Current at the upper end less that at the lower one, nA.
        offset: Current at the lower end, nA.
        clip: Whether the ramp ends at its ends.
        curve: Current (nA) by signal, instead of the ramp.
        delay: Conduction delay, ms, rounded to physics steps: less than half a step is none. Until the first signal
            arrives the current is zero.
        noise: Standard deviation of Gaussian noise on the signal, in its own unit, drawn anew every physics step.

    Raises:
        AttachError: A number is not finite, the range is missing or empty, the delay or the noise is negative, or there
            are both a ramp and a curve.
    """

    sources: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that name parts of the body or of the network."""

    to: str
    range: tuple[float, float] | None = None
    gain: float = GAIN
    offset: float = 0.0
    clip: bool = True
    curve: Gain | None = None
    delay: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Check what was given."""
        for name in self.sources:
            checks.named(self.label, name, getattr(self, name))
        checks.named(self.label, "to", self.to)
        if self.curve is None:
            if self.range is None:
                object.__setattr__(self, "range", self.natural_range)
            if self.range is None:
                raise AttachError(f"{self.label}: it has neither a range nor a curve; give one of them")
            checks.ends(self.label, "range", self.range)
        elif not isinstance(self.curve, Gain):
            raise AttachError(f"{self.label}: curve is {self.curve!r}; give one of sns_mujoco.adapters.gains")
        elif self.range is not None or (self.gain, self.offset, self.clip) != (GAIN, 0.0, True):
            raise AttachError(f"{self.label}: a curve stands in for range, gain, offset and clip; leave them out")
        checks.finite(self.label, "gain", self.gain)
        checks.finite(self.label, "offset", self.offset)
        checks.not_negative(self.label, "delay", self.delay)
        checks.not_negative(self.label, "noise", self.noise)

    @property
    def natural_range(self) -> tuple[float, float] | None:
        """Ends of the signal that hold where none are given."""
        return None

    @property
    def drive_fields(self) -> tuple[str, ...]:
        """Names of the fields that hold a `Drive`."""
        return ()

    @property
    def source(self) -> str:
        """Name of what is read."""
        return getattr(self, self.sources[0])

    @property
    def label(self) -> str:
        """How messages name this adapter."""
        return f"{type(self).__name__}({self.source!r})"


@dataclass(frozen=True, slots=True)
class SensorChannel(Afferent):
    """One number of a sensor that the body's model already has, in that sensor's unit.

    Attributes:
        sensor: Name of the sensor.
        channel: Which of its numbers, from 0; or "norm" for the length of the vector that they make.
    """

    sources: ClassVar[tuple[str, ...]] = ("sensor",)

    sensor: str
    channel: int | str = 0

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        whole = isinstance(self.channel, int) and not isinstance(self.channel, bool) and self.channel >= 0
        if self.channel != "norm" and not whole:
            raise AttachError(f"{self.label}: channel is {self.channel!r}; give a whole number from 0, or 'norm'")


@dataclass(frozen=True, slots=True)
class Command(Afferent):
    """A descending command: a number that the user, an environment or an agent sets while the animal lives.

    It is zero after a reset, and held until it is set again.

    Attributes:
        name: Name under which it is set; several afferents may share it.
    """

    sources: ClassVar[tuple[str, ...]] = ("name",)

    name: str
