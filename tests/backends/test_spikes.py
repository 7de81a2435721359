"""Spiking neurons and spiking synapses."""

import numpy as np
import pytest

from sns_mujoco.network import Network, NonSpikingNeuron, SpikingNeuron, SpikingSynapse


def spike_train(neuron, backend, current, steps, dt=0.01, **options):
    net = Network()
    net.add_neuron(neuron)
    net.add_input(0)
    net.add_output(0, spiking=True)
    net.add_output(0)
    net.add_output(0, kind="threshold")
    return net.compile(dt=dt, backend=backend, **options).run(np.full((steps, 1), current))


@pytest.mark.parametrize(("m", "count"), [(0.0, 38), (-1.0, 50), (1.0, 28)])
def test_moving_threshold_changes_the_rate(backend, m, count):
    neuron = SpikingNeuron(threshold_proportionality_constant=m)
    assert spike_train(neuron, backend, 20.0, 1000)[:, 0].sum() == count  # as SNS-Toolbox counts them


def test_every_parameter_of_a_spiking_neuron(backend):
    p = {
        "membrane_capacitance": 4.0, "membrane_conductance": 1.5, "resting_potential": -60.0, "bias": 1.0,
        "threshold_time_constant": 3.0, "threshold_initial_value": -55.0, "threshold_proportionality_constant": 0.4,
        "threshold_leak_rate": 0.8, "threshold_increment": -0.7, "threshold_floor": -56.0, "reset_potential": -62.0,
    }  # fmt: skip
    dt, v, theta, rows = 0.05, -60.0, -55.0, []
    for _ in range(600):
        moved = v + dt / 4.0 * (-1.5 * (v + 60.0) + 1.0 + 12.0)
        theta += dt / 3.0 * (0.8 * (-55.0 - theta) + 0.4 * (v + 60.0))
        spike = moved > theta
        v = -62.0 if spike else moved
        theta = max(theta - 0.7, -56.0) if spike else theta
        rows.append((spike, v, theta))
    result = spike_train(SpikingNeuron(**p), backend, 12.0, 600, dt)
    assert 5 < result[:, 0].sum() < 300
    np.testing.assert_allclose(result, np.array(rows, float), rtol=0, atol=1e-10)


def test_reaching_the_threshold_exactly_is_no_spike(backend):
    neuron = SpikingNeuron(membrane_capacitance=1.0, bias=1.0)
    assert spike_train(neuron, backend, 0.0, 20, dt=1.0)[:, :2].tolist() == [[0.0, 1.0]] * 20


def test_refractory_period_holds_the_neuron_at_its_reset_potential(backend):
    neuron = SpikingNeuron(reset_potential=-3.0, refractory_period=2.0)
    result = spike_train(neuron, backend, 100.0, 200, dt=0.1)
    spikes = np.flatnonzero(result[:, 0])
    free = np.flatnonzero(spike_train(SpikingNeuron(reset_potential=-3.0), backend, 100.0, 200, dt=0.1)[:, 0])
    assert np.all(np.diff(spikes) == np.diff(free)[0] + 20)
    for spike in spikes[:-1]:
        assert (result[spike : spike + 21, 1] == -3.0).all()
        assert result[spike + 21, 1] > -3.0


def pulse(connection, backend, semantics="textbook", dt=0.1):
    """A source that spikes once, in step 0; the conductances and the target's potential afterwards."""
    net = Network()
    net.add_neuron(
        SpikingNeuron(threshold_initial_value=1e-9, threshold_leak_rate=0.0, threshold_increment=1e9), "source"
    )
    net.add_neuron(NonSpikingNeuron(), "target")
    net.add_input("source")
    net.add_connection(connection, "source", "target", name="synapse")
    net.add_output("source", spiking=True)
    net.add_output("target")
    net.add_output("synapse", kind="conductance")
    net.add_output("synapse", kind="current")
    x = np.zeros((40, 1))
    x[0] = 10.0
    result = net.compile(dt=dt, backend=backend, semantics=semantics).run(x)
    assert result[:, 0].tolist() == [1.0] + [0.0] * 39
    return result


@pytest.mark.parametrize("delay", [{}, {"transmission_delay": 7}, {"transmission_delay_ms": 0.7}])
def test_spike_arrives_after_its_delay_and_decays(backend, delay):
    steps = 7 if delay else 0
    result = pulse(SpikingSynapse(0.6, 100.0, 2.0, conductance_increment=0.25, **delay), backend)
    age = np.arange(40) - steps
    expected = np.where(age >= 0, 0.25 * (1 - 0.1 / 2.0) ** np.maximum(age, 0), 0.0)
    np.testing.assert_allclose(result[:, 2], expected, rtol=0, atol=1e-15)
    before = np.append(0.0, result[:-1, 1])
    flowing = np.append(0.0, result[:-1, 2]) * (1 - 0.1 / 2.0)
    np.testing.assert_allclose(result[:, 3], flowing * (100.0 - before), rtol=0, atol=1e-12)
    np.testing.assert_allclose(result[:, 1], before + 0.1 / 5.0 * (result[:, 3] - before), rtol=0, atol=1e-12)
    assert result[steps, 1] == 0.0 < result[steps + 1, 1]


def test_delay_in_ms_keeps_its_length_when_the_step_changes(backend):
    synapse = SpikingSynapse(0.6, 100.0, 2.0, transmission_delay_ms=0.6)
    assert np.flatnonzero(pulse(synapse, backend, dt=0.1)[:, 2])[0] == 6
    assert np.flatnonzero(pulse(synapse, backend, dt=0.05)[:, 2])[0] == 12


def test_conductance_never_exceeds_its_maximum(backend):
    result = pulse(SpikingSynapse(0.1, conductance_increment=5.0, time_constant=2.0), backend)
    assert result[:, 2].max() == 0.1


@pytest.mark.parametrize(("semantics", "expected"), [("textbook", 0.05), ("sns-toolbox", 0.2)])
def test_increments_are_shared_out_like_conductances(backend, semantics, expected):
    net = Network()
    net.add_population(SpikingNeuron(), 4, "many", initial_value=5.0)
    net.add_neuron(NonSpikingNeuron(), "one")
    net.add_connection(SpikingSynapse(0.8, time_constant=5.0, conductance_increment=0.2), "many", "one", name="s")
    net.add_output("s", kind="conductance")
    result = net.compile(dt=0.1, backend=backend, semantics=semantics)()
    assert result == pytest.approx([expected] * 4)


def test_parallel_spiking_synapses_keep_their_own_delays(backend):
    net = Network()
    net.add_neuron(SpikingNeuron(threshold_increment=1e9, threshold_leak_rate=0.0), "source", initial_value=5.0)
    net.add_neuron(NonSpikingNeuron(), "target")
    for delay in (5, 2, 0):
        net.add_connection(SpikingSynapse(0.1 + delay, 10.0, 1e9, delay), "source", "target", name=f"d{delay}")
        net.add_output(f"d{delay}", kind="conductance")
    result = net.compile(dt=0.1, backend=backend).run(8)
    assert [np.flatnonzero(column)[0] for column in result.T] == [5, 2, 0]
