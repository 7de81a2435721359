"""The arrays of a `Program` that describe electrical junctions, each seen from both of its ends."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends import toolbox_semantics
from sns_mujoco.backends.edges import FAMILIES, Edges
from sns_mujoco.network.network import Network

ALWAYS, INWARD, OUTWARD = 0, 1, 2  # junction_rule of `Program`


def junctions(network: Network, electrical: Edges, rectified: Edges, *, toolbox: bool) -> dict[str, Any]:
    """Junctions sorted by the neuron whose current they make; those of a neuron with itself carry nothing."""
    neurons = network.get_num_neurons()
    if toolbox:
        electrical = toolbox_semantics.last_of_each_pair(_both_ways(electrical), neurons)
        rectified = toolbox_semantics.last_of_each_pair(rectified, neurons)
    else:
        to_itself = [wire.source == wire.destination and wire.kind.layout == "all" for wire in network.connections]
        once = ~np.array(to_itself, bool)[electrical.owner] | (electrical.source < electrical.target)
        electrical = _both_ways(electrical.take(once))
    merged = Edges.joined([electrical, rectified, _turned(rectified)], FAMILIES["electrical"])
    ways = [len(electrical.source), len(rectified.source), len(rectified.source)]
    rule = np.repeat(np.array([ALWAYS, INWARD, OUTWARD], np.uint32), ways)
    real = np.flatnonzero(merged.source != merged.target)
    order = real[np.lexsort((merged.owner[real], merged.target[real]))]
    merged = merged.take(order)
    return {
        "junction_row": rows(merged.target, neurons),
        "junction_other": merged.source.astype(np.uint32),
        "junction_conductance": merged.values["max_conductance"],
        "junction_rule": rule[order],
    }


def rows(target: NDArray[np.int64], neurons: int) -> NDArray[np.uint32]:
    """Each neuron's slice of edges that are sorted by target [N + 1]."""
    return np.append(0, np.cumsum(np.bincount(target, minlength=neurons))).astype(np.uint32)


def _turned(edges: Edges) -> Edges:
    return Edges(source=edges.target, target=edges.source, owner=edges.owner, entry=edges.entry, values=edges.values)


def _both_ways(edges: Edges) -> Edges:
    """Each junction from both ends, in the order of description."""
    alternating = np.arange(2 * len(edges.source)).reshape(2, -1).T.ravel()
    return Edges.joined([edges, _turned(edges)], FAMILIES["electrical"]).take(alternating)
