"""The readable reference and the compiled kernel compute the same, from any state of the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sns_mujoco.network as sns

DT = 0.1  # ms


def random_network(seed):
    """A network with every kind of neuron, connection, input and output."""
    rng = np.random.default_rng(seed)
    net = sns.Network(f"random {seed}")
    n = int(rng.integers(2, 5))
    net.add_population(
        sns.NonSpikingNeuron(bias=rng.uniform(-2, 12, n), membrane_conductance=rng.uniform(0.5, 2, n)), n, "graded"
    )
    net.add_population(
        sns.SpikingNeuron(
            bias=rng.uniform(2, 15, n),
            threshold_proportionality_constant=rng.uniform(-0.5, 0.5, n),
            threshold_increment=rng.uniform(0, 2, n),
            refractory_period=rng.choice([0.0, 0.3, 1.2], n),
        ),
        n,
        "spiking",
    )
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=rng.uniform(10, 50)), "sodium")
    net.add_neuron(
        sns.NonSpikingNeuronWithGatedChannels(
            rng.uniform(0, 0.5, 3),
            rng.uniform(-80, 80, 3),
            pow_a=[1, 2, 0.5],
            slope_a=rng.uniform(-0.1, 0.1, 3),
            pow_b=[1, 3, 0],
            slope_b=rng.uniform(-0.1, 0.1, 3),
            tau_max_b=rng.uniform(5, 50, 3),
            pow_c=[4, 0, 1],
            slope_c=rng.uniform(-0.1, 0.1, 3),
            tau_max_c=20,
            tau_mode_b="constant",
            tau_mode_c=("voltage", "constant", "voltage"),
        ),
        "gated",
    )
    names = net.population_names
    for k in range(int(rng.integers(2, 8))):
        source, target = (str(name) for name in rng.choice(names, 2))
        e_lo = rng.uniform(-5, 5)
        kind = [
            sns.NonSpikingSynapse(rng.uniform(0, 0.5), rng.uniform(-80, 120), e_lo, e_lo + rng.choice([-8.0, 15.0])),
            sns.ElectricalSynapse(rng.uniform(0, 0.5)),
            sns.ElectricalSynapse(rng.uniform(0, 0.5), rect=True),
        ][k % 3]
        net.add_connection(kind, source, target)
    net.add_connection(
        sns.SpikingSynapse(0.4, 80.0, 3.0, transmission_delay_ms=0.7, conductance_increment=0.15), "spiking", "graded"
    )
    net.add_connection(
        sns.SpikingMatrixConnection(
            rng.uniform(0, 0.3, (n, n)) * (rng.random((n, n)) < 0.6) + np.eye(n) * 0.01,
            rng.uniform(-80, 120, (n, n)),
            rng.uniform(1, 9, (n, n)),
            rng.integers(0, 9, (n, n)),
        ),
        "spiking",
        "spiking",
        "recurrent",
    )
    net.add_connection(sns.NonSpikingPatternConnection(rng.uniform(0, 0.2, 3), 60.0), "graded", "graded", "pattern")
    net.add_input("graded", size=n)
    net.add_input("spiking")
    net.add_input("spiking")
    for name in names:
        net.add_output(name)
    net.add_output("spiking", spiking=True)
    net.add_output("spiking", kind="threshold")
    net.add_output("gated", kind="gate_b", channel=1)
    net.add_output("gated", kind="gate_c")
    for connection in ("recurrent", "pattern"):
        net.add_output(connection, kind="conductance")
        net.add_output(connection, kind="current")
    return net


def random_inputs(net, steps, seed):
    """Currents [steps, M] that jump every tenth step."""
    rng = np.random.default_rng(seed)
    return np.repeat(rng.uniform(-2, 8, (steps // 10 + 1, net.get_num_inputs_actual())), 10, axis=0)[:steps]


SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=12, deadline=None, derandomize=True, database=None)


@FEW
@given(SEEDS, st.sampled_from(["textbook", "sns-toolbox"]))
def test_backends_agree(seed, semantics):
    net = random_network(seed)
    x = random_inputs(net, 150, seed)
    numpy, numba = (net.compile(DT, backend, semantics=semantics) for backend in ("numpy", "numba"))
    np.testing.assert_allclose(numba.run(x), numpy.run(x), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(numba.state, numpy.state, rtol=1e-9, atol=1e-10)
    assert np.isfinite(numba.state).all()


@FEW
@given(SEEDS, st.integers(1, 60))
def test_a_state_of_one_backend_continues_in_the_other(seed, steps):
    net = random_network(seed)
    x = random_inputs(net, 120, seed)
    whole, first, second = net.compile(DT), net.compile(DT, "numpy"), net.compile(DT)
    expected = whole.run(x)
    first.run(x[:steps])
    second.state = first.state
    np.testing.assert_allclose(second.run(x[steps:]), expected[steps:], rtol=1e-9, atol=1e-9)


@FEW
@given(SEEDS)
def test_many_steps_in_one_call_are_the_same_bits_as_many_calls(seed):
    net = random_network(seed)
    x = random_inputs(net, 60, seed)
    for backend in ("numpy", "numba"):
        one, many = net.compile(DT, backend), net.compile(DT, backend)
        np.testing.assert_array_equal(one.run(x), np.array([many(row) for row in x]))
        np.testing.assert_array_equal(one.state, many.state)


@FEW
@given(SEEDS)
def test_saved_state_and_reset_repeat_the_same_bits(seed):
    net = random_network(seed)
    x = random_inputs(net, 80, seed)
    model = net.compile(DT)
    first = model.run(x)
    saved = model.state
    again = model.run(x)
    model.state = saved
    np.testing.assert_array_equal(model.run(x), again)
    model.reset()
    np.testing.assert_array_equal(model.run(x), first)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_two_models_of_one_network_are_independent(backend):
    net = random_network(0)
    x = random_inputs(net, 50, 0)
    one, other = net.compile(DT, backend), net.compile(DT, backend)
    other.run(x)
    np.testing.assert_array_equal(one.run(x), net.compile(DT, backend).run(x))


def test_a_lost_potential_is_passed_on_and_not_clipped_into_a_healthy_one():
    """Through one synapse and through several, which the kernel takes two at a time."""
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 5, "sources")
    for n in range(1, 6):
        net.add_neuron(sns.NonSpikingNeuron(), f"target {n}")
        conductances = np.zeros((1, 5))
        conductances[0, 5 - n :] = 0.1
        net.add_connection(sns.NonSpikingMatrixConnection(conductances), "sources", f"target {n}")
    for backend in ("numpy", "numba"):
        model = net.compile(dt=0.1, backend=backend)
        state = model.state
        state[4] = np.nan
        model.state = state
        model()
        assert np.isnan(model.potentials[5:]).all(), backend
