"""Which entries of a program belong to which population, connection, input or noise: what the forms are filled with."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, Curve
from sns_mujoco.backends.learnable import Origins
from sns_mujoco.backends.program import TauRule
from sns_mujoco.network.synapses import Connection

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Entries of arrays of a program.

    Attributes:
        kind: What they belong to: "populations", "connections", "inputs" or "noises".
        owner: Index of the one that each belongs to [E].
        cell: Which of its neurons, synapses or edges each is [E].
        channel: Which of its cells each ion channel is [E]; of channels only.
        target: Neuron whose stability each bears on [E], where it does.
        constants: What else their numbers follow from, by name [E].
        entry: Which entry of the arrays each is [E]; the E-th one if left out.
    """

    kind: str
    owner: Places
    cell: Places
    channel: Places | None = None
    target: Places | None = None
    constants: dict[str, Floats] = field(default_factory=dict)
    entry: Places | None = None

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.owner)


def families(origins: Origins) -> dict[str, Family]:
    """All of a program, by name."""
    return _of_populations(origins) | _of_connections(origins) | _of_ports(origins)


def _of_populations(origins: Origins) -> dict[str, Family]:
    program = origins.program
    population = origins.population
    starts = np.searchsorted(population, np.arange(len(origins.network.populations)))
    cell = np.arange(len(population)) - starts[population]
    neurons = Family(kind="populations", owner=population, cell=cell, target=np.arange(len(population)))
    spiking = program.spiking_neuron.astype(np.int64)
    row = program.channel_row.astype(np.int64)
    neuron = np.repeat(np.arange(len(population)), np.diff(row))
    sizes = np.array([p.size for p in origins.network.populations])
    rank = np.arange(len(neuron)) - row[neuron]
    bounded = (program.gate_tau_rule == TauRule.CONSTANT) & (program.gate_power[1:] > 0)
    return {
        "neurons": neurons,
        "spiking neurons": Family(kind="populations", owner=population[spiking], cell=cell[spiking], target=spiking),
        "channels": Family(
            kind="populations",
            owner=population[neuron],
            cell=cell[neuron],
            channel=rank * sizes[population[neuron]] + cell[neuron],
            target=neuron,
            constants={f"rules {row + 1}": bounded[row].astype(float) for row in range(2)},
        ),
    }


def _of_connections(origins: Origins) -> dict[str, Family]:
    program, network = origins.program, origins.network
    sizes = np.array([p.size for p in network.populations])
    sources = np.array([sizes[w.source] if w.kind.layout == "all" else 1 for w in network.connections], float)
    found = {}
    for name in ("graded", "spiking", "event", "weighted"):
        edges = origins.edges[name]
        found[name] = Family(
            kind="connections", owner=edges.owner, cell=edges.entry, target=edges.target,
            constants={"sources": sources[edges.owner]},
        )  # fmt: skip
    junctions = origins.edges["junctions"]
    ends = origins.junction
    rows = np.diff(program.junction_row.astype(np.int64))
    found["junctions"] = Family(
        kind="connections",
        owner=junctions.owner[ends],
        cell=junctions.entry[ends],
        target=np.repeat(np.arange(program.n_neurons), rows),
        constants={"sources": sources[junctions.owner[ends]]},
    )
    event = found["event"]
    found["receptors"] = _receptors(origins, event)
    found["weighted"].constants["sigmoid"] = (program.weighted.curve == Curve.SIGMOID).astype(float)
    plastic, short = program.plastic.event.astype(np.int64), np.flatnonzero(program.events.short_term != NONE)
    for name, which in (("plastic", plastic), ("short term", short)):
        found[name] = Family(kind="connections", owner=event.owner[which], cell=event.cell[which])
    return found


def _receptors(origins: Origins, event: Family) -> Family:
    """Receptors to which spikes of one connection alone arrive, and in it of synapses with the same description."""
    program = origins.program
    receptor = program.events.receptor.astype(np.int64)
    used, first = np.unique(receptor, return_index=True)
    owner, cell = np.full((2, len(program.receptors.kind)), -1)
    owner[used], cell[used] = event.owner[first], event.cell[first]
    alone = owner >= 0
    alone[receptor[event.owner != owner[receptor]]] = False
    through = program.input_receptor[program.input_receptor != NONE]
    alone[through] = False
    if not origins.room.own_receptors:
        # which synapses of a connection share receptors depends on their values where each has its own
        various = [_has_various(wire.kind) for wire in origins.network.connections]
        alone[alone] &= ~np.array(various, bool)[owner[alone]]
    entries = np.flatnonzero(alone)
    return Family(
        kind="connections", owner=owner[entries], cell=cell[entries], entry=entries,
        target=np.repeat(np.arange(program.n_neurons), np.diff(program.receptors.row.astype(np.int64)))[entries],
    )  # fmt: skip


def _has_various(kind: Connection) -> bool:
    """Whether the synapses of a connection have time courses of their own."""
    columns = kind.columns
    return any(np.ndim(columns.get(name, 0.0)) for name in ("time_constant", "rise_time", "reversal_potential"))


def _of_ports(origins: Origins) -> dict[str, Family]:
    network = origins.network
    owner, cell, through = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for index, given in enumerate(network.inputs):
        size = network.populations[given.population].size
        target = np.arange(size) if given.weights is None else np.flatnonzero(given.weights)
        owner.append(np.full(len(target), index))
        cell.append(target)
        weight: Any = 1.0 if given.through is None else given.through.weight
        through.append(np.full(len(target), float(weight)))
    noise_owner, noise_cell = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for index, source in enumerate(network.noises):
        size = network.populations[source.population].size
        noise_owner.append(np.full(size, index))
        noise_cell.append(np.arange(size))
    return {
        "inputs": Family(
            kind="inputs", owner=np.concatenate(owner), cell=np.concatenate(cell),
            constants={"through": np.concatenate(through)},
        ),
        "noises": Family(kind="noises", owner=np.concatenate(noise_owner), cell=np.concatenate(noise_cell)),
    }  # fmt: skip
