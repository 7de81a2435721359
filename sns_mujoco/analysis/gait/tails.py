"""Tails of distributions that tests need, in plain Python: of F, of Student's t, and of the normal distribution."""

import math
from functools import cache
from statistics import NormalDist

_TERMS = 500  # of the continued fraction, which converges within some sqrt(a + b) of them
_NORMAL = NormalDist()


def normal_survival(z: float) -> float:
    """Probability that a standard normal variable exceeds z."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def normal_quantile(probability: float) -> float:
    """What a standard normal variable stays below with a probability between 0 and 1."""
    return _NORMAL.inv_cdf(probability)


@cache
def t_quantile(freedom: int, level: float) -> float:
    """Half the width of an interval of Student's t distribution about 0 that holds a share `level`; by bisection."""
    low, high = 0.0, 1.0
    while f_survival(high * high, 1.0, freedom) > 1.0 - level:  # t squared has the F distribution
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        outside = f_survival(middle * middle, 1.0, freedom)
        low, high = (middle, high) if outside > 1.0 - level else (low, middle)
    return high


def f_survival(f: float, numerator: float, denominator: float) -> float:
    """Probability that a variable of Fisher's F distribution exceeds f.

    Args:
        f: The value, 0 or more.
        numerator: Degrees of freedom of the numerator, positive.
        denominator: Degrees of freedom of the denominator, positive.
    """
    if not f > 0.0:
        return 1.0
    return incomplete_beta(denominator / (denominator + numerator * f), denominator / 2.0, numerator / 2.0)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1.0) / (a + b + 2.0):  # where the other one converges faster
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    fraction = 1.0
    for m in range(_TERMS, 0, -1):
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        fraction = 1.0 + even / (1.0 + odd / fraction)
    fraction = 1.0 - (a + b) * x / (a + 1.0) / fraction
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) / (a * fraction)
