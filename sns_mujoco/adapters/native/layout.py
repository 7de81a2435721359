"""What lies where in the flat buffers of adapters; the wiring fills them, the compiled step reads them.

Afferents, terms, motors, pools, units and curves are one row of indices (uint32) each. Terms have a row of numbers
(float64) besides. What is done with all afferents, or all motors, goes several at a time: their numbers stand one kind
behind the other, filled up with zeros to a `padded` length. What only some of them have lies in one array of further
numbers, `extras`, at the place that the row of indices gives. `NONE` marks an index that points nowhere.
"""

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

NONE = 0xFFFFFFFF
STREAMS = np.uint64(1 << 63)  # the random numbers of afferents begin here, beyond those of neurons


def padded(count):
    """A number of rows filled up so that vector registers leave no rest that would go one by one."""
    return (count + 15) // 16 * 16


class Source(IntEnum):
    """What a number is read from."""

    SENSOR = 0  # one channel of a sensor
    COMMAND = 1  # a number of userdata
    CONTROL = 2  # the control of an actuator
    POTENTIAL = 3  # the membrane potential of a neuron, mV
    TENDON_LENGTH = 4  # in `mjData`, as are the next ones, at the time of the step unless the integrator is RK4
    TENDON_VELOCITY = 5
    MUSCLE_LENGTH = 6
    MUSCLE_VELOCITY = 7
    MUSCLE_FORCE = 8  # negative where it pulls
    NORM = 9  # the length of a sensor's vector
    ROLL = 10  # angles of a sensor's quaternion, rad
    PITCH = 11
    YAW = 12
    NOTHING = 13  # what is made of terms reads nothing itself


PLAIN = 9  # the sources before are one number in an array each
OF_SENSOR = (Source.SENSOR, Source.NORM, Source.ROLL, Source.PITCH, Source.YAW)
OF_TENDON = (Source.TENDON_LENGTH, Source.TENDON_VELOCITY)
OF_MUSCLE = (Source.MUSCLE_LENGTH, Source.MUSCLE_VELOCITY, Source.MUSCLE_FORCE)


class Form(IntEnum):
    """How an afferent's signal is made."""

    DIRECT = 0  # what its source gives
    SUM = 1  # its terms and a base added up; extras: base
    RATE = 2  # the same, and not below 0
    SWITCH = 3  # 1 or 0, with hysteresis; extras: what its terms' sum must reach to switch on, and fall below for off
    STRETCH = 4  # AnimatLab's receptor; terms: length, velocity, excitation if any; extras: `Stretch`


class Reading(IntEnum):
    """The first columns of afferents and of terms: what is read."""

    KIND = 0  # Source
    ADDRESS = 1  # place in the tuple of references, then in the array that is read; in userdata; neuron
    CHANNEL = 2
    WIDTH = 3  # of the sensor, filled in when the model is known


class Row(IntEnum):
    """The further columns of an afferent."""

    FORM = 4
    ROOM = 5  # physics steps in its delay line
    FIRST = 6  # terms
    LAST = 7
    CURVE = 8  # instead of the ramp, or NONE
    EXTRA = 9  # place in the extras
    MEMORY = 10  # place in the memory
    DELAY = 11  # place in the extras of its delay, physics steps; NONE: the whole delay line


ROW_WIDTH = 12


class Ramp(IntEnum):
    """The numbers of an afferent."""

    LOW = 0
    SCALE = 1  # 1 / (hi - lo)
    GAIN = 2  # nA
    OFFSET = 3  # nA
    CLIPPED = 4  # 1: the ramp ends at its ends
    NOISE = 5  # standard deviation


RAMP_WIDTH = 6


class Term(IntEnum):
    """The further columns of a term."""

    CLIPPED = 4  # 1: to 0..1 before its power is taken
    MODULATOR = 5  # neuron whose activation multiplies the term, or NONE


TERM_WIDTH = 6


class Factor(IntEnum):
    """The numbers of a term: coefficient (1 + effect a) sgn(s) |s|^exponent with s = (value - origin) unit."""

    ORIGIN = 0
    UNIT = 1
    EXPONENT = 2
    COEFFICIENT = 3
    MODULATOR_LOW = 4  # a = clip((V - low) scale, 0, 1)
    MODULATOR_SCALE = 5
    EFFECT = 6


