"""What the experiments showed: the material that checks judge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.diagnosis.anatomy import Joint
from sns_mujoco.diagnosis.subject import Nerves, Subject
from sns_mujoco.diagnosis.trials import Clamp, Laboratory, Trace

Floats = NDArray[np.float64]

LIFE = 1.0  # s of each run in which the animal is left to itself
MOST_LIVES = 6  # runs
MOST_JOINTS = 60  # that are swept one by one
SHARE = 0.2  # of the strongest effect, above which an effect counts
BEYOND = 40.0  # mV above its threshold that a spiking neuron is held at to fire as fast as it can


@dataclass(frozen=True, slots=True)
class Motor:
    """A motor neuron, or a pool of them, as one efferent uses it.

    Attributes:
        nerves: Place of its nervous system.
        neurons: Their places in it.
        name: Its name; the efferent's label where there are several.
        drives: Name of the actuator.
        control: Place in `ctrl`.
        place: How findings name it.
        off: Potentials without activity, mV.
        on: Potentials at the highest activity that it can reach, mV.
    """

    nerves: int
    neurons: tuple[int, ...]
    name: str
    drives: str
    control: int
    place: str
    off: tuple[float, ...]
    on: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What exciting a motor neuron did, compared with leaving it silent.

    Attributes:
        control: Change of its actuator's control.
        torques: Change of the force on each joint, N m or N, where there is one, by joint.
        turned: Movement of the joint on which it acts most, and of those that its name means, when that joint alone is
            let go, rad or m.
        currents: Greatest change of the current of each afferent, nA.
    """

    control: float
    torques: dict[Joint, float]
    turned: dict[Joint, float]
    currents: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen.

    Attributes:
        motors: The motor neurons.
        effects: What each of them does.
        swept: The joints that were moved.
        responses: Greatest change of the current of each afferent while each joint moved [joints, afferents], nA.
        lowest: Least current of each afferent in all experiments [afferents], nA.
        highest: Greatest one.
        sweeps: Currents while the joints moved, one after the other [T, afferents], nA.
        resting: Lowest potentials of the neurons while the animal was left to itself [neurons], mV.
        active: Highest ones.
        lost: What the animal did when it became unstable, or None.
    """

    motors: tuple[Motor, ...]
    effects: tuple[Effect, ...]
    swept: tuple[Joint, ...]
    responses: Floats
    lowest: Floats
    highest: Floats
    sweeps: Floats
    resting: Floats
    active: Floats
    lost: str | None

    @property
    def driven(self) -> tuple[Joint, ...]:
        """Joints that motor neurons act on, in order."""
        return tuple(dict.fromkeys(joint for effect in self.effects for joint in effect.torques))


def gather(subject: Subject) -> Evidence:
    """Make all experiments."""
    afferents = [slice(n.circuit.n_inputs - len(n.afferents), n.circuit.n_inputs) for n in subject.nerves]
    laboratory = Laboratory(subject.model, [n.brain for n in subject.nerves], afferents, subject.start, subject.joints)
    timestep = subject.model.opt.timestep
    arriving = max((w.steps for n in subject.nerves for w in n.afferents), default=0) * timestep
    leaving = max((w.steps for n in subject.nerves for w in n.efferents), default=0) * timestep
    motors = tuple(_motors(subject))
    silence = _clamp(subject, motors, None)
    traces: list[Trace] = []

    swept = subject.joints[:MOST_JOINTS]
    still = laboratory.swept(silence, None, arriving)
    moved = [laboratory.swept(silence, joint, arriving) for joint in swept]
    traces += [still, *moved]
    count = still.currents.shape[1]
    responses = np.array([_change(still.currents, trace.currents) for trace in moved]).reshape(len(moved), count)

    held = laboratory.excited(silence, None, leaving + arriving)
    let_go: dict[Joint, Trace] = {}
    effects = []
    for motor in motors:
        clamp = _clamp(subject, motors, motor)
        trace = laboratory.excited(clamp, None, leaving + arriving)
        traces.append(trace)
        torques = _torques(subject, held, trace)
        turned = {}
        for joint in _of_interest(subject, motor, torques):
            if joint not in let_go:
                let_go[joint] = laboratory.excited(silence, joint, leaving)
            free = laboratory.excited(clamp, joint, leaving)
            turned[joint] = _movement(let_go[joint], free, joint)
        control = _difference(held.controls[:, motor.control], trace.controls[:, motor.control])
        effects.append(Effect(control, torques, turned, _change(held.currents, trace.currents)))

    lives, lost = [], None
    for values in _lives(subject):
        trace = laboratory.alive(LIFE, {subject.commands[c][0]: v for c, v in values.items()})
        told = ", ".join(f"{c} at {v:g}" for c, v in values.items())
        lost = lost or (f"within {LIFE:g} s of life{' with ' + told if told else ''}" if trace.lost else None)
        lives.append(trace)
    for trace in (still, held, *moved):
        lost = lost or ("while its joints were held and moved one by one" if trace.lost else None)
    traces += lives
    skip = round(arriving / timestep)
    currents = [trace.currents[min(skip, max(len(trace.currents) - 1, 0)) :] for trace in traces]
    potentials = np.concatenate([trace.potentials for trace in lives])
    return Evidence(
        motors=motors,
        effects=tuple(effects),
        swept=tuple(swept),
        responses=responses,
        lowest=_extreme(currents, np.min),
        highest=_extreme(currents, np.max),
        sweeps=np.concatenate([trace.currents for trace in moved] or [still.currents]),
        resting=potentials.min(0) if len(potentials) else np.full(potentials.shape[1], np.nan),
        active=potentials.max(0) if len(potentials) else np.full(potentials.shape[1], np.nan),
        lost=lost,
    )


def _motors(subject: Subject) -> list[Motor]:
    found = []
    for place, nerves in enumerate(subject.nerves):
        for wire in nerves.efferents:
            for term in wire.terms:
                names = [nerves.circuit.names[i] for i in term.neurons]
                ends = [_ends(nerves, i, term.active) for i in term.neurons]
                found.append(
                    Motor(
                        place,
                        term.neurons,
                        names[0] if len(names) == 1 else wire.label,
                        wire.drives,
                        wire.control,
                        wire.place,
                        tuple(e[0] for e in ends),
                        tuple(e[1] for e in ends),
                    )  # fmt: skip
                )
    return found


def _ends(nerves: Nerves, neuron: int, active: tuple[float, float] | None) -> tuple[float, float]:
    """Potentials without and with the highest activity that a motor neuron can reach."""
    low, high = float(nerves.low[neuron]), float(nerves.high[neuron])
    threshold = float(nerves.circuit.threshold[neuron])
    if active is None:
        rest = float(nerves.circuit.rest[neuron])
        reached = threshold + BEYOND if np.isfinite(threshold) else high
        return (low if np.isfinite(low) else rest), (reached if np.isfinite(reached) else rest)
    without, full = active
    if without > full:
        low, high = high, low
    return (low if np.isfinite(low) else without), (high if np.isfinite(high) else full)


def _clamp(subject: Subject, motors: tuple[Motor, ...], excited: Motor | None) -> Clamp:
    """All motor neurons silent but one."""
    held = {}
    for motor in (*motors, *([excited] if excited else [])):
        start = subject.nerves[motor.nerves].brain.state.start
        for neuron, off, on in zip(motor.neurons, motor.off, motor.on, strict=True):
            held[start + neuron] = on if motor is excited else held.get(start + neuron, off)
    return Clamp(np.array(list(held), np.int64), np.array(list(held.values()), float))


def _torques(subject: Subject, held: Trace, trace: Trace) -> dict[Joint, float]:
    n = min(len(held.torques), len(trace.torques))
    change = trace.torques[:n] - held.torques[:n]
    found = {}
    for joint in subject.joints:
        own = change[:, joint.dof]
        if own.size and np.abs(own).max() > 0:
            found[joint] = float(own[np.argmax(np.abs(own))])
    strongest = max(map(abs, found.values()), default=0.0)
    return {joint: torque for joint, torque in found.items() if abs(torque) >= SHARE * strongest}


def _of_interest(subject: Subject, motor: Motor, torques: dict[Joint, float]) -> list[Joint]:
    """The joints that are let go: the one that is acted on most, and that which the motor neuron's name means."""
    if not torques:
        return []
    strongest = max(torques, key=lambda joint: abs(torques[joint]))
    meant = subject.joint_words.of_name(motor.name)
    named = [joint for joint in torques if meant and subject.joint_words.of_name(joint.name) & meant]
    return list(dict.fromkeys([strongest, *named]))


