"""What is read out of a nervous system."""

import numpy as np

from sns_mujoco.backends.families import NONE, ReceptorKind
from sns_mujoco.backends.native.graded import graded_reversal, graded_tap, unit
from sns_mujoco.backends.native.sections import Count, Index, Number, State, indices, inner, memory, numbers, part
from sns_mujoco.backends.program import OutputKind


@inner
def _owner(row, place):
    """The neuron to whose slice an entry of a sorted family belongs."""
    return np.searchsorted(row, place, side="right") - 1


@inner
def read_before(structure, parameters, state, y):
    """Outputs that depend on what is there at the start of a step only."""
    n, n_reading = structure[Count.NEURONS], structure[Count.READINGS]
    v = memory(structure, state, State.POTENTIAL, n)
    kind, index = indices(structure, Index.OUTPUT_KIND, n_reading), indices(structure, Index.OUTPUT_INDEX, n_reading)
    first = indices(structure, Index.OUTPUT_FIRST, n_reading + np.uint64(1))
    for r in range(n_reading):
        for o in range(first[r], first[r + 1]):
            j = np.uint64(index[r] + (o - first[r]))
            if kind[r] == OutputKind.GRADED_CONDUCTANCE or kind[r] == OutputKind.GRADED_CURRENT:
                y[o] = _graded(structure, parameters, v, j, kind[r] == OutputKind.GRADED_CURRENT)
            elif kind[r] == OutputKind.SPIKING_CURRENT:
                i = _owner(indices(structure, Index.CHEMICAL_ROW, n + np.uint64(1)), j)
                g = memory(structure, state, State.CONDUCTANCE, 1)[j]
                g *= numbers(structure, parameters, Number.CHEMICAL_KEEP, 1)[j]
                y[o] = g * (numbers(structure, parameters, Number.CHEMICAL_REVERSAL, 1)[j] - v[i])
            elif kind[r] == OutputKind.RECEPTOR_CURRENT:
                own = indices(structure, Index.RECEPTOR_SET, 1)[j]
                value = memory(structure, state, State.RECEPTOR, 1)[j]
                if indices(structure, Index.RECEPTOR_KIND, 1)[j] == ReceptorKind.CONDUCTANCE:
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
def _copy(structure, state, section, start, y):
    """Put consecutive numbers of the state into the output."""
    source = part(memory(structure, state, section, 1), start, len(y))
    for k in range(np.uint64(len(y))):
        y[k] = source[k]


@inner
def read_after(structure, parameters, state, y):
    """Outputs at the end of a step."""
    n_reading, n_channel = structure[Count.READINGS], structure[Count.CHANNELS]
    kind, index = indices(structure, Index.OUTPUT_KIND, n_reading), indices(structure, Index.OUTPUT_INDEX, n_reading)
    first = indices(structure, Index.OUTPUT_FIRST, n_reading + np.uint64(1))
    for r in range(n_reading):
        j = np.uint64(index[r])
        own = part(y, first[r], first[r + 1] - first[r])
        if kind[r] == OutputKind.VOLTAGE:
            _copy(structure, state, State.POTENTIAL, j, own)
        elif kind[r] == OutputKind.SPIKE:
            _copy(structure, state, State.SPIKE, j, own)
        elif kind[r] == OutputKind.THRESHOLD:
            _copy(structure, state, State.THRESHOLD, j, own)
        elif kind[r] == OutputKind.GATE_B:
            _copy(structure, state, State.GATE, j, own)
        elif kind[r] == OutputKind.GATE_C:
            _copy(structure, state, State.GATE, j + n_channel, own)
        elif kind[r] == OutputKind.SPIKING_CONDUCTANCE:
            _copy(structure, state, State.CONDUCTANCE, j, own)
        elif kind[r] == OutputKind.ZERO:
            own[:] = 0.0
        elif kind[r] == OutputKind.RECEPTOR:
            _copy(structure, state, State.RECEPTOR, j, own)
        elif kind[r] == OutputKind.VARIABLE:
            _copy(structure, state, State.VARIABLES, j, own)
        elif kind[r] == OutputKind.NOISE:
            _copy(structure, state, State.NOISE, j, own)
        elif kind[r] == OutputKind.WEIGHT or kind[r] == OutputKind.GRADED_WEIGHT:
            _weights(structure, parameters, state, j, own, kind[r] == OutputKind.WEIGHT)


@inner
def _weights(structure, parameters, state, start, y, of_events):
    """Weights of consecutive synapses, learned or not."""
    learned = memory(structure, state, State.WEIGHT if of_events else State.GRADED_WEIGHT, 1)
    place = indices(structure, Index.EVENT_PLASTIC if of_events else Index.WEIGHTED_PLACE, 1)
    fixed = numbers(structure, parameters, Number.EVENT_WEIGHT if of_events else Number.WEIGHTED_WEIGHT, 1)
    gain = numbers(structure, parameters, Number.EVENT_GAIN, 1)
    for k in range(np.uint64(len(y))):
        j = start + k
        if place[j] != NONE:
            y[k] = learned[place[j]]
        else:
            y[k] = fixed[j] / gain[j] if of_events else fixed[j]
