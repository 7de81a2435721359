"""The one intermediate form of a nervous system: flat arrays that every backend steps.

A `Program` is what `Network.compile` makes of populations and connections: one entry per neuron, channel and
synapse, no matrices. All semantics (textbook or SNS-Toolbox) and the integrator are settled when it is made, so a
backend needs few switches. N neurons, S spiking ones, K ion channels, P graded and Q spiking synapses, E directed
electrical junctions, R receptors with W event synapses, X weighted graded synapses, Z noise sources, G groups of
neurons with equations of their own, M input elements, O output elements.

One step, from old potentials V (every sum runs in the order of the arrays; a neuron's current is the sum of 2 to 6,
and then of 7 to 9):

     1  I_app   += weight * input for every input edge to a neuron, in order; edges to a receptor: g_r += weight * input
     2  g_p      = g_max_p * clip((V_pre - e_lo) / (e_hi - e_lo), 0, 1)          graded chemical synapses
     3  G_q     *= keep_q                                                         spiking chemical synapses
     4  I_syn    = sum g * (E - V_post) over both, graded first
     5  I_syn   += sum g * (V_other - V)                                          electrical junctions
     6  b, c    += rate * (z_inf(V) - z) ;  I_ion = sum g a_inf^pa b^pb c^pc (E - V)   with the new b, c
     7  I_syn   += sum w * a_pre * (E - V), or w * a_pre                          weighted graded synapses
     8  I_syn   += i ;  i <- mean + keep (i - mean) + spread n                    noise
     9  I_syn   += sum g_r, or g_r * (E - V) ;  g, h <- decay g + coupling h, rise h   receptors
    10  V*       = V + membrane_factor * phi * (-G_m (V - V_rest) + bias + I_app + I_syn + I_ion)
    11  theta*   = theta + threshold_factor * (leak * (theta0 - theta) + m * (V - V_rest))
    12  spike    = V* > theta*  (strict; never while refractory)
    13  G_q     += min(increment_q, g_max_q - G_q) for every synapse whose source spiked `delay` steps ago
    14  arrival: for every event synapse whose source spiked `delay` steps ago, first those without delay, then the
        others, each in the order of the arrays: s = w, times short-term use u x; g_r or h_r += gain * s, or V* += s
        for jumps; w learns from the arrival
    15  weights learn from postsynaptic spikes, in the order of `plastic`; then from reward; graded ones by their rule
    16  V        = V_reset (or V* - theta* + V_reset) where spike, V_reset while refractory, else V*;
        theta = theta* + max(theta_increment, floor - theta*) where spike, else theta*

with z_inf(V) = 1 / (1 + k exp(slope (e - V))), tau_z(V) = tau_max z_inf sqrt(k exp(slope (e - V))), or as `TauRule`
says, and rate = dt / tau_z. The step order and the gate equations of 1 to 13 are those of SNS-Toolbox 1.5
(Nourse et al. 2023, Biomimetics 8(2):247).

**Integrators.** Forward Euler: phi = 1, membrane_factor = dt / C_m, keep = 1 - dt / tau. Exponential Euler
(`exponential`): phi = (1 - exp(-x)) / x with x = membrane_factor * (G_m + sum of all conductances open in this step),
rate = 1 - exp(-dt / tau_z), and all factors that the compiler makes are exponentials too; it is exact for membranes
whose conductances stand still, and bounded at every step, though a loop of strong inhibition may swing at long ones.

**Neurons with equations.** Where a neuron belongs to a group of `equations`, 10 to 12 and 16 are replaced by its code:
the new values of its potential and further variables from the old ones, its parameters and its current (the sum of all
above, bias included). It spikes where the code says so, unless it is refractory, and its variables then become
`after_spike`. While refractory its potential stands still and its other variables go on.

**Short-term plasticity** (Tsodyks & Markram 1997, PNAS 94:719; Tsodyks, Pawelzik & Markram 1998, Neural Comput
10:821). Between arrivals, per step: u <- facilitation u ; 1 - x <- depression (1 - x). In a step with an arrival, from
u and x before it: u' = facilitation u + U (1 - u) ; s = w u' x ; x' = 1 - depression (1 - x) - u' x.

**Spike-timing-dependent plasticity** (pair rule: Song, Miller & Abbott 2000, Nat Neurosci 3:919; triplet: Pfister &
Gerstner 2006, J Neurosci 26:9673). Traces x, y (fast) and x2, y2 (slow) decay by their `keep` every step. An arrival
delivers the old weight, then makes d = y (amplitude_post + triplet_post x2), then x += 1, x2 += 1. A postsynaptic spike
makes d = x (amplitude_pre + triplet_pre y2), then y += 1, y2 += 1. Without a modulator w += d, clipped to its bounds at
once. With one (Izhikevich 2007, Cereb Cortex 17:2443), the eligibility e, which decays likewise, gets e += d, and once
a step, after both, w += reward_rate (V_m - V_rest,m) e, clipped, with the modulator's potential at the start of the
step. (V_rest,m is 0 for a modulator with equations of its own.)

**Random numbers** come from a counter: a hash of the seed in the state, the step, and the stream (noise source z:
stream z; draw d of neuron i: stream 2^32 (d + 1) + i), see `random.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from sns_mujoco.backends.families import (
    Equations,
    Events,
    Floats,
    Indices,
    Noise,
    Plastic,
    Receptors,
    ShortTerm,
    Weighted,
)


class TauRule(IntEnum):
    """How fast a gate goes to its steady state."""

    VOLTAGE = 0  # tau_z(V), which becomes shorter than any step far from the midpoint
    CONSTANT = 1  # tau_max at every potential
    LIMITED = 2  # tau_z(V), but no less than a step: the gate reaches its steady state and does not overshoot it


class OutputKind(IntEnum):
    """What an output element reads; `output_index` counts in the array named here."""

    VOLTAGE = 0  # neuron: membrane potential after reset, mV
    SPIKE = 1  # spiking neuron: 1.0 in a step in which it spiked
    THRESHOLD = 2  # spiking neuron: mV
    GATE_B = 3  # channel: 0 to 1
    GATE_C = 4  # channel: 0 to 1
    GRADED_CONDUCTANCE = 5  # graded synapse: uS, from the potentials at the start of the step
    GRADED_CURRENT = 6  # graded synapse: nA, from the potentials at the start of the step
    SPIKING_CONDUCTANCE = 7  # spiking synapse: uS, at the end of the step
    SPIKING_CURRENT = 8  # spiking synapse: nA, as it flowed during the step
    ZERO = 9  # spike output of a neuron that cannot spike: always 0.0
    RECEPTOR = 10  # receptor: its value g at the end of the step, uS or nA
    RECEPTOR_CURRENT = 11  # receptor: nA, as it flowed during the step
    WEIGHT = 12  # event synapse: its weight
    GRADED_WEIGHT = 13  # weighted graded synapse: its weight
    VARIABLE = 14  # place in the state's `variables`: a further variable of a neuron with equations
    NOISE = 15  # noise source: nA, at the end of the step


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A compiled nervous system. Arrays are read-only; indices are uint32, the rest float64.

    Synapses, channels and junctions are sorted by the neuron whose current they make (stable: in the order in
    which they were described); `*_row` [N + 1] gives each neuron's slice.
    """

    dt: float  # ms
    semantics: str  # "textbook" or "sns-toolbox"
    exponential: bool  # exponential Euler instead of forward Euler
    reset_keeps_synapses: bool  # SNS-Toolbox's reset() leaves conductances and spikes in flight
    neuron_names: tuple[str, ...]  # [N]; "population[3]" inside a population, "population[1,2]" in a 2-D one
    input_names: tuple[str, ...]  # [M]
    output_names: tuple[str, ...]  # [O]
    synapse_names: Sequence[str]  # [P + Q], graded first
    event_names: Sequence[str]  # [W]
    weighted_names: Sequence[str]  # [X]

    initial_potential: Floats  # [N] mV
    membrane_factor: Floats  # [N] ms/nF
    leak_conductance: Floats  # [N] uS
    resting_potential: Floats  # [N] mV
    bias: Floats  # [N] nA

    spiking_neuron: Indices  # [S], ascending
    initial_threshold: Floats  # [S] mV, theta0
    threshold_factor: Floats  # [S] dt / tau_theta
    threshold_leak: Floats  # [S]
    threshold_proportionality: Floats  # [S], m
    threshold_increment: Floats  # [S] mV
    threshold_floor: Floats  # [S] mV
    reset_potential: Floats  # [S] mV
    subtracts: Indices  # [S]; 1 where a spike takes threshold - V_reset off the potential instead of setting it
    refractory_steps: Indices  # [S]; a spike in step n is followed by this many steps held at reset

    channel_row: Indices  # [N + 1]
    channel_conductance: Floats  # [K] uS
    channel_reversal: Floats  # [K] mV
    gate_power: Floats  # [3, K] for the gates a, b, c
    gate_k: Floats  # [3, K]
    gate_slope: Floats  # [3, K] 1/mV
    gate_midpoint: Floats  # [3, K] mV
    gate_factor: Floats  # [2, K] dt / tau_max of b and c
    gate_tau_rule: Indices  # [2, K] TauRule
    initial_gate: Floats  # [2, K] of b and c

    graded_row: Indices  # [N + 1]
    graded_source: Indices  # [P] neuron
    graded_conductance: Floats  # [P] uS, maximal
    graded_reversal: Floats  # [P] mV
    graded_e_lo: Floats  # [P] mV
    graded_e_hi: Floats  # [P] mV

    spiking_row: Indices  # [N + 1]
    spiking_source: Indices  # [Q], counts in spiking_neuron
    spiking_conductance: Floats  # [Q] uS, maximal
    spiking_increment: Floats  # [Q] uS
    spiking_reversal: Floats  # [Q] mV
    spiking_decay: Floats  # [Q] what is left after a step: keep
    spiking_delay: Indices  # [Q] steps
    spiking_room: int  # steps up to which a model may give them other delays; 0: it does not

    junction_row: Indices  # [N + 1]
    junction_other: Indices  # [E] neuron at the other end
    junction_conductance: Floats  # [E] uS
    junction_rule: Indices  # [E] 0: always; 1: only while V_other > V_self; 2: only while V_self > V_other

    receptors: Receptors
    events: Events
    short_term: ShortTerm
    plastic: Plastic
    weighted: Weighted
    noise: Noise
    equations: tuple[Equations, ...]  # [G]

    input_element: Indices  # [U] which element of x
    input_neuron: Indices  # [U] which neuron it reaches
    input_receptor: Indices  # [U] receptor, counted through all of them, or NONE: the neuron's current
    input_weight: Floats  # [U] nA (or the receptor's unit) per unit of x

    output_kind: Indices  # [O], OutputKind
    output_index: Indices  # [O]

    def __post_init__(self) -> None:
        """Freeze every array."""
        _freeze(self)

    @property
    def n_neurons(self) -> int:
        """Number of neurons, N."""
        return len(self.neuron_names)

    @property
    def n_inputs(self) -> int:
        """Number of input elements, M: the length of x."""
        return len(self.input_names)

    @property
    def n_outputs(self) -> int:
        """Number of output elements, O: the length of y."""
        return len(self.output_names)


def _freeze(record: Any) -> None:
    """Make every array of a record, and of the records in it, read-only."""
    for field in fields(record):
        value = getattr(record, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, np.ndarray):
                part.setflags(write=False)
            elif is_dataclass(part):
                _freeze(part)
