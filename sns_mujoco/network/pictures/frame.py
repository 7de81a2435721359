"""The blocks of a picture: what is in each, where it stands, and how the lines between blocks leave and enter them.

Blocks that hold the same, like the legs of an insect, get one common plan with the lines of all of them, so that they
look alike.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from sns_mujoco.network.pictures.arrange import Cell, arrange
from sns_mujoco.network.pictures.blocks import Item, Link, Plan, plan
from sns_mujoco.network.pictures.graph import Edge, Graph
from sns_mujoco.network.pictures.sizes import Sizes

Line = tuple[str, Hashable, str, Literal["in", "out"]]
"""A line between a node and a port: its direction, the node, its sign, and the side."""
_STRONG = ("excitation", "mixed", "link")  # what points to the right


@dataclass(frozen=True, slots=True)
class Way:
    """How an edge runs from one block to another.

    Attributes:
        leave: Name of the line from the source to the port of its block.
        arrive: Name of the line from the port of the target's block to the target.
        first: The gutter that it enters; gutter c is left of column c.
        last: The gutter that it leaves.
        channel: The channel between them if they differ; channel r is above row r.
    """

    leave: Line
    arrive: Line
    first: int
    last: int
    channel: int


class Frame:
    """The blocks.

    Attributes:
        graph: What is drawn.
        members: Nodes of each block.
        keys: Name of each node within its block.
        cells: Where each block stands.
        rows: Number of rows.
        columns: Number of columns.
        ways: How each edge between blocks runs, by its index.
        link_of: Name of the line of each other edge in the plan of its block.
        plans: Plan of each block.
    """

    def __init__(self, graph: Graph, sizes: Sizes) -> None:
        """Sort nodes and edges into blocks, and plan each."""
        self.graph = graph
        self.members: dict[str, list[int]] = defaultdict(list)
        for index, node in enumerate(graph.nodes):
            self.members[node.group].append(index)
        self.keys = self._node_keys()
        self.link_of, outside = self._link_keys()
        self.ways: dict[int, Way] = {}
        contents = {name: frozenset(self.keys[node] for node in self._neurons(name)) for name in self.members}
        rough = {name: self._plan([name], sizes) for name in self.members}
        extents = {name: (made.width, made.height) for name, made in rough.items()}
        self.cells = arrange(extents, contents, self._drive(outside))
        self.rows = 1 + max((cell.row for cell in self.cells.values()), default=0)
        self.columns = 1 + max((cell.column for cell in self.cells.values()), default=0)
        self.ways = {index: self._way(graph.edges[index]) for index in outside}
        alike: dict[Hashable, list[str]] = defaultdict(list)
        for name in self.members:
            alike[contents[name] if name else ""].append(name)
        self.plans: dict[str, Plan] = {}
        for names in alike.values():
            self.plans |= dict.fromkeys(names, self._plan(names, sizes))

    def _neurons(self, name: str) -> list[int]:
        return [node for node in self.members[name] if self.graph.nodes[node].role == "neurons"]

    def _node_keys(self) -> list[Hashable]:
        """Neurons are known by their labels, inputs and outputs by what they belong to."""
        seen: Counter = Counter()
        owner = {}
        for edge in self.graph.edges:
            if edge.sign == "link":
                owner |= {edge.source: edge.target, edge.target: edge.source}
        keys: list[Hashable] = []
        for index, node in enumerate(self.graph.nodes):
            label = node.label if node.role == "neurons" else self.graph.nodes[owner[index]].label
            name = (node.group, node.role, label)
            keys.append((*name[1:], seen[name]))
            seen[name] += 1
        return keys

    def _link_keys(self) -> tuple[dict[int, Hashable], list[int]]:
        """Names of the lines within blocks, and the edges between blocks."""
        seen: Counter = Counter()
        inside: dict[int, Hashable] = {}
        outside = []
        for index, edge in enumerate(self.graph.edges):
            block = self._block(edge.source)
            if block == self._block(edge.target):
                name = (block, self.keys[edge.source], self.keys[edge.target], edge.sign)
                inside[index] = (*name[1:], seen[name])
                seen[name] += 1
            else:
                outside.append(index)
        return inside, outside

    def _block(self, node: int) -> str:
        return self.graph.nodes[node].group

    def _drive(self, outside: Iterable[int]) -> int:
        """How many more lines lead out of what has no group than into it."""
        edges = [self.graph.edges[index] for index in outside]
        return sum((not self._block(edge.source)) - (not self._block(edge.target)) for edge in edges)

    def _way(self, edge: Edge) -> Way:
        one, other = self.cells[self._block(edge.source)], self.cells[self._block(edge.target)]
        if one.column == other.column:
            inward = one.column <= (self.columns - 1) / 2
            sides = inward, inward
        else:
            sides = one.column < other.column, one.column > other.column
        if one.row == other.row:
            channel = one.row + 1 if one.row + 1 < self.rows else one.row
        else:
            channel = one.row + 1 if one.row < other.row else one.row
        return Way(
            leave=("leave", self.keys[edge.source], edge.sign, _port(sides[0], one)),
            arrive=("arrive", self.keys[edge.target], edge.sign, _port(sides[1], other)),
            first=one.column + sides[0],
            last=other.column + sides[1],
            channel=channel,
        )

    def _plan(self, names: list[str], sizes: Sizes) -> Plan:
        """One plan for blocks that hold the same."""
        items: dict[Hashable, Item] = {}
        links: dict[Hashable, Link] = {}
        loops = {edge.source for edge in self.graph.edges if edge.source == edge.target}
        for name in names:
            for node in self.members[name]:
                key = self.keys[node]
                width, height = sizes.box(self.graph.nodes[node], node in loops)
                known = items.get(key, Item(key=key, width=0.0, height=0.0))
                items[key] = Item(key=key, width=max(width, known.width), height=max(height, known.height))
        place = {key: index for index, key in enumerate(items)}

        def port(line: Line) -> int:
            key = ("port", line)
            items.setdefault(key, Item(key=key, width=0.0, height=2.0, port=line[-1]))
            return place.setdefault(key, len(place))

        for index, edge in enumerate(self.graph.edges):
            begin, end = place.get(self.keys[edge.source], -1), place.get(self.keys[edge.target], -1)
            strong, way = edge.sign in _STRONG, self.ways.get(index)
            if index in self.link_of and self._block(edge.source) in names:
                key = self.link_of[index]
                links.setdefault(key, Link(key=key, source=begin, target=end, strong=strong, trunk=edge.sign))
            if way and self._block(edge.source) in names:
                line = Link(key=way.leave, source=begin, target=port(way.leave), strong=False, trunk=edge.sign)
                links.setdefault(way.leave, line)
            if way and self._block(edge.target) in names:
                line = Link(key=way.arrive, source=port(way.arrive), target=end, strong=False, trunk=edge.sign)
                links.setdefault(way.arrive, line)
        return plan(list(items.values()), list(links.values()))


def _port(right: bool, cell: Cell) -> Literal["in", "out"]:
    """Which side of a plan is the right or left side of a block in its cell."""
    return "out" if right != cell.flipped else "in"
