"""What the quadruped is made of: a trunk, four limbs of two hinges with four muscles each, in the size of a cat.

Described for a left hind limb and a left forelimb, and mirrored to the right. The size is that of a domestic cat: some
4 kg, a hip 0.2 m above the ground, segments of about 0.1 m. Within that the single numbers are estimates in proportion
to the animal, not measurements of one specimen. Shank and foot are one segment, as are forearm and paw: of the three
joints that flex and extend a cat's limb this one has two.

Muscles are Hill muscles on rigid tendons. Their forces are sized by the task, not measured: at full activation the
extensors of one limb bear about three times the animal's weight. Fibre lengths follow from the joints' ranges.

Lengths in m, masses in kg, angles in rad. Frame: x forward, y left, z up. The origin of the trunk lies halfway between
hips and shoulders. All segments of a limb hang straight down (-z) while its joints are at zero. A positive angle of the
upper joint swings the limb back (retraction), of the lower one straightens it (extension).
"""

from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]

LIMBS = ("LF", "RF", "LH", "RH")
SIDES = {"L": 1.0, "R": -1.0}  # where a side lies along y
ACTIONS = ("protractor", "retractor", "flexor", "extensor")

TRUNK_MASS, HEAD_MASS = 2.9, 0.35
FOOT_RADIUS = 0.012
ROUND = 0.014  # radius of knee and elbow, around which their extensors run


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleData:
    """A muscle of a limb.

    Attributes:
        path: Segments ("trunk", "upper", "lower") with the points (x, z) that its tendon runs through: in the trunk
            from the upper joint, else from the upper end of the segment. Between the last two an extensor runs around
            the lower joint.
        force: Largest active force, N.
        optimal_length: Of its fibres, m.
        slack_length: Of its tendon, m.
    """

    path: tuple[tuple[str, Point], ...]
    force: float
    optimal_length: float
    slack_length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """A pair of limbs.

    Attributes:
        joints: Names of the upper and the lower joint.
        segments: Names of the upper and the lower segment.
        place: The upper joint of the left limb in the trunk.
        lengths: Of the upper segment, and of the lower one to the middle of the foot.
        masses: Of both.
        posture: Angles of both joints while it stands.
        ranges: Of both joints.
        facing: 1 if the lower joint points forward as a knee does, -1 if backward as an elbow.
        muscles: Its muscles.
    """

    joints: tuple[str, str]
    segments: tuple[str, str]
    place: tuple[float, float, float]
    lengths: tuple[float, float]
    masses: tuple[float, float]
    posture: tuple[float, float]
    ranges: tuple[tuple[float, float], tuple[float, float]]
    facing: float
    muscles: dict[str, MuscleData]

    @property
    def height(self) -> float:
        """Of the upper joint above the ground while the limb stands, m."""
        (upper, lower), (a, b) = self.posture, self.lengths
        return float(a * np.cos(upper) + b * np.cos(upper - self.facing * lower)) + FOOT_RADIUS


HIND = Limb(
    joints=("hip", "knee"), segments=("thigh", "shank"), place=(-0.11, 0.050, -0.010), lengths=(0.10, 0.125),
    masses=(0.16, 0.09), posture=(-0.60, -1.05), ranges=((-1.3, 0.7), (-1.9, -0.35)), facing=1.0,
    muscles={
        "protractor": MuscleData(
            path=(("trunk", (0.040, 0.010)), ("upper", (0.004, -0.050))),
            force=150.0, optimal_length=0.050, slack_length=0.0072,
        ),
        "retractor": MuscleData(
            path=(("trunk", (-0.045, -0.005)), ("upper", (-0.004, -0.050))),
            force=250.0, optimal_length=0.050, slack_length=0.0373,
        ),
        "flexor": MuscleData(
            path=(("upper", (-0.012, -0.030)), ("lower", (-0.010, -0.020))),
            force=150.0, optimal_length=0.040, slack_length=0.0380,
        ),
        "extensor": MuscleData(
            path=(("upper", (0.012, -0.025)), ("lower", (0.010, -0.030))),
            force=350.0, optimal_length=0.025, slack_length=0.1000,
        ),
    },
)  # fmt: skip

FORE = Limb(
    joints=("shoulder", "elbow"), segments=("arm", "forearm"), place=(0.11, 0.050, -0.010), lengths=(0.10, 0.125),
    masses=(0.12, 0.08), posture=(0.60, -1.05), ranges=((-0.7, 1.3), (-1.9, -0.35)), facing=-1.0,
    muscles={
        "protractor": MuscleData(
            path=(("trunk", (0.045, -0.005)), ("upper", (0.004, -0.050))),
            force=150.0, optimal_length=0.050, slack_length=0.0373,
        ),
        "retractor": MuscleData(
            path=(("trunk", (-0.040, 0.010)), ("upper", (-0.004, -0.050))),
            force=250.0, optimal_length=0.050, slack_length=0.0072,
        ),
        "flexor": MuscleData(
            path=(("upper", (0.012, -0.030)), ("lower", (0.010, -0.020))),
            force=150.0, optimal_length=0.040, slack_length=0.0380,
        ),
        "extensor": MuscleData(
            path=(("upper", (-0.012, -0.025)), ("lower", (-0.010, -0.030))),
            force=350.0, optimal_length=0.025, slack_length=0.1000,
        ),
    },
)  # fmt: skip

LIMB_TYPES = {"F": FORE, "H": HIND}
HIP_HEIGHT = HIND.height  # m, of the standing animal
TRUNK_LENGTH = 0.33  # from rump to chest
