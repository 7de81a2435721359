"""Scripts of SNS-Toolbox 1.5.2 run with another import: names, order and defaults of arguments."""

import numpy as np
import pytest

import sns_mujoco.network as sns

NEURON = sns.NonSpikingNeuron()
ONES = np.ones((2, 3))


def graded(synapse):
    return synapse.max_conductance, synapse.reversal_potential, synapse.e_lo, synapse.e_hi


def test_connections():
    """Order of arguments as in SNS-Toolbox 1.5.2."""
    assert graded(sns.NonSpikingSynapse(0.5, 30.0, 1.0, 9.0, name="x")) == (0.5, 30.0, 1.0, 9.0)
    electrical = sns.ElectricalSynapse(0.5, "gap", True)
    assert (electrical.name, electrical.rect) == ("gap", True)
    assert sns.SpikingSynapse(0.5, 30.0, 2.0, 3, 0.1).conductance_increment == 0.1
    transmission = sns.NonSpikingTransmissionSynapse(0.5, "half", 10.0, reversal_potential=50.0, e_lo=1.0)
    assert graded(transmission) == pytest.approx((5 / 45, 50.0, 1.0, 11.0))
    assert sns.NonSpikingModulationSynapse(0.5, "half").name == "half"
    spiking = sns.SpikingTransmissionSynapse(0.5, "rate", 2.0, 0.2)
    assert (spiking.name, spiking.time_constant) == ("rate", pytest.approx(-1 / (2 * np.log(0.2))))
    for kind in (sns.NonSpikingMatrixConnection, sns.NonSpikingPatternConnection):
        described = kind(np.ones((3, 3)), np.full((3, 3), 50.0), np.zeros((3, 3)), np.ones((3, 3)), name="given")
        assert described.name == "given"
    matrix = sns.SpikingMatrixConnection(ONES, ONES, 7 * ONES, ONES.astype(int))
    assert np.all(np.asarray(matrix.time_constant) == 7.0)


def test_neurons():
    """Positional use as in SNS-Toolbox 1.5.2; its parameters are lists or arrays of one value for each channel."""
    assert sns.SpikingNeuron(3.0, 2.0).threshold_initial_value == 2.0
    lists = [[0.5], [60.0], [1], [1], [0.1], [0], [1], [1], [0.2], [0], [9.0], [0], [1], [0], [0], [1]]
    channels = sns.NonSpikingNeuronWithGatedChannels(*lists, bias=2.0)
    assert channels.bias == 2.0
    assert [channels.channels[name].item() for name in ("g_ion", "slope_b", "tau_max_b", "k_c")] == [0.5, 0.2, 9.0, 1.0]
    sodium = sns.NonSpikingNeuronWithPersistentSodiumChannel(g_ion=np.array([2.0]), e_ion=[50.0])
    assert sodium.channels["g_ion"].item() == 2.0


def test_networks():
    """Positional and keyword use as in SNS-Toolbox 1.5.2."""
    net = sns.Network(name="script")
    net.add_neuron(NEURON, "source", "orange", 1.0)
    net.add_population(NEURON, shape=[5], name="row", color="green", initial_value=2.0)
    net.add_population(NEURON, [2, 3], initial_value=np.zeros(6))
    net.add_connection(sns.NonSpikingSynapse(max_conductance=0.1), "source", "row", "named", True)
    net.add_connection(sns.NonSpikingSynapse(max_conductance=0.1), 0, 1, name="other", view_label=False)
    net.add_input("row", 5, "in", "white")
    net.add_output("row", "out", False, "white")
    leg = sns.Network()
    leg.add_neuron(NEURON, "row")
    leg.add_output("row")
    net.add_network(leg, "blue", "suffix")
    assert net.connections[0].view_label and not net.connections[1].view_label
    assert net.get_num_inputs_actual() == 5
    model = net.compile(0.1, "numpy", "cpu")
    assert model.forward(np.ones(5)).shape == (6,)
    assert net.compile(backend="numpy").program.dt == 0.01


# Parameters that SNS-Toolbox 1.5.2 computes for these arguments
TRANSMISSION = [
    ({}, (1.0, 40.0, 0.0, 20.0)),
    ({"gain": 0.5}, (0.3333333333333333, 40.0, 0.0, 20.0)),
    ({"gain": 1.5}, (3.0, 40.0, 0.0, 20.0)),
    ({"gain": -1.0, "reversal_potential": -40.0}, (1.0, -40.0, 0.0, 20.0)),
    ({"gain": -0.5, "reversal_potential": -80.0, "R": 10.0}, (0.06666666666666667, -80.0, 0.0, 10.0)),
    ({"gain": 1.0, "reversal_potential": 100.0, "R": 20.0, "e_lo": -60.0}, (0.25, 100.0, -60.0, -40.0)),
    (
        {"gain": 0.25, "reversal_potential": 194.0, "R": 15.0, "e_lo": 5.0, "e_hi": 99.0},
        (0.01971090670170828, 194.0, 5.0, 20.0),
    ),
]
MODULATION = [
    ({"ratio": 0.5}, (1.0, 0.0, 0.0, 20.0)),
    ({"ratio": 0.2}, (4.0, 0.0, 0.0, 20.0)),
    ({"ratio": 0.1, "e_hi": 10.0}, (9.0, 0.0, 0.0, 10.0)),
    ({"ratio": 1.0}, (0.0, 0.0, 0.0, 20.0)),
]


@pytest.mark.parametrize(("arguments", "expected"), TRANSMISSION)
def test_transmission_is_designed_as_in_sns_toolbox(arguments, expected):
    assert graded(sns.NonSpikingTransmissionSynapse(**arguments)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("arguments", "expected"), MODULATION)
def test_modulation_is_designed_as_in_sns_toolbox(arguments, expected):
    assert graded(sns.NonSpikingModulationSynapse(**arguments)) == pytest.approx(expected, rel=1e-15)
