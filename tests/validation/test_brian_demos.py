"""Three demonstrations that run in Brian2 spike at the same steps here; weights and delays are theirs."""

import numpy as np
import pytest

from sns_mujoco.network import DeltaSynapse, LIFNeuron, Network, SparseConnection

DT = 0.1


def raster(net, backend, steps=500):
    """Spikes as (time of the step in ms, neuron), in order."""
    y = net.compile(dt=DT, backend=backend, integrator="exponential").run(steps)
    step, neuron = np.nonzero(y[:, : net.populations[0].size])
    return np.round(step * DT, 1), neuron, y


def one_neuron():
    net = Network("demo 1")
    net.add_neuron(LIFNeuron(10.0, 0.8, bias=1.0), "neuron")
    return net


def three_neurons():
    net = Network("demo 2")
    net.add_population(LIFNeuron([10.0, 100.0, 100.0], 1.0, bias=[2.0, 0.0, 0.0]), 3, "neurons")
    jumps = SparseConnection(DeltaSynapse(1.0), source=[0, 0], target=[1, 2], weight=[0.2, 0.4], delay=[2.0, 4.0])
    net.add_connection(jumps, "neurons", "neurons")
    return net


def hundred_neurons(start):
    net = Network("demo 3")
    net.add_population(LIFNeuron(10.0, 1.0, bias=2.0), 100, "neurons", initial_value=start)
    return net


@pytest.fixture
def read_out():
    def add(net):
        net.add_output(0, "spikes", spiking=True)
        net.add_output(0, "potentials")
        return net

    return add


def test_one_neuron(backend, read_out):
    times, _, y = raster(read_out(one_neuron()), backend)
    assert times.tolist() == [16.0, 32.1, 48.2]
    assert y[158, 1] == pytest.approx(1 - np.exp(-15.9 / 10.0), abs=1e-13)


def test_three_neurons_with_delays(backend, read_out):
    times, neuron, _ = raster(read_out(three_neurons()), backend)
    assert times[neuron == 0].tolist() == [6.9, 13.9, 20.9, 27.9, 34.9, 41.9, 48.9]
    assert times[neuron == 2].tolist() == [25.0, 46.0]
    assert times[neuron == 1].tolist() == [44.0]


def test_hundred_neurons(backend, read_out):
    start = np.random.RandomState(42).rand(100)
    times, neuron, _ = raster(read_out(hundred_neurons(start)), backend)
    assert len(times) == 709
    tau, period = 10.0, 10.0 * np.log(2.0)  # from reset: 1 = 2 (1 - exp(-t / tau))
    first = tau * np.log(2.0 - start)
    for k in range(100):
        own = times[neuron == k]
        expected = first[k] + period * np.arange(len(own))
        late = own + DT - expected  # every spike is the next step's, so lateness adds up
        assert (late > 0).all() and (late <= DT * np.arange(1, len(own) + 1) + 1e-9).all()


def test_recorded_potentials_and_rasters(backend, read_out, recorded):
    z = recorded("brian")
    times, _, y = raster(read_out(one_neuron()), backend)
    np.testing.assert_array_equal(times, np.round(z["b1_t"], 1))
    np.testing.assert_allclose(y[:-1, 1], z["b1_v"][1:], atol=1e-14)  # it shows them before each step
    times, neuron, y = raster(read_out(three_neurons()), backend)
    np.testing.assert_array_equal(times, np.round(z["b2_t"], 1))
    np.testing.assert_array_equal(neuron, z["b2_i"])
    np.testing.assert_allclose(y[:-1, 3:].T, z["b2_v"][:, 1:], atol=1e-14)
    times, neuron, _ = raster(read_out(hundred_neurons(z["b3_v0"])), backend)
    order = np.lexsort((z["b3_i"], np.round(z["b3_t"], 1)))
    np.testing.assert_array_equal(times, np.round(z["b3_t"], 1)[order])
    np.testing.assert_array_equal(neuron, z["b3_i"][order])
