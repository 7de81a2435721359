"""Populations as nodes of NIR, and what of them NIR cannot say."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network.neurons import LIFNeuron, NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.parts import Population

MS_PER_S = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Membrane:
    """The parameters of a population, one for each neuron [n].

    Attributes:
        spikes: Whether it spikes.
        capacitance: nF.
        conductance: uS.
        rest: mV.
        bias: nA.
        threshold: mV; empty without spikes.
        reset: mV; empty without spikes.
    """

    spikes: bool
    capacitance: NDArray[np.float64]
    conductance: NDArray[np.float64]
    rest: NDArray[np.float64]
    bias: NDArray[np.float64]
    threshold: NDArray[np.float64]
    reset: NDArray[np.float64]

    @property
    def integrates(self) -> bool:
        """Whether it does not leak."""
        return not self.conductance.any()

    def shows_its_input(self, dt: float) -> bool:
        """Whether its potential before a spike is its current of this step, under forward Euler."""
        plain = (self.conductance == 1).all() and not self.rest.any() and not self.reset.any()
        return bool(plain and (self.capacitance == dt).all())

    def spikes_always(self, dt: float, initial: NDArray[np.float64]) -> bool:
        """Whether every neuron spikes in every step if nothing reaches it."""
        if not self.spikes:
            return False
        return all(
            bool(
                ((v + dt / self.capacitance * (self.bias - self.conductance * (v - self.rest))) > self.threshold).all()
            )
            for v in (initial, self.reset)
        )


def membrane_of(population: Population) -> tuple[Membrane | None, list[str]]:
    """What NIR can say of a population.

    Returns:
        Its membrane, or None if NIR has no such neurons; and what gets lost.
    """
    kind, owner = population.neuron, f"population {population.name!r}"
    if type(kind) not in (NonSpikingNeuron, SpikingNeuron, LIFNeuron):
        return None, [f"{owner} is of {type(kind).__name__}s: only leaky membranes and integrators are"]
    value = {name: _each(getattr(kind, name), population.size) for name in kind.per_neuron}
    leak = value["membrane_conductance"]
    if leak.any() and not leak.all():
        return None, [f"{owner} has neurons with and without a leak: only one or the other are"]
    lost = []
    start = value["resting_potential"] if leak.any() else np.zeros(population.size)
    if not np.array_equal(population.initial, start):
        lost.append(f"{owner} starts at other potentials than {'its resting one' if leak.any() else '0'}")
    empty = np.empty(0)
    if isinstance(kind, SpikingNeuron):
        lost += [f"{owner} {what}" for what in _of_spikes(kind, value)]
    membrane = Membrane(
        spikes=kind.spikes,
        capacitance=value["membrane_capacitance"],
        conductance=leak,
        rest=value["resting_potential"],
        bias=value["bias"],
        threshold=value["threshold_initial_value"] if kind.spikes else empty,
        reset=_or_rest(value, "reset_potential") if kind.spikes else empty,
    )
    return membrane, lost


def _of_spikes(kind: SpikingNeuron, value: dict[str, NDArray[np.float64]]) -> list[str]:
    """What of a spiking neuron NIR has no word for."""
    moving = value["threshold_proportionality_constant"].any() or value["threshold_increment"].any()
    raised = (_or_rest(value, "threshold_floor") > value["threshold_initial_value"]).any()
    lost = []
    if moving or raised:
        lost.append("has thresholds that move")
    if value["refractory_period"].any():
        lost.append("has a refractory period")
    if kind.reset_mode != "value":
        lost.append("is reset by subtraction")
    return lost


def _each(value: Any, size: int) -> NDArray[np.float64]:
    """A parameter for every neuron; NaN where it is left out."""
    return np.broadcast_to(np.ravel(np.nan if value is None else value), (size,)).astype(float)


def _or_rest(value: dict[str, NDArray[np.float64]], name: str) -> NDArray[np.float64]:
    return np.where(np.isnan(value[name]), value["resting_potential"], value[name])


def node_of(nir: Any, membrane: Membrane, tau_syn: NDArray[np.float64] | None, dt: float) -> Any:
    """The node of a population.

    Args:
        nir: The package.
        membrane: Its parameters.
        tau_syn: Synaptic time constants, ms [n], or None where currents reach it directly.
        dt: ms.
    """
    if membrane.spikes and tau_syn is None and membrane.shows_its_input(dt):
        return nir.Threshold(threshold=membrane.threshold)
    spikes = {"v_threshold": membrane.threshold, "v_reset": membrane.reset} if membrane.spikes else {}
    if membrane.integrates:
        return (nir.IF if spikes else nir.I)(r=MS_PER_S / membrane.capacitance, **spikes)
    leak = {"r": 1 / membrane.conductance, "v_leak": membrane.rest, **spikes}
    tau = membrane.capacitance / membrane.conductance / MS_PER_S
    if tau_syn is None:
        return (nir.LIF if spikes else nir.LI)(tau=tau, **leak)
    return (nir.CubaLIF if spikes else nir.CubaLI)(
        tau_mem=tau, tau_syn=tau_syn / MS_PER_S, w_in=np.ones(len(tau)), **leak
    )
