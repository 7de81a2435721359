"""Motors of joints: servos of velocity or position.

AnimatLab's motor reaches its velocity within a step, with an impulse of at most `MaxForce` per step; as an actuator it
is a stiff velocity servo with the force `MaxForce` / time step. A position motor asks for a velocity in proportion to
the error.
"""

import mujoco

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.joints import limits
from sns_mujoco.interop.animatlab.parts import Part
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Settings
from sns_mujoco.interop.animatlab.xml import Item

STIFF = 20.0  # velocity errors shrink by 1 + this in a step
UNLIMITED = 5000.0  # AnimatLab takes this and more for no limit


def motor_name(joint: str) -> str:
    """Name of the actuator of a joint's motor."""
    return f"{joint} motor"


def add_motors(
    spec: mujoco.MjSpec, joints: list[Part], wanted: dict[str, str], settings: Settings, report: Report
) -> None:
    """Add actuators where the file enables a motor, or something drives one.

    Args:
        spec: The body, complete but for them.
        joints: Joints that can have one.
        wanted: What each joint that something drives is driven by: "velocity" or "position", by the joint's name.
        settings: Of the project.
        report: Where differences are put down.

    Raises:
        AnimatLabError: A number makes no sense, or MuJoCo refuses the body.
    """
    used = [part for part in joints if part.name in wanted or part.item.flag("EnableMotor", False)]
    if not used:
        return
    model = compiled(spec)
    for part in used:
        item, name = part.item, part.name
        part.data["motor"] = motor_name(name)
        address = model.jnt_dofadr[mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_JOINT, name)]
        kv = STIFF * float(model.dof_M0[address]) / settings.timestep
        by = wanted.get(name, "velocity" if item.whole("MotorType", 0) == 0 else "position")
        kp = kv * _rate(item) if by == "position" else 0.0
        actuator = spec.add_actuator(name=motor_name(name), target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        actuator.gaintype, actuator.biastype = mujoco.mjtGain.mjGAIN_FIXED, mujoco.mjtBias.mjBIAS_AFFINE
        actuator.gainprm = [kp or kv, *[0.0] * 9]
        actuator.biasprm = [0.0, -kp, -kv, *[0.0] * 7]
        force = item.number("MaxForce", 100.0, above=0.0)
        if force < UNLIMITED:
            actuator.forcelimited, actuator.forcerange = True, [-force / settings.timestep, force / settings.timestep]
        speed = item.number("MaxVelocity", 100.0, above=0.0)
        if by == "velocity":
            actuator.ctrllimited, actuator.ctrlrange = True, [-speed, speed]
        why = f"a {by} servo with MuJoCo's own softness, not an impulse that is exact"
        report.add("approximated", "Motor", name, why, item.id)


def _rate(item: Item) -> float:
    """Velocity that a position motor asks for, per error, 1/s."""
    if not item.flag("EnableLimits", True):
        return item.number("MaxVelocity", 100.0, above=0.0)
    low, high = limits(item)
    return item.number("ServoGain", 100.0, above=0.0) / (high - low)


def compiled(spec: mujoco.MjSpec) -> mujoco.MjModel:
    """The model of a body.

    Raises:
        AnimatLabError: MuJoCo refuses it; the message is MuJoCo's.
    """
    try:
        return spec.compile()
    except (ValueError, mujoco.FatalError) as error:
        raise AnimatLabError(f"MuJoCo cannot build the body of this project: {error}") from None
