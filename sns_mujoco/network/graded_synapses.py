"""Graded synapses beyond `NonSpikingSynapse`: without driving force, with a sigmoid, or learning.

Their source may be any neuron; it opens them to the share a_pre, between 0 and 1, of its potential:

    ramp:     a = clip((V - e_lo) / (e_hi - e_lo), 0, 1)
    sigmoid:  a = 1 / (1 + exp(-4 (V - (e_lo + e_hi) / 2) / (e_hi - e_lo)))

The sigmoid is the smooth one of the same middle and the same slope there. A weight that is one number joins all neurons
of the source with all of the destination, and every synapse has this weight: it is not shared out among the sources. A
matrix [n_destination, n_source] gives each its own, and zero is no synapse there. Synapses one by one:
`SparseConnection`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import number, text
from sns_mujoco.network.described import Bounds, checked, require_shape, settle_columns
from sns_mujoco.network.plasticity import Hebb, Oja
from sns_mujoco.network.synapse_checks import Columns, matrix_shape, require_kind, require_room, require_width
from sns_mujoco.network.synapses import Connection

CurveName = Literal["ramp", "sigmoid"]


@dataclass(frozen=True, slots=True)
class GradedSynapse(Connection):
    """What the two kinds share.

    Attributes:
        weight: A number for all pairs, or a matrix [n_destination, n_source].
        e_lo: Presynaptic potential at which a ramp begins, mV. e_lo > e_hi makes a falling curve.
        e_hi: Presynaptic potential at which a ramp is fully open, mV.
        curve: "ramp" or "sigmoid".
        plasticity: How the weight learns.

    Raises:
        NetworkError: A number is not finite, out of bounds, or of another shape than the weights.
    """

    FAMILY: ClassVar[str] = "weighted"
    STRENGTH: ClassVar[str] = "weight"

    weight: ArrayLike = 1.0
    e_lo: ArrayLike = field(default=0.0, kw_only=True)
    e_hi: ArrayLike = field(default=20.0, kw_only=True)
    curve: CurveName = field(default="ramp", kw_only=True)
    plasticity: Hebb | Oja | None = field(default=None, kw_only=True)
    name: str = field(default="Graded Synapse", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        require_kind(self.label, "plasticity", self.plasticity, (Hebb, Oja))
        if self.curve not in ("ramp", "sigmoid"):
            raise NetworkError(f"{self.label}: curve is {self.curve!r}; give 'ramp' or 'sigmoid'")
        shape = matrix_shape(self.label, "weight", self.weight, (0, 2))
        columns = self.check(self.label, self.columns, shape)
        settle_columns(self, {name: columns[name] for name in self.BOUNDS})

    @property
    def layout(self) -> str:
        """See `Connection.layout`."""
        return "matrix" if np.ndim(self.weight) else "all"

    @property
    def columns(self) -> dict[str, Any]:
        """Its parameters and those of its plasticity, see `Described.columns`."""
        own = {name: getattr(self, name) for name in self.BOUNDS}
        return own | (self.plasticity.columns if self.plasticity else {})

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `Connection.check`."""
        bounds = {**self.BOUNDS, **(self.plasticity.BOUNDS if self.plasticity else {})}
        columns = checked(label, given, bounds, frozenset())
        require_shape(label, columns, shape, like="weights")
        require_width(label, columns["e_lo"], columns["e_hi"], columns["weight"])
        require_room(label, columns)
        return columns


@dataclass(frozen=True, slots=True)
class GradedCurrentSynapse(GradedSynapse):
    """A graded synapse without driving force: I = w a_pre.

    With rate neurons it makes the networks of rate models, tau dr/dt = -r + f(sum w r): see `RateNeuron`. With
    curve="sigmoid" the sum of sigmoids of the potentials, tau dV/dt = -V + sum w f(V), needs no more than
    `NonSpikingNeuron`s.

    Attributes:
        weight: nA; negative: inhibition.
    """

    BOUNDS: ClassVar[Bounds] = {"weight": {}, "e_lo": {}, "e_hi": {}}

    name: str = field(default="Graded Current Synapse", kw_only=True)


@dataclass(frozen=True, slots=True)
class GradedConductanceSynapse(GradedSynapse):
    """A graded synapse with a conductance: I = w a_pre (E - V_post).

    Fixed and with a ramp it is `NonSpikingSynapse` with another way to share out weights; here it can learn, or have a
    sigmoid.

    Attributes:
        weight: uS, 0 or more.
        reversal_potential: E, mV.
    """

    BOUNDS: ClassVar[Bounds] = {"weight": {"least": 0.0}, "reversal_potential": {}, "e_lo": {}, "e_hi": {}}

    reversal_potential: ArrayLike = 40.0
    name: str = field(default="Graded Conductance Synapse", kw_only=True)

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `Connection.check`."""
        columns = GradedSynapse.check(self, label, given, shape)
        require_room(label, columns, least=0.0)
        return columns


class SigmoidSynapse(GradedConductanceSynapse):
    """A graded synapse that opens along a sigmoid: I = G (E - V_post) / (1 + exp(-slope (V_pre - midpoint)))."""

    __slots__ = ()

    def __init__(
        self,
        weight: ArrayLike = 1.0,
        reversal_potential: ArrayLike = 40.0,
        midpoint: float = 10.0,
        slope: float = 0.2,
        *,
        plasticity: Hebb | Oja | None = None,
        name: str = "Sigmoid Synapse",
    ) -> None:
        """Design the synapse.

        Args:
            weight: G, uS: a number, or a matrix [n_destination, n_source].
            reversal_potential: E, mV.
            midpoint: Presynaptic potential at which it is half open, mV.
            slope: 1/mV; negative: it closes with the potential.
            plasticity: How the weight learns.
            name: Name of the kind.

        Raises:
            NetworkError: A number is not finite or out of bounds, or the slope is 0.
        """
        label = f"SigmoidSynapse {name!r}"
        steepness = number(label, "slope", slope)
        if steepness == 0:
            raise NetworkError(f"{label}: slope is 0; such a synapse would not depend on its source")
        middle = number(label, "midpoint", midpoint)
        super().__init__(
            weight, reversal_potential, e_lo=middle - 2 / steepness, e_hi=middle + 2 / steepness, curve="sigmoid",
            plasticity=plasticity, name=name,
        )  # fmt: skip
