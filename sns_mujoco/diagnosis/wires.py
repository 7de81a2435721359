"""Afferents and efferents as a compiled model has them."""

import json
from dataclasses import dataclass

import mujoco
import numpy as np

from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.details import AfferentDetails, EfferentDetails
from sns_mujoco.diagnosis.circuit import Circuit

POOL = "MotorPool"
SHUT = 6.0  # slopes from the midpoint of a sigmoid to where it is as good as shut, or open


@dataclass(frozen=True, slots=True, kw_only=True)
class AfferentWire:
    """One afferent.

    Attributes:
        label: How messages name it.
        kind: Its class.
        source: Name of what it is given to read: a joint, a muscle, a site, a command ...
        sensors: Name and channel of the sensors that it is made of.
        quantities: What it is made of besides: name of a tendon or muscle, and what of it.
        driven_by: Neurons and muscles' excitations that change it.
        to: Name of the input or neuron that it feeds.
        element: Its element of the input vector.
        neurons: Places of the neurons that it reaches.
        ramp: Ends of its range, in the unit of its signal; None with a curve.
        bounds: Least and greatest current, nA; infinite where nothing bounds it.
        gain: Current at the upper end less that at the lower one, nA.
        curve: Its curve as it is written, or None.
        noise: Standard deviation of its noise.
        delay: Conduction delay, ms, as it was asked for.
        steps: The same in physics steps, as it is.
    """

    label: str
    kind: str
    source: str
    sensors: tuple[tuple[str, int | str], ...]
    quantities: tuple[tuple[str, str], ...]
    driven_by: tuple[str, ...]
    to: str
    element: int
    neurons: tuple[int, ...]
    ramp: tuple[float, float] | None
    bounds: tuple[float, float]
    gain: float
    curve: str | None
    noise: float
    delay: float
    steps: int

    @property
    def place(self) -> str:
        """How findings name it."""
        return f"{self.label} -> {self.to!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EfferentTerm:
    """One motor neuron, or a pool of them, behind an actuator.

    Attributes:
        neurons: Their places.
        active: Potentials (mV) without and with full activation; None where a curve or spikes decide.
        gain: What full activation adds to the control.
    """

    neurons: tuple[int, ...]
    active: tuple[float, float] | None
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EfferentWire:
    """One efferent.

    Attributes:
        label: How messages name it.
        kind: Its class.
        drives: Name of the actuator.
        control: Place in `ctrl`.
        terms: What it adds up.
        delay: Conduction delay, ms, as it was asked for.
        steps: The same in physics steps, as it is.
    """

    label: str
    kind: str
    drives: str
    control: int
    terms: tuple[EfferentTerm, ...]
    delay: float
    steps: int

    @property
    def place(self) -> str:
        """How findings name it."""
        return f"{self.label} -> {self.drives!r}"


def description(model: mujoco.MjModel, brain: Brain) -> dict:
    """What the model says of one of its nervous systems."""
    text = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_TEXT, brain.name)
    start, size = int(model.text_adr[text]), int(model.text_size[text])
    return json.loads(model.text_data[start : start + size - 1])


def read_wires(
    model: mujoco.MjModel, brain: Brain, circuit: Circuit
) -> tuple[tuple[AfferentWire, ...], tuple[EfferentWire, ...]]:
    """Read the adapters of a nervous system from its model."""
    # every afferent has an element of its own behind the inputs of the network
    first = circuit.n_inputs - len(brain.afferent_details)
    afferents = tuple(_afferent(details, first + k, circuit) for k, details in enumerate(brain.afferent_details))
    return afferents, tuple(_efferent(model, details, circuit) for details in brain.efferent_details)


def _afferent(details: AfferentDetails, element: int, circuit: Circuit) -> AfferentWire:
    ends = sorted((details.offset, details.offset + details.gain))
    bounded = details.curve is None and details.clip
    return AfferentWire(
        label=details.label,
        kind=details.kind,
        source=details.source,
        sensors=tuple(details.sensors),
        quantities=tuple(details.quantities),
        driven_by=tuple(details.drives),
        to=details.to,
        element=element,
        neurons=tuple(circuit.inputs[circuit.inputs[:, 0] == element, 1].astype(int).tolist()),
        ramp=None if details.range is None else (float(details.range[0]), float(details.range[1])),
        bounds=(float(ends[0]), float(ends[1])) if bounded else (-np.inf, np.inf),
        gain=details.gain,
        curve=details.curve,
        noise=details.noise,
        delay=details.delay,
        steps=details.delay_steps,
    )


def _efferent(model: mujoco.MjModel, details: EfferentDetails, circuit: Circuit) -> EfferentWire:
    if details.sigmoid is not None:
        midpoint, slope = details.sigmoid
        active = (midpoint - SHUT / slope, midpoint + SHUT / slope)
    else:
        active = details.range if details.kind != POOL else None
    actuator = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_ACTUATOR, details.drives)
    terms = [(_members(name, circuit), gain) for name, gain in details.terms]
    if details.kind == POOL:
        terms = [(tuple(i for members, _ in terms for i in members), terms[0][1])]
    return EfferentWire(
        label=details.label,
        kind=details.kind,
        drives=details.drives,
        control=int(model.actuator_ctrladr[actuator]),
        terms=tuple(EfferentTerm(neurons=members, active=active, gain=gain) for members, gain in terms),
        delay=details.delay,
        steps=details.delay_steps,
    )


def _members(name: str, circuit: Circuit) -> tuple[int, ...]:
    """Places of a neuron, or of all of a population."""
    return tuple(i for i, own in enumerate(circuit.names) if own == name or own.startswith(f"{name}["))
