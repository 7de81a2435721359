"""Muscle spindles: primary (Ia) and secondary (II) endings.

The signal is

    max(0, base + k_v (1 + e_d dynamic) sgn(v) |v|^p + k_l (1 + e_s static) (l - l_0) + b static + k_a alpha)

with the velocity v and the length l of the muscle in the unit of the model. `alpha` is the drive that comes along with
the motor neurons of the muscle; `dynamic` and `static` are the activations of gamma motor neurons: dynamic ones raise
the sensitivity to velocity, static ones that to length and the rate at rest (Matthews 1962, Q J Exp Physiol 47:324).
How strongly they do, e_d, e_s and b, is for the user to say: published models have no gamma neurons.

The length is that of the muscle without its tendon's slack length.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.drives import Drive, Excitation, drive
from sns_mujoco.errors import AttachError


@dataclass(frozen=True, slots=True, kw_only=True)
class SpindleModel:
    """The numbers of a spindle ending.

    Attributes:
        citation: Where they come from.
        unit: Of length: "mm", or "rest lengths" of the muscle; of velocity: that per second.
        base: Signal at rest, imp/s or what the model has instead.
        velocity: k_v, per unit of velocity to the power of `exponent`.
        exponent: p.
        length: k_l, per unit of length.
        threshold: l_0, in rest lengths of the muscle whatever the unit.
        alpha: k_a, at full activation.
    """

    citation: str
    unit: Literal["mm", "rest lengths"]
    base: float = 0.0
    velocity: float = 0.0
    exponent: float = 1.0
    length: float = 0.0
    threshold: float = 1.0
    alpha: float = 0.0

    def __post_init__(self) -> None:
        """Check what was given."""
        label = "SpindleModel"
        checks.named(label, "citation", self.citation)
        checks.one_of(label, "unit", self.unit, ("mm", "rest lengths"))
        for name in ("base", "velocity", "length", "threshold", "alpha"):
            checks.finite(label, name, getattr(self, name))
        checks.positive(label, "exponent", self.exponent)


PROCHAZKA_GORASSINI_1998 = SpindleModel(
    citation="Prochazka & Gorassini 1998, J Physiol 507:277",
    unit="mm",
    base=82.0,
    velocity=4.3,
    exponent=0.6,
    length=2.0,
)
"""Ia of hamstring muscles of walking cats: 82 + 4.3 v^0.6 + 2 d, imp/s, mm and mm/s, d from the rest length."""

MORAUD_2016_IA = SpindleModel(
    citation="Moraud et al. 2016, Neuron 89:814, after Prochazka 1999, Prog Brain Res 123:133",
    unit="mm",
    base=50.0,
    velocity=4.3,
    exponent=0.6,
    length=2.0,
    alpha=50.0,
)
"""Ia of ankle muscles of the rat: 50 + 2 d + 4.3 v^0.6 + 50 EMG, imp/s, mm and mm/s, the EMG from 0 to 1."""

MORAUD_2016_II = SpindleModel(
    citation="Moraud et al. 2016, Neuron 89:814, after Prochazka 1999, Prog Brain Res 123:133",
    unit="mm",
    base=80.0,
    length=13.5,
    alpha=20.0,
)
"""II of ankle muscles of the rat: 80 + 13.5 d + 20 EMG, imp/s and mm, the EMG from 0 to 1."""

FARMS_IA = SpindleModel(
    citation="FARMS (Arreguit et al. 2023, bioRxiv 2023.09.25.559130), defaults of its muscle options",
    unit="rest lengths",
    velocity=1.0 / 6.2,
    exponent=0.6,
    length=2.0 / 6.2,
    threshold=0.85,
    alpha=0.06,
)
"""Ia in normalised form: v^0.6 / 6.2 + 2 (l - 0.85) / 6.2 + 0.06 a, rest lengths and rest lengths/s."""

FARMS_II = SpindleModel(
    citation="FARMS (Arreguit et al. 2023, bioRxiv 2023.09.25.559130), defaults of its muscle options",
    unit="rest lengths",
    length=1.5,
    threshold=0.85,
    alpha=0.06,
)
"""II in normalised form: 1.5 (l - 0.85) + 0.06 a, rest lengths."""


@dataclass(frozen=True, slots=True)
class _Spindle(Afferent):
    sources: ClassVar[tuple[str, ...]] = ("muscle",)

    muscle: str
    model: SpindleModel
    alpha: Drive | None = None
    gamma_static: Drive | None = None
    static_effect: float = 1.0
    static_bias: float = 0.0

    def __post_init__(self) -> None:
        """Check what was given."""
        Afferent.__post_init__(self)
        if not isinstance(self.model, SpindleModel):
            raise AttachError(f"{self.label}: model is {self.model!r}; give a SpindleModel")
        for name in self.drive_fields:
            object.__setattr__(self, name, drive(self.label, name, getattr(self, name)))
            if name != "alpha" and isinstance(getattr(self, name), Excitation):
                raise AttachError(f"{self.label}: {name} is an Excitation; give a gamma neuron or a number")
        if self.alpha is not None and self.model.alpha == 0.0:
            raise AttachError(f"{self.label}: its model does not heed alpha; leave it out, or give the model one")
        checks.finite(self.label, "static_effect", self.static_effect)
        checks.finite(self.label, "static_bias", self.static_bias)
        if self.gamma_static is None and (self.static_effect, self.static_bias) != (1.0, 0.0):
            raise AttachError(f"{self.label}: static_effect and static_bias need a gamma_static; give it")

    @property
    def drive_fields(self) -> tuple[str, ...]:
        """Names of the fields that are drives."""
        return "alpha", "gamma_static"


@dataclass(frozen=True, slots=True)
class SpindleIa(_Spindle):
    """Primary ending of a muscle spindle.

    Attributes:
        muscle: Name of the muscle.
        model: Its numbers: `PROCHAZKA_GORASSINI_1998`, `MORAUD_2016_IA`, `FARMS_IA`, or own ones.
        alpha: Drive that comes with the motor neurons: a neuron, `Excitation()` of the muscle, or a number.
        gamma_static: Static gamma drive, a neuron or a number.
        static_effect: e_s: the term of length is multiplied by 1 + static_effect times the static drive.
        static_bias: b, added at full static drive, in the unit of the signal.
        gamma_dynamic: Dynamic gamma drive, a neuron or a number.
        dynamic_effect: e_d: the term of velocity is multiplied by 1 + dynamic_effect times the dynamic drive.
    """

    model: SpindleModel = PROCHAZKA_GORASSINI_1998
    gamma_dynamic: Drive | None = None
    dynamic_effect: float = 1.0

    def __post_init__(self) -> None:
        """Check what was given."""
        _Spindle.__post_init__(self)
        checks.finite(self.label, "dynamic_effect", self.dynamic_effect)
        if self.gamma_dynamic is None and self.dynamic_effect != 1.0:
            raise AttachError(f"{self.label}: dynamic_effect needs a gamma_dynamic; give it")

    @property
    def drive_fields(self) -> tuple[str, ...]:
        """Names of the fields that are drives."""
        return "alpha", "gamma_static", "gamma_dynamic"


@dataclass(frozen=True, slots=True)
class SpindleII(_Spindle):
    """Secondary ending of a muscle spindle; dynamic gamma neurons do not reach it.

    Attributes:
        muscle: Name of the muscle.
        model: Its numbers: `MORAUD_2016_II`, `FARMS_II`, or own ones.
        alpha: Drive that comes with the motor neurons: a neuron, `Excitation()` of the muscle, or a number.
        gamma_static: Static gamma drive, a neuron or a number.
        static_effect: e_s: the term of length is multiplied by 1 + static_effect times the static drive.
        static_bias: b, added at full static drive, in the unit of the signal.
    """

    model: SpindleModel = MORAUD_2016_II
