"""Synapses that act when a spike arrives, and cost nothing until then: currents, conductances, and jumps.

They join spiking neurons to neurons of any kind. Unlike the conductance of a `SpikingSynapse`, which belongs to every
synapse and has a maximum, what their spikes leave behind adds up without bound at one place of the postsynaptic neuron,
which all synapses with the same time course share.

A weight that is one number joins all neurons of the source with all of the destination (a population with itself: each
neuron with itself, too), and every synapse has this weight: it is not shared out among the sources, as conductances of
`NonSpikingSynapse` and `SpikingSynapse` are. A matrix [n_destination, n_source] gives each its own, and zero is no
synapse there; all other parameters are numbers, or matrices likewise. Synapses one by one: `SparseConnection`.

A spike that leaves in one step changes the current of the next one, or, with a delay of d steps, of the d-th after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import text
from sns_mujoco.network.described import Bounds, checked, require_shape, settle_columns
from sns_mujoco.network.plasticity import STDP, RewardSTDP, TripletSTDP, TsodyksMarkram
from sns_mujoco.network.synapse_checks import Columns, matrix_shape, require_kind, require_room
from sns_mujoco.network.synapses import Connection

COMMON: Bounds = {"weight": {}, "delay": {"least": 0.0}}
COURSE: Bounds = {"time_constant": {"least": 0.0}, "rise_time": {"above": 0.0}}


@dataclass(frozen=True, slots=True)
class EventSynapse(Connection):
    """What the three kinds share.

    Attributes:
        weight: What a spike brings: a number for all pairs, or a matrix [n_destination, n_source].
        delay: ms that a spike is under way; rounded to steps.
        short_term: How spikes in quick succession weaken or strengthen the synapse.
        plasticity: How the weight learns from the timing of spikes; the destination must spike then.

    Raises:
        NetworkError: A number is not finite, out of bounds, or of another shape than the weights.
    """

    FAMILY: ClassVar[str] = "event"
    STRENGTH: ClassVar[str] = "weight"
    OPTIONAL: ClassVar[frozenset[str]] = frozenset({"rise_time"})

    weight: ArrayLike = 1.0
    delay: ArrayLike = field(default=0.0, kw_only=True)
    short_term: TsodyksMarkram | None = field(default=None, kw_only=True)
    plasticity: STDP | TripletSTDP | RewardSTDP | None = field(default=None, kw_only=True)
    name: str = field(default="Event Synapse", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        require_kind(self.label, "short_term", self.short_term, (TsodyksMarkram,))
        require_kind(self.label, "plasticity", self.plasticity, (STDP, TripletSTDP, RewardSTDP))
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
        columns = {name: getattr(self, name) for name in self.BOUNDS}
        for part in (self.short_term, self.plasticity):
            columns |= part.columns if part else {}
        return columns

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """Check its parameters and those of its plasticity, where each synapse may have its own.

        Raises:
            NetworkError: Not finite, out of bounds, or of another shape.
        """
        bounds = dict(self.BOUNDS)
        for part in (self.short_term, self.plasticity):
            bounds |= part.BOUNDS if part else {}
        columns = checked(label, given, bounds, self.OPTIONAL)
        require_shape(label, columns, shape, like="weights")
        _require_course(label, columns.get("time_constant"), columns.get("rise_time"))
        require_room(label, columns)
        return columns


@dataclass(frozen=True, slots=True)
class CurrentSynapse(EventSynapse):
    """A spike brings a current, whatever the potential of the destination.

        dI/dt = -I / time_constant;   at a spike I += weight

    With a rise_time, I is the difference of two exponentials, or, where it equals time_constant, the alpha function
    (t / tau) exp(1 - t / tau) (Rall 1967, J Neurophysiol 30:1138), with the weight as its peak.

    Attributes:
        weight: nA; negative: inhibition.
        time_constant: ms; 0: it lasts one step.
        rise_time: ms, at most time_constant; left out: it is there at once.
    """

    BOUNDS: ClassVar[Bounds] = {**COMMON, **COURSE}

    time_constant: ArrayLike = 5.0
    rise_time: ArrayLike | None = None
    name: str = field(default="Current Synapse", kw_only=True)


@dataclass(frozen=True, slots=True)
class ConductanceSynapse(EventSynapse):
    """A spike opens a conductance: I = g (E - V_post).

        dg/dt = -g / time_constant;   at a spike g += weight

    With a rise_time, g is the difference of two exponentials, or, where it equals time_constant, the alpha function, as
    in `CurrentSynapse`, with the weight as its peak.

    Attributes:
        weight: uS, 0 or more.
        reversal_potential: E, mV.
        time_constant: ms; 0: it lasts one step.
        rise_time: ms, at most time_constant; left out: it is open at once.
    """

    BOUNDS: ClassVar[Bounds] = {**COMMON, "weight": {"least": 0.0}, "reversal_potential": {}, **COURSE}

    reversal_potential: ArrayLike = 40.0
    time_constant: ArrayLike = 5.0
    rise_time: ArrayLike | None = None
    name: str = field(default="Conductance Synapse", kw_only=True)

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `EventSynapse.check`."""
        columns = EventSynapse.check(self, label, given, shape)
        require_room(label, columns, least=0.0)
        return columns


@dataclass(frozen=True, slots=True)
class DeltaSynapse(EventSynapse):
    """A spike moves the potential of the destination at once: V_post += weight.

    It arrives after the thresholds of its step have been tested, so it can make a spike in the next step; a neuron that
    spikes in this step, or is refractory, is at its reset potential all the same (as in Brian2's `on_pre="v += w"`).

    Attributes:
        weight: mV.
    """

    BOUNDS: ClassVar[Bounds] = COMMON

    name: str = field(default="Delta Synapse", kw_only=True)


def _require_course(label: str, time_constant: Any, rise_time: Any) -> None:
    if rise_time is not None and (rise_time > time_constant).any():
        raise NetworkError(
            f"{label}: rise_time is longer than time_constant ({rise_time.max():g} ms); exchange them, which makes the "
            "same curve"
        )
