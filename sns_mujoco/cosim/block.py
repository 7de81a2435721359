"""What an instance of the plugin keeps beside the model and the state, and how it finds its numbers in both.

In the model, an instance named B owns
  - its configuration: `state` and `readout` (sizes), `structure` and `wiring` (indices, in decimal);
  - the numeric field B: all numbers, so that `Batch.expand("numeric_data")` gives every individual its own brain;
  - the tuple B: the sensors, tendons and actuators it is wired to, in order, resolved by MuJoCo's own compiler; the
    parameter of an actuator is 1 where it is driven and not only read;
  - the sensor B: the readout.
`wiring` is a header of one count for every `Wire`, then the rows of `adapters.native.layout`: afferents, terms, motors,
slots [2, L], pools, units, curves, code; what they are wired to are places in the tuple. The numeric field holds the
program's parameters, the initial state, the physics step (s), the noise seed, then the numbers of afferents, terms,
motors and slots [3, L], and the extras. `plugin_state` holds the state of `StateLayout`, the spikes of each neuron in
the last physics step [S], the clock (physics steps since the reset), the noise seed, the memory of adapters, and the
delay lines of afferents and efferents. What an `mjData` needs besides, decoded indices and scratch, lies in a block of
its own behind `plugin_data`, and is no state.
"""

from enum import IntEnum

import numpy as np
from numba import njit

from sns_mujoco.adapters.native.layout import (
    BEND_WIDTH,
    CODE_WIDTH,
    FACTOR_WIDTH,
    MOTOR_NUMBERS,
    MOTOR_WIDTH,
    POOL_WIDTH,
    RAMP_WIDTH,
    ROW_WIDTH,
    TERM_WIDTH,
    UNIT_WIDTH,
    Tables,
)
from sns_mujoco.adapters.native.layout import padded as fill
from sns_mujoco.backends.native.sections import Count
from sns_mujoco.cosim.memory import byte_at, double_rows, doubles, index_rows, indices, integers


class Wire(IntEnum):
    """The counts at the start of `wiring`."""

    AFFERENTS = 0
    TERMS = 1
    MOTORS = 2
    SLOTS = 3
    POOLS = 4
    UNITS = 5
    CURVES = 6
    CODE = 7  # instructions
    EXTRAS = 8
    REGISTERS = 9
    INPUTS = 10
    OUTPUTS = 11
    STATE = 12
    WORK = 13
    PARAMETERS = 14
    INITIAL = 15
    SUBSTEPS = 16  # neural steps in a physics step
    INTERVAL = 17  # physics steps in a neural step
    MEMORY = 18  # of adapters
    AFFERENT_RINGS = 19
    EFFERENT_RINGS = 20


HEADER = len(Wire)
TAIL = 2  # clock and noise seed, which follow the spike counts in the state


class Block(IntEnum):
    """int64s at the start of a block: where its arrays begin (bytes), and what was looked up in the model."""

    STRUCTURE = 0
    WIRING = 1
    WORK = 2
    INPUT = 3
    OUTPUT = 4
    REGISTERS = 5
    SIGNALS = 6  # of afferents in the last step, in their units, padded
    HEARD = 7  # scratch of motors
    SOURCES = 8  # addresses of the arrays that afferents read
    END = 9
    CURRENTS = 10  # where in the input the currents of afferents begin, which are padded
    NUMERIC = 11  # id of the numeric field
    READOUT = 12  # address in sensordata, or -1
    SIGMOID = 13  # whether a motor is one
    UNSENSED = 14  # whether an afferent reads what only sensors would keep under RK4
    TAPES = 15  # address of the first tape, or 0, see `tape.py`
    HOLDS = 16  # address of the neurons that a stimulator holds in this step, see `rig.layout.Hold`; 0 without any
    FAULTS = 17  # address of the afferents that it lets fail; 0 without any


BLOCK_HEAD = len(Block)
padded = njit(fill, error_model="numpy")


@njit(error_model="numpy")
def number(text):
    """The decimal number at the start of a text, and where the next one starts."""
    value = 0
    while byte_at(text) > 32:
        value = value * 10 + (np.int64(byte_at(text)) - 48)
        text += 1
    return value, text + (byte_at(text) == 32)


@njit(error_model="numpy")
def count(text):
    """How many numbers a text holds."""
    n = 0
    while text != 0 and byte_at(text) != 0:
        text = number(text)[1]
        n += 1
    return n


@njit(error_model="numpy")
def parse(text, into):
    """Read as many numbers as fit."""
    for i in range(len(into)):
        into[i], text = number(text)


@njit(error_model="numpy")
def wiring_size(w):
    """Length of `wiring` by its header."""
    return (
        HEADER + ROW_WIDTH * w[Wire.AFFERENTS] + TERM_WIDTH * w[Wire.TERMS] + MOTOR_WIDTH * w[Wire.MOTORS]
        + 2 * w[Wire.SLOTS] + POOL_WIDTH * w[Wire.POOLS] + UNIT_WIDTH * w[Wire.UNITS] + BEND_WIDTH * w[Wire.CURVES]
        + CODE_WIDTH * w[Wire.CODE]
    )  # fmt: skip


