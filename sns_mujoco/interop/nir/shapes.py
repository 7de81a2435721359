"""Shapes of the signals in a NIR graph, worked out from what its nodes say.

Simulators write shapes down carelessly: parameters of whole layers as one number, and inputs and outputs with the
batch in front. So numbers take the shape of their neighbours, and leading dimensions that no neighbour has are left
out, which the report says.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import prod

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.nir.nodes import ELEMENTWISE, Node, Shape
from sns_mujoco.interop.nir.raw_graph import PORT
from sns_mujoco.interop.nir.report import NirNote, listed
from sns_mujoco.interop.nir.windows import RANK, window_of

Edges = Sequence[tuple[str, str]]


def infer_shapes(nodes: Mapping[str, Node], edges: Edges, notes: list[NirNote]) -> dict[str, tuple[Shape, Shape]]:
    """Shape of what comes into each node and of what leaves it.

    Raises:
        NetworkError: Shapes do not fit, or cannot be worked out.
    """
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
        before[end].append(start)
    given = {name: input_shape(node) for name, node in nodes.items()}
    incoming = {name: shape for name, shape in given.items() if shape is not None and not _adapts(nodes[name])}
    _trim_inputs(nodes, given, after, incoming, notes)
    outgoing = {name: output_shape(nodes[name], shape) for name, shape in incoming.items()}
    work = list(outgoing)
    while True:
        while work:
            name = work.pop()
            for end in after[name]:
                if end not in incoming:
                    _settle(nodes[end], outgoing[name], incoming, outgoing, work)
        backward = [(a, b) for a, b in edges if a not in incoming and b in incoming and _adapts(nodes[a])]
        for start, end in backward:
            if start not in incoming:
                _settle(nodes[start], incoming[end], incoming, outgoing, work)
        own = [(name, shape) for name, shape in given.items() if name not in incoming and shape is not None]
        if not backward and own:
            name, shape = own[0]
            _settle(nodes[name], shape, incoming, outgoing, work)
        if not work:
            break
    unknown = [name for name in nodes if name not in incoming]
    if unknown:
        raise NetworkError(
            f"the NIR graph does not say how many elements {listed(unknown)} have, and no neighbour does; give their "
            "parameters, or the input of the graph, a shape"
        )
    for start, end in edges:
        _require_fit(nodes[start], nodes[end], outgoing[start], incoming[end])
    return {name: (incoming[name], outgoing[name]) for name in nodes}


def input_shape(node: Node) -> Shape | None:
    """Shape of what comes in, as far as the node itself says."""
    if node.kind in ("Linear", "Affine"):
        shape = node.values["weight"].shape
        if len(shape) < 2 or 0 in shape:
            raise NetworkError(f"NIR node {node.name!r} ({node.kind}): weight has shape {shape}; give a matrix")
        return (*shape[:-2], shape[-1])
    if node.kind in ("Conv1d", "Conv2d"):
        weight, spatial = node.values["weight"], node.values["input_shape"]
        if weight.ndim != RANK[node.kind] + 1 or 0 in weight.shape:
            raise NetworkError(
                f"NIR node {node.name!r} ({node.kind}): weight has shape {weight.shape}; it needs "
                f"{RANK[node.kind] + 1} dimensions"
            )
        if spatial is not None and len(spatial) < RANK[node.kind] - 1:
            raise NetworkError(f"NIR node {node.name!r} ({node.kind}): input_shape is {spatial}; give each direction")
        return None if spatial is None else (weight.shape[1] * node.values["groups"], *spatial[1 - RANK[node.kind] :])
    return node.values.get("input_type", node.shape)


def _adapts(node: Node) -> bool:
    """Whether it takes the shape of its neighbours: single numbers, and ports."""
    if node.kind in (PORT, "Output") or (node.kind == "Input" and node.shape is None):
        return True
    return node.kind in ELEMENTWISE and (node.shape is None or prod(node.shape) == 1)


def _trim_inputs(
    nodes: Mapping[str, Node],
    given: Mapping[str, Shape | None],
    after: Mapping[str, Sequence[str]],
    incoming: dict[str, Shape],
    notes: list[NirNote],
) -> None:
    """Leave out the leading dimensions of inputs that what follows does not have: the batch."""
    for name, node in nodes.items():
        shape = incoming.get(name)
        if node.kind != "Input" or shape is None:
            continue
        for end in after.get(name, ()):
            wanted = None if _adapts(nodes[end]) else given[end]
            rank = RANK.get(nodes[end].kind) if wanted is None else len(wanted)
            if rank and len(shape) > rank and wanted in (None, shape[-rank:]):
                incoming[name] = shape[-rank:]
                message = f"input {name!r} of shape {shape} is taken as {shape[-rank:]}: what is in front is a batch"
                notes.append(NirNote(kind="shape", names=(name,), message=message))
                break


def _settle(node: Node, shape: Shape, incoming: dict[str, Shape], outgoing: dict[str, Shape], work: list[str]) -> None:
    incoming[node.name] = shape
    outgoing[node.name] = output_shape(node, shape)
    work.append(node.name)


def _require_fit(start: Node, end: Node, leaving: Shape, arriving: Shape) -> None:
    if _core(leaving) != _core(arriving):
        raise NetworkError(
            f"the edge {start.name!r} -> {end.name!r} of the NIR graph does not fit: {start.kind} gives {leaving}, "
            f"{end.kind} takes {arriving}"
        )


def _core(shape: Shape) -> Shape:
    """A shape without leading ones."""
    first = next((place for place, size in enumerate(shape) if size != 1), len(shape))
    return shape[first:]


def output_shape(node: Node, shape: Shape) -> Shape:
    """Shape of what leaves a node.

    Raises:
        NetworkError: What comes in is nothing for it.
    """
    if node.kind in ("Linear", "Affine"):
        weight = node.values["weight"].shape
        return (*weight[:-2], weight[-2])
    if node.kind == "Flatten":
        return _flattened(node, shape)
    if node.kind in RANK:
        return window_of(node, shape).result_shape
    return shape


def _flattened(node: Node, shape: Shape) -> Shape:
    given = node.values["start_dim"], node.values["end_dim"]
    first, last = (value + len(shape) if value < 0 else value for value in given)
    if len(shape) == 1 and first == 1:  # nothing to flatten
        return shape
    if not 0 <= first <= last < len(shape):
        raise NetworkError(
            f"NIR node {node.name!r} (Flatten) is to flatten dimensions {given[0]} to {given[1]} of {shape}"
        )
    return (*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :])
