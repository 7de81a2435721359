"""What lies where in the flat buffers of adapters; the wiring fills them, the compiled step reads them.

Afferents, terms, motors, pools, units and curves are one row each: a row of indices (uint32) and, for the first three,
a row of numbers (float64). What only some of them have lies in one array of further numbers, `extras`, at the place
that the row of indices gives. `NONE` marks an index that points nowhere.
"""

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

NONE = 0xFFFFFFFF
STREAMS = np.uint64(1 << 63)  # the random numbers of afferents begin here, beyond those of neurons


class Source(IntEnum):
    """What a number is read from."""

    SENSOR = 0  # one channel of a sensor
    NORM = 1  # the length of a sensor's vector
    ROLL = 2  # angles of a sensor's quaternion, rad
    PITCH = 3
    YAW = 4
    COMMAND = 5  # a number of userdata
    CONTROL = 6  # the control of an actuator
    POTENTIAL = 7  # the membrane potential of a neuron, mV


class Form(IntEnum):
    """How an afferent's signal is made."""

    DIRECT = 0  # what its source gives
    SUM = 1  # its terms added up; extras: base, and the least value
    SWITCH = 2  # 1 or 0, with hysteresis; extras: what its terms' sum must reach to switch on, and fall below for off
    STRETCH = 3  # AnimatLab's receptor; terms: length, velocity, excitation if any; extras: `Stretch`


class Reading(IntEnum):
    """The first columns of afferents and of terms: what is read."""

    KIND = 0  # Source
    ADDRESS = 1  # place in the tuple of references, then in sensordata or ctrl; in userdata; neuron
    CHANNEL = 2
    WIDTH = 3  # of the sensor, filled in when the model is known


class Row(IntEnum):
    """The further columns of an afferent."""

    FORM = 4
    ELEMENT = 5  # of the network's input
    DELAY = 6  # physics steps
    CLIPPED = 7  # 1: the ramp ends at its ends
    FIRST = 8  # terms
    LAST = 9
    CURVE = 10  # instead of the ramp, or NONE
    EXTRA = 11  # place in the extras
    MEMORY = 12  # place in the memory


ROW_WIDTH = 13


class Ramp(IntEnum):
    """The numbers of an afferent."""

    LOW = 0
    SCALE = 1  # 1 / (hi - lo)
    GAIN = 2  # nA
    OFFSET = 3  # nA
    NOISE = 4  # standard deviation


RAMP_WIDTH = 5


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
    DELAY = 3  # physics steps
    CURVE = 4
    POOLED = 5  # 1: the index is a place in the memory, where a pool's output is


MOTOR_WIDTH = 6
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
    ramps: Any  # float64 [A, RAMP_WIDTH]
    terms: Any  # uint32 [S, TERM_WIDTH]
    factors: Any  # float64 [S, FACTOR_WIDTH]
    motors: Any  # uint32 [T, MOTOR_WIDTH]
    gains: Any  # float64 [T, MOTOR_NUMBERS]
    slots: Any  # uint32 [2, L]: actuator, and 1 where its control has limits
    limits: Any  # float64 [3, L]: offset, least and greatest control
    pools: Any  # uint32 [P, POOL_WIDTH]
    units: Any  # uint32 [U, UNIT_WIDTH]
    curves: Any  # uint32 [C, BEND_WIDTH]
    code: Any  # uint32 [I, CODE_WIDTH]
    extras: Any  # float64 [E]
    registers: Any  # float64 [R], scratch of equations


class Body(NamedTuple):
    """What adapters read, at the time of the step."""

    sensordata: Any
    userdata: Any
    ctrl: Any
    potential: Any  # mV
