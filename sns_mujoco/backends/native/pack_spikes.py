"""Receptors, event synapses and what learns, as the compiled step has them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, ReceptorKind
from sns_mujoco.backends.native.sections import STRETCH, Count, Index, Number
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.state import StateLayout

FAN, EVENTS = 0, 1  # families in Index.LATE_FAMILY

Sections = dict[Any, NDArray[Any]]


def cut(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Ranges of neurons cut at the ends of stretches: which range each part is of, its start and its end."""
    first, last = starts // STRETCH, np.maximum(ends - 1, starts) // STRETCH
    pieces = last - first + 1
    part = np.repeat(np.arange(len(starts)), pieces)
    stretch = first[part] + np.arange(len(part)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return part, np.maximum(starts[part], STRETCH * stretch), np.minimum(ends[part], STRETCH * (stretch + 1))


def pack_receptors(program: Program, counts: dict, index: Sections, number: Sections) -> None:
    """Receptors in runs: the k-th one each of consecutive neurons, all with the same numbers."""
    r, n = program.receptors, program.n_neurons
    row = r.row.astype(np.int64)
    held = np.diff(row)
    count = len(r.kind)
    neuron = np.repeat(np.arange(n), held)
    rank = np.arange(count) - row[neuron]
    order = np.lexsort((neuron, rank))
    goes_on = (np.diff(rank[order]) == 0) & (np.diff(neuron[order]) == 1) & (np.diff(held[neuron[order]]) == 0)
    for own in (r.kind, r.reversal, r.decay, r.rise, r.coupling, r.gain, r.two_stage):
        goes_on &= own[order][1:] == own[order][:-1]
    begins = np.flatnonzero(np.append(True, ~goes_on)) if count else np.empty(0, np.int64)
    first = order[begins]
    lengths = np.diff(np.append(begins, count))
    own = np.empty(count, np.int64)
    own[order] = np.repeat(np.arange(len(first)), lengths)
    part, start, end = cut(neuron[first], neuron[first] + lengths)
    runs = np.lexsort((start, rank[first][part], start // STRETCH))
    part, start, end = part[runs], start[runs], end[runs]
    counts[Count.RUNS] = len(part)
    stride = held[neuron[first]][part]
    index |= {
        Index.RUN_ROW: np.searchsorted(start // STRETCH, np.arange(counts[Count.STRETCHES] + 1)),
        Index.RUN_NEURON: start,
        Index.RUN_LENGTH: end - start,
        Index.RUN_RECEPTOR: first[part] + (start - neuron[first][part]) * stride,
        Index.RUN_STRIDE: stride,
        Index.RUN_SET: part,
        Index.RUN_KIND: r.kind[first][part],
        Index.RUN_TWO_STAGE: r.two_stage[first][part],
        Index.RECEPTOR_NEURON: neuron,
        Index.RECEPTOR_SET: own,
        Index.RECEPTOR_KIND: r.kind,
    }
    number |= {
        Number.RUN_REVERSAL: r.reversal[first],
        Number.RUN_DECAY: r.decay[first],
        Number.RUN_RISE: r.rise[first],
        Number.RUN_COUPLING: r.coupling[first],
    }


def pack_events(program: Program, counts: dict, index: Sections, number: Sections) -> None:
    """Synapses by source, those without delay first; the others in groups of the same source and delay.

    Where delays may become others, each conductance-based one is a group of its own, whatever its delay.
    """
    spiking = len(program.spiking_neuron)
    apart = program.spiking_room > 0  # every conductance-based synapse may have another delay
    delay = program.spiking_delay.astype(np.int64)
    fan = np.lexsort((np.zeros_like(delay) if apart else delay, program.spiking_source))
    fan_row = np.append(0, np.cumsum(np.bincount(program.spiking_source, minlength=spiking)))
    e = program.events
    event_row = e.row.astype(np.int64)
    event_source = np.repeat(np.arange(spiking), np.diff(event_row))
    families = [
        (FAN, program.spiking_source[fan].astype(np.int64), delay[fan], fan_row),
        (EVENTS, event_source, e.delay.astype(np.int64), event_row),
    ]
    prompt, late = [], []
    for family, source, steps, row in families:
        alone = apart and family == FAN
        at_once = (steps == 0) & (not alone)
        prompt.append(row[:-1] + np.bincount(source[at_once], minlength=spiking))
        begins = np.append(True, alone | (source[1:] != source[:-1]) | (steps[1:] != steps[:-1]))[: len(steps)]
        first = np.flatnonzero(~at_once & begins)
        # a group ends where the next one begins, or its source's synapses end
        end = np.minimum(np.append(first[1:], len(steps)), row[1:][source[first]])
        late.append(np.stack([np.full(len(first), family), source[first], steps[first], first, end]))
    groups = np.concatenate(late, axis=1)
    r = program.receptors
    receptors = np.arange(len(r.kind))
    slot = np.where(r.two_stage == 1, len(receptors) + receptors, receptors)
    jumps = r.kind == ReceptorKind.JUMP
    slot[jumps] = 2 * len(receptors) + np.repeat(np.arange(program.n_neurons), np.diff(r.row.astype(np.int64)))[jumps]
    counts[Count.LATE] = groups.shape[1]
    index |= {
        Index.FAN_ROW: fan_row,
        Index.FAN: fan,
        Index.FAN_PROMPT: prompt[FAN],
        Index.EVENT_ROW: e.row,
        Index.EVENT_PROMPT: prompt[EVENTS],
        Index.EVENT_SLOT: slot[e.receptor],
        Index.EVENT_SHORT: e.short_term,
        Index.EVENT_PLASTIC: e.plastic,
        Index.LATE_FAMILY: groups[0],
        Index.LATE_SOURCE: groups[1],
        Index.LATE_FIRST: groups[3],
        Index.LATE_END: groups[4],
    }
    gain = r.gain[e.receptor]
    number |= {Number.EVENT_WEIGHT: gain * e.weight, Number.EVENT_GAIN: gain, Number.LATE_DELAY: groups[2]}


def pack_learning(program: Program, layout: StateLayout, index: Sections, number: Sections) -> None:
    """Short-term and spike-timing-dependent plasticity, weighted graded synapses, noise."""
    t, p, w, z = program.short_term, program.plastic, program.weighted, program.noise
    spiking = len(program.spiking_neuron)
    rest = program.resting_potential.copy()
    for group in program.equations:
        rest[group.first : group.first + group.count] = 0.0
    modulated = p.modulator != NONE
    place = np.full(len(w.rule), NONE)
    place[layout.learning] = np.arange(len(layout.learning))
    index |= {
        Index.LEARNER_ROW: np.append(0, np.cumsum(np.bincount(p.post, minlength=spiking))),
        Index.LEARNER: np.argsort(p.post, kind="stable"),
        Index.MODULATOR: p.modulator,
        Index.WEIGHTED_ROW: w.row,
        Index.WEIGHTED_SOURCE: w.source,
        Index.WEIGHTED_DRIVING: w.driving,
        Index.WEIGHTED_CURVE: w.curve,
        Index.WEIGHTED_RULE: w.rule,
        Index.WEIGHTED_PLACE: place,
        Index.NOISE_NEURON: z.neuron,
    }
    number |= {
        Number.SHORT_USE: t.use,
        Number.SHORT_FACILITATION: t.facilitation,
        Number.SHORT_DEPRESSION: t.depression,
        Number.AMPLITUDE_PRE: p.amplitude_pre,
        Number.AMPLITUDE_POST: p.amplitude_post,
        Number.TRIPLET_PRE: p.triplet_pre,
        Number.TRIPLET_POST: p.triplet_post,
        Number.KEEP_PRE: p.keep_pre,
        Number.KEEP_POST: p.keep_post,
        Number.KEEP_SLOW_PRE: p.keep_slow_pre,
        Number.KEEP_SLOW_POST: p.keep_slow_post,
        Number.LOWEST: p.lowest,
        Number.HIGHEST: p.highest,
        Number.KEEP_ELIGIBILITY: p.keep_eligibility,
        Number.REWARD_RATE: p.reward_rate,
        Number.MODULATOR_REST: np.where(modulated, rest[np.where(modulated, p.modulator, 0)], 0.0),
        Number.WEIGHTED_WEIGHT: w.weight,
        Number.WEIGHTED_REVERSAL: w.reversal,
        Number.WEIGHTED_MIDPOINT: w.midpoint,
        Number.WEIGHTED_SLOPE: w.slope,
        Number.WEIGHTED_RATE: w.rate,
        Number.WEIGHTED_FORGET: w.forget,
        Number.WEIGHTED_POST_MIDPOINT: w.post_midpoint,
        Number.WEIGHTED_POST_SLOPE: w.post_slope,
        Number.WEIGHTED_LOWEST: w.lowest,
        Number.WEIGHTED_HIGHEST: w.highest,
        Number.NOISE_MEAN: z.mean,
        Number.NOISE_KEEP: z.keep,
        Number.NOISE_SPREAD: z.spread,
    }
