"""What a recording may hold: the variables, each with the numbers of `mjData` that it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording import channels
from sns_mujoco.analysis.recording.feet import FootPlace
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.rig.rig import Channel
from sns_mujoco.muscles import find_muscles

if TYPE_CHECKING:
    from sns_mujoco.cosim.details import AfferentDetails

SIGNALS, CURRENTS, GROUND = "signals", "currents", "ground"
INNER = {"axis": "xyz", "component": "wxyz"}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One variable of a recording.

    Attributes:
        name: Its name.
        dimension: What its channels are named along.
        labels: Their names [n].
        inner: Name of a further dimension, as the axes of a position; "" for none.
        field: Which array of `mjData` it is read from; SIGNALS and CURRENTS are those of afferents, one nervous system
            after the other, and GROUND holds forces and counts of contacts, [feet, 4].
        places: Index in the flattened array of every number [n, or n times the inner dimension].
        unit: Unit.
        meaning: Long name.
        finish: What is done to the numbers in the end.
        reads: How many numbers are read for each channel, where not one or one for each place of the inner dimension.
        numbers: What else the values follow from, a row for each channel [n, c].
        finish_with: What makes the values of the numbers that are read and of these.
        summed: Whether they are added up over the physics steps since the sample before.
        has: Where it is something that only some of the named have: which; `places` are theirs.
    """

    name: str
    dimension: str
    labels: tuple[str, ...]
    inner: str = ""
    field: str
    places: NDArray[np.int64]
    unit: str
    meaning: str
    finish: Callable[[Floats], Floats] | None = None
    reads: int = 1
    numbers: Floats | None = None
    finish_with: Callable[[Floats, Floats], Floats] | None = None
    summed: bool = False
    has: NDArray[np.bool_] | None = None

    @property
    def depth(self) -> int:
        """Numbers of each channel."""
        return len(INNER[self.inner]) if self.inner else 1

    def chosen(self, labels: Sequence[str]) -> "Group":
        """The same of some of its channels, in their order."""
        at = {label: i for i, label in enumerate(self.labels)}
        rows = np.array([at[label] for label in labels if label in at], int)
        kept = tuple(self.labels[i] for i in rows)
        if self.has is None:
            places = self.places.reshape(len(self.labels), self.depth * self.reads)[rows].reshape(-1)
            return replace(
                self, labels=kept, places=places, numbers=None if self.numbers is None else self.numbers[rows]
            )  # fmt: skip
        every = np.full(len(self.labels), -1)
        every[self.has] = self.places
        found = every[rows]
        return replace(self, labels=kept, places=found[found >= 0], has=self.has[rows])

    def values(self, columns: Floats) -> Floats:
        """Its values [..., n] or [..., n, inner], of the numbers at its places [..., k]."""
        values = columns if self.finish is None else self.finish(columns)
        if self.finish_with is not None and self.numbers is not None:
            values = self.finish_with(columns, self.numbers)
        if self.has is not None:
            every = np.full((*values.shape[:-1], len(self.has)), np.nan)
            every[..., self.has] = values
            values = every
        return values.reshape(*values.shape[:-1], len(self.labels), self.depth) if self.inner else values


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that can be recorded of a model.

    Attributes:
        groups: The variables by name.
        sensor_units: Unit of every channel of the sensors.
        stimulus_units: Unit of everything that a protocol does.
        afferents: What is known of every afferent.
    """

    groups: dict[str, Group]
    sensor_units: dict[str, str]
    stimulus_units: dict[str, str]
    afferents: "dict[str, AfferentDetails]"


def catalogue(
    model: mujoco.MjModel, brains: dict[str, Brain], commands: dict[str, int], feet: Sequence[FootPlace],
    stimuli: Sequence[Channel] = (),
) -> Catalogue:  # fmt: skip
    """What can be recorded of a model.

    Args:
        model: The model.
        brains: Its nervous systems.
        commands: Index in userdata of each descending command.
        feet: The animal's feet.
        stimuli: What its protocol does natively.
    """
    prefix = {name: f"{name}/" if len(brains) > 1 else "" for name in brains}
    potentials = {
        prefix[name] + neuron: brain.state.start + i
        for name, brain in brains.items()
        for i, neuron in enumerate(brain.neuron_names)
    }
    spikes = {
        prefix[name] + brain.neuron_names[i]: brain.readout.start + len(brain.neuron_names) + k
        for name, brain in brains.items()
        for k, i in enumerate(brain.spiking)
    }
    sensors = channels.sensors(model, {brain.readout.start for brain in brains.values()})
    afferents = channels.afferents(brains, prefix)
    done = channels.distinct((stimulus.name, stimulus) for stimulus in stimuli)
    felt = {name: i for i, name in enumerate(afferents)}
    everything = [
        _group("potential", "neuron", potentials, "plugin_state", "mV", "membrane potential"),
        _group("spikes", "spiking_neuron", spikes, "sensordata", "1", "spikes since the sample before", summed=True),
        *_of_joints(model),
        *_of_actuators(model),
        _group("command", "command_name", commands, "userdata", "1", "descending command"),
        _group(
            "sensor", "channel", {name: at for name, (at, _) in sensors.items()}, "sensordata", "see sensor_unit",
            "sensor reading, of the step before",
        ),
        *_of_bodies(model),
        *_of_muscles(model),
        _group("afferent_signal", "afferent", felt, SIGNALS, "unit of the signal", "signal with its noise"),
        _group("afferent_current", "afferent", felt, CURRENTS, "nA", "current into its target"),
        *_of_feet(feet),
        *_of_protocols(brains, potentials, {name: stimulus.place for name, stimulus in done.items()}),
    ]  # fmt: skip
    return Catalogue(
        groups={group.name: group for group in everything},
        sensor_units={name: unit for name, (_, unit) in sensors.items()},
        stimulus_units={name: stimulus.unit for name, stimulus in done.items()},
        afferents=afferents,
    )


def _group(
    name: str, dimension: str, places: dict[str, Any], field: str, unit: str, meaning: str, **more: Any
) -> Group:  # fmt: skip
    at = np.array(list(places.values()), np.int64).reshape(-1)
    return Group(
        name=name, dimension=dimension, labels=tuple(places), field=field, places=at, unit=unit, meaning=meaning, **more
    )


def _of_joints(model: mujoco.MjModel) -> list[Group]:
    joints = channels.joints(model)
    angles = {name: model.jnt_qposadr[i] for name, i in joints.items()}
    dofs = {name: model.jnt_dofadr[i] for name, i in joints.items()}
    return [
        _group("joint_position", "joint", angles, "qpos", "rad or m", "joint position"),
        _group("joint_velocity", "joint", dofs, "qvel", "rad/s or m/s", "joint velocity"),
        _group(
            "joint_torque", "joint", dofs, "qfrc_actuator", "N m or N",
            "torque or force of all actuators and muscles along the joint",
        ),
    ]  # fmt: skip


def _of_actuators(model: mujoco.MjModel) -> list[Group]:
    controls = channels.actuators(model, model.actuator_ctrladr, model.actuator_ctrlnum)
    outputs = channels.actuators(model, model.actuator_outadr, model.actuator_outnum)
    same = list(controls) == list(outputs)
    return [
        _group("control", "actuator", controls, "ctrl", "unit of the actuator", "actuator control"),
        _group(
            "actuator_force", "actuator" if same else "actuator_output", outputs, "actuator_force", "N or N m",
            "force or torque of the actuator",
        ),
    ]  # fmt: skip


def _of_bodies(model: mujoco.MjModel) -> list[Group]:
    bodies = {model.body(i).name: i for i in range(1, model.nbody) if model.body(i).name}
    at = {name: 3 * i + np.arange(3) for name, i in bodies.items()}
    turned = {name: 4 * i + np.arange(4) for name, i in bodies.items()}
    return [
        _group("body_position", "body", at, "xpos", "m", "position of the body frame", inner="axis"),
        _group("body_orientation", "body", turned, "xquat", "1", "orientation quaternion", inner="component"),
    ]


def _of_muscles(model: mujoco.MjModel) -> list[Group]:
    muscles = find_muscles(model)
    outputs = {name: muscle.output for name, muscle in muscles.items()}
    controls = {name: muscle.control for name, muscle in muscles.items()}
    groups = [
        _group("muscle_length", "muscle", outputs, "actuator_length", "m", "length of the muscle with its tendon"),
        _group("muscle_velocity", "muscle", outputs, "actuator_velocity", "m/s", "velocity, positive as it lengthens"),
        _group(
            "muscle_force", "muscle", outputs, "actuator_force", "N", "force, positive as it pulls", finish=_pull
        ),
        _group("muscle_excitation", "muscle", controls, "ctrl", "1", "excitation", finish=_share),
    ]  # fmt: skip
    for name, field, unit, meaning in (
        ("tension", "plugin_state", "N", "tension, a state of linear Hill muscles"),
        ("activation", "act", "1", "activation, a state"),
    ):
        places = [getattr(muscle, name) for muscle in muscles.values()]
        has = np.array([place is not None for place in places], bool)
        group = _group(f"muscle_{name}", "muscle", outputs, field, unit, meaning, has=has)
        groups.append(replace(group, places=np.array([place for place in places if place is not None], np.int64)))
    return groups


def _of_feet(feet: Sequence[FootPlace]) -> list[Group]:
    if not feet:
        return []
    loads = {foot.name: foot.load for foot in feet}
    felt = _group("foot_load", "foot", loads, "sensordata", "N", "load on the foot, as its sensor feels it")
    if any(foot.site < 0 for foot in feet):
        return [felt]
    sites = {foot.name: 3 * foot.site + np.arange(3) for foot in feet}
    pushes = {foot.name: 4 * i + np.arange(3) for i, foot in enumerate(feet)}
    touches = {foot.name: 4 * i + 3 for i, foot in enumerate(feet)}
    return [
        felt,
        _group("foot_contact", "foot", touches, GROUND, "1", "contacts of the foot with what is no part of its body"),
        _group("foot_position", "foot", sites, "site_xpos", "m", "position of the foot's sensor", inner="axis"),
        _group(
            "ground_force", "foot", pushes, GROUND, "N", "force of the ground on the foot, along the world's axes",
            inner="axis",
        ),
    ]  # fmt: skip


def _of_protocols(brains: dict[str, Brain], neurons: dict[str, int], stimuli: dict[str, int]) -> list[Group]:
    groups = []
    if stimuli:
        groups.append(
            _group("stimulus", "stimulus_name", stimuli, "plugin_state", "see stimulus_unit", "what the protocol did")
        )
    electrodes = [range(*brain.electrodes.indices(brain.electrodes.stop)) for brain in brains.values()]
    if any(electrodes):
        has = [bool(own) for own, brain in zip(electrodes, brains.values(), strict=True) for _ in brain.neuron_names]
        group = _group(
            "injected_current", "neuron", neurons, "userdata", "nA", "current through the electrode in the neuron",
            has=np.array(has, bool),
        )  # fmt: skip
        groups.append(replace(group, places=np.concatenate([np.array(own, np.int64) for own in electrodes])))
    return groups


def _pull(force: Floats) -> Floats:
    return 0.0 - force  # and not -0 of what is slack


def _share(control: Floats) -> Floats:
    return control.clip(0.0, 1.0)
