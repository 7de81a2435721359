"""What stands there and does nothing: neurons, inputs, outputs, sensors, actuators, commands."""

from collections.abc import Iterator

import mujoco
import numpy as np

from sns_mujoco.diagnosis.evidence import Effect, Evidence, Motor
from sns_mujoco.diagnosis.findings import Finding, enumerate_names
from sns_mujoco.diagnosis.subject import Nerves, Subject

STILL = 1e-3  # share of its span that a control must change by to count as moved


def unused(subject: Subject) -> Iterator[Finding]:
    """Find neurons, inputs, outputs, sensors and commands that nothing uses."""
    for nerves in subject.nerves:
        yield from _neurons(nerves)
        yield from _ports(nerves)
    yield from _commands(subject)
    read = {sensor for nerves in subject.nerves for wire in nerves.afferents for sensor, _ in wire.sensors}
    own = {nerves.brain.name for nerves in subject.nerves}
    idle = [s for s in subject.names("sensor") if s not in read | own and s.split("/")[0] not in own]
    if idle:
        yield Finding(
            check="unused-sensor", severity="note", place=enumerate_names(idle),
            message="No afferent reads this sensor of the body." if len(idle) == 1
            else f"No afferent reads these {len(idle)} sensors of the body.",
        )  # fmt: skip


def isolated(nerves: Nerves) -> list[int]:
    """Neurons that nothing reaches and that reach nothing."""
    edges, n = nerves.circuit.edges, len(nerves.circuit.names)
    touched = np.zeros(n, bool)
    touched[edges.source] = touched[edges.target] = True
    touched[[neuron for wire in nerves.afferents for neuron in wire.neurons]] = True
    touched[driving(nerves)] = True
    touched[nerves.circuit.read] = True
    touched[_driving_afferents(nerves)] = True
    return np.flatnonzero(~touched).tolist()


def driving(nerves: Nerves) -> list[int]:
    """Neurons that efferents listen to."""
    return [neuron for wire in nerves.efferents for term in wire.terms for neuron in term.neurons]


def idle_actuators(subject: Subject, evidence: Evidence) -> set[str]:
    """Actuators whose control nothing changes, and the tendons that they pull on, by name."""
    model = subject.model
    moved = {m.drives for m, e in zip(evidence.motors, evidence.effects, strict=True) if not _is_still(subject, m, e)}
    idle = set()
    for actuator in range(model.nactuator):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_ACTUATOR, actuator)
        if name in moved:
            continue
        idle.add(name)
        if model.actuator_trntype[actuator] == mujoco.mjtTrn.mjTRN_TENDON:
            idle.add(mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_TENDON, int(model.actuator_trnid[actuator, 0])))
    return idle


def _is_still(subject: Subject, motor: Motor, effect: Effect) -> bool:
    """Whether a motor neuron cannot change the control of its actuator."""
    gains = [
        abs(term.gain)
        for nerves in subject.nerves
        for wire in nerves.efferents
        if wire.drives == motor.drives
        for term in wire.terms
    ]
    return abs(effect.control) <= STILL * max(gains)


def _driving_afferents(nerves: Nerves) -> list[int]:
    """Neurons that spindles and other afferents are driven by."""
    names = {name for wire in nerves.afferents for name in wire.driven_by}
    return [i for i, name in enumerate(nerves.circuit.names) if name in names]


def unfed(nerves: Nerves) -> dict[str, list[int]]:
    """Inputs of the network that no afferent feeds, with the neurons that they would reach."""
    network = nerves.network
    if network is None:
        return {}
    fed = {wire.to for wire in nerves.afferents}
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    return {
        source.name: list(range(starts[source.population], starts[source.population + 1]))
        for source in network.inputs
        if source.name not in fed
    }


def unreachable(subject: Subject, evidence: Evidence) -> Iterator[Finding]:
    """Find actuators that no motor neuron drives, or that none can move."""
    model = subject.model
    driven = {wire.drives for nerves in subject.nerves for wire in nerves.efferents}
    body = _animal(subject, evidence)
    for actuator in range(model.nactuator):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_ACTUATOR, actuator) or f"actuator {actuator}"
        if name in driven:
            continue
        mine = not body or bool(_roots(subject, actuator) & body)
        yield Finding(
            check="unreachable-actuator", severity="warning" if mine else "note", place=name,
            message="No efferent drives this actuator: its control stays at 0"
            + ("." if mine else ", unless something outside sets it. It is no part of the animal's own limbs."),
            remedy="Let a motor neuron drive it, or take it out of the body." if mine else "",
        )  # fmt: skip
    for motor, effect in zip(evidence.motors, evidence.effects, strict=True):
        low, high = min(motor.off[0], motor.on[0]), max(motor.off[0], motor.on[0])
        if _is_still(subject, motor, effect):
            yield Finding(
                check="unreachable-actuator", severity="warning", place=motor.place,
                message=f"{motor.name!r} can be anywhere from {low:.4g} to {high:.4g} mV, and nowhere in there does it "
                f"change the control of {motor.drives!r}.",
                remedy="Look at the range of the efferent, and at what excites the motor neuron.",
            )  # fmt: skip
        elif not effect.torques:
            yield Finding(
                check="unreachable-actuator", severity="warning", place=motor.place,
                message=f"Exciting {motor.name!r} changes the control of {motor.drives!r} by {effect.control:.3g}, but "
                "no joint feels a force.",
                remedy="Look at the actuator's gear, gain and force range, or at the tendon that it pulls on.",
            )  # fmt: skip


