"""The plan of one block: the nodes of a group in layers, and the bends of the lines between them.

A line that spans several layers bends in each between, so that it runs past the nodes there. Lines from one node that
do the same share their bends, like the branches of an axon.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Literal

from sns_mujoco.network.pictures.layering import layers
from sns_mujoco.network.pictures.ordering import ordered
from sns_mujoco.network.pictures.spacing import settled

_NODE_GAP, _JOINED_GAP, _LINE_GAP, _PORT_GAP = 16.0, 30.0, 9.0, 8.0  # joined: connected within their layer
_MOST_BENDS = 1500
_MOST_BESIDE = 5  # lines within a layer that run side by side; further ones overlap
_LEAST_LANE, _MOST_LANE, _LANE_PER_LINE = 52.0, 120.0, 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A node of a block, or a port: where lines from and to other blocks cross its left ("in") or right side."""

    key: Hashable
    width: float
    height: float
    port: Literal["", "in", "out"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line from one item to another, by their indices.

    Attributes:
        key: Its name; unique.
        source: Where it begins.
        target: Where it ends.
        strong: Whether it points to the right.
        trunk: Lines from one source with the same trunk may share bends.
    """

    key: Hashable
    source: int
    target: int
    strong: bool
    trunk: Hashable


@dataclass(frozen=True, slots=True)
class Stop:
    """A point of a line, and the direction in which it is passed; without one, a corner."""

    x: float
    y: float
    ux: float = 0.0
    uy: float = 0.0

    def moved(self, dx: float, dy: float) -> "Stop":
        """The same, elsewhere."""
        return Stop(self.x + dx, self.y + dy, self.ux, self.uy)

    def flipped(self, width: float) -> "Stop":
        """The same in the mirror image of a block."""
        return Stop(width - self.x, self.y, -self.ux, self.uy)


@dataclass(slots=True)
class Plan:
    """Where everything of a block is, from its upper left corner.

    Attributes:
        width: Its width.
        height: Its height.
        places: Centre of each item, by key.
        bends: Bends of each line between its ends, by key.
    """

    width: float = 0.0
    height: float = 0.0
    places: dict[Hashable, tuple[float, float]] = field(default_factory=dict)
    bends: dict[Hashable, list[Stop]] = field(default_factory=dict)


def plan(items: Sequence[Item], links: Sequence[Link]) -> Plan:
    """Lay out a block."""
    layer_of = _layers(items, links)
    chains = _Chains(layer_of, links)
    rows = ordered(chains.layer_of, chains.pairs)
    real = len(items)
    joined = chains.beside()

    def gap(one: int, other: int) -> float:
        if one >= real and other >= real:
            return _LINE_GAP
        if one >= real or other >= real:
            item = items[min(one, other)]
            return item.height / 2 + (_LINE_GAP if item.port else _PORT_GAP)
        ports = items[one].port and items[other].port
        apart = _JOINED_GAP if (one, other) in joined else _NODE_GAP
        return (items[one].height + items[other].height) / 2 + (_LINE_GAP if ports else apart)

    height = settled(rows, chains.pulls(), joined, gap)
    across, width = _columns(items, chains, rows)
    halves = [item.height / 2 for item in items] + [1.0] * (len(chains.layer_of) - real)
    top = min((y - half for y, half in zip(height, halves, strict=True)), default=0.0)
    bottom = max((y + half for y, half in zip(height, halves, strict=True)), default=0.0)
    made = Plan(width=width, height=bottom - top)
    for index, item in enumerate(items):
        made.places[item.key] = (across[chains.layer_of[index]], height[index] - top)
    beside: Counter = Counter()
    for link, chain in zip(links, chains.of_link, strict=True):
        if layer_of[link.source] == layer_of[link.target] and link.source != link.target:
            made.bends[link.key] = [_arc(items, rows[layer_of[link.source]], link, made, beside)]
        else:
            forward = 1.0 if layer_of[link.target] > layer_of[link.source] else -1.0
            made.bends[link.key] = [
                Stop(across[chains.layer_of[bend]], height[bend] - top, forward, 0.0) for bend in chain
            ]
    if not any(item.port for item in items):
        _widen(made)
    return made


def _widen(made: Plan) -> None:
    """Make room for the lines that run outside the first and last layer."""
    reach = [stop.x for stops in made.bends.values() for stop in stops]
    left, right = max(0.0, -min(reach, default=0.0)), max(0.0, max(reach, default=0.0) - made.width)
    made.width += left + right
    made.places = {key: (x + left, y) for key, (x, y) in made.places.items()}
    made.bends = {key: [stop.moved(left, 0.0) for stop in stops] for key, stops in made.bends.items()}


def _layers(items: Sequence[Item], links: Sequence[Link]) -> list[int]:
    """Layers of the items, ports outermost."""
    inner = [index for index, item in enumerate(items) if not item.port]
    rank = {index: place for place, index in enumerate(inner)}
    between = [link for link in links if link.source in rank and link.target in rank]
    found = layers(
        len(inner),
        [(rank[link.source], rank[link.target]) for link in between if link.strong],
        [(rank[link.source], rank[link.target]) for link in between if not link.strong],
        tallest=max(9, ceil(1.7 * sqrt(len(inner)))),
    )
    first = 1 if any(item.port == "in" for item in items) else 0
    last = max(found, default=-1) + first + 1
    return [
        {"in": 0, "out": last}[item.port] if item.port else found[rank[index]] + first
        for index, item in enumerate(items)
    ]


class _Chains:
    """Bends between layers, as nodes of their own that follow the items."""

    def __init__(self, layer_of: list[int], links: Sequence[Link]) -> None:
        self.real = len(layer_of)
        self.layer_of = list(layer_of)
        self.of_link: list[list[int]] = [[] for _ in links]
        strands: Counter = Counter()  # (one, other) to number of lines
        shared: dict[Hashable, int] = {}
        twins: Counter = Counter()

        def span(index: int) -> int:
            return abs(layer_of[links[index].target] - layer_of[links[index].source])

        for index in sorted(range(len(links)), key=lambda index: (span(index), index)):
            link = links[index]
            start, goal = layer_of[link.source], layer_of[link.target]
            twin = twins[link.source, link.target, link.trunk]
            twins[link.source, link.target, link.trunk] += 1
            here = link.source
            room = len(self.layer_of) - self.real + span(index) <= _MOST_BENDS
            step = 1 if goal > start else -1
            for layer in range(start + step, goal, step) if room and span(index) > 1 else ():
                key = (link.source, link.trunk, twin, step, layer)
                if key not in shared:
                    shared[key] = len(self.layer_of)
                    self.layer_of.append(layer)
                strands[here, shared[key]] += 1
                here = shared[key]
                self.of_link[index].append(here)
            if room or span(index) <= 1:
                strands[here, link.target] += 1
        self.pairs = [(one, other) for one, other in strands if one != other]

    def pulls(self) -> list[list[tuple[int, float]]]:
        """For each node its neighbours in other layers with weights; lines want to be straight most of all."""
        pulls: list[list[tuple[int, float]]] = [[] for _ in self.layer_of]
        for one, other in self.pairs:
            if self.layer_of[one] != self.layer_of[other]:
                weight = (1.0, 2.0, 6.0)[(one >= self.real) + (other >= self.real)]
                pulls[one].append((other, weight))
                pulls[other].append((one, weight))
        return pulls

    def beside(self) -> set[tuple[int, int]]:
        """Pairs that are connected within their layer, both ways round."""
        within = [pair for pair in self.pairs if self.layer_of[pair[0]] == self.layer_of[pair[1]]]
        return {pair for one, other in within for pair in ((one, other), (other, one))}


def _columns(items: Sequence[Item], chains: _Chains, rows: Sequence[Sequence[int]]) -> tuple[list[float], float]:
    """Centre of each layer, and the width of all; between layers there is room for the lines."""
    lines: Counter = Counter()
    for one, other in chains.pairs:
        lines[min(chains.layer_of[one], chains.layer_of[other])] += chains.layer_of[one] != chains.layer_of[other]
    sizes: defaultdict = defaultdict(float)
    ports = set()
    for index, item in enumerate(items):
        sizes[chains.layer_of[index]] = max(sizes[chains.layer_of[index]], item.width)
        if item.port:
            ports.add(chains.layer_of[index])
    across, right = [], 0.0
    for layer in range(len(rows)):
        if layer:
            lane = _LEAST_LANE + _LANE_PER_LINE * lines[layer - 1]
            beside_port = layer in ports or layer - 1 in ports
            right += min(lane * 0.7, _MOST_LANE) if beside_port else min(lane, _MOST_LANE)
        across.append(right + sizes[layer] / 2)
        right += sizes[layer]
    return across, right


def _arc(items: Sequence[Item], row: Sequence[int], link: Link, made: Plan, beside: Counter) -> Stop:
    """The outermost point of a line within a layer: down on the left, up on the right."""
    (x, y), (_, goal) = made.places[items[link.source].key], made.places[items[link.target].key]
    side, down = (-1.0, 1.0) if goal > y else (1.0, -1.0)
    first, last = sorted((row.index(link.source), row.index(link.target)))
    passed = [items[node] for node in row[first + 1 : last] if node < len(items)]
    half = max(items[link.source].width, items[link.target].width) / 2
    out = (
        max(0.55 * half, 0.16 * abs(goal - y)) if not passed else max(half, *(item.width / 2 for item in passed)) + 9.0
    )
    pair = (min(link.source, link.target), side) if not passed else (row[0], side)
    out += 8.0 * min(beside[pair], _MOST_BESIDE)
    beside[pair] += 1
    return Stop(x + side * out, (y + goal) / 2, 0.0, down)
