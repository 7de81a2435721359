"""The one intermediate form of a nervous system: flat arrays that every backend steps.

A `Program` is what `Network.compile` makes of populations and connections: one entry per neuron, channel and
synapse, no matrices. All semantics (textbook or SNS-Toolbox) are settled when it is made, so a backend needs no
switches. N neurons, S spiking ones, K ion channels, P graded and Q spiking synapses, E directed electrical
junctions, M input elements, O output elements.

One step, from old potentials V (every sum runs in the order of the arrays):

     1  I_app   += inputs: for every (input_element, input_neuron) pair, in order
     2  g_p      = g_max_p * clip((V_pre - e_lo) / (e_hi - e_lo), 0, 1)          graded chemical synapses
     3  G_q     *= 1 - dt / tau_q                                                 spiking chemical synapses
     4  I_syn    = sum g * (E - V_post) over both, graded first
     5  I_syn   += sum g * (V_other - V)                                          electrical junctions
     6  b, c    += dt * (z_inf(V) - z) / tau_z(V) ;  I_ion = sum g a_inf^pa b^pb c^pc (E - V)   with the new b, c
     7  V*       = V + membrane_factor * (-G_m (V - V_rest) + bias + I_app + I_syn + I_ion)
     8  theta*   = theta + theta_factor * (leak * (theta0 - theta) + m * (V - V_rest))
     9  spike    = V* > theta*  (strict; never while refractory)
    10  G_q     += min(increment_q, g_max_q - G_q) for every synapse whose source spiked `delay` steps ago
    11  V        = V_reset where spike or refractory, else V*;  theta = theta* + max(theta_increment, floor - theta*)
        where spike, else theta*

with z_inf(V) = 1 / (1 + k exp(slope (e - V))) and tau_z(V) = tau_max z_inf sqrt(k exp(slope (e - V))), or as `TauRule`
says. The step order and the gate equations are those of SNS-Toolbox 1.5
(Nourse et al. 2023, Biomimetics 8(2):247); membrane_factor is dt / C_m in textbook semantics.
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.uint32]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A compiled nervous system. Arrays are read-only; indices are uint32, the rest float64.

    Synapses, channels and junctions are sorted by the neuron whose current they make (stable: in the order in
    which they were described); `*_row` [N + 1] gives each neuron's slice.
    """

    dt: float  # ms
    semantics: str  # "textbook" or "sns-toolbox"
    reset_keeps_synapses: bool  # SNS-Toolbox's reset() leaves conductances and spikes in flight
    neuron_names: tuple[str, ...]  # [N]; "population[3]" inside a population, "population[1,2]" in a 2-D one
    input_names: tuple[str, ...]  # [M]
    output_names: tuple[str, ...]  # [O]
    synapse_names: tuple[str, ...]  # [P + Q], graded first

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
    spiking_decay: Floats  # [Q] 1 - dt / tau
    spiking_delay: Indices  # [Q] steps

    junction_row: Indices  # [N + 1]
    junction_other: Indices  # [E] neuron at the other end
    junction_conductance: Floats  # [E] uS
    junction_rule: Indices  # [E] 0: always; 1: only while V_other > V_self; 2: only while V_self > V_other

    input_element: Indices  # [U] which element of x
    input_neuron: Indices  # [U] which neuron it reaches

    output_kind: Indices  # [O], OutputKind
    output_index: Indices  # [O]

    def __post_init__(self) -> None:
        """Freeze every array."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

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
