"""Confidence intervals over strides and seeds by the bootstrap.

Strides of one life resemble one another more than strides of different lives, so lives are drawn first, with
replacement, and then strides within each life that was drawn: the hierarchical bootstrap (Saravanan, Berman & Sober
2020, Neurons Behav Data Anal Theory 3(5); Efron & Tibshirani 1993, An Introduction to the Bootstrap). With one life,
the interval tells of its strides alone.

Percentile intervals of few are too narrow (Hesterberg 2015, Am Stat 69:371): they hold the truth in half of the cases
with two lives that differ more than their strides. So their ends are moved away from the mean, by sqrt(k / (k - 1))
times Student's quantile over the normal one, k the number of lives or, of one life, of its strides. Intervals of two or
three lives are wide then, and an end may lie where the quantity cannot be; ours, and on the safe side where lives do
not differ.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.analysis.gait.circular import difference
from sns_mujoco.analysis.gait.tails import normal_quantile, t_quantile
from sns_mujoco.errors import GaitError

Floats = NDArray[np.floating]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its confidence interval.

    Attributes:
        value: The mean: of all lives alike, each the mean of its strides; nan without strides.
        low: Lower end; nan with fewer than two strides. Of phases, an end may lie beyond 0 or 1, though at most half a
            turn from the mean.
        high: Upper end.
        n: Number of strides, or of whatever the values are of.
        lives: Number of lives that have any.
    """

    value: float
    low: float
    high: float
    n: int
    lives: int


def interval(
    groups: Sequence[ArrayLike], *, of: Callable[[Floats], Floats] | None = None, level: float = 0.95,
    resamples: int = RESAMPLES, seed: int = 0,
) -> Interval:  # fmt: skip
    """Mean of values with its percentile interval.

    Args:
        groups: Values of each life [n], or [n, k] where `of` makes something of several means. Values that are not
            finite are left out.
        of: Makes the quantity from means [..., k], as a ratio of two sums; the mean itself if left out.
        level: Of the interval, 0 to 1.
        resamples: How often it is drawn.
        seed: Of the draws.

    Returns:
        The interval.

    Raises:
        GaitError: The level is not between 0 and 1, or resamples are fewer than one.
    """
    means, drawn, n, lives = _means(groups, level, resamples, seed)
    make = of or (lambda mean: mean[..., 0])
    if not lives:
        return Interval(value=np.nan, low=np.nan, high=np.nan, n=0, lives=0)
    value, values = float(make(means)), make(drawn)
    if n < 2:
        return Interval(value=value, low=np.nan, high=np.nan, n=n, lives=lives)
    low, high = value + _stretch(n, lives, level) * (_ends(values, level) - value)
    return Interval(value=value, low=float(low), high=float(high), n=n, lives=lives)


def phase_interval(
    groups: Sequence[ArrayLike], *, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Mean phase with its interval, of deviations from the mean phase.

    Args:
        groups: Phases of each life [n], shares of a turn.
        level: See `interval`.
        resamples: See `interval`.
        seed: See `interval`.

    Raises:
        GaitError: See `interval`.
    """
    turned = [2.0 * np.pi * np.asarray(group, float).ravel() for group in groups]
    vectors = [np.column_stack((np.cos(angles), np.sin(angles))) for angles in turned]
    means, drawn, n, lives = _means(vectors, level, resamples, seed)
    if not lives:
        return Interval(value=np.nan, low=np.nan, high=np.nan, n=0, lives=0)
    value = float(_direction(means)) % 1.0
    if n < 2:
        return Interval(value=value, low=np.nan, high=np.nan, n=n, lives=lives)
    ends = _ends(difference(_direction(drawn), value), level)
    low, high = np.clip(_stretch(n, lives, level) * ends, -0.5, 0.5)
    return Interval(value=value, low=value + float(low), high=value + float(high), n=n, lives=lives)


def _ends(drawn: Floats, level: float) -> Floats:
    return np.quantile(drawn, [0.5 - level / 2.0, 0.5 + level / 2.0])


def _stretch(n: int, lives: int, level: float) -> float:
    """How many times further from the mean the ends lie than those of the percentile interval."""
    count = lives if lives > 1 else n
    return math.sqrt(count / (count - 1)) * t_quantile(count - 1, level) / normal_quantile(0.5 + level / 2.0)


def _direction(vectors: Floats) -> Floats:
    return np.arctan2(vectors[..., 1], vectors[..., 0]) / (2.0 * np.pi)


def _means(groups: Sequence[ArrayLike], level: float, resamples: int, seed: int) -> tuple[Floats, Floats, int, int]:
    """Mean [k] over lives, such means of draws [resamples, k], and the numbers of values and lives."""
    if not 0.0 < level < 1.0 or resamples < 1:
        raise GaitError(f"level is {level!r} and resamples {resamples!r}; give a level between 0 and 1, and 1 or more")
    tables = [np.asarray(group, float) for group in groups]
    tables = [table[:, None] if table.ndim == 1 else table for table in tables]
    tables = [kept for table in tables if len(kept := table[np.isfinite(table).all(axis=1)])]
    if not tables:
        return np.empty(0), np.empty((0, 0)), 0, 0
    rng = np.random.default_rng(seed)
    lives = len(tables)
    chosen = rng.integers(lives, size=(resamples, lives))
    drawn = np.empty((resamples, lives, tables[0].shape[1]))
    for k, table in enumerate(tables):
        where = np.nonzero(chosen == k)
        drawn[where] = table[rng.integers(len(table), size=(len(where[0]), len(table)))].mean(axis=1)
    means = np.mean([table.mean(axis=0) for table in tables], axis=0)
    return means, drawn.mean(axis=1), sum(map(len, tables)), lives
