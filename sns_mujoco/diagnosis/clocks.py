"""Whether the steps of time are fine enough for what is fast, and delays long enough to be there at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.diagnosis.anatomy import Joint
from sns_mujoco.diagnosis.findings import Finding
from sns_mujoco.diagnosis.subject import Nerves, Subject

Floats = NDArray[np.float64]

STABLE = 2.0  # a step times a rate beyond which explicit Euler grows without bound
SMOOTH = 1.0  # beyond which it jumps over its goal
TURN = 1.0  # rad of its oscillation that a joint may do in a step: six steps a period
ROUNDING = 0.2  # share of a delay that rounding may add or take away unmentioned
EPSILON = 1e-6  # by which positions and velocities are changed to feel stiffness and damping
MOST_DOFS = 200


@dataclass(frozen=True, slots=True)
class Fastest:
    """The fastest of a kind.

    Attributes:
        name: Whose it is.
        milliseconds: Its time constant, ms.
    """

    name: str
    milliseconds: float


def delays(subject: Subject) -> Iterator[Finding]:
    """Find conduction delays that are nothing in physics steps, or much else than asked for."""
    step = subject.model.opt.timestep * 1e3
    for nerves in subject.nerves:
        for wire in (*nerves.afferents, *nerves.efferents):
            got = wire.steps * step
            if wire.delay > 0 and wire.steps == 0:
                yield Finding(
                    check="vanishing-delay", severity="warning", place=wire.place,
                    message=f"Its delay of {wire.delay:g} ms is less than half a physics step of {step:g} ms: none.",
                    remedy=f"Take a delay of at least {step:g} ms, a shorter physics step, or 0.",
                )  # fmt: skip
            elif wire.delay > 0 and abs(got - wire.delay) > ROUNDING * wire.delay:
                yield Finding(
                    check="vanishing-delay", severity="note", place=wire.place,
                    message=f"Its delay of {wire.delay:g} ms becomes {got:g} ms in physics steps of {step:g} ms.",
                )  # fmt: skip


def neural_steps(nerves: Nerves) -> Iterator[Finding]:
    """Find membranes and gates that are too fast for the neural step.

    With all synapses and ion channels open a membrane follows with C / (G + sum g). A step beyond that makes explicit
    Euler jump over its goal, beyond twice that grow; exponential Euler stays bounded but sees nothing of what happens
    within a step.
    """
    circuit = nerves.circuit
    dt = nerves.brain.dt
    for kind, rate, names in _rates(nerves):
        fast = np.flatnonzero(rate > SMOOTH * (1 + 1e-9))
        if not fast.size:
            continue
        worst = int(fast[np.argmax(rate[fast])])
        tau = dt / float(rate[worst])
        others = f" So do {fast.size - 1} more." if fast.size > 1 else ""
        grows = rate[worst] > STABLE * (1 + 1e-9) and not circuit.exponential
        yield Finding(
            check="coarse-step", severity="error" if grows else "note" if circuit.exponential else "warning",
            place=f"{kind} of {names[worst]!r}",
            message=f"It follows within {tau:.3g} ms at its fastest, but a neural step takes {dt:g} ms: "
            + ("it grows without bound." if grows else "what happens faster is not seen." if circuit.exponential
               else "it jumps over its goal and swings.") + others,
            remedy=f"Take dt={_round_down(tau)} ms or less" + ("." if circuit.exponential
                                                                else ", or integrator='exponential'."),
        )  # fmt: skip


def fastest(nerves: Nerves) -> Fastest:
    """The fastest membrane with all its synapses and channels open."""
    _, rate, names = next(iter(_rates(nerves)))
    worst = int(np.argmax(rate))
    return Fastest(names[worst], nerves.brain.dt / float(rate[worst]) if rate[worst] > 0 else float("inf"))


def physics_step(subject: Subject) -> Iterator[Finding]:
    """Find joints that swing too fast for the physics step, and muscles whose activation is faster than it.

    The body's stiffness and damping are felt by changing each position and velocity a little; with its inertia they
    make the small movements that MuJoCo's integrator steps, which is what is examined.
    """
    model = subject.model
    step = model.opt.timestep
    if 0 < model.nv <= MOST_DOFS:
        growing, turning, place = _swings(subject)
        if growing > 1.0 + 1e-3 and turning > 0.5:
            yield Finding(
                check="coarse-step", severity="error", place=place,
                message=f"It swings {turning:.2g} rad of its own period in each physics step of {step * 1e3:g} ms and "
                f"grows by a factor of {growing:.4g} a step.",
                remedy="Take a shorter timestep, more armature or damping, or an implicit integrator.",
            )  # fmt: skip
        elif turning > TURN:
            yield Finding(
                check="coarse-step", severity="warning", place=place,
                message=f"It swings with a period of {2 * np.pi / turning:.1f} physics steps of {step * 1e3:g} ms.",
                remedy=f"Take a timestep of {_round_down(step / turning)} s or less, or more armature.",
            )  # fmt: skip
    for actuator in range(model.nactuator):
        if mujoco.mjtDyn(model.actuator_dyntype[actuator]) not in (
            mujoco.mjtDyn.mjDYN_MUSCLE, mujoco.mjtDyn.mjDYN_FILTER,
        ):  # fmt: skip
            continue
        count = 2 if model.actuator_dyntype[actuator] == mujoco.mjtDyn.mjDYN_MUSCLE else 1
        tau = float(min(model.actuator_dynprm[actuator][:count]))
        if tau < step:
            yield Finding(
                check="coarse-step", severity="warning", place=model.actuator(actuator).name,
                message=f"Its activation follows within {tau * 1e3:g} ms, but a physics step takes {step * 1e3:g} ms.",
                remedy="Take a shorter timestep, or a longer time constant.",
            )  # fmt: skip


def joint_limits(subject: Subject, driven: tuple[Joint, ...]) -> Iterator[Finding]:
    """Find servos that are told to go where their joint cannot, as happens when degrees and radians are mixed up."""
    model = subject.model
    lost = []
    for actuator in range(model.nactuator):
        if model.actuator_trntype[actuator] != mujoco.mjtTrn.mjTRN_JOINT or not model.actuator_ctrllimited[actuator]:
            continue
        joint = next((j for j in driven if j.id == int(model.actuator_trnid[actuator, 0])), None)
        servo = model.actuator_biastype[actuator] == mujoco.mjtBias.mjBIAS_AFFINE
        servo = servo and model.actuator_biasprm[actuator][1] < 0
        if joint is None or not servo or not model.jnt_limited[joint.id]:
            continue
        low, high = (float(end) for end in model.actuator_ctrlrange[actuator])
        shared = min(high, joint.range[1]) - max(low, joint.range[0])
        if shared < 0.1 * (high - low):
            lost.append((joint, low, high))
    if lost:
        joint, low, high = lost[0]
        yield Finding(
            check="joint-limits", severity="warning", place=", ".join(j.name for j, _, _ in lost),
            message=f"Servos hold targets that the joint's limits do not let it reach: {joint.name!r} is told "
            f"{low:.3g} to {high:.3g}, but its limits are {joint.range[0]:.3g} to {joint.range[1]:.3g}.",
            remedy="Look at the unit of the limits: MuJoCo takes degrees unless the compiler's angle is radian.",
        )  # fmt: skip


def _rates(nerves: Nerves) -> Iterator[tuple[str, Floats, list[str]]]:
    """Step over time constant of membranes, with everything open, and of gates."""
    circuit, names = nerves.circuit, list(nerves.circuit.names)
    edges = circuit.edges
    electrical = np.array([kind == "electrical" for kind in edges.kind], bool)
    conducts = (~np.isnan(edges.reversal) | electrical) & np.isfinite(edges.strength)
    open_ = np.where(electrical, 2.0, 1.0) * edges.strength
    total = circuit.leak + np.bincount(edges.target[conducts], open_[conducts], len(names))
    total = total + np.bincount(circuit.channels[:, 0].astype(np.int64), circuit.channels[:, 1], len(names))
    yield "membrane", circuit.speed * total, names
    yield "gate", circuit.gates[:, 1], [names[int(i)] for i in circuit.gates[:, 0]]


def _swings(subject: Subject) -> tuple[float, float, str]:
    """Growth a step and turn a step (rad) of the worst small movement, and the joint that takes most part in it."""
    model = subject.model
    data = mujoco.MjData(model)
    mujoco.mj_setState(model, data, subject.start, mujoco.mjtState.mjSTATE_INTEGRATION)
    mujoco.mj_forward(model, data)
    n, h = model.nv, model.opt.timestep
    mass = np.zeros((n, n))
    mujoco.mj_fullM(model, data, mass)
    stiffness, damping = _felt(model, data)
    implicit = model.opt.integrator in (
        mujoco.mjtIntegrator.mjINT_IMPLICIT, mujoco.mjtIntegrator.mjINT_IMPLICITFAST,
    )  # fmt: skip
    own = damping if implicit else np.diag(np.array(model.dof_damping))
    inverse = np.linalg.inv(mass + h * own)
    # velocities first, then positions with the new velocities
    on_velocity = inverse @ (mass + h * (own - damping))
    on_position = -h * inverse @ stiffness
    step = np.block([[on_velocity, on_position], [h * on_velocity, np.eye(n) + h * on_position]])
    values, vectors = np.linalg.eig(step)
    turn = np.where(np.abs(values) > 0.1, np.abs(np.angle(values)), 0.0)
    worst = int(np.argmax(turn))
    dof = int(np.argmax(np.abs(vectors[n:, worst])))
    name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_JOINT, int(model.dof_jntid[dof])) or f"dof {dof}"
    return float(np.abs(values[worst])), float(turn[worst]), name


def _felt(model: mujoco.MjModel, data: mujoco.MjData) -> tuple[Floats, Floats]:
    """Stiffness and damping [nv, nv] of springs, tendons and actuators, by differences."""
    n = model.nv
    position, velocity = data.qpos.copy(), data.qvel.copy()

    def force() -> Floats:
        mujoco.mj_fwdPosition(model, data)
        mujoco.mj_fwdVelocity(model, data)
        control = data.ctrl.copy()
        mujoco.mj_fwdActuation(model, data)
        data.ctrl[:] = control
        return data.qfrc_passive + data.qfrc_actuator

    before = force()
    stiffness, damping = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        unit = np.zeros(n)
        unit[i] = 1.0
        mujoco.mj_integratePos(model, data.qpos, unit, EPSILON)
        stiffness[:, i] = (before - force()) / EPSILON
        data.qpos[:] = position
        data.qvel[:] = velocity + EPSILON * unit
        damping[:, i] = (before - force()) / EPSILON
        data.qvel[:] = velocity
    return stiffness, damping


def _round_down(value: float) -> str:
    """A number with two digits, not above the given one."""
    digit = 10.0 ** (np.floor(np.log10(value)) - 1)
    return f"{np.floor(value / digit * (1 + 1e-9)) * digit:.4g}"