def _movement(silent: Trace, excited: Trace, joint: Joint) -> float:
    """How far a joint went away from where it would have gone, at the greatest distance."""
    return _difference(silent.angles[:, joint.qpos], excited.angles[:, joint.qpos])


def _difference(before: Floats, after: Floats) -> float:
    n = min(len(before), len(after))
    change = after[:n] - before[:n]
    return float(change[np.argmax(np.abs(change))]) if n else 0.0


def _change(before: Floats, after: Floats) -> Floats:
    n = min(len(before), len(after))
    return np.abs(after[:n] - before[:n]).max(0) if n else np.zeros(before.shape[1])


def _extreme(traces: list[Floats], function) -> Floats:
    full = [trace for trace in traces if len(trace)]
    return (
        function([function(trace, axis=0) for trace in full], axis=0) if full else np.full(traces[0].shape[1], np.nan)
    )


def _lives(subject: Subject) -> list[dict[str, float]]:
    """Commands of the runs: as it cruises, at rest, then one command after the other at its other ends."""
    lives = [dict(subject.cruise)]
    varied = subject.commands if subject.declared is None else subject.declared
    wanted = [dict.fromkeys(subject.commands, 0.0)]
    for command in varied:
        if command in subject.commands:
            wanted += [dict(subject.cruise) | {command: end} for end in subject.commands[command][1:]]
    for values in wanted:
        if values not in lives:
            lives.append(values)
    return lives[:MOST_LIVES]
