"""Connections between populations: plain descriptions of synapses, without any stepping.

Names, defaults and equations are SNS-Toolbox's (Nourse et al. 2023, Biomimetics 8(2):247). Units: uS, mV, ms.

A plain synapse between populations is all-to-all, and each pair gets its share: conductance / number of
source neurons. `matrices.py` and `sparse.py` have the connections whose synapses are given one by one,
`event_synapses.py` and `graded_synapses.py` further kinds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import number, settle, text, truth
from sns_mujoco.network.described import Bounds, Described, checked, require_shape, settle_columns
from sns_mujoco.network.synapse_checks import GRADED, SPIKING, Columns, check_graded, check_spiking


class Connection(Described):
    """What every connection has.

    Attributes:
        name: Name of the kind.
        FAMILY: Which synapses it makes: "graded", "spiking", "electrical", "rectified", "event" or "weighted".
        LAYOUT: Which pairs of neurons it joins: "all" of them, those of a "matrix", of a "pattern" or of a "list".
        STRENGTH: The parameter which is zero where there is no synapse.
    """

    __slots__ = ()
    FAMILY: ClassVar[str]
    LAYOUT: ClassVar[str] = "all"
    STRENGTH: ClassVar[str] = "max_conductance"
    name: str

    @property
    def label(self) -> str:
        """How messages name this description."""
        return f"{type(self).__name__} {self.name!r}"

    @property
    def family(self) -> str:
        """Which synapses it makes, see `FAMILY`."""
        return self.FAMILY

    @property
    def layout(self) -> str:
        """Which pairs of neurons it joins, see `LAYOUT`."""
        return self.LAYOUT

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """Check parameters of its kind, where each synapse may have its own, and give them as finite numbers.

        Args:
            label: How messages name the description.
            given: The parameters, named as in `columns`.
            shape: Shape of those that have one value for each synapse.

        Raises:
            NetworkError: One is not finite, out of bounds, or of another shape.
        """
        raise NetworkError(f"{label}: its synapses cannot be given one by one")

    @property
    def strength(self) -> Any:
        """What is zero where there is no synapse: a conductance or weight, a number or one for each pair."""
        return self.columns[self.STRENGTH]


@dataclass(frozen=True, slots=True)
class ElectricalSynapse(Connection):
    """A gap junction: I = G (V_other - V) in both neurons.

    From a population to itself it joins every pair of different neurons once; where it is rectifying, once in
    each direction.

    Attributes:
        conductance: G, uS.
        name: Name of the kind.
        rect: Whether current flows only while the source is above the destination.
    """

    BOUNDS: ClassVar[Bounds] = {"conductance": {"least": 0.0}}
    STRENGTH: ClassVar[str] = "conductance"

    conductance: float
    name: str = "Electrical Synapse"
    rect: bool = False

    def __post_init__(self) -> None:
        """Check the numbers."""
        text(type(self).__name__, "name", self.name)
        settle(self, "rect", truth(self.label, "rect", self.rect))
        settle_columns(self, self.check(self.label, self.columns))

    @property
    def family(self) -> str:
        """See `Connection.family`."""
        return "rectified" if self.rect else "electrical"

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `Connection.check`."""
        columns = checked(label, given, self.BOUNDS, frozenset())
        require_shape(label, columns, shape)
        return columns


