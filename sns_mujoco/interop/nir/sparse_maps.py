"""Sparse linear maps with a time course: what stands between the neurons of a NIR graph.

A map takes signals of n_in elements to n_out. Entry k brings weight[k] times element col[k] to element row[k],
delay[k] ms later, through a leaky filter of time constant tau[k] ms (0: at once). Chains of maps are multiplied out.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError

MOST_ENTRIES = 20_000_000
"""Most synapses that a graph is unrolled to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseMap:
    """See the module.

    Attributes:
        row: Element of the result [n].
        col: Element of the source [n].
        weight: [n]
        delay: ms [n].
        tau: ms [n].
    """

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    weight: NDArray[np.float64]
    delay: NDArray[np.float64]
    tau: NDArray[np.float64]

    @classmethod
    def of(
        cls, row: NDArray, col: NDArray, weight: NDArray, *, delay: float | NDArray = 0.0, tau: float | NDArray = 0.0
    ):
        """A map from its entries; those of weight zero are left out."""
        row, col, weight, delay, tau = np.broadcast_arrays(row, col, weight, delay, tau)
        there = weight != 0
        return cls(row=row[there], col=col[there], weight=weight[there], delay=delay[there], tau=tau[there])

    @classmethod
    def diagonal(cls, weight: NDArray, *, delay: float | NDArray = 0.0, tau: float | NDArray = 0.0) -> Self:
        """A map that works element by element."""
        own = np.arange(len(weight))
        return cls.of(own, own, weight, delay=delay, tau=tau)

    @classmethod
    def constant(cls, values: NDArray) -> Self:
        """A map from a source of one element that is always 1."""
        return cls.of(np.arange(len(values)), np.zeros(len(values), np.int64), values)

    def after(self, first: "SparseMap", owner: str) -> "SparseMap":
        """This map of what another gives.

        Raises:
            NetworkError: The result is too large, or two filters follow one another.
        """
        order = np.argsort(first.row, kind="stable")
        ends = np.searchsorted(first.row[order], [self.col, self.col + 1])
        counts = ends[1] - ends[0]
        total = int(counts.sum())
        require_size(owner, total)
        mine = np.repeat(np.arange(len(self.row)), counts)
        place = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(ends[0], counts)
        theirs = order[place]
        if np.any((self.tau[mine] > 0) & (first.tau[theirs] > 0)):
            raise NetworkError(f"{owner} filters what a leaky integrator has filtered already")
        return SparseMap.of(
            self.row[mine], first.col[theirs], self.weight[mine] * first.weight[theirs],
            delay=self.delay[mine] + first.delay[theirs], tau=self.tau[mine] + first.tau[theirs],
        )  # fmt: skip

    def scaled(self, gain: NDArray) -> "SparseMap":
        """Each element of the result times a number of its own."""
        return SparseMap.of(self.row, self.col, self.weight * gain[self.row], delay=self.delay, tau=self.tau)

    def take(self, which: NDArray[np.bool_]) -> "SparseMap":
        """Some of its entries."""
        return SparseMap.of(
            self.row[which], self.col[which], self.weight[which], delay=self.delay[which], tau=self.tau[which]
        )

    @property
    def passes_on(self) -> bool:
        """Whether it brings element k to element k as it is; their number, delays and filters are not looked at."""
        own = np.arange(len(self.row))
        return bool((self.row == own).all() and (self.col == own).all() and (self.weight == 1).all())

    def dense(self, n_out: int, n_in: int) -> NDArray[np.float64]:
        """Its weights as a matrix [n_out, n_in]."""
        matrix = np.zeros((n_out, n_in))
        np.add.at(matrix, (self.row, self.col), self.weight)
        return matrix


def summed(maps: list[SparseMap]) -> SparseMap:
    """Maps from the same source to the same place, added up; entries with the same course become one."""
    if len(maps) == 1:
        return maps[0]
    row, col, weight, delay, tau = (
        np.concatenate([getattr(m, name) for m in maps]) for name in ("row", "col", "weight", "delay", "tau")
    )
    order = np.lexsort((tau, delay, col, row))
    key = np.stack([row, col, delay, tau])[:, order]
    fresh = np.ones(len(row), bool)
    fresh[1:] = (key[:, 1:] != key[:, :-1]).any(0)
    total = np.zeros(int(fresh.sum()))
    np.add.at(total, np.cumsum(fresh) - 1, weight[order])
    kept = order[fresh]
    return SparseMap.of(row[kept], col[kept], total, delay=delay[kept], tau=tau[kept])


def require_size(owner: str, entries: float) -> None:
    """Refuse what would fill the memory.

    Raises:
        NetworkError: Says how much it would be.
    """
    if entries > MOST_ENTRIES:
        raise NetworkError(f"{owner} would be unrolled to {entries:g} synapses; {MOST_ENTRIES:g} are the most")
