"""Layers from this package's descriptions of neurons and synapses, with units: the same numbers in both.

A network of such layers, stepped in the order currents then neurons, gives what `Network.compile` gives. Tensors of
layers are in mV, nA and uS then.
"""

from dataclasses import fields
from typing import Any

import numpy as np
import torch

from sns_mujoco.backends.edges import whole_steps
from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.activations import PiecewiseActivation
from sns_mujoco.layers.chemical import NonSpikingChemicalSynapseLinear
from sns_mujoco.layers.electrical import ElectricalSynapseLinear
from sns_mujoco.layers.gated import Gate, GatedChannelLayer
from sns_mujoco.layers.nonspiking import NonSpikingLayer
from sns_mujoco.layers.spiking import SpikingLayer
from sns_mujoco.layers.spiking_synapse import SpikingChemicalSynapseLinear
from sns_mujoco.network import ElectricalSynapse, NonSpikingNeuron, NonSpikingSynapse, SpikingNeuron, SpikingSynapse

Device = torch.device | str | None
Synapses = NonSpikingChemicalSynapseLinear | SpikingChemicalSynapseLinear | ElectricalSynapseLinear

_MEMBRANE = {"name", "color", "membrane_capacitance", "membrane_conductance", "resting_potential", "bias"}
_SPIKING = {
    "threshold_time_constant", "threshold_initial_value", "threshold_proportionality_constant", "threshold_leak_rate",
    "threshold_increment", "threshold_floor", "reset_potential", "refractory_period", "reset_mode",
}  # fmt: skip


def neuron_layer(
    neuron: NonSpikingNeuron,
    size: int,
    dt: float,
    *,
    device: Device = None,
    dtype: torch.dtype | None = None,
    **options: Any,
) -> NonSpikingLayer | SpikingLayer:
    """A population as a layer, starting at rest. Its ion channels, if any, are made by `channel_layer`.

    Args:
        neuron: Description; parameters may be arrays [size].
        size: Number of neurons.
        dt: Neural step, ms.
        device: Device of the parameters.
        dtype: Floating point type; torch's default if left out.
        **options: For spiking neurons: `spike`, `alpha`, `detach_reset` of `SpikingLayer`.

    Returns:
        A `SpikingLayer` for a `SpikingNeuron`, a `NonSpikingLayer` for any other.

    Raises:
        NetworkError: dt is not positive, the description says something that no layer has, or a step is too long.
        TimeStepError: A refractory period vanishes in the step.
    """
    _check_step(dt)
    if not isinstance(neuron, NonSpikingNeuron):
        raise NetworkError(f"{neuron!r} has equations that no layer has; give a NonSpikingNeuron or a SpikingNeuron")
    spiking = isinstance(neuron, SpikingNeuron)
    known = _MEMBRANE | (_SPIKING if spiking else set())
    _refuse_further(neuron, known | {field.name for field in fields(neuron) if neuron.channels})
    rest = neuron.resting_potential
    params = {
        "tau": dt / np.asarray(neuron.membrane_capacitance), "leak": neuron.membrane_conductance, "rest": rest,
        "bias": neuron.bias, "init": rest,
    }  # fmt: skip
    if not spiking:
        return NonSpikingLayer(size, _spread(params, (size,)), device=device, dtype=dtype)
    params |= {
        "reset": rest if neuron.reset_potential is None else neuron.reset_potential,
        "threshold_tau": dt / np.asarray(neuron.threshold_time_constant),
        "threshold_leak": neuron.threshold_leak_rate,
        "threshold_init": neuron.threshold_initial_value,
        "threshold_gain": neuron.threshold_proportionality_constant,
        "threshold_increment": neuron.threshold_increment,
        "threshold_floor": rest if neuron.threshold_floor is None else neuron.threshold_floor,
    }
    steps = torch.as_tensor(whole_steps(neuron.refractory_period, dt, f"{neuron.label}: a refractory period")).long()
    return SpikingLayer(
        size, _spread(params, (size,)), device=device, dtype=dtype, refractory_steps=steps,
        reset_mode=neuron.reset_mode, **options,
    )  # fmt: skip


