"""The matrices that SNS-Toolbox keeps of a network: [N, N] from destination to source, [N], [channels, N].

The compiled core has none of them; they are made for those who read them, and their changes are carried over by
`parameters.py`.
"""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.interop.toolbox_parameters import CHANNEL, entry, initial_potentials, plain
from sns_mujoco.network.patterns import pattern_pairs

Arrays = dict[str, NDArray[np.float64]]
MEMBRANES = ("V_0", "V_rest", "c_m", "g_m", "i_b", "time_factor_membrane")
THRESHOLDS = (
    "theta_0", "m", "tau_theta", "time_factor_threshold", "theta_leak", "theta_increment", "theta_floor", "V_reset",
)  # fmt: skip
SYNAPSES = (
    "g_max_non", "del_e", "e_lo", "e_hi", "g_max_spike", "g_increment", "tau_syn", "time_factor_synapse",
    "spike_delays", "g_electrical", "g_rectified",
)  # fmt: skip
CHANNELS = (*CHANNEL.values(), "b_gate_0", "c_gate_0")
PORTS = ("input_connectivity", "output_voltage_connectivity", "output_spike_connectivity")
PARAMETERS = frozenset((*MEMBRANES, *THRESHOLDS, *SYNAPSES, *CHANNELS, *PORTS))
"""Names of all arrays that there can be."""
LARGEST = sys.float_info.max  # the threshold of neurons that never spike
CHANNEL_PADDING = {"k": 1.0, "tau": 1.0}  # what a neuron without channels has; all others 0


def matrices(network: Any, dt: float) -> Arrays:
    """All parameters of a network, under the names of SNS-Toolbox's models.

    Args:
        network: Lists and dictionaries as SNS-Toolbox keeps them.
        dt: Neural step, ms.
    """
    sizes = [p["number"] for p in network.populations]
    starts = np.cumsum([0, *sizes])
    kept = _membranes(network, sizes, dt) | _synapses(network, starts, dt) | _ports(network, starts)
    if network.params["spiking"]:
        kept |= _thresholds(network, sizes, dt)
    if network.params["gated"]:
        kept |= _channels(network, starts)
    return kept


def _membranes(network: Any, sizes: list[int], dt: float) -> Arrays:
    params = [p["type"].params for p in network.populations]
    names = {
        "c_m": "membrane_capacitance", "g_m": "membrane_conductance", "V_rest": "resting_potential", "i_b": "bias",
    }  # fmt: skip
    kept = {name: np.repeat([float(p[key]) for p in params], sizes) for name, key in names.items()}
    kept["time_factor_membrane"] = dt / kept["c_m"] * kept["g_m"]
    start = [np.broadcast_to(initial_potentials("", p), p["number"]) for p in network.populations]
    return kept | {"V_0": np.concatenate([np.empty(0), *start])}


def _thresholds(network: Any, sizes: list[int], dt: float) -> Arrays:
    names = {
        "theta_0": ("threshold_initial_value", LARGEST), "m": ("threshold_proportionality_constant", 0.0),
        "tau_theta": ("threshold_time_constant", 1.0), "theta_leak": ("threshold_leak_rate", 0.0),
        "theta_increment": ("threshold_increment", 0.0), "theta_floor": ("threshold_floor", -LARGEST),
    }  # fmt: skip
    params = [p["type"].params for p in network.populations]
    kept = {name: np.repeat([float(p.get(key, none)) for p in params], sizes) for name, (key, none) in names.items()}
    kept["V_reset"] = np.repeat([float(p.get("reset_potential", p["resting_potential"])) for p in params], sizes)
    return kept | {"time_factor_threshold": dt / kept["tau_theta"]}


