"""Adapters resolved against a body and a program: names become places in flat arrays for `adapters.kernel`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import mujoco
import numpy as np

from sns_mujoco.adapters.afferents import (
    Afferent,
    Command,
    ContactForce,
    JointAngle,
    JointVelocity,
    SensorChannel,
    Touch,
)  # fmt: skip
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.adapters.kernel import COMMAND, LINEAR, NORM, SENSOR, SIGMOID
from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.program import Floats, Indices, Program
from sns_mujoco.cosim.clocks import delay_steps
from sns_mujoco.errors import AttachError, unknown_name

_FORCE_DATA = 1 << 1  # bit of mjtConDataField: contact force
_NET_FORCE = 3  # reduction of all contacts to one


@dataclass(slots=True, kw_only=True)
class References:
    """The sensors and actuators that a nervous system is wired to, in order, by name.

    Attributes:
        spec: The body, which gains the sensors that afferents need.
        model: The body compiled, to look things up in.
        prefix: Begins the names of added sensors.
        objects: Object type and name of every reference.
    """

    spec: mujoco.MjSpec
    model: mujoco.MjModel
    prefix: str
    objects: list[tuple[int, str]] = field(default_factory=list)

    def place(self, kind: mujoco.mjtObj, name: str) -> int:
        """Place of a reference in the order, entered if it is new."""
        key = (int(kind), name)
        if key not in self.objects:
            self.objects.append(key)
        return self.objects.index(key)

    def names(self, kind: mujoco.mjtObj, count: int) -> list[str]:
        """All names of one kind of object in the body."""
        return [n for i in range(count) if (n := mujoco.mj_id2name(self.model, kind, i))]

    def find(self, what: str, kind: mujoco.mjtObj, count: int, name: str, label: str) -> int:
        """Id of a named object.

        Raises:
            UnknownNameError: There is none; the closest are suggested.
        """
        found = mujoco.mj_name2id(self.model, kind, name)
        if found < 0:
            raise unknown_name(what, name, self.names(kind, count), f"the body, for {label}")
        return found

    def add_sensor(self, name: str, **settings: object) -> str:
        """Add a sensor unless an afferent before has added it; its name."""
        name = f"{self.prefix}/{name}"
        if all(sensor.name != name for sensor in self.spec.sensors):
            self.spec.add_sensor(name=name, **settings)
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Afferents for `kernel.sense`.

    Attributes:
        program: The program with one input element more for every afferent.
        integers: uint32 [7, A].
        numbers: float64 [5, A].
        commands: Names of the commands heard, in order of first use.
        summary: One line for each afferent.
    """

    program: Program
    integers: Indices
    numbers: Floats
    commands: list[str]
    summary: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Efferents for `kernel.actuate`.

    Attributes:
        integers: uint32 [4, T].
        numbers: float64 [3, T].
        slots: uint32 [2, L]: place of each actuator among the references, and whether its control has limits.
        limits: float64 [3, L].
        summary: One line for each efferent.
    """

    integers: Indices
    numbers: Floats
    slots: Indices
    limits: Floats
    summary: list[str]


def wire_afferents(
    afferents: Sequence[Afferent],
    program: Program,
    references: References,
    commands: dict[str, int],
    network: str,
) -> Inputs:
    """Resolve afferents; new commands are entered into `commands` with their place in userdata."""
    integers = np.zeros((7, len(afferents)), np.uint32)
    numbers = np.zeros((5, len(afferents)))
    elements, edges, heard, summary = [], [], [], []
    for k, afferent in enumerate(afferents):
        if isinstance(afferent, Command):
            free = max([references.model.nuserdata, *(i + 1 for i in commands.values())])
            place = commands.setdefault(afferent.name, free)
            integers[:3, k] = COMMAND, place, 0
            heard += [afferent.name] if afferent.name not in heard else []
        else:
            sensor, channel = _sensor(afferent, references)
            integers[:3, k] = SENSOR, references.place(mujoco.mjtObj.mjOBJ_SENSOR, sensor), channel
        targets = _targets(afferent, program, network)
        integers[4, k] = program.n_inputs + k
        integers[5, k] = delay_steps(afferent.label, afferent.delay, references.model.opt.timestep)
        elements += [program.n_inputs + k] * len(targets)
        edges += targets
        lo, hi = afferent.range
        integers[6, k] = afferent.clip
        numbers[:, k] = lo, 1.0 / (hi - lo), afferent.gain, afferent.offset, afferent.noise
        summary.append(f"{afferent.label} -> {afferent.to}")
    wired = replace(
        program,
        input_names=(*program.input_names, *summary),
        input_element=np.append(program.input_element, elements).astype(np.uint32),
        input_neuron=np.append(program.input_neuron, [edge[0] for edge in edges]).astype(np.uint32),
        input_receptor=np.append(program.input_receptor, [edge[1] for edge in edges]).astype(np.uint32),
        input_weight=np.append(program.input_weight, [edge[2] for edge in edges]),
    )
    return Inputs(program=wired, integers=integers, numbers=numbers, commands=heard, summary=summary)


def _targets(afferent: Afferent, program: Program, network: str) -> list[tuple[int, int, float]]:
    """Neuron, receptor and weight of every edge of an afferent: those of an input, or to a population or a neuron."""
    to = afferent.to
    elements = [i for i, name in enumerate(program.input_names) if _belongs(name, to)]
    if elements:
        own = np.flatnonzero(np.isin(program.input_element, elements))
        edges = (program.input_neuron[own], program.input_receptor[own], program.input_weight[own])
        return list(zip(*(edge.tolist() for edge in edges), strict=True))
    neurons = [i for i, name in enumerate(program.neuron_names) if _belongs(name, to)]
    if not neurons:
        known = dict.fromkeys(name.split("[")[0] for name in (*program.input_names, *program.neuron_names))
        raise unknown_name("input or neuron", to, known, f"network {network!r}, for {afferent.label}")
    return [(neuron, NONE, 1.0) for neuron in neurons]


def _belongs(element: str, name: str) -> bool:
    return element == name or element.startswith(f"{name}[")


def _sensor(afferent: Afferent, references: References) -> tuple[str, int]:
    """Name and channel of the sensor behind an afferent, added to the body where it is missing."""
    model, label = references.model, afferent.label
    objects, sensors = mujoco.mjtObj, mujoco.mjtSensor
    if isinstance(afferent, JointAngle | JointVelocity):
        joint = references.find("joint", objects.mjOBJ_JOINT, model.njnt, afferent.joint, label)
        if mujoco.mjtJoint(model.jnt_type[joint]) not in (
            mujoco.mjtJoint.mjJNT_HINGE,
            mujoco.mjtJoint.mjJNT_SLIDE,
        ):
            raise AttachError(f"{label}: it is a ball or free joint; read it through a sensor with SensorChannel")
        angle = isinstance(afferent, JointAngle)
        kind = sensors.mjSENS_JOINTPOS if angle else sensors.mjSENS_JOINTVEL
        name = f"{afferent.joint}/{'angle' if angle else 'velocity'}"
        return references.add_sensor(name, type=kind, objtype=objects.mjOBJ_JOINT, objname=afferent.joint), 0
    if isinstance(afferent, Touch):
        references.find("site", objects.mjOBJ_SITE, model.nsite, afferent.site, label)
        name = f"{afferent.site}/touch"
        settings = {"type": sensors.mjSENS_TOUCH, "objtype": objects.mjOBJ_SITE, "objname": afferent.site}
        return references.add_sensor(name, **settings), 0
    if isinstance(afferent, ContactForce):
        geoms = references.names(objects.mjOBJ_GEOM, model.ngeom)
        bodies = references.names(objects.mjOBJ_BODY, model.nbody)
        if afferent.of not in geoms and afferent.of not in bodies:
            raise unknown_name("geom or body", afferent.of, [*geoms, *bodies], f"the body, for {label}")
        kind = objects.mjOBJ_GEOM if afferent.of in geoms else objects.mjOBJ_BODY
        settings = {"type": sensors.mjSENS_CONTACT, "objtype": kind, "objname": afferent.of}
        intprm = [_FORCE_DATA, _NET_FORCE, 1]
        return references.add_sensor(f"{afferent.of}/contact", **settings, intprm=intprm), NORM
    if isinstance(afferent, SensorChannel):
        sensor = references.find("sensor", objects.mjOBJ_SENSOR, model.nsensor, afferent.sensor, label)
        if afferent.channel == "norm":
            return afferent.sensor, NORM
        width = int(model.sensor_dim[sensor])
        if int(afferent.channel) >= width:
            raise AttachError(f"{label}: channel is {afferent.channel}, but the sensor has {width} (0 to {width - 1})")
        return afferent.sensor, int(afferent.channel)
    raise AttachError(f"{label}: afferents of this class cannot be attached; use those of sns_mujoco.adapters")


def wire_efferents(
    efferents: Sequence[Efferent],
    program: Program,
    references: References,
    taken: dict[str, str],
    network: str,
) -> Outputs:
    """Resolve efferents; `taken` names the actuators that other nervous systems drive, with theirs."""
    model, actuator = references.model, mujoco.mjtObj.mjOBJ_ACTUATOR
    spiking = set(program.spiking_neuron.tolist())
    drivers: dict[str, list[Efferent]] = {}
    slots: list[list[int]] = []
    limits: list[list[float]] = []
    integers, numbers, summary = [], [], []
    for efferent in efferents:
        found = references.find("actuator", actuator, model.nu, efferent.drives, efferent.label)
        if efferent.drives in taken:
            raise AttachError(
                f"{efferent.label}: the nervous system {taken[efferent.drives]!r} drives actuator "
                f"{efferent.drives!r} already; one nervous system must own an actuator"
            )
        before = drivers.setdefault(efferent.drives, [])
        if before and not all(e.combine == "sum" for e in (*before, efferent)):
            raise AttachError(
                f"actuator {efferent.drives!r} is driven by {before[0].label} and by {efferent.label}; "
                "give both combine='sum', or use one AntagonistPair"
            )
        if not before:
            bounded = bool(model.actuator_ctrllimited[found])
            slots.append([references.place(actuator, efferent.drives), int(bounded)])
            limits.append([0.0, *model.actuator_ctrlrange[found].tolist()])
        before.append(efferent)
        slot = list(drivers).index(efferent.drives)
        limits[slot][0] += efferent.base
        delay = delay_steps(efferent.label, efferent.delay, model.opt.timestep)
        for neuron, gain in efferent.terms:
            if neuron not in program.neuron_names:
                raise unknown_name("neuron", neuron, program.neuron_names, f"network {network!r}, for {efferent.label}")
            index = program.neuron_names.index(neuron)
            if index in spiking:
                raise AttachError(
                    f"{efferent.label}: {neuron!r} spikes, so its potential says little; let it drive a non-spiking "
                    "neuron through a SpikingSynapse, and let that one drive the actuator"
                )
            integers.append([index, slot, SIGMOID if efferent.sigmoid else LINEAR, delay])
            lo, hi = efferent.range
            numbers.append([*(efferent.sigmoid or (lo, 1.0 / (hi - lo))), gain])
        summary.append(f"{efferent.label} -> {efferent.drives}")
    return Outputs(
        integers=np.array(integers, np.uint32).reshape(-1, 4).T.copy(),
        numbers=np.array(numbers, float).reshape(-1, 3).T.copy(),
        slots=np.array(slots, np.uint32).reshape(-1, 2).T.copy(),
        limits=np.array(limits, float).reshape(-1, 3).T.copy(),
        summary=summary,
    )
