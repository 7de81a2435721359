"""Statistics of phases: directions on a circle whose whole turn is 1.

Means, spreads, confidence intervals and tests as in Batschelet 1981 (Circular Statistics in Biology), Zar 1999
(Biostatistical Analysis, ch. 26 and 27) and Berens 2009 (J Stat Softw 31:10). Tests take phases as independent;
strides of one walk are so only roughly, hence compare walks of several seeds where a conclusion hangs on it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.analysis.gait.tails import f_survival, normal_quantile, normal_survival
from sns_mujoco.errors import GaitError

Floats = NDArray[np.floating]

LEAST_SAMPLES, LEAST_RESULTANT = 5, 0.45  # below which Watson and Williams' approximation does not hold (Berens 2009)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a test found.

    Attributes:
        statistic: Its statistic.
        p: Probability of such a statistic, or of a more extreme one, if there is nothing to be found.
        doubt: Why the test's assumptions do not hold; "" where they do.
    """

    statistic: float
    p: float
    doubt: str = ""


def mean_vector(phases: ArrayLike) -> complex:
    """Mean of exp(2 pi i phase); nan without phases."""
    values = _checked(phases)
    return complex(np.exp(2j * np.pi * values).mean()) if values.size else complex(math.nan, math.nan)


def mean(phases: ArrayLike) -> float:
    """Mean phase, 0 to 1; nan without phases."""
    vector = mean_vector(phases)
    return float(np.angle(vector) / (2 * np.pi) % 1.0)


def resultant(phases: ArrayLike) -> float:
    """Length of the mean vector: 1 where all phases are equal, 0 where they cancel."""
    return abs(mean_vector(phases))


def deviation(phases: ArrayLike) -> float:
    """Circular standard deviation, shares of a turn: sqrt(-2 ln R) / (2 pi) (Mardia 1972; Zar 1999, eq. 26.21)."""
    return deviation_of(resultant(phases))


def deviation_of(length: float) -> float:
    """Circular standard deviation that belongs to the length of a mean vector; nan of nan."""
    if math.isnan(length):
        return math.nan
    return math.sqrt(max(0.0, -2.0 * math.log(length))) / (2.0 * math.pi) if length > 0.0 else math.inf


def difference(first: ArrayLike, second: ArrayLike) -> Floats:
    """First minus second the short way round, -0.5 to below 0.5."""
    return (np.asarray(first, float) - np.asarray(second, float) + 0.5) % 1.0 - 0.5


def interval(phases: ArrayLike, *, level: float = 0.95) -> float:
    """Half width of the confidence interval of the mean phase, shares of a turn.

    Upton 1986 (Biometrika 73:525), as in Zar 1999, ch. 26.

    Args:
        phases: The sample [n].
        level: Its level, 0 to 1.

    Returns:
        The half width; nan where the sample has no mean direction at this level, or fewer than two phases.
    """
    n, length = np.size(_checked(phases)), resultant(phases)
    if n < 2:
        return math.nan
    if length > 1.0 - 1e-12:
        return 0.0
    chi = normal_quantile(0.5 + level / 2.0) ** 2
    total = n * length
    if length >= 0.9:
        square = n * n - (n * n - total * total) * math.exp(chi / n)
    elif length > math.sqrt(chi / (2.0 * n)):
        square = 2.0 * n * (2.0 * total * total - n * chi) / (4.0 * n - chi)
    else:
        return math.nan
    if square < 0.0:  # of two phases that are not close enough together
        return math.nan
    return math.acos(min(1.0, math.sqrt(square) / total)) / (2.0 * math.pi)


def rayleigh(phases: ArrayLike) -> Outcome:
    """Rayleigh's test of whether phases have a direction at all, against one that all are alike.

    The statistic is z = n R^2; the probability is the approximation of Zar 1999, ch. 27.
    """
    n, length = np.size(_checked(phases)), resultant(phases)
    if n == 0:
        return Outcome(statistic=math.nan, p=math.nan, doubt="there are no phases")
    total = n * length
    p = math.exp(math.sqrt(1.0 + 4.0 * n + 4.0 * (n * n - total * total)) - (1.0 + 2.0 * n))
    return Outcome(statistic=n * length * length, p=min(1.0, p), doubt="fewer than 4 phases" if n < 4 else "")


def v_test(phases: ArrayLike, expected: float) -> Outcome:
    """The V test of whether phases lie about an expected one, against one that all are alike (Zar 1999, ch. 27)."""
    values = _checked(phases)
    if not values.size:
        return Outcome(statistic=math.nan, p=math.nan, doubt="there are no phases")
    vector = mean_vector(values) * np.exp(-2j * np.pi * expected)
    u = float(vector.real) * math.sqrt(2.0 * values.size)
    return Outcome(statistic=u, p=normal_survival(u), doubt="fewer than 5 phases" if values.size < 5 else "")


