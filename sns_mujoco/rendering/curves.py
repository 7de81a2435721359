"""The ways of circuit diagrams as points, from the data that SVG has for them."""

import re
from collections.abc import Iterator

_PART = re.compile(r"([MLC])([^MLC]*)")
_PIECES = 8  # straight pieces of a curve


def polyline(data: str) -> list[tuple[float, float]]:
    """Points along a path.

    Args:
        data: A path of SVG as `network.pictures.paths` writes it: absolute moves, lines and cubic curves.
    """
    return list(_points(data))


def _points(data: str) -> Iterator[tuple[float, float]]:
    here = (0.0, 0.0)
    for letter, numbers in _PART.findall(data):
        values = [float(value) for value in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if letter == "C":
            (x1, y1), (x2, y2), end = points
            for n in range(1, _PIECES + 1):
                t = n / _PIECES
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                yield (
                    a * here[0] + b * x1 + c * x2 + d * end[0],
                    a * here[1] + b * y1 + c * y2 + d * end[1],
                )
            here = end
        else:
            here = points[-1]
            yield here
