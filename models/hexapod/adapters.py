"""How the hexapod's nervous system is connected to its body."""

from sns_mujoco.adapters import Afferent, AntagonistPair, Command, Efferent, JointAngle, SensorChannel

from .anatomy import LEG_TYPES, LEGS, stance_lines
from .nervous_system import FULL, MOTOR_GAIN, MOTOR_PAIRS
from .parameters import Parameters

ANGLE_NOISE = 0.01  # rad, standard deviation in every physics step
LOAD_NOISE = 3e-4  # N, a hundredth of the weight of the animal
FULL_LOAD = {1: 0.012, 2: 0.016, 3: 0.012}  # N: half the weight; middle legs bear the most
FEMUR_SENSE = (-0.3, 1.0)  # rad, depressed to levated


def adapters(*, parameters: Parameters | None = None) -> list[Afferent | Efferent]:
    """Connect the nervous system: two commands, 18 joint angles, 6 loads, 18 pairs of motor neurons.

    Args:
        parameters: Other than the tuned ones.

    Returns:
        Adapters for `sns_mujoco.attach`. Commands are "drive" (0 to 1) and "turn" (-1 right to 1 left).
    """
    p = parameters or Parameters()
    found: list[Afferent | Efferent] = [
        Command(name="drive", to="drive", range=(0.0, 1.0), gain=FULL),
        Command(name="turn", to="turn left", range=(0.0, 1.0), gain=FULL),
        Command(name="turn", to="turn right", range=(0.0, -1.0), gain=FULL),
    ]
    for leg in LEGS:
        pair = int(leg[1])
        # Position sense rises from the front end of the stride to its rear end, whichever way the joint turns.
        front, rear = (dict(zip(MOTOR_PAIRS, end, strict=True)) for end in stance_lines(LEG_TYPES[pair], p.half_stride))
        for joint in MOTOR_PAIRS:
            sense = (front[joint], rear[joint]) if joint != "femur" else FEMUR_SENSE
            found.append(
                JointAngle(joint=f"{leg}_{joint}", to=f"{leg} {joint} angle", range=sense, gain=FULL, noise=ANGLE_NOISE)
            )
        found.append(
            SensorChannel(
                sensor=f"{leg}_touch", to=f"{leg} load", range=(0.0, FULL_LOAD[pair]), gain=FULL, noise=LOAD_NOISE
            )
        )
        for joint, (raising, lowering) in MOTOR_PAIRS.items():
            found.append(
                AntagonistPair(
                    agonist=f"{leg} {raising}", antagonist=f"{leg} {lowering}", drives=f"{leg}_{joint}", gain=MOTOR_GAIN
                )
            )
    return found