def _synapses(network: Any, starts: NDArray[np.int64], dt: float) -> Arrays:
    """Blocks are written in the order of the connections, so the last one of a pair stays, as in SNS-Toolbox."""
    shape = (int(starts[-1]), int(starts[-1]))
    holds = network.params
    kept = {"g_max_non": np.zeros(shape), "del_e": np.zeros(shape), "e_lo": np.zeros(shape), "e_hi": np.ones(shape)}
    if holds["spiking"]:
        kept |= {"g_max_spike": np.zeros(shape), "g_increment": np.zeros(shape), "tau_syn": np.ones(shape)}
    if holds["delay"]:
        kept["spike_delays"] = np.zeros(shape)
    if holds["electrical"]:
        kept["g_electrical"] = np.zeros(shape)
    if holds["electricalRectified"]:
        kept["g_rectified"] = np.zeros(shape)
    for connection in network.connections:
        params, source, destination = connection["params"], connection["source"], connection["destination"]
        rows, columns = (slice(starts[p], starts[p + 1]) for p in (destination, source))
        count = 1 if params["matrix"] else network.populations[source]["number"]
        if params["electrical"]:
            name = "g_rectified" if params["rectified"] else "g_electrical"
            kept[name][rows, columns] = params["max_conductance"] / count
            if not params["rectified"]:
                kept[name][columns, rows] = params["max_conductance"] / count
            continue
        given = _written_out(connection, network.populations[source]) if params["pattern"] else params
        kept["del_e"][rows, columns] = given["reversal_potential"]
        if not params["spiking"]:
            kept["g_max_non"][rows, columns] = given["max_conductance"] / count
            kept["e_lo"][rows, columns], kept["e_hi"][rows, columns] = given["e_lo"], given["e_hi"]
            continue
        kept["g_max_spike"][rows, columns] = given["max_conductance"] / count
        kept["g_increment"][rows, columns] = given["conductance_increment"]
        kept["tau_syn"][rows, columns] = given["synapticTimeConstant"]
        if holds["delay"]:
            kept["spike_delays"][rows, columns] = given["transmissionDelay"]
    return kept | ({"time_factor_synapse": dt / kept["tau_syn"]} if holds["spiking"] else {})


def _written_out(connection: dict[str, Any], population: dict[str, Any]) -> dict[str, NDArray[np.float64]]:
    """The kernels of a pattern written out for every pair of neurons."""
    rest = population["type"].params["resting_potential"]
    beyond = {"e_lo": rest, "e_hi": rest + 1, "synapticTimeConstant": 1.0}  # where the kernel does not reach; else 0
    size = population["number"]
    written = {}
    for key, kernel in connection["params"].items():
        if isinstance(kernel, np.ndarray):
            target, source, place = pattern_pairs(kernel.shape, tuple(int(n) for n in plain(population["shape"])))
            written[key] = np.full((size, size), beyond.get(key, 0.0))
            written[key][target, source] = kernel.ravel()[place]
    return written


def _channels(network: Any, starts: NDArray[np.int64]) -> Arrays:
    """A neuron with fewer channels than another one has its only one repeated."""
    shape = (network.params["numChannels"], int(starts[-1]))
    kept = {name: np.full(shape, CHANNEL_PADDING.get(name.split("_")[0], 0.0)) for name in CHANNEL.values()}
    gates = {"b_gate_0": np.zeros(shape), "c_gate_0": np.zeros(shape)}
    for population, first, end in zip(network.populations, starts, starts[1:], strict=False):
        params = population["type"].params
        if not params["gated"]:
            continue
        for keys, name in CHANNEL.items():
            kept[name][:, first:end] = np.reshape(entry("", params, *keys), (-1, 1))
        for z in "bc":
            k, slope, midpoint = (kept[f"{name}_{z}"][:, first:end] for name in ("k", "slope", "e"))
            start = initial_potentials("", population)
            gates[f"{z}_gate_0"][:, first:end] = 1 / (1 + k * np.exp(slope * (start - midpoint)))
    return kept | gates


def _ports(network: Any, starts: NDArray[np.int64]) -> Arrays:
    neurons = int(starts[-1])
    columns = [np.zeros((neurons, 0))]
    for i in network.inputs:
        own = np.arange(int(starts[i["destination"]]), int(starts[i["destination"] + 1]))
        column = np.zeros((neurons, i["size"]))
        column[own, np.arange(len(own)) if i["size"] > 1 else 0] = 1.0
        columns.append(column)
    rows = {False: [np.zeros((0, neurons))], True: [np.zeros((0, neurons))]}
    for o in network.outputs:
        row = np.eye(neurons)[starts[o["source"]] : starts[o["source"] + 1]]
        rows[o["spiking"]].append(row)
        rows[not o["spiking"]].append(np.zeros_like(row))
    kept = {"input_connectivity": np.hstack(columns), "output_voltage_connectivity": np.vstack(rows[False])}
    return kept | ({"output_spike_connectivity": np.vstack(rows[True])} if network.params["spiking"] else {})