@dataclass(frozen=True, slots=True)
class NonSpikingSynapse(Connection):
    """A graded chemical synapse: I = G clip((V_pre - e_lo) / (e_hi - e_lo), 0, 1) (E - V_post).

    Attributes:
        max_conductance: G, uS.
        reversal_potential: E, mV. At rest: modulation; above it: excitation; below: inhibition.
        e_lo: Presynaptic potential below which it is closed, mV.
        e_hi: Presynaptic potential above which it is fully open, mV. e_lo > e_hi makes a falling ramp.
    """

    FAMILY: ClassVar[str] = "graded"
    BOUNDS: ClassVar[Bounds] = GRADED

    max_conductance: float = 1.0
    reversal_potential: float = 40.0
    e_lo: float = 0.0
    e_hi: float = 20.0
    name: str = "Non-Spiking Connection"

    def __post_init__(self) -> None:
        """Check the numbers."""
        text(type(self).__name__, "name", self.name)
        settle_columns(self, self.check(self.label, self.columns))

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `Connection.check`."""
        return check_graded(label, given, shape)


class NonSpikingTransmissionSynapse(NonSpikingSynapse):
    """A graded synapse that passes on its input times a gain.

    At the steady state of a 1 uS neuron with U_pre = R, U_post = gain R. max_conductance = gain R / (E - gain R)
    and e_hi = e_lo + R (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
    """

    __slots__ = ()

    def __init__(
        self, gain: float = 1.0, name: str = "Transmit", R: float = 20.0, *, reversal_potential: float = 40.0,
        e_lo: float = 0.0, e_hi: float | None = None,
    ) -> None:  # fmt: skip
        """Design the synapse.

        Args:
            gain: U_post / U_pre.
            name: Name of the kind.
            R: Range of the potentials, mV.
            reversal_potential: E, mV; of the sign of the gain.
            e_lo: Presynaptic potential below which it is closed, mV.
            e_hi: Replaced by e_lo + R, as in SNS-Toolbox, whose scripts may give one.

        Raises:
            NetworkError: No positive conductance gives this gain.
        """
        label = f"NonSpikingTransmissionSynapse {name!r}"
        conductance = _transmitting(label, gain, R, reversal_potential)
        super().__init__(conductance, reversal_potential, e_lo, number(label, "e_lo", e_lo) + R, name=name)


class NonSpikingModulationSynapse(NonSpikingSynapse):
    """A graded synapse that divides.

    With U_pre = e_hi the response of a 1 uS neuron is `ratio` times what it was. max_conductance = 1 / ratio - 1,
    with E at rest (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
    """

    __slots__ = ()

    def __init__(
        self, ratio: float, name: str = "Modulate", *, reversal_potential: float = 0.0, e_lo: float = 0.0,
        e_hi: float = 20.0,
    ) -> None:  # fmt: skip
        """Design the synapse.

        Args:
            ratio: Response with modulation over that without; more than 0, at most 1.
            name: Name of the kind.
            reversal_potential: E, mV: the resting potential of the destination.
            e_lo: Presynaptic potential below which it is closed, mV.
            e_hi: Presynaptic potential of full modulation, mV.

        Raises:
            NetworkError: The ratio is out of bounds.
        """
        label = f"NonSpikingModulationSynapse {name!r}"
        value = number(label, "ratio", ratio, above=0.0)
        if value > 1:
            raise NetworkError(f"{label}: ratio is {value:g}; a synapse can only reduce a response: give 1 or less")
        super().__init__(1.0 / value - 1.0, reversal_potential, e_lo, e_hi, name)


@dataclass(frozen=True, slots=True)
class SpikingSynapse(Connection):
    """A chemical synapse that opens with each spike of its source.

    I = G (E - V_post); G decays with tau and jumps by the increment, never above the maximal conductance.

    Attributes:
        max_conductance: uS.
        reversal_potential: E, mV.
        time_constant: tau, ms.
        transmission_delay: Neural steps that a spike is under way.
        conductance_increment: uS at each spike; the maximal conductance if left out.
        transmission_delay_ms: The delay in ms instead of steps.
    """

    FAMILY: ClassVar[str] = "spiking"
    BOUNDS: ClassVar[Bounds] = SPIKING

    max_conductance: float = 1.0
    reversal_potential: float = 194.0
    time_constant: float = 1.0
    transmission_delay: int = 0
    conductance_increment: float | None = None
    transmission_delay_ms: float | None = None
    name: str = "Spiking Connection"

    def __post_init__(self) -> None:
        """Check the numbers."""
        text(type(self).__name__, "name", self.name)
        settle_columns(self, self.check(self.label, self.columns))

    def check(self, label: str, given: Mapping[str, Any], shape: tuple[int, ...] = ()) -> Columns:
        """See `Connection.check`."""
        return check_spiking(label, given, shape)


class SpikingTransmissionSynapse(SpikingSynapse):
    """A spiking synapse that passes on the rate of its source.

    At the highest rate, U_post of a 1 uS neuron is about gain R. tau = -1 / (f ln(non_linearity)), max_conductance
    = gain R / ((E - gain R) tau f): the rule of SNS-Toolbox's
    documentation with its sign put right (its code cannot make one).
    """

    __slots__ = ()

    def __init__(
        self, gain: float = 1.0, name: str = "Transmit", max_frequency: float = 10.0, non_linearity: float = 0.1,
        *, R: float = 20.0, reversal_potential: float = 194.0, transmission_delay: int = 0,
        transmission_delay_ms: float | None = None,
    ) -> None:  # fmt: skip
        """Design the synapse.

        Args:
            gain: U_post / R at the highest rate.
            name: Name of the kind.
            max_frequency: Highest rate of the source, kHz.
            non_linearity: Share of the conductance that is left after one interval at that rate, between 0
                and 1.
            R: Range of the potentials, mV.
            reversal_potential: E, mV.
            transmission_delay: Neural steps that a spike is under way.
            transmission_delay_ms: The delay in ms instead of steps.

        Raises:
            NetworkError: No positive conductance gives this gain, or a number is out of bounds.
        """
        label = f"SpikingTransmissionSynapse {name!r}"
        frequency = number(label, "max_frequency", max_frequency, above=0.0)
        share = number(label, "non_linearity", non_linearity, above=0.0)
        if share >= 1:
            raise NetworkError(f"{label}: non_linearity is {share:g}; it must be less than 1")
        tau = -1.0 / (frequency * math.log(share))
        conductance = _transmitting(label, gain, R, reversal_potential) / (tau * frequency)
        super().__init__(
            conductance, reversal_potential, tau, transmission_delay, transmission_delay_ms=transmission_delay_ms,
            name=name,
        )  # fmt: skip


def _transmitting(label: str, gain: float, R: float, reversal_potential: float) -> float:
    """Conductance, uS, that takes a 1 uS neuron to gain * R."""
    reach = number(label, "gain", gain) * number(label, "R", R, above=0.0)
    beyond = number(label, "reversal_potential", reversal_potential) - reach
    if reach == 0 or beyond == 0 or reach / beyond < 0:
        raise NetworkError(
            f"{label}: no positive conductance gives a gain of {gain:g} over a range of {R:g} mV with a reversal "
            f"potential of {reversal_potential:g} mV; the gain must not be 0, and the reversal potential must lie "
            f"beyond gain * R = {reach:g} mV"
        )
    return reach / beyond
