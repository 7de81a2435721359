"""Neurons with ion channels: plain descriptions, without any stepping.

Names, defaults and equations are SNS-Toolbox's (Nourse et al. 2023, Biomimetics 8(2):247). Units: nF, uS, mV, nA, ms.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.neurons import NonSpikingNeuron, settle_numbers

TauMode = Literal["voltage", "constant"]

CHANNEL_PARAMETERS = {
    "g_ion": {"least": 0.0}, "e_ion": {},
    "pow_a": {"least": 0.0}, "k_a": {"least": 0.0}, "slope_a": {}, "e_a": {},
    "pow_b": {"least": 0.0}, "k_b": {"above": 0.0}, "slope_b": {}, "e_b": {}, "tau_max_b": {"above": 0.0},
    "pow_c": {"least": 0.0}, "k_c": {"above": 0.0}, "slope_c": {}, "e_c": {}, "tau_max_c": {"above": 0.0},
    "constant_b": {}, "constant_c": {},
}  # fmt: skip
"""What describes an ion channel, with its bounds; `constant_z` is 1 where tau_z is tau_max_z at every
potential."""


@dataclass(frozen=True, slots=True)
class NonSpikingNeuronWithGatedChannels(NonSpikingNeuron):
    """A non-spiking neuron with ion channels, each with an instantaneous gate a and dynamic gates b and c.

        I = sum g_ion a_inf^pow_a b^pow_b c^pow_c (e_ion - V),   dz/dt = (z_inf - z) / tau_z,
        z_inf = 1 / (1 + k exp(slope (e - V))),   tau_z = tau_max z_inf sqrt(k exp(slope (e - V)))

    Each argument takes one value for all channels, one for each, or [n_channels, n_neurons] values for a
    population. A gate is switched off by pow 0, k 1, slope 0, e 0, tau_max 1, which are the defaults.

    Attributes:
        g_ion: uS.
        e_ion: mV.
        pow_a: Exponent of gate a; likewise pow_b, pow_c.
        k_a: Factor in gate a; likewise k_b, k_c.
        slope_a: 1/mV; likewise slope_b, slope_c.
        e_a: Midpoint, mV; likewise e_b, e_c.
        tau_max_b: ms; likewise tau_max_c.
        tau_mode_b: "voltage" for the tau_z above, "constant" for tau_max at every potential, as AnimatLab's
            models have it; one for all channels, or one for each; likewise tau_mode_c.
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
        for name, bounds in CHANNEL_PARAMETERS.items():
            if not name.startswith("constant"):
                settle_numbers(self, name, **bounds)
        if not np.size(self.g_ion):
            raise NetworkError(f"{self.label}: g_ion is empty; give the conductance of at least one channel")
        _ = self.channels  # where a number of values does not fit, this says so

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Its ion channels, see `NonSpikingNeuron.channels`."""
        count = np.shape(self.g_ion)[0] if np.ndim(self.g_ion) else 1
        given = {name: getattr(self, name, None) for name in CHANNEL_PARAMETERS}
        given["constant_b"] = _constant(self, "tau_mode_b", count)
        given["constant_c"] = _constant(self, "tau_mode_c", count)
        return {name: _by_channel(self, name, value, count) for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class NonSpikingNeuronWithPersistentSodiumChannel(NonSpikingNeuron):
    """A non-spiking neuron with a persistent sodium current, the engine of many pattern generators.

        I = g_ion m_inf h (e_ion - V)

    with m instantaneous and h dynamic, gates as in `NonSpikingNeuronWithGatedChannels`. The default
    conductance gives the neuron a second equilibrium at 20 mV: G R / (m_inf(R) h_inf(R) (E - R)) with G 1, R
    20, E 110 (Szczecinski, Hunt & Quinn 2017, Biol Cybern 111:105).

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
        settle_numbers(self, "g_ion", least=0.0)
        settle_numbers(self, "e_ion")
        settle_numbers(self, "k_m", least=0.0)
        settle_numbers(self, "k_h", above=0.0)
        for name in ("slope_m", "e_m", "slope_h", "e_h"):
            settle_numbers(self, name)
        settle_numbers(self, "tau_max_h", above=0.0)
        _ = self.channels  # where a number of values does not fit, this says so

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Its channel, see `NonSpikingNeuron.channels`: m is gate a, h is gate b, gate c is switched off."""
        given = {
            "g_ion": self.g_ion, "e_ion": self.e_ion, "pow_a": 1.0, "k_a": self.k_m, "slope_a": self.slope_m,
            "e_a": self.e_m, "pow_b": 1.0, "k_b": self.k_h, "slope_b": self.slope_h, "e_b": self.e_h,
            "tau_max_b": self.tau_max_h, "pow_c": 0.0, "k_c": 1.0, "slope_c": 0.0, "e_c": 0.0, "tau_max_c": 1.0,
            "constant_b": _constant(self, "tau_mode_h", 1), "constant_c": 0.0,
        }  # fmt: skip
        # with a single channel, a row of values is one for each neuron
        return {name: _by_channel(self, name, np.reshape(value, (1, -1)), 1) for name, value in given.items()}


def _by_channel(neuron: NonSpikingNeuron, name: str, value: Any, count: int) -> NDArray[np.float64]:
    """A channel parameter as [n_channels, 1] or [n_channels, n_neurons]."""
    array = np.asarray(value, dtype=float)
    array = array.reshape(-1, 1) if array.ndim < 2 else array
    if array.ndim > 2 or array.shape[0] not in (1, count):
        raise NetworkError(
            f"{neuron.label}: {name} has shape {np.shape(value)} for {count} channels; give one value for all, one for "
            "each, or [n_channels, n_neurons]"
        )
    return np.broadcast_to(array, (count, array.shape[1]))


def _constant(neuron: NonSpikingNeuron, name: str, count: int) -> NDArray[np.float64]:
    """Where a gate's time constant is constant: 1.0 or 0.0 for each channel."""
    value = getattr(neuron, name)
    modes = list(value) if isinstance(value, list | tuple) else [value] * count
    if len(modes) != count or any(mode not in ("voltage", "constant") for mode in modes):
        raise NetworkError(
            f"{neuron.label}: {name} is {value!r}; give 'voltage' or 'constant', or one of them for each channel"
        )
    return np.array([mode == "constant" for mode in modes], float)
