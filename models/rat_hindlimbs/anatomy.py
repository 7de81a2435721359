"""What the rat's hindlimbs are made of: segments, joints and muscles of one leg, the left one.

All numbers are those of the AnimatLab project of Deng et al. 2019 (Biomimetics 4(1):21; K. Hunt, Szczecinski & Quinn's
rat), file `rat_hindlimbs.asim`, brought from its frames (y up, z to the right) into MuJoCo's (x forward, y left, z up)
and averaged over its two legs, which agree to 0.1 mm. Where another source is meant it is named.

Lengths in mm, masses in g, angles in rad; `body.py` converts to SI. Frame: x forward, y left, z up, origin in the
middle of the pelvis. Each segment has this same orientation while all joints are at zero, AnimatLab's own zero, and its
origin in its joint. Positive angles extend: the hip swings the leg back, the knee straightens, the ankle lowers the
toes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float, float]

SIDES = {"L_": 1.0, "R_": -1.0}  # prefix of every name of a side, and where it lies along y
LEFT, RIGHT = SIDES
JOINTS = ("hip", "knee", "ankle")
ACTIONS = ("extensor", "flexor")

MM, GRAM = 1e-3, 1e-3  # to SI
MAX_TENSION = 100.0  # N, at which AnimatLab clips every muscle of this rat
PELVIS_MASS = 31.824
SPINE_MASS = 10.0  # MuJoCo form of the same rat (Nourse et al. 2023, Biomimetics 8(2):247): 0.01 kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment of the leg and the hinge at its upper end.

    Attributes:
        joint: Name of the hinge.
        origin: The hinge in the frame of the segment above, mm.
        axis: Of extension, by the right-hand rule.
        limits: Of the hinge, rad.
        mass: g.
        centre: Centre of mass, mm.
        end: Where the next segment begins, or the tip, mm.
        length: Of the rod of even density that has its inertia, mm.
        thickness: Of that rod, the width and depth of AnimatLab's box, mm.
    """

    joint: str
    origin: Point
    axis: Point
    limits: tuple[float, float]
    mass: float
    centre: Point
    end: Point
    length: float
    thickness: float


SEGMENTS = {
    "femur": Segment(
        joint="hip", origin=(-5.66, 10.03, -4.40), axis=(-0.164, 0.9447, 0.2839), limits=(-1.0472, 0.872665),
        mass=14.141, centre=(8.46, 5.87, -14.65), end=(16.84, 11.77, -29.28), length=35.8, thickness=6.9,
    ),
    "tibia": Segment(
        joint="knee", origin=(16.84, 11.77, -29.28), axis=(0.2329, -0.9417, -0.2429), limits=(-1.39626, 1.0472),
        mass=3.338, centre=(-16.58, -0.20, -15.12), end=(-33.17, -0.43, -30.28), length=44.88, thickness=5.5,
    ),
    # AnimatLab's foot is a box of 13.6 mm that never touches anything. To walk it needs its length: the toes lie 29.6
    # mm from the ankle and the centre of mass 8.6 mm as in the MuJoCo form, in the direction of AnimatLab's box.
    "foot": Segment(
        joint="ankle", origin=(-33.17, -0.43, -30.28), axis=(-0.0025, 0.9999, -0.0105), limits=(-1.39626, 0.436332),
        mass=1.571, centre=(5.80, -0.07, -6.36), end=(19.95, -0.25, -21.87), length=35.5, thickness=6.2,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleData:
    """A muscle of the leg: AnimatLab's linear Hill muscle.

    Attributes:
        path: Segments with the points (mm, in their frames) that its tendon runs through.
        force: Greatest active force, N.
        kse: Stiffness in series, N/m.
        kpe: Stiffness in parallel, N/m.
        damping: N s/m.
        rest_length: Of muscle and tendon, mm.
        width: Of the length-tension parabola, mm.
    """

    path: tuple[tuple[str, Point], ...]
    force: float
    kse: float
    kpe: float
    damping: float
    rest_length: float
    width: float


MUSCLES = {
    "hip_extensor": MuscleData(
        path=(("pelvis", (-16.62, 10.00, -13.31)), ("femur", (4.54, 1.39, -8.96))),
        force=67.497, kse=587000.0, kpe=0.065274, damping=134.993, rest_length=22.979, width=31.536,
    ),
    "hip_flexor": MuscleData(
        path=(("pelvis", (11.33, 10.00, 2.58)), ("femur", (13.17, 4.41, -9.55))),
        force=14.449, kse=96190.0, kpe=0.010688, damping=36.1229, rest_length=30.043, width=45.183,
    ),
    "knee_extensor": MuscleData(
        path=(
            ("femur", (7.63, 5.17, -7.18)), ("femur", (22.42, 9.25, -26.66)), ("femur", (17.84, 11.33, -31.80)),
            ("tibia", (-4.80, -0.59, -4.31)),
        ),
        force=39.514, kse=77338.0, kpe=0.018414, damping=143.685, rest_length=40.874, width=9.277,
    ),
    "knee_flexor": MuscleData(
        path=(("femur", (6.39, 7.73, -7.89)), ("tibia", (-6.52, 3.49, -1.73))),
        force=44.354, kse=147000.0, kpe=0.029404, damping=68.237, rest_length=30.169, width=21.007,
    ),
    "ankle_extensor": MuscleData(
        path=(("tibia", (-8.66, 0.99, -5.02)), ("tibia", (-35.03, -0.18, -25.79)), ("foot", (-4.73, 0.01, 2.14))),
        force=25.318, kse=23884.0, kpe=0.0091863, damping=113.533, rest_length=42.401, width=13.06,
    ),
    "ankle_flexor": MuscleData(
        path=(("tibia", (-6.16, 0.99, -9.35)), ("foot", (1.89, 1.14, -4.82))),
        force=8.744, kse=9251.0, kpe=0.003558, damping=34.9748, rest_length=37.807, width=14.999,
    ),
}  # fmt: skip


def mirrored(point: Point, side: float) -> NDArray[np.float64]:
    """A point of the left leg, on the side wanted."""
    return np.array([point[0], side * point[1], point[2]])


def mirrored_axis(axis: Point, side: float) -> NDArray[np.float64]:
    """An axis of rotation of the left leg, on the side wanted: the same angles extend both legs."""
    return np.array([side * axis[0], axis[1], side * axis[2]])
