"""What lies where in the flat buffers of the compiled step; `packing.py` fills them, every other module reads them.

Four buffers: structure (uint32), parameters, state and scratch (float64). A call with four buffers costs a fraction of
one with a hundred arrays, and a MuJoCo model stores numbers as one array that may differ from one individual of a
population to the next while the structure is shared.

The structure begins with a header: one number for every `Count`, then the start of every section of the structure
(`Index`), of the parameters (`Number`), of the state (`State`) and of the scratch buffer (`Scratch`).
"""

from enum import IntEnum

import numpy as np
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic


class Count(IntEnum):
    """Lengths, counts and switches at the start of the structure."""

    STRUCTURE = 0  # length of each buffer
    PARAMETERS = 1
    STATE = 2
    SCRATCH = 3
    NEURONS = 4
    SPIKING = 5
    CHANNELS = 6
    TAPS = 7  # distinct ramps of presynaptic potentials
    RAMPS = 8  # runs of taps of consecutive neurons with the same ramp
    BLOCKS = 9  # of `LANES` neurons each, whose graded synapses are summed side by side
    WIDE = 10  # neurons whose graded synapses are summed one by one
    CHEMICAL = 11  # conductance-based spiking synapses
    JUNCTIONS = 12
    RECEPTORS = 13
    RUNS = 14  # of receptors, with the same numbers each
    EVENTS = 15
    LATE = 16  # groups of synapses with the same source and a delay
    SHORT = 17
    PLASTIC = 18
    WEIGHTED = 19
    NOISE = 20
    GROUPS = 21  # of neurons with equations
    DIRECT = 22  # runs of input edges to neurons
    INTO = 23  # input edges to receptors
    OUTPUTS = 24
    MONITORED = 25  # outputs that are read at the start of a step
    RINGS = 26  # length of all rings
    EXPONENTIAL = 27  # 1: exponential Euler
    PALETTE = 28  # 1: reversal potentials of graded synapses come from a table, see Index.GRADED_TAP
    JUMPS = 29  # 1: there are receptors of kind JUMP
    REWARDED = 30  # 1: there are weights with a modulator
    LEARNS = 31  # 1: there are weighted graded synapses that learn
    EARLY = 32  # 1: no one asks for old potentials once the currents are known
    STRETCHES = 33  # of STRETCH neurons each
    READINGS = 34  # runs of outputs


class Index(IntEnum):
    """Sections of the structure."""

    RAMP_NEURON = 0  # [ramps] first neuron
    RAMP_TAP = 1  # [ramps + 1] first tap
    BLOCK_NEURON = 2  # [LANES * blocks] neuron of every lane; beyond the last one: NEURONS
    BLOCK_START = 3  # [blocks + 1] in units of LANES graded synapses
    WIDE_NEURON = 4  # [wide]
    WIDE_START = 5  # [wide + 1]
    GRADED_TAP = 6  # [graded] tap; with a palette: in the lower 24 bits, and the place in the table above
    CHEMICAL_ROW = 7  # [N + 1]
    FAN_ROW = 8  # [S + 1] of FAN
    FAN = 9  # [chemical] conductance-based spiking synapses by source, then delay
    FAN_PROMPT = 10  # [S] end of those without delay
    JUNCTION_ROW = 11  # [N + 1]
    JUNCTION_OTHER = 12  # [junctions]
    JUNCTION_RULE = 13  # [junctions]
    CHANNEL_NEURON = 14  # [padded(3 * channels)] of every gate; the first ones tell those of the channels
    TAU_RULE = 15  # [padded(2 * channels)]
    REFRACTORY_STEPS = 16  # [S]
    SUBTRACTS = 17  # [S]
    RING_DEPTH = 18  # [S]
    RING_START = 19  # [S]
    RUN_ROW = 20  # [stretches + 1]
    RUN_NEURON = 21  # [runs] first neuron
    RUN_LENGTH = 22  # [runs]
    RUN_RECEPTOR = 23  # [runs] first receptor
    RUN_STRIDE = 24  # [runs] from one receptor to the next
    RUN_SET = 25  # [runs] its numbers
    RUN_KIND = 26  # [runs] ReceptorKind
    RUN_TWO_STAGE = 27  # [runs]
    RECEPTOR_NEURON = 28  # [R]
    RECEPTOR_SET = 29  # [R]
    RECEPTOR_KIND = 30  # [R]
    EVENT_ROW = 31  # [S + 1]
    EVENT_PROMPT = 32  # [S] end of those without delay
    EVENT_SLOT = 33  # [events] where a spike adds: place in State.RECEPTOR, or beyond it the neuron of a jump
    EVENT_SHORT = 34  # [events]
    EVENT_PLASTIC = 35  # [events]
    LATE_FAMILY = 36  # [late] 0: FAN, 1: events
    LATE_SOURCE = 37  # [late] spiking neuron
    LATE_FIRST = 38  # [late]
    LATE_END = 39  # [late]
    LEARNER_ROW = 40  # [S + 1] of LEARNER
    LEARNER = 41  # [plastic] by postsynaptic neuron
    MODULATOR = 42  # [plastic] neuron
    WEIGHTED_ROW = 43  # [N + 1]
    WEIGHTED_SOURCE = 44  # [weighted]
    WEIGHTED_DRIVING = 45  # [weighted]
    WEIGHTED_CURVE = 46  # [weighted]
    WEIGHTED_RULE = 47  # [weighted]
    WEIGHTED_PLACE = 48  # [weighted] in State.GRADED_WEIGHT, or NONE
    NOISE_NEURON = 49  # [noise]
    SEGMENT_ROW = 50  # [stretches + 1]
    SEGMENT_NEURON = 51  # [segments] first neuron
    SEGMENT_END = 52  # [segments]
    SEGMENT_SPIKING = 53  # [segments] first spiking neuron, or NONE
    SEGMENT_MEMBRANE = 54  # [segments] first place in the sections of membranes
    SEGMENT_THRESHOLD = 55  # [segments] first place in the sections of thresholds
    SEGMENT_BIAS = 56  # [segments] first place in Number.BIAS
    SEGMENT_SHARED = 57  # [segments] 0: every neuron has numbers of its own; 1: all have the same; 2: all but the bias
    GROUP = 58  # [groups, GROUP_SIZE]
    CODE = 59  # instructions [5]: Op, destination, a, b, c
    DIRECT_ELEMENT = 60  # [direct] first element
    DIRECT_NEURON = 61  # [direct] first neuron
    DIRECT_LENGTH = 62  # [direct]
    DIRECT_STRIDE = 63  # [direct] from one element to the next: 0 or 1
    INTO_ELEMENT = 64  # [into]
    INTO_RECEPTOR = 65  # [into]
    OUTPUT_KIND = 66  # [readings]
    OUTPUT_INDEX = 67  # [readings] first index
    OUTPUT_FIRST = 68  # [readings + 1] first element of the output
    GRADED_TARGET = 69  # [graded] neuron; absent unless an output reads currents of graded synapses


