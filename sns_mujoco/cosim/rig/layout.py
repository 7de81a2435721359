"""What lies where in the stimulator's table and state.

The numeric field of a stimulator holds a header, then rows of numbers, then samples of waveforms. Its state in
`plugin_state` has a few numbers for each row. A row is one thing that is done to one target from one physics step to
another one.
"""

from enum import IntEnum


class Head(IntEnum):
    """The header of a table."""

    USED = 0  # rows that are filled


HEAD = 4


class Col(IntEnum):
    """The columns of a row."""

    KIND = 0  # Kind
    TARGET = 1  # place in userdata, neuron, place in ctrl, afferent, body or degree of freedom
    START = 2  # first physics step in which it acts
    STOP = 3  # first one in which it does not any more
    SHAPE = 4  # Shape
    FIRST = 5  # numbers of the shape
    FACTOR = 11  # what else its kind needs
    STREAM = 12  # of its random numbers


ROW = 13
NUMBERS = 6  # of a shape; of a push its force and its torque


class Kind(IntEnum):
    """What a row does."""

    NOTHING = 0
    CURRENT = 1  # adds to an electrode's current
    HOLD = 2  # holds a neuron; factor: capacitance over neural step, nA/mV
    COMMAND = 3
    CONTROL_STUCK = 4
    CONTROL_SCALED = 5  # factor
    PUSH = 6  # factor: 1 in the frame of the body's heading
    TORQUE = 7
    SIGNAL_STUCK = 8
    SIGNAL_ZERO = 9
    SIGNAL_NOISE = 10  # factor: standard deviation
    DEPRIVED = 11


class Shape(IntEnum):
    """How a value goes with time."""

    CONSTANT = 0  # value
    STEP = 1  # before, value, and from which age on to which one, steps
    RAMP = 2  # begin, end, duration, steps
    SINE = 3  # offset, amplitude, rad a step, phase
    NOISE = 4  # mean, standard deviation, what is kept in a step, what is new
    PULSES = 5  # base, value, width, period, steps; count
    SAMPLES = 6  # place of the first sample, count, period, steps


# how far a row is: it does not act; it is in its first step; it has made one
AWAY, COME, ON = 0.0, 1.0, 2.0


class Memory(IntEnum):
    """The state of a row."""

    MARK = 0  # AWAY, COME or ON
    KEPT = 1  # command before, or control or signal that is stuck
    WRITTEN = 2  # command that was written
    NOISE = 3  # its value in this step
    OUTPUT = 4  # what it did in the last step: nA, the clamp's nA, the command, 1 ...


MEMORY = len(Memory)
STREAMS = 3 << 62  # random numbers of stimulators begin here, beyond those of neurons and afferents


class Hold(IntEnum):
    """Numbers (int64, float64) of one clamp, which the nervous system reads in every step."""

    NEURON = 0
    POTENTIAL = 1
    FACTOR = 2
    OUTPUT = 3  # address of what the clamp's current is written to


class Fault(IntEnum):
    """Numbers of one afferent that fails."""

    AFFERENT = 0
    KIND = 1  # Kind
    FACTOR = 2
    STATE = 3  # address of its row's state
    STREAM = 4


HOLD, FAULT = len(Hold), len(Fault)
