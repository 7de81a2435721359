"""Short-term plasticity: trains by its equations, their limits, and what Norse was recorded doing."""

import numpy as np
import pytest

from sns_mujoco.network import CurrentSynapse, DeltaSynapse, Network, NonSpikingNeuron, TsodyksMarkram

NORSE = TsodyksMarkram(0.45, 50.0, 750.0)


def delivered(add_relays, rule, train, dt, backend, integrator="euler", delay=0.0):
    """What every step's spike delivers, in units of the weight: jumps of a perfect integrator."""
    net = Network("short term")
    add_relays(net, "pre", 1)
    net.add_neuron(NonSpikingNeuron(membrane_conductance=0.0), "post")
    net.add_connection(DeltaSynapse(1.0, delay=delay, short_term=rule), "pre", "post")
    net.add_output("post", "v")
    y = net.compile(dt=dt, backend=backend, integrator=integrator).run(np.reshape(train, (-1, 1)))[:, 0]
    return np.diff(y, prepend=0.0)


def every(period, count, steps):
    train = np.zeros(steps)
    train[period * np.arange(count)] = 1
    return train


def test_norse_train_and_its_recovery(backend, add_relays):
    """20 Hz from rest; values as Norse's equations give them."""
    train = every(50, 6, 1000)
    train[950] = 1
    out = delivered(add_relays, NORSE, train, 1.0, backend)
    np.testing.assert_allclose(out[train > 0][:5], [0.45, 0.3116, 0.1745, 0.1089, 0.0810], atol=5e-5)
    u, x, expected = 0.0, 1.0, []
    for z in train:
        u_now = u - u / 50.0 + 0.45 * (1 - u) * z
        expected.append(u_now * x * z)
        x = x + (1 - x) / 750.0 - expected[-1]
        u = u_now
    np.testing.assert_allclose(out, expected, atol=1e-13)


def test_train_between_whose_spikes_the_equations_are_solved_exactly(backend, add_relays):
    """Spikes at irregular times, delayed; only intervals count, in the order u, delivery, x."""
    rule, dt = TsodyksMarkram(0.2, 300.0, 120.0, initial_u=0.1, initial_x=0.7), 0.5
    steps = np.array([4, 30, 34, 90, 240, 250, 255, 600])
    train = np.zeros(700)
    train[steps] = 1
    out = delivered(add_relays, rule, train, dt, backend, "exponential", delay=6.0)
    u, x, last, expected = 0.1, 0.7, 0, []
    for step in steps + 12:
        u *= np.exp(-(step - last) * dt / 300.0)
        x = 1 - (1 - x) * np.exp(-(step - last) * dt / 120.0)
        # in the step of an arrival, what is lost by decay is lost before the jump: for u one step's worth
        jump = 0.2 * (1 - u)
        u = u * np.exp(-dt / 300.0) + jump
        expected.append(u * x)
        x = 1 - (1 - x) * np.exp(-dt / 120.0) - expected[-1]
        last = step + 1
    np.testing.assert_allclose(out[steps + 12], expected, atol=1e-13)
    assert np.count_nonzero(np.abs(out) > 1e-9) == len(steps)


@pytest.mark.parametrize(("rule", "rising"), [
    (TsodyksMarkram(0.05, 500.0, 20.0), True),
    (TsodyksMarkram(0.6, 0.0, 500.0), False),
])  # fmt: skip
def test_facilitation_and_depression(backend, add_relays, rule, rising):
    train = every(20, 12, 260)
    out = delivered(add_relays, rule, train, 1.0, backend, "exponential")[train > 0]
    assert (np.diff(out) > 0).all() if rising else (np.diff(out) < 0).all()
    if not rising:  # the stationary state of pure depression (Tsodyks & Markram 1997, PNAS 94:719)
        left = np.exp(-20.0 / 500.0)
        assert out[-1] == pytest.approx(0.6 * (1 - left) / (1 - 0.4 * left), rel=3e-3)


def test_without_time_constants_every_spike_is_the_same(backend, add_relays):
    train = every(5, 10, 60)
    out = delivered(add_relays, TsodyksMarkram(0.3, 0.0, 0.0), train, 1.0, backend)
    np.testing.assert_allclose(out[train > 0], 0.3, atol=1e-15)


def test_each_synapse_has_resources_of_its_own(backend, add_relays):
    net = Network("two")
    add_relays(net, "pre", 2)
    net.add_neuron(NonSpikingNeuron(), "post")
    net.add_connection(CurrentSynapse(np.array([[1.0, 1.0]]), 0.0, short_term=TsodyksMarkram(0.5)), "pre", "post", "s")
    net.add_output("s", "current", kind="current")
    x = np.zeros((30, 2))
    x[[2, 6, 10], 0] = 1
    x[20, 1] = 1
    current = net.compile(dt=1.0, backend=backend).run(x)[:, 0]
    assert current[3] == current[21] == 0.5 > current[7] > current[11]


def test_recorded_train_of_norse(backend, add_relays, recorded):
    z = recorded("norse")
    out = delivered(add_relays, NORSE, z["tm_z"].astype(float), 1.0, backend)
    np.testing.assert_allclose(out, z["tm_out"], atol=1e-6)
