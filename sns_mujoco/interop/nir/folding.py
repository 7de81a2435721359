"""From a graph of nodes to neurons and the sparse maps between them.

Whatever stands between neurons is multiplied out. A leaky integrator in between is a filter of first order, which a
synapse can be: it is folded into the synapses, exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.interop.nir.nodes import CUBA, READABLE, SPIKING, Node, Shape
from sns_mujoco.interop.nir.raw_graph import PORT
from sns_mujoco.interop.nir.report import listed
from sns_mujoco.interop.nir.sparse_maps import SparseMap, summed
from sns_mujoco.interop.nir.stateless import map_of

CONSTANT = ""
"""Name of the source of one element that is always 1."""
Signal = dict[str, SparseMap]
"""What arrives at a place, by its source: an input, a spiking node, or `CONSTANT`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A graph whose nodes and shapes are known.

    Attributes:
        nodes: By name.
        edges: (from, to).
        shapes: What comes into each node, and what leaves it.
        dt: ms.
        time_unit: ms in a unit of the graph's time.
        jumps: Whether inputs act on currents and integrators without a factor of the step.
    """

    nodes: Mapping[str, Node]
    edges: list[tuple[str, str]]
    shapes: Mapping[str, tuple[Shape, Shape]]
    dt: float
    time_unit: float
    jumps: bool

    def size(self, name: str) -> int:
        """Number of elements that leave a node."""
        return prod(self.shapes[name][1])

    def values(self, name: str, key: str) -> NDArray[np.float64]:
        """A parameter of a node, for each of its elements."""
        given = self.nodes[name].values[key]
        return np.broadcast_to(given.ravel(), (prod(self.shapes[name][0]),)).astype(float)


@dataclass(slots=True)
class Folded:
    """Neurons and what joins them.

    Attributes:
        links: What arrives at each neuron, and at each output that needs a neuron of its own.
        reads: The node that each other output reads.
        folded: Leaky integrators that became filters of synapses.
        problems: What cannot be done.
    """

    links: dict[str, Signal] = field(default_factory=dict)
    reads: dict[str, str] = field(default_factory=dict)
    folded: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def fold(graph: Graph) -> Folded:
    """Multiply out everything between the neurons of a graph."""
    before: dict[str, list[str]] = defaultdict(list)
    for start, end in graph.edges:
        before[end].append(start)
    result = Folded()
    for name, node in graph.nodes.items():
        if node.kind == "Output":
            read = _read_directly(graph, before, name)
            if read is None:
                result.links[name] = {}
            else:
                result.reads[name] = read
    read = set(result.reads.values())
    result.links |= {name: {} for name, node in graph.nodes.items() if node.kind in SPIKING}
    result.links |= {name: {} for name, node in graph.nodes.items() if node.kind in READABLE and name in read}
    signals = _signals(graph, before, result)
    for name in result.links:
        result.links[name] = _guarded(result, lambda name=name: _arriving(graph, name, before[name], signals))
    result.links = {name: result.links[name] for name in graph.nodes if name in result.links}
    for source, sinks in _delayed_inputs(graph, result.links).items():
        result.problems.append(f"input {source!r} is delayed on its way to {listed(sinks)}; only spikes can be")
    return result


def _read_directly(graph: Graph, before: Mapping[str, list[str]], name: str) -> str | None:
    """The one neuron whose spikes or potential an output shows, if it is that."""
    seen = {name}
    while len(before[name]) == 1:
        name = before[name][0]
        if graph.nodes[name].kind in (*SPIKING, *READABLE):
            return name
        if graph.nodes[name].kind not in ("Flatten", PORT) or name in seen:
            return None
        seen.add(name)
    return None


def _signals(graph: Graph, before: Mapping[str, list[str]], result: Folded) -> dict[str, Signal]:
    """What leaves every node that something needs."""
    sources = [name for name, node in graph.nodes.items() if node.kind == "Input" or node.kind in SPIKING]
    signals: dict[str, Signal] = {name: {name: SparseMap.diagonal(np.ones(graph.size(name)))} for name in sources}
    for name in _in_order(before, result.links, set(sources), result.problems):
        node = graph.nodes[name]
        if node.kind in ("I", "CubaLI"):
            result.problems.append(
                f"the potential of node {name!r} ({node.kind}) drives others; of nodes without spikes only an LI can, "
                "which becomes a filter of their synapses"
            )
            signals[name] = {}
            continue
        if node.kind == "LI":
            result.folded.append(name)
        signals[name] = _guarded(result, lambda name=name: _leaving(graph, name, before[name], signals))
    return signals


def _in_order(
    before: Mapping[str, list[str]], ends: Iterable[str], sources: set[str], problems: list[str]
) -> list[str]:
    """The nodes that ends depend on, each after those that it depends on itself."""
    order: list[str] = []
    state: dict[str, bool] = {}  # whether it is done
    for end in ends:
        stack = [(name, False) for name in before[end] if name not in sources]
        while stack:
            name, entered = stack.pop()
            if entered:
                state[name] = True
                order.append(name)
            elif name not in state:
                state[name] = False
                stack.append((name, True))
                for other in before[name]:
                    if other in sources or state.get(other):
                        continue
                    if other in state:
                        problems.append(f"nodes {other!r} and {name!r} are part of a loop without spikes")
                    else:
                        stack.append((other, False))
    return order


def _guarded(result: Folded, make) -> Signal:
    """A signal; nothing, and one problem more, where there can be none."""
    try:
        return make()
    except NetworkError as error:
        result.problems.append(str(error))
        return {}


def _leaving(graph: Graph, name: str, before: list[str], signals: Mapping[str, Signal]) -> Signal:
    """What leaves a node without spikes."""
    node, incoming = graph.nodes[name], _summed(before, signals)
    owner = f"NIR node {name!r} ({node.kind})"
    if node.kind == "LI":
        share, tau = _filter(graph, name, "tau")
        own, added = SparseMap.diagonal(graph.values(name, "r") * share, tau=tau), graph.values(name, "v_leak")
    else:
        own, added = map_of(node, graph.shapes[name][0], graph.time_unit)
    if own is not None:
        incoming = {source: own.after(first, owner) for source, first in incoming.items()}
    if added is not None and added.any():
        constants = [incoming[CONSTANT]] if CONSTANT in incoming else []
        incoming[CONSTANT] = summed([*constants, SparseMap.constant(added)])
    return incoming


def _arriving(graph: Graph, name: str, before: list[str], signals: Mapping[str, Signal]) -> Signal:
    """What arrives at a neuron: at its synaptic current where it has one."""
    node, incoming = graph.nodes[name], _summed(before, signals)
    if node.kind in CUBA:
        share, tau = _filter(graph, name, "tau_syn")
        filtered = SparseMap.diagonal(graph.values(name, "w_in") * (1.0 if graph.jumps else share), tau=tau)
        owner = f"the synaptic current of NIR node {name!r} ({node.kind})"
        incoming = {source: filtered.after(first, owner) for source, first in incoming.items()}
    if "r" in node.values:
        resistance = graph.values(name, "r")
        if (resistance <= 0).any():  # of which no conductance is the inverse
            gain = np.where(resistance > 0, 1.0, resistance)
            incoming = {source: arriving.scaled(gain) for source, arriving in incoming.items()}
    inputs = {source for source in incoming if source and graph.nodes[source].kind == "Input"}  # stay, if silent, too
    return {source: arriving for source, arriving in incoming.items() if len(arriving.row) or source in inputs}


def _filter(graph: Graph, name: str, key: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a filter takes in within a step of what it will in the end, and its time constant, ms.

    Raises:
        TimeStepError: It is shorter than the step.
    """
    tau = graph.values(name, key) * graph.time_unit
    share = graph.dt / tau
    if (share > 1 + 1e-9).any():
        raise TimeStepError(
            f"NIR node {name!r} ({graph.nodes[name].kind}): {key} is {tau.min():g} ms, less than the step of "
            f"{graph.dt:g} ms; take a shorter step, or, if the graph is not in seconds as NIR wants it, give time_unit"
        )
    at_once = share > 1 - 1e-9
    return np.where(at_once, 1.0, share), np.where(at_once, 0.0, tau)


def _summed(before: list[str], signals: Mapping[str, Signal]) -> Signal:
    maps: dict[str, list[SparseMap]] = defaultdict(list)
    for name in before:
        for source, arriving in signals.get(name, {}).items():
            maps[source].append(arriving)
    return {source: summed(parts) for source, parts in maps.items()}


def _delayed_inputs(graph: Graph, links: Mapping[str, Signal]) -> dict[str, list[str]]:
    late: dict[str, list[str]] = defaultdict(list)
    for sink, signal in links.items():
        for source, arriving in signal.items():
            if source and graph.nodes[source].kind == "Input" and arriving.delay.any():
                late[source].append(sink)
    return late
