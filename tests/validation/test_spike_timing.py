"""Learning from the timing of spikes: against sums over pairs of spikes, step-by-step references, and recordings."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.network import (
    STDP,
    CurrentSynapse,
    Network,
    NonSpikingNeuron,
    RewardSTDP,
    SparseConnection,
    TripletSTDP,
)

START = 0.5


def relays(add_relays, rule, count, delay=0.0, reward=False):
    """Neurons "pre" and "post" that spike on demand, each pre joined to the post of the same place."""
    net = Network("pairs")
    add_relays(net, "pre", count)
    add_relays(net, "post", count)
    places = np.arange(count)
    synapse = CurrentSynapse(START, plasticity=rule)
    net.add_connection(SparseConnection(synapse, places, places, delay=delay), "pre", "post", "synapses")
    net.add_output("synapses", "w", kind="weight")
    if reward:
        net.add_neuron(NonSpikingNeuron(membrane_capacitance=1.0, resting_potential=-60.0), "dopamine")
        net.add_input("dopamine", name="reward")
    return net


def weights(net, pre, post, dt, backend, integrator="exponential", reward=None):
    """Weights after every step [T, n], from spikes [T, n]."""
    x = np.hstack([pre, post] + ([] if reward is None else [np.reshape(reward, (-1, 1))]))
    return net.compile(dt=dt, backend=backend, integrator=integrator).run(x)


def trains(steps, count, rate, seed):
    """Independent trains of spikes [T, n] with a probability per step."""
    return (np.random.default_rng(seed).random((steps, count)) < rate).astype(float)


def summed_window(arrived, post, dt, rule):
    """The change of the weight as the sum of the window over all pairs, from steps of spikes."""
    s = dt * (np.asarray(post)[:, None] - np.asarray(arrived)[None, :])
    causal = rule.a_pre * np.exp(-s / rule.tau_pre)
    return np.where(s >= 0, causal, rule.a_post * np.exp(s / rule.tau_post)).sum()


def stepped(arrived, post, rule, dt, keep, reward=None):
    """A synapse's weights step by step: pairs, triplets or reward-modulated pairs, in plain numbers."""
    p = {"a_pre_triplet": 0.0, "a_post_triplet": 0.0, "tau_pre_slow": 1.0, "tau_post_slow": 1.0} | asdict(rule)
    x = y = x_slow = y_slow = eligibility = 0.0
    w, rows = START, []
    for k in range(len(arrived)):
        x, y = keep(p["tau_pre"]) * x, keep(p["tau_post"]) * y
        x_slow, y_slow = keep(p["tau_pre_slow"]) * x_slow, keep(p["tau_post_slow"]) * y_slow
        if reward is not None:
            eligibility *= keep(p["tau_eligibility"])
        changes = []
        if arrived[k]:
            changes.append(y * (p["a_post"] + p["a_post_triplet"] * x_slow))
            x, x_slow = x + 1, x_slow + 1
        if post[k]:
            changes.append(x * (p["a_pre"] + p["a_pre_triplet"] * y_slow))
            y, y_slow = y + 1, y_slow + 1
        if reward is not None:
            eligibility += sum(changes)
            changes = [p["rate"] * dt * reward[k] * eligibility]
        for change in changes:
            w = min(max(w + change, p["w_min"]), p["w_max"])
        rows.append(w)
    return np.array(rows)


def decaying(integrator, dt):
    """What is left of a trace after a step, as a function of its time constant."""
    return (lambda tau: np.exp(-dt / tau)) if integrator == "exponential" else (lambda tau: 1 - dt / tau)


def test_window_of_one_pair(backend, add_relays):
    rule = STDP()
    distances = np.array([-40, -7, -1, 0, 1, 7, 40])  # steps from pre to post
    pre, post = np.zeros((100, 7)), np.zeros((100, 7))
    pre[50] = 1
    post[50 + distances, np.arange(7)] = 1
    w = weights(relays(add_relays, rule, 7), pre, post, 0.5, backend)[-1]
    s = 0.5 * distances
    expected = np.where(s >= 0, 0.01 * np.exp(-s / 20.0), -0.0105 * np.exp(s / 20.0))
    np.testing.assert_allclose(w - START, expected, atol=1e-15)


