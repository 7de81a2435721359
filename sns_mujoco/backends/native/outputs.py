"""What is read out of a nervous system."""

import numpy as np

from sns_mujoco.backends.native.graded import graded_reversal, graded_tap, unit
from sns_mujoco.backends.native.sections import Count, Index, Number, State, indices, inner, memory, numbers
from sns_mujoco.backends.program import OutputKind

NONE = 0xFFFFFFFF
CONDUCTANCE = 1  # of families.ReceptorKind


@inner
def _owner(row, place):
    """The neuron to whose slice an entry of a sorted family belongs."""
    return np.searchsorted(row, place, side="right") - 1


@inner
def read_before(structure, parameters, state, y):
    """Outputs that depend on what is there at the start of a step only."""
    n, n_output = structure[Count.NEURONS], structure[Count.OUTPUTS]
    v = memory(structure, state, State.POTENTIAL, n)
    kind, index = indices(structure, Index.OUTPUT_KIND, n_output), indices(structure, Index.OUTPUT_INDEX, n_output)
    for o in range(n_output):
        j = np.uint64(index[o])
        if kind[o] == OutputKind.GRADED_CONDUCTANCE or kind[o] == OutputKind.GRADED_CURRENT:
            y[o] = _graded(structure, parameters, v, j, kind[o] == OutputKind.GRADED_CURRENT)
        elif kind[o] == OutputKind.SPIKING_CURRENT:
            i = _owner(indices(structure, Index.CHEMICAL_ROW, n + np.uint64(1)), j)
            g = memory(structure, state, State.CONDUCTANCE, 1)[j]
            g *= numbers(structure, parameters, Number.CHEMICAL_KEEP, 1)[j]
            y[o] = g * (numbers(structure, parameters, Number.CHEMICAL_REVERSAL, 1)[j] - v[i])
        elif kind[o] == OutputKind.RECEPTOR_CURRENT:
            own = indices(structure, Index.RECEPTOR_SET, 1)[j]
            value = memory(structure, state, State.RECEPTOR, 1)[j]
            if indices(structure, Index.RECEPTOR_KIND, 1)[j] == CONDUCTANCE:
                i = indices(structure, Index.RECEPTOR_NEURON, 1)[j]
                value *= numbers(structure, parameters, Number.RUN_REVERSAL, 1)[own] - v[i]
            y[o] = value


@inner
def _graded(structure, parameters, v, j, current):
    """Conductance or current of a graded synapse; j counts in the order in which the packing has them."""
    palette = structure[Count.PALETTE]
    tap = indices(structure, Index.GRADED_TAP, 1)
    a = graded_tap(tap, j, palette)
    starts = indices(structure, Index.RAMP_TAP, structure[Count.RAMPS] + np.uint64(1))
    r = _owner(starts, a)
    source = indices(structure, Index.RAMP_NEURON, 1)[r] + (a - starts[r])
    lo = numbers(structure, parameters, Number.RAMP_LO, 1)[r]
    inverse = numbers(structure, parameters, Number.RAMP_INVERSE, 1)[r]
    g = numbers(structure, parameters, Number.GRADED_CONDUCTANCE, 1)[j] * unit((v[source] - lo) * inverse)
    if not current:
        return g
    target = indices(structure, Index.GRADED_TARGET, 1)[j]
    return g * (graded_reversal(tap, numbers(structure, parameters, Number.GRADED_REVERSAL, 1), j, palette) - v[target])


@inner
def read_after(structure, parameters, state, y):
    """Outputs at the end of a step."""
    n, n_output, n_channel = structure[Count.NEURONS], structure[Count.OUTPUTS], structure[Count.CHANNELS]
    v = memory(structure, state, State.POTENTIAL, n)
    if structure[Count.ALL_POTENTIALS]:
        for i in range(n):
            y[i] = v[i]
        return
    kind, index = indices(structure, Index.OUTPUT_KIND, n_output), indices(structure, Index.OUTPUT_INDEX, n_output)
    spike, theta = memory(structure, state, State.SPIKE, 1), memory(structure, state, State.THRESHOLD, 1)
    gate, g = memory(structure, state, State.GATE, 1), memory(structure, state, State.CONDUCTANCE, 1)
    receptor, weight = memory(structure, state, State.RECEPTOR, 1), memory(structure, state, State.WEIGHT, 1)
    graded_weight = memory(structure, state, State.GRADED_WEIGHT, 1)
    variables, noise = memory(structure, state, State.VARIABLES, 1), memory(structure, state, State.NOISE, 1)
    for o in range(n_output):
        j = np.uint64(index[o])
        if kind[o] == OutputKind.VOLTAGE:
            y[o] = v[j]
        elif kind[o] == OutputKind.SPIKE:
            y[o] = spike[j]
        elif kind[o] == OutputKind.THRESHOLD:
            y[o] = theta[j]
        elif kind[o] == OutputKind.GATE_B:
            y[o] = gate[j]
        elif kind[o] == OutputKind.GATE_C:
            y[o] = gate[j + n_channel]
        elif kind[o] == OutputKind.SPIKING_CONDUCTANCE:
            y[o] = g[j]
        elif kind[o] == OutputKind.ZERO:
            y[o] = 0.0
        elif kind[o] == OutputKind.RECEPTOR:
            y[o] = receptor[j]
        elif kind[o] == OutputKind.WEIGHT:
            p = indices(structure, Index.EVENT_PLASTIC, 1)[j]
            if p != NONE:
                y[o] = weight[p]
            else:
                gain = numbers(structure, parameters, Number.EVENT_GAIN, 1)[j]
                y[o] = numbers(structure, parameters, Number.EVENT_WEIGHT, 1)[j] / gain
        elif kind[o] == OutputKind.GRADED_WEIGHT:
            p = indices(structure, Index.WEIGHTED_PLACE, 1)[j]
            y[o] = graded_weight[p] if p != NONE else numbers(structure, parameters, Number.WEIGHTED_WEIGHT, 1)[j]
        elif kind[o] == OutputKind.VARIABLE:
            y[o] = variables[j]
        elif kind[o] == OutputKind.NOISE:
            y[o] = noise[j]