class Number(IntEnum):
    """Sections of the parameters."""

    FACTOR = 0  # membranes, one set a segment or one a neuron
    LEAK = 1
    REST = 2
    BIAS = 3  # one a segment where everything is shared, else one a neuron
    RAMP_LO = 4  # [ramps]
    RAMP_INVERSE = 5  # [ramps] 1 / (e_hi - e_lo)
    GRADED_CONDUCTANCE = 6  # [graded]
    GRADED_REVERSAL = 7  # [graded], or the palette
    CHEMICAL_MAXIMUM = 8  # [chemical]
    CHEMICAL_INCREMENT = 9
    CHEMICAL_REVERSAL = 10
    CHEMICAL_KEEP = 11
    JUNCTION_CONDUCTANCE = 12  # [junctions]
    CHANNEL_CONDUCTANCE = 13  # [channels]
    CHANNEL_REVERSAL = 14
    GATE_POWER = 15  # [3 * channels]
    GATE_K = 16  # [padded(3 * channels)]
    GATE_SLOPE = 17
    GATE_MIDPOINT = 18
    GATE_FACTOR = 19  # [padded(2 * channels)]
    THETA_START = 20  # thresholds, one set a segment or one a spiking neuron
    THETA_FACTOR = 21
    THETA_LEAK = 22
    THETA_PROPORTIONALITY = 23
    THETA_INCREMENT = 24
    THETA_FLOOR = 25
    RESET = 26
    RUN_REVERSAL = 27  # [sets]
    RUN_DECAY = 28
    RUN_RISE = 29
    RUN_COUPLING = 30
    EVENT_WEIGHT = 31  # [events] times the receptor's gain
    EVENT_GAIN = 32  # [events] where weights change
    SHORT_USE = 33  # [short]
    SHORT_FACILITATION = 34
    SHORT_DEPRESSION = 35
    AMPLITUDE_PRE = 36  # [plastic]
    AMPLITUDE_POST = 37
    TRIPLET_PRE = 38
    TRIPLET_POST = 39
    KEEP_PRE = 40
    KEEP_POST = 41
    KEEP_SLOW_PRE = 42
    KEEP_SLOW_POST = 43
    LOWEST = 44
    HIGHEST = 45
    KEEP_ELIGIBILITY = 46
    REWARD_RATE = 47
    MODULATOR_REST = 48
    WEIGHTED_WEIGHT = 49  # [weighted]
    WEIGHTED_REVERSAL = 50
    WEIGHTED_MIDPOINT = 51
    WEIGHTED_SLOPE = 52
    WEIGHTED_RATE = 53
    WEIGHTED_FORGET = 54
    WEIGHTED_POST_MIDPOINT = 55
    WEIGHTED_POST_SLOPE = 56
    WEIGHTED_LOWEST = 57
    WEIGHTED_HIGHEST = 58
    NOISE_MEAN = 59  # [noise]
    NOISE_KEEP = 60
    NOISE_SPREAD = 61
    GROUP_PARAMETERS = 62  # of all groups, [parameters, count] each
    GROUP_CONSTANTS = 63  # of all groups
    GROUP_BIAS = 64  # [N] where there are groups
    INPUT_WEIGHT = 65  # [direct]
    INTO_WEIGHT = 66  # [into]
    LATE_DELAY = 67  # [late] steps


