"""Parts of a `Program` beyond membranes, channels, graded and conductance-based spiking synapses: one record a family.

Every family may be empty. Arrays are read-only; indices are uint32, the rest float64. The equations stand in
`program.py`. `NONE` marks an index that points nowhere.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.uint32]

NONE = 0xFFFFFFFF


class ReceptorKind(IntEnum):
    """What a receptor's value does to its neuron."""

    CURRENT = 0  # nA, added to the current
    CONDUCTANCE = 1  # uS, times (reversal - V)
    JUMP = 2  # no value: every spike that arrives moves the potential at once, mV


@dataclass(frozen=True, slots=True, kw_only=True)
class Receptors:
    """Sites where spikes arrive, R of them, sorted by neuron; synapses with the same time course share one.

    The value g and its rising stage h are advanced by g <- decay g + coupling h, h <- rise h. A spike of weight w adds
    gain w to h where there is a rising stage, else to g.
    """

    row: Indices  # [N + 1] each neuron's slice
    kind: Indices  # [R] ReceptorKind
    reversal: Floats  # [R] mV
    decay: Floats  # [R]
    rise: Floats  # [R]; 0 without a rising stage
    coupling: Floats  # [R]; 0 without a rising stage
    gain: Floats  # [R]
    two_stage: Indices  # [R] 1 with a rising stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Synapses that do something only when a spike arrives, W of them, sorted by source, then by delay (stable)."""

    row: Indices  # [S + 1] slice of each spiking neuron's outgoing synapses
    receptor: Indices  # [W]
    weight: Floats  # [W] nA, uS or mV, as the receptor has it; at the start, where it is plastic
    delay: Indices  # [W] steps
    short_term: Indices  # [W] place in `ShortTerm`, or NONE
    plastic: Indices  # [W] place in `Plastic`, or NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortTerm:
    """Synapses with short-term facilitation and depression (Tsodyks & Markram), T of them."""

    use: Floats  # [T] U
    facilitation: Floats  # [T] what is left of u after a step
    depression: Floats  # [T] what is left of 1 - x after a step
    initial_use: Floats  # [T] u at the start
    initial_resource: Floats  # [T] x at the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Plastic:
    """Event synapses that learn from the timing of spikes, L of them: pair, triplet and reward-modulated STDP."""

    event: Indices  # [L] place in `Events`
    post: Indices  # [L] postsynaptic neuron, counted among the spiking ones
    amplitude_pre: Floats  # [L] added per unit of the presynaptic trace when the postsynaptic neuron spikes
    amplitude_post: Floats  # [L] added per unit of the postsynaptic trace when a spike arrives; negative: depression
    triplet_pre: Floats  # [L] further amplitude per unit of the slow postsynaptic trace, at postsynaptic spikes
    triplet_post: Floats  # [L] further amplitude per unit of the slow presynaptic trace, at arriving spikes
    keep_pre: Floats  # [L] what is left of a trace after a step
    keep_post: Floats  # [L]
    keep_slow_pre: Floats  # [L]
    keep_slow_post: Floats  # [L]
    lowest: Floats  # [L] bounds of the weight
    highest: Floats  # [L]
    modulator: Indices  # [L] neuron whose potential above its rest is the reward, or NONE: the weight changes at once
    keep_eligibility: Floats  # [L] what is left of the eligibility trace after a step
    reward_rate: Floats  # [L] change of the weight in a step per mV of reward and unit of eligibility (dt included)


class Curve(IntEnum):
    """How a graded synapse is opened by its source."""

    RAMP = 0  # clip((V - midpoint) * slope, 0, 1): midpoint is e_lo, slope 1 / (e_hi - e_lo)
    SIGMOID = 1  # 1 / (1 + exp(-slope (V - midpoint)))


class Rule(IntEnum):
    """How a graded synapse learns."""

    FIXED = 0
    HEBB = 1  # w += rate a_post a_pre - forget w
    OJA = 2  # w += rate a_post (a_pre - a_post w) - forget w


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """Graded synapses in general form, X of them, sorted by target: current-based, sigmoidal, or learning ones."""

    row: Indices  # [N + 1]
    source: Indices  # [X] neuron
    weight: Floats  # [X] uS, or nA without driving force; at the start, where it learns
    driving: Indices  # [X] 1: the current is weight * share * (reversal - V); 0: weight * share
    reversal: Floats  # [X] mV
    curve: Indices  # [X] Curve
    midpoint: Floats  # [X] mV
    slope: Floats  # [X] 1/mV
    rule: Indices  # [X] Rule
    rate: Floats  # [X] per step
    forget: Floats  # [X] per step
    post_midpoint: Floats  # [X] mV; a_post = clip((V - post_midpoint) * post_slope, 0, 1)
    post_slope: Floats  # [X] 1/mV
    lowest: Floats  # [X] bounds of the weight
    highest: Floats  # [X]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Ornstein-Uhlenbeck currents, Z of them: i <- mean + keep (i - mean) + spread n, with n standard normal."""

    neuron: Indices  # [Z]
    mean: Floats  # [Z] nA
    keep: Floats  # [Z] exp(-dt / tau)
    spread: Floats  # [Z] sigma sqrt(1 - exp(-2 dt / tau)), nA
    initial: Floats  # [Z] nA


class Op(IntEnum):
    """Operations of `Code`; a, b, c are the values of earlier instructions unless said otherwise."""

    CONSTANT = 0  # a: place in the constants
    PARAMETER = 1  # a: place in the parameters
    VARIABLE = 2  # a: 0 is the potential, then the others; the old values
    CURRENT = 3  # total current of the neuron, bias included, nA
    UNIFORM = 4  # a: number of the draw; between 0 and 1, both excluded
    NORMAL = 5  # a: number of the draw; standard normal
    ADD = 6
    SUBTRACT = 7
    MULTIPLY = 8
    DIVIDE = 9
    POWER = 10
    MINIMUM = 11
    MAXIMUM = 12
    LESS = 13  # 1.0 where a < b, else 0.0
    LESS_EQUAL = 14
    EQUAL = 15
    AND = 16  # of numbers that are 0.0 or not
    OR = 17
    NOT = 18
    SELECT = 19  # b where a is not 0.0, else c
    NEGATIVE = 20
    ABSOLUTE = 21
    EXPONENTIAL = 22
    LOGARITHM = 23
    SQUARE_ROOT = 24
    SINE = 25
    COSINE = 26
    HYPERBOLIC_TANGENT = 27
    FLOOR = 28
    RELATIVE_GROWTH = 29  # (exp(a) - 1) / a, 1 at 0: what exponential Euler needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Equations as a list of instructions, each making one value for every neuron of a group (static single form)."""

    instructions: Indices  # [I, 4] Op, a, b, c
    constants: Floats  # [C]
    new: Indices  # [1 + variables] instruction whose value is each variable's at the end of the step
    spike: int  # instruction whose value makes a spike where it is above 0, or NONE
    spike_at_zero: bool  # whether 0 makes a spike, too
    after_spike: Indices  # [1 + variables] likewise where the neuron spiked; empty without spikes


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """A group of neurons, one after the other, that follow equations of their own instead of the leaky membrane."""

    first: int  # neuron
    count: int
    first_spiking: int  # counts in spiking_neuron, or NONE
    code: Code
    parameters: Floats  # [parameters, count]
    initial: Floats  # [variables, count] of the variables besides the potential
    variable_names: tuple[str, ...]  # [variables]
    parameter_names: tuple[str, ...]  # [parameters]
