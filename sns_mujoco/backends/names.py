"""Names of synapses, made when they are asked for: a network may have millions."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np

from sns_mujoco.backends.edges import Edges
from sns_mujoco.network.network import Network


class SynapseNames(Sequence[str]):
    """Name of each synapse: its connection's, or with [destination, source] where that has several.

    The second and further synapses that a list has between two neurons are called [destination, source, 1] and so on.
    """

    def __init__(self, network: Network, edges: Edges) -> None:
        """Begin with the edges in the order of the program."""
        starts = np.cumsum([0, *(p.size for p in network.populations)])
        self._wires = [wire.name for wire in network.connections]
        self._owner = edges.owner
        ends = np.array([(w.destination, w.source) for w in network.connections], np.int64).reshape(-1, 2)
        self._target = edges.target - starts[ends[edges.owner, 0]]
        self._source = edges.source - starts[ends[edges.owner, 1]]
        self._counts = np.bincount(edges.owner, minlength=len(self._wires))
        self._lists = np.array([wire.kind.layout == "list" for wire in network.connections], bool)

    def __len__(self) -> int:
        """Number of synapses."""
        return len(self._owner)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        """Name of one synapse, or of several."""
        if isinstance(index, slice):
            return tuple(self._named(k) for k in range(*index.indices(len(self))))
        place = int(index) + (len(self) if index < 0 else 0)
        if not 0 <= place < len(self):
            raise IndexError(f"there is no synapse {index}; there are {len(self)}")
        return self._named(place)

    def __iter__(self) -> Iterator[str]:
        """All names, in order."""
        return (self._named(k) for k in range(len(self)))

    def __eq__(self, other: Any) -> bool:
        """Whether it has the same names as another sequence."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show how many there are, and the first."""
        shown = ", ".join(map(repr, self[:3])) + (", ..." if len(self) > 3 else "")
        return f"SynapseNames({len(self)}: {shown})"

    def renamed(self, place: int, name: str) -> str:
        """The name of a synapse with another in the place of its connection's."""
        return name + self._named(place).removeprefix(self._wires[self._owner[place]])

    def _named(self, place: int) -> str:
        owner = int(self._owner[place])
        if self._counts[owner] == 1:
            return self._wires[owner]
        again = self._again[place]
        suffix = f",{again}" if again else ""
        return f"{self._wires[owner]}[{self._target[place]},{self._source[place]}{suffix}]"

    @cached_property
    def _again(self) -> np.ndarray:
        """Which synapse of its connection between the same two neurons each is, counted from 0."""
        again = np.zeros(len(self), np.int64)
        listed = np.flatnonzero(self._lists[self._owner]) if len(self) else np.empty(0, np.int64)
        if listed.size:
            keys = (self._owner[listed], self._target[listed], self._source[listed])
            order = np.lexsort(keys[::-1])
            changes = np.any([np.diff(key[order], prepend=-1) != 0 for key in keys], 0)
            first = np.maximum.accumulate(np.where(changes, np.arange(len(order)), 0))
            again[listed[order]] = np.arange(len(order)) - first
        return again
