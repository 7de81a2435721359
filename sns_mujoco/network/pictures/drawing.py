"""A circuit diagram put together: lines below nodes, marks above them, a legend below all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network.contents import Contents
from sns_mujoco.network.pictures.activity import Activity, Scale, fractions, openings, potentials_of, ranges_of
from sns_mujoco.network.pictures.collapse import collapsed
from sns_mujoco.network.pictures.colors import (
    FAINT,
    FAMILIES,
    INK,
    PAPER,
    SIGNS,
    UNKNOWN_ACTIVITY,
    activity_color,
    color_of,
    tint,
)
from sns_mujoco.network.pictures.ends import Ends, find_ends, loops_before
from sns_mujoco.network.pictures.graph import Edge, Graph, Node, graph_of
from sns_mujoco.network.pictures.groups import Group, grouped
from sns_mujoco.network.pictures.legend import THICK, THICK_OF_MANY, legend, line_width
from sns_mujoco.network.pictures.page import Page, lay_out
from sns_mujoco.network.pictures.paths import Path, number, path
from sns_mujoco.network.pictures.shapes import MARK_ROOM, clean, mark, middle_mark, neurons, tag, text, titled
from sns_mujoco.network.pictures.sizes import TITLE_FONT, Sizes, shortened, sizes_for, text_width

MOST_NODES, MOST_EDGES = 400, 2500
_MARGIN, _HEAD = 34.0, 40.0
_MANY = 200  # above this number of lines they are thinner
_LEAST_WIDTH = 360.0
_FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_CLOSED = 0.18  # opacity of a line whose synapses are closed
_MOST_CELLS = 12  # rows and columns of a grid that show their own activity


@dataclass(frozen=True, slots=True)
class Line:
    """A connection, or the line of an input or output, ready to be drawn.

    Attributes:
        edge: What it is.
        path: Its way.
        width: Of its stroke.
        color: Of its stroke.
        opacity: 1, or less where its synapses are closed.
        marks: What stands at its end and in its middle, as SVG.
    """

    edge: Edge
    path: Path
    width: float
    color: str
    opacity: float
    marks: str


class Drawing:
    """A network laid out and ready to be written as SVG."""

    def __init__(
        self,
        network: Contents,
        activity: Activity | None,
        scale: Scale,
        conductances: Mapping[str, Any] | Sequence[Any] | None,
        group: Group,
    ) -> None:
        """Lay out a network; the arguments are those of `to_svg`."""
        self.network = network
        ranges = ranges_of(network, scale)
        self.potentials = None if activity is None else potentials_of(network, activity)
        self.activity = None if self.potentials is None else fractions(self.potentials, ranges)
        self.openings = None if conductances is None else openings(network, conductances)
        self.colorbar = "" if activity is None else _colorbar(scale)
        detailed = len(network.populations) <= MOST_NODES and len(network.connections) <= MOST_EDGES
        whole = grouped(graph_of(network, detailed=detailed), group)
        self.graph: Graph = collapsed(whole, MOST_NODES, MOST_EDGES)
        self.sizes: Sizes = sizes_for(self.graph)
        self.page: Page = lay_out(self.graph, self.sizes)
        self.ends: Ends = find_ends(self.graph, self.page, self.sizes)
        self.family = {box.name: FAMILIES[i % len(FAMILIES)] for i, box in enumerate(self.page.boxes)}
        self.thick = THICK if len(self.graph.edges) <= _MANY else THICK_OF_MANY
        self.strongest: dict[str, float] = {}
        for edge in self.graph.edges:
            if edge.sign != "link":
                self.strongest[edge.unit] = max(self.strongest.get(edge.unit, 0.0), edge.strength)

    def text(self) -> str:
        """The whole picture."""
        lines = self.lines()
        summary, note = self._summary(), self.graph.note
        middle = max(self.page.width, _LEAST_WIDTH, text_width(summary, 10.5), text_width(note, 10.0))
        footer, footer_height = legend(self.graph, self.strongest, self.thick, self.colorbar, middle)
        width = middle + 2 * _MARGIN
        foot = _MARGIN + _HEAD + self.page.height + 30.0
        height = foot + footer_height + (18.0 if note else 0.0) + _MARGIN / 2
        dx, dy = _MARGIN + (middle - self.page.width) / 2, _MARGIN + _HEAD
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
            f'viewBox="0 0 {number(width)} {number(height)}" role="img" '
            f'aria-label={quoteattr(clean(f"Circuit diagram of {self.graph.name}"))} font-family="{_FONTS}">',
            f"<title>{_escaped(f'Circuit diagram of {self.graph.name}')}</title>",
            f"<desc>{_escaped(summary + ('. ' + note if note else ''))}</desc>",
            f'<rect width="{number(width)}" height="{number(height)}" rx="6" fill="{PAPER}"/>',
            text(_MARGIN, _MARGIN, shortened(self.graph.name, 15.0, middle), 15.0, INK, ' font-weight="bold"'),
            text(_MARGIN, _MARGIN + 16.0, summary, 10.5, FAINT),
            f'<g transform="translate({number(dx)} {number(dy)})">',
            *self._boxes(),
            '<g fill="none">',
            *(self._stroke(line) for line in lines),
            "</g>",
            *(self._node(index, node) for index, node in enumerate(self.graph.nodes)),
            '<g stroke-width="1.5">',
            *(_faded(line.marks, line.opacity) for line in lines),
            "</g>",
            *(self._edge_label(line) for line in lines if line.edge.label),
            "</g>",
            f'<g transform="translate({number(_MARGIN)} {number(foot)})">{footer}</g>',
        ]
        if note:
            parts.append(text(_MARGIN, foot + footer_height + 14.0, note, 10.0, FAINT))
        parts.append("</svg>")
        return "\n".join(part for part in parts if part) + "\n"

    def _summary(self) -> str:
        network = self.network
        counts = (
            (network.get_num_neurons(), "neuron"),
            (network.get_num_populations(), "population"),
            (network.get_num_connections(), "connection"),
            (network.get_num_inputs(), "input"),
            (len(network.noises), "noise source"),
            (network.get_num_outputs(), "output"),
        )
        same = counts[0][0] == counts[1][0]
        return ", ".join(
            f"{count:,} {what}{'' if count == 1 else 's'}"
            for index, (count, what) in enumerate(counts)
            if not (same and index == 1) and (count or index < 3)
        )

    def _boxes(self) -> list[str]:
        parts = []
        for box in self.page.boxes:
            color = self.family[box.name]
            parts.append(
                f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
                f'height="{number(box.height)}" rx="10" fill="{tint(color, 0.06)}" stroke="{tint(color, 0.45)}"/>'
                + text(box.x + 12.0, box.y + 19.0, box.name, TITLE_FONT, tint(color, 0.8, INK), ' font-weight="bold"')
            )
        return parts

    def lines(self) -> list[Line]:
        """All lines, wide ones first, so that thin ones are not hidden."""
        found = []
        loops = loops_before(self.graph.edges)
        for index, edge in enumerate(self.graph.edges):
            begin, end = self.ends.touches[index]
            loop = loops[index] if edge.source == edge.target else None
            drawn = path(begin, self.page.routes[index], end, MARK_ROOM.get(edge.sign, 0.0), loop)
            color = SIGNS[edge.sign]
            marks = mark(edge.sign, end, color)
            if edge.sign in ("electrical", "rectified"):
                marks += middle_mark(edge.sign, drawn.middle, drawn.along, color)
            (x, y), (ux, uy) = drawn.middle, drawn.along
            for place, kind in enumerate(kind for kind in (edge.texture, edge.learning) if kind):
                marks += middle_mark(kind, (x + 15 * place * ux, y + 15 * place * uy), drawn.along, color)
            width = 1.0 if edge.sign == "link" else line_width(edge.strength, self.strongest[edge.unit], self.thick)
            found.append(Line(edge, drawn, width, color, self._opacity(edge), marks))
        return sorted(found, key=lambda line: -line.width)

    def _opacity(self, edge: Edge) -> float:
        known = [self.openings[index] for index in edge.connections] if self.openings is not None else []
        values = [value for value in known if value is not None]
        return _CLOSED + (1 - _CLOSED) * sum(values) / len(values) if values else 1.0

    def _stroke(self, line: Line) -> str:
        pen = f'<path d="{line.path.d}" stroke="{line.color}" stroke-width="{number(line.width)}"'
        pen += f' stroke-opacity="{line.opacity:.2f}"' if line.opacity < 1 else ""
        if not line.edge.details:
            return pen + "/>"
        return f"{pen}><title>{_escaped(line.edge.details)}</title></path>"

    def _edge_label(self, line: Line) -> str:
        """The name of a connection above the middle of its line."""
        (x, y), (ux, uy) = line.path.middle, line.path.along
        marked = line.edge.texture or line.edge.learning or line.edge.sign in ("electrical", "rectified")
        away = 13.0 if marked else 6.0
        side = -1.0 if ux >= 0 else 1.0  # the upper side
        x, y = x - side * away * uy, y + side * away * ux
        anchor = "middle" if abs(ux) > 0.9 else "start" if -side * uy > 0 else "end"
        halo = f' text-anchor="{anchor}" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
        return text(x, y, line.edge.label, 9.0, line.color, halo)

    def _node(self, index: int, node: Node) -> str:
        place = self.page.places[index]
        if node.role != "neurons":
            return titled(tag(node, place, color_of(node.color), self._points_right(index, node)), node.details)
        family = self.family.get(node.group)
        outline = tint(family, 0.55, INK) if family else INK
        fill, cells, details = color_of(node.color), None, node.details
        if self.activity is not None and self.potentials is not None:
            parts = [self.activity[i] for i in node.populations]
            known = [part for part in parts if part is not None]
            fill = activity_color(float(np.concatenate(known).mean())) if known else UNKNOWN_ACTIVITY
            if len(node.shape) == 2 and known:
                cells = _cells(known[0].reshape(node.shape))
            volts = [self.potentials[i] for i in node.populations]
            details += _volts([v for v in volts if v is not None])
        return titled(neurons(node, place, self.sizes, fill, outline, self.ends.badges[index], cells), details)

    def _points_right(self, index: int, node: Node) -> bool:
        """Whether an input or output points to the right: toward what it drives, away from what it reads."""
        x = self.page.places[index][0]
        for edge in self.graph.edges:
            if index in (edge.source, edge.target):
                other = self.page.places[edge.target if edge.source == index else edge.source][0]
                return (other >= x) == (node.role != "output")
        return True


def _colorbar(scale: Scale) -> str:
    if scale is not None and not isinstance(scale, Mapping):
        low, high = scale
        return f"{low:g} to {high:g} mV"
    return "silent to fully active"


def _cells(values: NDArray[np.float64]) -> list[list[str]]:
    """Colours of a grid, its neurons averaged where there are many."""
    rows, columns = (min(size, _MOST_CELLS) for size in values.shape)
    return [
        [activity_color(float(cell.mean())) for cell in np.array_split(band, columns, axis=1)]
        for band in np.array_split(values, rows, axis=0)
    ]


def _volts(values: list[NDArray[np.float64]]) -> str:
    if not values:
        return ""
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    return f"; now {low:.4g} mV" if low == high else f"; now {low:.4g}..{high:.4g} mV"


def _faded(inner: str, opacity: float) -> str:
    return f'<g opacity="{opacity:.2f}">{inner}</g>' if inner and opacity < 1 else inner


def _escaped(words: str) -> str:
    return escape(clean(words))
