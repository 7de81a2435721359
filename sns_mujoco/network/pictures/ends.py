"""Where lines touch the outlines of nodes: spread over the side that they come from, so that their ends can be seen."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin

from sns_mujoco.network.pictures.blocks import Stop
from sns_mujoco.network.pictures.graph import Edge, Graph, Node
from sns_mujoco.network.pictures.page import Page
from sns_mujoco.network.pictures.sizes import Sizes, tag_width
from sns_mujoco.network.pictures.spacing import spread

_STEEPEST = 70.0  # degrees from level
_LEAST_APART = 25.0  # degrees between the ends of two lines
_LOOP, _LOOP_MORE = 24.0, 13.0  # degrees from the middle of a loop to its ends, and more for each further one
_BADGE_AT = (90.0, 45.0, 135.0, -45.0, -135.0, -90.0)  # degrees clockwise from the right, best first
_LOOP_AT = (-90.0, 90.0, -45.0, -135.0, 45.0, 135.0)
_ENOUGH = 34.0  # degrees to the next line that a badge or loop wants


@dataclass(frozen=True, slots=True)
class Touch:
    """A point of an outline, and the direction away from the node there."""

    x: float
    y: float
    ux: float
    uy: float


@dataclass(frozen=True, slots=True)
class _Slot:
    """One or more lines that share an end at a node."""

    wish: float
    order: int
    key: Hashable


@dataclass(slots=True)
class Ends:
    """Where lines and badges touch the nodes.

    Attributes:
        touches: Both ends of each edge.
        badges: Where the badge of each node stands, degrees clockwise from the right.
    """

    touches: list[tuple[Touch, Touch]]
    badges: list[float]


def find_ends(graph: Graph, page: Page, sizes: Sizes) -> Ends:
    """Spread the ends of all lines over the outlines, then find room for loops and badges."""
    sides: dict[tuple[int, bool], dict[Hashable, _Slot]] = defaultdict(dict)
    keys: dict[tuple[int, int], tuple[int, bool, Hashable]] = {}
    for index, edge in enumerate(graph.edges):
        if edge.source == edge.target:
            continue
        for end, node in enumerate((edge.source, edge.target)):
            toward = _toward(page, index, edge, end)
            x, y = page.places[node]
            right = toward.x > x if abs(toward.x - x) > 1e-6 else edge.source < edge.target
            key: Hashable = index
            if page.routes[index]:
                key = (round(toward.x, 3), round(toward.y, 3), edge.sign)
            keys[index, end] = (node, right, key)
            wish = degrees(atan2(toward.y - y, abs(toward.x - x)))
            sides[node, right].setdefault(key, _Slot(wish, index, key))
    angles: dict[tuple[int, bool, Hashable], float] = {}
    taken: dict[int, list[float]] = defaultdict(list)
    for (node, right), slots in sides.items():
        for key, angle in _spread(list(slots.values())).items():
            angles[node, right, key] = angle if right else 180.0 - angle
            taken[node].append(angles[node, right, key])
    loops = {edge.source: 0.0 for edge in graph.edges if edge.source == edge.target}
    badges = [_BADGE_AT[0]] * len(graph.nodes)
    for index, node in enumerate(graph.nodes):
        if node.shape != (1,):
            taken[index].append(90.0)  # where its size stands
        if index in loops:
            loops[index] = _freest(_LOOP_AT, taken[index])
            taken[index] += [loops[index] - _LOOP, loops[index] + _LOOP]
        badges[index] = _freest(_BADGE_AT, taken[index])
    found = []
    for index, (edge, inner) in enumerate(zip(graph.edges, loops_before(graph.edges), strict=True)):
        if edge.source == edge.target:
            half = _LOOP + _LOOP_MORE * inner
            both = [loops[edge.source] - half, loops[edge.source] + half]
        else:
            both = [angles[keys[index, end]] for end in (0, 1)]
        one, other = (
            _touch(page.places[node], graph.nodes[node], sizes, angle)
            for node, angle in zip((edge.source, edge.target), both, strict=True)
        )
        found.append((one, other))
    return Ends(found, badges)


def _toward(page: Page, index: int, edge: Edge, end: int) -> Stop:
    """What an end of a line points at: its nearest bend, or the other node."""
    route = page.routes[index]
    if route:
        return route[-1] if end else route[0]
    return Stop(*page.places[edge.source if end else edge.target])


def _freest(places: Sequence[float], taken: Sequence[float]) -> float:
    """The first place that is far enough from all lines, or the farthest."""

    def room(place: float) -> float:
        return min((abs((place - angle + 180.0) % 360.0 - 180.0) for angle in taken), default=180.0)

    return max(places, key=lambda place: min(room(place), _ENOUGH))


def _spread(slots: list[_Slot]) -> dict[Hashable, float]:
    """Angles of the ends on one side of a node, from top to bottom, degrees below the level."""
    slots.sort(key=lambda slot: (slot.wish, slot.order))
    apart = min(_LEAST_APART, 2 * _STEEPEST / max(len(slots) - 1, 1))
    wishes = [min(max(slot.wish, -_STEEPEST), _STEEPEST) for slot in slots]
    placed = spread(wishes, [1.0] * len(slots), [apart] * (len(slots) - 1))
    shift = max(0.0, -_STEEPEST - placed[0]) - max(0.0, placed[-1] - _STEEPEST)
    return {slot.key: angle + shift for slot, angle in zip(slots, placed, strict=True)}


def _touch(place: tuple[float, float], node: Node, sizes: Sizes, angle: float) -> Touch:
    x, y = place
    ux, uy = cos(radians(angle)), sin(radians(angle))
    if node.role != "neurons":
        side = 1.0 if ux > 0 else -1.0
        return Touch(x + side * tag_width(node.label) / 2, y, side, 0.0)
    reach = sizes.radius
    if len(node.shape) == 2:  # a square
        reach /= max(abs(ux), abs(uy))
    return Touch(x + reach * ux, y + reach * uy, ux, uy)


def loops_before(edges: Sequence[Edge]) -> list[int]:
    """For each edge, how many connections of the same node with itself come before it."""
    seen: dict[int, int] = defaultdict(int)
    found = []
    for edge in edges:
        found.append(seen[edge.source] if edge.source == edge.target else 0)
        seen[edge.source] += edge.source == edge.target
    return found
