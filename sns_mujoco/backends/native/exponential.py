"""The exponential function in plain arithmetic, so that the compiler can take several at a time.

A call of the C library's computes one, and no loop around it goes into vector registers; gates and curves need many.
Within two units in the last place of the true value between -708 and 709, and at the nearer of these beyond. What is
no number stays one.
"""

from math import factorial

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

LOWEST, HIGHEST = -708.0, 709.0
PER_OCTAVE = 1.4426950408889634  # 1 / ln 2
OCTAVE_HIGH, OCTAVE_LOW = 0.6931471803691238, 1.9082149292705877e-10  # ln 2 in two parts; the first one ends in zeros
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: what is added to it becomes a whole number, in its lowest bits
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13 = (1.0 / factorial(k) for k in range(2, 14))


@intrinsic
def _power_of_two(typingctx, rounded):
    """Two to the whole number that stands in the lowest bits of a float64."""

    def generate(context, builder, signature, args):
        word = ir.IntType(64)
        exponent = builder.add(builder.bitcast(args[0], word), word(1023))
        return builder.bitcast(builder.shl(exponent, word(52)), ir.DoubleType())

    return types.float64(types.float64), generate


@njit(error_model="numpy", inline="always")
def exp(x):
    """The exponential of a float64."""
    x = HIGHEST if x > HIGHEST else x
    x = LOWEST if x < LOWEST else x
    rounded = x * PER_OCTAVE + ROUNDER
    octaves = rounded - ROUNDER
    r = (x - octaves * OCTAVE_HIGH) - octaves * OCTAVE_LOW
    r2 = r * r
    r4 = r2 * r2
    series = ((C12 + C13 * r) * r4 + ((C10 + C11 * r) * r2 + (C8 + C9 * r))) * (r4 * r4)
    series += ((C6 + C7 * r) * r2 + (C4 + C5 * r)) * r4 + (C2 + C3 * r) * r2
    return (1.0 + (r + series)) * _power_of_two(rounded)
