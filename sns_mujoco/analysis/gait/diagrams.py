"""What gait diagrams show, as numbers: stance bars, the normalised stride, Hildebrand's graph, support patterns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sns_mujoco.analysis.gait import circular
from sns_mujoco.analysis.gait.events import Bools, Floats, liftoffs, touchdowns
from sns_mujoco.analysis.gait.layout import Layout
from sns_mujoco.analysis.gait.striding import phases, strides
from sns_mujoco.errors import GaitError, unknown_name


def stance_bars(standing: Bools, feet: Sequence[str], time: Floats) -> dict[str, Floats]:
    """When each foot stood: the bars of a stance diagram.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        time: Times of the samples [T], s.

    Returns:
        Of each foot, beginning and end of each stance [K, 2], s, those that the recording cuts included.
    """
    bars = {}
    for k, foot in enumerate(feet):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], standing[:, k], [False]))))
        starts, ends = edges[::2], edges[1::2]
        bars[foot] = np.column_stack((time[starts], time[np.minimum(ends, len(time) - 1)]))
    return bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The stance of a foot within the stride of a reference.

    Attributes:
        onset: Mean phase of its touchdown, 0 to 1.
        onset_spread: Circular standard deviation of that, shares of a stride.
        duty_factor: Mean share of its own stride in stance.
        duty_spread: Standard deviation of that.
    """

    onset: float
    onset_spread: float
    duty_factor: float
    duty_spread: float


def mean_stride(
    standing: Bools, feet: Sequence[str], *, reference: str, disturbed: Bools | None = None
) -> dict[str, Bar]:
    """The mean stride as a gait diagram draws it (Hildebrand 1965, Science 150:701), nan for feet without a stride.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        reference: The foot whose stride it is.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Raises:
        UnknownNameError: There is no such foot.
    """
    if reference not in feet:
        raise unknown_name("foot", reference, feet, "the gait")
    made = strides(standing, feet, 1.0, disturbed=disturbed)
    origin = touchdowns(standing[:, list(feet).index(reference)])
    bars = {}
    for k, foot in enumerate(feet):
        onsets, duty = phases(touchdowns(standing[:, k]), origin, disturbed), made.of(foot).duty_factor
        bars[foot] = Bar(
            onset=circular.mean(onsets),
            onset_spread=circular.deviation(onsets),
            duty_factor=float(duty.mean()) if len(duty) else np.nan,
            duty_spread=float(duty.std(ddof=1)) if len(duty) > 1 else np.nan,
        )
    return bars


@dataclass(frozen=True, slots=True, kw_only=True)
class HildebrandPoints:
    """Strides in Hildebrand's graph of symmetrical gaits, both axes in shares of a stride (he drew per cent).

    Attributes:
        foot: Name of the foot behind whose stride each point is [S].
        duty_factor: Share of the stride for which that foot is on the ground [S].
        lag: How far the foot before it on its side lags behind it [S], 0 to 1.
    """

    foot: tuple[str, ...]
    duty_factor: Floats
    lag: Floats


def hildebrand_points(
    standing: Bools, feet: Sequence[str], layout: Layout, *, disturbed: Bools | None = None
) -> HildebrandPoints:
    """Strides of all feet that have one before them on their side, in Hildebrand's graph (1965, Science 150:701).

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        layout: Where they are.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Raises:
        GaitError: The animal has one pair of feet only.
    """
    if layout.pairs < 2:
        raise GaitError("Hildebrand's graph needs a foot before another on one side; this animal has one pair of feet")
    made, names = strides(standing, feet, 1.0, disturbed=disturbed), list(feet)
    rows: list[tuple[str, float, float]] = []
    for side in (layout.left, layout.right):
        for front, behind in zip(side, side[1:], strict=False):
            own, events = made.of(behind), touchdowns(standing[:, names.index(front)])
            for start, end, duty in zip(own.start, own.end, own.duty_factor, strict=True):
                within = events[(events >= start) & (events < end)]
                rows += [(behind, float(duty), float((event - start) / (end - start))) for event in within]
    return HildebrandPoints(
        foot=tuple(foot for foot, _, _ in rows),
        duty_factor=np.array([duty for _, duty, _ in rows]),
        lag=np.array([lag for _, _, lag in rows]),
    )


def support_patterns(standing: Bools, feet: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Share of the time for which each set of feet stands, the longest first: Hildebrand's support sequence in sum."""
    sets, counts = np.unique(np.asarray(standing, bool), axis=0, return_counts=True)
    named = [tuple(foot for foot, stands in zip(feet, row, strict=True) if stands) for row in sets]
    order = np.argsort(-counts, kind="stable")
    return {named[k]: float(counts[k] / len(standing)) for k in order}


def feet_down(standing: Bools) -> Floats:
    """Share of the time for which so many feet stand [F + 1], from none to all."""
    standing = np.asarray(standing, bool)
    return np.bincount(standing.sum(axis=1), minlength=standing.shape[1] + 1) / len(standing)


def tripod_strength(standing: Bools, feet: Sequence[str], layout: Layout) -> Floats:
    """Tripod coordination strength of every step of a tripod [K], 1 for legs that swing as one and 0 for none.

    The time for which the three legs of a tripod swing together over that from the first one's lift-off to the last
    one's touchdown (Wosnitza et al. 2013, J Exp Biol 216:480). A step is a swing of the middle leg with those swings
    of the others that overlap it most; where one of them does not swing meanwhile it is 0.

    Raises:
        GaitError: The animal has not six feet.
    """
    if layout.pairs != 3:
        raise GaitError(f"a tripod needs six feet; this animal has {len(layout.feet)}")
    names, (left, right) = list(feet), (layout.left, layout.right)
    swings = {foot: _swings(standing[:, names.index(foot)]) for foot in layout.feet}
    strengths = []
    for side, other in ((left, right), (right, left)):
        for swing in swings[other[1]]:
            partners = [_overlapping(swings[foot], swing) for foot in (side[0], side[2])]
            if any(partner is None for partner in partners):
                strengths.append(0.0)
                continue
            three = np.array([swing, *partners])
            together = three[:, 1].min() - three[:, 0].max()
            strengths.append(max(0.0, together) / (three[:, 1].max() - three[:, 0].min()))
    return np.array(strengths)


def _swings(standing: Bools) -> list[tuple[int, int]]:
    lifts, falls = liftoffs(standing), touchdowns(standing)
    falls = falls[np.searchsorted(falls, lifts[0]) :] if len(lifts) else falls[:0]
    return list(zip(lifts.tolist(), falls.tolist(), strict=False))


def _overlapping(swings: list[tuple[int, int]], swing: tuple[int, int]) -> tuple[int, int] | None:
    """That swing which overlaps another one most; None where none does."""
    shared = [min(b, swing[1]) - max(a, swing[0]) for a, b in swings]
    best = int(np.argmax(shared)) if shared else -1
    return swings[best] if shared and shared[best] > 0 else None
