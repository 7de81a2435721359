"""Leaky membranes: currents of spiking synapses, junctions and ion channels; new potentials, thresholds, spikes."""

import math

import numpy as np

from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.native.exponential import exp
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
    padded,
    part,
    scratch,
)
from sns_mujoco.backends.native.simd import gather_lanes
from sns_mujoco.backends.program import TauRule

NOTHING, ALL, ALL_BUT_BIAS = range(3)  # Index.SEGMENT_SHARED
FEW = 32  # neurons that are looked at together for spikes
_padded = inner(padded)


@inner
def chemical_currents(structure, parameters, state, work):
    """Let the conductances of spiking synapses decay and add their currents."""
    n, n_chemical = structure[Count.NEURONS], structure[Count.CHEMICAL]
    v = memory(structure, state, State.POTENTIAL, n)
    conductance = memory(structure, state, State.CONDUCTANCE, n_chemical)
    row = indices(structure, Index.CHEMICAL_ROW, n + np.uint64(1))
    reversal = numbers(structure, parameters, Number.CHEMICAL_REVERSAL, n_chemical)
    keep = numbers(structure, parameters, Number.CHEMICAL_KEEP, n_chemical)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    for i in range(n):
        current, open_sum = 0.0, 0.0
        for s in range(row[i], row[i + 1]):
            g = conductance[s] * keep[s]
            conductance[s] = g
            current += g * (reversal[s] - v[i])
            open_sum += g
        total[i] += current
        opened[i] += open_sum


@inner
def junction_currents(structure, parameters, state, work):
    """Add the currents of electrical junctions."""
    n, n_junction = structure[Count.NEURONS], structure[Count.JUNCTIONS]
    v = memory(structure, state, State.POTENTIAL, n)
    row = indices(structure, Index.JUNCTION_ROW, n + np.uint64(1))
    other = indices(structure, Index.JUNCTION_OTHER, n_junction)
    rule = indices(structure, Index.JUNCTION_RULE, n_junction)
    conductance = numbers(structure, parameters, Number.JUNCTION_CONDUCTANCE, n_junction)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    for i in range(n):
        for s in range(row[i], row[i + 1]):
            difference = v[other[s]] - v[i]
            if rule[s] == 0 or (rule[s] == 1 and difference > 0.0) or (rule[s] == 2 and difference < 0.0):
                total[i] += conductance[s] * difference
                opened[i] += conductance[s]


@inner
def to_power(base, exponent):
    """Gate to its power, without the cost of `pow` for the powers that occur."""
    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return 1.0
    if exponent == 2.0:
        return base * base
    if exponent == 3.0:
        return base * base * base
    if exponent == 4.0:
        return (base * base) * (base * base)
    return base**exponent


@inner
def _gate_exponentials(scaled, slope, midpoint, gate_k, at):
    """K exp(slope (e - V)) of every gate."""
    for j in range(np.uint64(len(scaled))):
        scaled[j] = gate_k[j] * exp(slope[j] * (midpoint[j] - at[j]))


@inner
def _gate_ends(steady, scaled):
    """The steady state of every gate."""
    for j in range(np.uint64(len(steady))):
        steady[j] = 1.0 / (1.0 + scaled[j])


@inner
def _gate_rates(rate, scaled, factor, tau_rule):
    """The share of the way to its steady state that every gate goes in a step."""
    for j in range(np.uint64(len(rate))):
        own = (1.0 + scaled[j]) / math.sqrt(scaled[j])
        rate[j] = factor[j] if tau_rule[j] == TauRule.CONSTANT else factor[j] * own


@inner
def _move_gates(gate, rate, steady, tau_rule, limits):
    """Move every gate towards its steady state; with `limits`, none further than there whose rule says so."""
    for j in range(np.uint64(len(gate))):
        share = rate[j]
        share = 1.0 if limits and tau_rule[j] == TauRule.LIMITED and not share < 1.0 else share
        gate[j] += share * (steady[j] - gate[j])


