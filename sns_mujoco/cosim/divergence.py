"""Finding out which neuron or joint left the finite numbers first, and when.

MuJoCo answers a bad state with a warning, and for a bad position, velocity or acceleration it resets the simulation in
silence. The animal's past is known from a snapshot, so it is lived through again step by step with that reset off.
"""

import mujoco
import numpy as np

from sns_mujoco.cosim.brain import Brain
from sns_mujoco.errors import DivergenceError

_STATE = mujoco.mjtState.mjSTATE_INTEGRATION
BAD = [
    int(mujoco.mjtWarning.mjWARN_BADQPOS),
    int(mujoco.mjtWarning.mjWARN_BADQVEL),
    int(mujoco.mjtWarning.mjWARN_BADQACC),
    int(mujoco.mjtWarning.mjWARN_BADCTRL),
]


def lost(data: mujoco.MjData, brains: dict[str, Brain]) -> bool:
    """Whether something left the finite numbers since the last reset."""
    return any(data.warning.number[BAD]) or not all(np.isfinite(b.potentials(data)).all() for b in brains.values())


def locate(
    model: mujoco.MjModel, data: mujoco.MjData, brains: dict[str, Brain], before: np.ndarray, steps: int
) -> DivergenceError:
    """Find what went wrong first.

    Args:
        model: The model.
        data: Its data; left at the last step at which everything was finite, as after `mj_forward` there.
        brains: The model's nervous systems.
        before: Integration state from which `steps` steps lead past the divergence.
        steps: How many.

    Returns:
        The error that names the neuron or joint and the time.
    """
    flags = model.opt.disableflags
    good, culprit = before.copy(), None
    try:
        model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_AUTORESET)
        mujoco.mj_setState(model, data, good, _STATE)
        for _ in range(steps):
            data.warning.number[:] = 0
            mujoco.mj_step(model, data)
            culprit = _culprit(model, data, brains)
            if culprit:
                break
            mujoco.mj_getState(model, data, good, _STATE)
    except mujoco.FatalError as error:
        culprit = str(error)
        mujoco.mj_resetData(model, data)  # the error left the engine's stack as it was
    finally:
        model.opt.disableflags = flags
        stand(model, data, good)
    culprit = culprit or "MuJoCo gave a warning of a bad state"
    time = data.time + model.opt.timestep
    error = DivergenceError(
        f"the simulation diverged at {time:.6g} s: {culprit}; it stands at "
        f"{data.time:.6g} s, the last good step. Take a shorter timestep or neural step, smaller gains, or look for "
        "two parts that fight each other"
    )
    error.culprit, error.time = culprit, float(data.time)
    return error


def stand(model: mujoco.MjModel, data: mujoco.MjData, state: np.ndarray) -> None:
    """Put data into an integration state, with what `mj_forward` derives from it."""
    mujoco.mj_setState(model, data, state, _STATE)
    try:
        mujoco.mj_forward(model, data)
    except mujoco.FatalError:
        mujoco.mj_resetData(model, data)
    mujoco.mj_setState(model, data, state, _STATE)
    data.warning.number[:] = 0


def _culprit(model: mujoco.MjModel, data: mujoco.MjData, brains: dict[str, Brain]) -> str | None:
    for brain in brains.values():
        if not brain.fits(model.opt.timestep):
            return (
                f"{brain.name!r} was attached for a physics step of {brain.timestep:g} s, and the model has "
                f"{model.opt.timestep:g} s by now; set it back, or attach again with another step in the body"
            )
        bad = np.flatnonzero(~np.isfinite(brain.potentials(data)))
        if bad.size:
            return f"neuron {brain.neuron_names[bad[0]]!r} of {brain.name!r} is no longer a finite number"
    numbers = data.warning.number
    for warning, what, array in (
        ("mjWARN_BADQPOS", "position", data.qpos),
        ("mjWARN_BADQVEL", "velocity", data.qvel),
        ("mjWARN_BADQACC", "acceleration", data.qacc),
    ):
        if numbers[int(getattr(mujoco.mjtWarning, warning))]:
            index = int(data.warning.lastinfo[int(getattr(mujoco.mjtWarning, warning))])
            return f"the {what} of {_joint(model, index, position=what == 'position')} is {_worst(array)}"
    if numbers[int(mujoco.mjtWarning.mjWARN_BADCTRL)]:
        index = int(data.warning.lastinfo[int(mujoco.mjtWarning.mjWARN_BADCTRL)])
        lost_control = not np.isfinite(data.ctrl[model.actuator_ctrladr[index]])
        what = "control of actuator" if lost_control else "tension of muscle"
        return f"the {what} {model.actuator(index).name!r} is no longer a finite number"
    return None


def _joint(model: mujoco.MjModel, index: int, *, position: bool) -> str:
    joints = np.searchsorted(model.jnt_qposadr, index, "right") - 1 if position else model.dof_jntid[index]
    return f"joint {model.joint(int(joints)).name!r}"


def _worst(array: np.ndarray) -> str:
    bad = np.flatnonzero(~np.isfinite(array))
    return "no longer a finite number" if bad.size else f"too large ({np.abs(array).max():.3g})"
