"""Random numbers from a counter, over whole arrays: the same bits as the compiled ones of `native/random.py`.

A number depends on a seed, a step and a stream only, so there is no generator whose state would have to be kept, and
nothing depends on the order in which numbers are drawn. All of it is int64 arithmetic that wraps around, which numpy
and torch share.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sns_mujoco.backends.vectorised.operations import Operations

Array = Any  # np.ndarray or torch.Tensor

# the constants of `native/random.py`, as signed numbers of the same bits
GOLDEN = 0x9E3779B97F4A7C15 - 2**64
STREAM = 0xD1B54A32D192ED03 - 2**64
FIRST, SECOND = 0xBF58476D1CE4E5B9 - 2**64, 0x94D049BB133111EB - 2**64


def uniform(xp: "Operations", seed: Array, step: Array, stream: Array) -> Array:
    """Numbers between 0 and 1, both excluded: (53 random bits + 0.5) 2^-53.

    Args:
        xp: Operations of the backend.
        seed: int64 [..., 1].
        step: Steps done, int64 [..., 1].
        stream: int64 [n].

    Returns:
        float64 [..., n].
    """
    key = _mix(seed * GOLDEN + stream * STREAM)
    bits = _shifted(_mix(key + step * GOLDEN), 11)
    return (xp.counts(bits) + 0.5) * 2.0**-53


def normal(xp: "Operations", p: Array) -> Array:
    """Standard normal quantiles of numbers between 0 and 1, to seven digits: AS 241, PPND7 (Wichura 1988, Appl Stat
    37:477).

    Args:
        xp: Operations of the backend.
        p: float64 [..., n].

    Returns:
        float64 [..., n].
    """  # noqa: D205
    q = p - 0.5
    r = 0.180625 - q * q
    numerator = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    central = q * numerator / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    tail = xp.sqrt(-xp.log(xp.where(q < 0.0, p, 1.0 - p)))
    near, far = tail - 1.6, tail - 5.0
    numerator = ((0.17023821103 * near + 1.3067284816) * near + 2.7568153900) * near + 1.4234372777
    outer = numerator / ((0.12021132975 * near + 0.73700164250) * near + 1.0)
    numerator = ((0.017337203997 * far + 0.42868294337) * far + 3.0812263860) * far + 6.6579051150
    outermost = numerator / ((0.012258202635 * far + 0.24197894225) * far + 1.0)
    magnitude = xp.where(tail <= 5.0, outer, outermost)
    return xp.where(abs(q) <= 0.425, central, xp.where(q < 0.0, -magnitude, magnitude))


def _mix(z: Array) -> Array:
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA): a bijection that scrambles 64 bits."""
    z = (z ^ _shifted(z, 30)) * FIRST
    z = (z ^ _shifted(z, 27)) * SECOND
    return z ^ _shifted(z, 31)


def _shifted(z: Array, bits: int) -> Array:
    """Shifted to the right, with zeros coming in: the sign bit is a bit like the others."""
    return (z >> bits) & ((1 << (64 - bits)) - 1)
