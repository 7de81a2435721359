"""Random numbers from a counter: a pure function of seed, step and stream, so there is no state to share."""

import math

import numpy as np
from numba import njit


@njit(error_model="numpy")
def _mix(z):
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA): a bijection that scrambles 64 bits."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(error_model="numpy")
def _quantile(p):
    """Standard normal quantile to seven digits: algorithm AS 241, PPND7 (Wichura 1988, Appl Stat 37:477)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        numerator = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * numerator / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        numerator = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        value = numerator / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    else:
        r -= 5.0
        numerator = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        value = numerator / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return -value if q < 0.0 else value


@njit(error_model="numpy")
def uniform(seed, clock, stream):
    """Number between 0 and 1, both excluded, of a seed, a step and a stream, which are hashed to 53 bits."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    key = _mix(np.uint64(seed) * golden + np.uint64(stream) * np.uint64(0xD1B54A32D192ED03))
    bits = _mix(key + np.uint64(clock) * golden) >> np.uint64(11)
    return (np.float64(bits) + 0.5) * 2.0**-53


@njit(error_model="numpy")
def normal(seed, clock, stream):
    """Standard normal number: the quantile of a uniform one; six in seven cost no logarithm."""
    return _quantile(uniform(seed, clock, stream))