@inner
def channel_currents(structure, parameters, state, work):
    """Advance the gates of ion channels and add their currents."""
    # a loop for each kind of arithmetic, so that the compiler takes several gates at a time
    n, n_channel, exponential = structure[Count.NEURONS], structure[Count.CHANNELS], structure[Count.EXPONENTIAL]
    two, three = np.uint64(2) * n_channel, np.uint64(3) * n_channel
    wide, wider = np.uint64(_padded(np.int64(two))), np.uint64(_padded(np.int64(three)))
    v = memory(structure, state, State.POTENTIAL, n)
    gate = memory(structure, state, State.GATE, two)
    neuron = indices(structure, Index.CHANNEL_NEURON, wider)
    tau_rule = indices(structure, Index.TAU_RULE, wide)
    conductance = numbers(structure, parameters, Number.CHANNEL_CONDUCTANCE, n_channel)
    reversal = numbers(structure, parameters, Number.CHANNEL_REVERSAL, n_channel)
    power = numbers(structure, parameters, Number.GATE_POWER, three)
    gate_k = numbers(structure, parameters, Number.GATE_K, wider)
    slope = numbers(structure, parameters, Number.GATE_SLOPE, wider)
    midpoint = numbers(structure, parameters, Number.GATE_MIDPOINT, wider)
    factor = numbers(structure, parameters, Number.GATE_FACTOR, wide)
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    opened = scratch(structure, work, Scratch.OPEN, n + np.uint64(1))
    at = scratch(structure, work, Scratch.GATES, wider)
    scaled = part(at, wider, wider)
    steady = part(scaled, wider, wider)
    rate = part(steady, wider, wide)
    # the first gate of a channel is always in its steady state; what lies beyond the others is not looked at
    moving, goal = part(scaled, n_channel, wide), part(steady, n_channel, two)
    for j in range(np.uint64(0), wider, np.uint64(LANES)):
        gather_lanes(part(at, j, LANES), v, neuron, j)
    _gate_exponentials(scaled, slope, midpoint, gate_k, at)
    _gate_ends(steady, scaled)
    _gate_rates(rate, moving, factor, tau_rule)
    if exponential:
        for j in range(two):
            rate[j] = -math.expm1(-rate[j])
    _move_gates(gate, rate, goal, tau_rule, exponential == 0)
    for k in range(n_channel):
        g = conductance[k] * to_power(steady[k], power[k])
        g *= to_power(gate[k], power[k + n_channel])
        g *= to_power(gate[k + n_channel], power[k + two])
        total[neuron[k]] += g * (reversal[k] - at[k])
        opened[neuron[k]] += g


@inner
def growth(x):
    """(1 - exp(-x)) / x, 1 at 0: the share of a step of forward Euler that a membrane really goes."""
    return -math.expm1(-x) / x if x != 0.0 else 1.0


@inner
def moved(v, current, factor, leak, rest, bias):
    """Potential a step of forward Euler later."""
    return v + factor * (bias + current - leak * (v - rest))


@inner
def _leak(v, total, early, factor, leak, rest, bias, shared):
    """New potentials of a segment: in place of the old ones if these are no longer needed, else of the currents."""
    # six loops, because a compiler that sees two arrays that may be one does not take several neurons at a time
    n = np.uint64(len(v))
    f, g, r, c = factor[0], leak[0], rest[0], bias[0]
    if shared == ALL and early:
        for k in range(n):
            v[k] = moved(v[k], total[k], f, g, r, c)
    elif shared == ALL:
        for k in range(n):
            total[k] = moved(v[k], total[k], f, g, r, c)
    elif shared == ALL_BUT_BIAS and early:
        for k in range(n):
            v[k] = moved(v[k], total[k], f, g, r, bias[k])
    elif shared == ALL_BUT_BIAS:
        for k in range(n):
            total[k] = moved(v[k], total[k], f, g, r, bias[k])
    elif early:
        for k in range(n):
            v[k] = moved(v[k], total[k], factor[k], leak[k], rest[k], bias[k])
    else:
        for k in range(n):
            total[k] = moved(v[k], total[k], factor[k], leak[k], rest[k], bias[k])


@inner
def _leak_exponentially(new, v, total, opened, factor, leak, rest, bias, shared):
    """The same by exponential Euler."""
    for k in range(np.uint64(len(v))):
        q = k if shared == NOTHING else np.uint64(0)
        share = factor[q] * growth(factor[q] * (leak[q] + opened[k]))
        new[k] = moved(v[k], total[k], share, leak[q], rest[q], bias[np.uint64(0) if shared == ALL else k])


@inner
def membranes(structure, parameters, state, work, first_segment, end_segment, spikes, counts):
    """New potentials of neurons with leaky membranes; how many spiked so far."""
    n, early = structure[Count.NEURONS], structure[Count.EARLY] != 0
    first = indices(structure, Index.SEGMENT_NEURON, 1)
    end = indices(structure, Index.SEGMENT_END, 1)
    place = indices(structure, Index.SEGMENT_MEMBRANE, 1)
    bias_place = indices(structure, Index.SEGMENT_BIAS, 1)
    shared = indices(structure, Index.SEGMENT_SHARED, 1)
    spiking = indices(structure, Index.SEGMENT_SPIKING, 1)
    for s in range(np.uint64(first_segment), np.uint64(end_segment)):
        a, p = first[s], place[s]
        count = end[s] - a
        v = part(memory(structure, state, State.POTENTIAL, n), a, count)
        total = part(scratch(structure, work, Scratch.TOTAL, n), a, count)
        factor = part(numbers(structure, parameters, Number.FACTOR, 1), p, 1)
        leak = part(numbers(structure, parameters, Number.LEAK, 1), p, 1)
        rest = part(numbers(structure, parameters, Number.REST, 1), p, 1)
        bias = part(numbers(structure, parameters, Number.BIAS, 1), bias_place[s], 1)
        new = v if early else total
        if spiking[s] != NONE:
            # thresholds follow the old potential, which is still there
            _move_thresholds(structure, parameters, state, s, v, rest)
        if structure[Count.EXPONENTIAL]:
            opened = part(scratch(structure, work, Scratch.OPEN, n), a, count)
            _leak_exponentially(new, v, total, opened, factor, leak, rest, bias, shared[s])
        else:
            _leak(v, total, early, factor, leak, rest, bias, shared[s])
        if spiking[s] != NONE:
            spikes = _spikes(structure, parameters, state, work, s, new, spikes, counts)
    return spikes


