"""The layout of a whole picture: blocks in their cells, and lines between blocks in the gutters.

Lines between blocks leave through a port on the side of their block, run along tracks in the gutters between columns
(upright) and in the channels between rows (level), and come in through a port. Lines from one node that do the same
share their tracks.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from sns_mujoco.network.pictures.blocks import Stop
from sns_mujoco.network.pictures.frame import Frame, Way
from sns_mujoco.network.pictures.graph import Edge, Graph
from sns_mujoco.network.pictures.sizes import Sizes, title_width

_PAD, _TITLE = 22.0, 18.0  # between the border of a block and what is in it; room for its name
_TRACK, _BESIDE, _APART = 6.0, 16.0, 34.0  # between tracks; beside them; between blocks without any
_SHIFTS = [step * sign for step in range(11) for sign in (1.0, -1.0)]


@dataclass(frozen=True, slots=True)
class Box:
    """The border of a group."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Page:
    """A picture laid out.

    Attributes:
        width: Its width.
        height: Its height.
        places: Centre of each node.
        routes: Stops of each edge, without its ends.
        boxes: Borders of the groups.
    """

    width: float = 0.0
    height: float = 0.0
    places: list[tuple[float, float]] = field(default_factory=list)
    routes: list[list[Stop]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def lay_out(graph: Graph, sizes: Sizes) -> Page:
    """Find a place for every node and a way for every edge."""
    return _Layout(Frame(graph, sizes)).page


class _Tracks:
    """Parallel lines in a gutter or channel; those that do not meet share a track."""

    def __init__(self, *, inner: bool) -> None:
        self.start = 0.0
        self._inner = inner
        self._spans: dict[Hashable, tuple[float, float]] = {}
        self._track: dict[Hashable, int] = {}

    def use(self, net: Hashable, one: float, other: float) -> None:
        low, high = self._spans.get(net, (one, one))
        self._spans[net] = min(low, one, other), max(high, one, other)

    def share_out(self) -> float:
        """Give each its track; return the width of all."""
        ends: list[float] = []
        for net, (low, high) in sorted(self._spans.items(), key=lambda entry: entry[1]):  # stable: first come first
            free = [track for track, end in enumerate(ends) if end < low]
            if not free:
                free = [len(ends)]
                ends.append(0.0)
            self._track[net] = free[0]
            ends[free[0]] = high
        if not ends:
            return _APART if self._inner else 0.0
        return 2 * _BESIDE + (len(ends) - 1) * _TRACK

    def at(self, net: Hashable) -> float:
        return self.start + _BESIDE + self._track[net] * _TRACK


class _Layout:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.page = Page()
        self._pad = _PAD if len(frame.members) > 1 else 0.0
        self._channels = [_Tracks(inner=0 < row < frame.rows) for row in range(frame.rows + 1)]
        self._gutters = [_Tracks(inner=0 < column < frame.columns) for column in range(frame.columns + 1)]
        self._corner: dict[str, tuple[float, float]] = {}  # of the plan of each block
        tops = self._apart(self._rows())
        self._columns(tops)
        self._fill()
        self.page.routes = [self._route(index, edge) for index, edge in enumerate(frame.graph.edges)]

    def _side(self, name: str) -> float:
        """Room on each side of what is in a block; its name must fit, too."""
        return max(self._pad, (title_width(name) - self.frame.plans[name].width) / 2)

    def _outer(self, name: str) -> tuple[float, float]:
        made = self.frame.plans[name]
        return made.width + 2 * self._side(name), made.height + 2 * self._pad + (_TITLE if name else 0.0)

    def _between(self) -> list[tuple[Edge, Way]]:
        return [(self.frame.graph.edges[index], way) for index, way in self.frame.ways.items()]

    def _net(self, index: int) -> Hashable:
        edge = self.frame.graph.edges[index]
        return edge.source, edge.sign

    def _rows(self) -> dict[str, float]:
        """Heights of channels and rows; returns the top of each block."""
        for index, way in self.frame.ways.items():
            if way.first != way.last:
                self._channels[way.channel].use(self._net(index), way.first, way.last)
        high: dict[int, float] = defaultdict(float)
        for name, cell in self.frame.cells.items():
            high[cell.row] = max(high[cell.row], self._outer(name)[1])
        return self._stack(
            self._channels, high, self.frame.rows, "height",
            lambda name: (self.frame.cells[name].row, self._outer(name)[1], 0.5),
        )  # fmt: skip

    def _apart(self, tops: dict[str, float]) -> dict[str, float]:
        """Move blocks a little, so that no port is level with one on the other side of its gutter."""
        cells, moved = self.frame.cells, dict(tops)
        ports: dict[str, set[tuple[int, float]]] = defaultdict(set)  # gutter and height in the block
        for edge, way in self._between():
            for node, line, gutter in ((edge.source, way.leave, way.first), (edge.target, way.arrive, way.last)):
                name = self.frame.graph.nodes[node].group
                y = self.frame.plans[name].places["port", line][1]
                ports[name].add((gutter, y + (_TITLE if name else 0.0)))
        halves = any(cell.flipped for cell in cells.values()) and self.frame.columns == 3
        for name in tops:
            if cells[name].column == 0 or (halves and cells[name].column == 2):
                continue
            facing = [
                (gutter, moved[other] + y)
                for other in tops
                if cells[other].column < cells[name].column or (halves and cells[other].column == 2)
                for gutter, y in sorted(ports[other])
            ]
            distances = [
                tops[name] + y - there for gutter, y in ports[name] for beyond, there in facing if beyond == gutter
            ]
            moved[name] += max(
                _SHIFTS,
                key=lambda shift: (min((min(abs(d + shift), _TRACK) for d in distances), default=0.0), -abs(shift)),  # noqa: B023
            )
        return moved

    def _columns(self, tops: dict[str, float]) -> None:
        """Widths of gutters and columns, once it is known how far down their tracks reach."""
        title = {name: self._pad + (_TITLE if name else 0.0) for name in tops}
        self._corner = {name: (0.0, top + title[name]) for name, top in tops.items()}
        for index, way in self.frame.ways.items():
            edge = self.frame.graph.edges[index]
            net, begin, end = self._net(index), self._port(edge.source, way.leave), self._port(edge.target, way.arrive)
            if way.first == way.last:
                self._gutters[way.first].use(net, begin.y, end.y)
            else:
                level = self._channels[way.channel].at(net)
                self._gutters[way.first].use(net, begin.y, level)
                self._gutters[way.last].use(net, level, end.y)
        wide: dict[int, float] = defaultdict(float)
        for name, cell in self.frame.cells.items():
            wide[cell.column] = max(wide[cell.column], self._outer(name)[0])
        halves = any(cell.flipped for cell in self.frame.cells.values())

        def lean(name: str) -> float:
            cell = self.frame.cells[name]
            if not halves or 0 < cell.column < self.frame.columns - 1:
                return 0.5
            return 0.0 if cell.column else 1.0  # halves stand against the middle

        lefts = self._stack(
            self._gutters, wide, self.frame.columns, "width",
            lambda name: (self.frame.cells[name].column, self._outer(name)[0], lean(name)),
        )  # fmt: skip
        self._corner = {name: (left + self._side(name), self._corner[name][1]) for name, left in lefts.items()}
        for name in self.frame.members:
            if name:
                self.page.boxes.append(Box(name, lefts[name], tops[name], *self._outer(name)))

    def _stack(
        self,
        between: list[_Tracks],
        extent: dict[int, float],
        count: int,
        total: str,
        where: Callable[[str], tuple[int, float, float]],
    ) -> dict[str, float]:
        """Put rows or columns one after the other; returns where each block begins."""
        begin, here = {}, 0.0
        for index, tracks in enumerate(between):
            tracks.start = here
            here += tracks.share_out()
            if index < count:
                begin[index] = here
                here += extent[index]
        setattr(self.page, total, here)
        starts = {}
        for name in self.frame.members:
            index, size, lean = where(name)
            starts[name] = begin[index] + (extent[index] - size) * lean
        return starts

    def _fill(self) -> None:
        for node, key in zip(self.frame.graph.nodes, self.frame.keys, strict=True):
            made = self.frame.plans[node.group]
            stop = self._on_page(node.group, Stop(*made.places[key]))
            self.page.places.append((stop.x, stop.y))

    def _on_page(self, name: str, stop: Stop) -> Stop:
        if self.frame.cells[name].flipped:
            stop = stop.flipped(self.frame.plans[name].width)
        return stop.moved(*self._corner[name])

    def _port(self, node: int, line: Hashable) -> Stop:
        name = self.frame.graph.nodes[node].group
        return self._on_page(name, Stop(*self.frame.plans[name].places["port", line]))

    def _bends(self, node: int, line: Hashable) -> list[Stop]:
        name = self.frame.graph.nodes[node].group
        return [self._on_page(name, stop) for stop in self.frame.plans[name].bends[line]]

    def _route(self, index: int, edge: Edge) -> list[Stop]:
        way = self.frame.ways.get(index)
        if way is None:
            return self._bends(edge.source, self.frame.link_of[index])
        begin, end = self._port(edge.source, way.leave), self._port(edge.target, way.arrive)
        net = self._net(index)
        one, other = self._gutters[way.first].at(net), self._gutters[way.last].at(net)
        corners = [Stop(one, begin.y)]
        if way.first != way.last:
            level = self._channels[way.channel].at(net)
            corners += [Stop(one, level), Stop(other, level)]
        corners.append(Stop(other, end.y))
        out, into = (1.0 if one > begin.x else -1.0), (1.0 if end.x > other else -1.0)
        return [
            *self._bends(edge.source, way.leave),
            Stop(begin.x, begin.y, out, 0.0),
            *corners,
            Stop(end.x, end.y, into, 0.0),
            *self._bends(edge.target, way.arrive),
        ]
