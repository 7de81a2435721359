"""The arrays of a `Program` that describe its inputs and outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Edges
from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.names import SynapseNames
from sns_mujoco.backends.neuron_arrays import element_names
from sns_mujoco.backends.program import OutputKind
from sns_mujoco.backends.receptors import Sites
from sns_mujoco.errors import NetworkError
from sns_mujoco.network.network import Network
from sns_mujoco.network.parts import OF_NEURONS, Output, Population

Places = NDArray[np.int64]

OF_CHANNELS = {"gate_b": OutputKind.GATE_B, "gate_c": OutputKind.GATE_C}
OF_SYNAPSES = {
    ("graded", "conductance"): OutputKind.GRADED_CONDUCTANCE,
    ("graded", "current"): OutputKind.GRADED_CURRENT,
    ("spiking", "conductance"): OutputKind.SPIKING_CONDUCTANCE,
    ("spiking", "current"): OutputKind.SPIKING_CURRENT,
    ("event", "weight"): OutputKind.WEIGHT,
    ("weighted", "weight"): OutputKind.GRADED_WEIGHT,
}
OF_RECEPTORS = {"conductance": OutputKind.RECEPTOR, "current": OutputKind.RECEPTOR_CURRENT}


@dataclass(frozen=True, slots=True)
class Family:
    """The synapses of one family as a program has them.

    Attributes:
        edges: In the order of the program.
        place: The place there of each of them in the order in which they were described.
        names: Their names.
    """

    edges: Edges
    place: Places
    names: SynapseNames

    @classmethod
    def sorted(cls, network: Network, edges: Edges, order: Places) -> "Family":
        """Edges in another order than that in which they were described."""
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        arranged = edges.take(order)
        return cls(arranged, place, SynapseNames(network, arranged))

    def of(self, owner: int) -> Places:
        """The places of a connection's synapses, in the order of its description."""
        described = self.edges.owner[self.place]  # ascending
        first, end = np.searchsorted(described, [owner, owner + 1])
        return self.place[first:end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things lie in a program.

    Attributes:
        families: "graded", "spiking", "event" and "weighted" synapses.
        sites: Receptors.
        spiking_index: Which spiking neuron each neuron is [N].
        channel_row: Each neuron's slice of the ion channels [N + 1].
        variable: The places of a variable of the neurons of a population, by the index of that and its name.
        toolbox: Whether neurons that never spike may be asked for spikes.
    """

    families: dict[str, Family]
    sites: Sites
    spiking_index: Places
    channel_row: NDArray[np.uint32]
    variable: Callable[[int, str], Places]
    toolbox: bool


def inputs(network: Network, sites: Sites) -> dict[str, Any]:
    """Names of the input elements [M], and which element reaches which neuron or receptor, how strongly [U]."""
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    names: list[str] = []
    elements, neurons, receptors, weights = [np.empty(0, int)], [np.empty(0, int)], [np.empty(0, int)], [np.empty(0)]
    for index, i in enumerate(network.inputs):
        population = network.populations[i.population]
        if i.weights is None:
            target, column = np.arange(population.size), np.arange(population.size) * (i.size > 1)
            weight, shape = np.ones(population.size), population.shape if i.size > 1 else (1,)
        else:
            target, column = np.nonzero(i.weights)
            weight, shape = i.weights[target, column], (i.size,)
        receptor = np.full(len(target), NONE)
        if i.through is not None:
            receptor, weight = sites.of_input[index][target], weight * np.asarray(i.through.weight, float)
        elements.append(len(names) + column)
        neurons.append(starts[i.population] + target)
        receptors.append(receptor)
        weights.append(weight)
        names += element_names(i.name, shape)
    return {
        "input_names": tuple(names),
        "input_element": np.concatenate(elements).astype(np.uint32),
        "input_neuron": np.concatenate(neurons).astype(np.uint32),
        "input_receptor": np.concatenate(receptors).astype(np.uint32),
        "input_weight": np.concatenate(weights),
    }


def outputs(network: Network, layout: Layout) -> dict[str, Any]:
    """Names, kinds and indices of the output elements [O].

    Raises:
        NetworkError: Spikes are to be read of neurons that never spike, or synapses of a connection without
            any.
    """
    names: list[str] = []
    kinds: list[OutputKind] = []
    indices = [np.empty(0, int)]
    for output in network.outputs:
        if output.kind in OF_NEURONS:
            kind, index = _of_neurons(network, output, layout)
            own = element_names(output.name, network.populations[output.source].shape)
        elif output.kind == "noise":
            kind, index, own = _of_noise(network, output)
        else:
            kind, index, own = _of_synapses(network, output, layout)
        names += own
        kinds += [kind] * len(index)
        indices.append(index)
    return {
        "output_names": tuple(names),
        "output_kind": np.array(kinds, np.uint32),
        "output_index": np.concatenate(indices).astype(np.uint32),
    }


def _of_neurons(network: Network, output: Output, layout: Layout) -> tuple[OutputKind, Places]:
    population = network.populations[output.source]
    first = sum(p.size for p in network.populations[: output.source])
    index = first + np.arange(population.size)
    if output.kind == "voltage":
        return OutputKind.VOLTAGE, index
    if output.kind in OF_CHANNELS:
        return OF_CHANNELS[output.kind], layout.channel_row[index].astype(int) + output.channel
    if output.kind == "variable":
        assert output.variable is not None
        return OutputKind.VARIABLE, layout.variable(output.source, output.variable)
    if not population.spikes:
        return _of_silent(output, population, toolbox=layout.toolbox), index
    kind = OutputKind.SPIKE if output.kind == "spike" else OutputKind.THRESHOLD
    return kind, layout.spiking_index[index]


def _of_silent(output: Output, population: Population, *, toolbox: bool) -> OutputKind:
    if not toolbox:
        raise NetworkError(f"output {output.name!r}: {population.name!r} never spikes; read its voltage")
    return OutputKind.ZERO


def _of_noise(network: Network, output: Output) -> tuple[OutputKind, Places, list[str]]:
    shapes = [network.populations[noise.population].shape for noise in network.noises]
    first = sum(int(np.prod(shape)) for shape in shapes[: output.source])
    own = shapes[output.source]
    return OutputKind.NOISE, first + np.arange(int(np.prod(own))), element_names(output.name, own)


def _of_synapses(network: Network, output: Output, layout: Layout) -> tuple[OutputKind, Places, list[str]]:
    wire = network.connections[output.source]
    if output.source in layout.sites.of_connection and output.kind in OF_RECEPTORS:
        own = element_names(output.name, network.populations[wire.destination].shape)
        return OF_RECEPTORS[output.kind], layout.sites.of_connection[output.source], own
    family = layout.families[wire.kind.family]
    index = family.of(output.source)
    if not index.size:
        raise NetworkError(
            f"output {output.name!r}: connection {wire.name!r} has no synapse to read (zero conductance, or "
            "replaced by another under the semantics of SNS-Toolbox); remove the output or give a conductance"
        )
    names = [family.names.renamed(place, output.name) for place in index.tolist()]
    return OF_SYNAPSES[wire.kind.family, output.kind], index, names


def synapse_names(network: Network, edges: Edges) -> SynapseNames:
    """Name of each synapse."""
    return SynapseNames(network, edges)
