"""What the nodes of NIR between neurons do to signals: sparse maps, and constants."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.nir.nodes import Node, Shape
from sns_mujoco.interop.nir.sparse_maps import SparseMap, require_size
from sns_mujoco.interop.nir.windows import RANK, window_of


def map_of(node: Node, shape: Shape, time_unit: float) -> tuple[SparseMap | None, NDArray[np.float64] | None]:
    """What a node without state, or a `Delay`, does.

    Args:
        node: The node.
        shape: Shape of what comes in.
        time_unit: ms in a unit of the graph's time.

    Returns:
        Its map, or None where it passes everything on as it is; and what it adds to each element, or None.

    Raises:
        NetworkError: It would be unrolled to too many synapses, or its bias does not fit.
    """
    size = prod(shape)
    if node.kind in ("Linear", "Affine"):
        return _matrix(node), _bias(node, prod(node.values["weight"].shape[:-1]), 1)
    if node.kind in RANK:
        window = window_of(node, shape)
        return window.written_out(), _bias(node, len(window.kernel), prod(window.result))
    if node.kind == "Scale":
        return SparseMap.diagonal(_each(node, "scale", size)), None
    if node.kind == "Delay":
        return SparseMap.diagonal(np.ones(size), delay=_each(node, "delay", size) * time_unit), None
    return None, None


def _matrix(node: Node) -> SparseMap:
    """A matrix, or a stack of them, each for its own slice of what comes in."""
    weight = node.values["weight"]
    require_size(f"NIR node {node.name!r} ({node.kind})", weight.size)
    stack, n_out, n_in = prod(weight.shape[:-2]), *weight.shape[-2:]
    slice_, out, source = np.nonzero(weight.reshape(stack, n_out, n_in))
    return SparseMap.of(slice_ * n_out + out, slice_ * n_in + source, weight[weight != 0].ravel())


def _bias(node: Node, count: int, repeats: int) -> NDArray[np.float64] | None:
    bias = node.values.get("bias")
    if bias is None:
        return None
    if bias.size not in (1, count):
        raise NetworkError(
            f"NIR node {node.name!r} ({node.kind}): bias has shape {bias.shape}; it needs {count} numbers"
        )
    return np.repeat(np.broadcast_to(bias.ravel(), (count,)), repeats)


def _each(node: Node, key: str, size: int) -> NDArray[np.float64]:
    """A parameter for each element."""
    return np.broadcast_to(node.values[key].ravel(), (size,)).astype(float)
