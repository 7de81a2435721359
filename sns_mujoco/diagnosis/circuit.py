"""The circuit inside a compiled model: who acts on whom, and how strongly.

Read back from the numbers that the model is stepped by, so that what is examined is what will run, however it came
about: from `attach`, from a file, or with parameters that evolution or learning have changed since.
"""

from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import ReceptorKind
from sns_mujoco.backends.native.sections import INDEX_TABLE, LANES, NUMBER_TABLE, Count, Group, Index, Number
from sns_mujoco.backends.native.simd import PALETTE_BITS
from sns_mujoco.backends.program import OutputKind
from sns_mujoco.cosim.brain import Brain, attribute

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

READS_NEURON = (OutputKind.VOLTAGE,)
READS_SPIKING = (OutputKind.SPIKE, OutputKind.THRESHOLD)


@dataclass(slots=True)
class Edges:
    """Directed connections between neurons, one entry each.

    The current of one is `strength * a * (reversal - V)`, or `strength * a` without a reversal potential (nan); a goes
    from 0 to 1 as the source goes from `lo` to `hi`, mV. `spikes` marks those that only spikes open; `always` those
    that are open at all times, whose reversal potential is the potential of the source (electrical junctions).

    Attributes:
        kind: "graded", "spiking", "electrical", "weighted", "receptor" of each [E].
        source: Presynaptic neuron [E].
        target: Postsynaptic neuron [E].
        strength: Maximal conductance, uS, or current, nA [E]; infinite where spikes add up without a bound.
        reversal: Reversal potential, mV [E].
        lo: [E], mV.
        hi: [E], mV.
    """

    kind: list[str] = field(default_factory=list)
    source: Places = field(default_factory=lambda: np.empty(0, np.int64))
    target: Places = field(default_factory=lambda: np.empty(0, np.int64))
    strength: Floats = field(default_factory=lambda: np.empty(0))
    reversal: Floats = field(default_factory=lambda: np.empty(0))
    lo: Floats = field(default_factory=lambda: np.empty(0))
    hi: Floats = field(default_factory=lambda: np.empty(0))

    def add(self, kind: str, source: Places, target: Places, strength: Floats, reversal: Floats, lo: Floats | float,
            hi: Floats | float) -> None:  # fmt: skip
        """Put further connections of one kind behind those that are there."""
        count = len(source)
        self.kind += [kind] * count
        self.source = np.append(self.source, source).astype(np.int64)
        self.target = np.append(self.target, target).astype(np.int64)
        for name, values in (("strength", strength), ("reversal", reversal), ("lo", lo), ("hi", hi)):
            setattr(self, name, np.append(getattr(self, name), np.broadcast_to(values, count)))

    def __len__(self) -> int:
        """Number of connections."""
        return len(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A nervous system as its model has it.

    Attributes:
        names: Names of the neurons [N].
        dt: Neural step, ms.
        exponential: Whether it is stepped by exponential Euler.
        leak: Membrane conductance [N], uS.
        rest: Resting potential [N], mV.
        bias: Constant current [N], nA.
        speed: What a conductance of 1 uS and a step take off a potential's distance from its goal, dt / C [N], 1/uS.
        threshold: Spike threshold at rest [N], mV; infinite for neurons that do not spike.
        custom: Whether a neuron follows equations of its own [N].
        channels: Sum of the maximal conductances of ion channels [K] with target and reversal potential.
        edges: Synapses and electrical junctions.
        inputs: Input edges [I, 3]: element of the input vector, neuron, weight; element is counted through all.
        n_inputs: Length of the input vector.
        noise: Neuron, mean and standard deviation of each source of noise [Z, 3], nA.
        read: Neurons that the network's outputs read.
        n_outputs: Length of the output vector.
        gates: Neuron and dt / tau of every gate with a constant time constant [., 2].
    """

    names: tuple[str, ...]
    dt: float
    exponential: bool
    leak: Floats
    rest: Floats
    bias: Floats
    speed: Floats
    threshold: Floats
    custom: NDArray[np.bool_]
    channels: Floats
    edges: Edges
    inputs: Floats
    n_inputs: int
    noise: Floats
    read: Places
    n_outputs: int
    gates: Floats


@dataclass(frozen=True, slots=True)
class _Packed:
    """The buffers of `backends.native.sections`, section by section."""

    structure: Places
    parameters: Floats

    def count(self, what: Count) -> int:
        return int(self.structure[what])

    def index(self, section: Index, length: int | None = None, start: int = 0) -> Places:
        begin = int(self.structure[INDEX_TABLE + section]) + start
        ends = self.structure[INDEX_TABLE : INDEX_TABLE + len(Index)]
        after = ends[ends > begin]
        end = begin + length if length is not None else int(after.min()) if after.size else len(self.structure)
        return self.structure[begin:end]

    def number(self, section: Number, length: int) -> Floats:
        begin = int(self.structure[NUMBER_TABLE + section])
        return self.parameters[begin : begin + length]


def read_circuit(model: mujoco.MjModel, brain: Brain) -> Circuit:
    """Read the circuit of one nervous system back from its model."""
    packed = _packed(model, brain)
    n = packed.count(Count.NEURONS)
    membranes = _membranes(packed, n)
    spiking = np.asarray(brain.spiking, np.int64)
    edges = Edges()
    _graded(packed, n, edges)
    _chemical(packed, n, spiking, edges)
    _junctions(packed, n, edges)
    _weighted(packed, n, edges)
    receptors = _events(packed, spiking, edges)
    k = packed.count(Count.CHANNELS)
    owner = packed.index(Index.CHANNEL_NEURON, k)
    channels = _columns(owner, packed.number(Number.CHANNEL_CONDUCTANCE, k), packed.number(Number.CHANNEL_REVERSAL, k))
    constant = (packed.index(Index.TAU_RULE, 2 * k) == 1) & (packed.number(Number.GATE_POWER, 3 * k)[k:] > 0)
    factor = packed.number(Number.GATE_FACTOR, 2 * k)
    gates = _columns(np.tile(owner, 2), factor)[constant]
    z = packed.count(Count.NOISE)
    keep, spread = packed.number(Number.NOISE_KEEP, z), packed.number(Number.NOISE_SPREAD, z)
    deviation = spread / np.sqrt(np.maximum(1.0 - keep**2, 1e-300))
    noise = _columns(packed.index(Index.NOISE_NEURON, z), packed.number(Number.NOISE_MEAN, z), deviation)
    inputs, n_inputs = _inputs(packed, receptors)
    return Circuit(
        names=brain.neuron_names,
        dt=brain.dt,
        exponential=bool(packed.count(Count.EXPONENTIAL)),
        threshold=_thresholds(packed, n),
        channels=channels,
        edges=edges,
        inputs=inputs,
        n_inputs=n_inputs,
        noise=noise,
        read=_read_by_outputs(packed, spiking),
        n_outputs=packed.count(Count.OUTPUTS),
        gates=gates,
        **membranes,
    )


def _columns(*columns: NDArray) -> Floats:
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


def _packed(model: mujoco.MjModel, brain: Brain) -> _Packed:
    structure = np.array(attribute(model, brain, "structure").split(), np.int64)
    field_id = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_NUMERIC, brain.name)
    start = int(model.numeric_adr[field_id])
    return _Packed(structure, np.array(model.numeric_data[start : start + int(structure[Count.PARAMETERS])]))


def _segments(packed: _Packed) -> list[tuple[int, int, int, int, int, int, int]]:
    """First and last neuron, first spiking one, places of membrane, threshold and bias, and what is shared."""
    sections = (
        Index.SEGMENT_NEURON, Index.SEGMENT_END, Index.SEGMENT_SPIKING, Index.SEGMENT_MEMBRANE, Index.SEGMENT_THRESHOLD,
        Index.SEGMENT_BIAS, Index.SEGMENT_SHARED,
    )  # fmt: skip
    count = int(packed.index(Index.SEGMENT_ROW, packed.count(Count.STRETCHES) + 1)[-1])
    return list(zip(*(packed.index(section, count).tolist() for section in sections), strict=True))


def _membranes(packed: _Packed, n: int) -> dict[str, NDArray]:
    custom = np.ones(n, bool)
    values = {name: np.zeros(n) for name in ("speed", "leak", "rest", "bias")}
    for first, end, _, membrane, _, bias, shared in _segments(packed):
        custom[first:end] = False
        for name, section in (("speed", Number.FACTOR), ("leak", Number.LEAK), ("rest", Number.REST)):
            own = packed.number(section, membrane + (1 if shared else end - first))[membrane:]
            values[name][first:end] = own
        values["bias"][first:end] = packed.number(Number.BIAS, bias + (1 if shared == 1 else end - first))[bias:]
    for group in packed.index(Index.GROUP, packed.count(Count.GROUPS) * len(Group)).reshape(-1, len(Group)):
        own = slice(int(group[Group.FIRST]), int(group[Group.FIRST] + group[Group.COUNT]))
        values["bias"][own] = packed.number(Number.GROUP_BIAS, n)[own]
    return values | {"custom": custom}


def _thresholds(packed: _Packed, n: int) -> Floats:
    threshold = np.full(n, np.inf)
    for first, end, spiking, _, place, _, shared in _segments(packed):
        if spiking != 0xFFFFFFFF:
            count = 1 if shared else end - first
            threshold[first:end] = packed.number(Number.THETA_START, place + count)[place:]
    for group in packed.index(Index.GROUP, packed.count(Count.GROUPS) * len(Group)).reshape(-1, len(Group)):
        if group[Group.FIRST_SPIKING] != 0xFFFFFFFF:
            threshold[int(group[Group.FIRST]) : int(group[Group.FIRST] + group[Group.COUNT])] = -np.inf
    return threshold


def _graded(packed: _Packed, n: int, edges: Edges) -> None:
    blocks, wide = packed.count(Count.BLOCKS), packed.count(Count.WIDE)
    start = packed.index(Index.BLOCK_START, blocks + 1)
    lanes = packed.index(Index.BLOCK_NEURON, LANES * blocks).reshape(-1, LANES)
    wide_start = packed.index(Index.WIDE_START, wide + 1)
    target = np.concatenate(
        [
            np.empty(0, np.int64),
            *(np.tile(own, int(width)) for own, width in zip(lanes, np.diff(start), strict=True)),
            np.repeat(packed.index(Index.WIDE_NEURON, wide), np.diff(wide_start)),
        ]
    ).astype(np.int64)
    count = len(target)
    tap = packed.index(Index.GRADED_TAP, count)
    if packed.count(Count.PALETTE):
        table = packed.number(Number.GRADED_REVERSAL, int((tap >> PALETTE_BITS).max()) + 1)
        reversal, tap = table[tap >> PALETTE_BITS], tap & ((1 << PALETTE_BITS) - 1)
    else:
        reversal = packed.number(Number.GRADED_REVERSAL, count)
    ramps = packed.count(Count.RAMPS)
    ramp_tap = packed.index(Index.RAMP_TAP, ramps + 1)
    ramp = np.searchsorted(ramp_tap, tap, "right") - 1
    source = packed.index(Index.RAMP_NEURON, ramps)[ramp] + tap - ramp_tap[ramp] if count else tap
    lo = packed.number(Number.RAMP_LO, ramps)[ramp] if count else np.empty(0)
    width = 1.0 / packed.number(Number.RAMP_INVERSE, ramps)[ramp] if count else np.empty(0)
    conductance = packed.number(Number.GRADED_CONDUCTANCE, count)
    # lanes are filled up with synapses without conductance
    real = (target < n) & (conductance != 0.0)
    edges.add("graded", source[real], target[real], conductance[real], reversal[real], lo[real], (lo + width)[real])


def _chemical(packed: _Packed, n: int, spiking: Places, edges: Edges) -> None:
    count = packed.count(Count.CHEMICAL)
    target = np.repeat(np.arange(n), np.diff(packed.index(Index.CHEMICAL_ROW, n + 1)))
    source = np.empty(count, np.int64)
    fan_row = packed.index(Index.FAN_ROW, len(spiking) + 1)
    source[packed.index(Index.FAN, count)] = np.repeat(spiking, np.diff(fan_row))
    strength, reversal = (packed.number(s, count) for s in (Number.CHEMICAL_MAXIMUM, Number.CHEMICAL_REVERSAL))
    edges.add("spiking", source, target, strength, reversal, np.nan, np.nan)


def _junctions(packed: _Packed, n: int, edges: Edges) -> None:
    count = packed.count(Count.JUNCTIONS)
    target = np.repeat(np.arange(n), np.diff(packed.index(Index.JUNCTION_ROW, n + 1)))
    other = packed.index(Index.JUNCTION_OTHER, count)
    edges.add("electrical", other, target, packed.number(Number.JUNCTION_CONDUCTANCE, count), np.full(count, np.nan),
              np.nan, np.nan)  # fmt: skip


def _weighted(packed: _Packed, n: int, edges: Edges) -> None:
    count = packed.count(Count.WEIGHTED)
    target = np.repeat(np.arange(n), np.diff(packed.index(Index.WEIGHTED_ROW, n + 1)))
    weight, highest = packed.number(Number.WEIGHTED_WEIGHT, count), packed.number(Number.WEIGHTED_HIGHEST, count)
    learns = packed.index(Index.WEIGHTED_RULE, count) != 0
    driving = packed.index(Index.WEIGHTED_DRIVING, count) == 1
    midpoint, slope = packed.number(Number.WEIGHTED_MIDPOINT, count), packed.number(Number.WEIGHTED_SLOPE, count)
    sigmoid = packed.index(Index.WEIGHTED_CURVE, count) == 1
    with np.errstate(divide="ignore"):
        width = 1.0 / slope
    # a sigmoid is as good as shut and open six widths from its midpoint
    edges.add(
        "weighted", packed.index(Index.WEIGHTED_SOURCE, count), target,
        np.where(learns, np.maximum(weight, highest), weight),
        np.where(driving, packed.number(Number.WEIGHTED_REVERSAL, count), np.nan),
        np.where(sigmoid, midpoint - 6.0 * width, midpoint),
        np.where(sigmoid, midpoint + 6.0 * width, midpoint + width),
    )  # fmt: skip


def _events(packed: _Packed, spiking: Places, edges: Edges) -> tuple[Places, NDArray, Floats]:
    """Event synapses; the neuron, the kind and the reversal potential of every receptor."""
    count, r = packed.count(Count.EVENTS), packed.count(Count.RECEPTORS)
    neuron, kind = packed.index(Index.RECEPTOR_NEURON, r), packed.index(Index.RECEPTOR_KIND, r)
    own = packed.index(Index.RECEPTOR_SET, r)
    reversal = packed.number(Number.RUN_REVERSAL, int(own.max()) + 1 if r else 0)[own]
    source = np.repeat(spiking, np.diff(packed.index(Index.EVENT_ROW, len(spiking) + 1)))
    slot = packed.index(Index.EVENT_SLOT, count)
    jump = slot >= 2 * r
    receptor = np.where(jump, 0, slot % max(r, 1))
    target = np.where(jump, slot - 2 * r, neuron[receptor] if r else 0)
    conducts = ~jump & (kind[receptor] == ReceptorKind.CONDUCTANCE) if r else np.zeros(count, bool)
    weight = packed.number(Number.EVENT_WEIGHT, count)
    strength = np.where(weight == 0.0, 0.0, np.where(weight > 0.0, np.inf, -np.inf))
    edges.add("receptor", source, target, strength, np.where(conducts, reversal[receptor] if r else 0.0, np.nan),
              np.nan, np.nan)  # fmt: skip
    return neuron, kind, reversal


def _inputs(packed: _Packed, receptors: tuple[Places, NDArray, Floats]) -> tuple[Floats, int]:
    direct, into = packed.count(Count.DIRECT), packed.count(Count.INTO)
    rows: list[tuple[float, float, float]] = []
    weights = packed.number(Number.INPUT_WEIGHT, direct)
    runs = zip(
        *(packed.index(s, direct).tolist() for s in (
            Index.DIRECT_ELEMENT, Index.DIRECT_NEURON, Index.DIRECT_LENGTH, Index.DIRECT_STRIDE)),
        weights.tolist(), strict=True,
    )  # fmt: skip
    for element, neuron, length, stride, weight in runs:
        rows += [(element + stride * i, neuron + i, weight) for i in range(length)]
    elements = packed.index(Index.INTO_ELEMENT, into).tolist()
    places = packed.index(Index.INTO_RECEPTOR, into).tolist()
    into_weights = packed.number(Number.INTO_WEIGHT, into).tolist()
    # what a receptor makes of an input has no simple bound
    rows += [
        (e, float(receptors[0][p]), np.inf if w > 0 else -np.inf)
        for e, p, w in zip(elements, places, into_weights, strict=True)
    ]
    table = np.array(rows, float).reshape(-1, 3)
    return table, int(table[:, 0].max()) + 1 if len(table) else 0


def _read_by_outputs(packed: _Packed, spiking: Places) -> Places:
    readings = packed.count(Count.READINGS)
    kind, first = packed.index(Index.OUTPUT_KIND, readings), packed.index(Index.OUTPUT_INDEX, readings)
    element = packed.index(Index.OUTPUT_FIRST, readings + 1)
    read: set[int] = set()
    for k in range(readings):
        places = range(int(first[k]), int(first[k] + element[k + 1] - element[k]))
        if kind[k] in READS_NEURON:
            read |= set(places)
        elif kind[k] in READS_SPIKING:
            read |= {int(spiking[p]) for p in places}
    return np.array(sorted(read), np.int64)
