"""Draws into matplotlib what the pictures of networks are made of: SVG with paths, circles, rectangles and text.

Only the elements and attributes that `sns_mujoco.network.pictures` writes are known here.
"""

import re
from dataclasses import dataclass, replace
from math import radians
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_TRANSFORM = re.compile(r"(translate|rotate)\(([^)]*)\)")
_NARROWER = 0.87  # DejaVu Sans is wider than Helvetica, for which the pictures leave room
_SILENT = ("title", "desc")
_CONTROL_POINTS = {"M": 1, "L": 1, "C": 3, "Q": 2}
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


@dataclass(frozen=True, slots=True)
class _Pen:
    """What an element hands down to those inside it."""

    transform: "Affine2D"
    fill: str = "#000000"
    stroke: str = "none"
    width: float = 1.0
    opacity: float = 1.0
    stroke_opacity: float = 1.0


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a picture, pixels."""
    root = ElementTree.fromstring(svg)
    return float(root.get("width", 0)), float(root.get("height", 0))


def draw_svg(ax: "Axes", svg: str, points: float) -> None:
    """Draw a picture so that its pixels are the units of the axes, with y downward.

    Args:
        ax: The axes.
        svg: The picture.
        points: Size of its pixels on paper, points; of letters and the width of lines.
    """
    from matplotlib.transforms import Affine2D

    root = ElementTree.fromstring(svg)
    _Drawer(ax, points).inside(root, _Pen(Affine2D()))


class _Drawer:
    def __init__(self, ax: "Axes", points: float) -> None:
        self.ax, self.points, self.order = ax, points, 1.0

    def inside(self, parent: ElementTree.Element, pen: _Pen) -> None:
        """What stands in an element, one above the other in the order of the file."""
        for element in parent:
            tag = element.tag.rpartition("}")[2]
            if tag in _SILENT:
                continue
            own = _pen(element, pen)
            if tag == "g":
                self.inside(element, own)
            elif tag == "text":
                self._text(element, own)
            else:
                self._shape(element, tag, own)
                self.inside(element, own)

    def _next(self) -> float:
        self.order += 1e-3
        return self.order

    def _shape(self, element: ElementTree.Element, tag: str, pen: _Pen) -> None:
        from matplotlib.patches import PathPatch

        if tag == "path":
            path = _path(element.get("d", ""))
        elif tag == "circle":
            path = _circle(element)
        else:
            assert tag == "rect", f"the pictures of networks have no {tag}"
            path = _rectangle(element)
        dash = element.get("stroke-dasharray")
        patch = PathPatch(
            path.transformed(pen.transform),
            facecolor="none" if pen.fill == "none" else _faded(pen.fill, pen.opacity),
            edgecolor="none" if pen.stroke == "none" else _faded(pen.stroke, pen.opacity * pen.stroke_opacity),
            linewidth=0.0 if pen.stroke == "none" else pen.width * self.points,
            linestyle=(0, tuple(float(part) / pen.width for part in dash.split())) if dash else "solid",
            joinstyle="round",
            capstyle="butt",
            zorder=self._next(),
        )
        self.ax.add_artist(patch)

    def _text(self, element: ElementTree.Element, pen: _Pen) -> None:
        from matplotlib.patheffects import withStroke

        x, y = pen.transform.transform((_number(element, "x"), _number(element, "y")))
        effects = [withStroke(linewidth=pen.width * self.points, foreground=pen.stroke)] if pen.stroke != "none" else []
        self.ax.text(
            x, y, (element.text or "").replace("$", r"\$"), color=_faded(pen.fill, pen.opacity),
            fontsize=_number(element, "font-size") * self.points * _NARROWER,
            fontweight=element.get("font-weight", "normal"), ha=_ANCHORS[element.get("text-anchor", "start")],
            va="baseline", path_effects=effects, zorder=self._next(), clip_on=True,
        )  # fmt: skip


def _pen(element: ElementTree.Element, pen: _Pen) -> _Pen:
    from matplotlib.transforms import Affine2D

    own = Affine2D()
    for kind, numbers in _TRANSFORM.findall(element.get("transform", "")):
        values = [float(part) for part in re.split(r"[ ,]+", numbers.strip())]
        # the last of a list acts first
        own = (Affine2D().translate(*values) if kind == "translate" else Affine2D().rotate(radians(values[0]))) + own
    return replace(
        pen,
        transform=own + pen.transform,
        fill=element.get("fill", pen.fill),
        stroke=element.get("stroke", pen.stroke if element.tag.rpartition("}")[2] != "text" else "none"),
        width=float(element.get("stroke-width", pen.width)),
        opacity=pen.opacity * float(element.get("opacity", 1.0)),
        stroke_opacity=float(element.get("stroke-opacity", pen.stroke_opacity)),
    )


def _path(text: str) -> "Path":
    """A path of M, L, C, Q, H, V, h, v and Z; a command may stand before several sets of points."""
    from matplotlib.path import Path

    tokens = _TOKEN.findall(text)
    codes = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Q": Path.CURVE3}
    vertices: list[tuple[float, float]] = []
    kinds: list[int] = []
    start, at, command = (0.0, 0.0), 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        here = vertices[-1] if vertices else (0.0, 0.0)
        if command == "Z":
            vertices.append(start)
            kinds.append(int(Path.CLOSEPOLY))
        elif command in "HVhv":
            value, at = float(tokens[at]), at + 1
            to = {"H": (value, here[1]), "V": (here[0], value), "h": (here[0] + value, here[1])}
            vertices.append(to.get(command, (here[0], here[1] + value)))
            kinds.append(int(Path.LINETO))
        else:
            for _ in range(_CONTROL_POINTS[command]):
                vertices.append((float(tokens[at]), float(tokens[at + 1])))
                kinds.append(int(codes[command]))
                at += 2
            if command == "M":
                start, command = vertices[-1], "L"
    return Path(vertices, kinds)


def _circle(element: ElementTree.Element) -> "Path":
    from matplotlib.path import Path

    return Path.circle((_number(element, "cx"), _number(element, "cy")), _number(element, "r"))


def _rectangle(element: ElementTree.Element) -> "Path":
    """A rectangle, its corners rounded by quadratic curves."""
    from matplotlib.path import Path

    x, y, width, height = (_number(element, name) for name in ("x", "y", "width", "height"))
    r = min(_number(element, "rx"), width / 2, height / 2)
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    if not r:
        return Path(np.vstack([corners, corners[:1]]), closed=True)
    vertices, kinds = [], []
    for k, corner in enumerate(corners):
        before, after = corners[k - 1], corners[(k + 1) % 4]
        ends = [corner + r * (other - corner) / np.abs(other - corner).max() for other in (before, after)]
        vertices += [ends[0], corner, ends[1]]
        kinds += [Path.MOVETO if not k else Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path(np.vstack([*vertices, vertices[0]]), [*kinds, Path.CLOSEPOLY])


def _number(element: ElementTree.Element, name: str) -> float:
    return float(element.get(name, 0.0))


def _faded(color: str, opacity: float) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgba

    return to_rgba(color, opacity)
