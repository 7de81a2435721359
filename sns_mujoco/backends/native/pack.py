"""A `Program` packed into the flat buffers of the compiled step: what is structure (uint32) and what is a number.

The sections are those of `sections.py`. Three things are laid out for speed, none of which changes a result: graded
synapses stand in blocks, presynaptic ramps are shared (`pack_graded.py`), and long runs of neurons or receptors with
the same numbers keep these once.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, ReceptorKind
from sns_mujoco.backends.native.pack_equations import pack_equations
from sns_mujoco.backends.native.pack_graded import pack_graded
from sns_mujoco.backends.native.pack_spikes import cut, pack_events, pack_learning, pack_receptors
from sns_mujoco.backends.native.sections import (
    CHUNK,
    HEADER,
    STRETCH,
    Count,
    Index,
    Number,
    Scratch,
    State,
    padded,
)
from sns_mujoco.backends.program import Floats, Indices, OutputKind, Program
from sns_mujoco.backends.state import StateLayout

# outputs that are read at the start of a step, when the potentials that they depend on are still there
GRADED_MONITORED = (OutputKind.GRADED_CONDUCTANCE, OutputKind.GRADED_CURRENT)
MONITORED = (*GRADED_MONITORED, OutputKind.SPIKING_CURRENT, OutputKind.RECEPTOR_CURRENT)
SHARED_FROM = 16  # neurons in a row with the same numbers that keep them once

Sections = dict[Any, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Packed:
    """The buffers of a program.

    Attributes:
        structure: uint32, header first.
        parameters: float64.
        scratch: Length of the scratch buffer.
        spikes: Slice of the scratch buffer that returns the spikes of each neuron in a call [S].
        sections: Slice of the parameters that each section is.
    """

    structure: Indices
    parameters: Floats
    scratch: int
    spikes: slice
    sections: dict[Number, slice]


def pack(program: Program) -> Packed:
    """Pack a program."""
    layout = StateLayout.of(program)
    counts = _counts(program, layout)
    index: Sections = {}
    number: Sections = {}
    place = pack_graded(program, counts, index, number)
    _pack_conductances(program, index, number)
    _pack_neurons(program, layout, counts, index, number)
    pack_receptors(program, counts, index, number)
    pack_events(program, counts, index, number)
    pack_learning(program, layout, index, number)
    registers = pack_equations(program, counts, index, number)
    _pack_ports(program, place, counts, index, number)

    lengths = {
        Scratch.TOTAL: program.n_neurons + 1,
        Scratch.OPEN: program.n_neurons + 1,
        Scratch.ACTIVATION: counts[Count.TAPS],
        Scratch.HELD: program.n_neurons,
        Scratch.COUNT: counts[Count.SPIKING],
        Scratch.SPIKED: counts[Count.SPIKING],
        Scratch.REGISTERS: registers * CHUNK,
        Scratch.GATES: 4 * padded(3 * len(program.channel_conductance)),
    }
    scratch = _starts([lengths[section] for section in Scratch])
    numbers = _starts([number[section].size for section in Number])
    indices = [HEADER + start for start in _starts([index[section].size for section in Index])]
    counts |= {
        Count.STRUCTURE: indices[-1],
        Count.PARAMETERS: numbers[-1],
        Count.STATE: layout.size,
        Count.SCRATCH: scratch[-1],
    }
    states = [getattr(layout, section.name.lower()).start for section in State]
    header = [*(counts[count] for count in Count), *indices[:-1], *numbers[:-1], *states, *scratch[:-1]]
    spikes = scratch[Scratch.COUNT]
    return Packed(
        structure=np.concatenate([np.array(header), *(index[s].ravel() for s in Index)]).astype(np.uint32),
        parameters=np.concatenate([number[s].ravel() for s in Number]).astype(float),
        scratch=scratch[-1],
        spikes=slice(spikes, spikes + counts[Count.SPIKING]),
        sections={section: slice(*ends) for section, ends in zip(Number, pairwise(numbers), strict=True)},
    )


def _starts(sizes: list[int]) -> list[int]:
    """Where each of several sections starts, and where the last one ends."""
    return [0, *np.cumsum(sizes).tolist()]


def _counts(program: Program, layout: StateLayout) -> dict[Count, int]:
    """What of the header is known beforehand."""
    learns = int(len(layout.learning) > 0)
    rewarded = int((program.plastic.modulator != NONE).any())
    return dict.fromkeys(Count, 0) | {
        Count.NEURONS: program.n_neurons,
        Count.SPIKING: len(program.spiking_neuron),
        Count.CHANNELS: program.initial_gate.shape[1],
        Count.CHEMICAL: len(program.spiking_source),
        Count.JUNCTIONS: len(program.junction_other),
        Count.RECEPTORS: len(program.receptors.kind),
        Count.EVENTS: len(program.events.receptor),
        Count.SHORT: len(program.short_term.use),
        Count.PLASTIC: len(program.plastic.event),
        Count.WEIGHTED: len(program.weighted.source),
        Count.NOISE: len(program.noise.neuron),
        Count.OUTPUTS: program.n_outputs,
        Count.RINGS: int(layout.ring_depth.sum()),
        Count.EXPONENTIAL: int(program.exponential),
        Count.REWARDED: rewarded,
        Count.LEARNS: learns,
        # learning looks at the potentials of the start of the step when those of its end are known already
        Count.EARLY: int(not rewarded and not learns),
        Count.STRETCHES: -(-program.n_neurons // STRETCH),
        Count.JUMPS: int((program.receptors.kind == ReceptorKind.JUMP).any()),
        Count.MONITORED: int(np.isin(program.output_kind, MONITORED).sum()),
    }


def _pack_conductances(program: Program, index: Sections, number: Sections) -> None:
    """Spiking synapses with conductances of their own, junctions, channels."""
    owner = np.repeat(np.arange(program.n_neurons), np.diff(program.channel_row.astype(int)))
    index |= {
        Index.CHEMICAL_ROW: program.spiking_row,
        Index.JUNCTION_ROW: program.junction_row,
        Index.JUNCTION_OTHER: program.junction_other,
        Index.JUNCTION_RULE: program.junction_rule,
        Index.CHANNEL_NEURON: _filled(np.tile(owner, 3)),
        Index.TAU_RULE: _filled(program.gate_tau_rule),
    }
    number |= {
        Number.CHEMICAL_MAXIMUM: program.spiking_conductance,
        Number.CHEMICAL_INCREMENT: program.spiking_increment,
        Number.CHEMICAL_REVERSAL: program.spiking_reversal,
        Number.CHEMICAL_KEEP: program.spiking_decay,
        Number.JUNCTION_CONDUCTANCE: program.junction_conductance,
        Number.CHANNEL_CONDUCTANCE: program.channel_conductance,
        Number.CHANNEL_REVERSAL: program.channel_reversal,
        Number.GATE_POWER: program.gate_power,
        Number.GATE_K: _filled(program.gate_k),
        Number.GATE_SLOPE: _filled(program.gate_slope),
        Number.GATE_MIDPOINT: _filled(program.gate_midpoint),
        Number.GATE_FACTOR: _filled(program.gate_factor),
    }


def _filled(gates: NDArray[Any]) -> NDArray[Any]:
    """Numbers of gates, filled up with zeros to their padded length."""
    return np.append(gates.ravel(), np.zeros(padded(gates.size) - gates.size, gates.dtype))


def _pack_neurons(program: Program, layout: StateLayout, counts: dict, index: Sections, number: Sections) -> None:
    """Segments of neurons with leaky membranes, each with one set of numbers or one for every neuron."""
    p, n, spiking = program, program.n_neurons, len(program.spiking_neuron)
    membrane = np.stack([p.membrane_factor, p.leak_conductance, p.resting_potential])
    threshold = np.stack(
        [
            p.initial_threshold, p.threshold_factor, p.threshold_leak, p.threshold_proportionality,
            p.threshold_increment, p.threshold_floor, p.reset_potential,
        ]
    )  # fmt: skip
    place = np.full(n, -1)
    place[p.spiking_neuron] = np.arange(spiking)
    ordinary = np.ones(n, bool)
    for group in p.equations:
        ordinary[group.first : group.first + group.count] = False
    # where a neuron is like the one before it
    own = np.zeros((len(threshold) + 2, n))
    own[:, p.spiking_neuron] = np.vstack([threshold, p.refractory_steps, p.subtracts])
    own = np.vstack([membrane, own])
    alike = np.append(False, (own[:, 1:] == own[:, :-1]).all(0))
    breaks = np.append(True, (place[1:] >= 0) != (place[:-1] >= 0)) | np.append(True, ordinary[1:] != ordinary[:-1])
    starts = np.flatnonzero(breaks | ~alike)
    shared = np.diff(np.append(starts, n)) >= SHARED_FROM
    # what follows a neuron of its own without a break goes on in the same segment
    goes_on = np.append(False, ~shared[1:] & ~shared[:-1]) & ~breaks[starts]
    starts, shared = starts[~goes_on], shared[~goes_on]
    ends = np.append(starts[1:], n)
    kept = ordinary[starts]
    starts, ends, shared = starts[kept], ends[kept], shared[kept]
    sets = np.where(shared, 1, ends - starts)
    fires = place[starts] >= 0
    threshold_sets = np.where(fires, sets, 0)
    changes = np.append(0, np.cumsum(np.append(False, np.diff(p.bias) != 0.0)))
    one_bias = shared & (changes[ends] == changes[np.minimum(starts + 1, n)])
    bias_sets = np.where(one_bias, 1, ends - starts)
    # no segment reaches over the end of a stretch; the parts of one keep its numbers
    part, first, last = cut(starts, ends)
    moved = np.where(shared[part], 0, first - starts[part])
    index |= {
        Index.SEGMENT_ROW: np.searchsorted(first, STRETCH * np.arange(counts[Count.STRETCHES] + 1)),
        Index.SEGMENT_NEURON: first,
        Index.SEGMENT_END: last,
        Index.SEGMENT_SPIKING: np.where(fires[part], place[first], NONE),
        Index.SEGMENT_MEMBRANE: (np.cumsum(sets) - sets)[part] + moved,
        Index.SEGMENT_THRESHOLD: (np.cumsum(threshold_sets) - threshold_sets)[part] + np.where(fires[part], moved, 0),
        Index.SEGMENT_BIAS: (np.cumsum(bias_sets) - bias_sets)[part]
        + np.where(one_bias[part], 0, first - starts[part]),
        Index.SEGMENT_SHARED: np.where(one_bias, 1, np.where(shared, 2, 0))[part],
        Index.REFRACTORY_STEPS: p.refractory_steps,
        Index.SUBTRACTS: p.subtracts,
        Index.RING_DEPTH: layout.ring_depth,
        Index.RING_START: layout.ring_start,
    }
    neurons = _members(starts, sets)
    spiking_neurons = place[neurons][place[neurons] >= 0]
    for row, section in enumerate((Number.FACTOR, Number.LEAK, Number.REST)):
        number[section] = membrane[row, neurons]
    number[Number.BIAS] = p.bias[_members(starts, bias_sets)]
    sections = (
        Number.THETA_START, Number.THETA_FACTOR, Number.THETA_LEAK, Number.THETA_PROPORTIONALITY,
        Number.THETA_INCREMENT, Number.THETA_FLOOR, Number.RESET,
    )  # fmt: skip
    for row, section in enumerate(sections):
        number[section] = threshold[row, spiking_neurons]


def _members(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first `counts` neurons from each of several starts on, one after the other."""
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + within


