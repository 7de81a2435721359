"""Random programs with any of the families, for checks that all backends mean the same by them.

They are drawn as arrays, not described as networks, so that every number of every family is met.
"""

from dataclasses import fields, replace

import numpy as np

from sns_mujoco.backends.families import (
    NONE,
    Code,
    Curve,
    Equations,
    Events,
    Noise,
    Op,
    Plastic,
    ReceptorKind,
    Receptors,
    Rule,
    ShortTerm,
    Weighted,
)
from sns_mujoco.backends.program import OutputKind
from sns_mujoco.backends.state import StateLayout

FAMILIES = (
    "exponential",
    "subtracts",
    "receptors",
    "delays",
    "short_term",
    "plastic",
    "triplet",
    "reward",
    "jumps",
    "weighted",
    "learning",
    "noise",
    "equations",
    "receptor_inputs",
)
"""What may be added to a program; those that need events or receptors bring them along."""

OF_SPIKES = {"receptors", "delays", "short_term", "plastic", "triplet", "reward", "jumps", "receptor_inputs"}


def enrich(program, seed, families=FAMILIES):
    """A program with more families added to what it has.

    Args:
        program: With at least one spiking neuron and one input.
        seed: Of the numbers.
        families: Some of `FAMILIES`.
    """
    rng = np.random.default_rng(seed)
    chosen = set(families)
    n, spiking = program.n_neurons, len(program.spiking_neuron)
    changes = {}
    if "exponential" in chosen:
        changes["exponential"] = True
    if "subtracts" in chosen:
        changes["subtracts"] = rng.integers(0, 2, spiking).astype(np.uint32)
    if chosen & OF_SPIKES:
        changes["receptors"] = _receptors(rng, n, jumps="jumps" in chosen)
        changes |= _events(rng, program, changes["receptors"], chosen)
    if chosen & {"weighted", "learning"}:
        changes["weighted"] = _weighted(rng, n, learning="learning" in chosen)
        changes["weighted_names"] = tuple(f"weighted {k}" for k in range(len(changes["weighted"].source)))
    if "noise" in chosen:
        neuron = np.sort(rng.integers(0, n, 5)).astype(np.uint32)
        mean, spread = rng.uniform(-1, 1, 5), rng.uniform(0.01, 0.5, 5)
        changes["noise"] = Noise(
            neuron=neuron, mean=mean, keep=rng.uniform(0.8, 1, 5), spread=spread, initial=rng.uniform(-1, 1, 5)
        )
    if "equations" in chosen:
        changes["equations"] = _equations(rng, program)
    if "receptor_inputs" in chosen:
        changes |= _receptor_inputs(rng, program, changes["receptors"])
    rich = replace(program, **changes)
    return replace(rich, **_outputs(rich))


def same_state(program, a, b, rtol, atol):
    """Assert that two state vectors [..., size] are the same."""
    for field in fields(StateLayout):
        place = getattr(StateLayout.of(program), field.name)
        if isinstance(place, slice):
            np.testing.assert_allclose(a[..., place], b[..., place], rtol=rtol, atol=atol, err_msg=field.name)


def _receptors(rng, n, *, jumps):
    counts = rng.integers(0, 4, n)
    counts[rng.integers(n)] = 3
    total = counts.sum()
    kind = rng.choice([ReceptorKind.CURRENT, ReceptorKind.CONDUCTANCE, ReceptorKind.JUMP][: 3 if jumps else 2], total)
    two_stage = (rng.random(total) < 0.4) & (kind != ReceptorKind.JUMP)
    return Receptors(
        row=np.append(0, np.cumsum(counts)).astype(np.uint32),
        kind=kind.astype(np.uint32),
        reversal=rng.uniform(-60, 80, total),
        decay=rng.uniform(0.6, 0.99, total),
        rise=np.where(two_stage, rng.uniform(0.5, 0.95, total), 0.0),
        coupling=np.where(two_stage, rng.uniform(0.1, 1.0, total), 0.0),
        gain=np.where(kind == ReceptorKind.JUMP, 1.0, rng.uniform(0.5, 1.5, total)),
        two_stage=two_stage.astype(np.uint32),
    )


