"""Outputs of every kind, for populations and for synapses."""

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError

BACKENDS = pytest.mark.parametrize("backend", ["numpy", "numba"])


def two_populations():
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(bias=[5.0, 30.0]), 2, "spiking", initial_value=[0.2, 0.9])
    net.add_population(sns.NonSpikingNeuron(bias=[1.0, 2.0, 3.0]), 3, "graded", initial_value=[4.0, 8.0, 12.0])
    return net


@BACKENDS
def test_voltage_spike_and_threshold(backend):
    net = two_populations()
    net.add_output("graded", "v")
    net.add_output("spiking", "spikes", spiking=True)
    net.add_output("spiking", "theta", kind="threshold")
    net.add_output("spiking", "same", kind="spike")
    model = net.compile(0.1, backend)
    assert model.program.output_names == (
        "v[0]", "v[1]", "v[2]", "spikes[0]", "spikes[1]", "theta[0]", "theta[1]", "same[0]", "same[1]",
    )  # fmt: skip
    for _ in range(50):
        y = model()
        np.testing.assert_array_equal(y[:3], model.potentials[2:])
        np.testing.assert_array_equal(y[3:5], model.spikes)
        np.testing.assert_array_equal(y[5:7], model.thresholds)
        np.testing.assert_array_equal(y[7:], model.spikes)
    assert model.run(200)[:, 3:5].sum() > 5


@BACKENDS
def test_gates_of_every_channel(backend):
    net = sns.Network()
    kind = sns.NonSpikingNeuronWithGatedChannels(
        [0.1, 0.2], [50.0, -50.0], pow_b=1, slope_b=[0.1, -0.1], pow_c=1, slope_c=[0.2, 0.05], tau_max_c=1e6
    )
    net.add_population(kind, 2, "a", initial_value=[3.0, -3.0])
    for channel in (0, 1):
        net.add_output("a", kind="gate_b", channel=channel)
        net.add_output("a", kind="gate_c", channel=channel)
    model = net.compile(0.01, backend)
    y = model()
    gates = model.state[model.layout.gate].reshape(2, 2, 2)  # gate, neuron, channel
    np.testing.assert_array_equal(y, [gates[z, n, k] for k in (0, 1) for z in (0, 1) for n in (0, 1)])
    start = [1 / (1 + np.exp(-slope * v)) for slope in (0.2, 0.05) for v in (3.0, -3.0)]
    np.testing.assert_allclose([y[2], y[3], y[6], y[7]], start, rtol=1e-4)


@BACKENDS
def test_graded_conductance_and_current_are_those_of_the_step(backend):
    net = two_populations()
    net.add_connection(sns.NonSpikingSynapse(0.6, 50.0), "graded", "spiking", "synapse")
    net.add_output("synapse", "g", kind="conductance")
    net.add_output("synapse", "i", kind="current")
    model = net.compile(0.1, backend)
    before = model.potentials
    y = model()
    g = np.tile(0.2 * before[2:] / 20.0, (2, 1))
    np.testing.assert_allclose(y[:6], g.ravel())
    np.testing.assert_allclose(y[6:], (g * (50.0 - before[:2, None])).ravel())
    assert model.program.output_names[:2] == ("g[0,0]", "g[0,1]")
    assert model.program.synapse_names == tuple(f"synapse[{t},{s}]" for t in (0, 1) for s in (0, 1, 2))


@BACKENDS
def test_spiking_conductance_is_that_after_the_step_and_current_that_of_the_step(backend):
    net = two_populations()
    net.add_connection(sns.SpikingSynapse(0.6, 50.0, 2.0, conductance_increment=0.1), "spiking", "graded", "synapse")
    net.add_output("synapse", kind="conductance")
    net.add_output("synapse", kind="current")
    model = net.compile(0.1, backend)
    g, spikes = np.zeros((3, 2)), 0
    for _ in range(60):
        before = model.potentials[2:]
        y = model()
        g *= 1 - 0.1 / 2.0
        np.testing.assert_allclose(y[6:], (g * (50.0 - before[:, None])).ravel(), atol=1e-12)
        g += np.where(model.spikes, np.minimum(0.05, 0.3 - g), 0.0)
        np.testing.assert_allclose(y[:6], g.ravel(), atol=1e-12)
        spikes += model.spikes.sum()
    assert spikes > 5


@BACKENDS
def test_entries_of_zero_conductance_are_no_synapses(backend):
    net = two_populations()
    net.add_connection(sns.NonSpikingMatrixConnection([[0.0, 0.4, 0.0], [0.2, 0.0, 0.0]]), "graded", "spiking", "m")
    net.add_output("m", kind="conductance")
    assert net.get_num_outputs_actual() == 2
    np.testing.assert_allclose(net.compile(0.1, backend)(), [0.4 * 8 / 20, 0.2 * 4 / 20])


def test_number_of_output_elements_is_known_without_compiling():
    net = two_populations()
    net.add_population(sns.NonSpikingNeuron(), (3, 3), "grid")
    net.add_connection(sns.NonSpikingSynapse(), "graded", "spiking", "plain")
    net.add_connection(sns.NonSpikingPatternConnection([[0, 1, 0], [1, 0, 0], [0, 0, 0]]), "grid", "grid", "pattern")
    for source in ("spiking", "graded", "grid"):
        net.add_output(source)
    for connection in ("plain", "pattern"):
        net.add_output(connection, kind="conductance")
    assert net.get_num_outputs() == 5
    assert net.get_num_outputs_actual() == 2 + 3 + 9 + 6 + 12
    assert len(net.compile(0.01)()) == net.get_num_outputs_actual()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "graded", "kind": "threshold"}, "'graded' does not spike, so it has no threshold"),
        ({"source": "graded", "kind": "gate_b"}, "'graded' has no ion channel 0"),
        ({"source": "gated", "kind": "gate_c", "channel": 1}, "'gated' has no ion channel 1"),
        ({"source": "gated", "kind": "gate_c", "channel": -1}, "has no ion channel -1; give 0 to 0"),
        ({"source": "graded", "kind": "volts"}, "kind is 'volts'; give one of voltage, spike, threshold"),
        ({"source": "junction", "kind": "current"}, "'junction' is electrical; only chemical synapses have a current"),
        ({"source": "graded", "spiking": 1}, "spiking is 1; give True or False"),
        ({"source": "graded", "spiking": True, "kind": "voltage"}, "it is to be both spiking and kind 'voltage'"),
    ],
)
def test_outputs_that_do_not_exist_are_refused(arguments, message):
    net = two_populations()
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(), "gated")
    net.add_connection(sns.ElectricalSynapse(0.1), "graded", "graded", "junction")
    with pytest.raises(NetworkError, match=message):
        net.add_output(**arguments)
    assert net.get_num_outputs() == 0


def test_spike_output_of_a_neuron_that_never_spikes_is_refused():
    net = two_populations()
    net.add_output("graded", "silent", spiking=True)
    with pytest.raises(NetworkError, match="output 'silent': 'graded' never spikes; read its voltage"):
        net.compile(0.1)


def test_an_output_may_be_called_like_a_population():
    net = two_populations()
    net.add_output("graded", "graded")
    assert len(net.compile(0.1)()) == 3
