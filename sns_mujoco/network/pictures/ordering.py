"""The order of nodes within layers: few crossings, by sweeps of the barycentre rule.

Each layer is sorted by the mean place of its neighbours in the layer before it, then behind it, back and forth; then
neighbours that cross less the other way round are swapped (Sugiyama, Tagawa & Toda 1981, IEEE Trans Syst Man Cybern
11:109).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

Link = tuple[int, int]
_SWEEPS = 16
_BESIDE = 0.5  # pull between nodes that are connected within their layer


def ordered(layer_of: Sequence[int], links: Sequence[Link]) -> list[list[int]]:
    """Nodes of each layer, from top to bottom.

    Args:
        layer_of: Layer of each node, bends of long edges among them.
        links: Pairs of nodes in the same or neighbouring layers.

    Returns:
        For each layer its nodes.
    """
    sweeper = _Sweeper(layer_of, links)
    best, fewest = sweeper.copy(), sweeper.crossings()
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        sweeper.sweep(forward=sweep % 2 == 0)
        sweeper.swap_neighbours()
        crossings = sweeper.crossings()
        if crossings < fewest:
            best, fewest = sweeper.copy(), crossings
    return best


class _Sweeper:
    def __init__(self, layer_of: Sequence[int], links: Sequence[Link]) -> None:
        self.layer_of = layer_of
        self.rows: list[list[int]] = [[] for _ in range(max(layer_of, default=-1) + 1)]
        self.before, self.behind, self.beside = defaultdict(list), defaultdict(list), defaultdict(list)
        for node, layer in enumerate(layer_of):
            self.rows[layer].append(node)
        for one, other in links:
            if layer_of[one] == layer_of[other]:
                self.beside[one].append(other)
                self.beside[other].append(one)
            else:
                left, right = (one, other) if layer_of[one] < layer_of[other] else (other, one)
                self.behind[left].append(right)
                self.before[right].append(left)
        self.place = {node: index for row in self.rows for index, node in enumerate(row)}

    def copy(self) -> list[list[int]]:
        return [list(row) for row in self.rows]

    def crossings(self) -> int:
        return sum(self._crossings_behind(row) for row in self.rows[:-1])

    def _crossings_behind(self, row: list[int]) -> int:
        seen: list[int] = []
        count = 0
        for node in row:
            ends = sorted(self.place[other] for other in self.behind[node])
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                seen.insert(bisect_right(seen, end), end)
        return count

    def sweep(self, *, forward: bool) -> None:
        near = self.before if forward else self.behind
        for row in self.rows if forward else reversed(self.rows):
            scale = len(row)
            wish = {}
            for node in row:
                others = near[node]
                size = len(self.rows[self.layer_of[others[0]]]) if others else 1
                pulls = [(self.place[other] + 0.5) / size for other in others]
                weight = [1.0] * len(pulls) + [_BESIDE] * len(self.beside[node])
                pulls += [(self.place[other] + 0.5) / scale for other in self.beside[node]]
                wish[node] = (
                    sum(p * w for p, w in zip(pulls, weight, strict=True)) / sum(weight)
                    if others
                    else (self.place[node] + 0.5) / scale
                )
            row.sort(key=lambda node: (wish[node], self.place[node]))  # noqa: B023, used at once
            for index, node in enumerate(row):
                self.place[node] = index

    def swap_neighbours(self) -> None:
        """Swap neighbours in a layer as long as that saves crossings."""
        for row in self.rows:
            for index in range(len(row) - 1):
                one, other = row[index], row[index + 1]
                if self._saved(one, other) > 0:
                    row[index], row[index + 1] = other, one
                    self.place[one], self.place[other] = index + 1, index

    def _saved(self, upper: int, lower: int) -> int:
        saved = 0
        for near in (self.before, self.behind):
            ends = [self.place[other] for other in near[upper]]
            for other in near[lower]:
                place = self.place[other]
                saved += sum((place < end) - (place > end) for end in ends)
        return saved
