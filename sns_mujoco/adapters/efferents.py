"""Efferents: from motor neurons to the body's actuators.

The control of an actuator is the sum of its motor neurons' activations:

    u = offset + sum over terms of gain * f(V),   clipped to the actuator's control range where it has one

with f a linear ramp, clip((V - lo) / (hi - lo), 0, 1), or AnimatLab's sigmoid, 1 / (1 + exp(-slope (V - midpoint)))
(its `Act` before scaling; Cofer et al. 2010, J Neurosci Methods 187:280), or any curve. What the control means is the
actuator's matter: the target of a position servo (rad), a torque (N m), the excitation of a muscle (0 to 1).
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.gains import Gain
from sns_mujoco.errors import AttachError

RANGE = (0.0, 20.0)  # mV: the usual working range of a non-spiking neuron


@dataclass(frozen=True, slots=True, kw_only=True)
class Efferent:
    """What every efferent has.

    Attributes:
        drives: Name of the actuator.
        range: Potentials (lo, hi) of zero and full activation on the linear ramp, mV.
        sigmoid: Midpoint (mV) and slope (1/mV) of a sigmoid, to be used instead of the ramp.
        curve: Activation by potential (mV), to be used instead of the ramp: a gain, or a `Recruitment` of motor units.
        delay: Conduction delay, ms, rounded to physics steps: less than half a step is none. Until the first signal
            arrives the muscle hears the neuron at its initial potential.
        combine: "sum" lets several efferents drive one actuator: their offsets and activations add. Without it, two
            on one actuator are refused.

    Raises:
        AttachError: A number is not finite, the range is empty, the delay is negative, a choice is unknown, or there
            are both a sigmoid and a curve.
    """

    sources: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that name neurons."""

    drives: str
    range: tuple[float, float] = RANGE
    sigmoid: tuple[float, float] | None = None
    curve: Gain | None = None
    delay: float = 0.0
    combine: Literal["sum"] | None = None

    def __post_init__(self) -> None:
        """Check what was given."""
        for neuron, _ in self.terms:
            checks.named(self.label, "its neuron", neuron)
        checks.named(self.label, "drives", self.drives)
        if self.combine not in (None, "sum"):
            raise AttachError(f"{self.label}: combine is {self.combine!r}; give 'sum' or leave it out")
        checks.ends(self.label, "range", self.range)
        if self.sigmoid is not None:
            checks.pair(self.label, "sigmoid", self.sigmoid, "midpoint, slope")
        if self.curve is not None:
            if not isinstance(self.curve, Gain):
                raise AttachError(f"{self.label}: curve is {self.curve!r}; give one of sns_mujoco.adapters.gains")
            if self.sigmoid is not None or tuple(self.range) != type(self).__dataclass_fields__["range"].default:
                raise AttachError(f"{self.label}: a curve stands in for range and sigmoid; leave them out")
        checks.not_negative(self.label, "delay", self.delay)

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """Motor neurons with the gain of each, in the unit of the control."""
        raise NotImplementedError

    @property
    def base(self) -> float:
        """Control while no motor neuron is active, in the unit of the control."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """How messages name this adapter."""
        return f"{type(self).__name__}({', '.join(repr(neuron) for neuron, _ in self.terms)})"


@dataclass(frozen=True, slots=True)
class MotorNeuron(Efferent):
    """One motor neuron, or one that commands, drives an actuator.

    Attributes:
        neuron: Name of the neuron; inside a population, "population[3]".
        output: Control (at zero, at full activation), in the actuator's unit; a muscle takes (0, 1).
    """

    sources: ClassVar[tuple[str, ...]] = ("neuron",)

    neuron: str
    output: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        """Check what was given."""
        checks.ends(f"MotorNeuron({self.neuron!r})", "output", self.output)
        Efferent.__post_init__(self)

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """The motor neuron, with the span of the control."""
        return ((self.neuron, self.output[1] - self.output[0]),)

    @property
    def base(self) -> float:
        """Control at zero activation."""
        return self.output[0]


@dataclass(frozen=True, slots=True)
class AntagonistPair(Efferent):
    """Two motor neurons drive one actuator against each other: u = offset + gain * (f(agonist) - f(antagonist)).

    Attributes:
        agonist: Name of the neuron that raises the control.
        antagonist: Name of the neuron that lowers it.
        gain: Control at full activation of one side: torque (N m), or deflection of a servo's target (rad).
        offset: Control while both are equal.
    """

    sources: ClassVar[tuple[str, ...]] = ("agonist", "antagonist")

    agonist: str
    antagonist: str
    gain: float = 1.0
    offset: float = 0.0

    def __post_init__(self) -> None:
        """Check what was given."""
        Efferent.__post_init__(self)
        checks.finite(self.label, "gain", self.gain)
        checks.finite(self.label, "offset", self.offset)
        if self.agonist == self.antagonist:
            raise AttachError(f"{self.label}: both sides are the same neuron; name two")

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """Agonist and antagonist, with opposite gains."""
        return ((self.agonist, self.gain), (self.antagonist, -self.gain))

    @property
    def base(self) -> float:
        """Control while both are equal."""
        return self.offset
