"""Samples kept in memory: all, or the last ones."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BLOCK = 512  # rows that come one by one and are then kept as one array


class Rows:
    """Rows in the order in which they came."""

    def __init__(self, most: int | None = None) -> None:
        """Keep at least the last `most` rows, or all."""
        self._most = most
        self._blocks: deque[Floats] = deque()
        self._count = 0  # rows in the blocks
        self._recent: list[Floats] = []
        self._recent_count = 0

    def add(self, rows: Floats) -> None:
        """Add rows; the array is kept as it is."""
        self._recent.append(rows)
        self._recent_count += len(rows)
        if self._recent_count >= BLOCK:
            self._blocks.append(np.concatenate(self._recent))
            self._count += self._recent_count
            self._recent, self._recent_count = [], 0
            while self._most is not None and self._count - len(self._blocks[0]) >= self._most:
                self._count -= len(self._blocks.popleft())

    def joined(self, none: Floats) -> Floats:
        """All rows that are kept, after `none`, an array of their shape without a row."""
        return np.concatenate([none, *self._blocks, *self._recent])
