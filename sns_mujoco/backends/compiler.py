"""Network to Program: populations and connections become flat arrays, and the semantics are settled.

Textbook semantics (the default): the membrane advances by dt / C, gates start at their steady state, parallel synapses
add up, spike increments are shared out among the source neurons like conductances, a reset resets everything, and a
step that is too large for explicit Euler is refused.

SNS-Toolbox semantics ("sns-toolbox"): the membrane advances by dt G / C, gates start with the sign of the slope turned
round, the last of several synapses on one pair replaces the others, increments are not shared out, one channel counts
as many as the largest neuron has, a reset leaves synapses and spikes in flight, and no step is refused.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends import toolbox_semantics
from sns_mujoco.backends.edges import Edges, expand, require_spiking_sources
from sns_mujoco.backends.program import OutputKind, Program
from sns_mujoco.backends.stability import check_stability
from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.network import OF_SYNAPSES, Network, Output, Population, neuron_parameters, per_neuron
from sns_mujoco.network.neurons import SpikingNeuron, channels_of, constant_tau_of

GATES = ("a", "b", "c")


def compile_network(network: Network, dt: float, semantics: str) -> Program:
    """Compile a network.

    Args:
        network: The network.
        dt: Neural step, ms.
        semantics: "textbook" or "sns-toolbox".

    Raises:
        NetworkError: The network is empty, the semantics are unknown, a spiking synapse has a source without spikes.
        TimeStepError: The step is not positive, or too large; a delay or refractory period vanishes in it.
    """
    if semantics not in ("textbook", "sns-toolbox"):
        raise NetworkError(f"semantics is {semantics!r}; give 'textbook' or 'sns-toolbox'")
    if not isinstance(dt, int | float | np.number) or not np.isfinite(dt) or dt <= 0:
        raise TimeStepError(f"dt is {dt!r}; give a positive number of ms")
    if not network.populations:
        raise NetworkError(f"network {network.name!r} has no neurons; add some")
    toolbox = semantics == "sns-toolbox"
    n = network.get_num_neurons()
    membrane = {p: _column(network, p) for p in ("membrane_capacitance", "membrane_conductance", "resting_potential")}
    initial = np.concatenate([p.initial for p in network.populations])
    conductance = membrane["membrane_conductance"]
    factor = dt / membrane["membrane_capacitance"] * (conductance if toolbox else 1.0)

    spikes = np.concatenate([np.full(p.size, isinstance(p.neuron, SpikingNeuron)) for p in network.populations])
    graded = expand(network, "graded", dt, toolbox=toolbox)
    spiking = expand(network, "spiking", dt, toolbox=toolbox)
    electrical = expand(network, "electrical", dt, toolbox=toolbox)
    rectified = expand(network, "rectified", dt, toolbox=toolbox)
    if toolbox:
        graded, spiking = toolbox_semantics.overwrite(graded, spiking, n)
        # a non-spiking source never spikes, so its synapse never conducts
        spiking = spiking.take(spikes[spiking.source])
        electrical = toolbox_semantics.last_of_each_pair(_both_ways(electrical), n)
        rectified = toolbox_semantics.last_of_each_pair(rectified, n)
    else:
        require_spiking_sources(network, spiking, spikes)
        electrical = _both_ways(electrical)
    junctions, rules = _junctions(electrical, rectified)

    graded = graded.take(np.argsort(graded.target, kind="stable"))
    spiking = spiking.take(np.argsort(spiking.target, kind="stable"))
    channels = _channels(network, initial, dt, toolbox=toolbox)
    names = _neuron_names(network.populations)
    spiking_index = np.cumsum(spikes) - 1
    inputs = _inputs(network)
    if not toolbox:
        _refuse_silent_outputs(network)
    outputs = [_output(network, o, graded, spiking, spiking_index, channels["row"]) for o in network.outputs]

    program = Program(
        dt=float(dt),
        semantics=semantics,
        reset_keeps_synapses=toolbox,
        neuron_names=names,
        input_names=inputs[0],
        output_names=tuple(name for output in outputs for name in output[0]),
        synapse_names=(*_synapse_names(network, graded), *_synapse_names(network, spiking)),
        initial_potential=initial,
        membrane_factor=factor,
        leak_conductance=conductance,
        resting_potential=membrane["resting_potential"],
        bias=_column(network, "bias"),
        **_thresholds(network, dt),
        **{name: value for name, value in channels.items() if name != "row"},
        channel_row=channels["row"],
        graded_row=_rows(graded.target, n),
        graded_source=graded.source.astype(np.uint32),
        graded_conductance=graded.values["max_conductance"],
        graded_reversal=graded.values["reversal_potential"],
        graded_e_lo=graded.values["e_lo"],
        graded_e_hi=graded.values["e_hi"],
        spiking_row=_rows(spiking.target, n),
        spiking_source=spiking_index[spiking.source].astype(np.uint32),
        spiking_conductance=spiking.values["max_conductance"],
        spiking_increment=spiking.values["conductance_increment"],
        spiking_reversal=spiking.values["reversal_potential"],
        spiking_decay=1.0 - dt / spiking.values["time_constant"],
        spiking_delay=spiking.values["transmission_delay"].astype(np.uint32),
        junction_row=_rows(junctions.target, n),
        junction_other=junctions.source.astype(np.uint32),
        junction_conductance=junctions.values["max_conductance"],
        junction_rule=rules,
        input_element=inputs[1],
        input_neuron=inputs[2],
        output_kind=np.array([kind for output in outputs for kind in output[1]], np.uint32),
        output_index=np.array([index for output in outputs for index in output[2]], np.uint32),
    )
    if not toolbox:
        check_stability(program)
    return program


def _column(network: Network, parameter: str) -> NDArray[np.float64]:
    """A parameter of every neuron [N]."""
    return np.concatenate(
        [per_neuron(p.name, parameter, getattr(p.neuron, parameter), p.size) for p in network.populations]
    )


def _neuron_names(populations: list[Population]) -> tuple[str, ...]:
    names: list[str] = []
    for p in populations:
        if p.shape == (1,):
            names.append(p.name)
        elif len(p.shape) == 1:
            names += [f"{p.name}[{i}]" for i in range(p.size)]
        else:
            names += [f"{p.name}[{r},{c}]" for r in range(p.shape[0]) for c in range(p.shape[1])]
    return tuple(names)


def _synapse_names(network: Network, edges: Edges) -> list[str]:
    single = np.bincount(edges.owner, minlength=len(network.connections)) == 1
    seen = np.zeros(len(network.connections), int)
    names = []
    for owner in edges.owner.tolist():
        name = network.connections[owner].name
        names.append(name if single[owner] else f"{name}[{seen[owner]}]")
        seen[owner] += 1
    return names


def _rows(target: NDArray[np.int64], neurons: int) -> NDArray[np.uint32]:
    return np.append(0, np.cumsum(np.bincount(target, minlength=neurons))).astype(np.uint32)


def _both_ways(edges: Edges) -> Edges:
    """Each junction from both ends, in the order of description."""
    order = np.arange(2 * len(edges.source)).reshape(2, -1).T.ravel()
    doubled = Edges(
        source=np.append(edges.source, edges.target),
        target=np.append(edges.target, edges.source),
        owner=np.append(edges.owner, edges.owner),
        values={name: np.append(value, value) for name, value in edges.values.items()},
    )
    return doubled.take(order)


def _junctions(electrical: Edges, rectified: Edges) -> tuple[Edges, NDArray[np.uint32]]:
    """All junctions seen from each neuron, with the rule of each; those of a neuron with itself carry nothing."""
    count = len(rectified.source)
    merged = Edges(
        source=np.concatenate([electrical.source, rectified.source, rectified.target]),
        target=np.concatenate([electrical.target, rectified.target, rectified.source]),
        owner=np.concatenate([electrical.owner, rectified.owner, rectified.owner]),
        values={
            name: np.concatenate([electrical.values[name], rectified.values[name], rectified.values[name]])
            for name in electrical.values
        },
    )
    rules = np.repeat(np.array([0, 1, 2], np.uint32), [len(electrical.source), count, count])
    keep = np.flatnonzero(merged.source != merged.target)
    order = keep[np.argsort(merged.target[keep], kind="stable")]
    return merged.take(order), rules[order]


def _thresholds(network: Network, dt: float) -> dict[str, Any]:
    """The arrays of the spiking neurons."""
    columns: dict[str, list[NDArray[np.float64]]] = {}
    neurons, first = [], 0
    for p in network.populations:
        if isinstance(p.neuron, SpikingNeuron):
            neurons.append(np.arange(first, first + p.size))
            values = {n: per_neuron(p.name, n, getattr(p.neuron, n), p.size) for n in neuron_parameters(p.neuron)}
            for name in ("threshold_floor", "reset_potential"):
                if not values[name].size:
                    values[name] = values["resting_potential"]
            refractory = values["refractory_period"]
            values["refractory_steps"] = np.floor(refractory / dt + 0.5)
            if ((values["refractory_steps"] == 0) & (refractory > 0)).any():
                raise TimeStepError(
                    f"{p.name!r}: a refractory period of {refractory[refractory > 0].min():g} ms is less than half the "
                    f"neural step of {dt:g} ms and would vanish; make it 0 or the step smaller"
                )
            for name, value in values.items():
                columns.setdefault(name, []).append(value)
        first += p.size
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    empty = np.empty(0)
    return {
        "spiking_neuron": np.concatenate(neurons).astype(np.uint32) if neurons else np.empty(0, np.uint32),
        "initial_threshold": joined.get("threshold_initial_value", empty),
        "threshold_factor": dt / joined.get("threshold_time_constant", empty),
        "threshold_leak": joined.get("threshold_leak_rate", empty),
        "threshold_proportionality": joined.get("threshold_proportionality_constant", empty),
        "threshold_increment": joined.get("threshold_increment", empty),
        "threshold_floor": joined.get("threshold_floor", empty),
        "reset_potential": joined.get("reset_potential", empty),
        "refractory_steps": joined.get("refractory_steps", empty).astype(np.uint32),
    }


def _channels(network: Network, initial: NDArray[np.float64], dt: float, *, toolbox: bool) -> dict[str, Any]:
    """The arrays of the ion channels, sorted by neuron."""
    lists = [channels_of(p.neuron) for p in network.populations]
    counts = [len(channels["g_ion"]) if channels else 0 for channels in lists]
    repeats = toolbox_semantics.broadcast_channels(counts, list(network.population_names)) if toolbox else [1] * len(lists)
    columns: dict[str, list[NDArray[Any]]] = {f"{p}_{z}": [] for p in ("pow", "k", "slope", "e", "tau_max") for z in GATES}
    columns |= {name: [] for name in ("g_ion", "e_ion", "constant_b", "constant_c", "v0")}
    per_population, first = [], 0
    for p, channels, repeat in zip(network.populations, lists, repeats, strict=True):
        per_population.append(np.full(p.size, len(channels["g_ion"]) * repeat if channels else 0))
        if channels:
            constant = constant_tau_of(p.neuron)
            channels = channels | {"constant_b": constant[0], "constant_c": constant[1]}
            for name, values in channels.items():
                columns[name].append(np.tile(values, p.size * repeat))
            columns["v0"].append(np.repeat(initial[first : first + p.size], repeat * len(channels["g_ion"])))
        first += p.size
    joined = {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in columns.items()}

    def gates(parameter: str, which: tuple[str, ...]) -> NDArray[np.float64]:
        return np.stack([joined[f"{parameter}_{z}"] for z in which])

    sign = -1.0 if toolbox else 1.0
    dynamic = ("b", "c")
    distance = sign * (gates("e", dynamic) - joined["v0"])
    return {
        "row": np.append(0, np.cumsum(np.concatenate(per_population))).astype(np.uint32),
        "channel_conductance": joined["g_ion"],
        "channel_reversal": joined["e_ion"],
        "gate_power": gates("pow", GATES),
        "gate_k": gates("k", GATES),
        "gate_slope": gates("slope", GATES),
        "gate_midpoint": gates("e", GATES),
        "gate_factor": dt / gates("tau_max", dynamic),
        "gate_constant_tau": gates("constant", dynamic).astype(np.uint32),
        "initial_gate": 1.0 / (1.0 + gates("k", dynamic) * np.exp(gates("slope", dynamic) * distance)),
    }


def _inputs(network: Network) -> tuple[tuple[str, ...], NDArray[np.uint32], NDArray[np.uint32]]:
    """Names of the input elements, and which element reaches which neuron."""
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    names: list[str] = []
    elements, neurons = [], []
    for i in network.inputs:
        size = network.populations[i.population].size
        reached = starts[i.population] + np.arange(size)
        elements.append(len(names) + (np.arange(size) if i.size > 1 else np.zeros(size, int)))
        neurons.append(reached)
        names += [i.name] if i.size == 1 else [f"{i.name}[{k}]" for k in range(i.size)]
    return (
        tuple(names),
        np.concatenate(elements).astype(np.uint32) if elements else np.empty(0, np.uint32),
        np.concatenate(neurons).astype(np.uint32) if neurons else np.empty(0, np.uint32),
    )


def _refuse_silent_outputs(network: Network) -> None:
    for output in network.outputs:
        if output.kind == "spike" and not isinstance(network.populations[output.source].neuron, SpikingNeuron):
            raise NetworkError(
                f"output {output.name!r}: {network.populations[output.source].name!r} never spikes; read its voltage"
            )


def _output(
    network: Network, output: Output, graded: Edges, spiking: Edges, spiking_index: NDArray[Any], row: NDArray[Any]
) -> tuple[list[str], list[int], list[int]]:
    """Names, kinds and indices of the elements of one output."""
    if output.kind in OF_SYNAPSES:
        current = output.kind == "current"
        kinds = (
            (graded, OutputKind.GRADED_CURRENT if current else OutputKind.GRADED_CONDUCTANCE),
            (spiking, OutputKind.SPIKING_CURRENT if current else OutputKind.SPIKING_CONDUCTANCE),
        )
        found = [(kind, i) for edges, kind in kinds for i in np.flatnonzero(edges.owner == output.source).tolist()]
        if not found:
            raise NetworkError(
                f"output {output.name!r}: connection {network.connections[output.source].name!r} has no chemical "
                "synapse whose conductance or current could be read"
            )
    else:
        start = sum(p.size for p in network.populations[: output.source])
        neurons = range(start, start + network.populations[output.source].size)
        found = [_of_neuron(network, output, i, spiking_index, row) for i in neurons]
    names = [output.name] if len(found) == 1 else [f"{output.name}[{k}]" for k in range(len(found))]
    return names, [int(kind) for kind, _ in found], [int(index) for _, index in found]


def _of_neuron(
    network: Network, output: Output, neuron: int, spiking_index: NDArray[Any], row: NDArray[Any]
) -> tuple[OutputKind, int]:
    spikes = isinstance(network.populations[output.source].neuron, SpikingNeuron)
    if output.kind == "voltage":
        return OutputKind.VOLTAGE, neuron
    if output.kind == "spike":
        return (OutputKind.SPIKE, spiking_index[neuron]) if spikes else (OutputKind.ZERO, neuron)
    if output.kind == "threshold":
        return OutputKind.THRESHOLD, spiking_index[neuron]
    kind = OutputKind.GATE_B if output.kind == "gate_b" else OutputKind.GATE_C
    return kind, int(row[neuron]) + output.channel