def concentration(length: float) -> float:
    """Concentration (kappa) of the von Mises distribution with a mean vector's length, approximately.

    Best & Fisher 1981, as in Fisher 1993 (Statistical Analysis of Circular Data), p. 88.
    """
    if length < 0.53:
        return 2.0 * length + length**3 + 5.0 * length**5 / 6.0
    if length < 0.85:
        return -0.4 + 1.39 * length + 0.43 / (1.0 - length)
    return math.inf if length >= 1.0 else 1.0 / (length**3 - 4.0 * length**2 + 3.0 * length)


def watson_williams(*samples: ArrayLike) -> Outcome:
    """Watson and Williams' test of whether samples have one mean phase: analysis of variance on the circle.

    Samples are taken to be of von Mises distributions with one concentration. Zar 1999, ch. 27, with the
    correction 1 + 3 / (8 kappa) as in Mardia & Jupp 2000, Directional Statistics.

    Args:
        *samples: Two or more, each [n].

    Returns:
        F with k - 1 and N - k degrees of freedom, and its probability.

    Raises:
        GaitError: There are fewer than two samples, one is empty, or there are no more phases than samples.
    """
    given = [_checked(sample) for sample in samples]
    sizes, k = [sample.size for sample in given], len(given)
    if k < 2 or min(sizes) < 1 or sum(sizes) <= k:
        raise GaitError(f"samples have {sizes} phases; Watson and Williams' test needs two or more, none empty, and "
                        "more phases than samples")  # fmt: skip
    n = sum(sizes)
    apart = sum(size * resultant(sample) for size, sample in zip(sizes, given, strict=True))
    together = n * resultant(np.concatenate(given))
    within = max(0.0, n - apart)
    correction = 1.0 + 3.0 / (8.0 * concentration(apart / n)) if apart else math.inf
    between = max(0.0, apart - together)
    if within <= 1e-12 * n:  # all phases of a sample are equal
        ratio = math.inf if between > 1e-12 * n else 0.0
    else:
        ratio = correction * (n - k) * between / ((k - 1) * within)
    doubts = [f"a sample has {min(sizes)} phases, fewer than {LEAST_SAMPLES}"] if min(sizes) < LEAST_SAMPLES else []
    if apart / n < LEAST_RESULTANT:
        doubts.append(f"phases scatter too widely (mean vectors of {apart / n:.2f}, below {LEAST_RESULTANT})")
    p = 0.0 if math.isinf(ratio) else f_survival(ratio, k - 1, n - k)
    return Outcome(statistic=ratio, p=p, doubt="; ".join(doubts))


def watson_u2(first: ArrayLike, second: ArrayLike, *, permutations: int = 2000, seed: int = 0) -> Outcome:
    """Watson's U^2 test of whether two samples have one distribution, whatever it is (Zar 1999, ch. 27).

    Its probability is that of random relabelling, so nothing is assumed of the distribution, and ties do no harm.

    Args:
        first: A sample [n].
        second: Another [m].
        permutations: How often labels are shuffled.
        seed: Of the shuffling.

    Raises:
        GaitError: A sample is empty.
    """
    one, two = _checked(first) % 1.0, _checked(second) % 1.0
    if not (one.size and two.size):
        raise GaitError(f"samples have {one.size} and {two.size} phases; Watson's test needs one or more in each")
    values = np.concatenate([one, two])
    places, counts = np.unique(values, return_inverse=True, return_counts=True)[1:]
    labels = np.repeat([True, False], [one.size, two.size])
    found = _u2(labels, places, counts)
    rng = np.random.default_rng(seed)
    exceeding = sum(_u2(rng.permutation(labels), places, counts) >= found - 1e-12 for _ in range(permutations))
    return Outcome(statistic=found, p=(1 + exceeding) / (1 + permutations))


def _u2(labels: NDArray[np.bool_], places: NDArray[np.intp], counts: NDArray[np.intp]) -> float:
    n, m = int(labels.sum()), int((~labels).sum())
    own = np.bincount(places, weights=labels, minlength=len(counts))
    apart = np.cumsum(own) / n - np.cumsum(counts - own) / m
    total = n + m
    return float(n * m / total**2 * ((counts * apart**2).sum() - (counts * apart).sum() ** 2 / total))


def _checked(phases: ArrayLike | Sequence[float]) -> Floats:
    values = np.asarray(phases, float).ravel()
    if not np.isfinite(values).all():
        raise GaitError(f"{int((~np.isfinite(values)).sum())} of {values.size} phases are not finite; leave them out")
    return values
