"""Networks that are too large to be drawn neuron by neuron: what belongs together becomes one node."""

import re
from collections import defaultdict
from collections.abc import Callable
from math import prod

from sns_mujoco.network.pictures.graph import Edge, Graph, Node

_NUMBER = re.compile(r"[\s._\-]*\d+$")


def collapsed(graph: Graph, most_nodes: int, most_edges: int) -> Graph:
    """The same graph, or one with fewer nodes that says so in its note.

    Nodes are taken together by group, or if that is not enough by name without its number, by group or kind, by kind;
    connections between the same nodes that do the same become one.

    Args:
        graph: A graph with groups.
        most_nodes: Above this number of nodes something must be done.
        most_edges: Likewise for edges.
    """
    found = graph
    if len(graph.nodes) <= most_nodes and len(graph.edges) <= most_edges:
        return found
    for way in _WAYS:
        found = _merged(graph, way)
        if len(found.nodes) <= most_nodes and len(found.edges) <= most_edges:
            break
    return found


def _by_group(node: Node) -> tuple[str, str]:
    return (node.group, node.group) if node.group else (node.name, node.name)


def _by_stem(node: Node) -> tuple[str, str]:
    stem = node.group or _NUMBER.sub("", node.name) or node.name
    return stem, stem


def _by_group_or_kind(node: Node) -> tuple[str, str]:
    return node.group or f"\0{node.kind}", node.group or node.kind


def _by_kind(node: Node) -> tuple[str, str]:
    return node.kind, node.kind


_WAYS: tuple[Callable[[Node], tuple[str, str]], ...] = (_by_group, _by_stem, _by_group_or_kind, _by_kind)


def _merged(graph: Graph, way: Callable[[Node], tuple[str, str]]) -> Graph:
    members: dict[tuple, list[int]] = defaultdict(list)
    owner = [way(node) if node.role == "neurons" else ("", "") for node in graph.nodes]
    for edge in graph.edges:
        if edge.sign == "link":  # inputs and outputs stay with what they belong to
            tag, neurons = (edge.source, edge.target) if graph.nodes[edge.source].role != "neurons" else (
                edge.target, edge.source,
            )  # fmt: skip
            owner[tag] = owner[neurons]
    for index, node in enumerate(graph.nodes):
        members[node.role, owner[index]].append(index)
    place, nodes = {}, []
    for (role, (_, label)), found in members.items():
        place |= dict.fromkeys(found, len(nodes))
        nodes.append(_one_of([graph.nodes[index] for index in found], role, label))
    together: dict[tuple, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        together[place[edge.source], place[edge.target], edge.sign].append(edge)
    edges = [_one_edge(source, target, found) for (source, target, _), found in together.items()]
    count = sum(node.role == "neurons" for node in graph.nodes)
    shown = sum(node.role == "neurons" for node in nodes)
    what = "one node" if shown == 1 else f"{shown:,} nodes"
    note = f"{count:,} populations and {len(graph.edges):,} lines are too many to be drawn one by one: shown as {what}"
    return Graph(name=graph.name, nodes=tuple(nodes), edges=tuple(edges), note=note)


def _one_of(found: list[Node], role: str, label: str) -> Node:
    first = found[0]
    if len(found) == 1:
        return Node(
            name=first.name, label=first.name, role=first.role, shape=first.shape, color=first.color, badge=first.badge,
            kind=first.kind, details=first.details, populations=first.populations,
        )  # fmt: skip
    if role != "neurons":
        name = f"{len(found)} {role}s"
        listed = ", ".join(node.name for node in found[:12]) + (", ..." if len(found) > 12 else "")
        return Node(name=name, label=name, role=first.role, color="white", details=f"{name}: {listed}")
    size = sum(prod(node.shape) for node in found)
    colors, badges, kinds = ({getattr(node, what) for node in found} for what in ("color", "badge", "kind"))
    return Node(
        name=label,
        label=label,
        role="neurons",
        shape=(size,),
        color=first.color if len(colors) == 1 else "white",
        badge=first.badge if len(badges) == 1 else "",
        kind=first.kind if len(kinds) == 1 else "",
        details=f"{label}: {size:,} neurons in {len(found):,} populations, {', '.join(sorted(kinds))}",
        populations=tuple(index for node in found for index in node.populations),
    )


def _one_edge(source: int, target: int, found: list[Edge]) -> Edge:
    first = found[0]
    if len(found) == 1:
        details = first.details
    else:
        details = f"{len(found):,} connections: {first.sign}, up to {max(e.strength for e in found):.4g} {first.unit}"
    return Edge(
        source=source,
        target=target,
        sign=first.sign,
        strength=max(edge.strength for edge in found),
        unit=first.unit,
        label=first.label if len(found) == 1 else "",
        texture=first.texture if len(found) == 1 else "",
        learning=first.learning if len(found) == 1 else "",
        details="" if first.sign == "link" else details,
        connections=tuple(index for edge in found for index in edge.connections),
    )
