"""Compiled models: calling, running, state and reset, and what they refuse."""

import numpy as np
import pytest

from sns_mujoco.errors import DivergenceError, NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse, SpikingNeuron, SpikingSynapse


def delayed_pair():
    net = Network()
    net.add_neuron(SpikingNeuron(), "source")
    net.add_neuron(NonSpikingNeuron(), "target")
    net.add_connection(SpikingSynapse(1.0, 50.0, 20.0, 30), "source", "target")
    net.add_input("source")
    net.add_output("target")
    return net


@pytest.mark.parametrize("seed", range(4))
def test_backends_agree(seed, random_network, random_input):
    net = random_network(seed)
    numpy, numba = (net.compile(dt=0.1, backend=backend) for backend in ("numpy", "numba"))
    x = random_input(net, 400, seed)
    ours = numpy.run(x)
    assert numpy.spikes.shape == (5,) and ours[:, net.get_num_neurons() :].max() > 0
    np.testing.assert_allclose(numba.run(x), ours, rtol=0, atol=1e-9)
    np.testing.assert_allclose(numba.state, numpy.state, rtol=0, atol=1e-9)


@pytest.mark.parametrize("semantics", ["textbook", "sns-toolbox"])
def test_calling_and_running_are_the_same_bits(backend, semantics, random_network, random_input):
    net = random_network(0)
    called, run = (net.compile(dt=0.1, backend=backend, semantics=semantics) for _ in range(2))
    x = random_input(net, 60)
    np.testing.assert_array_equal(np.array([called(row) for row in x]), run.run(x))
    np.testing.assert_array_equal(called.state, run.state)


def test_a_saved_state_continues_with_the_same_bits(backend, random_network, random_input):
    net = random_network(1)
    model = net.compile(dt=0.1, backend=backend)
    x = random_input(net, 300, 1)
    model.run(x[:100])
    saved = model.state
    assert saved[model.layout.ring].any()  # spikes are under way
    first = model.run(x[100:])
    model.reset()
    model.state = saved
    np.testing.assert_array_equal(model.run(x[100:]), first)
    twin = net.compile(dt=0.1, backend=backend)
    twin.state = saved
    np.testing.assert_array_equal(twin.run(x[100:]), first)


def test_a_state_goes_from_one_backend_to_the_other(random_network, random_input):
    net = random_network(2)
    numpy, numba = (net.compile(dt=0.1, backend=backend) for backend in ("numpy", "numba"))
    x = random_input(net, 200, 2)
    numpy.run(x[:100])
    numba.state = numpy.state
    np.testing.assert_allclose(numba.run(x[100:]), numpy.run(x[100:]), rtol=0, atol=1e-9)


def test_state_is_a_copy_and_checked(backend):
    model = delayed_pair().compile(backend=backend)
    model.state[:] = 99.0
    assert model.potentials.tolist() == [0.0, 0.0]
    with pytest.raises(NetworkError, match=r"the state has shape \(3,\)"):
        model.state = [1, 2, 3]


def test_reset_resets_everything(backend, random_network, random_input):
    net = random_network(3)
    model = net.compile(dt=0.1, backend=backend)
    x = random_input(net, 150, 3)
    first = model.run(x)
    model.reset()
    np.testing.assert_array_equal(model.state, model.layout.initial(model.program))
    np.testing.assert_array_equal(model.run(x), first)


def test_reset_of_sns_toolbox_leaves_spikes_in_flight(backend):
    model = delayed_pair().compile(0.1, backend, semantics="sns-toolbox")
    model.run(np.full((20, 1), 20.0))
    model.reset()
    assert model.potentials.tolist() == [0.0, 0.0]
    assert model.run(60).max() > 1.0
    textbook = delayed_pair().compile(backend=backend)
    textbook.run(np.full((20, 1), 20.0))
    textbook.reset()
    assert textbook.run(60).max() == 0.0


def test_without_input_or_output(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuron(bias=1.0))
    model = net.compile(backend=backend)
    assert model().shape == model(np.empty(0)).shape == (0,)
    assert model.run(3).shape == (3, 0)
    assert model.potentials[0] > 0


def test_left_out_input_is_zero(backend):
    a, b = (delayed_pair().compile(backend=backend) for _ in range(2))
    np.testing.assert_array_equal([a() for _ in range(5)], [b([0.0]) for _ in range(5)])


def test_input_of_any_kind_of_array(backend):
    model = delayed_pair().compile(backend=backend)
    wide = np.arange(6.0).reshape(3, 2)
    frozen = np.array([1.0])
    frozen.setflags(write=False)
    for x in ([1], (1.0,), np.array([1], np.float32), wide[0, ::2][:1], frozen):
        assert model(x).shape == (1,)
    assert model.run(wide[:, :1]).shape == (3, 1)


@pytest.mark.parametrize("x", [[1.0, 2.0], [[1.0]], 3.0, []])
def test_input_of_another_shape_is_refused(backend, x):
    model = delayed_pair().compile(backend=backend)
    with pytest.raises(NetworkError, match=r"x has shape .*; give \(1,\): the inputs are Input"):
        model(x)


def test_bad_input_is_refused(backend):
    model = delayed_pair().compile(backend=backend)
    for x in (np.nan, np.inf):
        with pytest.raises(NetworkError, match="x is not finite at input 'Input'"):
            model([x])
        with pytest.raises(NetworkError, match="x is not finite at input 'Input'"):
            model.run([[0.0], [x]])
    with pytest.raises(NetworkError, match=r"x has shape \(5,\); give \[steps, 1\]"):
        model.run(np.zeros(5))
    with pytest.raises(NetworkError, match="x is -1; give a number of steps of 0 or more"):
        model.run(-1)
    np.testing.assert_array_equal(model.state, model.layout.initial(model.program))


def test_divergence_names_the_neuron_and_the_time(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "calm")
    net.add_neuron(NonSpikingNeuron(membrane_conductance=9.0), "wild", initial_value=1.0)
    model = net.compile(dt=10.0, backend=backend, semantics="sns-toolbox")
    with pytest.raises(DivergenceError, match=r"neuron 'wild' is no longer finite 4000 ms after the start \(1 of 2"):
        model.run(400)


def test_readings_by_name_of_the_state(backend):
    net = delayed_pair()
    net.add_connection(NonSpikingSynapse(), "target", "source")
    model = net.compile(backend=backend)
    while not model.spikes.any():
        model([20.0])
    assert model.spikes.dtype == bool and model.thresholds == pytest.approx([1.0])
    assert model.potentials[0] == 0.0  # reset
    assert model.forward([0.0]).shape == (1,)
