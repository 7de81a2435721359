"""The step: the families in the order of `program.py`. What a program lacks costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from sns_mujoco.backends import random
from sns_mujoco.backends.program import OutputKind
from sns_mujoco.backends.vectorised import currents as of
from sns_mujoco.backends.vectorised import equations, events, neurons, plasticity
from sns_mujoco.backends.vectorised.arrays import Arrays, replaced
from sns_mujoco.backends.vectorised.operations import Array, Operations

State = dict[str, Array]


def prepared(p: Arrays) -> Arrays:
    """The arrays with what is worked out once for many steps, because it depends on parameters only."""
    made = {
        "graded_inverse_span": 1.0 / (p.graded_e_hi - p.graded_e_lo),
        "plastic.modulator_rest": p.resting_potential[p.plastic.modulator] * p.plastic.modulator_leaky,
    }
    for edges in ("to_neurons", "to_receptors"):
        made[f"{edges}.weight"] = p.input_weight[getattr(p, edges).edge]
    return replaced(p, made)


def arrive(xp: Operations, p: Arrays, state: State, new: State, v_star: Array, now: Array) -> Array:
    """Event synapses one by one: what they deliver and learn (14 and 15).

    Args:
        xp: Operations.
        p: Arrays.
        state: At the start of the step.
        new: At its end, as far as it is known; changed.
        v_star: Potentials before resets [..., N].
        now: Steps done [..., 1].

    Returns:
        The potentials after jumps.
    """
    arrived = events.arriving(xp, p.events.arrival, new["spike"], new, now)
    strength = arrived * events.event_weights(xp, p, state)
    if len(p.short_term.use):
        share, changed = events.short_term(xp, p, state, arrived, now)
        share = xp.gather(share, p.events.short_place) * xp.gather(strength, p.events.depressing)
        strength = xp.assign(strength, p.events.depressing, share)
        new |= changed
    if len(p.plastic.event):
        new |= plasticity.learn(xp, p, state, state["potential"], arrived, new["spike"], now)
    new["receptor"], v_star = events.deliver(xp, p, new, strength, v_star)
    return v_star


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is summed over synapses, which may be done in more than one way; the sparse backend has its own.

    Attributes:
        graded: (xp, p, potentials, currents) adds the currents of graded synapses.
        spiking: (xp, p, conductances, currents) adds those of spiking ones.
        events: See `arrive`.
    """

    graded: Callable[..., None] = of.graded
    spiking: Callable[..., None] = of.spiking
    events: Callable[..., Array] = arrive


def step(xp: Operations, p: Arrays, state: State, x: Array, sums: Sums = Sums()) -> tuple[State, Array]:  # noqa: B008
    """One step of a nervous system.

    Args:
        xp: Operations of the backend.
        p: Its arrays, `prepared`.
        state: What it remembers, by the names of `StateLayout` [..., size]; it stays as it is.
        x: Input [..., M], nA.
        sums: How to sum over synapses.

    Returns:
        The state after the step, and the output [..., O].
    """
    new, flow = dict(state), {}
    v, now = state["potential"], xp.integers(state["step"])
    applied = xp.zeros(v, p.n_neurons)
    if len(p.to_neurons.element):
        applied = xp.add_at(applied, p.to_neurons.neuron, _driven(xp, p.to_neurons, x))
    currents = of.Currents(xp, p, v)
    if len(p.graded_source):
        sums.graded(xp, p, v, currents)
    if len(p.spiking_source):
        flow["conductance"] = new["conductance"] = state["conductance"] * p.spiking_decay
        sums.spiking(xp, p, new["conductance"], currents)
    if len(p.junction_other):
        of.junctions(xp, p, v, currents)
    if len(p.channel_conductance):
        new["gate"] = of.channels(xp, p, v, state["gate"], currents)
    if len(p.weighted.source):
        _weighted(xp, p, state, new, currents)
    if len(p.noise.neuron):
        currents.add(p.noise.neuron, state["noise"])
        draw = random.normal(xp, random.uniform(xp, xp.integers(state["seed"]), now, p.noise.stream))
        new["noise"] = neurons.noise(xp, p, state["noise"], xp.real(draw))
    if len(p.receptors.kind):
        flow["receptor"] = _receptors(xp, p, new, x, currents)

    total = p.bias + applied + currents.total
    v_star = neurons.membrane(xp, p, v, total, currents.open)
    coded = []
    for group in p.equations:
        coded.append(_evaluated(xp, group, state, total, now))
        v_star = xp.assign(v_star, group.neuron, coded[-1][group.code.new[0]])
    new["potential"] = v_star
    if len(p.spiking_neuron):
        v_star = _fire(xp, p, state, new, coded, now, sums)
    for group, values in zip(p.equations, coded, strict=True):
        _settle(xp, p, group, values, state, new, v_star)
    new["step"] = state["step"] + 1.0
    return new, outputs(xp, p, state, new, flow)


