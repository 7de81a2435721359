"""AnimatLab's stretch receptor: a linear Hill muscle that pulls on nothing, and whose parts discharge."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.drives import Drive, Excitation, drive
from sns_mujoco.errors import AttachError


@dataclass(frozen=True, slots=True, kw_only=True)
class _LinearHill(Afferent):
    kse: float
    kpe: float
    damping: float
    rest_length: float
    max_tension: float
    constant: float = 100.0
    excitation: Drive | None = None
    force: float | None = None
    width: float | None = None
    series_fraction: float = 0.1
    min_parallel: float = 0.05


@dataclass(frozen=True, slots=True)
class StretchReceptor(_LinearHill):
    """Ia, II or Ib of AnimatLab's linear Hill stretch receptor (Cofer et al. 2010, J Neurosci Methods 187:280).

    It has a tension T of its own, which pulls on nothing and is zero after a reset:

        dT/dt = (kse / b) (kpe (L - L_rest) + b v - (1 + kpe / kse) T + A)
        A = excitation force max(0, 1 - ((L - L_rest) / width)^2)

    With P = clip(T, 0, max_tension), its series elasticity is series_fraction L_rest + P / kse long and its parallel
    one takes the rest of L, but at least min_parallel L_rest. The discharge is a constant times the length of the
    series elasticity (Ia), of the parallel one (II), or times P (Ib). The membrane of AnimatLab's receptor rests at
    -150 mV until an adapter drives it, so it is hardly excited; leave the excitation out then.

    Attributes:
        tendon: Name of the tendon along which it lies.
        ending: "Ia", "II" or "Ib".
        kse: Stiffness of the series elasticity, N/m.
        kpe: Stiffness of the parallel elasticity, N/m.
        damping: b, N s/m.
        rest_length: L_rest, m.
        max_tension: N.
        constant: Discharge per m (Ia, II) or per N (Ib).
        excitation: A neuron, an `Activation`, or a number.
        force: Active force at full excitation and rest length, N; goes with an excitation.
        width: Of the length-tension curve, m; goes with an excitation.
        series_fraction: Length of the series elasticity without tension, in rest lengths.
        min_parallel: Least length of the parallel elasticity, in rest lengths.
    """

    sources: ClassVar[tuple[str, ...]] = ("tendon",)

    tendon: str
    ending: Literal["Ia", "II", "Ib"] = "Ia"

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        label = self.label
        checks.one_of(label, "ending", self.ending, ("Ia", "II", "Ib"))
        for name in ("kse", "damping", "rest_length", "max_tension"):
            checks.positive(label, name, getattr(self, name))
        for name in ("kpe", "constant", "series_fraction", "min_parallel"):
            checks.not_negative(label, name, getattr(self, name))
        object.__setattr__(self, "excitation", drive(label, "excitation", self.excitation))
        if isinstance(self.excitation, Excitation):
            raise AttachError(f"{label}: it is no muscle and has no excitation of its own; give a neuron or a number")
        if len({self.excitation is None, self.force is None, self.width is None}) > 1:
            raise AttachError(f"{label}: excitation, force and width belong together; give all or none")
        if self.force is not None:
            checks.not_negative(label, "force", self.force)
            checks.positive(label, "width", self.width)

    @property
    def drive_fields(self) -> tuple[str, ...]:
        """Names of the fields that are drives."""
        return ("excitation",)
