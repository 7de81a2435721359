"""Membranes, thresholds, spikes and resets (10 to 12 and 16), and noise currents (8)."""

from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.operations import Array, Operations

SMALL = 1e-5  # below it, the series of relative_growth is exact to the last digit


def membrane(xp: Operations, p: Arrays, v: Array, current: Array, open_conductance: Array | None) -> Array:
    """V* of leaky membranes, from their current without the leak, and for exponential Euler from what conducts."""
    change = p.membrane_factor * (current - p.leak_conductance * (v - p.resting_potential))
    if open_conductance is None:
        return v + change
    return v + change * relative_growth(xp, -p.membrane_factor * (p.leak_conductance + open_conductance))


def relative_growth(xp: Operations, a: Array) -> Array:
    """(exp(a) - 1) / a, which is 1 at 0."""
    small = abs(a) < SMALL
    safe = xp.where(small, 1.0, a)
    return xp.where(small, 1.0 + a * (0.5 + a / 6.0), xp.expm1(safe) / safe)


def threshold(xp: Operations, p: Arrays, theta: Array, v: Array) -> Array:
    """theta*; neurons with equations of their own have none that moves."""
    above = xp.gather(v, p.spiking_neuron) - xp.gather(p.resting_potential, p.spiking_neuron)
    pull = p.threshold_leak * (p.initial_threshold - theta) + p.threshold_proportionality * above
    moved = theta + p.threshold_factor * pull
    return xp.where(p.leaky, moved, theta) if p.equations else moved


def raised(xp: Operations, p: Arrays, theta: Array, spike: Array) -> Array:
    """Thresholds after spikes."""
    rise = spike * xp.maximum(p.threshold_increment, p.threshold_floor - theta)
    return theta + (xp.where(p.leaky, rise, 0.0) if p.equations else rise)


def reset(xp: Operations, p: Arrays, v: Array, theta: Array, spike: Array, held: Array) -> Array:
    """Potentials of all neurons, of which those that spiked or are refractory are at their reset potentials."""
    before = xp.gather(v, p.spiking_neuron)
    there = xp.where(p.subtracts, before - theta + p.reset_potential, p.reset_potential)
    after = xp.switch(spike, there, xp.where(held, p.reset_potential, before))
    return xp.assign(v, p.spiking_neuron, after)


def noise(xp: Operations, p: Arrays, current: Array, draw: Array) -> Array:
    """Ornstein-Uhlenbeck currents after a step, from standard normal numbers."""
    return p.noise.mean + p.noise.keep * (current - p.noise.mean) + p.noise.spread * draw
