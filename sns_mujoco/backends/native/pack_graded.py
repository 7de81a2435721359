"""Graded synapses laid out for vector registers.

They stand in blocks of `LANES` neurons of about the same number of synapses: the first synapse of every lane, then the
second of every lane, and so on, filled up with synapses without conductance. The synapses of neurons that fit into no
block, because they have many more than any other, stand behind, neuron by neuron. Presynaptic ramps that synapses have
in common are taps, computed once a step. In large networks, where memory is what takes time, reversal potentials come
from a table.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.native.sections import LANES, Count, Index, Number
from sns_mujoco.backends.native.simd import PALETTE_BITS
from sns_mujoco.backends.program import Program

PALETTE_FROM = 20_000  # graded synapses from which a table of reversal potentials is faster

SHORT_RUN = 4  # taps on the average, below which single ones are faster

Sections = dict[Any, NDArray[Any]]


def pack_graded(program: Program, counts: dict, index: Sections, number: Sections) -> NDArray[np.int64]:
    """Enter the graded synapses; the place of each in the packed order [P]."""
    p, n = program, program.n_neurons
    row = p.graded_row.astype(np.int64)
    degree = np.diff(row)
    lanes, wide = _blocks(degree)
    members = np.where(lanes < n, lanes, 0)
    width = degree[members[:, 0]] if len(lanes) else np.empty(0, np.int64)
    start = np.append(0, np.cumsum(width))
    wide_start = LANES * start[-1] + np.append(0, np.cumsum(degree[wide]))

    # the place of a synapse: that of the first one of its neuron, and a stride times its rank
    first, stride = np.zeros(n, np.int64), np.ones(n, np.int64)
    inside = lanes < n
    first[lanes[inside]] = (LANES * start[:-1, None] + np.arange(LANES))[inside]
    stride[lanes[inside]] = LANES
    first[wide] = wide_start[:-1]
    target = np.repeat(np.arange(n), degree)
    rank = np.arange(len(target)) - row[target]
    place = first[target] + stride[target] * rank

    taps, tap = taps_of(p)
    # what fills up a lane is a copy of its neuron's first synapse, so that a lost potential spreads no further
    filler = np.zeros(int(wide_start[-1]), np.int64)
    filler[: LANES * start[-1]] = np.repeat(np.where(inside, row[members], 0), width, axis=0).ravel()
    filler[place] = np.arange(len(target))
    conductance = np.zeros(len(filler))
    conductance[place] = p.graded_conductance
    packed_tap, reversal = tap[filler], p.graded_reversal[filler]
    if len(target) >= PALETTE_FROM:
        table, entry = np.unique(reversal, return_inverse=True)
        if len(table) <= 1 << (32 - PALETTE_BITS) and len(taps) <= 1 << PALETTE_BITS:
            counts[Count.PALETTE] = 1
            packed_tap, reversal = packed_tap | (entry.reshape(-1) << PALETTE_BITS), table
    ramp = _starts_of_runs(p, taps)
    counts |= {Count.TAPS: len(taps), Count.RAMPS: len(ramp), Count.BLOCKS: len(lanes), Count.WIDE: len(wide)}
    index |= {
        Index.RAMP_NEURON: p.graded_source[taps[ramp]],
        Index.RAMP_TAP: np.append(ramp, len(taps)),
        Index.BLOCK_NEURON: lanes,
        Index.BLOCK_START: start,
        Index.WIDE_NEURON: wide,
        Index.WIDE_START: wide_start,
        Index.GRADED_TAP: packed_tap,
    }
    number |= {
        Number.RAMP_LO: p.graded_e_lo[taps[ramp]],
        Number.RAMP_INVERSE: inverse_widths(p.graded_e_lo[taps[ramp]], p.graded_e_hi[taps[ramp]]),
        Number.GRADED_CONDUCTANCE: conductance,
        Number.GRADED_REVERSAL: reversal,
    }
    return place


def inverse_widths(e_lo: NDArray[np.float64], e_hi: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (e_hi - e_lo) of every ramp; 0 of those without width, which only synapses without conductance have."""
    width = e_hi - e_lo
    return np.divide(1.0, width, out=np.zeros_like(width), where=width != 0.0)


def _blocks(degree: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Neurons in blocks [blocks, LANES], by falling number of synapses, and those that fit into none."""
    n = len(degree)
    order = np.argsort(-degree, kind="stable")
    order = order[degree[order] > 0]
    if not len(order):
        return np.empty((0, LANES), np.int64), np.empty(0, np.int64)
    # a neuron with more than twice as many as the last one of the block that it would begin is on its own
    last = order[np.minimum(np.arange(len(order)) + LANES - 1, len(order) - 1)]
    alone = degree[order] > 2 * degree[last] + 2 * LANES
    fitting = order[~alone]
    lanes = np.full(-(-len(fitting) // LANES) * LANES, n)
    lanes[: len(fitting)] = fitting
    return lanes.reshape(-1, LANES), order[alone]


def taps_of(program: Program) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A synapse for each distinct ramp of a neuron, ordered by ramp, then neuron; and the tap of each synapse."""
    keys = [program.graded_source, program.graded_e_hi, program.graded_e_lo]
    order = np.lexsort(keys)
    new = np.zeros(len(order), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    tap = np.empty(len(order), np.int64)
    tap[order] = np.cumsum(new) - 1
    return order[new], tap


def _starts_of_runs(program: Program, taps: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first of every run of taps with the same ramp whose neurons follow one another; of short ones every tap."""
    breaks = np.diff(program.graded_source[taps].astype(np.int64)) != 1
    for key in (program.graded_e_lo, program.graded_e_hi):
        breaks |= key[taps][1:] != key[taps][:-1]
    starts = np.flatnonzero(np.append(np.ones(min(len(taps), 1), bool), breaks))
    return starts if SHORT_RUN * len(starts) <= len(taps) else np.arange(len(taps))