def channel_layer(
    neuron: NonSpikingNeuron, size: int, dt: float, *, device: Device = None, dtype: torch.dtype | None = None
) -> GatedChannelLayer:
    """The ion channels of a population as a layer, with gates a, b and c as far as they are in use.

    Args:
        neuron: Description of a neuron with gated channels or persistent sodium.
        size: Number of neurons.
        dt: Neural step, ms.
        device: Device of the parameters.
        dtype: Floating point type; torch's default if left out.

    Raises:
        NetworkError: dt is not positive, the neuron has no channels, or a gate needs another time constant at
            different neurons or channels ("voltage" here, "constant" there).
    """
    _check_step(dt)
    described = neuron.channels
    if not described:
        raise NetworkError(f"{neuron.label} has no ion channels; give a neuron that has")
    shape = (len(described["g_ion"]), size)
    gates, params = {}, {"g_ion": described["g_ion"], "e_ion": described["e_ion"]}
    for z in "abc":
        power = described[f"pow_{z}"]
        if not power.any():
            continue
        if (power != power[:, :1]).any():
            raise NetworkError(f"{neuron.label}: pow_{z} differs between neurons; make one population for each")
        constant = np.unique(described.get(f"constant_{z}", 0.0))
        if len(constant) > 1:
            raise NetworkError(f"{neuron.label}: tau_mode_{z} differs between channels; give one mode for all")
        dynamic = f"tau_max_{z}" in described
        mode = "instantaneous" if not dynamic else "constant" if constant[0] else "voltage"
        gates[z] = Gate(power=tuple(power[:, 0].tolist()), mode=mode)
        params |= {f"{part}_{z}": described[f"{part}_{z}"] for part in ("k", "slope", "e")}
        if dynamic:
            params[f"tau_{z}"] = dt / described[f"tau_max_{z}"]
    return GatedChannelLayer(shape[1], shape[0], gates, _spread(params, shape), device=device, dtype=dtype)


def synapse_layer(
    synapse: NonSpikingSynapse | SpikingSynapse | ElectricalSynapse, size_pre: int, size_post: int, dt: float, *,
    device: Device = None, dtype: torch.dtype | None = None,
) -> Synapses:  # fmt: skip
    """A plain synapse between two populations as a layer: all-to-all, each pair with its share of the conductance.

    Args:
        synapse: Description.
        size_pre: Number of source neurons, among which the conductance is shared out.
        size_post: Number of destination neurons.
        dt: Neural step, ms.
        device: Device of the parameters.
        dtype: Floating point type; torch's default if left out.

    Raises:
        NetworkError: dt is not positive, the description is of another class (a matrix or pattern, say, whose numbers
            go into `params` of a layer), or says something that no layer has.
        TimeStepError: A delay vanishes in the step.
    """
    _check_step(dt)
    shape, place = (size_post, size_pre), {"device": device, "dtype": dtype}
    if isinstance(synapse, ElectricalSynapse):
        _refuse_further(synapse, {"name", "conductance", "rect"})
        conductance = _spread({"conductance": synapse.conductance / size_pre}, shape)
        return ElectricalSynapseLinear(size_pre, size_post, conductance, synapse.rect, **place)
    if isinstance(synapse, NonSpikingSynapse):
        _refuse_further(synapse, {"name", "max_conductance", "reversal_potential", "e_lo", "e_hi"})
        params = {"conductance": synapse.max_conductance / size_pre, "reversal": synapse.reversal_potential}
        ramp = PiecewiseActivation(synapse.e_lo, synapse.e_hi)
        return NonSpikingChemicalSynapseLinear(size_pre, size_post, _spread(params, shape), ramp, **place)
    if not isinstance(synapse, SpikingSynapse):
        raise NetworkError(
            f"{synapse!r} is no NonSpikingSynapse, SpikingSynapse or ElectricalSynapse; give one of these"
        )
    known = {"max_conductance", "reversal_potential", "time_constant", "conductance_increment"}
    _refuse_further(synapse, known | {"name", "transmission_delay", "transmission_delay_ms"})
    increment = synapse.conductance_increment
    params = {
        "conductance": synapse.max_conductance / size_pre, "reversal": synapse.reversal_potential,
        "increment": (synapse.max_conductance if increment is None else increment) / size_pre,
        "tau": dt / synapse.time_constant,
    }  # fmt: skip
    late = synapse.transmission_delay_ms
    delay = synapse.transmission_delay if late is None else int(whole_steps(late, dt, f"{synapse.label}: a delay"))
    return SpikingChemicalSynapseLinear(size_pre, size_post, _spread(params, shape), delay, **place)


def _check_step(dt: Any) -> None:
    """Refuse a step that is none.

    Raises:
        NetworkError: It is not a finite number of more than 0.
    """
    if isinstance(dt, bool) or not isinstance(dt, int | float) or not 0 < dt < float("inf"):
        raise NetworkError(f"dt is {dt!r}; give a neural step in ms, more than 0")


def _refuse_further(description: Any, known: set[str]) -> None:
    """Refuse a description that says more than a layer can do.

    Raises:
        NetworkError: Names what it says.
    """
    for field in fields(description):
        default: Any = field.default
        if field.name not in known and not np.array_equal(getattr(description, field.name), default):
            raise NetworkError(
                f"{description.label}: {field.name} is {getattr(description, field.name)!r}, which no layer has; leave "
                "it at its default"
            )


def _spread(params: dict[str, Any], shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """One value for every neuron or synapse, so that each can be learned on its own."""
    return {name: np.broadcast_to(np.asarray(value, dtype=float), shape).copy() for name, value in params.items()}
