"""How far apart things in a row stand: as near to where they wish to be as there is room."""

from collections.abc import Callable, Collection, Sequence

_ROUNDS = 14
_JOINED, _ALONE = 2.0, 0.1  # pull of a neighbour in the same layer; weight of a node that nothing pulls


def spread(wishes: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Places in order with least distances between neighbours, nearest to the wishes by weighted least squares.

    With the distances taken off it is isotonic regression, solved by pooling adjacent violators (Barlow et al. 1972,
    Statistical Inference under Order Restrictions).

    Args:
        wishes: Where each wants to be [n].
        weights: How much [n].
        gaps: Least distances [n - 1].

    Returns:
        Places [n].
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[list[float]] = []  # weight, weighted sum, count
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        pools.append([weight, weight * (wish - offset), 1])
        while len(pools) > 1 and pools[-2][1] / pools[-2][0] > pools[-1][1] / pools[-1][0]:
            last = pools.pop()
            pools[-1] = [one + other for one, other in zip(pools[-1], last, strict=True)]
    places = [total / weight for weight, total, count in pools for _ in range(int(count))]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def settled(
    rows: Sequence[Sequence[int]],
    pulls: Sequence[Sequence[tuple[int, float]]],
    joined: Collection[tuple[int, int]],
    gap: Callable[[int, int], float],
) -> list[float]:
    """Heights of all nodes, so that connected ones are level where there is room.

    Args:
        rows: Nodes of each layer, from top to bottom.
        pulls: For each node its neighbours in other layers, and how strongly each pulls.
        joined: Pairs of nodes that want to stand next to each other in their layer.
        gap: Least distance between two nodes that follow each other in a layer.

    Returns:
        Heights, one for each node, the topmost about 0.
    """
    height = [0.0] * len(pulls)
    gaps = [[gap(one, other) for one, other in zip(row[:-1], row[1:], strict=True)] for row in rows]
    for row, room in zip(rows, gaps, strict=True):
        start = -sum(room) / 2
        for node, step in zip(row, [0.0, *room], strict=True):
            start += step
            height[node] = start
    for turn in range(_ROUNDS):
        order = range(len(rows)) if turn % 2 == 0 else range(len(rows) - 1, -1, -1)
        for index in order:
            row = rows[index]
            wishes, weights = [], []
            for place, node in enumerate(row):
                wanted = [(height[other], weight) for other, weight in pulls[node]]
                for beside, side in ((place - 1, 1.0), (place + 1, -1.0)):
                    if 0 <= beside < len(row) and (node, row[beside]) in joined:
                        room = gaps[index][min(place, beside)]
                        wanted.append((height[row[beside]] + side * room, _JOINED))
                weight = sum(weight for _, weight in wanted)
                wishes.append(sum(y * w for y, w in wanted) / weight if weight else height[node])
                weights.append(weight or _ALONE)
            for node, place in zip(row, spread(wishes, weights, gaps[index]), strict=True):
                height[node] = place
    return height