def _events(rng, program, receptors, chosen):
    spiking, total = len(program.spiking_neuron), 6 * len(program.spiking_neuron)
    source = np.sort(rng.integers(0, spiking, total))
    delay = rng.choice([0, 0, 1, 3, 8], total) if "delays" in chosen else np.zeros(total, int)
    order = np.lexsort((delay, source))
    source, delay = source[order], delay[order]
    receptor = rng.integers(0, len(receptors.kind), total)
    weight = rng.uniform(0.02, 0.15, total)
    weight[receptors.kind[receptor] == ReceptorKind.CURRENT] *= 20 * rng.choice([-1, 1])
    weight[receptors.kind[receptor] == ReceptorKind.JUMP] *= 10
    short, plastic = np.full(total, NONE), np.full(total, NONE)
    if "short_term" in chosen:
        which = np.flatnonzero(rng.random(total) < 0.5)
        short[which] = rng.permutation(len(which))
    if chosen & {"plastic", "triplet", "reward"}:
        which = np.flatnonzero(rng.random(total) < 0.6)
        plastic[which] = rng.permutation(len(which))
    events = Events(
        row=np.append(0, np.cumsum(np.bincount(source, minlength=spiking))).astype(np.uint32),
        receptor=receptor.astype(np.uint32),
        weight=weight,
        delay=delay.astype(np.uint32),
        short_term=short.astype(np.uint32),
        plastic=plastic.astype(np.uint32),
    )
    return {
        "events": events,
        "event_names": tuple(f"event {k}" for k in range(total)),
        "short_term": _short_term(rng, int((short != NONE).sum())),
        "plastic": _plastic(rng, program, events, chosen),
    }


def _short_term(rng, count):
    return ShortTerm(
        use=rng.uniform(0.1, 0.6, count),
        facilitation=rng.uniform(0.9, 0.999, count),
        depression=rng.uniform(0.95, 0.999, count),
        initial_use=rng.uniform(0, 0.5, count),
        initial_resource=rng.uniform(0.5, 1.0, count),
    )


def _plastic(rng, program, events, chosen):
    learning = np.flatnonzero(events.plastic != NONE)
    count = len(learning)
    event = np.empty(count, int)
    event[events.plastic[learning]] = learning
    weight = events.weight[event]
    triplet = float("triplet" in chosen)
    rewarded = (rng.random(count) < 0.5) & ("reward" in chosen)
    modulator = np.where(rewarded, rng.integers(0, program.n_neurons, count), NONE)
    size = np.abs(weight)
    return Plastic(
        event=event.astype(np.uint32),
        post=rng.integers(0, len(program.spiking_neuron), count).astype(np.uint32),
        amplitude_pre=0.2 * size * rng.uniform(0, 1, count),
        amplitude_post=-0.2 * size * rng.uniform(0, 1, count),
        triplet_pre=triplet * size * rng.uniform(0, 0.1, count),
        triplet_post=-triplet * size * rng.uniform(0, 0.1, count),
        keep_pre=rng.uniform(0.9, 0.999, count),
        keep_post=rng.uniform(0.9, 0.999, count),
        keep_slow_pre=rng.uniform(0.9, 0.999, count),
        keep_slow_post=rng.uniform(0.9, 0.999, count),
        lowest=np.minimum(weight, weight - 0.5 * size),
        highest=weight + 0.5 * size,
        modulator=modulator.astype(np.uint32),
        keep_eligibility=rng.uniform(0.9, 0.999, count),
        reward_rate=rng.uniform(0, 0.01, count),
    )


def _weighted(rng, n, *, learning):
    target = np.sort(rng.integers(0, n, 3 * n))
    total = len(target)
    driving = rng.integers(0, 2, total)
    weight = np.where(driving, rng.uniform(0, 0.2, total), rng.uniform(-3, 3, total))
    rule = rng.integers(0, 3, total) if learning else np.full(total, Rule.FIXED)
    return Weighted(
        row=np.append(0, np.cumsum(np.bincount(target, minlength=n))).astype(np.uint32),
        source=rng.integers(0, n, total).astype(np.uint32),
        weight=weight,
        driving=driving.astype(np.uint32),
        reversal=rng.uniform(-60, 80, total),
        curve=rng.choice([Curve.RAMP, Curve.SIGMOID], total).astype(np.uint32),
        midpoint=rng.uniform(-2, 8, total),
        slope=rng.uniform(0.05, 0.5, total),
        rule=rule.astype(np.uint32),
        rate=np.where(rule == Rule.FIXED, 0.0, rng.uniform(0, 0.01, total)),
        forget=np.where(rule == Rule.FIXED, 0.0, rng.uniform(0, 0.001, total)),
        post_midpoint=rng.uniform(-2, 5, total),
        post_slope=rng.uniform(0.05, 0.3, total),
        lowest=weight - 0.5,
        highest=weight + 0.5,
    )


def _equations(rng, program):
    """A group that spikes, of some spiking neurons, and one that does not, of others; each operation somewhere."""
    spikers = program.spiking_neuron
    count = int(rng.integers(1, len(spikers) + 1))
    groups = [_group(rng, int(spikers[0]), count, 0)]
    silent = np.setdiff1d(np.arange(program.n_neurons), spikers)
    groups.append(_group(rng, int(silent[0]), 1, None))
    return tuple(sorted(groups, key=lambda group: group.first))


