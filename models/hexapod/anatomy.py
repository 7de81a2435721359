"""What the hexapod is made of: lengths, masses and postures of the cockroach Blaberus discoidalis.

Body size and mass: 2.6 g, 53 mm long, 23 mm wide, 8 mm thick (30 adult males; Othayoth & Li 2021, eLife
10:e60233). Hind leg: 0.07 g coxa and femur, 0.01 g tibia and tarsus (Kram, Wong & Full 1997, J Exp Biol 200:1919);
the middle and front legs are scaled down with their length. The centre of mass lies at the geometric centre, and
the thorax takes the first 38 % of the length (same sources). Segment lengths are estimates in proportion to the
animal (front : middle : hind = 1 : 1.2 : 1.5), not measurements of one specimen.

Lengths in mm and masses in g, angles in degrees; `body.py` converts to SI. Frame: x forward, y left, z up, origin
at the centre of the body.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BODY_LENGTH = 53.0
BODY_MASS = 2.6
STANDING_HEIGHT = 10.0  # centre of the body above the ground
COXA_SLOPE = 25.0  # the coxa points this far below the horizontal
FOOT_RADIUS = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LegType:
    """One pair of legs, described for the left side and mirrored to the right.

    Attributes:
        hip: Thorax-coxa joint in the body frame, mm.
        coxa: Length of the coxa, mm.
        femur: Length of trochanter and femur, mm.
        tibia: Length of tibia and tarsus, mm.
        coxa_femur_mass: Mass of coxa and femur, g.
        tibia_mass: Mass of tibia and tarsus, g.
        foothold: Where the foot stands in the middle of stance, x and y in the body frame, mm.
        stiffness: Position gain of the three joints' servos, N m / rad.
    """

    hip: tuple[float, float, float]
    coxa: float
    femur: float
    tibia: float
    coxa_femur_mass: float
    tibia_mass: float
    foothold: tuple[float, float]
    stiffness: float


LEG_TYPES = {
    1: LegType(
        hip=(16.0, 4.5, -1.5), coxa=5.0, femur=8.5, tibia=13.5, coxa_femur_mass=0.028, tibia_mass=0.005,
        foothold=(26.5, 17.0), stiffness=3e-3,
    ),
    2: LegType(
        hip=(8.5, 5.5, -1.5), coxa=6.0, femur=10.5, tibia=16.0, coxa_femur_mass=0.045, tibia_mass=0.008,
        foothold=(0.5, 23.0), stiffness=4e-3,
    ),
    3: LegType(
        hip=(0.0, 5.0, -1.5), coxa=7.0, femur=13.5, tibia=20.5, coxa_femur_mass=0.07, tibia_mass=0.01,
        foothold=(-27.0, 20.0), stiffness=6e-3,
    ),
}  # fmt: skip

SIDES = {"L": 1.0, "R": -1.0}
LEGS = tuple(f"{side}{pair}" for pair in LEG_TYPES for side in SIDES)
JOINTS = ("coxa", "femur", "tibia")


def leg_angles(leg: LegType, forward: float, outward: float = 0.0, upward: float = 0.0) -> NDArray[np.float64]:
    """Inverse kinematics of a left leg: the joint angles that put its foot somewhere.

    Args:
        leg: The leg.
        forward: Foot ahead of its foothold, mm.
        outward: Foot to the left of its foothold, mm.
        upward: Foot above the ground while the body stands at its standing height, mm.

    Returns:
        Azimuth of the leg (0 is straight out, positive forward), elevation of the femur, elevation of the tibia;
        radians.

    Raises:
        ValueError: The leg is too short to reach the place.
    """
    x = leg.foothold[0] + forward - leg.hip[0]
    y = leg.foothold[1] + outward - leg.hip[1]
    slope = np.radians(COXA_SLOPE)
    reach = np.hypot(x, y) - leg.coxa * np.cos(slope)
    drop = STANDING_HEIGHT + leg.hip[2] - leg.coxa * np.sin(slope) - FOOT_RADIUS - upward
    span = np.hypot(reach, drop)
    if not abs(leg.femur - leg.tibia) < span < leg.femur + leg.tibia:
        raise ValueError(f"the foot cannot be put {span:.1f} mm from the trochanter: femur and tibia span "
                         f"{abs(leg.femur - leg.tibia):.1f} to {leg.femur + leg.tibia:.1f} mm")  # fmt: skip
    at_knee = np.arccos((leg.femur**2 + leg.tibia**2 - span**2) / (2 * leg.femur * leg.tibia))
    at_hip = np.arccos((leg.femur**2 + span**2 - leg.tibia**2) / (2 * leg.femur * span))
    femur = at_hip - np.arctan2(drop, reach)
    return np.array([np.arctan2(x, y), femur, femur + at_knee - np.pi])


def stance_lines(leg: LegType, half_stride: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Joint excursions that move the foot along the body in a straight line, as two straight lines.

    The angle of each joint is fitted by one line for the half of the stride before the foothold and one for the
    half behind it; last the femur is refitted so that the foot stays level (to 0.05 mm) in spite of what the lines
    of the tibia leave over.

    Args:
        leg: The leg.
        half_stride: Distance of the foot from its foothold at either end of the lines, mm. The fit covers
            three quarters of it, which is what walking uses.

    Returns:
        Changes of the coxa's, femur's and tibia's joint angles from the standing posture to the front end, and to
        the rear end, each [3], rad.
    """
    place = np.linspace(-0.75, 0.75, 31)
    halves = np.stack([np.clip(place, 0, 1), np.clip(-place, 0, 1)], axis=1)
    stand = leg_angles(leg, 0.0)
    turns = np.array([leg_angles(leg, p * half_stride) - stand for p in place])
    turns[:, 2] -= turns[:, 1]
    lines = np.linalg.lstsq(halves, turns, rcond=None)[0]
    knees = stand[2] - stand[1] + halves @ lines[:, 2]
    level = leg.femur * np.sin(stand[1]) + leg.tibia * np.sin(stand[2])
    # femur sin(f) + tibia sin(f + knee) = level has the closed form amplitude * sin(f + shift) = level
    amplitude = np.hypot(leg.femur + leg.tibia * np.cos(knees), leg.tibia * np.sin(knees))
    shift = np.arctan2(leg.tibia * np.sin(knees), leg.femur + leg.tibia * np.cos(knees))
    femurs = np.arcsin(level / amplitude) - shift - stand[1]
    lines[:, 1] = np.linalg.lstsq(halves, femurs, rcond=None)[0]
    return lines[0], lines[1]


def neighbours(leg: str) -> tuple[str, str | None, str | None]:
    """Legs beside, before and behind a leg; None where there is none."""
    side, pair = leg[0], int(leg[1])
    other = "R" if side == "L" else "L"
    return f"{other}{pair}", f"{side}{pair - 1}" if pair > 1 else None, f"{side}{pair + 1}" if pair < 3 else None