def _pack_ports(program: Program, place: NDArray[np.int64], counts: dict, index: Sections, number: Sections) -> None:
    """Inputs and outputs; `place` says where each graded synapse stands in the packed order."""
    direct = program.input_receptor == NONE
    element, neuron = (own[direct].astype(np.int64) for own in (program.input_element, program.input_neuron))
    weight = program.input_weight[direct]
    first, stride = _edge_runs(element, neuron, weight)
    counts[Count.DIRECT], counts[Count.INTO] = len(first), int((~direct).sum())
    output = program.output_index.astype(np.int64)
    graded = np.isin(program.output_kind, GRADED_MONITORED)
    output[graded] = place[output[graded]]
    # runs of the same kind whose places follow one another are copied in one go
    breaks = (np.diff(program.output_kind.astype(np.int64)) != 0) | (np.diff(output) != 1)
    readings = np.flatnonzero(np.append(np.ones(min(len(output), 1), bool), breaks))
    counts[Count.READINGS] = len(readings)
    index |= {
        Index.DIRECT_ELEMENT: element[first],
        Index.DIRECT_NEURON: neuron[first],
        Index.DIRECT_LENGTH: np.diff(np.append(first, len(neuron))),
        Index.DIRECT_STRIDE: stride,
        Index.INTO_ELEMENT: program.input_element[~direct],
        Index.INTO_RECEPTOR: program.input_receptor[~direct],
        Index.OUTPUT_KIND: program.output_kind[readings],
        Index.OUTPUT_INDEX: output[readings],
        Index.OUTPUT_FIRST: np.append(readings, len(output)),
        Index.GRADED_TARGET: np.empty(0),
    }
    if (program.output_kind == OutputKind.GRADED_CURRENT).any():
        target = np.zeros(index[Index.GRADED_TAP].size)
        target[place] = np.repeat(np.arange(program.n_neurons), np.diff(program.graded_row.astype(np.int64)))
        index[Index.GRADED_TARGET] = target
    number |= {
        Number.INPUT_WEIGHT: weight[first],
        Number.INTO_WEIGHT: program.input_weight[~direct],
    }


def _edge_runs(
    element: NDArray[np.int64], neuron: NDArray[np.int64], weight: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First edge of every run to consecutive neurons with one weight, and the stride of its elements."""
    if not len(neuron):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    step = np.diff(element)
    joined = (np.diff(neuron) == 1) & (np.diff(weight) == 0.0) & ((step == 0) | (step == 1))
    # the first pair of a run settles its stride
    turns = np.append(False, joined[1:] & joined[:-1] & (step[1:] != step[:-1]))
    first = np.flatnonzero(np.append(True, ~joined | turns))
    stride = np.append(step, 0)[first]
    lengths = np.diff(np.append(first, len(neuron)))
    return first, np.where(lengths > 1, stride, 0)
