"""Many states in one call, and several threads, go the way of one state in a model of its own, bit for bit."""

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import DivergenceError, NetworkError


def rhythmic(seed=0):
    """Graded synapses, junctions and gates: what has lanes."""
    random = np.random.default_rng(seed)
    net = sns.Network("rhythmic")
    net.add_population(sns.NonSpikingNeuron(bias=random.uniform(0, 8, 7)), 7, "plain")
    net.add_population(sns.NonSpikingNeuronWithPersistentSodiumChannel(), 2, "sodium", initial_value=[3.0, 5.0])
    g = random.uniform(0, 0.3, (7, 7)) * (random.random((7, 7)) < 0.4)
    net.add_connection(sns.NonSpikingMatrixConnection(g, random.uniform(-60, 90, (7, 7)), 1.0, 18.0), "plain", "plain")
    net.add_connection(sns.NonSpikingSynapse(0.4, -40.0), "sodium", "plain")
    net.add_connection(sns.ElectricalSynapse(0.2), "plain", "sodium")
    net.add_connection(sns.ElectricalSynapse(0.1, rect=True), "sodium", "plain")
    net.add_input("plain", 7)
    net.add_input("sodium")
    net.add_output("sodium")
    net.add_output("plain")
    return net


def spiking():
    """Spikes, receptors and noise: what is stepped state by state."""
    net = sns.Network("spiking")
    net.add_population(sns.LIFNeuron(bias=1.3), 4, "a")
    net.add_noise("a", sns.OrnsteinUhlenbeckNoise(0.5, 5.0))
    net.add_connection(sns.CurrentSynapse(0.4, delay=0.3, plasticity=sns.STDP()), "a", "a")
    net.add_input("a", 4)
    net.add_output("a", spiking=True)
    return net


@pytest.mark.parametrize("make", [rhythmic, spiking])
@pytest.mark.parametrize("size", [1, 3, 70])
def test_every_state_goes_its_own_way(make, size):
    net = make()
    batch = net.compile(0.1, batch=size, threads=2)
    x = np.random.default_rng(1).uniform(-2, 6, (40, size, net.get_num_inputs_actual()))
    first, rest = batch(x[0]), batch.run(x[1:])
    for k in {0, size // 2, size - 1}:
        model = net.compile(0.1)
        model.reset(seed=k)
        y = model.run(x[:, k])
        np.testing.assert_array_equal(np.vstack([first[None, k], rest[:, k]]), y)
        np.testing.assert_array_equal(batch.states[k], model.state)


@pytest.mark.parametrize("make", [rhythmic, spiking])
def test_states_can_be_set_and_reset(make):
    net = make()
    batch = net.compile(0.1, batch=5, threads=1)
    x = np.full((20, 5, net.get_num_inputs_actual()), 2.0)
    batch.run(x)
    kept = batch.states
    y = batch.run(x)
    batch.states = kept
    np.testing.assert_array_equal(batch.run(x), y)
    batch.reset()
    np.testing.assert_array_equal(batch.states, net.compile(0.1, batch=5).states)
    batch.reset(seeds=[7, 7, 7, 7, 7])
    assert np.ptp(batch.run(x), axis=1).max() == 0.0


def test_threads_share_a_step_without_a_trace():
    random = np.random.default_rng(3)
    n = 300
    net = sns.Network("large")
    net.add_population(sns.NonSpikingNeuron(bias=random.uniform(0, 8, n)), n, "a")
    source, target = random.integers(0, n, (2, 3000))
    target[:200] = 0  # one neuron that fits into no block
    net.add_connection(
        sns.SparseConnection(
            sns.NonSpikingSynapse(0.01, 60.0), source, target, max_conductance=random.uniform(0, 0.02, 3000)
        ),
        "a",
        "a",
    )
    net.add_output("a")
    alone, shared = net.compile(0.1, threads=1), net.compile(0.1, threads=3)
    np.testing.assert_array_equal(alone.run(50), shared.run(50))
    np.testing.assert_array_equal(alone(), shared())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 0}, "batch is 0; give a whole number of 1 or more"),
        ({"batch": 2.5}, "batch is 2.5"),
        ({"threads": 0}, "threads is 0; give a whole number from 1 to 16"),
        ({"threads": True}, "threads is True"),
        ({"batch": 2, "backend": "numpy"}, "'batch' is an option of numba; take backend='numba'"),
        ({"lanes": 2}, "there is no option 'lanes'; there are dtype, "),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(NetworkError, match=message):
        rhythmic().compile(0.1, **options)


def test_wrong_shapes_are_refused():
    batch = rhythmic().compile(0.1, batch=3)
    with pytest.raises(NetworkError, match=r"x has shape \(8,\); give \(3, 8\)"):
        batch(np.zeros(8))
    with pytest.raises(NetworkError, match=r"x has shape \(4, 8\); give \[steps, 3, 8\]"):
        batch.run(np.zeros((4, 8)))
    with pytest.raises(NetworkError, match="x is not finite at input"):
        batch(np.full((3, 8), np.nan))
    with pytest.raises(NetworkError, match="states has shape"):
        batch.states = np.zeros((3, 2))
    with pytest.raises(NetworkError, match="seeds is"):
        batch.reset(seeds=[1, -1, 2])


@pytest.mark.parametrize("make", [rhythmic, spiking])
def test_a_lost_state_is_named(make):
    batch = make().compile(0.1, batch=3)
    states = batch.states
    states[1, 2] = np.nan
    batch.states = states
    with pytest.raises(DivergenceError, match="the potential of neuron"):
        batch.run(np.zeros((2, 3, batch.program.n_inputs)))
