"""A NIR graph as it was given, an object, a dictionary or a file, in one plain form without subgraphs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.nir.hdf5 import DEEPEST, read_nir_file

PORT = "Port"
"""Kind of what is left of the inputs and outputs of a subgraph: a place that passes everything on."""
DERIVED = ("input_type", "output_type")
"""What nodes of the package `nir` keep besides their parameters."""


@dataclass(slots=True)
class RawGraph:
    """Nodes by name, those of subgraphs as "subgraph.node", and the edges between them.

    Attributes:
        kinds: Type of each node.
        fields: What each node has, unchecked.
        edges: (from, to).
        metadata: Nodes that carry metadata, and "" for the graph itself.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    metadata: list[str] = field(default_factory=list)


def read_graph(given: Any) -> RawGraph:
    """Take in a graph.

    Args:
        given: A `nir.NIRGraph`, the dictionary that its `to_dict` makes, or the path of a NIR file.

    Raises:
        NetworkError: It is none of these, or its nodes or edges are not such.
    """
    if isinstance(given, str | os.PathLike):
        given = read_nir_file(given)
    kind, content = _node("the graph", given)
    if kind != "NIRGraph":
        raise NetworkError(
            f"{_short(given)} is no NIR graph; give a nir.NIRGraph, its dictionary, or the path of a file"
        )
    graph = RawGraph()
    _add_graph(graph, "", content, 0)
    return graph


def _node(owner: str, given: Any) -> tuple[str, dict[str, Any]]:
    """Type and fields of a node: an object of the package `nir`, or a dictionary."""
    if isinstance(given, Mapping):
        content = {str(key): value for key, value in given.items() if key != "type"}
        return str(_unpacked(given.get("type", "nothing"))), content
    content = {name: value for name, value in getattr(given, "__dict__", {}).items() if name not in DERIVED}
    if type(given).__name__ in ("Input", "Output", "Flatten"):  # their shape is their parameter
        name = "output" if type(given).__name__ == "Output" else "input"
        shapes = getattr(given, f"{name}_type", None)
        shape = shapes.get(name) if isinstance(shapes, Mapping) else shapes
        content["input_type" if type(given).__name__ == "Flatten" else "shape"] = shape
    return type(given).__name__, content


def _add_graph(graph: RawGraph, prefix: str, content: dict[str, Any], depth: int) -> tuple[list[str], list[str]]:
    """Add the nodes and edges of a graph; gives the names of its inputs and outputs."""
    owner = f"the subgraph {prefix[:-1]!r}" if prefix else "the graph"
    if depth > DEEPEST:
        raise NetworkError(f"{owner}: subgraphs contain one another, or are more than {DEEPEST} deep")
    nodes, edges = content.get("nodes"), content.get("edges")
    if not isinstance(nodes, Mapping):
        raise NetworkError(f"{owner} has no dictionary of nodes, but {_short(nodes)}")
    _note_metadata(graph, prefix[:-1], content)
    _refuse_fields(owner, "NIRGraph", content, ("nodes", "edges", "type_check"))
    ports: dict[str, tuple[list[str], list[str]]] = {}
    inputs, outputs = [], []
    for name, given in nodes.items():
        full = f"{prefix}{name}"
        kind, fields = _node(f"node {full!r}", given)
        if kind == "NIRGraph":
            ports[str(name)] = _add_graph(graph, f"{full}.", fields, depth + 1)
            continue
        if full in graph.kinds:
            raise NetworkError(f"{owner} has two nodes that are called {full!r} once subgraphs are written out")
        if kind in ("Input", "Output"):
            (inputs if kind == "Input" else outputs).append(full)
        _note_metadata(graph, full, fields)
        graph.kinds[full] = PORT if prefix and kind in ("Input", "Output") else kind
        graph.fields[full] = fields
    for start, end in _edges(owner, edges, nodes):
        from_name = _port(owner, ports[start][1], start, "output") if start in ports else f"{prefix}{start}"
        to_name = _port(owner, ports[end][0], end, "input") if end in ports else f"{prefix}{end}"
        graph.edges.append((from_name, to_name))
    return inputs, outputs


def _edges(owner: str, edges: Any, nodes: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """The edges as pairs of names of nodes, each once."""
    names = {str(name) for name in nodes}
    try:
        pairs = [(str(_unpacked(a)), str(_unpacked(b))) for a, b in edges]
    except (TypeError, ValueError) as error:
        raise NetworkError(f"{owner}: its edges are {_short(edges)}; give pairs of names") from error
    for pair in pairs:
        for end in pair:
            if end not in names:
                raise NetworkError(
                    f"{owner}: the edge {pair[0]!r} -> {pair[1]!r} names {end!r}, which is no node of it"
                )
    if len(set(pairs)) < len(pairs):
        twice = next(pair for pair in pairs if pairs.count(pair) > 1)
        raise NetworkError(f"{owner}: the edge {twice[0]!r} -> {twice[1]!r} is there twice; NIR has it once at most")
    return pairs


def _port(owner: str, ports: list[str], name: str, side: str) -> str:
    """The one input or output of a subgraph that an edge can mean."""
    if len(ports) != 1:
        raise NetworkError(
            f"{owner}: an edge goes {'to' if side == 'input' else 'from'} the subgraph {name!r}, which has "
            f"{len(ports)} {side}s; edges of NIR do not say which, so it must have one"
        )
    return ports[0]


def _note_metadata(graph: RawGraph, name: str, content: dict[str, Any]) -> None:
    metadata = content.pop("metadata", None)
    if isinstance(metadata, Mapping) and metadata:
        graph.metadata.append(name)


def _refuse_fields(owner: str, kind: str, content: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(set(content) - set(known))
    if unknown:
        raise NetworkError(f"{owner} has {unknown[0]!r}, which a {kind} of NIR 1 does not have: remove it")


def _unpacked(value: Any) -> Any:
    """A text out of the wrappings in which files keep it."""
    value = value.item() if isinstance(value, np.ndarray | np.generic) and value.size == 1 else value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
