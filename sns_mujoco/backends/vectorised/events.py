"""Spikes under way and where they arrive: delay rings, receptors, short-term plasticity (9, 13 and 14)."""

from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.currents import Currents
from sns_mujoco.backends.vectorised.operations import Array, Operations

State = dict[str, Array]


def receptors(xp: Operations, p: Arrays, value: Array, currents: Currents) -> Array:
    """The current of every receptor [..., R], added to its neuron's."""
    r = p.receptors
    current = value * xp.where(r.driven, r.reversal - xp.gather(currents.v, r.target), 1.0)
    current = xp.where(r.flowing, current, 0.0)
    currents.add(r.target, current)
    currents.conduct(r.target, xp.where(r.driven, value, 0.0))
    return current


def decay_receptors(p: Arrays, value: Array, rising: Array) -> tuple[Array, Array]:
    """Values and rising stages after a step without arrivals."""
    return p.receptors.decay * value + p.receptors.coupling * rising, p.receptors.rise * rising


def send(xp: Operations, p: Arrays, ring: Array, spike: Array, now: Array) -> Array:
    """The rings with the spikes of this step, at step % depth."""
    return xp.put(ring, p.rings.start + now % p.rings.depth, xp.gather(spike, p.rings.neuron))


def arriving(xp: Operations, arrival: Arrays, spike: Array, state: State, now: Array) -> Array:
    """1.0 for every synapse whose source spiked as many steps ago as its delay is long [..., n]."""
    if not arrival.delayed:
        return xp.gather(spike, arrival.source)
    place = arrival.offset + (now - arrival.delay) % arrival.depth
    return xp.take(xp.concatenate([spike, state["ring"]]), place)


def open_spiking(xp: Operations, p: Arrays, conductance: Array, arrived: Array) -> Array:
    """Conductances of spiking synapses after arrivals: a jump, but not above the maximum (13)."""
    return conductance + arrived * xp.minimum(p.spiking_increment, p.spiking_conductance - conductance)


def event_weights(xp: Operations, p: Arrays, state: State) -> Array:
    """Weight of every event synapse, plastic ones from the state [..., W] or [W]."""
    events = p.events
    if not len(events.changing):
        return events.weight
    learned = xp.gather(state["weight"], events.plastic_place)
    return xp.assign(events.weight + xp.zeros(learned, len(events.weight)), events.changing, learned)


def short_term(xp: Operations, p: Arrays, state: State, arrived: Array, now: Array) -> tuple[Array, State]:
    """Facilitation and depression: the share u x that each synapse delivers, and what becomes of u and x.

    They are brought up to date at arrivals only, so they hold to the start of the step `short_time`.

    Args:
        xp: Operations.
        p: Arrays.
        state: Of the network.
        arrived: At every event synapse [..., W].
        now: Steps done [..., 1].

    Returns:
        u x of each such synapse [..., T], and the changed parts of the state.
    """
    t = p.short_term
    here = xp.gather(arrived, t.event) > 0.0
    quiet = xp.real(now - xp.integers(state["short_time"]))
    u = state["use"] * t.facilitation**quiet
    missing = (1.0 - state["resource"]) * t.depression**quiet
    u = t.facilitation * u + t.use * (1.0 - u)
    delivered = u * (1.0 - missing)
    return delivered, {
        "use": xp.where(here, u, state["use"]),
        "resource": xp.where(here, 1.0 - t.depression * missing - delivered, state["resource"]),
        "short_time": xp.where(here, xp.counts(now + 1), state["short_time"]),
    }


def deliver(xp: Operations, p: Arrays, state: State, strength: Array, v: Array) -> tuple[Array, Array]:
    """Add what arrives at receptors, first what comes without delay.

    Args:
        xp: Operations.
        p: Arrays.
        state: Of the network; receptors have decayed already.
        strength: What each event synapse delivers in this step [..., W].
        v: Potentials before resets [..., N].

    Returns:
        The receptors' part of the state, and the potentials.
    """
    receptor, size = state["receptor"], len(p.receptors.kind)
    for to, first in ((p.events.to_value, 0), (p.events.to_rise, size)):
        if len(to.event):
            amount = p.receptors.gain[to.receptor] * xp.gather(strength, to.event)
            receptor = xp.add_at(receptor, to.target + first, amount)
    jumps = p.events.to_potential
    if len(jumps.event):
        v = xp.add_at(v, jumps.target, xp.gather(strength, jumps.event))
    return receptor, v
