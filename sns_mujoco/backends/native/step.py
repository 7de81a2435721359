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
from sns_mujoco.backends.native.graded import graded_currents, graded_learning, open_ramps, weighted_currents
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
    inner,
    memory,
    numbers,
    part,
    scratch,
)

WHOLE, BEGIN, SHARE, END = range(4)  # phases of a step


@njit(error_model="numpy", inline="always")
def step(structure, parameters, state, work, x, y, repeats, phase, thread, threads):
    """Advance a nervous system by `repeats` steps under a held input.

    Args:
        structure: uint32, from `pack.pack`.
        parameters: float64, from `pack.pack`.
        state: float64, from `StateLayout`; changed in place.
        work: float64 [structure[Count.SCRATCH]]; with several repeats, its section COUNT returns how often each neuron
            has spiked in them.
        x: float64 [M], nA.
        y: float64 [O], the outputs after the last step, written here.
        repeats: Number of steps.
        phase: WHOLE, or for several threads that share a step: BEGIN on one, SHARE on all, END on one.
        thread: Which thread this is, counted from 0.
        threads: How many there are.
    """
    n_spiking = structure[Count.SPIKING]
    counts = repeats > 1
    if counts:
        scratch(structure, work, Scratch.COUNT, n_spiking)[:] = 0.0
    for _ in range(repeats):
        if phase == WHOLE or phase == BEGIN:
            begin(structure, parameters, state, work, x, y)
        if structure[Count.TAPS] and (phase == WHOLE or phase == SHARE):
            graded_currents(structure, parameters, state, work, thread, threads)
        if phase == WHOLE or phase == END:
            finish(structure, parameters, state, work, y, counts)


@njit(error_model="numpy", inline="always")
def begin(structure, parameters, state, work, x, y):
    """Inputs, and what is read before anything changes."""
    n = structure[Count.NEURONS]
    scratch(structure, work, Scratch.TOTAL, n)[:] = 0.0
    if structure[Count.EXPONENTIAL]:
        scratch(structure, work, Scratch.OPEN, n)[:] = 0.0
    if structure[Count.DIRECT]:
        _add_input(structure, parameters, work, x)
    if structure[Count.INTO]:
        receptor_inputs(structure, parameters, state, x)
    if structure[Count.MONITORED]:
        read_before(structure, parameters, state, y)
    if structure[Count.TAPS]:
        open_ramps(structure, parameters, state, work)


@njit(error_model="numpy", inline="always")
def finish(structure, parameters, state, work, y, counts):
    """All other currents, new potentials, spikes and what they do."""
    n = structure[Count.NEURONS]
    v = memory(structure, state, State.POTENTIAL, n)
    if structure[Count.CHEMICAL]:
        chemical_currents(structure, parameters, state, work)
    if structure[Count.JUNCTIONS]:
        junction_currents(structure, parameters, state, work)
    if structure[Count.CHANNELS]:
        channel_currents(structure, parameters, state, work)
    if structure[Count.WEIGHTED]:
        weighted_currents(structure, parameters, state, work)
    if structure[Count.NOISE]:
        noise_currents(structure, parameters, state, work)
    spikes = np.int64(0)
    # a stretch of neurons at a time, so that its currents and potentials stay in the fastest memory
    run_row = indices(structure, Index.RUN_ROW, 1)
    segment_row = indices(structure, Index.SEGMENT_ROW, 1)
    for c in range(structure[Count.STRETCHES]):
        if structure[Count.RUNS]:
            receptor_currents(structure, parameters, state, work, run_row[c], run_row[c + 1])
        spikes = membranes(structure, parameters, state, work, segment_row[c], segment_row[c + 1], spikes, counts)
    if structure[Count.GROUPS]:
        spikes = equations(structure, parameters, state, work, spikes, counts)
    if spikes > 0 or structure[Count.RINGS]:
        arrivals(structure, parameters, state, work, spikes)
    if structure[Count.PLASTIC]:
        learning(structure, parameters, state, work, spikes)
    if structure[Count.LEARNS]:
        graded_learning(structure, parameters, state)
    if not structure[Count.EARLY]:
        v[:] = scratch(structure, work, Scratch.TOTAL, n)
    memory(structure, state, State.STEP, 1)[0] += 1.0
    read_after(structure, parameters, state, y)


@inner
def _add_input(structure, parameters, work, x):
    """Add the input to the neurons' currents; an edge after the other, or a run of them to consecutive neurons."""
    n, n_direct = structure[Count.NEURONS], structure[Count.DIRECT]
    element = indices(structure, Index.DIRECT_ELEMENT, n_direct)
    neuron = indices(structure, Index.DIRECT_NEURON, n_direct)
    length = indices(structure, Index.DIRECT_LENGTH, n_direct)
    stride = indices(structure, Index.DIRECT_STRIDE, n_direct)
    weight = numbers(structure, parameters, Number.INPUT_WEIGHT, n_direct)
    total = scratch(structure, work, Scratch.TOTAL, n)
    for e in range(n_direct):
        if length[e] == 1:
            total[neuron[e]] += weight[e] * x[element[e]]
            continue
        own = part(total, neuron[e], length[e])
        given = part(x, element[e], length[e])
        w = weight[e]
        if stride[e] == 0:
            current = w * given[0]
            for k in range(np.uint64(length[e])):
                own[k] += current
        else:
            for k in range(np.uint64(length[e])):
                own[k] += w * given[k]
