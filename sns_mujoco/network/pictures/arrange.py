"""Where blocks stand: in rows and columns, the left and right half of an animal as mirror images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log

from sns_mujoco.network.pictures.groups import mirrored

_ASPECT = 1.5  # width of a picture over its height
_PER_HOLE = 0.1  # what an empty place in the grid costs, in logarithms of the shape
_BETWEEN = 90.0  # about the room between blocks


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a block stands.

    Attributes:
        row: Counted from the top.
        column: Counted from the left.
        flipped: Whether excitation flows from right to left in it.
    """

    row: int
    column: int
    flipped: bool = False


def arrange(sizes: Mapping[str, tuple[float, float]], alike: Mapping[str, object], drive: int) -> dict[str, Cell]:
    """A place for every block.

    Args:
        sizes: Width and height of each block, by its name, in order of appearance; "" for what has no group.
        alike: What is in each block: equal for blocks that may be mirror images.
        drive: How many more lines lead out of the block "" than into it.
    """
    named = [name for name in sizes if name]
    partners = {one: other for one, other in mirrored(named).items() if alike[one] == alike[other]}
    alone = [name for name in named if name not in partners and name not in partners.values()]
    if partners and len(alone) <= len(partners):
        return _halves(partners, alone, "" in sizes)
    return _grid(named, sizes, "" in sizes, drive)


def _halves(partners: dict[str, str], alone: Sequence[str], common: bool) -> dict[str, Cell]:
    middle = ([""] if common else []) + list(alone)
    right = 2 if middle else 1
    cells = {}
    for row, (one, other) in enumerate(partners.items()):
        cells[one], cells[other] = Cell(row, 0, flipped=True), Cell(row, right)
    for row, name in enumerate(middle):
        cells[name] = Cell(row, 1)
    return cells


def _grid(named: Sequence[str], sizes: Mapping[str, tuple[float, float]], common: bool, drive: int) -> dict[str, Cell]:
    columns = min(range(1, len(named) + 1), key=lambda count: _misfit(count, [sizes[n] for n in named]), default=1)
    first = 1 if common and drive >= 0 and named else 0
    cells = {name: Cell(index // columns, first + index % columns) for index, name in enumerate(named)}
    if common:
        rows = ceil(len(named) / columns)
        cells[""] = Cell(max(rows - 1, 0) // 2, 0 if first or not named else columns)
    return cells


def _misfit(columns: int, sizes: Sequence[tuple[float, float]]) -> float:
    """How far the shape of a grid is from the wanted one."""
    width = sum(max(w for w, _ in sizes[column::columns]) + _BETWEEN for column in range(columns))
    rows = [sizes[start : start + columns] for start in range(0, len(sizes), columns)]
    height = sum(max(h for _, h in row) + _BETWEEN for row in rows)
    return abs(log(width / height / _ASPECT)) + _PER_HOLE * (columns * len(rows) - len(sizes))
