"""Spike-timing-dependent plasticity: pairs, triplets, and rewards (14 and 15)."""

from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.operations import Array, Operations

State = dict[str, Array]


def learn(xp: Operations, p: Arrays, state: State, v: Array, arrived: Array, spike: Array, now: Array) -> State:
    """Weights and traces after the arrivals and postsynaptic spikes of a step.

    Traces decay at the start of a step. They are brought up to date only where something happens; those of step n are
    stored as they hold from n + 1 on.

    Args:
        xp: Operations.
        p: Arrays.
        state: Of the network.
        v: Potentials at the start of the step [..., N].
        arrived: At every event synapse [..., W].
        spike: Of every spiking neuron in this step [..., S].
        now: Steps done [..., 1].

    Returns:
        The changed parts of the state.
    """
    l, w = p.plastic, state["weight"]  # noqa: E741
    pre, post = xp.gather(arrived, l.event), xp.gather(spike, l.post)
    active = pre + post > 0.0
    quiet = xp.real(now + 1 - xp.integers(state["plastic_time"]))
    x, x2 = state["trace_pre"] * l.keep_pre**quiet, state["slow_pre"] * l.keep_slow_pre**quiet
    y, y2 = state["trace_post"] * l.keep_post**quiet, state["slow_post"] * l.keep_slow_post**quiet
    eligibility = state["eligibility"] * l.keep_eligibility**quiet

    at_arrival = pre * y * (l.amplitude_post + l.triplet_post * x2)
    x, x2 = x + pre, x2 + pre
    at_spike = post * x * (l.amplitude_pre + l.triplet_pre * y2)
    y, y2 = y + post, y2 + post

    direct = xp.clip(xp.clip(w + at_arrival, l.lowest, l.highest) + at_spike, l.lowest, l.highest)
    eligibility = eligibility + xp.where(l.modulated, at_arrival + at_spike, 0.0)
    reward = xp.gather(v, l.modulator) - l.modulator_rest
    rewarded = xp.clip(w + l.reward_rate * reward * eligibility, l.lowest, l.highest)
    after = {"trace_pre": x, "trace_post": y, "slow_pre": x2, "slow_post": y2, "eligibility": eligibility}
    after["plastic_time"] = xp.counts(now + 1)
    brought = {name: xp.where(active, value, state[name]) for name, value in after.items()}
    return brought | {"weight": xp.where(l.modulated, rewarded, direct)}
