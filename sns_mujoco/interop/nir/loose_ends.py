"""Inputs and outputs where a NIR graph has loose ends: NIR puts them there itself when it checks a graph."""

from collections.abc import Mapping

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.nir.nodes import Node
from sns_mujoco.interop.nir.report import NirNote

Edge = tuple[str, str]


def with_ports(
    nodes: Mapping[str, Node], edges: list[Edge], notes: list[NirNote]
) -> tuple[dict[str, Node], list[Edge]]:
    """Add an input before every node that nothing comes into, and an output behind every one that nothing leaves.

    Raises:
        NetworkError: Something comes into an input or leaves an output.
    """
    starts, ends = {start for start, _ in edges}, {end for _, end in edges}
    every, wires = dict(nodes), list(edges)
    for name, node in nodes.items():
        if (node.kind == "Input" and name in ends) or (node.kind == "Output" and name in starts):
            way = "comes into the input" if node.kind == "Input" else "leaves the output"
            raise NetworkError(f"an edge of the NIR graph {way} {name!r}; only those of subgraphs are passed through")
        if node.kind == "Output" and name not in ends:
            raise NetworkError(f"nothing comes into output {name!r} of the NIR graph; connect or remove it")
        if name not in ends and node.kind != "Input":
            _add(every, notes, "Input", _free(every, f"input_{name}"), f"before {name!r}, which nothing comes into")
            wires.append((list(every)[-1], name))
        if name not in starts and node.kind not in ("Input", "Output"):
            _add(every, notes, "Output", _free(every, f"output_{name}"), f"behind {name!r}, which nothing leaves")
            wires.append((name, list(every)[-1]))
    return every, wires


def _add(every: dict[str, Node], notes: list[NirNote], kind: str, name: str, where: str) -> None:
    # a port takes the shape of its neighbour, where an input of the graph has its own
    every[name] = Node(name=name, kind=kind, values={"shape": None}, shape=None)
    message = f"the {kind.lower()} {name!r} was added {where}"
    notes.append(NirNote(kind="added", names=(name,), message=message))


def _free(every: Mapping[str, Node], name: str) -> str:
    while name in every:
        name += "_"
    return name