@inner
def _move_thresholds(structure, parameters, state, s, v, rest):
    """Let the thresholds of a segment follow the potential, unless they stand still by their numbers."""
    t = indices(structure, Index.SEGMENT_THRESHOLD, 1)[s]
    shared = indices(structure, Index.SEGMENT_SHARED, 1)[s] != 0
    first = indices(structure, Index.SEGMENT_SPIKING, 1)[s]
    start = part(numbers(structure, parameters, Number.THETA_START, 1), t, 1)
    factor = part(numbers(structure, parameters, Number.THETA_FACTOR, 1), t, 1)
    leak = part(numbers(structure, parameters, Number.THETA_LEAK, 1), t, 1)
    m = part(numbers(structure, parameters, Number.THETA_PROPORTIONALITY, 1), t, 1)
    theta = part(memory(structure, state, State.THRESHOLD, 1), first, len(v))
    if shared and factor[0] * leak[0] == 0.0 and factor[0] * m[0] == 0.0:
        return
    for k in range(np.uint64(len(v))):
        q = np.uint64(0) if shared else k
        theta[k] += factor[q] * (leak[q] * (start[q] - theta[k]) + m[q] * (v[k] - rest[q]))


@inner
def _spikes(structure, parameters, state, work, s, new, spikes, counts):
    """Spikes, resets and refractory periods of one segment."""
    a = np.uint64(indices(structure, Index.SEGMENT_NEURON, 1)[s])
    count = np.uint64(indices(structure, Index.SEGMENT_END, 1)[s]) - a
    first = np.uint64(indices(structure, Index.SEGMENT_SPIKING, 1)[s])
    t = np.uint64(indices(structure, Index.SEGMENT_THRESHOLD, 1)[s])
    shared = indices(structure, Index.SEGMENT_SHARED, 1)[s] != 0
    refractory_steps = indices(structure, Index.REFRACTORY_STEPS, 1)
    subtracts = indices(structure, Index.SUBTRACTS, 1)
    increment = numbers(structure, parameters, Number.THETA_INCREMENT, 1)
    floor = numbers(structure, parameters, Number.THETA_FLOOR, 1)
    reset = numbers(structure, parameters, Number.RESET, 1)
    held = part(scratch(structure, work, Scratch.HELD, 1), a, count)
    theta = part(memory(structure, state, State.THRESHOLD, 1), first, count)
    spike = part(memory(structure, state, State.SPIKE, 1), first, count)
    refractory = part(memory(structure, state, State.REFRACTORY, 1), first, count)
    tally = scratch(structure, work, Scratch.COUNT, 1)
    spiked = scratch(structure, work, Scratch.SPIKED, 1)
    if structure[Count.JUMPS]:
        held[:] = 0.0
    tireless = shared and refractory_steps[first] == 0
    done = np.uint64(0)
    while done < count:
        # a few at a time: neuron by neuron only if one of them has something to do
        few = min(np.uint64(FEW), count - done)
        hits = 0
        if tireless:
            for k in range(done, done + few):
                hits |= new[k] > theta[k]
                spike[k] = 0.0
        else:
            for k in range(done, done + few):
                hits |= (new[k] > theta[k]) | (refractory[k] > 0.0)
                spike[k] = 0.0
        for k in range(done, done + few if hits != 0 else done):
            w, j = t if shared else t + k, first + k
            if not tireless and refractory[k] > 0.0:
                refractory[k] -= 1.0
                new[k] = reset[w]
                held[k] = 1.0
            elif new[k] > theta[k]:
                spike[k] = 1.0
                if counts:
                    tally[j] += 1.0
                spiked[spikes] = j
                spikes += 1
                # what is subtracted from keeps jumps of the same step, what is set loses them
                new[k] = new[k] - theta[k] + reset[w] if subtracts[j] else reset[w]
                held[k] = 0.0 if subtracts[j] else 1.0
                theta[k] += max(increment[w], floor[w] - theta[k])
                refractory[k] = refractory_steps[j]
        done += few
    return spikes
