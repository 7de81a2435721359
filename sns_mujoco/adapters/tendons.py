"""Afferents of muscles and tendons without dynamics: length, velocity, tension, and the Golgi tendon organ (Ib)."""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent


@dataclass(frozen=True, slots=True)
class _OfTendon(Afferent):
    sources: ClassVar[tuple[str, ...]] = ("of",)

    of: str


@dataclass(frozen=True, slots=True)
class TendonLength(_OfTendon):
    """Length of a muscle with its tendon, m.

    Attributes:
        of: Name of the muscle or tendon; where both carry it, the muscle is meant.
    """


@dataclass(frozen=True, slots=True)
class TendonVelocity(_OfTendon):
    """Velocity of lengthening of a muscle with its tendon, m/s.

    Attributes:
        of: Name of the muscle or tendon; where both carry it, the muscle is meant.
    """


@dataclass(frozen=True, slots=True)
class TendonForce(_OfTendon):
    """Pull of a muscle, or of all actuators on a tendon, N; positive where it pulls.

    Attributes:
        of: Name of the muscle or tendon; where both carry it, the muscle is meant.
    """


@dataclass(frozen=True, slots=True)
class GolgiTendonOrgan(Afferent):
    """Golgi tendon organ (Ib): its discharge is proportional to the muscle's pull, `rate` at the peak isometric force.

    With its rate of 1 it is that of FARMS, F / Fmax (Arreguit et al. 2023, bioRxiv 2023.09.25.559130). The relation is
    close to linear for the ensemble of a muscle's organs (Crago, Houk & Rymer 1982, J Neurophysiol 47:1069).

    Attributes:
        muscle: Name of the muscle.
        rate: Discharge at the muscle's peak isometric force, imp/s; or 1 for the force's share of it.
    """

    sources: ClassVar[tuple[str, ...]] = ("muscle",)

    muscle: str
    rate: float = 1.0

    def __post_init__(self) -> None:
        """Check what was given."""
        checks.positive(self.label, "rate", self.rate)
        Afferent.__post_init__(self)

    @property
    def natural_range(self) -> tuple[float, float]:
        """From no force to the peak isometric one."""
        return 0.0, self.rate
