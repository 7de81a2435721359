"""Currents that depend on potentials: graded and spiking synapses, junctions, channels, weighted synapses (2 to 7)."""

from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.operations import Array, Operations


class Currents:
    """The current into each neuron while it adds up, and with the exponential integrator the open conductances.

    Attributes:
        v: Potentials at the start of the step [..., N], mV.
        total: nA [..., N].
        open: uS [..., N], or None where they are not asked for.
    """

    def __init__(self, xp: Operations, p: Arrays, v: Array) -> None:
        """Begin with nothing."""
        self._xp, self.v = xp, v
        self.total = xp.zeros(v, len(p.leak_conductance))
        self.open = xp.zeros(v, len(p.leak_conductance)) if p.exponential else None

    def add(self, target: Array, current: Array) -> None:
        """Currents [..., n] into neurons [n]."""
        self.total = self._xp.add_at(self.total, target, current)

    def flow(self, target: Array, conductance: Array, reversal: Array) -> None:
        """Through conductances, towards reversal potentials: g (E - V)."""
        self.add(target, conductance * (reversal - self._xp.gather(self.v, target)))
        self.conduct(target, conductance)

    def conduct(self, target: Array, conductance: Array) -> None:
        """Count conductances whose current has been added."""
        if self.open is not None:
            self.open = self._xp.add_at(self.open, target, conductance)


def graded(xp: Operations, p: Arrays, v: Array, currents: Currents) -> None:
    """Graded chemical synapses."""
    currents.flow(p.graded_target, graded_conductance(xp, p, v, slice(None)), p.graded_reversal)


def graded_conductance(xp: Operations, p: Arrays, v: Array, which: Array | slice) -> Array:
    """Conductance of some graded synapses: a linear ramp from e_lo to e_hi."""
    above = xp.gather(v, p.graded_source[which]) - p.graded_e_lo[which]
    return p.graded_conductance[which] * xp.clip(above * p.graded_inverse_span[which], 0.0, 1.0)


def spiking(xp: Operations, p: Arrays, conductance: Array, currents: Currents) -> None:
    """Spiking chemical synapses, whose conductances have decayed already."""
    currents.flow(p.spiking_target, conductance, p.spiking_reversal)


def junctions(xp: Operations, p: Arrays, v: Array, currents: Currents) -> None:
    """Electrical junctions, rectifying ones included."""
    difference = xp.gather(v, p.junction_other) - xp.gather(v, p.junction_target)
    shut = (p.inward & ~(difference > 0.0)) | (p.outward & ~(difference < 0.0))
    currents.add(p.junction_target, xp.where(shut, 0.0, p.junction_conductance * difference))
    if currents.open is not None:
        currents.conduct(p.junction_target, xp.where(shut, 0.0, p.junction_conductance + 0.0 * difference))


def channels(xp: Operations, p: Arrays, v: Array, gate: Array, currents: Currents) -> Array:
    """Ion channels, after their gates b and c have been advanced.

    Args:
        xp: Operations.
        p: Arrays.
        v: Potentials [..., N].
        gate: b of every channel, then c [..., 2 K].
        currents: Where they add up.

    Returns:
        The gates after the step [..., 2 K].
    """
    at = xp.gather(v, p.channel_target)[..., None, :]
    scaled = p.gate_k * xp.exponential(p.gate_slope * (p.gate_midpoint - at))
    steady = 1.0 / (1.0 + scaled)
    old = gate.reshape(*gate.shape[:-1], 2, len(p.channel_target))
    new = old + _gate_rate(xp, p, steady[..., 1:, :], scaled[..., 1:, :]) * (steady[..., 1:, :] - old)
    a, b, c = steady[..., 0, :], new[..., 0, :], new[..., 1, :]
    share = a ** p.gate_power[0] * b ** p.gate_power[1] * c ** p.gate_power[2]
    currents.flow(p.channel_target, p.channel_conductance * share, p.channel_reversal)
    return new.reshape(gate.shape)


def steady_gates(xp: Operations, p: Arrays) -> Array:
    """Gates b and c at the steady state of the initial potentials, as they start under textbook semantics [2 K]."""
    at = xp.gather(p.initial_potential, p.channel_target)
    scaled = p.gate_k[1:] * xp.exponential(p.gate_slope[1:] * (p.gate_midpoint[1:] - at))
    return (1.0 / (1.0 + scaled)).reshape(-1)


def _gate_rate(xp: Operations, p: Arrays, steady: Array, scaled: Array) -> Array:
    """How far gates b and c go towards their steady state in a step: dt / tau_z, or 1 - exp(-dt / tau_z)."""
    rate = xp.where(p.gate_constant, p.gate_factor, p.gate_factor / (steady * xp.sqrt(scaled)))
    if p.exponential:
        return -xp.expm1(-rate)
    return xp.where(p.gate_limited & ~(rate < 1.0), 1.0, rate)


def weighted(xp: Operations, p: Arrays, v: Array, weight: Array, currents: Currents) -> Array:
    """Weighted graded synapses.

    Returns:
        How far each is open: a_pre [..., X].
    """
    w = p.weighted
    beyond = (xp.gather(v, w.source) - w.midpoint) * w.slope
    share = xp.where(w.sigmoid, 1.0 / (1.0 + xp.exponential(-beyond)), xp.clip(beyond, 0.0, 1.0))
    strength = weight * share
    drive = xp.where(w.driven, w.reversal - xp.gather(v, w.target), 1.0)
    currents.add(w.target, strength * drive)
    currents.conduct(w.target, xp.where(w.driven, strength, 0.0))
    return share


def graded_weights(xp: Operations, p: Arrays, state: dict[str, Array]) -> Array:
    """Weight of every weighted synapse, those that learn from the state [..., X] or [X]."""
    w = p.weighted
    if not len(w.learning):
        return w.weight
    learned = state["graded_weight"]
    return xp.assign(w.weight + xp.zeros(learned, len(w.weight)), w.learning, learned)


def learn_graded(xp: Operations, p: Arrays, v: Array, weight: Array, share: Array) -> Array:
    """Hebb's and Oja's rule (15).

    Args:
        xp: Operations.
        p: Arrays.
        v: Potentials at the start of the step [..., N].
        weight: Of the synapses that learn.
        share: a_pre of every weighted synapse [..., X].

    Returns:
        Their weights after the step.
    """
    w, which = p.weighted, p.weighted.learning
    pre = xp.gather(share, which)
    at = xp.gather(v, w.target[which])
    post = xp.clip((at - w.post_midpoint[which]) * w.post_slope[which], 0.0, 1.0)
    gain = post * (pre - xp.where(w.oja, post * weight, 0.0))
    return xp.clip(weight + w.rate[which] * gain - w.forget[which] * weight, w.lowest[which], w.highest[which])
