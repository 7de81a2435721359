"""A network added to another one, with new names and indices."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sns_mujoco.network.event_synapses import EventSynapse
from sns_mujoco.network.parts import OF_NOISE, OF_SYNAPSES, Input, Noise, Output, Population, Wire
from sns_mujoco.network.plasticity import RewardSTDP
from sns_mujoco.network.sparse import SparseConnection
from sns_mujoco.network.synapses import Connection

if TYPE_CHECKING:
    from sns_mujoco.network.contents import Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a network as another one is to have them."""

    populations: list[Population]
    connections: list[Wire]
    inputs: list[Input]
    outputs: list[Output]
    noises: list[Noise]


def arrow(populations: Sequence[Population], source: int, destination: int) -> str:
    """What a connection is called that is given no name."""
    return f"{populations[source].name}->{populations[destination].name}"


def renamed(network: "Contents", into: "Contents", rename: Callable[[str], str], color: str | None) -> Parts:
    """The parts of a network with new names, and with indices behind those of the network that they go into.

    Connections that were named after their populations follow the new names of these, and modulators that are
    neurons of the network are found under their new names.

    Args:
        network: What is added; it stays as it is.
        into: What it is added to.
        rename: The new name of each part.
        color: Colour for the populations; their own if left out.
    """
    first = {"populations": len(into.populations), "connections": len(into.connections), "noises": len(into.noises)}
    populations = [replace(p, name=rename(p.name), color=color or p.color) for p in network.populations]
    connections = []
    for c in network.connections:
        by_default = re.fullmatch(re.escape(arrow(network.populations, c.source, c.destination)) + r"(_\d+)?", c.name)
        name = rename(c.name)
        if by_default:
            name = arrow(populations, c.source, c.destination) + (by_default[1] or "")
        moved = {end: getattr(c, end) + first["populations"] for end in ("source", "destination")}
        kind = _with_modulator(c.kind, network.population_names, rename)
        connections.append(replace(c, name=name, kind=kind, **moved))

    def at(entry: Any) -> int:
        return entry.population + first["populations"]

    return Parts(
        populations=populations,
        connections=connections,
        inputs=[replace(i, name=rename(i.name), population=at(i)) for i in network.inputs],
        outputs=[replace(o, name=rename(o.name), source=o.source + first[read_of(o.kind)]) for o in network.outputs],
        noises=[replace(n, name=rename(n.name), population=at(n)) for n in network.noises],
    )


def read_of(kind: str) -> str:
    """Which parts of a network an output of some kind reads: "populations", "connections" or "noises"."""
    return "connections" if kind in OF_SYNAPSES else "noises" if kind in OF_NOISE else "populations"


def _with_modulator(kind: Connection, names: Sequence[str], rename: Callable[[str], str]) -> Connection:
    """A connection whose modulator bears its new name, where it is a neuron of the network."""
    if isinstance(kind, SparseConnection):
        synapse = _with_modulator(kind.synapse, names, rename)
        return kind if synapse is kind.synapse else replace(kind, synapse=synapse)
    if not isinstance(kind, EventSynapse) or not isinstance(kind.plasticity, RewardSTDP):
        return kind
    rule = kind.plasticity
    population, bracket, place = rule.modulator.partition("[")
    known = rule.modulator if rule.modulator in names else population
    if known not in names:
        return kind
    modulator = rename(rule.modulator) if known == rule.modulator else f"{rename(population)}{bracket}{place}"
    return kind if modulator == rule.modulator else replace(kind, plasticity=replace(rule, modulator=modulator))
