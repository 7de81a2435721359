"""Afferents of contact: load, touch, and cutaneous receptors that are on or off."""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.errors import AttachError


@dataclass(frozen=True, slots=True)
class ContactForce(Afferent):
    """Magnitude of the net force (N) of all contacts of a geom, or of all geoms of a body.

    Attributes:
        of: Name of the geom or body; where both carry it, the geom is meant.
    """

    sources: ClassVar[tuple[str, ...]] = ("of",)

    of: str


@dataclass(frozen=True, slots=True)
class Touch(Afferent):
    """Sum of the normal contact forces (N) inside the volume of a site: MuJoCo's touch sensor.

    Attributes:
        site: Name of the site.
    """

    sources: ClassVar[tuple[str, ...]] = ("site",)

    site: str


@dataclass(frozen=True, slots=True)
class Cutaneous(Afferent):
    """Skin that touches something or not: 1 from the force `on` upwards, 0 below the force `off`, else as it was.

    The gap between the two forces keeps a light or bouncing contact from chattering. It is 0 after a reset.

    Attributes:
        of: Name of a geom or body (net contact force) or of a site (its touch sensor), looked for in this order.
        on: Force at which it switches on, N.
        off: Force below which it switches off, N; that of `on` if left out.
    """

    sources: ClassVar[tuple[str, ...]] = ("of",)

    of: str
    on: float
    off: float | None = None

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        checks.positive(self.label, "on", self.on)
        if self.off is None:
            object.__setattr__(self, "off", self.on)
        checks.not_negative(self.label, "off", self.off)
        if self.off is not None and self.off > self.on:
            raise AttachError(f"{self.label}: off is {self.off!r} and on {self.on!r}; it must switch off below `on`")

    @property
    def natural_range(self) -> tuple[float, float]:
        """Off and on."""
        return 0.0, 1.0
