"""The peculiarities of SNS-Toolbox, one at a time; the recorded trajectories in tests/oracle have them together."""

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError


def compiled(net, dt=0.1):
    return net.compile(dt, semantics="sns-toolbox")


def pair(*connections):
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(), 2, "a")
    net.add_population(sns.SpikingNeuron(), 2, "b")
    for kind in connections:
        net.add_connection(kind, "a", "b")
    return net


def test_membrane_advances_by_dt_g_over_c():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(membrane_conductance=2.0, bias=10.0), "a")
    net.add_output("a")
    assert compiled(net)()[0] == pytest.approx(0.4)
    assert net.compile(0.1)()[0] == pytest.approx(0.2)


def test_gates_start_with_the_slope_turned_round():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(), "a", initial_value=5.0)
    assert compiled(net).program.initial_gate[0, 0] == pytest.approx(0.7197, abs=1e-4)
    assert net.compile(0.1).program.initial_gate[0, 0] == pytest.approx(0.6090, abs=1e-4)


def test_the_last_synapse_of_a_family_replaces_the_others_between_the_same_populations():
    net = pair(
        sns.NonSpikingSynapse(0.9, 40.0), sns.NonSpikingMatrixConnection([[0.1, 0.0], [0.2, 0.3]], [[1, 2], [3, 4.0]])
    )
    program = compiled(net).program
    assert program.graded_conductance.tolist() == [0.1, 0.2, 0.3]
    assert program.graded_reversal.tolist() == [1.0, 3.0, 4.0]
    assert len(net.compile(0.1).program.graded_conductance) == 7


@pytest.mark.parametrize("spiking_last", [True, False])
def test_both_families_share_the_reversal_potential_of_the_last(spiking_last):
    kinds = [sns.NonSpikingMatrixConnection(np.ones((2, 2)), [[1, 2], [3, 4.0]]), sns.SpikingSynapse(0.5, 99.0)]
    program = compiled(pair(*(kinds if spiking_last else kinds[::-1]))).program
    expected = [99.0] * 4 if spiking_last else [1.0, 2.0, 3.0, 4.0]
    assert program.graded_reversal.tolist() == expected
    assert program.spiking_reversal.tolist() == expected


def test_a_pattern_replaces_reversal_potentials_outside_its_kernel_by_zero():
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(), 3, "a")
    net.add_connection(sns.SpikingSynapse(0.3, 99.0), "a", "a")
    net.add_connection(sns.NonSpikingPatternConnection([0.1, 0.0, 0.2], [7.0, 8.0, 9.0]), "a", "a")
    assert compiled(net).program.spiking_reversal.reshape(3, 3).tolist() == [[8, 9, 0], [7, 8, 9], [0, 7, 8]]


def test_electrical_synapses_replace_each_other_in_both_directions_and_rectified_ones_only_in_one():
    net = sns.Network()
    for name in "ab":
        net.add_neuron(sns.NonSpikingNeuron(), name)
    for source, target, g in (("a", "b", 0.1), ("b", "a", 0.2)):
        net.add_connection(sns.ElectricalSynapse(g), source, target)
        net.add_connection(sns.ElectricalSynapse(10 * g, rect=True), source, target)
    program = compiled(net).program
    assert sorted(zip(program.junction_rule.tolist(), program.junction_conductance.tolist(), strict=True)) == [
        (0, 0.2), (0, 0.2), (1, 1.0), (1, 2.0), (2, 1.0), (2, 2.0),
    ]  # fmt: skip


def test_increments_are_not_shared_out():
    program = compiled(pair(sns.SpikingSynapse(1.0, conductance_increment=0.2))).program
    assert set(program.spiking_conductance) == {0.5}
    assert set(program.spiking_increment) == {0.2}
    assert set(pair(sns.SpikingSynapse(1.0, conductance_increment=0.2)).compile(0.1).program.spiking_increment) == {0.1}


def test_one_channel_counts_as_many_as_the_largest_neuron_has():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels(0.5, 50.0), "one")
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels([0.1, 0.2], 50.0), "two")
    assert compiled(net).program.channel_conductance.tolist() == [0.5, 0.5, 0.1, 0.2]
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels([0.1, 0.2, 0.3], 50.0), "three")
    with pytest.raises(NetworkError, match="'two' has 2 ion channels where another neuron has 3"):
        compiled(net)


def test_reset_leaves_conductances_and_spikes_in_flight():
    net = pair(sns.SpikingSynapse(0.5, 50.0, 20.0, transmission_delay=7))
    model = compiled(net)
    state = model.state
    state[:] = np.arange(len(state)) + 1.0
    model.state = state
    model.reset()
    layout, after = model.layout, model.state
    for kept in (layout.conductance, layout.ring, layout.step):
        np.testing.assert_array_equal(after[kept], state[kept])
    for renewed in (layout.potential, layout.threshold, layout.spike):
        assert not (after[renewed] == state[renewed]).all()


def test_a_spiking_synapse_from_a_source_that_never_spikes_does_nothing():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(), "mute")
    net.add_connection(sns.SpikingSynapse(), "mute", "mute")
    net.add_output("mute", spiking=True)
    model = compiled(net)
    assert len(model.program.spiking_source) == 0
    assert model.run(10).max() == 0.0


def test_no_step_is_refused():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(bias=1.0), "a")
    net.add_output("a")
    assert compiled(net, dt=5.0)()[0] == 1.0  # one step of C / G is the steady state
    with pytest.raises(NetworkError):
        net.add_output("a", "Output")


def test_an_output_of_replaced_synapses_is_refused():
    net = pair(sns.NonSpikingSynapse(0.9, 40.0))
    net.add_output("a->b", "lost", kind="current")
    net.add_connection(sns.NonSpikingSynapse(0.1, 40.0), "a", "b")
    assert len(net.compile(0.1)()) == 4
    with pytest.raises(NetworkError, match="output 'lost': connection 'a->b' has no synapse to read"):
        compiled(net)
