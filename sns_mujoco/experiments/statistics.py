"""What a few seeds say: means with confidence intervals, paired differences, many comparisons at once."""

from math import isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.analysis.gait import circular
from sns_mujoco.analysis.gait.tails import f_survival, normal_quantile, t_quantile

Floats = NDArray[np.float64]

CONFIDENCE = 0.95


def mean_and_margin(values: ArrayLike, axis: int = -1) -> tuple[Floats, Floats]:
    """Mean of what is known along an axis, and half its 95 % confidence interval by Student's t.

    Args:
        values: Values; nan where nothing is known.
        axis: The axis, of seeds as a rule.

    Returns:
        Both without that axis; the mean is nan where nothing is known, the margin where less than two values are.
    """
    given = np.moveaxis(np.asarray(values, float), axis, -1)
    known = np.isfinite(given)
    count = known.sum(axis=-1)
    total = np.where(known, given, 0.0).sum(axis=-1)
    mean = np.divide(total, count, out=np.full(count.shape, nan), where=count > 0)
    spread = np.where(known, given - mean[..., None], 0.0)
    freedom = np.maximum(count - 1, 1)
    deviation = np.sqrt((spread * spread).sum(axis=-1) / freedom)
    factor = {int(n): t_quantile(int(n) - 1, CONFIDENCE) / sqrt(n) for n in np.unique(count) if n > 1}
    scale = np.vectorize(lambda n: factor.get(int(n), nan), otypes=[float])(count) if count.size else count * nan
    return mean, deviation * scale


def paired_p(differences: ArrayLike) -> float:
    """Two-sided p value of a paired t test, of differences [n]; nan with less than two of them.

    Where all differences are equal and not 0, as where every seed falls, there is no spread for a t test, and p is that
    of the sign test, 2 / 2^n: two seeds that both fall prove little.
    """
    given = np.asarray(differences, float)
    given = given[np.isfinite(given)]
    if len(given) < 2:
        return nan
    mean, error = float(given.mean()), float(given.std(ddof=1)) / sqrt(len(given))
    if error == 0.0:
        return 1.0 if mean == 0.0 else 2.0 ** (1 - len(given))
    return f_survival((mean / error) ** 2, 1.0, len(given) - 1)


def false_discovery(p: ArrayLike) -> Floats:
    """Adjusted p values [n] that bound the share of false discoveries; nan stays nan.

    Source: Benjamini & Hochberg 1995, J R Stat Soc B 57:289.
    """
    given = np.asarray(p, float)
    known = np.flatnonzero(np.isfinite(given))
    order = known[np.argsort(given[known], kind="stable")]
    raised = given[order] * len(known) / np.arange(1, len(known) + 1)
    adjusted = np.full(given.shape, nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """95 % confidence interval of a share.

    Source: Wilson 1927, J Am Stat Assoc 22:209.
    """
    if not trials:
        return nan, nan
    z, share = normal_quantile(0.5 + CONFIDENCE / 2.0), successes / trials
    middle = share + z * z / (2 * trials)
    margin = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (middle - margin) / (1 + z * z / trials), (middle + margin) / (1 + z * z / trials)


def mean_shift(shifts: ArrayLike) -> float:
    """Circular mean of phase shifts (cycles, -0.5 to 0.5) that are known; nan without any."""
    given = np.asarray(shifts, float)
    return float(circular.difference(circular.mean(given[np.isfinite(given)]), 0.0))


def told(value: float, margin: float = nan, digits: int = 3) -> str:
    """A value with its margin as people write them."""
    if not isfinite(value):
        return "-"
    return f"{value:.{digits}g}" + (f" ± {margin:.2g}" if isfinite(margin) and margin > 0 else "")
