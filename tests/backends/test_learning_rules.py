"""Weights that learn: against the sums over pairs and triplets of spikes that define the rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, UnknownNameError

DT = 0.5


def trains(synapse, pre, post, steps, backend="numba", further=None):
    """Weights of a synapse in every step [steps, n], its source and destination spiking in given steps."""
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(DT, 0.5), "pre")
    net.add_neuron(sns.LIFNeuron(DT, 1e5), "post")  # which the synapse never makes spike
    net.add_neuron(sns.NonSpikingNeuron(resting_potential=-60.0, membrane_capacitance=DT), "reward")
    for name in ("pre", "post", "reward"):
        net.add_input(name)
    net.add_connection(synapse, "pre", "post", "synapse")
    net.add_output("synapse", kind="weight")
    x = np.zeros((steps, 3))
    x[pre, 0], x[post, 1] = 1.0, 1e6
    if further is not None:
        x[:, 2] = further
    return net.compile(DT, backend, integrator="exponential").run(x)


def free(**parameters):
    """A synapse whose weight has room in both directions."""
    return sns.CurrentSynapse(0.0, 1.0, plasticity=sns.STDP(w_min=-1e3, w_max=1e3, **parameters))


@pytest.mark.parametrize("distance", [-40, -7, -1, 0, 1, 7, 40])
def test_one_pair_follows_the_window(distance, backend):
    """a_pre exp(-s / tau_pre) for a presynaptic spike s earlier, a_post exp(-s / tau_post) for one s later."""
    w = trains(free(a_pre=0.01, a_post=-0.0105, tau_pre=20.0, tau_post=15.0), [50], [50 + distance], 100, backend)
    s = abs(distance) * DT
    expected = 0.01 * np.exp(-s / 20.0) if distance >= 0 else -0.0105 * np.exp(-s / 15.0)
    assert w[-1, 0] == pytest.approx(expected, rel=1e-12)
    assert np.flatnonzero(np.diff(w[:, 0])).tolist() == [max(50, 50 + distance) - 1]


spikes = st.lists(st.integers(0, 79), max_size=12, unique=True)


@settings(max_examples=30, deadline=None)
@given(spikes, spikes)
def test_trains_add_up_all_their_pairs(pre, post):
    w = trains(free(a_pre=0.3, a_post=-0.2, tau_pre=12.0, tau_post=8.0), pre, post, 80)
    expected = 0.0
    for a in pre:
        for b in post:
            s = (b - a) * DT
            expected += 0.3 * np.exp(-s / 12.0) if s >= 0 else -0.2 * np.exp(s / 8.0)
    assert w[-1, 0] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(spikes, spikes)
def test_triplets(pre, post):
    """The rule of Pfister & Gerstner, from its sums over earlier spikes."""
    rule = sns.TripletSTDP(
        a_pre=0.1, a_post=-0.2, a_pre_triplet=0.3, a_post_triplet=-0.4, tau_pre=10.0, tau_post=20.0, tau_pre_slow=50.0,
        tau_post_slow=60.0, w_min=-1e3, w_max=1e3,
    )  # fmt: skip
    w = trains(sns.CurrentSynapse(0.0, 1.0, plasticity=rule), pre, post, 80)

    def trace(times, now, tau, included):
        return sum(np.exp(-(now - t) * DT / tau) for t in times if t < now or (included and t == now))

    expected = 0.0
    for now in range(80):
        if now in pre:
            expected += trace(post, now, 20.0, False) * (-0.2 - 0.4 * trace(pre, now, 50.0, False))
        if now in post:
            expected += trace(pre, now, 10.0, True) * (0.1 + 0.3 * trace(post, now, 60.0, False))
    assert w[-1, 0] == pytest.approx(expected, abs=1e-12)


def test_the_defaults_of_triplets_are_those_of_visual_cortex():
    """Pairs at 10 ms: at 20 Hz and less pre-before-post does little, at 50 Hz it strengthens (their Fig. 2)."""
    changes = {}
    for rate in (2, 20, 50):
        interval = round(1000 / rate / DT)
        pre = np.arange(60) * interval + 10
        synapse = sns.CurrentSynapse(0.5, 1.0, plasticity=sns.TripletSTDP(w_min=-10.0, w_max=10.0))
        w = trains(synapse, pre, pre + 20, 60 * interval + 40)
        changes[rate] = w[-1, 0] - 0.5
    assert abs(changes[2]) < 0.1 < changes[50] and changes[2] < changes[20] < changes[50]


def test_weights_stay_within_their_bounds_and_deliver_what_they_were(backend):
    synapse = sns.CurrentSynapse(0.2, 0.0, plasticity=sns.STDP(a_pre=0.3, a_post=-0.4, w_max=0.6))
    w = trains(synapse, [10, 20, 30, 52, 62, 72], [11, 21, 31, 51, 61, 71], 90, backend)[:, 0]
    assert w[11] == pytest.approx(0.2 + 0.3 * np.exp(-DT / 20)) and w[40] == 0.6 and w[-1] == 0.0
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(DT, 0.5), "pre")
    net.add_neuron(sns.LIFNeuron(DT, 0.5), "post")
    net.add_input("pre")
    net.add_input("post")
    net.add_connection(synapse, "pre", "post", "s")
    net.add_output("s", kind="current")
    net.add_output("s", kind="weight")
    x = np.zeros((12, 2))
    x[3, 1], x[4, 0] = 1.0, 1.0  # post before pre: the arriving spike delivers the weight from before
    current, weight = net.compile(DT, backend, integrator="exponential").run(x).T
    assert current[5] == 0.2 and weight[4] < 0.2


def test_rewards_turn_eligibility_into_weight(backend):
    """dw/dt = rate (V_m - V_rest) e, e the sum over pairs, fading; the potential is that at the start of a step."""
    rule = sns.RewardSTDP(
        "reward",
        a_pre=0.02,
        a_post=-0.01,
        tau_pre=20.0,
        tau_post=20.0,
        tau_eligibility=30.0,
        rate=0.5,
        w_min=-9,
        w_max=9,
    )
    reward = np.zeros(120)
    reward[40:60], reward[80:100] = 3.0, -2.0
    w = trains(sns.CurrentSynapse(0.0, 1.0, plasticity=rule), [20], [30], 120, backend, further=reward)[:, 0]
    step = np.arange(120)
    e = np.where(step >= 30, 0.02 * np.exp(-5.0 / 20.0) * np.exp(-(step - 30) * DT / 30.0), 0.0)
    above, now = [], 0.0
    for value in reward:  # the modulator's own membrane: C = dt, G = 1
        above.append(now)
        now = now + (value - now) * (1 - np.exp(-1.0))
    np.testing.assert_allclose(w, np.cumsum(0.5 * DT * np.array(above) * e), atol=1e-14)
    assert w[70] > 0.01 and w[-1] < w[70]


def test_modulators_are_found_by_name_also_in_networks_that_are_added():
    def leg():
        net = sns.Network("leg")
        net.add_population(sns.LIFNeuron(), 2, "p")
        net.add_population(sns.NonSpikingNeuron(), 2, "dopamine")
        net.add_connection(sns.CurrentSynapse(0.1, plasticity=sns.RewardSTDP("dopamine[1]")), "p", "p", "c")
        listed = sns.SparseConnection(sns.CurrentSynapse(0.1, plasticity=sns.RewardSTDP("outside")), [0], [1])
        net.add_connection(listed, "p", "p", "d")
        return net

    body = sns.Network("body")
    body.add_neuron(sns.NonSpikingNeuron(), "outside")
    body.add_network(leg(), prefix="left ")
    body.add_network(leg(), suffix="_r")
    program = body.to_program(0.1)
    names = [program.neuron_names[k] for k in np.unique(program.plastic.modulator)]
    assert names == ["outside", "left dopamine[1]", "dopamine_r[1]"]
    with pytest.raises(
        UnknownNameError, match="no neuron named 'outside' in network 'leg', as modulator of connection 'd'"
    ):
        leg().to_program(0.1)


def test_only_spiking_destinations_can_teach():
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(), "a")
    net.add_neuron(sns.NonSpikingNeuron(), "b")
    net.add_connection(sns.CurrentSynapse(plasticity=sns.STDP()), "a", "b", "c")
    with pytest.raises(NetworkError, match="connection 'c': it is to learn from the spikes of 'b', which never spikes"):
        net.to_program(0.1)


def graded(rule, backend, dt=0.1, steps=3000, integrator="euler", weight=0.2):
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(bias=8.0), "pre", initial_value=8.0)
    net.add_neuron(sns.NonSpikingNeuron(bias=6.0), "post", initial_value=6.0)
    net.add_connection(sns.GradedCurrentSynapse(weight, plasticity=rule), "pre", "post", "s")
    net.add_output("s", kind="weight")
    net.add_output("post")
    return net.compile(dt, backend, integrator=integrator).run(steps).T


def test_hebb_and_oja(backend):
    """Against their differential equations, stepped by Euler with the old activities."""
    for rule in (sns.Hebb(2e-3, 1e-3), sns.Oja(5e-3), sns.Oja(5e-3, 2e-3, post_lo=-5.0, post_hi=30.0)):
        found, potential = graded(rule, backend)
        w, v = 0.2, 6.0
        for k in range(3000):
            a_pre, a_post = 8.0 / 20.0, np.clip((v - rule.post_lo) / (rule.post_hi - rule.post_lo), 0, 1)
            pull = a_post * a_pre if isinstance(rule, sns.Hebb) else a_post * (a_pre - a_post * w)
            v = v + 0.1 / 5.0 * (-v + 6.0 + w * a_pre)
            w = np.clip(w + 0.1 * (rule.rate * pull - rule.forget * w), 0.0, 1.0)
            assert found[k] == pytest.approx(w, abs=1e-12) and potential[k] == pytest.approx(v, abs=1e-12)


def test_weights_of_hebb_are_clipped_and_forgotten_exactly():
    assert graded(sns.Hebb(0.1, w_max=0.7), "numpy")[0][-1] == 0.7
    forgetting, _ = graded(sns.Hebb(0.0, 0.02), "numpy", integrator="exponential", dt=2.0, steps=50)
    np.testing.assert_allclose(forgetting, 0.2 * np.exp(-0.02 * 2.0 * np.arange(1, 51)), rtol=1e-12)


def test_oja_finds_the_principal_component():
    """Two inputs in the ratio 2 to 1 and their noise: the weights turn that way, to the length sqrt(post_hi)."""
    rng = np.random.default_rng(0)
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(membrane_capacitance=0.1), 2, "pre")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=0.1), "post")
    net.add_input("pre", size=2)
    synapse = sns.GradedCurrentSynapse([[1.0, 3.0]], plasticity=sns.Oja(0.5, w_max=20.0))
    net.add_connection(synapse, "pre", "post", "s")
    net.add_output("s", kind="weight")
    x = rng.uniform(0, 8, (4000, 1)) * [2.0, 1.0] + rng.uniform(0, 0.5, (4000, 2))
    w = net.compile(0.1).run(np.repeat(x, 5, axis=0))[-4000:].mean(0)
    assert w[0] / w[1] == pytest.approx(2.0, rel=0.05)
    assert np.hypot(*w) == pytest.approx(np.sqrt(20.0), rel=0.05)
