"""What is examined: a model, its nervous systems read back from it, and what else is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.diagnosis.anatomy import Joint, joints_of
from sns_mujoco.diagnosis.circuit import Circuit, read_circuit
from sns_mujoco.diagnosis.naming import JointWords, Sides
from sns_mujoco.diagnosis.reach import reachable
from sns_mujoco.diagnosis.wires import AfferentWire, EfferentWire, description, read_wires
from sns_mujoco.network import Network

Floats = NDArray[np.float64]

_NAMED = {
    "joint": ("mjOBJ_JOINT", "njnt"), "actuator": ("mjOBJ_ACTUATOR", "nactuator"), "body": ("mjOBJ_BODY", "nbody"),
    "tendon": ("mjOBJ_TENDON", "ntendon"), "sensor": ("mjOBJ_SENSOR", "nsensor"), "site": ("mjOBJ_SITE", "nsite"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Nerves:
    """One nervous system.

    Attributes:
        brain: Its names and places in the model.
        circuit: Who acts on whom.
        afferents: What reads the body.
        efferents: What drives it.
        low: Lowest steady potential that each neuron can have [N], mV.
        high: Highest one [N].
        semantics: "textbook" or "sns-toolbox".
        network: Its description, where that is known.
    """

    brain: Brain
    circuit: Circuit
    afferents: tuple[AfferentWire, ...]
    efferents: tuple[EfferentWire, ...]
    low: Floats
    high: Floats
    semantics: str
    network: Network | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A model and what is known of it.

    Attributes:
        name: How the diagnosis calls it.
        model: The model; never changed.
        nerves: Its nervous systems.
        start: Integration state that a run begins from.
        commands: Place in userdata, least and greatest value of each descending command.
        cruise: Values of the commands for an ordinary run, by name.
        joints: Its hinges and slide joints.
        sides: How its names tell left from right.
        joint_words: Which words of its names mean joints.
        declared: Commands that it is said to hear, where that is said.
        probes: Those of its commands that only experiments give.
        shown: Neuron or joint of each trace of its films (the other is empty), and the label that it bears.
    """

    name: str
    model: mujoco.MjModel
    nerves: tuple[Nerves, ...]
    start: Floats
    commands: Mapping[str, tuple[int, float, float]]
    cruise: Mapping[str, float]
    joints: tuple[Joint, ...]
    sides: Sides
    joint_words: JointWords
    declared: tuple[str, ...] | None = None
    probes: tuple[str, ...] = ()
    shown: tuple[tuple[str, str, str], ...] = ()

    def names(self, kind: str) -> list[str]:
        """Names of all joints, actuators, bodies, tendons, sensors or sites."""
        return names_of(self.model, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an animal's description adds to its model.

    Attributes:
        network: The description of its nervous system.
        commands: Ends of its commands.
        probes: Ends of those that only experiments give.
        cruise: Ordinary values of the commands.
        shown: Neuron or joint of each trace of its films (the other is empty), and the label that it bears.
    """

    network: Network | None = None
    commands: Mapping[str, tuple[float, float]] | None = None
    probes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cruise: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[tuple[str, str, str], ...] = ()


def read_subject(name: str, simulation: Simulation, known: Known) -> Subject:
    """Read everything from a simulation, which is not changed."""
    model = simulation.model
    nerves = tuple(_nerves(model, brain, known.network) for brain in simulation.brains.values())
    commands: dict[str, tuple[int, float, float]] = {}
    told = dict(known.commands or {}) | dict(known.probes)
    for nerve in nerves:
        for command, place in nerve.brain.commands.items():
            heard = [w.ramp for w in nerve.afferents if w.kind == "Command" and w.source == command and w.ramp]
            ends = [end for ramp in heard for end in ramp] or [0.0, 1.0]
            low, high = told.get(command, (min(ends), max(ends)))
            commands[command] = (place, float(low), float(high))
    joints = joints_of(model)
    families: list[Sequence[str]] = [names_of(model, kind) for kind in _NAMED]
    sides = Sides.of([*families, *(nerve.brain.neuron_names for nerve in nerves)])
    return Subject(
        name=name,
        model=model,
        nerves=nerves,
        start=simulation.snapshot().state,
        commands=commands,
        cruise={c: float(known.cruise.get(c, 0.0 if known.commands else high)) for c, (_, _, high) in commands.items()},
        joints=joints,
        sides=sides,
        joint_words=JointWords.of([joint.name for joint in joints], sides),
        declared=None if known.commands is None else tuple(known.commands),
        probes=tuple(known.probes),
        shown=known.shown,
    )


def names_of(model: mujoco.MjModel, kind: str) -> list[str]:
    """Names of all objects of a kind."""
    obj, count = _NAMED[kind]
    found = (mujoco.mj_id2name(model, getattr(mujoco.mjtObj, obj), i) for i in range(getattr(model, count)))
    return [name for name in found if name]


def _nerves(model: mujoco.MjModel, brain: Brain, network: Network | None) -> Nerves:
    circuit = read_circuit(model, brain)
    afferents, efferents = read_wires(model, brain, circuit)
    currents = np.zeros((len(circuit.names), 2))
    bounds = {wire.element: wire.bounds for wire in afferents}
    for element, neuron, weight in circuit.inputs:
        low, high = bounds.get(int(element), (0.0, 0.0))
        ends = sorted(end * weight if end else 0.0 for end in (low, high))  # 0 stays 0 where a weight is infinite
        currents[int(neuron)] += ends
    low, high = reachable(circuit, currents)
    return Nerves(
        brain=brain, circuit=circuit, afferents=afferents, efferents=efferents, low=low, high=high,
        semantics=description(model, brain)["semantics"], network=network,
    )  # fmt: skip