@settings(max_examples=15, deadline=None)
@given(
    pre=st.sets(st.integers(0, 250), max_size=25),
    post=st.sets(st.integers(0, 299), max_size=25),
    delay=st.integers(0, 40),
    tau_pre=st.floats(1.0, 60.0),
    tau_post=st.floats(1.0, 60.0),
)
def test_weight_change_is_the_window_summed_over_all_pairs(backend, add_relays, pre, post, delay, tau_pre, tau_post):
    dt, rule = 0.25, STDP(a_pre=0.003, a_post=-0.004, tau_pre=tau_pre, tau_post=tau_post, w_min=-9.0, w_max=9.0)
    x = np.zeros((300, 2))
    x[list(pre), 0], x[list(post), 1] = 1, 1
    w = weights(relays(add_relays, rule, 1, delay * dt), x[:, :1], x[:, 1:], dt, backend)[-1, 0]
    arrived = [k + delay for k in sorted(pre)]
    assert w - START == pytest.approx(summed_window(arrived, sorted(post), dt, rule), abs=1e-13)


RULES = {
    "pair": STDP(0.02, -0.021, 17.0, 34.0),
    "clipped": STDP(0.2, -0.18, 20.0, 20.0, w_min=0.3, w_max=0.7),
    "triplet": TripletSTDP(w_max=0.55),
    "triplet, all terms": TripletSTDP(0.004, -0.007, 0.006, -0.005),
    "reward": RewardSTDP("dopamine", 0.05, -0.04, 15.0, 25.0, 60.0, rate=0.02),
    "reward, clipped": RewardSTDP("dopamine", 0.3, -0.4, 15.0, 25.0, 60.0, rate=0.02, w_min=0.4, w_max=0.6),
}


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("name", RULES)
def test_rules_follow_their_equations_at_every_step(backend, add_relays, name, integrator):
    rule, dt, steps, delay = RULES[name], 0.5, 400, 3
    pre, post = trains(steps, 4, 0.06, seed=1), trains(steps, 4, 0.06, seed=2)
    rewarded = isinstance(rule, RewardSTDP)
    given_reward = 4.0 * np.sin(np.arange(steps) / 15.0) if rewarded else None
    net = relays(add_relays, rule, 4, delay * dt, reward=rewarded)
    keep = decaying(integrator, dt)
    potential, reward = 0.0, np.zeros(steps)  # the modulator: 1 nF, 1 uS; its potential at the start of each step
    for k in range(steps if rewarded else 0):
        reward[k] = potential
        potential = keep(1.0) * potential + (1 - keep(1.0)) * given_reward[k]
    w = weights(net, pre, post, dt, backend, integrator, given_reward)
    arrived = np.vstack([np.zeros((delay, 4)), pre[:-delay]])
    expected = [stepped(arrived[:, k], post[:, k], rule, dt, keep, reward if rewarded else None) for k in range(4)]
    assert np.ptp(expected) > 0.03
    np.testing.assert_allclose(w, np.transpose(expected), atol=1e-13)
    if "clipped" in name:
        assert w.min() == rule.w_min and w.max() == rule.w_max


def test_reward_that_comes_later_finds_the_eligibility(backend, add_relays):
    """The weight change of one pair and one short reward is the product of window, eligibility and reward."""
    rule = RewardSTDP("dopamine", 0.1, -0.1, tau_eligibility=200.0, rate=0.05, w_max=9.0)
    pre, post, reward = np.zeros((3000, 1)), np.zeros((3000, 1)), np.zeros(3000)
    pre[10], post[30], reward[500:510] = 1, 1, 7.0
    w = weights(relays(add_relays, rule, 1, reward=True), pre, post, 0.1, backend, reward=reward)[-1, 0]
    eligible = 0.1 * np.exp(-2.0 / 20.0)
    lag = 47.0 + 1.0 / 2 + 1.0  # ms from the postsynaptic spike to the middle of the reward, behind the modulator
    assert w - START == pytest.approx(0.05 * 7.0 * 1.0 * eligible * np.exp(-lag / 200.0), rel=2e-3)


def test_without_reward_nothing_is_learned(backend, add_relays):
    rule = RewardSTDP("dopamine", 0.5, -0.1)
    pre, post = trains(300, 3, 0.1, seed=3), trains(300, 3, 0.1, seed=4)
    net = relays(add_relays, rule, 3, reward=True)
    np.testing.assert_array_equal(weights(net, pre, post, 0.5, backend, reward=np.zeros(300)), START)


