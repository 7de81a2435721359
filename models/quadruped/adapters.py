"""How the quadruped's nervous system is connected to its body: described for a limb, and repeated."""

from sns_mujoco.adapters import (
    FARMS_II,
    Afferent,
    Command,
    Efferent,
    JointAngle,
    MotorNeuron,
    Orientation,
    SensorChannel,
    SpindleII,
)

from .anatomy import ACTIONS, LIMB_TYPES, LIMBS
from .parameters import FULL

FULL_LOAD = 20.0  # N: half the weight
STROKE = 0.45  # rad of the upper joint to either side of the standing posture
TILT = 0.3  # rad of the trunk
STRETCH = 0.6  # of the spindles' signal: muscles at 1.25 of their optimal length
ANGLE_NOISE = 0.01  # rad, standard deviation in every physics step
LOAD_NOISE = 0.2  # N


def adapters() -> list[Afferent | Efferent]:
    """Connect the nervous system: a command, tilt of the trunk, and of each limb load, position, spindles, muscles.

    Returns:
        Adapters for `sns_mujoco.attach`. The command is "drive" (0 to 1).
    """
    found: list[Afferent | Efferent] = [
        Command(name="drive", to="drive", range=(0.0, 1.0), gain=FULL),
        Orientation(of="trunk", axis="roll", to="roll left", range=(0.0, -TILT), gain=FULL),
        Orientation(of="trunk", axis="roll", to="roll right", range=(0.0, TILT), gain=FULL),
        Orientation(of="trunk", axis="pitch", to="nose down", range=(0.0, TILT), gain=FULL),
        Orientation(of="trunk", axis="pitch", to="nose up", range=(0.0, -TILT), gain=FULL),
    ]
    for name in LIMBS:
        limb = LIMB_TYPES[name[1]]
        joint, upright = f"{name}_{limb.joints[0]}", limb.posture[0]
        for to, end in (("back", upright + STROKE), ("forward", upright - STROKE)):
            found.append(JointAngle(joint=joint, to=f"{name} {to}", range=(upright, end), gain=FULL, noise=ANGLE_NOISE))
        found.append(
            SensorChannel(
                sensor=f"{name}_touch", to=f"{name} load", range=(0.0, FULL_LOAD), gain=FULL, noise=LOAD_NOISE
            )
        )
        for action in ACTIONS:
            muscle = f"{name}_{action}"
            found.append(SpindleII(muscle, to=f"{name} {action} II", model=FARMS_II, range=(0.0, STRETCH), gain=FULL))
            found.append(MotorNeuron(neuron=f"{name} {action}", drives=muscle))
    return found
