"""What was learned, written back into a description: a `Network` that every backend and the native plugin can run.

Parameters of neurons become arrays with a value for each neuron. A connection of which something was learned becomes a
`SparseConnection` that lists its synapses with the values of each.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import SHARED_OUT, Edges, values_at
from sns_mujoco.backends.learnable import OF_POPULATIONS, Chosen, Origins
from sns_mujoco.network.matrices import (
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    SpikingMatrixConnection,
    SpikingPatternConnection,
)
from sns_mujoco.network.network import Network
from sns_mujoco.network.sparse import SparseConnection
from sns_mujoco.network.synapses import Connection, NonSpikingSynapse, SpikingSynapse

Floats = NDArray[np.float64]
Values = Mapping[str, Floats]

PLAIN: dict[type, type] = {
    NonSpikingMatrixConnection: NonSpikingSynapse,
    NonSpikingPatternConnection: NonSpikingSynapse,
    SpikingMatrixConnection: SpikingSynapse,
    SpikingPatternConnection: SpikingSynapse,
}
"""The synapses that matrices and kernels are made of."""

SHUT = np.finfo(float).tiny  # uS: without any conductance a synapse would be left out, and with it what reads it


def written_back(origins: Origins, chosen: list[Chosen], values: Values) -> Network:
    """The network with what was learned in it.

    Args:
        origins: Where the entries of the program came from.
        chosen: What was learned.
        values: Its values by the keys of `chosen`, in the units of the description.
    """
    populations, connections, inputs = {}, {}, {}
    for part in chosen:
        for owner in np.unique(part.owner).tolist():
            group = populations if part.quantity.family in OF_POPULATIONS else connections
            group = inputs if part.quantity.family == "inputs" else group
            group.setdefault(owner, []).append(part)
    network = origins.network.copy()
    for index, parts in populations.items():
        network._populations[index] = _population(origins, index, parts, values)
    for index, parts in connections.items():
        network._connections[index] = _connection(origins, index, parts, values)
    for index, parts in inputs.items():
        network._inputs[index] = _input(origins, index, parts[0], values)
    network._seen.clear()
    return network


def _population(origins: Origins, index: int, parts: list[Chosen], values: Values) -> Any:
    """A population whose neurons have what they learned."""
    population = origins.network.populations[index]
    first = int(np.searchsorted(origins.population, index))
    spiking = origins.program.spiking_neuron[origins.owners("spiking neurons") == index]
    changes: dict[str, Any] = {}
    initial = population.initial
    for part in parts:
        name, own = part.quantity.name, part.owner == index
        entry, learned = part.entry[own], values[part.key][own]
        if part.quantity.family == "channels":
            changes[name] = _of_channels(origins, index, population.size, entry, learned)
        elif name == "initial_value":
            initial = learned
        elif part.quantity.family == "neurons":
            changes[name] = _filled(getattr(population.neuron, name), population.size, entry - first, learned)
        else:
            places = origins.program.spiking_neuron[entry].astype(int) - first
            changes[name] = _filled(getattr(population.neuron, name), population.size, places, learned)
    if "resting_potential" in changes and len(spiking):
        # what is left out follows the resting potential as it was
        rest = origins.program.resting_potential[spiking]
        for name in ("threshold_floor", "reset_potential"):
            if getattr(population.neuron, name, 0.0) is None and name not in changes:
                changes[name] = rest
    return replace(population, neuron=described_with(population.neuron, changes), initial=initial)


def _filled(value: Any, size: int, places: NDArray[np.int64], learned: Floats) -> Floats:
    """One value for each neuron, the learned ones in their places."""
    values = np.full(size, np.nan) if value is None else np.array(np.broadcast_to(np.ravel(value), (size,)), float)
    values[places] = learned
    return values


def _of_channels(origins: Origins, index: int, size: int, entry: NDArray[np.int64], learned: Floats) -> Floats:
    """A parameter of ion channels: [n_channels, n_neurons]."""
    row = origins.program.channel_row.astype(int)
    first = int(np.searchsorted(origins.population, index))
    start = row[first]
    count = row[first + 1] - start
    table = np.empty((size, count))
    table.ravel()[entry - start] = learned
    return table.T


def _connection(origins: Origins, index: int, parts: list[Chosen], values: Values) -> Any:
    """A connection that lists its synapses."""
    network = origins.network
    wire = network.connections[index]
    family = parts[0].quantity.family
    edges = origins.edges[family]
    if family == "junctions":
        which = np.unique(origins.junction[origins.owners(family) == index])
    else:
        which = np.flatnonzero(edges.owner == index)
        which = which[np.argsort(origins.order[family][which])]  # outputs follow the order of the description
    own = edges.take(which)
    columns = _columns(wire.kind, own)
    for part in parts:
        of_edge = np.empty(len(edges.source))
        places = np.unique(origins.junction[part.entry]) if family == "junctions" else part.entry
        of_edge[places] = values[part.key]
        if part.quantity.name in ("max_conductance", "conductance"):
            of_edge = np.where(of_edge == 0.0, SHUT, of_edge)
        columns[part.quantity.name] = of_edge[which]
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    kind = SparseConnection(
        _single(wire.kind),
        own.source - starts[wire.source],
        own.target - starts[wire.destination],
        columns,
        name=wire.kind.name,
    )
    return replace(wire, kind=kind)


def _columns(kind: Connection, own: Edges) -> dict[str, Any]:
    """The parameters of a connection's synapses [n], where they are not the same number for all."""
    given = kind.columns
    if "conductance_increment" in given and given["conductance_increment"] is None:
        given["conductance_increment"] = given["max_conductance"]
    columns = {name: values_at(value, own.entry) for name, value in given.items() if np.ndim(value)}
    # what is shared out among the sources is so in the edges
    return columns | {name: own.values[name] for name in SHARED_OUT if name in given}


def _single(kind: Connection) -> Connection:
    """The kind of synapse that a connection is made of, with single numbers; each synapse has its own besides."""
    if isinstance(kind, SparseConnection):
        return kind.synapse
    for many, plain in PLAIN.items():
        if isinstance(kind, many):
            shared = {name: value for name, value in kind.columns.items() if value is not None and not np.ndim(value)}
            return plain(**shared)
    return described_with(kind, {name: _first(value) for name, value in _fields(kind).items()})


def _first(value: Any) -> Any:
    """A number instead of an array of them; in a description of plasticity, too."""
    if is_dataclass(value):
        return described_with(value, {name: _first(part) for name, part in _fields(value).items()})
    return float(np.ravel(value)[0]) if isinstance(value, np.ndarray) else value


def described_with(description: Any, changes: Mapping[str, Any]) -> Any:
    """A description with other parameters: of the kind in which designs such as `LIFNeuron` are written down."""
    kind = next(k for k in type(description).__mro__ if "__dataclass_fields__" in vars(k))
    return kind(**_fields(description) | dict(changes))


def _fields(description: Any) -> dict[str, Any]:
    """The parameters of a description by name."""
    return {field.name: getattr(description, field.name) for field in fields(description)}


def _input(origins: Origins, index: int, part: Chosen, values: Values) -> Any:
    """An input with the weights that it learned."""
    given = origins.network.inputs[index]
    size = origins.network.populations[given.population].size
    own = part.owner == index
    learned = values[part.key][own]
    if given.weights is None:
        target, column = np.arange(size), np.arange(size) * (given.size > 1)
    else:
        target, column = np.nonzero(given.weights)
    weights = np.zeros((size, given.size))
    weights[target, column] = learned / (1.0 if given.through is None else np.asarray(given.through.weight))
    return replace(given, weights=weights)