class State(IntEnum):
    """Sections of the state, as `StateLayout` lays them out."""

    POTENTIAL = 0
    THRESHOLD = 1
    GATE = 2
    VARIABLES = 3
    WEIGHT = 4
    GRADED_WEIGHT = 5
    NOISE = 6
    USE = 7
    RESOURCE = 8
    SPIKE = 9
    REFRACTORY = 10
    CONDUCTANCE = 11
    RECEPTOR = 12
    TRACE_PRE = 13
    TRACE_POST = 14
    SLOW_PRE = 15
    SLOW_POST = 16
    ELIGIBILITY = 17
    PLASTIC_TIME = 18
    SHORT_TIME = 19
    RING = 20
    STEP = 21
    SEED = 22


class Scratch(IntEnum):
    """Sections of the scratch buffer."""

    TOTAL = 0  # [N + 1] current, then new potential; the last place takes what lanes without a neuron make
    OPEN = 1  # [N + 1] sum of open conductances, for exponential Euler
    ACTIVATION = 2  # [taps]
    HELD = 3  # [N] 1.0 where the potential was set in this step, so that jumps are lost
    COUNT = 4  # [S] spikes of each neuron in this call, where it makes several steps
    SPIKED = 5  # [S] which neurons spiked in this step
    REGISTERS = 6  # of the equations, CHUNK numbers each
    GATES = 7  # [4, padded(3 * channels)] of each gate potential, exponential, steady state and rate


class Group(IntEnum):
    """What the structure says of a group of neurons with equations."""

    FIRST = 0
    COUNT = 1
    FIRST_SPIKING = 2  # or NONE
    CODE = 3  # first instruction
    CODE_END = 4
    PARAMETERS = 5  # first place in Number.GROUP_PARAMETERS
    CONSTANTS = 6  # first place in Number.GROUP_CONSTANTS
    VARIABLES = 7  # first place in State.VARIABLES
    VARIABLE_COUNT = 8  # besides the potential
    SPIKE = 9  # register, or NONE
    SPIKE_AT_ZERO = 10
    NEW = 11  # first place in Index.CODE of the registers of the new values, then of those after a spike


LANES = 8  # neurons whose graded synapses are summed side by side
GROUP_SIZE = len(Group)
THREADS = 16  # that may share a step
STRETCH = 512  # neurons that go through receptors, membranes and spikes together
CHUNK = 32  # neurons whose equations are computed side by side
INDEX_TABLE = len(Count)
NUMBER_TABLE = INDEX_TABLE + len(Index)
STATE_TABLE = NUMBER_TABLE + len(Number)
SCRATCH_TABLE = STATE_TABLE + len(State)
HEADER = SCRATCH_TABLE + len(Scratch)


def padded(count):
    """A number of gates filled up so that vector registers leave no rest that would go one by one."""
    return (count + LANES - 1) // LANES * LANES


# for functions that compiled code alone calls: without what Python would need to call them, they compile faster
inner = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


@intrinsic
def pointer(typingctx, address):
    """An address (int64) as a pointer."""
    return types.voidptr(address), lambda ctx, b, sig, args: b.inttoptr(args[0], cgutils.voidptr_t)


@inner
def indices(structure, section, count):
    """A section of the structure. A slice would check its ends, and fifty of them cost a third of a small step."""
    start = np.int64(structure[np.uint64(INDEX_TABLE + section)])
    return carray(pointer(structure.ctypes.data + np.int64(4) * start), (np.int64(count),), np.uint32)


@inner
def _doubles(buffer, start, count):
    return carray(pointer(buffer.ctypes.data + np.int64(8) * np.int64(start)), (np.int64(count),), np.float64)


@inner
def numbers(structure, parameters, section, count):
    """A section of the parameters."""
    return _doubles(parameters, structure[np.uint64(NUMBER_TABLE + section)], count)


@inner
def memory(structure, state, section, count):
    """A section of the state."""
    return _doubles(state, structure[np.uint64(STATE_TABLE + section)], count)


@inner
def scratch(structure, work, section, count):
    """A section of the scratch buffer."""
    return _doubles(work, structure[np.uint64(SCRATCH_TABLE + section)], count)


@inner
def part(array, start, count):
    """A part of a float64 array, without a look at its ends."""
    return _doubles(array, start, count)
