"""Afferents, natively: what the body does becomes the network's input, once a physics step.

Delay lines hold one value per physics step and are written before the clock advances. A value that is not a number
stays one: it must show, not be clipped into a healthy one.
"""

import math

import numpy as np
from numba import njit

from sns_mujoco.adapters.native.curves import evaluate
from sns_mujoco.adapters.native.layout import (
    NONE,
    STREAMS,
    Ending,
    Factor,
    Form,
    Ramp,
    Reading,
    Row,
    Source,
    Stretch,
    Term,
)
from sns_mujoco.backends.native.random import normal
from sns_mujoco.muscles.kernel import linear_hill_tension


@njit(error_model="numpy", inline="always")
def unit(value):
    """Clip to 0..1; in this order of arguments NaN stays NaN."""
    return min(max(value, 0.0), 1.0)


# all in line: to hand over many arrays takes longer than what is done with them
@njit(error_model="numpy", inline="always")
def _read(rows, k, body):
    """The number that an afferent or a term reads."""
    kind, at = rows[k, Reading.KIND], rows[k, Reading.ADDRESS]
    if kind == Source.SENSOR:
        value = body.sensordata[at + rows[k, Reading.CHANNEL]]
    elif kind == Source.COMMAND:
        value = body.userdata[at]
    elif kind == Source.POTENTIAL:
        value = body.potential[at]
    elif kind == Source.CONTROL:
        value = body.ctrl[at]
    elif kind == Source.NORM:
        squares = 0.0
        for j in range(rows[k, Reading.WIDTH]):
            squares += body.sensordata[at + j] * body.sensordata[at + j]
        value = math.sqrt(squares)
    else:
        value = _angle(kind, body.sensordata, at)
    return value


@njit(error_model="numpy")
def _angle(kind, quaternion, at):
    """Roll, pitch or yaw of a quaternion, rad."""
    w, x, y, z = quaternion[at], quaternion[at + 1], quaternion[at + 2], quaternion[at + 3]
    if kind == Source.ROLL:
        return math.atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    if kind == Source.PITCH:
        lean = 2.0 * (w * y - z * x)
        return math.asin(min(max(lean, -1.0), 1.0))  # rounding must not lead beyond the poles
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


@njit(error_model="numpy", inline="always")
def _term(k, terms, factors, body):
    """The value of a term."""
    value = (_read(terms, k, body) - factors[k, Factor.ORIGIN]) * factors[k, Factor.UNIT]
    if terms[k, Term.CLIPPED]:
        value = unit(value)
    if factors[k, Factor.EXPONENT] != 1.0:
        value = math.copysign(abs(value) ** factors[k, Factor.EXPONENT], value)
    value *= factors[k, Factor.COEFFICIENT]
    if terms[k, Term.MODULATOR] != NONE:
        v = body.potential[terms[k, Term.MODULATOR]]
        a = unit((v - factors[k, Factor.MODULATOR_LOW]) * factors[k, Factor.MODULATOR_SCALE])
        value *= 1.0 + factors[k, Factor.EFFECT] * a
    return value


@njit(error_model="numpy", inline="always")
def _tension(p, at, tension, length, velocity, excitation):
    """The internal tension of AnimatLab's stretch receptor a step later, N."""
    active = 0.0
    if p[at + Stretch.FORCE] != 0.0:
        stretch = (length - p[at + Stretch.REST_LENGTH]) / p[at + Stretch.WIDTH]
        active = p[at + Stretch.FORCE] * max(1.0 - stretch * stretch, 0.0) * excitation
    return linear_hill_tension(
        tension, length, velocity, active, p[at + Stretch.SHARE], p[at + Stretch.KEEP], p[at + Stretch.KPE],
        p[at + Stretch.DAMPING], p[at + Stretch.REST_LENGTH],
    )  # fmt: skip


