"""Layers: excitation flows from left to right, whatever inhibition does.

The steps are those of Sugiyama, Tagawa & Toda (1981, IEEE Trans Syst Man Cybern 11:109): cycles are opened by turning
few edges round (the greedy rule of Eades, Lin & Smyth 1993, Inf Process Lett 47:319), every node stands one layer
behind the last of its sources, and sources stand close to what they drive.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil, sqrt

Pair = tuple[int, int]
_FEW_TURNED = 0.1  # share of the edges


def layers(count: int, strong: Iterable[Pair], weak: Iterable[Pair], tallest: int) -> list[int]:
    """A layer for each node, counted from 0 without gaps.

    Args:
        count: Number of nodes.
        strong: Edges (source, target) that point to the right.
        weak: Edges that only place nodes which no strong edge touches.
        tallest: Most nodes in a layer; more are shared out over several.

    Returns:
        Layers [count].
    """
    edges = {(s, t) for s, t in strong if s != t}
    touched = {node for edge in edges for node in edge}
    weak = {(s, t) for s, t in weak if s != t}
    edges |= {(s, t) for s, t in weak if (t, s) not in weak and not (s in touched and t in touched)}
    forward = _without_cycles(count, edges)
    found = _longest_paths(count, forward)
    turned = len(edges - set(forward)) > _FEW_TURNED * len(edges)
    most = ceil(1.2 * sqrt(count)) + 2 if turned else 2 * ceil(sqrt(count)) + 12  # of cycles long paths mean nothing
    last = max(found, default=0)
    if last >= most:
        found = [layer * most // (last + 1) for layer in found]
    return _shared_out(_dense(found), sorted(weak), tallest)


def _without_cycles(count: int, edges: set[Pair]) -> list[Pair]:
    """The edges, few of them turned round, without a cycle."""
    place = {node: index for index, node in enumerate(_sequence(count, edges))}
    return sorted({(s, t) if place[s] < place[t] else (t, s) for s, t in edges})


def _sequence(count: int, edges: set[Pair]) -> list[int]:
    """Nodes in an order against which few edges point: sinks last, sources first, then whoever drives most."""
    after, before = defaultdict(set), defaultdict(set)
    for source, target in sorted(edges):
        after[source].add(target)
        before[target].add(source)
    left, head, tail = set(range(count)), [], []

    def take(node: int, into: list[int]) -> None:
        left.discard(node)
        into.append(node)
        for target in after.pop(node, ()):
            before[target].discard(node)
        for source in before.pop(node, ()):
            after[source].discard(node)

    while left:
        sinks = [node for node in sorted(left, reverse=True) if not after[node]]
        sources = [node for node in sorted(left) if not before[node]]
        if sinks or sources:
            for node in sinks:
                take(node, tail)
            for node in sources:
                if node in left:
                    take(node, head)
        else:
            take(min(left, key=lambda node: (len(before[node]) - len(after[node]), node)), head)
    return head + tail[::-1]


def _longest_paths(count: int, edges: list[Pair]) -> list[int]:
    """Every node behind its sources, and every source just before the first that it drives."""
    after, waiting = defaultdict(list), [0] * count
    for source, target in edges:
        after[source].append(target)
        waiting[target] += 1
    sources = [node for node in range(count) if not waiting[node]]
    layer, ready = [0] * count, list(sources)
    while ready:
        node = ready.pop()
        for target in after[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in sources:
        if after[node]:
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _dense(found: list[int]) -> list[int]:
    rank = {layer: index for index, layer in enumerate(sorted(set(found)))}
    return [rank[layer] for layer in found]


def _shared_out(found: list[int], weak: list[Pair], tallest: int) -> list[int]:
    """Layers of which none has too many nodes; where one is split, sources of weak edges come before their targets."""
    members = defaultdict(list)
    for node, layer in enumerate(found):
        members[layer].append(node)
    lead = [0] * len(found)
    for source, target in weak:
        if found[source] == found[target]:
            lead[source] -= 1
            lead[target] += 1
    shared, start = [0] * len(found), 0
    for layer in sorted(members):
        parts = ceil(len(members[layer]) / tallest)
        line = sorted(members[layer], key=lambda node: lead[node])
        ordered = any(lead[node] for node in line)
        for index, node in enumerate(line):
            shared[node] = start + (index * parts // len(line) if ordered else index % parts)
        start += parts
    return shared