def _driven(xp: Operations, edges: Arrays, x: Array) -> Array:
    """What comes in through input edges (1)."""
    return edges.weight * xp.gather(x, edges.element)


def _weighted(xp: Operations, p: Arrays, state: State, new: State, currents: of.Currents) -> None:
    """Weighted graded synapses and what they learn (7 and 15)."""
    v = state["potential"]
    share = of.weighted(xp, p, v, of.graded_weights(xp, p, state), currents)
    if len(p.weighted.learning):
        new["graded_weight"] = of.learn_graded(xp, p, v, state["graded_weight"], share)


def _receptors(xp: Operations, p: Arrays, new: State, x: Array, currents: of.Currents) -> Array:
    """Receptors with the inputs that reach them (1 and 9); gives their currents."""
    size = len(p.receptors.kind)
    value, rising = new["receptor"][..., :size], new["receptor"][..., size:]
    if len(p.to_receptors.element):
        value = xp.add_at(value, p.to_receptors.target, _driven(xp, p.to_receptors, x))
    current = events.receptors(xp, p, value, currents)
    new["receptor"] = xp.concatenate(list(events.decay_receptors(p, value, rising)))
    return current


def _evaluated(xp: Operations, group: Arrays, state: State, total: Array, now: Array) -> list[Array]:
    """The code of a group of neurons (10 to 12)."""
    old = [xp.gather(state["potential"], group.neuron)]
    old += [state["variables"][..., place] for place in group.variables]
    return equations.evaluate(xp, group, old, xp.gather(total, group.neuron), xp.integers(state["seed"]), now)


def _fire(
    xp: Operations, p: Arrays, state: State, new: State, coded: list[list[Array]], now: Array, sums: Sums
) -> Array:
    """Spikes, what they do at synapses, and resets (11 to 16); gives the potentials after jumps, before resets."""
    v, v_star = state["potential"], new["potential"]
    theta = neurons.threshold(xp, p, state["threshold"], v)
    spike = xp.spikes(xp.gather(v_star, p.spiking_neuron) - theta)
    for group, values in zip(p.equations, coded, strict=True):
        if group.spiking is not None:
            spike = xp.assign(spike, group.spiking, equations.spikes(xp, group, values, v))
    held = state["refractory"] > 0.0
    spike = xp.where(held, 0.0, spike)
    new["spike"] = spike
    new["refractory"] = xp.where(spike > 0.0, p.refractory_steps, state["refractory"] - xp.real(held))
    if len(p.rings.neuron):
        new["ring"] = events.send(xp, p, state["ring"], spike, now)
    if len(p.spiking_source):
        arrived = events.arriving(xp, p.spiking_arrival, spike, new, now)
        new["conductance"] = events.open_spiking(xp, p, new["conductance"], arrived)
    if len(p.events.receptor):
        v_star = sums.events(xp, p, state, new, v_star, now)
    new["potential"] = neurons.reset(xp, p, v_star, theta, spike, held)
    new["threshold"] = neurons.raised(xp, p, theta, spike)
    return v_star


