"""Vestibular afferents: orientation, angular velocity, linear acceleration of a part of the body."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent

Axis = Literal["x", "y", "z"]


@dataclass(frozen=True, slots=True)
class Orientation(Afferent):
    """Roll, pitch or yaw of a site or body against the world, rad.

    The frame is turned by yaw about z, then by pitch about its new y axis, then by roll about its new x axis. So for an
    animal that faces along its x axis with z upwards, positive roll raises its left side, positive pitch lowers its
    nose, and positive yaw turns it to the left. Roll and yaw lie in -pi..pi, pitch in -pi/2..pi/2.

    Attributes:
        of: Name of the site or body; where both carry it, the site is meant.
        axis: "roll", "pitch" or "yaw".
    """

    sources: ClassVar[tuple[str, ...]] = ("of",)

    of: str
    axis: Literal["roll", "pitch", "yaw"]

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        checks.one_of(self.label, "axis", self.axis, ("roll", "pitch", "yaw"))


@dataclass(frozen=True, slots=True)
class _SiteAxis(Afferent):
    sources: ClassVar[tuple[str, ...]] = ("site",)

    site: str
    axis: Axis

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        checks.one_of(self.label, "axis", self.axis, ("x", "y", "z"))


@dataclass(frozen=True, slots=True)
class AngularVelocity(_SiteAxis):
    """Angular velocity of a site about one of its own axes, rad/s, as semicircular canals feel it: a gyroscope.

    Attributes:
        site: Name of the site.
        axis: "x", "y" or "z" of the site.
    """


@dataclass(frozen=True, slots=True)
class LinearAcceleration(_SiteAxis):
    """Acceleration of a site along one of its own axes, m/s^2, as otoliths feel it: an accelerometer.

    Gravity counts, so a site at rest feels 9.81 m/s^2 along the axis that points upwards.

    Attributes:
        site: Name of the site.
        axis: "x", "y" or "z" of the site.
    """
