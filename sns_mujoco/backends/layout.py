"""A `Program` packed into two flat buffers: what is structure (uint32) and what is a number (float64).

The kernel of the numba backend and the native plugin read these buffers, because a call with two buffers costs a
fraction of a call with thirty arrays, and because a MuJoCo model stores numbers as one array that may differ from
one individual of a population to the next while the structure is shared.

The order of sections is defined here once; `kernel.py` walks the same order.
"""

import numpy as np

from sns_mujoco.backends.program import Floats, Indices, OutputKind, Program
from sns_mujoco.backends.state import StateLayout

# outputs that are read at the start of a step, when the potentials that they depend on are still there
MONITORED = (OutputKind.GRADED_CONDUCTANCE, OutputKind.GRADED_CURRENT, OutputKind.SPIKING_CURRENT)


def pack_structure(program: Program) -> Indices:
    """Counts and indices: uint32, a header of eleven counts and then the sections in the order of `kernel.step`."""
    layout = StateLayout.of(program)
    counts = [
        program.n_neurons,
        len(program.spiking_neuron),
        program.initial_gate.shape[1],
        len(program.graded_source),
        len(program.spiking_source),
        len(program.junction_other),
        len(program.input_element),
        program.n_outputs,
        int(layout.ring_depth.sum()),
        int(np.isin(program.output_kind, MONITORED).sum()),
        int(_all_potentials(program)),
    ]
    sections = [
        np.array(counts),
        program.graded_row,
        program.graded_source,
        program.spiking_row,
        program.spiking_source,
        program.spiking_delay,
        program.junction_row,
        program.junction_other,
        program.junction_rule,
        program.channel_row,
        program.gate_tau_rule.ravel(),
        program.spiking_neuron,
        program.refractory_steps,
        layout.ring_depth,
        layout.ring_start,
        program.input_element,
        program.input_neuron,
        program.output_kind,
        program.output_index,
    ]
    return np.concatenate([section.astype(np.uint32) for section in sections])


def pack_parameters(program: Program) -> Floats:
    """Numbers: float64, one section after the other in the order of `kernel.step`."""
    span = program.graded_e_hi - program.graded_e_lo
    sections = [
        program.membrane_factor,
        program.leak_conductance,
        program.resting_potential,
        program.bias,
        program.graded_conductance,
        program.graded_reversal,
        program.graded_e_lo,
        1.0 / span,
        program.spiking_conductance,
        program.spiking_increment,
        program.spiking_reversal,
        program.spiking_decay,
        program.junction_conductance,
        program.channel_conductance,
        program.channel_reversal,
        program.gate_power.ravel(),
        program.gate_k.ravel(),
        program.gate_slope.ravel(),
        program.gate_midpoint.ravel(),
        program.gate_factor.ravel(),
        program.initial_threshold,
        program.threshold_factor,
        program.threshold_leak,
        program.threshold_proportionality,
        program.threshold_increment,
        program.threshold_floor,
        program.reset_potential,
    ]
    return np.concatenate(sections)


def work_size(program: Program) -> int:
    """Length of the scratch buffer of `kernel.step`: new potentials, applied currents, spike counts."""
    return 2 * program.n_neurons + len(program.spiking_neuron)


def _all_potentials(program: Program) -> bool:
    """Whether the outputs are the potentials of all neurons in order, which are copied in one go."""
    every = np.arange(program.n_neurons)
    return bool((program.output_kind == OutputKind.VOLTAGE).all() and np.array_equal(program.output_index, every))
