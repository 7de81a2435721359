"""Afferents: from the body to the nervous system. Each names a source, and the neuron or input that it feeds.

An afferent reads one number from the body, once per physics step, and turns it into a current (nA):

    I = offset + gain * clip((value + noise - lo) / (hi - lo), 0, 1)

so `range` is what the body does (rad, rad/s, N, ...), and `gain` the current at its upper end. With `clip=False` the
ramp goes on beyond both ends. Afferents that feed the same neuron add up.
"""

from dataclasses import dataclass

from sns_mujoco.adapters import checks
from sns_mujoco.errors import AttachError


@dataclass(frozen=True, slots=True, kw_only=True)
class Afferent:
    """What every afferent has.

    Attributes:
        to: Name of the network's input, or of the neuron or population that receives the current.
        range: Lower and upper end (lo, hi) of the source's values, in its own unit; lo > hi makes a falling ramp.
        gain: Current at the upper end less that at the lower one, nA.
        offset: Current at the lower end, nA.
        clip: Whether the ramp ends at its ends.
        delay: Conduction delay, ms, rounded to physics steps; until the first signal arrives the current is zero.
        noise: Standard deviation of Gaussian noise on the value, in its own unit, drawn anew every physics step.

    Raises:
        AttachError: A number is not finite, the range is empty, the delay or the noise is negative.
    """

    to: str
    range: tuple[float, float]
    gain: float = 20.0
    offset: float = 0.0
    clip: bool = True
    delay: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Check what was given."""
        checks.named(self.label, "its source", self.source)
        checks.named(self.label, "to", self.to)
        checks.ends(self.label, "range", self.range)
        checks.finite(self.label, "gain", self.gain)
        checks.finite(self.label, "offset", self.offset)
        checks.not_negative(self.label, "delay", self.delay)
        checks.not_negative(self.label, "noise", self.noise)

    @property
    def source(self) -> str:
        """Name of what is read."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """How messages name this adapter."""
        return f"{type(self).__name__}({self.source!r})"


@dataclass(frozen=True, slots=True)
class _JointAfferent(Afferent):
    joint: str

    @property
    def source(self) -> str:
        """Name of the joint."""
        return self.joint


@dataclass(frozen=True, slots=True)
class JointAngle(_JointAfferent):
    """Position of a hinge (rad) or slide joint (m).

    Attributes:
        joint: Name of the joint.
    """


@dataclass(frozen=True, slots=True)
class JointVelocity(_JointAfferent):
    """Velocity of a hinge (rad/s) or slide joint (m/s).

    Attributes:
        joint: Name of the joint.
    """


@dataclass(frozen=True, slots=True)
class ContactForce(Afferent):
    """Magnitude of the net force (N) of all contacts of a geom, or of all geoms of a body.

    Attributes:
        of: Name of the geom or body; where both carry it, the geom is meant.
    """

    of: str

    @property
    def source(self) -> str:
        """Name of the geom or body."""
        return self.of


@dataclass(frozen=True, slots=True)
class Touch(Afferent):
    """Sum of the normal contact forces (N) inside the volume of a site: MuJoCo's touch sensor.

    Attributes:
        site: Name of the site.
    """

    site: str

    @property
    def source(self) -> str:
        """Name of the site."""
        return self.site


@dataclass(frozen=True, slots=True)
class SensorChannel(Afferent):
    """One number of a sensor that the body's model already has, in that sensor's unit.

    Attributes:
        sensor: Name of the sensor.
        channel: Which of its numbers, from 0; or "norm" for the length of the vector that they make.
    """

    sensor: str
    channel: int | str = 0

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        whole = isinstance(self.channel, int) and not isinstance(self.channel, bool) and self.channel >= 0
        if self.channel != "norm" and not whole:
            raise AttachError(f"{self.label}: channel is {self.channel!r}; give a whole number from 0, or 'norm'")

    @property
    def source(self) -> str:
        """Name of the sensor."""
        return self.sensor


@dataclass(frozen=True, slots=True)
class Command(Afferent):
    """A descending command: a number that the user, an environment or an agent sets while the animal lives.

    It is zero after a reset, and held until it is set again.

    Attributes:
        name: Name under which it is set; several afferents may share it.
    """

    name: str

    @property
    def source(self) -> str:
        """Name of the command."""
        return self.name
