"""The fast CPU step: every family in turn, by the equations of `program.py`.

Sums run in a fixed order and floating point is strict, so the same input gives the same bits in every caller: the numba
backend and the native plugin. Indices are unsigned because signed ones cost a wrap-around check at every gather. A
division by zero gives an infinity (`error_model="numpy"`): an exception could not leave the engine's threads.

Functions here and in the modules that it calls are not cached one by one: a cached function is not made anew when
another that it calls has changed. Entry points are cached by a digest of all sources, see `entry.py`.
"""

import numpy as np
from numba import njit

from sns_mujoco.backends.native.equations import equations
from sns_mujoco.backends.native.events import (
    arrivals,
    learning,
    noise_currents,
    receptor_currents,
    receptor_inputs,
)
from sns_mujoco.backends.native.graded import graded_currents, graded_learning, weighted_currents
from sns_mujoco.backends.native.membranes import (
    channel_currents,
    chemical_currents,
    junction_currents,
    membranes,
)
from sns_mujoco.backends.native.outputs import read_after, read_before
from sns_mujoco.backends.native.sections import (
    Count,
    Index,
    Number,
    Scratch,
    State,
    indices,
    memory,
    numbers,
    scratch,
)


@njit(error_model="numpy")
def step(structure, parameters, state, work, x, y, repeats):
    """Advance a nervous system by `repeats` steps under a held input.

    Args:
        structure: uint32, from `packing.pack_structure`.
        parameters: float64, from `packing.pack_parameters`.
        state: float64, from `StateLayout`; changed in place.
        work: float64 [structure[Count.SCRATCH]]; its section COUNT returns the spikes of each neuron in this call.
        x: float64 [M], nA.
        y: float64 [O], the outputs after the last step, written here.
        repeats: Number of steps.
    """
    n, n_spiking = structure[Count.NEURONS], structure[Count.SPIKING]
    applied = scratch(structure, work, Scratch.APPLIED, n)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    tally = scratch(structure, work, Scratch.COUNT, n_spiking)
    v = memory(structure, state, State.POTENTIAL, n)
    clock = memory(structure, state, State.STEP, 1)
    tally[:] = 0.0
    applied[:] = 0.0
    n_direct = structure[Count.DIRECT]
    element = indices(structure, Index.DIRECT_ELEMENT, n_direct)
    neuron = indices(structure, Index.DIRECT_NEURON, n_direct)
    weight = numbers(structure, parameters, Number.INPUT_WEIGHT, n_direct)
    for e in range(n_direct):
        applied[neuron[e]] += weight[e] * x[element[e]]

    for _ in range(repeats):
        total[:] = 0.0
        if structure[Count.EXPONENTIAL]:
            opened[:] = 0.0
        if structure[Count.INTO]:
            receptor_inputs(structure, parameters, state, x)
        if structure[Count.MONITORED]:
            read_before(structure, parameters, state, y)
        if structure[Count.TAPS]:
            graded_currents(structure, parameters, state, work)
        if structure[Count.CHEMICAL]:
            chemical_currents(structure, parameters, state, work)
        if structure[Count.JUNCTIONS]:
            junction_currents(structure, parameters, state, work)
        if structure[Count.CHANNELS]:
            channel_currents(structure, parameters, state, work)
        if structure[Count.WEIGHTED]:
            weighted_currents(structure, parameters, state, work)
        if structure[Count.RUNS]:
            receptor_currents(structure, parameters, state, work)
        if structure[Count.NOISE]:
            noise_currents(structure, parameters, state, work)
        spikes = membranes(structure, parameters, state, work)
        if structure[Count.GROUPS]:
            spikes = equations(structure, parameters, state, work, spikes)
        if spikes > 0 or structure[Count.RINGS]:
            arrivals(structure, parameters, state, work, spikes)
        if structure[Count.PLASTIC]:
            learning(structure, parameters, state, work, spikes)
        if structure[Count.LEARNS]:
            graded_learning(structure, parameters, state)
        v[:] = total[:n]
        clock[0] += 1.0
        read_after(structure, parameters, state, y)
