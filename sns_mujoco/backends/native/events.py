"""What spikes do: receptors, arrival after a delay, short-term plasticity, and learning from the timing of spikes."""

import numpy as np

from sns_mujoco.backends.families import NONE, ReceptorKind
from sns_mujoco.backends.native.random import normal
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
from sns_mujoco.backends.native.simd import fetch_early

ARRIVING, LEAVING = np.int64(0), np.int64(1)  # spikes that a plastic synapse learns from
LINE = 8  # float64 in a line of the cache


@inner
def receptor_inputs(structure, parameters, state, x):
    """Add what comes from outside to receptors."""
    n_edge = structure[Count.INTO]
    element = indices(structure, Index.INTO_ELEMENT, n_edge)
    receptor = indices(structure, Index.INTO_RECEPTOR, n_edge)
    weight = numbers(structure, parameters, Number.INTO_WEIGHT, n_edge)
    value = memory(structure, state, State.RECEPTOR, 1)
    for e in range(n_edge):
        value[receptor[e]] += weight[e] * x[element[e]]


@inner
def receptor_currents(structure, parameters, state, work, first_run, end_run):
    """Add the currents of receptors, and advance these. A run is a receptor each of consecutive neurons, all alike."""
    n, n_receptor = structure[Count.NEURONS], np.uint64(structure[Count.RECEPTORS])
    neuron = indices(structure, Index.RUN_NEURON, 1)
    length = indices(structure, Index.RUN_LENGTH, 1)
    receptor = indices(structure, Index.RUN_RECEPTOR, 1)
    stride = indices(structure, Index.RUN_STRIDE, 1)
    own = indices(structure, Index.RUN_SET, 1)
    kind = indices(structure, Index.RUN_KIND, 1)
    two_stage = indices(structure, Index.RUN_TWO_STAGE, 1)
    reversal = numbers(structure, parameters, Number.RUN_REVERSAL, 1)
    decay = numbers(structure, parameters, Number.RUN_DECAY, 1)
    rise = numbers(structure, parameters, Number.RUN_RISE, 1)
    coupling = numbers(structure, parameters, Number.RUN_COUPLING, 1)
    for u in range(np.uint64(first_run), np.uint64(end_run)):
        i, count, by, q = neuron[u], np.uint64(length[u]), np.uint64(stride[u]), own[u]
        v = part(memory(structure, state, State.POTENTIAL, n), i, count)
        total = part(scratch(structure, work, Scratch.TOTAL, n), i, count)
        opened = part(scratch(structure, work, Scratch.OPEN, n), i, count)
        value = part(memory(structure, state, State.RECEPTOR, 1), receptor[u], count * by)
        e, d = reversal[q], decay[q]
        if kind[u] == ReceptorKind.CONDUCTANCE:
            for k in range(count):
                g = value[k * by]
                total[k] += g * (e - v[k])
                opened[k] += g
                value[k * by] = d * g
        elif kind[u] != ReceptorKind.JUMP and by == 1:  # written out because it then goes four neurons at a time
            for k in range(count):
                total[k] += value[k]
                value[k] *= d
        elif kind[u] != ReceptorKind.JUMP:
            for k in range(count):
                total[k] += value[k * by]
                value[k * by] *= d
        if two_stage[u]:
            c, f, first = coupling[q], rise[q], receptor[u] + n_receptor
            rising = part(memory(structure, state, State.RECEPTOR, 1), first, count * by)
            for k in range(count):
                value[k * by] += c * rising[k * by]
                rising[k * by] *= f


@inner
def noise_currents(structure, parameters, state, work):
    """Add the currents of noise sources, and advance these."""
    n, n_noise = structure[Count.NEURONS], structure[Count.NOISE]
    neuron = indices(structure, Index.NOISE_NEURON, n_noise)
    mean = numbers(structure, parameters, Number.NOISE_MEAN, n_noise)
    keep = numbers(structure, parameters, Number.NOISE_KEEP, n_noise)
    spread = numbers(structure, parameters, Number.NOISE_SPREAD, n_noise)
    current = memory(structure, state, State.NOISE, n_noise)
    clock, seed = memory(structure, state, State.STEP, 1)[0], memory(structure, state, State.SEED, 1)[0]
    total = scratch(structure, work, Scratch.TOTAL, n + np.uint64(1))
    for z in range(n_noise):
        total[neuron[z]] += current[z]
        draw = normal(np.uint64(seed), np.uint64(clock), np.uint64(z))
        current[z] = mean[z] + keep[z] * (current[z] - mean[z]) + spread[z] * draw


