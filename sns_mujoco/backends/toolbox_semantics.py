"""What SNS-Toolbox 1.5.2 computes where it differs from the textbook; for those who need the old numbers.

It keeps one slot for each ordered pair of neurons and family of synapse, so the connection added last
replaces the others, and one reversal potential that graded and spiking synapses of a pair share; it pads
every gated neuron to the largest number of channels by repeating its only one; and it starts gates with the
sign of the slope turned round.
"""

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Edges
from sns_mujoco.errors import NetworkError


def overwrite(graded: Edges, spiking: Edges, neurons: int) -> tuple[Edges, Edges]:
    """Leave the last synapse of each pair, with the reversal potential of the last of both families."""
    both = Edges.joined([graded, spiking], ("reversal_potential",))
    both = both.take(np.argsort(both.owner, kind="stable"))
    shared = both.take(_last(both, neurons))
    keys = shared.target * neurons + shared.source
    order = np.argsort(keys)
    kept = []
    for edges in (graded, spiking):
        edges = edges.take(_last(edges, neurons))
        if len(edges.source):
            place = order[np.searchsorted(keys[order], edges.target * neurons + edges.source)]
            edges.values["reversal_potential"] = shared.values["reversal_potential"][place]
        kept.append(edges.take(edges.values["max_conductance"] > 0))
    return kept[0], kept[1]


def last_of_each_pair(edges: Edges, neurons: int) -> Edges:
    """Leave the last junction of each ordered pair."""
    edges = edges.take(_last(edges, neurons))
    return edges.take(edges.values["max_conductance"] > 0)


def _last(edges: Edges, neurons: int) -> NDArray[np.int64]:
    """Places of the last edge of each pair, in the order of the edges."""
    keys = (edges.target * neurons + edges.source)[::-1]
    _, first = np.unique(keys, return_index=True)
    return np.sort(len(keys) - 1 - first)


def broadcast_channels(counts: list[int], names: list[str]) -> list[int]:
    """How often each gated neuron's channel list is repeated.

    Raises:
        NetworkError: SNS-Toolbox cannot run networks whose neurons have, say, two and three channels.
    """
    most = max(counts, default=0)
    for count, name in zip(counts, names, strict=True):
        if count not in (0, 1, most):
            raise NetworkError(
                f"{name!r} has {count} ion channels where another neuron has {most}; SNS-Toolbox cannot compile this, "
                "so there are no numbers of it to reproduce: use semantics='textbook'"
            )
    return [most if count == 1 else 1 for count in counts]
