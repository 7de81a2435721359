"""Described values as columns: one quantity of all that have it, in the units of the descriptions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

NO_BOUNDS: dict[str, float] = {}
ALL = -1  # place of a value that holds for everything that its owner has


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one owner, a population or a connection or an adapter, has described of a quantity.

    Attributes:
        owner: Its index among the things of its kind.
        name: Its name.
        value: A number for all that it has, or an array.
        shape: What indices in names count, where it is an array: the shape of that if left out.
        cells: Where each cell of the owner (a neuron, a synapse ...) finds its value in the flat array; each its own
            if left out. Cells without one have -1; values that no cell has are no parameters.
        bounds: What is allowed, as `network.checks.numbers` takes it.
        label: Another name that it goes by, which others may have, too.
    """

    owner: int
    name: str
    value: Any
    shape: tuple[int, ...] | None = None
    cells: Places | None = None
    bounds: Mapping[str, float] | None = None
    label: str = ""


class Column:
    """A quantity of all things of one kind that have it.

    Attributes:
        quantity: Its name.
        kind: What has it: "populations", "channels", "connections", "inputs", "noises", "afferents", ...
        values: As described [m].
        names: Of each value: its owner's, with an index where that has several [m].
        owners: Name of each value's owner, or the label that it goes by [m].
        owner: Index of each value's owner [m].
        place: Place of each value in its owner's flat array [m], or `ALL`.
        least: Least allowed value [m].
        greatest: Greatest allowed value [m].
        above: Whether the least value itself is not allowed [m].
        shared: Whether its number is shared with others, so that it cannot be changed [m].
    """

    def __init__(self, quantity: str, kind: str, given: Iterable[Given], count: int) -> None:
        """Collect what owners have described; `count` is the number of things of the kind."""
        self.quantity, self.kind = quantity, kind
        values, names, owners, owner, place = [], [], [], [], []
        least, greatest, above = [], [], []
        tables: list[Places] = []
        self._single, self._table = np.full(count, -1), np.full(count, -1)
        filled, total = 0, 0
        for one in given:
            array = np.asarray(one.value, float)
            if array.ndim == 0:
                used, labels = np.array([ALL]), [one.name]
                self._single[one.owner] = total
                values.append(array.reshape(1))
            else:
                cells = np.arange(array.size) if one.cells is None else one.cells
                used, place_of_used = np.unique(cells[cells >= 0], return_inverse=True)
                table = np.full(len(cells), -1)
                table[cells >= 0] = total + place_of_used
                self._table[one.owner] = filled
                tables.append(table)
                filled += len(table)
                shape = one.shape or array.shape
                labels = [_label(one.name, index, shape) if array.size > 1 else one.name for index in used.tolist()]
                values.append(array.ravel()[used])
            bounds = one.bounds or NO_BOUNDS
            count_here = len(used)
            total += count_here
            names += labels
            owners += [one.label or one.name] * count_here
            owner += [one.owner] * count_here
            place.append(used)
            least += [bounds.get("above", bounds.get("least", -np.inf))] * count_here
            greatest += [bounds.get("most", np.inf)] * count_here
            above += ["above" in bounds] * count_here
        self.values = np.concatenate([np.empty(0), *values])
        self.values.setflags(write=False)
        self.names, self.owners = tuple(names), tuple(owners)
        self.owner = np.array(owner, np.int64)
        self.place = np.concatenate([np.empty(0, np.int64), *place])
        self.least, self.greatest = np.array(least, float), np.array(greatest, float)
        self.above = np.array(above, bool)
        self.shared = np.zeros(total, bool)
        self._tables = np.concatenate([np.empty(0, np.int64), *tables])

    def __len__(self) -> int:
        """Number of values."""
        return len(self.values)

    def at(self, owner: Places, cell: Places) -> Places:
        """Which value each cell of an owner has [n]; -1 where the owner has no such quantity."""
        start = self._table[owner]
        many = start >= 0
        found = self._single[owner].copy()
        found[many] = self._tables[start[many] + cell[many]]
        return found

    def choose(self, wanted: Callable[[str], bool]) -> Places:
        """The values whose name, or whose owner's name, is wanted."""
        known = {name: wanted(name) for name in {*self.names, *self.owners}}
        chosen = [known[name] or known[owner] for name, owner in zip(self.names, self.owners, strict=True)]
        return np.flatnonzero(chosen)


def _label(name: str, index: int, shape: tuple[int, ...]) -> str:
    """Name of one of several values."""
    return f"{name}[{','.join(str(int(k)) for k in np.unravel_index(index, shape))}]"