FACTOR_WIDTH = 7


class Stretch(IntEnum):
    """The extras of a stretch receptor."""

    KSE = 0  # N/m
    KPE = 1  # N/m
    DAMPING = 2  # N s/m
    REST_LENGTH = 3  # m
    WIDTH = 4  # m
    FORCE = 5  # N
    MAX_TENSION = 6  # N
    SERIES_REST = 7  # m
    MIN_PARALLEL = 8  # m
    CONSTANT = 9  # of the ending
    ENDING = 10  # Ending
    SHARE = 11  # this and the next follow from those above and the physics step, see `muscles.kernel.relaxation`
    KEEP = 12


STRETCH_WIDTH = 13


class Ending(IntEnum):
    """What a stretch receptor's discharge is proportional to."""

    IA = 0  # length of the series elasticity
    II = 1  # length of the parallel elasticity
    IB = 2  # tension


class Motor(IntEnum):
    """The columns of an efferent's term."""

    INDEX = 0  # neuron, or place in the memory
    SLOT = 1
    SHAPE = 2  # Shape
    ROOM = 3  # physics steps in its delay line
    CURVE = 4
    POOLED = 5  # 1: the index is a place in the memory, where a pool's output is
    DELAY = 6  # place in the extras of its delay, physics steps; NONE: the whole delay line


MOTOR_WIDTH = 7
MOTOR_NUMBERS = 3  # ramp: least potential, 1 / span; sigmoid: midpoint, slope; then the gain


class Shape(IntEnum):
    """How an efferent's activation follows from the potential."""

    RAMP = 0
    SIGMOID = 1
    CURVE = 2


class Pool(IntEnum):
    """The columns of a motor pool."""

    FIRST = 0  # units
    LAST = 1
    OUTPUT = 2  # place in the memory


POOL_WIDTH = 3


class Unit(IntEnum):
    """The columns of a motor unit; its memory is: drive, force, step of the last spike counted from 1 (0: never)."""

    NEURON = 0  # counts in the spiking neurons
    MEMORY = 1
    EXTRA = 2  # extras: what is left after a step, what a spike adds, contraction time in steps


UNIT_WIDTH = 3
UNIT_MEMORY = 3
UNIT_EXTRAS = 3


class Curve(IntEnum):
    """Kinds of curves."""

    POLYNOMIAL = 0
    SIGMOID = 1
    BELL = 2
    LENGTH_TENSION = 3
    TABLE = 4
    EQUATION = 5


class Bend(IntEnum):
    """The columns of a curve."""

    KIND = 0  # Curve
    LIMITED = 1  # 1: extras begin with the lower and the upper limit, and the outputs beyond them
    EXTRA = 2
    COUNT = 3  # of its parameters, which follow
    FIRST = 4  # instructions of an equation
    LAST = 5


BEND_WIDTH = 6
LIMITS = 4  # extras of every curve, before its parameters
CODE_WIDTH = 4  # Op, a, b, c


class Tables(NamedTuple):
    """All of it, as the compiled step gets it."""

    afferents: Any  # uint32 [A, ROW_WIDTH]
    ramps: Any  # float64 [RAMP_WIDTH, padded(A)]
    terms: Any  # uint32 [S, TERM_WIDTH]
    factors: Any  # float64 [S, FACTOR_WIDTH]
    motors: Any  # uint32 [T, MOTOR_WIDTH]
    gains: Any  # float64 [MOTOR_NUMBERS, padded(T)]
    slots: Any  # uint32 [2, L]: actuator, and 1 where its control has limits
    limits: Any  # float64 [3, L]: offset, least and greatest control
    pools: Any  # uint32 [P, POOL_WIDTH]
    units: Any  # uint32 [U, UNIT_WIDTH]
    curves: Any  # uint32 [C, BEND_WIDTH]
    code: Any  # uint32 [I, CODE_WIDTH]
    extras: Any  # float64 [E]
    registers: Any  # float64 [R], scratch of equations
    heard: Any  # float64 [2, padded(T)], scratch of motors: what they hear, and sigmoids of it
