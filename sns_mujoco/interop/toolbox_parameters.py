"""Neurons and synapses under SNS-Toolbox's parameter names, and back.

SNS-Toolbox 1.5 keeps the parameters of a neuron or connection in a dictionary `params`. Here is what its keys mean
in the terms of `sns_mujoco.network`, once for both directions: networks of that package are read, and the classes of
`sns_mujoco.interop.sns_toolbox` show the same dictionaries.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco import network as sns
from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import number
from sns_mujoco.network.synapses import Connection

MEMBRANE = ("membrane_capacitance", "membrane_conductance", "resting_potential", "bias")
THRESHOLD = (
    "threshold_time_constant",
    "threshold_initial_value",
    "threshold_proportionality_constant",
    "threshold_leak_rate",
    "threshold_increment",
    "threshold_floor",
    "reset_potential",
)
GATE = {"pow": "pow", "k": "k", "slope": "slope", "reversal": "e", "TauMax": "tau_max"}
CHANNEL = {("Gion",): "g_ion", ("Eion",): "e_ion"}
CHANNEL |= {(f"params{z.upper()}", key): f"{ours}_{z}" for z in "abc" for key, ours in GATE.items()}
del CHANNEL["paramsA", "TauMax"]  # that gate is instantaneous
"""Where each parameter of an ion channel lies in the dictionary."""
SODIUM = {
    "g_ion": "g_ion", "e_ion": "e_ion", "k_a": "k_m", "slope_a": "slope_m", "e_a": "e_m",
    "k_b": "k_h", "slope_b": "slope_h", "e_b": "e_h", "tau_max_b": "tau_max_h",
}  # fmt: skip
"""Parameters of a channel, and what the neuron with a persistent sodium channel calls them."""
SODIUM_GATES = {"pow_a": 1, "pow_b": 1, "pow_c": 0}
GRADED = {key: key for key in ("max_conductance", "reversal_potential", "e_lo", "e_hi")}
SPIKING = {
    "max_conductance": "max_conductance",
    "reversal_potential": "reversal_potential",
    "synapticTimeConstant": "time_constant",
    "transmissionDelay": "transmission_delay",
    "conductance_increment": "conductance_increment",
}
CHEMICAL: dict[tuple[bool, str], Any] = {
    (False, "plain"): sns.NonSpikingSynapse,
    (False, "matrix"): sns.NonSpikingMatrixConnection,
    (False, "pattern"): sns.NonSpikingPatternConnection,
    (True, "plain"): sns.SpikingSynapse,
    (True, "matrix"): sns.SpikingMatrixConnection,
    (True, "pattern"): sns.SpikingPatternConnection,
}
"""Kinds of chemical synapses by whether they spike, and by how their pairs are given."""


def plain(value: Any) -> Any:
    """A value as it is, or the numbers of a torch tensor as a NumPy array."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def entry(owner: str, record: Any, *keys: str) -> Any:
    """What lies under some keys of nested dictionaries.

    Raises:
        NetworkError: There is nothing.
    """
    for key in keys:
        if not isinstance(record, Mapping) or key not in record:
            raise NetworkError(f"{owner} has no {key!r}; give a network as SNS-Toolbox 1.5 builds it")
        record = record[key]
    return plain(record)


def read_neuron(owner: str, neuron: Any) -> sns.NonSpikingNeuron:
    """The description of a neuron of SNS-Toolbox.

    Args:
        owner: How messages call it.
        neuron: An object with `name`, `color` and `params`.

    Raises:
        NetworkError: A parameter is missing, or is refused.
    """
    params: Any = getattr(neuron, "params", None)
    given: dict[str, Any] = {key: number(owner, key, entry(owner, params, key)) for key in MEMBRANE}
    given |= {"name": getattr(neuron, "name", "") or "Neuron", "color": getattr(neuron, "color", "white")}
    spiking, gated = entry(owner, params, "spiking"), entry(owner, params, "gated")
    if spiking and gated:
        raise NetworkError(f"{owner} has both a threshold and ion channels; a neuron may have one of them")
    if spiking:
        given |= {key: number(owner, key, entry(owner, params, key)) for key in THRESHOLD}
        return sns.SpikingNeuron(**given)
    if not gated:
        return sns.NonSpikingNeuron(**given)
    channel: dict[str, Any] = {ours: np.ravel(entry(owner, params, *keys)) for keys, ours in CHANNEL.items()}
    kinds = [kind.__name__ for kind in type(neuron).__mro__]
    fits = all(np.array_equal(channel[name], [value]) for name, value in SODIUM_GATES.items())
    fits = fits and all(value.size == 1 for value in channel.values())
    if "NonSpikingNeuronWithPersistentSodiumChannel" in kinds and fits:
        given |= {name: channel[general] for general, name in SODIUM.items()}
        return sns.NonSpikingNeuronWithPersistentSodiumChannel(**given)
    return sns.NonSpikingNeuronWithGatedChannels(**given | channel)


