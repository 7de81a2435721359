"""Adapters resolved against a body and a program: names become places in the flat arrays of `adapters.native`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.native.layout import (
    FACTOR_WIDTH,
    NONE,
    OF_MUSCLE,
    OF_SENSOR,
    OF_TENDON,
    RAMP_WIDTH,
    ROW_WIDTH,
    TERM_WIDTH,
    Form,
    Ramp,
    Reading,
    Row,
    Source,
    padded,
)
from sns_mujoco.backends.program import Floats, Indices
from sns_mujoco.cosim.assembly import Edge
from sns_mujoco.cosim.body_signals import MADE as OF_BODY
from sns_mujoco.cosim.clocks import delay_steps
from sns_mujoco.cosim.details import AfferentDetails
from sns_mujoco.cosim.muscle_signals import MADE as OF_MUSCLES
from sns_mujoco.cosim.readings import Part, Read, Signal
from sns_mujoco.cosim.references import References
from sns_mujoco.cosim.store import Store
from sns_mujoco.errors import AttachError

_MADE = OF_BODY | OF_MUSCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Afferents for `adapters.native.sensing`.

    Attributes:
        rows: uint32 [A, ROW_WIDTH].
        ramps: float64 [RAMP_WIDTH, padded(A)].
        terms: uint32 [S, TERM_WIDTH].
        factors: float64 [S, FACTOR_WIDTH].
        details: What is known of each.
    """

    rows: Indices
    ramps: Floats
    terms: Indices
    factors: Floats
    details: list[AfferentDetails]


def find_signal(afferent: Afferent, references: References) -> Signal:
    """What an afferent reads, sensors being added to the body where they are missing.

    Raises:
        UnknownNameError: Something has not the name that is given.
        AttachError: It is there, but not of the kind that the afferent needs.
    """
    for cls in type(afferent).__mro__:
        if cls in _MADE:
            return _MADE[cls](afferent, references)
    raise AttachError(f"{afferent.label}: afferents of this class cannot be attached; use those of sns_mujoco.adapters")


def wire_afferents(
    afferents: Sequence[Afferent], edges: Sequence[Sequence[Edge]], references: References, store: Store
) -> Inputs:
    """Resolve afferents; the references gain what they are wired to, and the commands they hear."""
    rows = np.zeros((len(afferents), ROW_WIDTH), np.uint32)
    ramps = np.zeros((RAMP_WIDTH, padded(len(afferents))))
    parts: list[Part] = []
    details = []
    for k, (afferent, targets) in enumerate(zip(afferents, edges, strict=True)):
        signal = find_signal(afferent, references)
        steps = delay_steps(afferent.delay, references.model.opt.timestep)
        rows[k, :4] = (Source.NOTHING, 0, 0, 0) if signal.read is None else _row(signal.read)
        rows[k, Row.FORM] = signal.form
        rows[k, Row.ROOM], rows[k, Row.DELAY] = store.line(steps)
        rows[k, Row.FIRST], rows[k, Row.LAST] = len(parts), len(parts) + len(signal.parts)
        rows[k, Row.CURVE] = store.curve(afferent.curve)
        rows[k, Row.EXTRA] = store.keep(signal.extras)
        rows[k, Row.MEMORY] = store.remember(signal.memory)
        lo, hi = afferent.range or (0.0, 1.0)
        ramps[:, k] = lo, 1.0 / (hi - lo), afferent.gain, afferent.offset, afferent.clip, afferent.noise
        parts += signal.parts
        names = [references.program.neuron_names[edge[0]] for edge in targets]
        details.append(_details(afferent, signal, names, steps))
    terms, factors = _packed(parts, references)
    return Inputs(rows=rows, ramps=ramps, terms=terms, factors=factors, details=details)


def with_electrodes(inputs: Inputs, first: int, count: int) -> Inputs:
    """The same with electrodes, which bring what stands in userdata from a place on, nA."""
    rows = np.zeros((count, ROW_WIDTH), np.uint32)
    rows[:, Reading.KIND], rows[:, Reading.WIDTH] = Source.COMMAND, 1
    rows[:, Reading.ADDRESS] = first + np.arange(count)
    rows[:, [Row.CURVE, Row.DELAY]] = NONE
    n = len(inputs.rows)
    ramps = np.zeros((RAMP_WIDTH, padded(n + count)))
    ramps[:, :n] = inputs.ramps[:, :n]
    ramps[[Ramp.SCALE, Ramp.GAIN], n : n + count] = 1.0
    return replace(inputs, rows=np.concatenate([inputs.rows, rows]), ramps=ramps)


def _row(read: Read) -> list[int]:
    return [read.kind, read.address, read.channel, 1]


def _packed(parts: Sequence[Part], references: References) -> tuple[Indices, Floats]:
    terms = np.zeros((len(parts), TERM_WIDTH), np.uint32)
    factors = np.zeros((len(parts), FACTOR_WIDTH))
    for k, part in enumerate(parts):
        modulator, low, scale = NONE, 0.0, 0.0
        if part.modulator is not None:
            low, high = part.modulator.range
            modulator, scale = references.program.neuron_names.index(part.modulator.neuron), 1.0 / (high - low)
        terms[k] = [*_row(part.read), part.clipped, modulator]
        factors[k] = part.origin, part.unit, part.exponent, part.coefficient, low, scale, part.effect
    return terms, factors


def _details(afferent: Afferent, signal: Signal, targets: list[str], steps: int) -> AfferentDetails:
    reads = [part.read for part in signal.parts] if signal.form != Form.DIRECT else []
    reads += [signal.read] if signal.read is not None else []
    sensors = [
        (read.of, read.channel if read.kind == Source.SENSOR else read.kind.name.lower())
        for read in reads
        if read.kind in OF_SENSOR
    ]
    quantities = [
        (read.of, read.kind.name.lower().replace("_", " ")) for read in reads if read.kind in OF_TENDON + OF_MUSCLE
    ]
    drives = [read.of for read in reads if read.kind in (Source.CONTROL, Source.POTENTIAL)]
    drives += [part.modulator.neuron for part in signal.parts if part.modulator is not None]
    return AfferentDetails(
        label=afferent.label,
        kind=type(afferent).__name__,
        source=afferent.source,
        to=afferent.to,
        targets=tuple(targets),
        sensors=tuple(dict.fromkeys(sensors)),
        quantities=tuple(dict.fromkeys(quantities)),
        drives=tuple(dict.fromkeys(drives)),
        range=afferent.range,
        gain=afferent.gain,
        offset=afferent.offset,
        clip=afferent.clip,
        curve=None if afferent.curve is None else repr(afferent.curve),
        noise=afferent.noise,
        delay=afferent.delay,
        delay_steps=steps,
    )