def _group(rng, first, count, first_spiking):
    """dV = tau (I - V + w + noise), dw = a (b V - w) with detours through all operations."""
    code, constants = [], [0.05, 0.1, 2.0, 0.0, 1.0, 5.0, 1e-3]

    def do(op, a=0, b=0, c=0):
        code.append((op, a, b, c))
        return len(code) - 1

    k = [do(Op.CONSTANT, j) for j in range(len(constants))]
    v, w, current = do(Op.VARIABLE, 0), do(Op.VARIABLE, 1), do(Op.CURRENT)
    a, b = do(Op.PARAMETER, 0), do(Op.PARAMETER, 1)
    noise = do(Op.MULTIPLY, k[1], do(Op.ADD, do(Op.NORMAL, 0), do(Op.UNIFORM, 1)))
    calm = do(Op.HYPERBOLIC_TANGENT, do(Op.DIVIDE, v, k[5]))
    wave = do(Op.ADD, do(Op.SINE, v), do(Op.COSINE, do(Op.FLOOR, v)))
    bend = do(Op.EXPONENTIAL, do(Op.NEGATIVE, do(Op.ABSOLUTE, v)))
    root = do(Op.LOGARITHM, do(Op.ADD, k[4], do(Op.SQUARE_ROOT, do(Op.ABSOLUTE, calm))))
    square = do(Op.POWER, calm, k[2])
    low = do(Op.LESS, v, w)
    odd = do(Op.OR, do(Op.AND, low, do(Op.LESS_EQUAL, k[3], v)), do(Op.NOT, do(Op.EQUAL, k[3], low)))
    pick = do(Op.SELECT, odd, wave, bend)
    more = do(Op.ADD, do(Op.ADD, do(Op.MULTIPLY, k[1], pick), root), do(Op.MAXIMUM, square, do(Op.MINIMUM, calm, k[4])))
    drive = do(Op.ADD, do(Op.ADD, do(Op.SUBTRACT, current, v), do(Op.SUBTRACT, noise, w)), more)
    decay = do(Op.RELATIVE_GROWTH, do(Op.MULTIPLY, k[0], calm))
    new_v = do(Op.ADD, v, do(Op.MULTIPLY, do(Op.MULTIPLY, a, decay), drive))
    new_w = do(Op.ADD, w, do(Op.MULTIPLY, k[6], do(Op.SUBTRACT, do(Op.MULTIPLY, b, v), w)))
    spike = do(Op.SUBTRACT, new_v, k[4])
    after = [k[3], do(Op.ADD, new_w, k[1])]
    return Equations(
        first=first,
        count=count,
        first_spiking=NONE if first_spiking is None else first_spiking,
        code=Code(
            instructions=np.array(code, np.uint32),
            constants=np.array(constants),
            new=np.array([new_v, new_w], np.uint32),
            spike=NONE if first_spiking is None else spike,
            spike_at_zero=bool(rng.integers(2)),
            after_spike=np.array([] if first_spiking is None else after, np.uint32),
        ),
        parameters=rng.uniform(0.02, 0.1, (2, count)),
        initial=rng.uniform(-0.5, 0.5, (1, count)),
        variable_names=("w",),
        parameter_names=("a", "b"),
    )


def _receptor_inputs(rng, program, receptors):
    receptor = rng.choice(np.flatnonzero(receptors.kind != ReceptorKind.JUMP), 3)
    neuron = np.searchsorted(receptors.row, receptor, side="right") - 1
    return {
        "input_element": np.append(program.input_element, rng.integers(0, program.n_inputs, 3)).astype(np.uint32),
        "input_neuron": np.append(program.input_neuron, neuron).astype(np.uint32),
        "input_receptor": np.append(program.input_receptor, receptor).astype(np.uint32),
        "input_weight": np.append(program.input_weight, rng.uniform(0.01, 0.05, 3)),
    }


def _outputs(program):
    """The outputs with one of every kind that there is something of."""
    layout = StateLayout.of(program)
    size = {
        OutputKind.RECEPTOR: len(program.receptors.kind),
        OutputKind.RECEPTOR_CURRENT: len(program.receptors.kind),
        OutputKind.WEIGHT: len(program.events.weight),
        OutputKind.GRADED_WEIGHT: len(program.weighted.weight),
        OutputKind.VARIABLE: layout.variables.stop - layout.variables.start,
        OutputKind.NOISE: len(program.noise.neuron),
    }
    kinds = [kind for kind, count in size.items() for _ in range(count)]
    index = [k for count in size.values() for k in range(count)]
    return {
        "output_names": (*program.output_names, *(f"more {k}" for k in range(len(kinds)))),
        "output_kind": np.append(program.output_kind, kinds).astype(np.uint32),
        "output_index": np.append(program.output_index, index).astype(np.uint32),
    }
