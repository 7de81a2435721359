"""The arrays of a `Program` that describe neurons: membranes, thresholds, ion channels."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends import toolbox_semantics
from sns_mujoco.backends.edges import whole_steps
from sns_mujoco.backends.factors import gained, kept
from sns_mujoco.backends.families import Noise
from sns_mujoco.backends.program import TauRule
from sns_mujoco.network.gated_neurons import CHANNEL_PARAMETERS
from sns_mujoco.network.network import Network
from sns_mujoco.network.neurons import NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.parts import Population

THRESHOLD_PARAMETERS = (
    "threshold_time_constant",
    "threshold_initial_value",
    "threshold_proportionality_constant",
    "threshold_leak_rate",
    "threshold_increment",
    "threshold_floor",
    "reset_potential",
)


def neuron_names(network: Network) -> tuple[str, ...]:
    """Names of all neurons: a population's own, or with indices where it has several."""
    return tuple(name for p in network.populations for name in element_names(p.name, p.shape))


def element_names(name: str, shape: tuple[int, ...]) -> list[str]:
    """Names of the elements of something: its own if it has one, otherwise with indices."""
    if shape == (1,):
        return [name]
    if len(shape) == 1:
        return [f"{name}[{i}]" for i in range(shape[0])]
    return [f"{name}[{r},{c}]" for r in range(shape[0]) for c in range(shape[1])]


def membranes(network: Network, dt: float, *, toolbox: bool) -> dict[str, Any]:
    """The arrays of every neuron [N]; those with equations of their own have no membrane, and rest at 0."""
    leaky = np.repeat([isinstance(p.neuron, NonSpikingNeuron) for p in network.populations], sizes(network))
    capacitance, conductance, rest, bias = (
        _column(network, name) for name in ("membrane_capacitance", "membrane_conductance", "resting_potential", "bias")
    )
    rest = np.where(leaky, rest, 0.0)
    return {
        "initial_potential": np.concatenate([p.initial for p in network.populations]),
        "membrane_factor": np.divide(dt, capacitance, out=np.zeros(len(leaky)), where=leaky)
        * (conductance if toolbox else 1.0),
        "leak_conductance": conductance,
        "resting_potential": rest,
        "bias": bias,
    }


def sizes(network: Network) -> list[int]:
    """Number of neurons of each population."""
    return [p.size for p in network.populations]


def thresholds(network: Network, dt: float, *, exponential: bool) -> dict[str, Any]:
    """The arrays of the spiking neurons [S]; of those with equations of their own, only the refractory steps count.

    Raises:
        TimeStepError: A refractory period vanishes in the step.
    """
    columns: dict[str, list[NDArray[Any]]] = {name: [np.empty(0)] for name in THRESHOLD_PARAMETERS}
    refractory: list[NDArray[Any]] = [np.empty(0)]
    neurons: list[NDArray[Any]] = [np.empty(0)]
    subtracts: list[NDArray[Any]] = [np.empty(0)]
    for p, first in _placed(network):
        if not p.spikes:
            continue
        moving = isinstance(p.neuron, SpikingNeuron)
        for name in THRESHOLD_PARAMETERS:
            value = getattr(p.neuron, name) if moving else float(name == "threshold_time_constant")
            columns[name].append(_spread(p.neuron.resting_potential if value is None else value, p.size))
        subtracts.append(np.full(p.size, moving and p.neuron.reset_mode == "subtract"))
        period = _spread(p.neuron.refractory_period, p.size)
        refractory.append(whole_steps(period, dt, f"population {p.name!r}: a refractory period"))
        neurons.append(np.arange(first, first + p.size))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return {
        "spiking_neuron": np.concatenate(neurons).astype(np.uint32),
        "initial_threshold": joined["threshold_initial_value"],
        "threshold_factor": threshold_factor(
            joined["threshold_leak_rate"], joined["threshold_time_constant"], dt, exponential=exponential
        ),
        "threshold_leak": joined["threshold_leak_rate"],
        "threshold_proportionality": joined["threshold_proportionality_constant"],
        "threshold_increment": joined["threshold_increment"],
        "threshold_floor": joined["threshold_floor"],
        "reset_potential": joined["reset_potential"],
        "subtracts": np.concatenate(subtracts).astype(np.uint32),
        "refractory_steps": np.concatenate(refractory).astype(np.uint32),
    }


