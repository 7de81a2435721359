"""What a picture of a network shows: nodes, edges between them, and what to call them."""

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from sns_mujoco.network.contents import Contents
from sns_mujoco.network.parts import OF_NEURONS, OF_SYNAPSES, Input, Output, Population, Wire
from sns_mujoco.network.pictures.describe import (
    Sign,
    facts,
    facts_text,
    kind_name,
    learning,
    resting,
    sign,
    strength,
    synapse_count,
    unit,
)

Role = Literal["neurons", "input", "noise", "output"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing with a place: a population, an input, an output, or populations drawn as one.

    Attributes:
        name: Its whole name.
        label: What is written on it; its group's name is not repeated.
        role: What it is.
        shape: (n,) or (rows, columns); (1,) for a single neuron.
        color: Colour as the network has it.
        badge: "" for a plain membrane, "spike", "channel", or a short code for other kinds.
        kind: Class of the neurons.
        details: All that a reader may want to know, shown where the pointer rests.
        populations: Indices of the populations that it stands for.
        group: Name of its group, "" for none.
    """

    name: str
    label: str
    role: Role
    shape: tuple[int, ...] = (1,)
    color: str
    badge: str = ""
    kind: str = ""
    details: str
    populations: tuple[int, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A connection, several that are drawn as one, or the line between a population and its input or output.

    Attributes:
        source: Index of a node.
        target: Index of a node.
        sign: What it does; "link" for inputs and outputs.
        strength: Largest conductance, uS, or weight.
        unit: Of the strength: "uS", "nA" or "mV".
        label: Written beside it, "" for nothing.
        texture: Whether its synapses are given one by one: "matrix", "pattern", "list", or "".
        learning: Whether its weights change: "learns", "short-term", or "".
        details: All that a reader may want to know.
        connections: Indices of the connections that it stands for.
    """

    source: int
    target: int
    sign: Sign | Literal["link"]
    strength: float = 0.0
    unit: str = ""
    label: str = ""
    texture: str = ""
    learning: str = ""
    details: str = ""
    connections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A network as it is drawn.

    Attributes:
        name: Name of the network.
        nodes: Populations in order, then inputs, then outputs.
        edges: Connections in order, then links.
        note: Says what is not shown one by one, "" if everything is.
    """

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    note: str = ""


def graph_of(network: Contents, *, detailed: bool = True) -> Graph:
    """A network with every population as a node and every connection as an edge.

    Args:
        network: The network.
        detailed: Whether its parts say all about themselves, or only their names.
    """
    populations, wires = network.populations, network.connections
    nodes = [_population_node(index, population) for index, population in enumerate(populations)]
    edges = [_wire_edge(index, wire, populations, detailed) for index, wire in enumerate(wires)]
    for given in network.inputs:
        goal = populations[given.population]
        edges.append(Edge(source=len(nodes), target=given.population, sign="link"))
        details = f"input {given.name}: {_parts_text(given)}into {goal.name}"
        nodes.append(Node(name=given.name, label=given.name, role="input", color=given.color, details=details))
    for noise in network.noises:
        edges.append(Edge(source=len(nodes), target=noise.population, sign="link"))
        details = f"noise {noise.name}: {type(noise.kind).__name__} on {populations[noise.population].name}"
        nodes.append(Node(name=noise.name, label=noise.name, role="noise", color="white", details=details))
    for output in network.outputs:
        source, what = read_at(network, output)
        edges.append(Edge(source=source, target=len(nodes), sign="link"))
        details = f"output {output.name}: {_reading(output)} of {what}"
        nodes.append(Node(name=output.name, label=output.name, role="output", color=output.color, details=details))
    return Graph(name=network.name, nodes=tuple(nodes), edges=tuple(edges))


def read_at(network: Contents, output: Output) -> tuple[int, str]:
    """The population at which an output is drawn, and the name of what it reads."""
    if output.kind in OF_NEURONS:
        return output.source, network.populations[output.source].name
    if output.kind in OF_SYNAPSES:
        wire = network.connections[output.source]
        return wire.destination, wire.name
    noise = network.noises[output.source]
    return noise.population, noise.name


def shape_text(shape: tuple[int, ...]) -> str:
    """Size of a population, "12" or "4 x 6"."""
    return " × ".join(str(size) for size in shape)


def _population_node(index: int, population: Population) -> Node:
    neuron = population.neuron
    kind = type(neuron).__name__
    size = "" if population.size == 1 else f"{shape_text(population.shape)} neurons, "
    return Node(
        name=population.name,
        label=population.name,
        role="neurons",
        shape=population.shape,
        color=population.color,
        badge=_badge(population),
        kind=kind,
        details=f"{population.name}: {size}{kind}, {facts_text(facts(neuron))}".rstrip(", "),
        populations=(index,),
    )


def _badge(population: Population) -> str:
    neuron = population.neuron
    if population.spikes:
        return "spike"
    if neuron.channels:
        return "channel"
    kind = type(neuron).__name__
    if kind == "NonSpikingNeuron":
        return ""
    words = re.findall(r"[A-Z][a-z]*", kind.removesuffix("Neuron"))
    return "".join(word[0] for word in words)[:3] or kind[:2]


def _wire_edge(index: int, wire: Wire, populations: tuple[Population, ...], detailed: bool) -> Edge:
    pre, post, kind = populations[wire.source], populations[wire.destination], wire.kind
    effect = sign(kind, pre, post)
    return Edge(
        source=wire.source,
        target=wire.destination,
        sign=effect,
        strength=strength(kind),
        unit=unit(kind),
        label=wire.name if wire.view_label else "",
        texture="" if kind.layout == "all" else kind.layout,
        learning=learning(kind),
        details=f"{wire.name}: {effect}, {_wire_text(wire, populations)}" if detailed else wire.name,
        connections=(index,),
    )


def _wire_text(wire: Wire, populations: tuple[Population, ...]) -> str:
    kind, rest = wire.kind, resting(populations[wire.destination])
    judged = f" (rest {rest[0]:.4g} mV)" if "reversal_potential" in kind.columns and (rest == rest[0]).all() else ""
    count = synapse_count(wire, populations)
    many = f", {count:,} synapses" if count != 1 else ""
    return f"{kind_name(kind)}, {facts_text(facts(kind))}{judged}{many}"


def _parts_text(given: Input) -> str:
    """What an input gives, and through which synapses if it says so."""
    size = "" if given.size == 1 else f"{given.size} values "
    parts = [getattr(given, part.name) for part in fields(given)]
    through = [type(part).__name__ for part in parts if is_dataclass(part)]
    return size + (f"through {' and '.join(through)} " if through else "")


def _reading(output: Output) -> str:
    unit = {"voltage": " in mV", "threshold": " in mV", "conductance": " in uS", "current": " in nA", "noise": " in nA"}
    return output.kind + unit.get(output.kind, "")
