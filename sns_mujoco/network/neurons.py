"""Neuron models: plain descriptions of what a neuron is, without any stepping.

Names, defaults and equations are SNS-Toolbox's (Nourse et al. 2023, Biomimetics 8(2):247). Units: nF, uS, mV, nA, ms.
A parameter of a neuron that is used for a population may be an array with one value for every neuron of it.

    C dV/dt = -G (V - V_rest) + bias + I_synapses + I_applied + I_channels
"""

from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers

TauMode = Literal["voltage", "constant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NonSpikingNeuron:
    """A leaky membrane: its potential is its message.

    Attributes:
        name: Name of the kind, and of its neurons where none is given.
        color: Colour in pictures.
        membrane_capacitance: C, nF.
        membrane_conductance: G, uS.
        resting_potential: V_rest, mV.
        bias: Constant current, nA.

    Raises:
        NetworkError: A number is not finite, or a capacitance or conductance is not positive.
    """

    name: str = "Neuron"
    color: str = "white"
    membrane_capacitance: ArrayLike = 5.0
    membrane_conductance: ArrayLike = 1.0
    resting_potential: ArrayLike = 0.0
    bias: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not isinstance(self.name, str):
            raise NetworkError(f"{type(self).__name__}: name is {self.name!r}; give a text")
        numbers(self.label, "membrane_capacitance", self.membrane_capacitance, above=0.0)
        numbers(self.label, "membrane_conductance", self.membrane_conductance, above=0.0)
        numbers(self.label, "resting_potential", self.resting_potential)
        numbers(self.label, "bias", self.bias)

    @property
    def label(self) -> str:
        """How messages name this description."""
        return f"{type(self).__name__} {self.name!r}"


@dataclass(frozen=True, slots=True)
class SpikingNeuron(NonSpikingNeuron):
    """A generalised leaky integrate-and-fire neuron whose threshold moves.

        tau dtheta/dt = leak (theta_0 - theta) + m (V - V_rest)

    When V exceeds theta, the neuron spikes: V goes to the reset potential, and theta to
    max(theta + increment, floor). A positive m raises the threshold with the potential, so the rate adapts; a negative
    one lowers it. (SNS-Toolbox's documentation has the signs the other way round; its code does this.)

    Attributes:
        threshold_time_constant: tau, ms.
        threshold_initial_value: theta_0, mV.
        threshold_proportionality_constant: m.
        threshold_leak_rate: leak.
        threshold_increment: mV, added at every spike.
        threshold_floor: mV, least threshold after a spike; the resting potential if left out.
        reset_potential: mV; the resting potential if left out.
        refractory_period: ms after a spike during which the neuron stays at its reset potential.
    """

    threshold_time_constant: ArrayLike = 5.0
    threshold_initial_value: ArrayLike = 1.0
    threshold_proportionality_constant: ArrayLike = 0.0
    threshold_leak_rate: ArrayLike = 1.0
    threshold_increment: ArrayLike = 0.0
    threshold_floor: ArrayLike | None = None
    reset_potential: ArrayLike | None = None
    refractory_period: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        NonSpikingNeuron.__post_init__(self)
        numbers(self.label, "threshold_time_constant", self.threshold_time_constant, above=0.0)
        for name in (
            "threshold_initial_value", "threshold_proportionality_constant", "threshold_leak_rate", "threshold_increment",
        ):  # fmt: skip
            numbers(self.label, name, getattr(self, name))
        for name in ("threshold_floor", "reset_potential"):
            if getattr(self, name) is not None:
                numbers(self.label, name, getattr(self, name))
        numbers(self.label, "refractory_period", self.refractory_period, least=0.0)


@dataclass(frozen=True, slots=True)
class _GatedNeuron(NonSpikingNeuron):
    """What neurons with ion channels have in common."""

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Parameters of the channels, each [n_channels]: g_ion, e_ion and, for z in a, b, c, those of the gates."""
        raise NotImplementedError

    @property
    def constant_tau(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether the time constants of gates b and c are constant, each [n_channels]."""
        raise NotImplementedError


def _gate(owner: str, count: int, parameters: dict[str, Any]) -> dict[str, NDArray[np.float64]]:
    checked = {}
    for name, value in parameters.items():
        bound = {"least": 0.0} if name.startswith(("g_ion", "pow", "k_")) else {}
        bound = {"above": 0.0} if name.startswith("tau") else bound
        array = np.atleast_1d(numbers(owner, name, value, **bound))
        if array.shape not in ((count,), (1,)):
            raise NetworkError(f"{owner}: {name} has {array.size} values for {count} channels; give one for each")
        checked[name] = np.broadcast_to(array, (count,)).copy()
    return checked


def _tau_mode(owner: str, name: str, value: Any, count: int) -> NDArray[np.bool_]:
    modes = [value] * count if isinstance(value, str) else list(value)
    if len(modes) != count or any(mode not in ("voltage", "constant") for mode in modes):
        raise NetworkError(f"{owner}: {name} is {value!r}; give 'voltage' or 'constant', or one of them for each channel")
    return np.array([mode == "constant" for mode in modes])


@dataclass(frozen=True, slots=True)
class NonSpikingNeuronWithGatedChannels(_GatedNeuron):
    """A non-spiking neuron with ion channels, each with an instantaneous gate a and dynamic gates b and c.

        I = sum g_ion a_inf^pow_a b^pow_b c^pow_c (e_ion - V),   dz/dt = (z_inf - z) / tau_z,
        z_inf = 1 / (1 + k exp(slope (e - V))),   tau_z = tau_max z_inf sqrt(k exp(slope (e - V)))

    Each argument takes one value for each channel, or one for all. A gate is switched off by pow 0, k 1, slope 0, e 0,
    tau_max 1, which are the defaults of the gates c.

    Attributes:
        g_ion: uS.
        e_ion: mV.
        pow_a: Exponent of gate a; likewise pow_b, pow_c.
        k_a: Factor in gate a; likewise k_b, k_c.
        slope_a: 1/mV; likewise slope_b, slope_c.
        e_a: Midpoint, mV; likewise e_b, e_c.
        tau_max_b: ms; likewise tau_max_c.
        tau_mode_b: "voltage" for the tau_z above, "constant" for tau_max at every potential, as AnimatLab's models
            have it; likewise tau_mode_c.
    """

    g_ion: ArrayLike
    e_ion: ArrayLike
    pow_a: ArrayLike = 0.0
    k_a: ArrayLike = 1.0
    slope_a: ArrayLike = 0.0
    e_a: ArrayLike = 0.0
    pow_b: ArrayLike = 0.0
    k_b: ArrayLike = 1.0
    slope_b: ArrayLike = 0.0
    e_b: ArrayLike = 0.0
    tau_max_b: ArrayLike = 1.0
    pow_c: ArrayLike = 0.0
    k_c: ArrayLike = 1.0
    slope_c: ArrayLike = 0.0
    e_c: ArrayLike = 0.0
    tau_max_c: ArrayLike = 1.0
    tau_mode_b: TauMode | tuple[TauMode, ...] = "voltage"
    tau_mode_c: TauMode | tuple[TauMode, ...] = "voltage"

    def __post_init__(self) -> None:
        """Check the numbers."""
        NonSpikingNeuron.__post_init__(self)
        if not np.size(self.g_ion):
            raise NetworkError(f"{self.label}: g_ion is empty; give the conductance of at least one channel")
        self.channels, self.constant_tau  # noqa: B018 - reading them checks them

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Parameters of the channels, each [n_channels]."""
        names = [f.name for f in fields(NonSpikingNeuronWithGatedChannels) if f.name in _CHANNEL_PARAMETERS]
        return _gate(self.label, np.size(self.g_ion), {name: getattr(self, name) for name in names})

    @property
    def constant_tau(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether the time constants of gates b and c are constant, each [n_channels]."""
        count = np.size(self.g_ion)
        return (
            _tau_mode(self.label, "tau_mode_b", self.tau_mode_b, count),
            _tau_mode(self.label, "tau_mode_c", self.tau_mode_c, count),
        )


_CHANNEL_PARAMETERS = {"g_ion", "e_ion"} | {f"{p}_{z}" for p in ("pow", "k", "slope", "e", "tau_max") for z in "abc"}


@dataclass(frozen=True, slots=True)
class NonSpikingNeuronWithPersistentSodiumChannel(_GatedNeuron):
    """A non-spiking neuron with a persistent sodium current, the engine of many pattern generators.

        I = g_ion m_inf h (e_ion - V)

    with m instantaneous and h dynamic, gates as in `NonSpikingNeuronWithGatedChannels`. The default conductance gives
    the neuron a second equilibrium at 20 mV: G R / (m_inf(R) h_inf(R) (E - R)) with G 1, R 20, E 110 (Szczecinski,
    Hunt & Quinn 2017, Biol Cybern 111:105).

    Attributes:
        g_ion: uS.
        e_ion: mV.
        k_m: Factor in gate m; likewise k_h.
        slope_m: 1/mV; likewise slope_h.
        e_m: Midpoint, mV; likewise e_h.
        tau_max_h: ms.
        tau_mode_h: "voltage" or "constant".
    """

    g_ion: ArrayLike = 1.0485070729908987
    e_ion: ArrayLike = 110.0
    k_m: ArrayLike = 1.0
    slope_m: ArrayLike = 0.05
    e_m: ArrayLike = 20.0
    k_h: ArrayLike = 0.5
    slope_h: ArrayLike = -0.05
    e_h: ArrayLike = 0.0
    tau_max_h: ArrayLike = 300.0
    tau_mode_h: TauMode = "voltage"

    def __post_init__(self) -> None:
        """Check the numbers."""
        NonSpikingNeuron.__post_init__(self)
        self.channels, self.constant_tau  # noqa: B018 - reading them checks them

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Parameters of the channel, each [1]: m is gate a, h is gate b, gate c is switched off."""
        own = {
            "g_ion": self.g_ion, "e_ion": self.e_ion, "pow_a": 1.0, "k_a": self.k_m, "slope_a": self.slope_m,
            "e_a": self.e_m, "pow_b": 1.0, "k_b": self.k_h, "slope_b": self.slope_h, "e_b": self.e_h,
            "tau_max_b": self.tau_max_h, "pow_c": 0.0, "k_c": 1.0, "slope_c": 0.0, "e_c": 0.0, "tau_max_c": 1.0,
        }  # fmt: skip
        return _gate(self.label, 1, own)

    @property
    def constant_tau(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether the time constant of h is constant, and that of the gate that is off."""
        return _tau_mode(self.label, "tau_mode_h", self.tau_mode_h, 1), np.zeros(1, bool)


def channels_of(neuron: NonSpikingNeuron) -> dict[str, NDArray[np.float64]] | None:
    """Parameters of a kind's ion channels, or None if it has none."""
    return neuron.channels if isinstance(neuron, _GatedNeuron) else None


def constant_tau_of(neuron: NonSpikingNeuron) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the time constants of gates b and c of each of its channels are constant."""
    assert isinstance(neuron, _GatedNeuron)
    return neuron.constant_tau