@njit(error_model="numpy")
def numeric_size(w):
    """Length of the numeric field by the header of `wiring`."""
    return (
        w[Wire.PARAMETERS] + w[Wire.INITIAL] + 2 + RAMP_WIDTH * padded(w[Wire.AFFERENTS])
        + FACTOR_WIDTH * w[Wire.TERMS] + MOTOR_NUMBERS * padded(w[Wire.MOTORS]) + 3 * w[Wire.SLOTS] + w[Wire.EXTRAS]
    )  # fmt: skip


@njit(error_model="numpy")
def state_size(w, spiking):
    """Length of the plugin's state by the header of `wiring`."""
    return (
        w[Wire.STATE] + spiking + TAIL + w[Wire.MEMORY] + w[Wire.AFFERENT_RINGS] + w[Wire.EFFERENT_RINGS]
    )  # fmt: skip


@njit(error_model="numpy")
def open_block(address):
    """Head, structure, wiring, scratch, input and output of a block."""
    head = integers(address, BLOCK_HEAD)
    structure = indices(address + head[Block.STRUCTURE], (head[Block.WIRING] - head[Block.STRUCTURE]) // 4)
    wiring = indices(address + head[Block.WIRING], (head[Block.WORK] - head[Block.WIRING]) // 4)
    work = doubles(address + head[Block.WORK], (head[Block.INPUT] - head[Block.WORK]) // 8)
    x = doubles(address + head[Block.INPUT], (head[Block.OUTPUT] - head[Block.INPUT]) // 8)
    y = doubles(address + head[Block.OUTPUT], (head[Block.REGISTERS] - head[Block.OUTPUT]) // 8)
    return head, structure, wiring, work, x, y


@njit(error_model="numpy")
def split_numbers(at, wiring):
    """Parameters, initial state, physics step and seed, of the numeric field at an address."""
    n, initial = np.int64(wiring[Wire.PARAMETERS]), np.int64(wiring[Wire.INITIAL])
    return doubles(at, n), doubles(at + 8 * n, initial), doubles(at + 8 * (n + initial), 2)


@njit(error_model="numpy", inline="always")  # see sensing.sense
def tables(address, numeric, head, wiring):
    """The tables of the adapters: indices from a block, numbers from the numeric field at an address."""
    a, s, t = np.int64(wiring[Wire.AFFERENTS]), np.int64(wiring[Wire.TERMS]), np.int64(wiring[Wire.MOTORS])
    slots, p, u = np.int64(wiring[Wire.SLOTS]), np.int64(wiring[Wire.POOLS]), np.int64(wiring[Wire.UNITS])
    c, i, e = np.int64(wiring[Wire.CURVES]), np.int64(wiring[Wire.CODE]), np.int64(wiring[Wire.EXTRAS])
    rows = address + head[Block.WIRING] + 4 * HEADER
    terms = rows + 4 * ROW_WIDTH * a
    motors = terms + 4 * TERM_WIDTH * s
    driven = motors + 4 * MOTOR_WIDTH * t
    pools = driven + 8 * slots
    units = pools + 4 * POOL_WIDTH * p
    curves = units + 4 * UNIT_WIDTH * u
    code = curves + 4 * BEND_WIDTH * c
    ramps = numeric + 8 * (np.int64(wiring[Wire.PARAMETERS]) + np.int64(wiring[Wire.INITIAL]) + 2)
    factors = ramps + 8 * RAMP_WIDTH * padded(a)
    gains = factors + 8 * FACTOR_WIDTH * s
    limits = gains + 8 * MOTOR_NUMBERS * padded(t)
    extras = limits + 24 * slots
    return Tables(
        index_rows(rows, a, ROW_WIDTH), double_rows(ramps, RAMP_WIDTH, padded(a)), index_rows(terms, s, TERM_WIDTH),
        double_rows(factors, s, FACTOR_WIDTH), index_rows(motors, t, MOTOR_WIDTH),
        double_rows(gains, MOTOR_NUMBERS, padded(t)), index_rows(driven, 2, slots), double_rows(limits, 3, slots),
        index_rows(pools, p, POOL_WIDTH), index_rows(units, u, UNIT_WIDTH), index_rows(curves, c, BEND_WIDTH),
        index_rows(code, i, CODE_WIDTH), doubles(extras, e),
        doubles(address + head[Block.REGISTERS], np.int64(wiring[Wire.REGISTERS])),
        double_rows(address + head[Block.HEARD], 2, padded(t)),
    )  # fmt: skip


@njit(error_model="numpy")
def split_state(address, structure, wiring):
    """State of the neurons, spike counts, clock and seed, memory of adapters, delay lines of both ways."""
    n, s = np.int64(wiring[Wire.STATE]), np.int64(structure[Count.SPIKING])
    m = np.int64(wiring[Wire.MEMORY])
    a, e = np.int64(wiring[Wire.AFFERENT_RINGS]), np.int64(wiring[Wire.EFFERENT_RINGS])
    tail = address + 8 * (n + s)
    memory = tail + 8 * TAIL
    rings = memory + 8 * m
    return (
        doubles(address, n), doubles(address + 8 * n, s), doubles(tail, TAIL), doubles(memory, m), doubles(rings, a),
        doubles(rings + 8 * a, e),
    )  # fmt: skip