@inner
def arrivals(structure, parameters, state, work, spikes):
    """Let the spikes that arrive in this step act: conductance-based synapses, then event synapses."""
    n_spiking = structure[Count.SPIKING]
    spike = memory(structure, state, State.SPIKE, n_spiking)
    spiked = scratch(structure, work, Scratch.SPIKED, n_spiking)
    n_late, n_ring = structure[Count.LATE], structure[Count.RINGS]
    clock = np.uint64(memory(structure, state, State.STEP, 1)[0])
    ring = memory(structure, state, State.RING, n_ring)
    depth = indices(structure, Index.RING_DEPTH, n_spiking)
    start = indices(structure, Index.RING_START, n_spiking)
    if n_ring > 0:
        for s in range(n_spiking):
            if depth[s] > 0:
                ring[np.uint64(start[s]) + clock % np.uint64(depth[s])] = spike[s]
    fan_row = indices(structure, Index.FAN_ROW, 1)
    fan_prompt = indices(structure, Index.FAN_PROMPT, 1)
    row = indices(structure, Index.EVENT_ROW, 1)
    prompt = indices(structure, Index.EVENT_PROMPT, 1)
    has_chemical, has_events = structure[Count.CHEMICAL] > 0, structure[Count.EVENTS] > 0
    if has_events:
        # the synapses of neurons that happen to spike lie anywhere: all are asked for at once
        slot, weight = indices(structure, Index.EVENT_SLOT, 1), numbers(structure, parameters, Number.EVENT_WEIGHT, 1)
        for k in range(spikes):
            first = np.uint64(row[np.uint64(spiked[k])])
            fetch_early(slot, first)
            fetch_early(weight, first)
            fetch_early(weight, first + np.uint64(LINE))
    for k in range(spikes):
        s = np.uint64(spiked[k])
        if has_chemical:
            _open_chemical(structure, parameters, state, fan_row[s], fan_prompt[s])
        if has_events:
            _deliver(structure, parameters, state, work, row[s], prompt[s])
    family = indices(structure, Index.LATE_FAMILY, n_late)
    source = indices(structure, Index.LATE_SOURCE, n_late)
    delay = numbers(structure, parameters, Number.LATE_DELAY, n_late)
    first, end = indices(structure, Index.LATE_FIRST, n_late), indices(structure, Index.LATE_END, n_late)
    for g in range(n_late):
        s = source[g]
        # counted from one round of the ring later, so that it does not fall below zero
        place = (clock + np.uint64(depth[s]) - np.uint64(delay[g])) % np.uint64(depth[s])
        if ring[np.uint64(start[s]) + place] > 0.0:
            if family[g] == 0:
                _open_chemical(structure, parameters, state, first[g], end[g])
            else:
                _deliver(structure, parameters, state, work, first[g], end[g])


@inner
def _open_chemical(structure, parameters, state, first, end):
    """Raise the conductances of spiking synapses, none above its maximum."""
    fan = indices(structure, Index.FAN, 1)
    maximum = numbers(structure, parameters, Number.CHEMICAL_MAXIMUM, 1)
    increment = numbers(structure, parameters, Number.CHEMICAL_INCREMENT, 1)
    conductance = memory(structure, state, State.CONDUCTANCE, 1)
    for f in range(first, end):
        q = fan[f]
        conductance[q] += min(increment[q], maximum[q] - conductance[q])


@inner
def _deliver(structure, parameters, state, work, first, end):
    """Let a spike arrive at consecutive event synapses."""
    slot = indices(structure, Index.EVENT_SLOT, 1)
    weight = numbers(structure, parameters, Number.EVENT_WEIGHT, 1)
    values = memory(structure, state, State.RECEPTOR, 1)
    if structure[Count.SHORT] == 0 and structure[Count.PLASTIC] == 0 and structure[Count.JUMPS] == 0:
        for w in range(np.uint64(first), np.uint64(end)):
            values[slot[w]] += weight[w]
        return
    beyond = np.uint32(2) * structure[Count.RECEPTORS]
    for w in range(np.uint64(first), np.uint64(end)):
        size = _size(structure, parameters, state, w)
        if slot[w] < beyond:
            values[slot[w]] += size
            continue
        i = slot[w] - beyond
        if scratch(structure, work, Scratch.HELD, 1)[i] == 0.0:
            if structure[Count.EARLY]:
                memory(structure, state, State.POTENTIAL, 1)[i] += size
            else:
                scratch(structure, work, Scratch.TOTAL, 1)[i] += size  # the new potential by now


