"""Connections between populations: plain descriptions of synapses, without any stepping.

Names, defaults and equations are SNS-Toolbox's (Nourse et al. 2023, Biomimetics 8(2):247). Units: uS, mV, ms.

A plain synapse between populations is all-to-all, and each pair gets its share: conductance / number of source
neurons. A matrix says every pair itself, [n_destination, n_source]; zero conductance is no synapse. A pattern is a
kernel that is moved over two populations of the same shape (odd sizes): its entry (a, b) connects the destination
(r, c) with the source (r + a - (rows - 1) / 2, c + b - (columns - 1) / 2), without a flip and without wrapping; a
1-D kernel does the same in one dimension; a kernel of one entry connects all to all with that value.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers, whole_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What every connection has.

    Attributes:
        name: Name of the kind, and of its connections where none is given.
    """

    name: str = "Connection"

    @property
    def label(self) -> str:
        """How messages name this description."""
        return f"{type(self).__name__} {self.name!r}"


@dataclass(frozen=True, slots=True)
class ElectricalSynapse(Connection):
    """A gap junction: I = G (V_other - V) in both neurons.

    Attributes:
        conductance: G, uS.
        rect: Whether current flows only while the source is above the destination.
    """

    conductance: float
    rect: bool = False
    name: str = field(default="Electrical Synapse", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers."""
        numbers(self.label, "conductance", self.conductance, least=0.0)


@dataclass(frozen=True, slots=True)
class NonSpikingSynapse(Connection):
    """A graded chemical synapse: I = G clip((V_pre - e_lo) / (e_hi - e_lo), 0, 1) (E - V_post).

    Attributes:
        max_conductance: G, uS.
        reversal_potential: E, mV. At rest: modulation; above it: excitation; below: inhibition.
        e_lo: Presynaptic potential below which it is closed, mV.
        e_hi: Presynaptic potential above which it is fully open, mV. e_lo > e_hi makes a falling ramp.
    """

    max_conductance: float = 1.0
    reversal_potential: float = 40.0
    e_lo: float = 0.0
    e_hi: float = 20.0
    name: str = field(default="Non-Spiking Connection", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_graded(self)


class NonSpikingTransmissionSynapse(NonSpikingSynapse):
    """A graded synapse that passes on its input times a gain: at the steady state of a 1 uS neuron, U_post = gain R.

    max_conductance = gain R / (E - gain R) and e_hi = e_lo + R (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
    """

    __slots__ = ()

    def __init__(
        self, gain: float = 1.0, R: float = 20.0, reversal_potential: float = 40.0, e_lo: float = 0.0, *,
        name: str = "Transmit",
    ) -> None:  # fmt: skip
        """Design the synapse.

        Args:
            gain: U_post / U_pre.
            R: Range of the potentials, mV.
            reversal_potential: E, mV; of the sign of the gain.
            e_lo: Presynaptic potential below which it is closed, mV.
            name: Name of the kind.

        Raises:
            NetworkError: No positive conductance gives this gain.
        """
        label = f"NonSpikingTransmissionSynapse {name!r}"
        for parameter, value in (("gain", gain), ("R", R), ("reversal_potential", reversal_potential), ("e_lo", e_lo)):
            numbers(label, parameter, value)
        reach = gain * R
        if gain == 0 or reach == reversal_potential or reach / (reversal_potential - reach) <= 0:
            raise NetworkError(
                f"{label}: no positive conductance gives a gain of {gain:g} over a range of {R:g} mV with a reversal "
                f"potential of {reversal_potential:g} mV; the reversal potential must lie beyond gain * R = {reach:g} mV"
            )
        super().__init__(reach / (reversal_potential - reach), reversal_potential, e_lo, e_lo + R, name=name)


class NonSpikingModulationSynapse(NonSpikingSynapse):
    """A graded synapse that divides: with U_pre = e_hi the response of a 1 uS neuron is `ratio` times what it was.

    max_conductance = 1 / ratio - 1, E = 0 (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
    """

    __slots__ = ()

    def __init__(self, ratio: float, e_hi: float = 20.0, *, name: str = "Modulate") -> None:
        """Design the synapse.

        Args:
            ratio: Response with modulation over that without; more than 0, at most 1.
            e_hi: Presynaptic potential of full modulation, mV.
            name: Name of the kind.

        Raises:
            NetworkError: The ratio is out of bounds.
        """
        label = f"NonSpikingModulationSynapse {name!r}"
        value = float(numbers(label, "ratio", ratio, above=0.0))
        if value > 1:
            raise NetworkError(f"{label}: ratio is {value:g}; a synapse can only reduce a response: give 1 or less")
        super().__init__(1.0 / value - 1.0, 0.0, 0.0, e_hi, name=name)


@dataclass(frozen=True, slots=True)
class SpikingSynapse(Connection):
    """A chemical synapse that opens with each spike of its source: G decays with tau and jumps by the increment.

    I = G (E - V_post); G never exceeds the maximal conductance.

    Attributes:
        max_conductance: uS.
        reversal_potential: E, mV.
        time_constant: tau, ms.
        transmission_delay: Neural steps that a spike is under way.
        conductance_increment: uS at each spike; the maximal conductance if left out.
        transmission_delay_ms: The delay in ms instead of steps.
    """

    max_conductance: float = 1.0
    reversal_potential: float = 194.0
    time_constant: float = 1.0
    transmission_delay: int = 0
    conductance_increment: float | None = None
    transmission_delay_ms: float | None = None
    name: str = field(default="Spiking Connection", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_spiking(self)


class SpikingTransmissionSynapse(SpikingSynapse):
    """A spiking synapse that passes on the rate of its source: at the highest rate, U_post = gain R on average.

    tau = -1 / (f ln(non_linearity)), max_conductance = gain R / ((E - gain R) tau f): the rule of SNS-Toolbox's
    documentation with its sign put right.
    """

    __slots__ = ()

    def __init__(
        self, gain: float = 1.0, max_frequency: float = 10.0, non_linearity: float = 0.1, R: float = 20.0,
        reversal_potential: float = 194.0, transmission_delay: int = 0, *, name: str = "Spiking Transmit",
    ) -> None:  # fmt: skip
        """Design the synapse.

        Args:
            gain: U_post / R at the highest rate.
            max_frequency: Highest rate of the source, kHz.
            non_linearity: Share of the conductance that is left after one interval at that rate, between 0 and 1.
            R: Range of the potentials, mV.
            reversal_potential: E, mV.
            transmission_delay: Neural steps that a spike is under way.
            name: Name of the kind.

        Raises:
            NetworkError: No positive conductance gives this gain, or a number is out of bounds.
        """
        label = f"SpikingTransmissionSynapse {name!r}"
        frequency = float(numbers(label, "max_frequency", max_frequency, above=0.0))
        share = float(numbers(label, "non_linearity", non_linearity, above=0.0))
        reach = float(numbers(label, "gain", gain)) * float(numbers(label, "R", R))
        if share >= 1:
            raise NetworkError(f"{label}: non_linearity is {share:g}; it must be less than 1")
        if reach == 0 or reach == reversal_potential or reach / (reversal_potential - reach) <= 0:
            raise NetworkError(
                f"{label}: no positive conductance gives a gain of {gain:g} over a range of {R:g} mV with a reversal "
                f"potential of {reversal_potential:g} mV; the reversal potential must lie beyond gain * R = {reach:g} mV"
            )
        tau = -1.0 / (frequency * math.log(share))
        conductance = reach / ((reversal_potential - reach) * tau * frequency)
        super().__init__(conductance, reversal_potential, tau, transmission_delay, name=name)


@dataclass(frozen=True, slots=True)
class NonSpikingMatrixConnection(Connection):
    """Graded synapses from a matrix, entries used as they are.

    Attributes:
        max_conductance: uS [n_destination, n_source].
        reversal_potential: mV, the same shape or a number; likewise e_lo and e_hi.
        e_lo: mV.
        e_hi: mV.
    """

    max_conductance: ArrayLike
    reversal_potential: ArrayLike = 40.0
    e_lo: ArrayLike = 0.0
    e_hi: ArrayLike = 20.0
    name: str = field(default="Non-Spiking Matrix", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        check_graded(self, shaped(self, "max_conductance", (2,)))


@dataclass(frozen=True, slots=True)
class SpikingMatrixConnection(Connection):
    """Spiking synapses from a matrix, entries used as they are.

    Attributes:
        max_conductance: uS [n_destination, n_source].
        reversal_potential: mV, the same shape or a number; likewise all others.
        time_constant: ms.
        transmission_delay: Neural steps.
        conductance_increment: uS; the maximal conductance if left out.
        transmission_delay_ms: The delay in ms instead of steps.
    """

    max_conductance: ArrayLike
    reversal_potential: ArrayLike = 194.0
    time_constant: ArrayLike = 1.0
    transmission_delay: ArrayLike = 0
    conductance_increment: ArrayLike | None = None
    transmission_delay_ms: ArrayLike | None = None
    name: str = field(default="Spiking Matrix", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        check_spiking(self, shaped(self, "max_conductance", (2,)))


@dataclass(frozen=True, slots=True)
class NonSpikingPatternConnection(Connection):
    """Graded synapses from a kernel that is moved over two populations of the same shape.

    Attributes:
        max_conductance_kernel: uS [rows, columns] or [n], odd sizes.
        reversal_potential_kernel: mV, the same shape or a number; likewise the others.
        e_lo_kernel: mV.
        e_hi_kernel: mV.
    """

    max_conductance_kernel: ArrayLike
    reversal_potential_kernel: ArrayLike = 40.0
    e_lo_kernel: ArrayLike = 0.0
    e_hi_kernel: ArrayLike = 20.0
    name: str = field(default="Non-Spiking Pattern", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        check_graded(self, odd(self, shaped(self, "max_conductance_kernel", (1, 2))), "_kernel")


@dataclass(frozen=True, slots=True)
class SpikingPatternConnection(Connection):
    """Spiking synapses from a kernel that is moved over two populations of the same shape.

    Attributes:
        max_conductance_kernel: uS [rows, columns] or [n], odd sizes.
        reversal_potential_kernel: mV, the same shape or a number; likewise all others.
        time_constant_kernel: ms.
        transmission_delay_kernel: Neural steps.
        conductance_increment_kernel: uS; the maximal conductance if left out.
        transmission_delay_ms_kernel: The delay in ms instead of steps.
    """

    max_conductance_kernel: ArrayLike
    reversal_potential_kernel: ArrayLike = 194.0
    time_constant_kernel: ArrayLike = 1.0
    transmission_delay_kernel: ArrayLike = 0
    conductance_increment_kernel: ArrayLike | None = None
    transmission_delay_ms_kernel: ArrayLike | None = None
    name: str = field(default="Spiking Pattern", kw_only=True)

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        check_spiking(self, odd(self, shaped(self, "max_conductance_kernel", (1, 2))), "_kernel")


def shaped(connection: Connection, name: str, dimensions: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of a matrix or kernel, which must have one of these numbers of dimensions."""
    array = numbers(connection.label, name, getattr(connection, name), least=0.0)
    if array.ndim not in dimensions or not array.size:
        wanted = " or ".join(f"{d}-D" for d in dimensions)
        raise NetworkError(f"{connection.label}: {name} has shape {array.shape}; give a {wanted} array that is not empty")
    return array.shape


def odd(connection: Connection, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Refuse a kernel without a middle."""
    if any(size % 2 == 0 for size in shape):
        raise NetworkError(f"{connection.label}: the kernel has shape {shape}; every size must be odd")
    return shape


def _checked(
    connection: Connection, name: str, shape: tuple[int, ...], **bounds: float
) -> NDArray[np.float64]:
    array = numbers(connection.label, name, getattr(connection, name), **bounds)
    if array.shape not in ((), shape):
        raise NetworkError(
            f"{connection.label}: {name} has shape {array.shape}; give {shape} like the conductances, or a number"
            if shape
            else f"{connection.label}: {name} has shape {array.shape}; give one number"
        )
    return np.broadcast_to(array, shape)


def check_graded(connection: Any, shape: tuple[int, ...] = (), suffix: str = "") -> None:
    """Check the four parameters of graded synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a ramp without width.
    """
    conductance = _checked(connection, f"max_conductance{suffix}", shape, least=0.0)
    _checked(connection, f"reversal_potential{suffix}", shape)
    e_lo = _checked(connection, f"e_lo{suffix}", shape)
    e_hi = _checked(connection, f"e_hi{suffix}", shape)
    flat = (e_lo == e_hi) & (conductance > 0)
    if flat.any():
        value = float(e_lo[flat].flat[0]) if shape else float(e_lo)
        raise NetworkError(f"{connection.label}: e_lo and e_hi are both {value:g}; give the ramp a width")


def check_spiking(connection: Any, shape: tuple[int, ...] = (), suffix: str = "") -> None:
    """Check the parameters of spiking synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a delay given twice.
    """
    _checked(connection, f"max_conductance{suffix}", shape, least=0.0)
    _checked(connection, f"reversal_potential{suffix}", shape)
    _checked(connection, f"time_constant{suffix}", shape, above=0.0)
    if getattr(connection, f"conductance_increment{suffix}") is not None:
        _checked(connection, f"conductance_increment{suffix}", shape, least=0.0)
    steps = whole_numbers(
        connection.label, f"transmission_delay{suffix}", getattr(connection, f"transmission_delay{suffix}")
    )
    _checked(connection, f"transmission_delay{suffix}", shape, least=0.0)
    if getattr(connection, f"transmission_delay_ms{suffix}") is not None:
        _checked(connection, f"transmission_delay_ms{suffix}", shape, least=0.0)
        if steps.any():
            raise NetworkError(f"{connection.label}: the delay is given in steps and in ms; give one of them")