def test_triplets_favour_high_rates(backend, add_relays):
    """Pairs of +10 ms at 40 Hz strengthen, at 0.1 Hz hardly (Sjostrom et al. 2001, Neuron 32:1149)."""
    dt, count = 0.5, 15
    rule = TripletSTDP(w_min=0.0, w_max=2.0)

    def change(period):
        steps = int(count * period / dt)
        pre, post = np.zeros((steps, 1)), np.zeros((steps, 1))
        pre[:: int(period / dt)] = 1
        post[int(10.0 / dt) :: int(period / dt)] = 1
        return weights(relays(add_relays, rule, 1), pre, post, dt, "numba")[-1, 0] - START

    assert change(25.0) > 0.02 > 20 * abs(change(1000.0))


def test_presynaptic_spikes_deliver_the_weight_before_they_change_it(backend, add_relays):
    net = relays(add_relays, STDP(a_post=-0.2), 1)
    net.add_output("synapses", "current", kind="current")
    pre, post = np.zeros((8, 1)), np.zeros((8, 1))
    post[2], pre[5] = 1, 1
    y = net.compile(dt=1.0, backend=backend, integrator="exponential").run(np.hstack([pre, post]))
    assert y[5, 0] == pytest.approx(START - 0.2 * np.exp(-3 / 20.0), abs=1e-14)
    assert y[6, 1] == pytest.approx(START, abs=1e-14)


def norse_traces(pre, post, eta, gain, keep):
    """Norse's additive `stdp_step_linear` without bounds: weights [T, n_post, n_pre]."""
    x, y, w, rows = np.zeros(pre.shape[1]), np.zeros(post.shape[1]), START, []
    for before, after in zip(pre, post, strict=True):
        x, y = keep * x + gain * before, keep * y + gain * after
        w = w + eta * (np.outer(after, x) - np.outer(y, before))
        rows.append(w)
    return np.array(rows)


def norse_network(add_relays, eta, gain, sources, targets):
    """The pair rule with what Norse's traces come to: a spike adds dt / tau to them, not 1."""
    net = Network("traces of Norse")
    add_relays(net, "pre", sources)
    add_relays(net, "post", targets)
    rule = STDP(eta * gain, -eta * gain, tau_pre=50.0, tau_post=50.0)
    net.add_connection(CurrentSynapse(np.full((targets, sources), START), plasticity=rule), "pre", "post", "synapses")
    net.add_output("synapses", "w", kind="weight")
    return net


def test_traces_of_norse_differ_where_spikes_coincide(backend, add_relays):
    """In Norse, traces are raised before they are used, so coincidence weakens, too; here it only strengthens."""
    eta, gain = 0.01, 1.0 / 50.0
    pre, post = trains(300, 4, 0.08, seed=5), trains(300, 3, 0.08, seed=6)
    w = weights(norse_network(add_relays, eta, gain, 4, 3), pre, post, 1.0, backend, "euler").reshape(-1, 3, 4)
    coincident = np.cumsum(post[:, :, None] * pre[:, None, :], axis=0)
    assert coincident[-1].max() > 2
    expected = norse_traces(pre, post, eta, gain, 0.98)
    np.testing.assert_allclose(w - eta * gain * coincident, expected, atol=1e-14)


def test_recorded_weights_of_norse(backend, add_relays, recorded):
    z = recorded("norse")
    pre, post = z["stdp_zpre"][:, 0].astype(float), z["stdp_zpost"][:, 0].astype(float)
    w = weights(norse_network(add_relays, 0.01, 0.02, 4, 3), pre, post, 1.0, backend, "euler").reshape(-1, 3, 4)
    coincident = np.cumsum(post[:, :, None] * pre[:, None, :], axis=0)
    np.testing.assert_allclose(w - 0.01 * 0.02 * coincident, z["stdp_w"], atol=2e-6)


def test_recorded_window_of_brian(backend, add_relays, recorded):
    z = recorded("brian")
    rule = STDP(w_min=-1.0)
    s, window = z["b4_dt"], z["b4_W"]
    formula = np.where(s > 0, rule.a_pre * np.exp(-s / rule.tau_pre), rule.a_post * np.exp(s / rule.tau_post))
    np.testing.assert_allclose(formula, window, atol=1e-17)
    steps, count = 1200, len(z["b5_w"])
    pre, post = np.zeros((steps, count)), np.zeros((steps, count))
    pre[np.round(z["b5_tpre"] / 0.1).astype(int), np.arange(count)] = 1
    post[np.round(z["b5_tpost"] / 0.1).astype(int), np.arange(count)] = 1
    w = weights(relays(add_relays, rule, count), pre, post, 0.1, backend)[-1]
    np.testing.assert_allclose(w - START, z["b5_w"], atol=1e-15)
