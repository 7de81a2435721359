"""Currents of graded synapses: ramps of presynaptic potentials first, once each, then sums over them."""

import math

import numpy as np

from sns_mujoco.backends.families import NONE, Curve, Rule
from sns_mujoco.backends.native.sections import (
    LANES,
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
from sns_mujoco.backends.native.simd import (
    PALETTE_BITS,
    are_neighbours,
    block_both,
    block_both_by_palette,
    block_current,
    block_current_by_palette,
    open_lanes,
    scattered_both,
    scattered_both_by_palette,
    scattered_current,
    scattered_current_by_palette,
)


@inner
def unit(value):
    """Clip to 0..1. In this order of arguments NaN stays NaN, and it compiles without a branch."""
    return min(max(value, 0.0), 1.0)


@inner
def open_ramps(structure, parameters, state, work):
    """How far every ramp is open, 0 to 1; a run of consecutive neurons with the same ramp after the other."""
    v = memory(structure, state, State.POTENTIAL, structure[Count.NEURONS])
    activation = scratch(structure, work, Scratch.ACTIVATION, structure[Count.TAPS])
    n_ramp = structure[Count.RAMPS]
    neuron = indices(structure, Index.RAMP_NEURON, n_ramp)
    tap = indices(structure, Index.RAMP_TAP, n_ramp + np.uint64(1))
    lo = numbers(structure, parameters, Number.RAMP_LO, n_ramp)
    inverse = numbers(structure, parameters, Number.RAMP_INVERSE, n_ramp)
    if n_ramp == structure[Count.TAPS]:
        whole = np.uint64(n_ramp - n_ramp % np.uint32(LANES))
        for r in range(np.uint64(0), whole, np.uint64(LANES)):
            open_lanes(activation, v, neuron, lo, inverse, r)
        for r in range(whole, np.uint64(n_ramp)):
            activation[r] = unit((v[neuron[r]] - lo[r]) * inverse[r])
        return
    for r in range(n_ramp):
        count = np.uint64(tap[r + 1] - tap[r])
        to, source = part(activation, tap[r], count), part(v, neuron[r], count)
        low, slope = lo[r], inverse[r]
        for k in range(count):
            to[k] = unit((source[k] - low) * slope)


@inner
def graded_currents(structure, parameters, state, work, thread, threads):
    """Add the currents of the graded synapses of one thread's share of the neurons; ramps are open by now."""
    n_block, n = structure[Count.BLOCKS], structure[Count.NEURONS]
    palette, exponential = structure[Count.PALETTE], structure[Count.EXPONENTIAL]
    v = memory(structure, state, State.POTENTIAL, n)
    activation = scratch(structure, work, Scratch.ACTIVATION, 1)
    neuron = indices(structure, Index.BLOCK_NEURON, n_block * np.uint64(LANES))
    start = indices(structure, Index.BLOCK_START, n_block + np.uint64(1))
    tap = indices(structure, Index.GRADED_TAP, 1)
    g = numbers(structure, parameters, Number.GRADED_CONDUCTANCE, 1)
    reversal = numbers(structure, parameters, Number.GRADED_REVERSAL, 1)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    for b in range(n_block * thread // threads, n_block * (thread + 1) // threads):
        first, end = np.uint64(start[b]) * np.uint64(LANES), np.uint64(start[b + 1]) * np.uint64(LANES)
        at = np.uint64(b * LANES)
        i = np.uint64(neuron[at])
        if are_neighbours(neuron, at) and i + np.uint64(LANES) <= n:
            own, sums, open_sums = part(v, i, LANES), part(total, i, LANES), part(opened, i, LANES)
            if exponential and palette:
                block_both_by_palette(activation, own, neuron, tap, g, reversal, at, first, end, sums, open_sums)
            elif exponential:
                block_both(activation, own, neuron, tap, g, reversal, at, first, end, sums, open_sums)
            elif palette:
                block_current_by_palette(activation, own, neuron, tap, g, reversal, at, first, end, sums, open_sums)
            else:
                block_current(activation, own, neuron, tap, g, reversal, at, first, end, sums, open_sums)
        # a lane without a neuron reads what follows the potentials in the state, and writes beyond the last total
        elif exponential and palette:
            scattered_both_by_palette(activation, v, neuron, tap, g, reversal, at, first, end, total, opened)
        elif exponential:
            scattered_both(activation, v, neuron, tap, g, reversal, at, first, end, total, opened)
        elif palette:
            scattered_current_by_palette(activation, v, neuron, tap, g, reversal, at, first, end, total, opened)
        else:
            scattered_current(activation, v, neuron, tap, g, reversal, at, first, end, total, opened)

    if thread == 0:
        _wide_currents(structure, v, activation, tap, g, reversal, total, opened)


@inner
def _wide_currents(structure, v, activation, tap, g, reversal, total, opened):
    """Add the currents of neurons that fit into no block."""
    n_wide, palette = structure[Count.WIDE], structure[Count.PALETTE]
    wide = indices(structure, Index.WIDE_NEURON, n_wide)
    wide_start = indices(structure, Index.WIDE_START, n_wide + np.uint64(1))
    for w in range(n_wide):
        i = wide[w]
        current, open_sum = total[i], 0.0
        for p in range(np.uint64(wide_start[w]), np.uint64(wide_start[w + 1])):
            share = g[p] * activation[graded_tap(tap, p, palette)]
            current += share * (graded_reversal(tap, reversal, p, palette) - v[i])
            open_sum += share
        total[i] = current
        opened[i] = open_sum


@inner
def graded_tap(tap, p, palette):
    """Tap of graded synapse p."""
    return tap[p] & np.uint32((1 << PALETTE_BITS) - 1) if palette else tap[p]


@inner
def graded_reversal(tap, reversal, p, palette):
    """Reversal potential of graded synapse p, mV."""
    return reversal[tap[p] >> np.uint32(PALETTE_BITS)] if palette else reversal[p]


@inner
def share_open(curve, midpoint, slope, v):
    """How far a weighted graded synapse is opened by a potential, 0 to 1."""
    if curve == Curve.SIGMOID:
        return 1.0 / (1.0 + math.exp(-slope * (v - midpoint)))
    return unit((v - midpoint) * slope)


@inner
def weighted_currents(structure, parameters, state, work):
    """Add the currents of the weighted graded synapses."""
    n, n_weighted = structure[Count.NEURONS], structure[Count.WEIGHTED]
    v = memory(structure, state, State.POTENTIAL, n)
    learned = memory(structure, state, State.GRADED_WEIGHT, 1)
    row = indices(structure, Index.WEIGHTED_ROW, n + np.uint64(1))
    source = indices(structure, Index.WEIGHTED_SOURCE, n_weighted)
    driving = indices(structure, Index.WEIGHTED_DRIVING, n_weighted)
    curve = indices(structure, Index.WEIGHTED_CURVE, n_weighted)
    place = indices(structure, Index.WEIGHTED_PLACE, n_weighted)
    weight = numbers(structure, parameters, Number.WEIGHTED_WEIGHT, n_weighted)
    reversal = numbers(structure, parameters, Number.WEIGHTED_REVERSAL, n_weighted)
    midpoint = numbers(structure, parameters, Number.WEIGHTED_MIDPOINT, n_weighted)
    slope = numbers(structure, parameters, Number.WEIGHTED_SLOPE, n_weighted)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    for i in range(n):
        for s in range(row[i], row[i + 1]):
            w = weight[s] if place[s] == NONE else learned[place[s]]
            share = w * share_open(curve[s], midpoint[s], slope[s], v[source[s]])
            if driving[s]:
                total[i] += share * (reversal[s] - v[i])
                opened[i] += share
            else:
                total[i] += share


@inner
def graded_learning(structure, parameters, state):
    """Let the weighted graded synapses learn, from the potentials at the start of the step."""
    n, n_weighted = structure[Count.NEURONS], structure[Count.WEIGHTED]
    v = memory(structure, state, State.POTENTIAL, n)
    learned = memory(structure, state, State.GRADED_WEIGHT, 1)
    row = indices(structure, Index.WEIGHTED_ROW, n + np.uint64(1))
    source = indices(structure, Index.WEIGHTED_SOURCE, n_weighted)
    curve = indices(structure, Index.WEIGHTED_CURVE, n_weighted)
    rule = indices(structure, Index.WEIGHTED_RULE, n_weighted)
    place = indices(structure, Index.WEIGHTED_PLACE, n_weighted)
    midpoint = numbers(structure, parameters, Number.WEIGHTED_MIDPOINT, n_weighted)
    slope = numbers(structure, parameters, Number.WEIGHTED_SLOPE, n_weighted)
    rate = numbers(structure, parameters, Number.WEIGHTED_RATE, n_weighted)
    forget = numbers(structure, parameters, Number.WEIGHTED_FORGET, n_weighted)
    post_midpoint = numbers(structure, parameters, Number.WEIGHTED_POST_MIDPOINT, n_weighted)
    post_slope = numbers(structure, parameters, Number.WEIGHTED_POST_SLOPE, n_weighted)
    lowest = numbers(structure, parameters, Number.WEIGHTED_LOWEST, n_weighted)
    highest = numbers(structure, parameters, Number.WEIGHTED_HIGHEST, n_weighted)
    for i in range(n):
        for s in range(row[i], row[i + 1]):
            if rule[s] == Rule.FIXED:
                continue
            w = learned[place[s]]
            pre = share_open(curve[s], midpoint[s], slope[s], v[source[s]])
            post = unit((v[i] - post_midpoint[s]) * post_slope[s])
            gain = post * pre if rule[s] == Rule.HEBB else post * (pre - post * w)
            w += rate[s] * gain - forget[s] * w
            learned[place[s]] = min(max(w, lowest[s]), highest[s])
