"""Afferents, natively: what the body does becomes the network's input, once a physics step.

Delay lines hold one value per physics step and are written before the clock advances. A value that is not a number
stays one: it must show, not be clipped into a healthy one.
"""

import math

import numpy as np
from numba import carray, njit

from sns_mujoco.adapters.native.curves import evaluate
from sns_mujoco.adapters.native.layout import (
    NONE,
    PLAIN,
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
from sns_mujoco.backends.native.sections import part, pointer
from sns_mujoco.muscles.kernel import linear_hill_tension


@njit(error_model="numpy", inline="always")
def unit(value):
    """Clip to 0..1; in this order of arguments NaN stays NaN."""
    return min(max(value, 0.0), 1.0)


@njit(error_model="numpy", inline="always")
def _number(address, place):
    """The float64 at a place of an array that begins at an address."""
    return carray(pointer(address + np.int64(8) * np.int64(place)), (1,), np.float64)[0]


# all in line: to hand over many arrays takes longer than what is done with them
@njit(error_model="numpy", inline="always")
def _read(rows, k, sources):
    """The number that an afferent or a term reads."""
    kind, at = rows[k, Reading.KIND], rows[k, Reading.ADDRESS]
    if kind < PLAIN:
        value = _number(sources[kind], at)
    elif kind == Source.NORM:
        squares = 0.0
        for j in range(rows[k, Reading.WIDTH]):
            squares += _number(sources[Source.SENSOR], at + j) * _number(sources[Source.SENSOR], at + j)
        value = math.sqrt(squares)
    else:
        value = _angle(kind, carray(pointer(sources[Source.SENSOR] + np.int64(8) * np.int64(at)), (4,), np.float64))
    return value


@njit(error_model="numpy")
def _angle(kind, quaternion):
    """Roll, pitch or yaw of a quaternion, rad."""
    w, x, y, z = quaternion[0], quaternion[1], quaternion[2], quaternion[3]
    if kind == Source.ROLL:
        return math.atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    if kind == Source.PITCH:
        lean = 2.0 * (w * y - z * x)
        return math.asin(min(max(lean, -1.0), 1.0))  # rounding must not lead beyond the poles
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


@njit(error_model="numpy", inline="always")
def _term(k, terms, factors, sources):
    """The value of a term."""
    value = (_read(terms, k, sources) - factors[k, Factor.ORIGIN]) * factors[k, Factor.UNIT]
    if terms[k, Term.CLIPPED]:
        value = unit(value)
    if factors[k, Factor.EXPONENT] != 1.0:
        value = math.copysign(abs(value) ** factors[k, Factor.EXPONENT], value)
    value *= factors[k, Factor.COEFFICIENT]
    if terms[k, Term.MODULATOR] != NONE:
        v = _number(sources[Source.POTENTIAL], terms[k, Term.MODULATOR])
        a = unit((v - factors[k, Factor.MODULATOR_LOW]) * factors[k, Factor.MODULATOR_SCALE])
        value *= 1.0 + factors[k, Factor.EFFECT] * a
    return value


@njit(error_model="numpy", inline="always")
def _tension(p, tension, length, velocity, excitation):
    """The internal tension of AnimatLab's stretch receptor a step later, N."""
    active = 0.0
    if p[Stretch.FORCE] != 0.0:
        stretch = (length - p[Stretch.REST_LENGTH]) / p[Stretch.WIDTH]
        active = p[Stretch.FORCE] * max(1.0 - stretch * stretch, 0.0) * excitation
    return linear_hill_tension(
        tension, length, velocity, active, p[Stretch.SHARE], p[Stretch.KEEP], p[Stretch.KPE], p[Stretch.DAMPING],
        p[Stretch.REST_LENGTH],
    )  # fmt: skip


@njit(error_model="numpy", inline="always")
def _discharge(p, tension, length):
    """The discharge of AnimatLab's stretch receptor at an internal tension."""
    pull = min(max(tension, 0.0), p[Stretch.MAX_TENSION])
    ending = np.int64(p[Stretch.ENDING])
    if ending == Ending.IB:
        felt = pull
    else:
        series = p[Stretch.SERIES_REST] + pull / p[Stretch.KSE]
        parallel = length - series
        if parallel < p[Stretch.MIN_PARALLEL]:
            series, parallel = length - p[Stretch.MIN_PARALLEL], p[Stretch.MIN_PARALLEL]
        felt = series if ending == Ending.IA else parallel
    return p[Stretch.CONSTANT] * felt


@njit(error_model="numpy", inline="always")
def _stretched(k, rows, terms, factors, extras, memory, sources):
    """The signal of a stretch receptor; its first terms are length and velocity as they are read."""
    place, first = rows[k, Row.MEMORY], np.uint64(rows[k, Row.FIRST])
    p = part(extras, rows[k, Row.EXTRA], STRETCH_WIDTH)
    length, velocity = _read(terms, first, sources), _read(terms, first + np.uint64(1), sources)
    excitation = 1.0
    if first + np.uint64(2) < rows[k, Row.LAST]:
        excitation = _term(first + np.uint64(2), terms, factors, sources)
    tension = _tension(p, memory[place], length, velocity, excitation)
    memory[place] = tension
    return _discharge(p, tension, length)


@njit(error_model="numpy", inline="always")
def _composed(k, rows, terms, factors, extras, memory, sources):
    """The signal of an afferent that is a sum of terms, or a switch by such a sum."""
    bounds, place = part(extras, rows[k, Row.EXTRA], 2), rows[k, Row.MEMORY]
    value = 0.0
    for j in range(np.uint64(rows[k, Row.FIRST]), np.uint64(rows[k, Row.LAST])):
        value += _term(j, terms, factors, sources)
    if rows[k, Row.FORM] == Form.SUM:
        value += bounds[0]
    elif rows[k, Row.FORM] == Form.RATE:
        value = max(value + bounds[0], 0.0)
    elif value == value:
        if value >= bounds[0]:
            memory[place] = 1.0
        elif value < bounds[1]:
            memory[place] = 0.0
        value = memory[place]
    return value


@njit(error_model="numpy")
def _ramps(currents, signals, low, scale, gain, offset, clipped):
    """Currents by the ramps of all afferents; a loop of its own so that the compiler takes several at a time."""
    for k in range(np.uint64(len(currents))):
        share = (signals[k] - low[k]) * scale[k]
        inside = unit(share)
        currents[k] = offset[k] + gain[k] * (inside if clipped[k] != 0.0 else share)


@njit(error_model="numpy", inline="always")
def steps_late(place, room, extras):
    """Physics steps by which what goes through a delay line is late: at most its room."""
    delay = room
    if place != NONE and 0.0 <= extras[place] <= room:
        delay = np.uint64(extras[place])
    return delay


@njit(error_model="numpy", inline="always")
def measure(tables, memory, clock, seed, sources, signals):
    """Make the signals of all afferents.

    Args:
        tables: Where everything is.
        memory: float64, of afferents with a state; changed in place.
        clock: Physics steps since the reset.
        seed: Seed of the noise.
        sources: int64 [PLAIN], addresses of the arrays that are read.
        signals: float64 [padded(A)], in their units, noise included, written here.
    """
    rows, ramps, terms, factors, extras = tables.afferents, tables.ramps, tables.terms, tables.factors, tables.extras
    for k in range(np.uint64(rows.shape[0])):
        if rows[k, Row.FORM] == Form.DIRECT:
            value = _read(rows, k, sources)
        elif rows[k, Row.FORM] == Form.STRETCH:
            value = _stretched(k, rows, terms, factors, extras, memory, sources)
        else:
            value = _composed(k, rows, terms, factors, extras, memory, sources)
        if ramps[Ramp.NOISE, k] > 0.0:
            value += ramps[Ramp.NOISE, k] * normal(seed, clock, STREAMS + k)
        signals[k] = value


@njit(error_model="numpy", inline="always")
def convey(tables, rings, clock, signals, currents):
    """Make the currents of all afferents of their signals.

    Args:
        tables: Where everything is.
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        signals: float64 [padded(A)].
        currents: float64 [padded(A)], nA, written here.
    """
    rows, ramps, extras = tables.afferents, tables.ramps, tables.extras
    curves, code, registers = tables.curves, tables.code, tables.registers
    n = np.uint64(rows.shape[0])
    _ramps(
        currents, signals, ramps[Ramp.LOW], ramps[Ramp.SCALE], ramps[Ramp.GAIN], ramps[Ramp.OFFSET],
        ramps[Ramp.CLIPPED],
    )  # fmt: skip
    if curves.shape[0]:
        for k in range(n):
            if rows[k, Row.CURVE] != NONE:
                currents[k] = evaluate(rows[k, Row.CURVE], curves, code, extras, registers, signals[k])
    if len(rings):
        start = np.uint64(0)
        for k in range(n):
            room = np.uint64(rows[k, Row.ROOM])
            if room > 0:
                now = np.uint64(clock) % room
                delay = steps_late(rows[k, Row.DELAY], room, extras)
                delayed = rings[start + (now + room - delay) % room]
                rings[start + now] = currents[k]
                if delay > 0:
                    currents[k] = delayed
                start += room
