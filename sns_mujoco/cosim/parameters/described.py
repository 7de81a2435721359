"""What a network describes, as columns: every quantity that some form takes, of all that have it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.learnable import Origins
from sns_mujoco.cosim.parameters.columns import Column, Given, Places
from sns_mujoco.cosim.parameters.families import Family
from sns_mujoco.cosim.parameters.forms import COURSE, FORMS
from sns_mujoco.network.gated_neurons import CHANNEL_PARAMETERS, NonSpikingNeuronWithPersistentSodiumChannel
from sns_mujoco.network.neurons import NonSpikingNeuron
from sns_mujoco.network.parts import Population
from sns_mujoco.network.sparse import SparseConnection
from sns_mujoco.network.synapses import Connection

Bounds = dict[str, float]

OF_NEURONS: dict[str, Bounds] = {
    "membrane_capacitance": {"above": 0.0},
    "membrane_conductance": {"least": 0.0},
    "threshold_time_constant": {"above": 0.0},
}
SODIUM = {"m": "a", "h": "b"}  # gates of neurons with one sodium channel, and what channels in general call them
OF_ALL = ("bias",)  # what neurons with equations of their own have, too


def columns(origins: Origins, families: Mapping[str, Family]) -> dict[tuple[str, str], Column]:
    """All columns of a network, by the kind of what has them (see `Column.kind`) and the quantity."""
    found: dict[tuple[str, str], Column] = {}
    described = _Connections(origins, families)
    for form in FORMS:
        kind = families[form.family].kind
        for quantity in (*form.takes, form.without):
            of = "channels" if form.family == "channels" and quantity != "initial_value" else kind
            if quantity and (of, quantity) not in found:
                found[of, quantity] = _column(origins, described, of, quantity)
    return {key: column for key, column in found.items() if len(column)}


def shared_values(column: Column, origins: Origins, families: Mapping[str, Family]) -> NDArray[np.bool_]:
    """Values that stand apart like all of their quantity, and are still shared: of receptors of several connections."""
    shared = np.zeros(len(column), bool)
    if column.kind == "connections" and column.quantity in COURSE:
        program, entry = origins.program, families["receptors"].entry
        own = np.zeros(len(program.receptors.kind), bool)
        own[entry] = True
        event = families["event"]
        pick = column.at(event.owner, event.cell)
        shared[pick[(pick >= 0) & ~own[program.events.receptor]]] = True
    return shared


def _column(origins: Origins, connections: "_Connections", kind: str, quantity: str) -> Column:
    network = origins.network
    match kind:
        case "populations":
            return Column(quantity, kind, _of_populations(network.populations, quantity), len(network.populations))
        case "channels":
            return Column(quantity, kind, _of_channels(network.populations, quantity), len(network.populations))
        case "connections":
            return Column(quantity, kind, connections.given(quantity), len(network.connections))
        case "inputs":
            return Column(quantity, kind, _of_inputs(origins), len(network.inputs))
    return Column(quantity, kind, _of_noises(origins, quantity), len(network.noises))


def _of_populations(populations: tuple[Population, ...], quantity: str) -> Iterator[Given]:
    bounds = OF_NEURONS.get(quantity)
    for index, p in enumerate(populations):
        if not isinstance(p.neuron, NonSpikingNeuron) and quantity not in OF_ALL:
            continue
        value = p.initial if quantity == "initial_value" else getattr(p.neuron, quantity, None)
        if value is not None:
            yield Given(owner=index, name=p.name, value=value, shape=p.shape, bounds=bounds)


def _of_channels(populations: tuple[Population, ...], quantity: str) -> Iterator[Given]:
    name, _, gate = quantity.rpartition("_")
    general = f"{name}_{SODIUM[gate]}" if gate in SODIUM else quantity
    for index, p in enumerate(populations):
        known = p.neuron.channels
        value = getattr(p.neuron, quantity, None)
        if not known or value is None:
            continue
        # channels find their values as the compiler does: one for all, one for each, or [n_channels, n_neurons]
        single = isinstance(p.neuron, NonSpikingNeuronWithPersistentSodiumChannel)
        places = np.arange(np.size(value))
        table = places.reshape(1, -1) if single else places.reshape(np.shape(value) if np.ndim(value) == 2 else (-1, 1))
        cells = np.broadcast_to(table, (len(known["g_ion"]), p.size)).ravel()
        yield Given(
            owner=index, name=p.name, value=value, shape=p.shape if single else None, cells=cells,
            bounds=CHANNEL_PARAMETERS[general],
        )  # fmt: skip


class _Connections:
    """What connections describe."""

    def __init__(self, origins: Origins, families: Mapping[str, Family]) -> None:
        wires = origins.network.connections
        described = {id(wire.kind): wire.kind for wire in wires}  # many share a description
        columns = {key: kind.columns for key, kind in described.items()}
        bounds = {key: {**_bounds(kind), **_delays(origins)} for key, kind in described.items()}
        self._used = _used(families)
        self._wires = [(wire.name, columns[id(wire.kind)], bounds[id(wire.kind)]) for wire in wires]

    def given(self, quantity: str) -> Iterator[Given]:
        """A quantity of all that have synapses with it."""
        for index, (name, columns, bounds) in enumerate(self._wires):
            value, used = columns.get(quantity), self._used.get(index)
            if value is None or used is None:
                continue
            cells = None
            if np.ndim(value):
                cells = np.full(np.size(value), -1)
                cells[used] = used
            yield Given(owner=index, name=name, value=value, cells=cells, bounds=bounds.get(quantity))


def _delays(origins: Origins) -> dict[str, Bounds]:
    """What is allowed of delays, where there is room for others."""
    steps = float(origins.room.delay)
    most = {"transmission_delay": steps, "transmission_delay_ms": steps * origins.program.dt}
    return {quantity: {"least": 0.0, "most": greatest} for quantity, greatest in most.items()} if steps else {}


def _used(families: Mapping[str, Family]) -> dict[int, Places]:
    """Cells of each connection that are synapses; those without any are left out."""
    found: dict[int, Places] = {}
    for name in ("graded", "spiking", "event", "weighted", "junctions"):
        family = families[name]
        order = np.argsort(family.owner, kind="stable")
        cells = family.cell[order]
        owners, first = np.unique(family.owner[order], return_index=True)
        ends = [*first[1:].tolist(), len(cells)]
        for owner, start, end in zip(owners.tolist(), first.tolist(), ends, strict=False):
            found[owner] = cells[start:end]
    return found


def _bounds(kind: Connection) -> Mapping[str, Mapping[str, float]]:
    """What is allowed of the parameters of a connection and of its plasticity."""
    synapse: Any = kind.synapse if isinstance(kind, SparseConnection) else kind
    bounds = dict(synapse.BOUNDS)
    for part in ("short_term", "plasticity"):
        rule = getattr(synapse, part, None)
        bounds |= rule.BOUNDS if rule is not None else {}
    if bounds.get("weight", {}).get("least") == 0.0 and "w_min" in bounds:
        bounds["w_min"] = bounds["weight"]  # conductances stay so while they learn
    return bounds


def _of_inputs(origins: Origins) -> Iterator[Given]:
    for index, given in enumerate(origins.network.inputs):
        population = origins.network.populations[given.population]
        if given.weights is None:
            yield Given(owner=index, name=given.name, value=np.ones(population.size), shape=population.shape)
        else:
            there = given.weights.ravel() != 0.0
            cells = np.where(there, np.arange(there.size), -1)
            yield Given(owner=index, name=given.name, value=given.weights, cells=cells)


def _of_noises(origins: Origins, quantity: str) -> Iterator[Given]:
    for index, source in enumerate(origins.network.noises):
        value = source.kind.columns[quantity]
        if value is not None:
            shape = origins.network.populations[source.population].shape
            bounds = source.kind.BOUNDS[quantity]
            yield Given(owner=index, name=source.name, value=value, shape=shape, bounds=bounds)
