"""The arrays of a `Program` that describe its inputs and outputs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Edges
from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.neuron_arrays import element_names
from sns_mujoco.backends.program import OutputKind
from sns_mujoco.errors import NetworkError
from sns_mujoco.network.network import Network
from sns_mujoco.network.parts import OF_NEURONS, Output, Population

OF_SPIKING_NEURONS = {"spike": OutputKind.SPIKE, "threshold": OutputKind.THRESHOLD}
OF_CHANNELS = {"gate_b": OutputKind.GATE_B, "gate_c": OutputKind.GATE_C}
OF_GRADED = {"conductance": OutputKind.GRADED_CONDUCTANCE, "current": OutputKind.GRADED_CURRENT}
OF_SPIKING = {"conductance": OutputKind.SPIKING_CONDUCTANCE, "current": OutputKind.SPIKING_CURRENT}


def inputs(network: Network) -> dict[str, Any]:
    """Names of the input elements [M], and which element reaches which neuron [U]."""
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    names: list[str] = []
    elements, neurons = [np.empty(0, int)], [np.empty(0, int)]
    for i in network.inputs:
        population = network.populations[i.population]
        own = np.arange(population.size)
        elements.append(len(names) + (own if i.size > 1 else 0 * own))
        neurons.append(starts[i.population] + own)
        names += element_names(i.name, population.shape if i.size > 1 else (1,))
    return {
        "input_names": tuple(names),
        "input_element": np.concatenate(elements).astype(np.uint32),
        "input_neuron": np.concatenate(neurons).astype(np.uint32),
        "input_receptor": np.full(sum(map(len, neurons)), NONE, np.uint32),
        "input_weight": np.ones(sum(map(len, neurons))),
    }


def outputs(
    network: Network,
    graded: Edges,
    spiking: Edges,
    labels: tuple[list[str], list[str]],
    spiking_index: NDArray[np.int64],
    channel_row: NDArray[np.uint32],
    *,
    toolbox: bool,
) -> dict[str, Any]:
    """Names, kinds and indices of the output elements [O].

    Args:
        network: The network.
        graded: Its graded synapses, as in the program.
        spiking: Its spiking synapses, as in the program.
        labels: Names of both.
        spiking_index: Which spiking neuron each neuron is [N].
        channel_row: Each neuron's slice of the ion channels [N + 1].
        toolbox: Whether neurons that never spike may be asked for spikes.

    Raises:
        NetworkError: Spikes are to be read of neurons that never spike, or synapses of a connection without
            any.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    owned = _by_owner(network, graded), _by_owner(network, spiking)
    names: list[str] = []
    kinds: list[OutputKind] = []
    indices = [np.empty(0, int)]
    for output in network.outputs:
        if output.kind in OF_NEURONS:
            population = network.populations[output.source]
            names += element_names(output.name, population.shape)
            index = starts[output.source] + np.arange(population.size)
            kind = OutputKind.VOLTAGE
            if output.kind in OF_SPIKING_NEURONS:
                kind = _of_spiking(output, population, toolbox=toolbox)
                index = index if kind == OutputKind.ZERO else spiking_index[index]
            elif output.kind in OF_CHANNELS:
                kind = OF_CHANNELS[output.kind]
                index = channel_row[index].astype(int) + output.channel
        else:
            family = 0 if owned[0][output.source].size else 1
            kind = (OF_GRADED, OF_SPIKING)[family][output.kind]
            index = owned[family][output.source]
            wire = network.connections[output.source]
            if not index.size:
                raise NetworkError(
                    f"output {output.name!r}: connection {wire.name!r} has no synapse to read (zero conductance, or "
                    "replaced by another under the semantics of SNS-Toolbox); remove the output or give a conductance"
                )
            names += [output.name + labels[family][place].removeprefix(wire.name) for place in index]
        kinds += [kind] * len(index)
        indices.append(index)
    return {
        "output_names": tuple(names),
        "output_kind": np.array(kinds, np.uint32),
        "output_index": np.concatenate(indices).astype(np.uint32),
    }


def _of_spiking(output: Output, population: Population, *, toolbox: bool) -> OutputKind:
    if population.spikes:
        return OF_SPIKING_NEURONS[output.kind]
    if not toolbox:
        raise NetworkError(f"output {output.name!r}: {population.name!r} never spikes; read its voltage")
    return OutputKind.ZERO


def synapse_names(network: Network, edges: Edges) -> list[str]:
    """Name of each synapse: its connection's, or with [destination, source] where that has several."""
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    names = [""] * len(edges.owner)
    for wire, places in zip(network.connections, _by_owner(network, edges), strict=True):
        if len(places) == 1:
            names[int(places[0])] = wire.name
            continue
        target = (edges.target[places] - starts[wire.destination]).tolist()
        source = (edges.source[places] - starts[wire.source]).tolist()
        for place, t, s in zip(places.tolist(), target, source, strict=True):
            names[place] = f"{wire.name}[{t},{s}]"
    return names


def _by_owner(network: Network, edges: Edges) -> list[NDArray[np.int64]]:
    """The places of each connection's edges, in order."""
    counts = np.bincount(edges.owner, minlength=len(network.connections))
    order, ends = np.argsort(edges.owner, kind="stable"), np.cumsum(counts)
    return [order[end - count : end] for end, count in zip(ends, counts, strict=True)]