@inner
def _size(structure, parameters, state, w):
    """What a spike brings at a synapse that may have short-term or long-term plasticity; these learn from it."""
    clock = memory(structure, state, State.STEP, 1)[0]
    size = numbers(structure, parameters, Number.EVENT_WEIGHT, 1)[w]
    p = indices(structure, Index.EVENT_PLASTIC, 1)[w]
    if p != NONE:
        size = numbers(structure, parameters, Number.EVENT_GAIN, 1)[w] * memory(structure, state, State.WEIGHT, 1)[p]
        _learn(structure, parameters, state, p, clock, ARRIVING)
    t = indices(structure, Index.EVENT_SHORT, 1)[w]
    if t != NONE:
        use = numbers(structure, parameters, Number.SHORT_USE, 1)[t]
        facilitation = numbers(structure, parameters, Number.SHORT_FACILITATION, 1)[t]
        depression = numbers(structure, parameters, Number.SHORT_DEPRESSION, 1)[t]
        us, xs = memory(structure, state, State.USE, 1), memory(structure, state, State.RESOURCE, 1)
        since = memory(structure, state, State.SHORT_TIME, 1)
        quiet = clock - since[t]
        u = us[t] * facilitation**quiet
        x = 1.0 - depression**quiet * (1.0 - xs[t])
        u_now = facilitation * u + use * (1.0 - u)
        size *= u_now * x
        us[t] = u_now
        xs[t] = 1.0 - depression * (1.0 - x) - u_now * x
        since[t] = clock + 1.0
    return size


@inner
def _learn(structure, parameters, state, p, clock, event):
    """Let weight p learn from an arriving or from a postsynaptic spike."""
    x, y = memory(structure, state, State.TRACE_PRE, 1), memory(structure, state, State.TRACE_POST, 1)
    x2, y2 = memory(structure, state, State.SLOW_PRE, 1), memory(structure, state, State.SLOW_POST, 1)
    since = memory(structure, state, State.PLASTIC_TIME, 1)
    # the traces of a step have decayed before its events: those of step n hold from n + 1 on
    quiet = clock + 1.0 - since[p]
    since[p] = clock + 1.0
    x[p] *= numbers(structure, parameters, Number.KEEP_PRE, 1)[p] ** quiet
    y[p] *= numbers(structure, parameters, Number.KEEP_POST, 1)[p] ** quiet
    x2[p] *= numbers(structure, parameters, Number.KEEP_SLOW_PRE, 1)[p] ** quiet
    y2[p] *= numbers(structure, parameters, Number.KEEP_SLOW_POST, 1)[p] ** quiet
    e = memory(structure, state, State.ELIGIBILITY, 1)
    e[p] *= numbers(structure, parameters, Number.KEEP_ELIGIBILITY, 1)[p] ** quiet
    if event == ARRIVING:
        amplitude = numbers(structure, parameters, Number.AMPLITUDE_POST, 1)[p]
        change = y[p] * (amplitude + numbers(structure, parameters, Number.TRIPLET_POST, 1)[p] * x2[p])
        x[p] += 1.0
        x2[p] += 1.0
    else:
        amplitude = numbers(structure, parameters, Number.AMPLITUDE_PRE, 1)[p]
        change = x[p] * (amplitude + numbers(structure, parameters, Number.TRIPLET_PRE, 1)[p] * y2[p])
        y[p] += 1.0
        y2[p] += 1.0
    if indices(structure, Index.MODULATOR, 1)[p] != NONE:
        e[p] += change
    else:
        _change_weight(structure, parameters, state, p, change)


@inner
def _change_weight(structure, parameters, state, p, change):
    lowest = numbers(structure, parameters, Number.LOWEST, 1)[p]
    highest = numbers(structure, parameters, Number.HIGHEST, 1)[p]
    weight = memory(structure, state, State.WEIGHT, 1)
    weight[p] = min(max(weight[p] + change, lowest), highest)


@inner
def learning(structure, parameters, state, work, spikes):
    """Let weights learn from postsynaptic spikes, then from reward."""
    n_plastic, n = structure[Count.PLASTIC], structure[Count.NEURONS]
    clock = memory(structure, state, State.STEP, 1)[0]
    spiked = scratch(structure, work, Scratch.SPIKED, 1)
    row, learner = indices(structure, Index.LEARNER_ROW, 1), indices(structure, Index.LEARNER, n_plastic)
    for k in range(spikes):
        s = np.uint64(spiked[k])
        for at in range(row[s], row[s + np.uint64(1)]):
            _learn(structure, parameters, state, learner[at], clock, LEAVING)
    if structure[Count.REWARDED] == 0:
        return
    v = memory(structure, state, State.POTENTIAL, n)
    modulator = indices(structure, Index.MODULATOR, n_plastic)
    rest = numbers(structure, parameters, Number.MODULATOR_REST, n_plastic)
    rate = numbers(structure, parameters, Number.REWARD_RATE, n_plastic)
    keep = numbers(structure, parameters, Number.KEEP_ELIGIBILITY, n_plastic)
    e = memory(structure, state, State.ELIGIBILITY, n_plastic)
    since = memory(structure, state, State.PLASTIC_TIME, n_plastic)
    for p in range(n_plastic):
        if modulator[p] != NONE:
            reward = v[modulator[p]] - rest[p]
            if reward != 0.0:
                now = e[p] * keep[p] ** (clock + 1.0 - since[p])
                _change_weight(structure, parameters, state, p, rate[p] * reward * now)
