"""Neurons with equations of their own: their code, instruction by instruction over arrays."""

from collections.abc import Callable

from sns_mujoco.backends import random
from sns_mujoco.backends.families import Op
from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.neurons import relative_growth
from sns_mujoco.backends.vectorised.operations import Array, Operations

TRUTH: dict[Op, Callable[[Array, Array], Array]] = {
    Op.LESS: lambda a, b: a < b,
    Op.LESS_EQUAL: lambda a, b: a <= b,
    Op.EQUAL: lambda a, b: a == b,
    Op.AND: lambda a, b: (a != 0.0) & (b != 0.0),
    Op.OR: lambda a, b: (a != 0.0) | (b != 0.0),
}
ARITHMETIC: dict[Op, Callable[[Array, Array], Array]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUBTRACT: lambda a, b: a - b,
    Op.MULTIPLY: lambda a, b: a * b,
    Op.DIVIDE: lambda a, b: a / b,
    Op.POWER: lambda a, b: a**b,
}
FUNCTIONS = {
    Op.EXPONENTIAL: "exp",
    Op.LOGARITHM: "log",
    Op.SQUARE_ROOT: "sqrt",
    Op.SINE: "sin",
    Op.COSINE: "cos",
    Op.HYPERBOLIC_TANGENT: "tanh",
    Op.FLOOR: "floor",
}


def evaluate(xp: Operations, group: Arrays, old: list[Array], current: Array, seed: Array, now: Array) -> list[Array]:
    """The value of every instruction of a group's code.

    Args:
        xp: Operations.
        group: Arrays of its `Equations`.
        old: Potential and further variables, each [..., count].
        current: Total current, bias included, nA [..., count].
        seed: Of the random numbers, int64 [..., 1].
        now: Steps done, int64 [..., 1].

    Returns:
        One array for each instruction, [..., count] or what broadcasts to it.
    """
    values: list[Array] = []
    for op, a, b, c in group.code.program:
        if op == Op.CONSTANT:
            value = group.code.constants[a]
        elif op == Op.PARAMETER:
            value = group.parameters[a]
        elif op == Op.VARIABLE:
            value = old[a]
        elif op == Op.CURRENT:
            value = current
        elif op in (Op.UNIFORM, Op.NORMAL):
            number = random.uniform(xp, seed, now, group.neuron + 2**32 * (a + 1))
            value = xp.unit(number) if op == Op.UNIFORM else xp.real(random.normal(xp, number))
        elif op == Op.SELECT:
            value = xp.where(values[a] != 0.0, values[b], values[c])
        elif op in ARITHMETIC:
            value = ARITHMETIC[op](values[a], values[b])
        elif op in TRUTH:
            value = xp.real(TRUTH[op](values[a], values[b]))
        else:
            value = _of_one(xp, op, values[a], values[b] if op in (Op.MINIMUM, Op.MAXIMUM) else None)
        values.append(value)
    return values


def _of_one(xp: Operations, op: Op, a: Array, b: Array | None) -> Array:
    """Functions of one value, and the smaller and larger of two."""
    if op in FUNCTIONS:
        return getattr(xp, FUNCTIONS[op])(a)
    if op in (Op.MINIMUM, Op.MAXIMUM):
        return xp.minimum(a, b) if op == Op.MINIMUM else xp.maximum(a, b)
    if op == Op.NOT:
        return xp.real(a == 0.0)
    if op == Op.NEGATIVE:
        return -a
    if op == Op.ABSOLUTE:
        return abs(a)
    assert op == Op.RELATIVE_GROWTH
    return relative_growth(xp, a)


def spikes(xp: Operations, group: Arrays, values: list[Array], like: Array) -> Array:
    """1.0 where the code says that a neuron spikes [..., count]."""
    margin = values[group.code.spike] + xp.zeros(like, group.count)
    spike = xp.spikes(margin)
    return xp.where(margin == 0.0, 1.0, spike) if group.code.spike_at_zero else spike
