"""Whether motor neurons and afferents do what their names promise: which side, which joint, which way.

A motor neuron is excited, an afferent's joints are moved; what follows is held against the words in the names.
"""

from collections.abc import Iterator

import mujoco
import numpy as np

from sns_mujoco.diagnosis.anatomy import Anatomy, Joint
from sns_mujoco.diagnosis.evidence import SHARE, Effect, Evidence, Motor
from sns_mujoco.diagnosis.findings import Finding, enumerate_names
from sns_mujoco.diagnosis.naming import OPPOSITE, action_of, role_of
from sns_mujoco.diagnosis.subject import Subject
from sns_mujoco.diagnosis.wires import AfferentWire

MOVES = 1e-3  # share of its range that a joint must turn to have moved
ANSWERS = 1e-6  # nA by which an afferent must answer


def motors(subject: Subject, evidence: Evidence, anatomy: Anatomy) -> Iterator[Finding]:
    """Hold what each motor neuron does against its name: "sides", "joints" and "direction"."""
    verdicts: dict[int, int] = {}
    for k, (motor, effect) in enumerate(zip(evidence.motors, evidence.effects, strict=True)):
        if not effect.torques:
            continue
        yield from _side(subject, motor, effect)
        yield from _joint(subject, motor, effect)
        joint = next(iter(_meant(subject, motor, effect)))
        action = action_of(motor.name) or action_of(motor.drives)
        way = _way(effect, joint)
        if action is None or way == 0:
            continue
        verdicts[k] = 0 if not (sign := anatomy.sign(joint, action)) else sign * way
        if verdicts[k] < 0:
            yield _against(motor, joint, action, effect)
        promised, named = action_of(motor.name), action_of(motor.drives)
        if not verdicts[k] and promised and named == OPPOSITE[promised]:
            verdicts[k] = -1
            yield Finding(
                check="direction", severity="error", place=motor.place,
                message=f"A motor neuron called after {promised} drives an actuator called after {named}.",
                remedy="Let it drive the antagonist.",
            )  # fmt: skip
    yield from _antagonists(subject, evidence, verdicts)
    yield from _homologues(subject, evidence, anatomy, verdicts)


def afferents(subject: Subject, evidence: Evidence) -> Iterator[Finding]:
    """Hold the joints that each afferent answers to against the name of what it feeds.

    "sides" and "joints" by what it answers to, "direction" by the names of muscles alone.
    """
    wires = [wire for nerves in subject.nerves for wire in nerves.afferents]
    for k, wire in enumerate(wires):
        if wire.kind == "Command":
            continue
        answers = _answering(evidence, k)
        if answers:
            yield from _named_after(subject, wire, [joint.name for joint in answers], "answers to the movement of")
        else:
            yield from _named_after(subject, wire, [wire.source], "reads")
        promised, read = action_of(wire.to), action_of(wire.source)
        if role_of(wire.to) in ("Ia", "Ib", "II") and promised and read == OPPOSITE[promised]:
            yield Finding(
                check="direction", severity="error", place=wire.place,
                message=f"It feeds {wire.to!r}, of {promised} by name, but reads what is called after {read}.",
                remedy="Let it read the antagonist, or feed the other one.",
            )  # fmt: skip


def labels(subject: Subject) -> Iterator[Finding]:
    """Find sensors and films' labels that name another side or joint than what they show."""
    model = subject.model
    kinds = (mujoco.mjtObj.mjOBJ_JOINT, mujoco.mjtObj.mjOBJ_ACTUATOR, mujoco.mjtObj.mjOBJ_TENDON)
    for sensor in range(model.nsensor):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_SENSOR, sensor)
        kind, of = int(model.sensor_objtype[sensor]), int(model.sensor_objid[sensor])
        if kind not in map(int, kinds):
            continue
        shown = mujoco.mj_id2name(model, mujoco.mjtObj(kind), of)
        if name and shown:
            yield from _said(subject, name, shown, f"sensor {name!r}")
    neurons = {name for nerves in subject.nerves for name in nerves.brain.neuron_names}
    joints = set(subject.names("joint"))
    for neuron, joint, label in subject.shown:
        name, known, kind = (neuron, neurons, "neuron") if neuron else (joint, joints, "joint")
        if name in known:
            yield from _said(subject, label, name, f"readout {label!r}")
        else:
            yield Finding(
                check="unknown-name", severity="error", place=f"readout {label!r}",
                message=f"It shows a {kind} {name!r}, and there is none of that name.",
                remedy="Name one that is there.",
            )  # fmt: skip