def neuron_params(kind: sns.NonSpikingNeuron) -> dict[str, Any]:
    """The dictionary that SNS-Toolbox would keep for a neuron."""
    params: dict[str, Any] = {key: getattr(kind, key) for key in MEMBRANE}
    params |= {"spiking": isinstance(kind, sns.SpikingNeuron), "gated": bool(kind.channels)}
    if isinstance(kind, sns.SpikingNeuron):
        at_rest = {"threshold_floor", "reset_potential"}  # where they are left out
        for key in THRESHOLD:
            value = getattr(kind, key)
            params[key] = kind.resting_potential if value is None and key in at_rest else value
    if kind.channels:
        channel = {name: np.array(value[:, 0]) for name, value in kind.channels.items()}
        params["numChannels"] = len(channel["g_ion"])
        for keys, ours in CHANNEL.items():
            place = params if len(keys) == 1 else params.setdefault(keys[0], {})
            place[keys[-1]] = channel[ours]
    return params


def read_connection(owner: str, connection: Mapping[str, Any]) -> Connection:
    """The description of the synapses of a connection of SNS-Toolbox.

    Args:
        owner: How messages call it.
        connection: What its network keeps: a dictionary with `params` and `type`. The former holds a pattern written
            out for every pair of neurons; the latter its kernel, which is taken.

    Raises:
        NetworkError: A parameter is missing, or is refused.
    """
    params: Any = entry(owner, connection, "params")
    name = entry(owner, params, "name") or "Connection"
    if entry(owner, params, "electrical"):
        conductance, rect = entry(owner, params, "max_conductance"), entry(owner, params, "rectified")
        return sns.ElectricalSynapse(conductance, name, rect)
    pattern, spiking = entry(owner, params, "pattern"), bool(entry(owner, params, "spiking"))
    if pattern:
        params = getattr(entry(owner, connection, "type"), "params", None)
    form = "pattern" if pattern else "matrix" if entry(owner, params, "matrix") else "plain"
    suffix = "_kernel" if pattern else ""
    keys = dict(SPIKING if spiking else GRADED)
    if spiking and form != "plain":  # SNS-Toolbox's own matrices lack it, which means: as large as the conductance
        params = {"conductance_increment": None} | params
    given = {ours + suffix: entry(owner, params, key) for key, ours in keys.items()}
    return CHEMICAL[spiking, form](**given, name=name)


def connection_params(kind: Connection) -> dict[str, Any]:
    """The dictionary that SNS-Toolbox would keep for a connection."""
    params: dict[str, Any] = {
        "name": kind.name,
        "spiking": False,
        "pattern": False,
        "matrix": False,
        "electrical": False,
    }
    if isinstance(kind, sns.ElectricalSynapse):
        return params | {"electrical": True, "rectified": kind.rect, "max_conductance": kind.conductance}
    spiking, form = next(key for key, value in CHEMICAL.items() if isinstance(kind, value))
    suffix = "_kernel" if form == "pattern" else ""
    keys = SPIKING if spiking else GRADED
    params |= {"spiking": spiking, "pattern": form == "pattern", "matrix": form != "plain"}
    params |= {key: getattr(kind, ours + suffix) for key, ours in keys.items()}
    if spiking:
        params["synapticTransmissionDelay"] = params["transmissionDelay"]
        if params["conductance_increment"] is None:
            params["conductance_increment"] = params["max_conductance"]
    return params


def initial_potentials(owner: str, population: Mapping[str, Any]) -> NDArray[np.float64] | Any:
    """The potentials at which the neurons of a population start, as SNS-Toolbox takes them: a number, or [n]."""
    value = entry(owner, population, "initial_value")
    if value is None:
        return entry(owner, getattr(population.get("type"), "params", None), "resting_potential")
    return np.ravel(value)[: entry(owner, population, "number")] if np.ndim(value) else value
