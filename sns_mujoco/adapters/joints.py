"""Afferents of joints: angle, velocity, and the nearness of a limit."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent


@dataclass(frozen=True, slots=True)
class JointAngle(Afferent):
    """Position of a hinge (rad) or slide joint (m).

    Attributes:
        joint: Name of the joint.
    """

    sources: ClassVar[tuple[str, ...]] = ("joint",)

    joint: str


@dataclass(frozen=True, slots=True)
class JointVelocity(Afferent):
    """Velocity of a hinge (rad/s) or slide joint (m/s).

    Attributes:
        joint: Name of the joint.
    """

    sources: ClassVar[tuple[str, ...]] = ("joint",)

    joint: str


@dataclass(frozen=True, slots=True)
class JointLimit(Afferent):
    """Nearness of a joint's limit: 0 up to a margin before it, then rising to 1 at the limit, and on beyond it.

    Receptors of joint capsules fire near the ends of a joint's range (Ferrell 1980, J Physiol 299:85).

    Attributes:
        joint: Name of a joint with limits.
        side: "upper" or "lower".
        margin: Before the limit, rad or m.
    """

    sources: ClassVar[tuple[str, ...]] = ("joint",)

    joint: str
    side: Literal["upper", "lower"]
    margin: float

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        checks.one_of(self.label, "side", self.side, ("upper", "lower"))
        checks.positive(self.label, "margin", self.margin)

    @property
    def natural_range(self) -> tuple[float, float]:
        """From the margin to the limit."""
        return 0.0, 1.0