@njit(error_model="numpy")
def _discharge(p, at, tension, length):
    """The discharge of AnimatLab's stretch receptor at an internal tension."""
    pull = min(max(tension, 0.0), p[at + Stretch.MAX_TENSION])
    ending = np.int64(p[at + Stretch.ENDING])
    if ending == Ending.IB:
        return p[at + Stretch.CONSTANT] * pull
    series = p[at + Stretch.SERIES_REST] + pull / p[at + Stretch.KSE]
    parallel = length - series
    if parallel < p[at + Stretch.MIN_PARALLEL]:
        series, parallel = length - p[at + Stretch.MIN_PARALLEL], p[at + Stretch.MIN_PARALLEL]
    return p[at + Stretch.CONSTANT] * (series if ending == Ending.IA else parallel)


@njit(error_model="numpy", inline="always")
def _stretched(k, rows, terms, factors, extras, memory, body):
    """The signal of a stretch receptor; its first terms are length and velocity as they are read."""
    at, place, first = np.int64(rows[k, Row.EXTRA]), rows[k, Row.MEMORY], rows[k, Row.FIRST]
    length, velocity = _read(terms, first, body), _read(terms, first + np.uint32(1), body)
    excitation = 1.0
    if first + np.uint32(2) < rows[k, Row.LAST]:
        excitation = _term(first + np.uint32(2), terms, factors, body)
    memory[place] = _tension(extras, at, memory[place], length, velocity, excitation)
    return _discharge(extras, at, memory[place], length)


@njit(error_model="numpy", inline="always")
def _composed(k, rows, terms, factors, extras, memory, body):
    """The signal of an afferent that is a sum of terms, or a switch by such a sum."""
    at, place = np.int64(rows[k, Row.EXTRA]), rows[k, Row.MEMORY]
    value = 0.0
    for j in range(rows[k, Row.FIRST], rows[k, Row.LAST]):
        value += _term(j, terms, factors, body)
    if rows[k, Row.FORM] == Form.SUM:
        value = max(value + extras[at], extras[at + 1])
    elif value == value:
        if value >= extras[at]:
            memory[place] = 1.0
        elif value < extras[at + 1]:
            memory[place] = 0.0
        value = memory[place]
    return value


@njit(error_model="numpy", inline="always")
def sense(tables, memory, rings, clock, seed, body, signals, x):
    """Fill the network's input vector.

    Args:
        tables: Where everything is.
        memory: float64, of afferents with a state; changed in place.
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        seed: Seed of the noise.
        body: What is read.
        signals: float64 [A], the afferents' signals in their units, noise included, written here.
        x: float64 [M], nA, written here.
    """
    rows, ramps, terms, factors = tables.afferents, tables.ramps, tables.terms, tables.factors
    curves, code, extras, registers = tables.curves, tables.code, tables.extras, tables.registers
    x[:] = 0.0
    start = np.uint64(0)
    for k in range(rows.shape[0]):
        if rows[k, Row.FORM] == Form.DIRECT:
            value = _read(rows, k, body)
        elif rows[k, Row.FORM] == Form.STRETCH:
            value = _stretched(k, rows, terms, factors, extras, memory, body)
        else:
            value = _composed(k, rows, terms, factors, extras, memory, body)
        if ramps[k, Ramp.NOISE] > 0.0:
            value += ramps[k, Ramp.NOISE] * normal(seed, clock, STREAMS + np.uint64(k))
        signals[k] = value
        if rows[k, Row.CURVE] == NONE:
            value = (value - ramps[k, Ramp.LOW]) * ramps[k, Ramp.SCALE]
            if rows[k, Row.CLIPPED]:
                value = unit(value)
            current = ramps[k, Ramp.OFFSET] + ramps[k, Ramp.GAIN] * value
        else:
            current = evaluate(rows[k, Row.CURVE], curves, code, extras, registers, value)
        delay = rows[k, Row.DELAY]
        if delay > 0:
            at = start + np.uint64(clock) % delay
            delayed = rings[at]
            rings[at] = current
            current = delayed
            start += delay
        x[rows[k, Row.ELEMENT]] += current
