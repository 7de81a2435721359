"""Lines as smooth curves: from node to node through their stops, and along tracks with rounded corners."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from sns_mujoco.network.pictures.blocks import Stop
from sns_mujoco.network.pictures.ends import Touch

_STIFFNESS = 0.42  # length of the handles of a curve, over the distance of its ends
_CORNER = 6.0
_LOOP_OUT, _LOOP_MORE = 40.0, 18.0  # handles of a loop, and of each further one of the same node

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Path:
    """A line ready to be drawn.

    Attributes:
        d: Its data, as SVG has it.
        middle: The point half way.
        along: Its direction there.
    """

    d: str
    middle: Point
    along: Point


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel, the same on every machine."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(begin: Touch, stops: Sequence[Stop], end: Touch, front: float, loop: int | None = None) -> Path:
    """A line.

    Args:
        begin: Where it leaves its source.
        stops: What it passes.
        end: Where it touches its target.
        front: How far before the target's outline it ends, so that its mark has room.
        loop: For a connection of a node with itself, how many others there are inside it.
    """
    first = Stop(begin.x, begin.y, begin.ux, begin.uy)
    last = Stop(end.x + front * end.ux, end.y + front * end.uy, -end.ux, -end.uy)
    if loop is not None:
        curves: list[Curve] = [_curve(first, last, _LOOP_OUT + _LOOP_MORE * loop)]
        return _drawn(first, curves)
    points = [first, *stops, last]
    curves = []
    here: Point = (first.x, first.y)
    for index in range(1, len(points)):
        before, stop = points[index - 1], points[index]
        corner, from_corner = _is_corner(stop), _is_corner(before)
        if corner:
            after = points[index + 1]
            here = _rounded(here, stop, after, curves)
        elif from_corner:
            curves.append(_straight(here, (stop.x, stop.y)))
            here = (stop.x, stop.y)
        else:
            curves.append(_curve(before, stop, _STIFFNESS * hypot(stop.x - before.x, stop.y - before.y)))
            here = (stop.x, stop.y)
    return _drawn(first, curves)


def _is_corner(stop: Stop) -> bool:
    return stop.ux == 0.0 and stop.uy == 0.0


def _curve(one: Stop, other: Stop, handle: float) -> Curve:
    return (
        (one.x, one.y),
        (one.x + handle * one.ux, one.y + handle * one.uy),
        (other.x - handle * other.ux, other.y - handle * other.uy),
        (other.x, other.y),
    )


def _straight(one: Point, other: Point) -> Curve:
    return one, one, other, other


def _rounded(here: Point, corner: Stop, after: Stop, curves: list[Curve]) -> Point:
    """Go on to a corner and round it; returns where that ends."""
    into = hypot(corner.x - here[0], corner.y - here[1])
    out = hypot(after.x - corner.x, after.y - corner.y)
    if into < 0.05 or out < 0.05:
        return here
    cut = min(_CORNER, into / 2, out / 2)
    one = (corner.x + (here[0] - corner.x) * cut / into, corner.y + (here[1] - corner.y) * cut / into)
    other = (corner.x + (after.x - corner.x) * cut / out, corner.y + (after.y - corner.y) * cut / out)
    curves.append(_straight(here, one))
    curves.append((one, (corner.x, corner.y), (corner.x, corner.y), other))
    return other


def _drawn(first: Stop, curves: Sequence[Curve]) -> Path:
    parts = [f"M{number(first.x)} {number(first.y)}"]
    for one, handle, other_handle, other in curves:
        if one == handle and other == other_handle:
            parts.append(f"L{number(other[0])} {number(other[1])}")
        else:
            points = (handle, other_handle, other)
            parts.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in points))
    middle, along = _half_way(curves)
    return Path("".join(parts), middle, along)


def _half_way(curves: Sequence[Curve]) -> tuple[Point, Point]:
    """The middle of the longest curve, and the direction there."""
    longest = max(curves, key=lambda curve: round(hypot(curve[3][0] - curve[0][0], curve[3][1] - curve[0][1]), 3))
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = longest
    dx, dy = x3 + x2 - x1 - x0, y3 + y2 - y1 - y0
    length = hypot(dx, dy) or 1.0
    return ((x0 + 3 * (x1 + x2) + x3) / 8, (y0 + 3 * (y1 + y2) + y3) / 8), (dx / length, dy / length)
