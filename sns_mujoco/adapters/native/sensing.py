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
    STRETCH_WIDTH,
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


@njit(error_model="numpy")
def unit(value):
    """Clip to 0..1; in this order of arguments NaN stays NaN."""
    return min(max(value, 0.0), 1.0)


@njit(error_model="numpy")
def _read(row, body):
    """The number that an afferent or a term reads."""
    kind, at = row[Reading.KIND], row[Reading.ADDRESS]
    if kind == Source.SENSOR:
        return body.sensordata[at + row[Reading.CHANNEL]]
    if kind == Source.COMMAND:
        return body.userdata[at]
    if kind == Source.POTENTIAL:
        return body.potential[at]
    if kind == Source.CONTROL:
        return body.ctrl[at]
    if kind == Source.NORM:
        squares = 0.0
        for j in range(row[Reading.WIDTH]):
            squares += body.sensordata[at + j] * body.sensordata[at + j]
        return math.sqrt(squares)
    w, x, y, z = body.sensordata[at], body.sensordata[at + 1], body.sensordata[at + 2], body.sensordata[at + 3]
    if kind == Source.ROLL:
        return math.atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    if kind == Source.PITCH:
        lean = 2.0 * (w * y - z * x)
        return math.asin(min(max(lean, -1.0), 1.0))  # rounding must not lead beyond the poles
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


@njit(error_model="numpy")
def _term(k, tables, body):
    """The value of a term."""
    row, factor = tables.terms[k], tables.factors[k]
    value = (_read(row, body) - factor[Factor.ORIGIN]) * factor[Factor.UNIT]
    if row[Term.CLIPPED]:
        value = unit(value)
    if factor[Factor.EXPONENT] != 1.0:
        value = math.copysign(abs(value) ** factor[Factor.EXPONENT], value)
    value *= factor[Factor.COEFFICIENT]
    if row[Term.MODULATOR] != NONE:
        v = body.potential[row[Term.MODULATOR]]
        value *= 1.0 + factor[Factor.EFFECT] * unit((v - factor[Factor.MODULATOR_LOW]) * factor[Factor.MODULATOR_SCALE])
    return value


@njit(error_model="numpy")
def _stretched(row, tables, memory, timestep, body):
    """The discharge of AnimatLab's stretch receptor, whose internal tension is its memory."""
    at, first = row[Row.EXTRA], row[Row.FIRST]
    p = tables.extras[at : at + STRETCH_WIDTH]
    length, velocity = _term(first, tables, body), _term(first + 1, tables, body)
    stretch = (length - p[Stretch.REST_LENGTH]) / p[Stretch.WIDTH]
    active = p[Stretch.FORCE] * max(1.0 - stretch * stretch, 0.0)
    if first + 2 < row[Row.LAST]:
        active *= _term(first + 2, tables, body)
    tension = linear_hill_tension(
        memory[row[Row.MEMORY]], length, velocity, active, p[Stretch.KSE], p[Stretch.KPE], p[Stretch.DAMPING],
        p[Stretch.REST_LENGTH], timestep,
    )  # fmt: skip
    memory[row[Row.MEMORY]] = tension
    pull = min(max(tension, 0.0), p[Stretch.MAX_TENSION])
    ending = np.int64(p[Stretch.ENDING])
    if ending == Ending.IB:
        return p[Stretch.CONSTANT] * pull
    series = p[Stretch.SERIES_REST] + pull / p[Stretch.KSE]
    parallel = length - series
    if parallel < p[Stretch.MIN_PARALLEL]:
        series, parallel = length - p[Stretch.MIN_PARALLEL], p[Stretch.MIN_PARALLEL]
    return p[Stretch.CONSTANT] * (series if ending == Ending.IA else parallel)


@njit(error_model="numpy")
def _signal(k, tables, memory, timestep, body):
    """The signal of an afferent."""
    row, extras = tables.afferents[k], tables.extras
    form, at = row[Row.FORM], row[Row.EXTRA]
    if form == Form.DIRECT:
        return _read(row, body)
    if form == Form.STRETCH:
        return _stretched(row, tables, memory, timestep, body)
    value = extras[at] if form == Form.SUM else 0.0
    for j in range(row[Row.FIRST], row[Row.LAST]):
        value += _term(j, tables, body)
    if form == Form.SUM:
        return max(value, extras[at + 1])
    if value >= extras[at]:
        memory[row[Row.MEMORY]] = 1.0
    elif value < extras[at + 1]:
        memory[row[Row.MEMORY]] = 0.0
    return memory[row[Row.MEMORY]] if value == value else value


# in line: to hand over many arrays takes longer than a plain afferent
@njit(error_model="numpy", inline="always")
def sense(tables, memory, rings, clock, seed, timestep, body, signals, x):
    """Fill the network's input vector.

    Args:
        tables: Where everything is.
        memory: float64, of afferents with a state; changed in place.
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        seed: Seed of the noise.
        timestep: Physics step, s.
        body: What is read.
        signals: float64 [A], the afferents' signals in their units, noise included, written here.
        x: float64 [M], nA, written here.
    """
    rows, ramps, sensordata = tables.afferents, tables.ramps, body.sensordata
    x[:] = 0.0
    start = np.uint64(0)
    for k in range(rows.shape[0]):
        if rows[k, Row.FORM] == Form.DIRECT and rows[k, Reading.KIND] == Source.SENSOR:
            value = sensordata[rows[k, Reading.ADDRESS] + rows[k, Reading.CHANNEL]]
        else:
            value = _signal(k, tables, memory, timestep, body)
        if ramps[k, Ramp.NOISE] > 0.0:
            value += ramps[k, Ramp.NOISE] * normal(seed, clock, STREAMS + np.uint64(k))
        signals[k] = value
        if rows[k, Row.CURVE] == NONE:
            value = (value - ramps[k, Ramp.LOW]) * ramps[k, Ramp.SCALE]
            if rows[k, Row.CLIPPED]:
                value = unit(value)
            current = ramps[k, Ramp.OFFSET] + ramps[k, Ramp.GAIN] * value
        else:
            current = evaluate(rows[k, Row.CURVE], tables, value)
        delay = rows[k, Row.DELAY]
        if delay > 0:
            at = start + np.uint64(clock) % delay
            delayed = rings[at]
            rings[at] = current
            current = delayed
            start += delay
        x[rows[k, Row.ELEMENT]] += current