def body(anatomy: Anatomy) -> Iterator[Finding]:
    """Find joints whose side by name is not their side by place."""
    for left, right in anatomy.misplaced():
        yield Finding(
            check="sides", severity="error", place=f"{left} and {right}",
            message="By their place in the body the left-named joint lies to the right of its twin, unlike the others.",
            remedy="Exchange their names, or look at the position of their bodies.",
        )  # fmt: skip


def _said(subject: Subject, name: str, shown: str, place: str) -> Iterator[Finding]:
    sides = [subject.sides.of_name(n) for n in (name, shown)]
    joints = [subject.joint_words.of_name(n) for n in (name, shown)]
    unlike = {
        "sides": None not in sides and sides[0] != sides[1],
        "joints": bool(joints[0]) and bool(joints[1]) and not joints[0] & joints[1],
    }
    for check, other in unlike.items():
        if other:
            yield Finding(
                check=check, severity="error", place=place, message=f"It shows {shown!r}, of another {check[:-1]}.",
                remedy="Rename it, or let it show what it says.",
            )  # fmt: skip


def _side(subject: Subject, motor: Motor, effect: Effect) -> Iterator[Finding]:
    promised = subject.sides.of_name(motor.name)
    moved = {subject.sides.of_name(joint.name) or subject.sides.of_name(motor.drives) for joint in effect.torques}
    if promised and moved - {None} and promised not in moved:
        joint = next(iter(effect.torques))
        yield Finding(
            check="sides", severity="error", place=motor.place,
            message=f"Exciting {motor.name!r}, {promised} by name, moves {joint.name!r} and nothing on its own side.",
            remedy=f"Let it drive the actuator of the {promised} side.",
        )  # fmt: skip


def _joint(subject: Subject, motor: Motor, effect: Effect) -> Iterator[Finding]:
    promised = subject.joint_words.of_name(motor.name)
    moved = [joint.name for joint in effect.torques]
    if promised and not any(subject.joint_words.of_name(name) & promised for name in moved):
        yield Finding(
            check="joints", severity="error", place=motor.place,
            message=f"Exciting {motor.name!r} acts on {enumerate_names(moved)}, "
            f"not on the {'/'.join(sorted(promised))}.",
            remedy="Let it drive the actuator of the joint that its name tells.",
        )  # fmt: skip


def _meant(subject: Subject, motor: Motor, effect: Effect) -> list[Joint]:
    """The joints that were let go: first those that the motor neuron's name means."""
    promised = subject.joint_words.of_name(motor.name)
    return sorted(effect.turned, key=lambda joint: not subject.joint_words.of_name(joint.name) & promised)


def _way(effect: Effect, joint: Joint) -> int:
    """Which way a joint was moved; where it could not move, which way it was pushed."""
    turned = effect.turned[joint]
    if abs(turned) > MOVES * (joint.range[1] - joint.range[0]):
        return int(np.sign(turned))
    return int(np.sign(effect.torques.get(joint, 0.0)))


def _against(motor: Motor, joint: Joint, action: str, effect: Effect) -> Finding:
    return Finding(
        check="direction", severity="error", place=motor.place,
        message=f"Exciting {motor.name!r} turns {joint.name!r} by {effect.turned[joint]:+.3g}, which is "
        f"{OPPOSITE[action]}; its name promises {action}.",
        remedy="Let it drive the antagonist, or change the sign of its gain.",
    )  # fmt: skip


