"""What a model tells of its adapters, beside what it computes: for people, and for the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AfferentDetails:
    """One afferent of a nervous system.

    Attributes:
        label: What messages call it, as "JointAngle('hip')".
        kind: Name of its class.
        source: Name of the joint, muscle, site, command ... that it is given.
        to: Name of the input, neuron or population that it feeds.
        targets: Names of the neurons that it reaches.
        sensors: The sensors that it is made of: name, and channel or "norm", "roll" ...
        quantities: What it is made of besides and is read without a sensor: name of the tendon or muscle, and
            "tendon length", "tendon velocity", "muscle length", "muscle velocity" or "muscle force".
        drives: Neurons and muscles' excitations that it is driven by.
        range: Ends of the ramp in the unit of the signal, or None with a curve.
        gain: Current at the upper end less that at the lower one, nA.
        offset: Current at the lower end, nA.
        clip: Whether the ramp ends at its ends.
        curve: The curve as it is written, or None.
        noise: Standard deviation of the noise on the signal.
        delay: Conduction delay that was asked for, ms.
        delay_steps: The same in physics steps; 0 is none.
    """

    label: str
    kind: str
    source: str
    to: str
    targets: tuple[str, ...]
    sensors: tuple[tuple[str, int | str], ...]
    quantities: tuple[tuple[str, str], ...]
    drives: tuple[str, ...]
    range: tuple[float, float] | None
    gain: float
    offset: float
    clip: bool
    curve: str | None
    noise: float
    delay: float
    delay_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EfferentDetails:
    """One efferent of a nervous system.

    Attributes:
        label: What messages call it, as "MotorNeuron('extensor')".
        kind: Name of its class.
        terms: Name and gain of every neuron or pool, the gain in the unit of the control.
        drives: Name of the actuator.
        base: Control while nothing is active.
        range: Potentials (mV), or shares of the greatest force, of zero and full activation; None with another shape.
        sigmoid: Midpoint (mV) and slope (1/mV), or None.
        curve: The curve as it is written, or None.
        combine: "sum" where others may drive the same actuator.
        delay: Conduction delay that was asked for, ms.
        delay_steps: The same in physics steps; 0 is none.
    """

    label: str
    kind: str
    terms: tuple[tuple[str, float], ...]
    drives: str
    base: float
    range: tuple[float, float] | None
    sigmoid: tuple[float, float] | None
    curve: str | None
    combine: str | None
    delay: float
    delay_steps: int
