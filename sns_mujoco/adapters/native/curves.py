"""Curves of one variable, natively: the arithmetic of `adapters/gains.py`. A value that is no number stays one."""

import math

import numpy as np
from numba import njit

from sns_mujoco.adapters.native.layout import LIMITS, Bend, Curve
from sns_mujoco.backends.families import Op
from sns_mujoco.backends.native.exponential import exp


@njit(error_model="numpy", inline="always")  # see sensing.sense
def evaluate(k, curves, code, extras, registers, x):
    """The value at x of the k-th curve; the arrays are those of `layout.Tables`."""
    at, kind = np.int64(curves[k, Bend.EXTRA]), curves[k, Bend.KIND]
    p = at + LIMITS
    if x != x:
        value = x
    elif curves[k, Bend.LIMITED] and x < extras[at]:
        value = extras[at + 2]
    elif curves[k, Bend.LIMITED] and x > extras[at + 1]:
        value = extras[at + 3]
    elif kind == Curve.SIGMOID:
        value = extras[p + 1] / (1.0 + exp(extras[p + 2] * (extras[p] - x))) + extras[p + 3]
    elif kind == Curve.POLYNOMIAL:
        value = extras[p] * x * x * x + extras[p + 1] * x * x + extras[p + 2] * x + extras[p + 3]
    elif kind == Curve.BELL:
        value = extras[p + 1] * exp(-extras[p + 2] * ((x - extras[p]) * (x - extras[p]))) + extras[p + 3]
    elif kind == Curve.LENGTH_TENSION:
        stretch = (x - extras[p]) / extras[p + 1]
        value = max(1.0 - stretch * stretch, 0.0)
    elif kind == Curve.TABLE:
        value = _table(extras[p : p + np.int64(curves[k, Bend.COUNT])], x)
    else:
        numbers = extras[p : p + np.int64(curves[k, Bend.COUNT])]
        value = _equation(code, curves[k, Bend.FIRST], curves[k, Bend.LAST], numbers, registers, x)
    return value


@njit(error_model="numpy")
def _table(p, x):
    """Interpolate linearly in n abscissae followed by n ordinates; at a jump, the later one counts."""
    n = len(p) // 2
    low, high = 0, n  # the number of abscissae up to x lies between
    while low < high:
        middle = (low + high) // 2
        if p[middle] <= x:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return p[n]
    if low == n:
        return p[2 * n - 1]
    i = low - 1
    return p[n + i] + (x - p[i]) * ((p[n + i + 1] - p[n + i]) / (p[i + 1] - p[i]))


@njit(error_model="numpy")
def _equation(code, first, last, constants, r, x):
    """Run the instructions of an equation in x, each of which fills the next register."""
    to = 0
    for i in range(first, last):
        op, a, b, c = code[i, 0], code[i, 1], code[i, 2], code[i, 3]
        if op == Op.CONSTANT:
            r[to] = constants[a]
        elif op == Op.VARIABLE:
            r[to] = x
        elif op == Op.ADD:
            r[to] = r[a] + r[b]
        elif op == Op.SUBTRACT:
            r[to] = r[a] - r[b]
        elif op == Op.MULTIPLY:
            r[to] = r[a] * r[b]
        elif op == Op.DIVIDE:
            r[to] = r[a] / r[b]
        elif op == Op.POWER:
            r[to] = r[a] ** r[b]
        elif op == Op.MINIMUM:
            r[to] = min(r[a], r[b])
        elif op == Op.MAXIMUM:
            r[to] = max(r[a], r[b])
        elif op == Op.LESS:
            r[to] = 1.0 if r[a] < r[b] else 0.0
        elif op == Op.LESS_EQUAL:
            r[to] = 1.0 if r[a] <= r[b] else 0.0
        elif op == Op.EQUAL:
            r[to] = 1.0 if r[a] == r[b] else 0.0
        elif op == Op.AND:
            r[to] = 1.0 if r[a] != 0.0 and r[b] != 0.0 else 0.0
        elif op == Op.OR:
            r[to] = 1.0 if r[a] != 0.0 or r[b] != 0.0 else 0.0
        elif op == Op.NOT:
            r[to] = 1.0 if r[a] == 0.0 else 0.0
        elif op == Op.SELECT:
            r[to] = r[b] if r[a] != 0.0 else r[c]
        elif op == Op.NEGATIVE:
            r[to] = -r[a]
        elif op == Op.ABSOLUTE:
            r[to] = abs(r[a])
        elif op == Op.EXPONENTIAL:
            r[to] = math.exp(r[a])
        elif op == Op.LOGARITHM:
            r[to] = np.log(r[a])
        elif op == Op.SQUARE_ROOT:
            r[to] = np.sqrt(r[a])
        elif op == Op.SINE:
            r[to] = math.sin(r[a])
        elif op == Op.COSINE:
            r[to] = math.cos(r[a])
        elif op == Op.HYPERBOLIC_TANGENT:
            r[to] = math.tanh(r[a])
        elif op == Op.FLOOR:
            r[to] = np.floor(r[a])
        elif op == Op.RELATIVE_GROWTH:
            r[to] = math.expm1(r[a]) / r[a] if r[a] != 0.0 else 1.0
        to += 1
    return r[to - 1]