def _antagonists(subject: Subject, evidence: Evidence, verdicts: dict[int, int]) -> Iterator[Finding]:
    """Antagonists by name that move their joint the same way, where geometry could not tell which one is wrong."""
    ways: dict[tuple[Joint, str], tuple[int, int]] = {}
    for k, (motor, effect) in enumerate(zip(evidence.motors, evidence.effects, strict=True)):
        if verdicts.get(k) != 0:
            continue
        joint = next(iter(_meant(subject, motor, effect)))
        action = action_of(motor.name) or action_of(motor.drives) or ""
        way = _way(effect, joint)
        other = ways.get((joint, OPPOSITE[action]))
        if other is not None and other[1] == way:
            rival = evidence.motors[other[0]]
            yield Finding(
                check="direction", severity="error", place=f"{motor.place} and {rival.place}",
                message=f"Antagonists by name, but exciting either turns {joint.name!r} the same way.",
                remedy="Let one of them drive the antagonist.",
            )  # fmt: skip
        ways.setdefault((joint, action), (k, way))


def _homologues(subject: Subject, evidence: Evidence, anatomy: Anatomy, verdicts: dict[int, int]) -> Iterator[Finding]:
    """Twins on both sides that move their limbs in opposite ways, where geometry could not tell which one is wrong."""
    sides = subject.sides
    unsettled = {sides.parts(evidence.motors[k].name): k for k, verdict in verdicts.items() if verdict == 0}
    for name, k in unsettled.items():
        twin = unsettled.get(sides.mirrored(evidence.motors[k].name))
        if twin is None or sides.of_name(evidence.motors[k].name) != "left" or len(name) == 0:
            continue
        ways = []
        for place in (k, twin):
            joint = next(iter(_meant(subject, evidence.motors[place], evidence.effects[place])))
            ways.append(anatomy.travel(joint) * _way(evidence.effects[place], joint))
        mirrored = anatomy.mirrored(ways[0])
        if mirrored is None:
            continue
        along = float(mirrored @ ways[1]) / (float(np.linalg.norm(mirrored) * np.linalg.norm(ways[1])) or 1.0)
        if along < -0.5:
            yield Finding(
                check="direction", severity="error",
                place=f"{evidence.motors[k].place} and {evidence.motors[twin].place}",
                message="Twins on both sides, but exciting them moves their limbs in opposite ways.",
                remedy="Let one of them drive the antagonist.",
            )  # fmt: skip


def _answering(evidence: Evidence, afferent: int) -> list[Joint]:
    """Joints that an afferent answers to when they are moved, or else when muscles pull on them."""
    response = evidence.responses[:, afferent] if len(evidence.responses) else np.empty(0)
    if response.size and response.max() > ANSWERS:
        return [joint for joint, own in zip(evidence.swept, response, strict=True) if own >= SHARE * response.max()]
    pulled = [(effect.currents[afferent], effect) for effect in evidence.effects]
    strongest = max((answer for answer, _ in pulled), default=0.0)
    if strongest <= ANSWERS:
        return []
    joints = [joint for answer, effect in pulled if answer >= SHARE * strongest for joint in effect.torques]
    return list(dict.fromkeys(joints))


def _named_after(subject: Subject, wire: AfferentWire, sources: list[str], verb: str) -> Iterator[Finding]:
    promised, found = subject.sides.of_name(wire.to), {subject.sides.of_name(name) for name in sources}
    if promised and found - {None} and promised not in found:
        yield Finding(
            check="sides", severity="error", place=wire.place,
            message=f"It feeds {wire.to!r}, {promised} by name, but {verb} {enumerate_names(sources)}.",
            remedy=f"Let it read the {promised} side, or feed the other one.",
        )  # fmt: skip
    meant = subject.joint_words.of_name(wire.to)
    words = [subject.joint_words.of_name(name) for name in sources]
    if meant and any(words) and not any(own & meant for own in words):
        yield Finding(
            check="joints", severity="error", place=wire.place,
            message=f"It feeds {wire.to!r}, but {verb} {enumerate_names(sources)}.",
            remedy=f"Let it read the {'/'.join(sorted(meant))}, or feed what is named after what it reads.",
        )  # fmt: skip
