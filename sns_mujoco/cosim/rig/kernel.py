"""Waveforms, clamps and failing afferents, natively."""

import math

import numpy as np
from numba import njit

from sns_mujoco.backends.native.random import normal
from sns_mujoco.cosim.memory import doubles, int64_at, integers
from sns_mujoco.cosim.rig.layout import (
    FAULT,
    HOLD,
    MEMORY,
    ON,
    STREAMS,
    Col,
    Fault,
    Hold,
    Kind,
    Memory,
    Shape,
)

_STREAMS = np.uint64(STREAMS)


@njit(error_model="numpy")
def drawn(row, seed, step):
    """The normal random number of a row in a step."""
    return normal(seed, step, _STREAMS + np.uint64(row[Col.STREAM]))


@njit(error_model="numpy")
def value_of(row, samples, memory, seed, step):
    """The value of a row in a physics step; see `layout.Shape`."""
    shape, age = np.int64(row[Col.SHAPE]), step - row[Col.START]
    p = row[Col.FIRST :]
    if shape == Shape.STEP:
        value = p[1] if p[2] <= age < p[3] else p[0]
    elif shape == Shape.RAMP:
        value = p[0] + (p[1] - p[0]) * min(age / p[2], 1.0)
    elif shape == Shape.SINE:
        value = p[0] + p[1] * math.sin(p[2] * age + p[3])
    elif shape == Shape.NOISE:
        value = memory[Memory.NOISE] if memory[Memory.MARK] == ON else p[0] + p[1] * drawn(row, seed, step)
    elif shape == Shape.PULSES:
        pulse = math.floor(age / p[3])
        value = p[1] if age - pulse * p[3] < p[2] and pulse < p[4] else p[0]
    elif shape == Shape.SAMPLES:
        place = np.int64(age / p[2])
        at = np.int64(p[0]) + place
        value = samples[at] if place < np.int64(p[1]) and 0 <= at < len(samples) else 0.0
    else:
        value = p[0]
    return value


@njit(error_model="numpy")
def next_noise(row, now, seed, step):
    """The value of noise in the step after one in which it is `now`."""
    p = row[Col.FIRST :]
    return p[0] + p[2] * (now - p[0]) + p[3] * drawn(row, seed, step + 1)


@njit(error_model="numpy")
def begin_holding(holds, potential, anew):
    """Put all clamped neurons at their potentials; before a neural step, begin to count their clamps' currents anew.

    Of a neural step that is longer than a physics step, the current is that of the last one until it is over.
    """
    entries = integers(holds, 1 << 30)
    for k in range(entries[0]):
        entry, number = integers(holds + 8 * (1 + HOLD * k), HOLD), doubles(holds + 8 * (1 + HOLD * k), HOLD)
        potential[entry[Hold.NEURON]] = number[Hold.POTENTIAL]
        if anew:
            doubles(entry[Hold.OUTPUT], 1)[0] = 0.0


@njit(error_model="numpy")
def hold(holds, potential, share):
    """Bring clamped neurons back after a neural step, which is a share of all in this physics step.

    The current of a clamp is what takes the membrane back there: capacitance over step, times what the potential has
    run away.
    """
    entries = integers(holds, 1 << 30)
    for k in range(entries[0]):
        entry, number = integers(holds + 8 * (1 + HOLD * k), HOLD), doubles(holds + 8 * (1 + HOLD * k), HOLD)
        at = entry[Hold.NEURON]
        away = number[Hold.POTENTIAL] - potential[at]
        doubles(entry[Hold.OUTPUT], 1)[0] += share * number[Hold.FACTOR] * away
        potential[at] = number[Hold.POTENTIAL]


@njit(error_model="numpy")
def fail(faults, signals, seed, clock):
    """Let afferents signal something else than what they measured."""
    for k in range(int64_at(faults)):
        entry, number = integers(faults + 8 * (1 + FAULT * k), FAULT), doubles(faults + 8 * (1 + FAULT * k), FAULT)
        at, memory = entry[Fault.AFFERENT], doubles(entry[Fault.STATE], MEMORY)
        if entry[Fault.KIND] == Kind.SIGNAL_STUCK:
            if memory[Memory.MARK] != ON:
                memory[Memory.KEPT] = signals[at]
            signals[at] = memory[Memory.KEPT]
        elif entry[Fault.KIND] == Kind.SIGNAL_ZERO:
            signals[at] = 0.0
        elif entry[Fault.KIND] == Kind.SIGNAL_NOISE:
            signals[at] += number[Fault.FACTOR] * normal(seed, clock, _STREAMS + np.uint64(entry[Fault.STREAM]))


@njit(error_model="numpy")
def deprive(faults, currents):
    """Take the currents of afferents whose nerve is cut."""
    for k in range(int64_at(faults)):
        entry = integers(faults + 8 * (1 + FAULT * k), FAULT)
        if entry[Fault.KIND] == Kind.DEPRIVED:
            currents[entry[Fault.AFFERENT]] = 0.0