def _settle(
    xp: Operations, p: Arrays, group: Arrays, values: list[Array], state: State, new: State, v_star: Array
) -> None:
    """Potentials and variables of a group with equations at the end of the step (16)."""
    code, like = group.code, state["potential"]
    after = [xp.gather(v_star, group.neuron), *(values[place] for place in code.new[1:])]
    if group.spiking is not None:
        spike = xp.gather(new["spike"], group.spiking)
        held = xp.gather(state["refractory"], group.spiking) > 0.0
        after[0] = xp.where(held, xp.gather(state["potential"], group.neuron), after[0])
        after = [xp.switch(spike, values[there], value) for there, value in zip(code.after_spike, after, strict=True)]
    new["potential"] = xp.assign(new["potential"], group.neuron, after[0])
    for place, value in zip(group.variables, after[1:], strict=True):
        new["variables"] = xp.assign(new["variables"], place, value + xp.zeros(like, group.count))


def outputs(xp: Operations, p: Arrays, before: State, after: State, flow: State) -> Array:
    """Every output element in its place [..., O].

    Args:
        xp: Operations.
        p: Arrays.
        before: The state at the start of the step.
        after: The state at its end.
        flow: Conductances and currents that flowed during the step.
    """
    parts = [
        _output(xp, p, OutputKind(kind), index, before, after, flow)
        for kind, index in zip(p.outputs.kinds, p.outputs.index, strict=True)
    ]
    if not parts:
        return xp.zeros(before["potential"], 0)
    return parts[0] if len(parts) == 1 else xp.gather(xp.concatenate(parts), p.outputs.order)


PARTS_OF_STATE = {
    OutputKind.VOLTAGE: "potential",
    OutputKind.SPIKE: "spike",
    OutputKind.THRESHOLD: "threshold",
    OutputKind.SPIKING_CONDUCTANCE: "conductance",
    OutputKind.RECEPTOR: "receptor",
    OutputKind.VARIABLE: "variables",
    OutputKind.NOISE: "noise",
}


def _output(
    xp: Operations, p: Arrays, kind: OutputKind, index: Array, before: State, after: State, flow: State
) -> Array:
    """The elements of one kind."""
    v = before["potential"]
    if kind in PARTS_OF_STATE:
        return xp.gather(after[PARTS_OF_STATE[kind]], index)
    if kind in (OutputKind.GATE_B, OutputKind.GATE_C):
        first = 0 if kind == OutputKind.GATE_B else len(p.channel_conductance)
        return xp.gather(after["gate"], first + index)
    if kind in (OutputKind.GRADED_CONDUCTANCE, OutputKind.GRADED_CURRENT):
        conductance = of.graded_conductance(xp, p, v, index)
        if kind == OutputKind.GRADED_CONDUCTANCE:
            return conductance
        return conductance * (p.graded_reversal[index] - xp.gather(v, p.graded_target[index]))
    if kind == OutputKind.SPIKING_CURRENT:
        drive = p.spiking_reversal[index] - xp.gather(v, p.spiking_target[index])
        return xp.gather(flow["conductance"], index) * drive
    if kind == OutputKind.RECEPTOR_CURRENT:
        return xp.gather(flow["receptor"], index)
    if kind == OutputKind.WEIGHT:
        return _spread(xp, events.event_weights(xp, p, after), v, index)
    if kind == OutputKind.GRADED_WEIGHT:
        return _spread(xp, of.graded_weights(xp, p, after), v, index)
    assert kind == OutputKind.ZERO
    return xp.zeros(v, len(index))


def _spread(xp: Operations, weight: Array, like: Array, index: Array) -> Array:
    """Some weights, for the whole batch."""
    return xp.gather(weight, index) + xp.zeros(like, len(index))