def _neurons(nerves: Nerves) -> Iterator[Finding]:
    circuit = nerves.circuit
    alone = isolated(nerves)
    for neuron in alone:
        yield Finding(
            check="unused-neuron", severity="warning", place=circuit.names[neuron],
            message="Nothing reaches this neuron, and it reaches nothing: no synapse, no afferent, no efferent.",
            remedy="Connect it, or take it out.",
        )  # fmt: skip
    speaks = np.zeros(len(circuit.names), bool)
    speaks[circuit.edges.source] = True
    speaks[driving(nerves)] = speaks[circuit.read] = speaks[alone] = speaks[_driving_afferents(nerves)] = True
    mute = [circuit.names[i] for i in np.flatnonzero(~speaks)]
    if mute:
        yield Finding(
            check="unused-neuron", severity="note", place=enumerate_names(mute),
            message="Nothing listens to " + ("this neuron." if len(mute) == 1 else f"these {len(mute)} neurons.")
        )  # fmt: skip


def _ports(nerves: Nerves) -> Iterator[Finding]:
    for name, neurons in unfed(nerves).items():
        reached = enumerate_names([nerves.circuit.names[i] for i in neurons], 3)
        yield Finding(
            check="unfed-input", severity="warning", place=name,
            message=f"No afferent feeds this input (to {reached}), so it stays at 0.",
            remedy="Give an afferent or a Command with to=" + repr(name) + ", or take the input out.",
        )  # fmt: skip
    if nerves.circuit.n_outputs and nerves.network is not None:
        names = [output.name for output in nerves.network.outputs]
        yield Finding(
            check="unread-output", severity="note", place=enumerate_names(names),
            message="Outputs of a network are not read in the closed loop: efferents listen to neurons by name.",
        )  # fmt: skip


def _commands(subject: Subject) -> Iterator[Finding]:
    if subject.declared is None:
        return
    for name in (*subject.declared, *subject.probes):
        if name not in subject.commands:
            what = "probes" if name in subject.probes else "commands"
            yield Finding(
                check="unused-command", severity="warning", place=name,
                message="The animal is said to hear this command, but no afferent does.",
                remedy=f"Add Command(name={name!r}, ...) to its adapters, or take it from its {what}.",
            )  # fmt: skip
    untold = [name for name in subject.commands if name not in subject.declared + subject.probes]
    if untold:
        yield Finding(
            check="unused-command", severity="note", place=enumerate_names(untold),
            message="Heard, but not among the commands that the animal is said to hear; in these tests they stay at 0.",
        )  # fmt: skip


def _animal(subject: Subject, evidence: Evidence) -> set[int]:
    """Roots of the trees of bodies that the nervous systems move."""
    return {int(subject.model.body_rootid[joint.body]) for joint in evidence.driven}


def _roots(subject: Subject, actuator: int) -> set[int]:
    """Roots of the trees of bodies that an actuator acts on."""
    model = subject.model
    kind, target = mujoco.mjtTrn(model.actuator_trntype[actuator]), int(model.actuator_trnid[actuator, 0])
    if kind in (mujoco.mjtTrn.mjTRN_JOINT, mujoco.mjtTrn.mjTRN_JOINTINPARENT):
        bodies = [model.jnt_bodyid[target]]
    elif kind == mujoco.mjtTrn.mjTRN_TENDON:
        wraps = range(model.tendon_adr[target], model.tendon_adr[target] + model.tendon_num[target])
        bodies = [b for w in wraps for b in _wrapped(model, w)]
    elif kind == mujoco.mjtTrn.mjTRN_BODY:
        bodies = [target]
    else:
        bodies = [model.site_bodyid[target]]
    return {int(model.body_rootid[b]) for b in bodies}


def _wrapped(model: mujoco.MjModel, wrap: int) -> list[int]:
    kind, obj = mujoco.mjtWrap(model.wrap_type[wrap]), int(model.wrap_objid[wrap])
    if kind == mujoco.mjtWrap.mjWRAP_JOINT:
        return [int(model.jnt_bodyid[obj])]
    if kind == mujoco.mjtWrap.mjWRAP_SITE:
        return [int(model.site_bodyid[obj])]
    if kind in (mujoco.mjtWrap.mjWRAP_SPHERE, mujoco.mjtWrap.mjWRAP_CYLINDER):
        return [int(model.geom_bodyid[obj])]
    return []