def threshold_factor(leak_rate: Any, time_constant: Any, dt: float, *, exponential: bool) -> NDArray[np.float64]:
    """What a step adds to a threshold per mV of what drives it."""
    return gained(leak_rate / time_constant, dt, exponential=exponential) / time_constant


def steady_gate(k: Any, slope: Any, distance: Any) -> NDArray[np.float64]:
    """Steady state of a gate whose midpoint is at a distance above the potential, mV."""
    return 1.0 / (1.0 + k * np.exp(slope * distance))


def channels(network: Network, dt: float, *, toolbox: bool) -> dict[str, Any]:
    """The arrays of the ion channels [K], neuron by neuron."""
    populations = network.populations
    of_each = {id(p.neuron): p.neuron.channels for p in populations}  # many share a description
    kinds = [of_each[id(p.neuron)] for p in populations]
    counts = [len(kind.get("g_ion", ())) for kind in kinds]
    repeats = [1] * len(counts)
    if toolbox:
        repeats = toolbox_semantics.broadcast_channels(counts, list(network.population_names))
    columns: dict[str, list[NDArray[Any]]] = {name: [np.empty(0)] for name in (*CHANNEL_PARAMETERS, "start")}
    for p, kind, count, repeat in zip(populations, kinds, counts, repeats, strict=True):
        if kind:
            values = kind | {"start": np.broadcast_to(p.initial, (count, p.size))}
            for name, value in values.items():
                by_neuron = np.broadcast_to(value, (count, p.size)).T
                columns[name].append(np.tile(by_neuron, (1, repeat)).ravel())
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}

    def gates(parameter: str, which: str) -> NDArray[np.float64]:
        return np.stack([joined[f"{parameter}_{z}"] for z in which])

    varying = TauRule.VOLTAGE if toolbox else TauRule.LIMITED
    distance = gates("e", "bc") - joined["start"]
    if toolbox:
        distance = -distance
    per_neuron = np.repeat(np.multiply(counts, repeats), [p.size for p in populations])
    return {
        "channel_row": np.append(0, np.cumsum(per_neuron)).astype(np.uint32),
        "channel_conductance": joined["g_ion"],
        "channel_reversal": joined["e_ion"],
        "gate_power": gates("pow", "abc"),
        "gate_k": gates("k", "abc"),
        "gate_slope": gates("slope", "abc"),
        "gate_midpoint": gates("e", "abc"),
        "gate_factor": dt / gates("tau_max", "bc"),
        "gate_tau_rule": np.where(gates("constant", "bc") == 1, TauRule.CONSTANT, varying).astype(np.uint32),
        "initial_gate": steady_gate(gates("k", "bc"), gates("slope", "bc"), distance),
    }


def noise(network: Network, dt: float) -> Noise:
    """The Ornstein-Uhlenbeck currents [Z], one for each neuron of each source of noise."""
    columns: dict[str, list[NDArray[Any]]] = {
        name: [np.empty(0)] for name in ("neuron", *OrnsteinUhlenbeckNoise.BOUNDS)
    }
    starts = np.cumsum([0, *sizes(network)])
    for source in network.noises:
        size = network.populations[source.population].size
        columns["neuron"].append(starts[source.population] + np.arange(size))
        given = source.kind.columns
        given["initial"] = given["mean"] if given["initial"] is None else given["initial"]
        for name, value in given.items():
            columns[name].append(_spread(value, size))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    keep = kept(joined["time_constant"], dt, exponential=True)
    return Noise(
        neuron=joined["neuron"].astype(np.uint32),
        mean=joined["mean"],
        keep=keep,
        spread=noise_spread(joined["sigma"], keep),
        initial=joined["initial"],
    )


def noise_spread(sigma: Any, keep: Any) -> NDArray[np.float64]:
    """Standard deviation of what a step adds to a noise that keeps a share of its value, nA."""
    return sigma * np.sqrt(1.0 - keep * keep)


def _placed(network: Network) -> Iterator[tuple[Population, int]]:
    """Each population with the index of its first neuron."""
    first = 0
    for p in network.populations:
        yield p, first
        first += p.size


def _column(network: Network, parameter: str) -> NDArray[np.float64]:
    """A parameter of every neuron [N]."""
    column = np.empty(network.get_num_neurons())
    for p, first in _placed(network):
        column[first : first + p.size] = np.ravel(getattr(p.neuron, parameter, 0.0))
    return column


def _spread(value: Any, count: int) -> NDArray[np.float64]:
    """A parameter of a population as one value for each neuron."""
    return np.broadcast_to(np.ravel(value), (count,))
