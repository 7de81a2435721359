"""Which joint a reflex is tested at, which way, and by how much: that of a name, or that which stretches a muscle."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.brain import find_brains
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import ExperimentError, unknown_name
from sns_mujoco.experiments.setting import Setting
from sns_mujoco.muscles import find_muscles

SHARE = 0.1  # of the animal's weight times its length: a torque that is neither much nor little
SINGLE = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))


def joint_of(setting: Setting, model: mujoco.MjModel, given: str | None) -> str:
    """The joint that is loaded; the first of the animal's `joints` if none is given.

    Raises:
        ExperimentError: None is given, and the animal names none.
        UnknownNameError: There is no such hinge or slide.
    """
    known = [model.joint(i).name for i in _singles(model) if model.joint(i).name]
    joint = given or next(iter(setting.animal.joints), None)
    if joint is None:
        raise ExperimentError(
            f"which joint of {setting.animal.name!r}? It names none for its report; give one of "
            f"{', '.join(known[:6])}{', ...' if len(known) > 6 else ''}"
        )
    if joint not in known:
        raise unknown_name("hinge or slide", joint, known, f"animal {setting.animal.name!r}")
    return joint


def stretched_by(setting: Setting, model: mujoco.MjModel, muscle: str) -> tuple[str, float]:
    """The joint about which a muscle has its greatest moment arm at the animal's start, and the way that stretches it.

    Returns:
        The joint, and 1 or -1: the sign of the torque.

    Raises:
        UnknownNameError: There is no such muscle.
        ExperimentError: It does not act about any hinge or along any slide.
    """
    known = find_muscles(model)
    if muscle not in known:
        raise unknown_name("muscle", muscle, known, f"animal {setting.animal.name!r}")
    life = Simulation(model)
    setting.animal.start(life, setting.seeds[0])
    data, moments = life.data, np.zeros((model.nactuator, model.nv))
    mujoco.mju_sparse2dense(moments, data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind)
    own = moments[known[muscle].output]  # length gained for a turn
    joints = _singles(model)
    arms = own[model.jnt_dofadr[joints]]
    best = int(np.abs(arms).argmax()) if len(joints) else 0
    if not len(joints) or arms[best] == 0.0:
        raise ExperimentError(f"muscle {muscle!r} acts about no hinge and along no slide; give a joint instead")
    return model.joint(int(joints[best])).name, float(np.sign(arms[best]))


def usual_torque(setting: Setting, model: mujoco.MjModel) -> float:
    """A tenth of the animal's weight times its length, N m."""
    weight = float(model.body_mass.sum() * np.linalg.norm(model.opt.gravity))
    return SHARE * weight * setting.animal.length


def afferents_of(setting: Setting, model: mujoco.MjModel) -> tuple[str, ...]:
    """All afferents but commands, as protocols name them.

    Raises:
        ExperimentError: There are none.
    """
    details = [own for brain in find_brains(model).values() for own in brain.afferent_details]
    found = tuple(dict.fromkeys(f"{own.label} -> {own.to}" for own in details if own.kind != "Command"))
    if not found:
        raise ExperimentError(f"{setting.animal.name!r} has no afferents besides commands, hence no reflex")
    return found


def _singles(model: mujoco.MjModel) -> NDArray[np.intp]:
    return np.flatnonzero(np.isin(model.jnt_type, SINGLE))
