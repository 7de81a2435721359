"""Networks added to each other, copied, numbered, and large."""

import numpy as np

import sns_mujoco.network as sns

NEURON = sns.NonSpikingNeuron()


def pair():
    net = sns.Network("pair")
    net.add_neuron(NEURON, "flexor", initial_value=3.0)
    net.add_population(NEURON, 2, "extensors", color="red", initial_value=[1.0, 2.0])
    net.add_connection(sns.NonSpikingSynapse(0.5), "flexor", "extensors")
    net.add_connection(sns.NonSpikingSynapse(0.5), "flexor", "extensors")
    net.add_connection(sns.NonSpikingSynapse(0.2), "extensors", "flexor", "feedback")
    net.add_input("flexor", name="drive")
    net.add_output("extensors", "potentials")
    net.add_output("feedback", "currents", kind="current")
    return net


def test_names_are_given_where_there_are_none():
    net = sns.Network()
    for _ in range(3):
        net.add_neuron(NEURON)
        net.add_input(0)
        net.add_output(0)
        net.add_connection(sns.NonSpikingSynapse(), 0, 0)
    net.add_neuron(sns.NonSpikingNeuron(name="inter"))
    assert net.population_names == ("Neuron", "Neuron_1", "Neuron_2", "inter")
    assert net.input_names == ("Input", "Input_1", "Input_2")
    assert net.output_names == ("Output", "Output_1", "Output_2")
    assert net.connection_names == ("Neuron->Neuron", "Neuron->Neuron_1", "Neuron->Neuron_2")


def test_a_given_name_is_stepped_around():
    net = sns.Network()
    for name in ("Neuron_1", None, None, "Neuron_3", None, None):
        net.add_neuron(NEURON, name)
    assert net.population_names == ("Neuron_1", "Neuron", "Neuron_2", "Neuron_3", "Neuron_4", "Neuron_5")


def test_initial_potentials_are_the_resting_potential_or_as_given():
    net = sns.Network()
    rest = sns.NonSpikingNeuron(resting_potential=[-60.0, -50.0])
    net.add_population(rest, 2)
    net.add_population(rest, 2, initial_value=-1)
    net.add_population(rest, 2, initial_value=[3.0, 4.0])
    net.add_population(NEURON, (2, 2), initial_value=[[1.0, 2.0], [3.0, 4.0]])
    assert net.compile(0.1).potentials.tolist() == [-60, -50, -1, -1, 3, 4, 1, 2, 3, 4]


def test_adding_a_network_loses_nothing():
    leg = pair()
    body = sns.Network("body")
    body.add_neuron(NEURON, "brain")
    body.add_network(leg, prefix="left ")
    body.add_network(leg, "blue", suffix=" right")
    assert body.population_names == ("brain", "left flexor", "left extensors", "flexor right", "extensors right")
    assert body.connection_names == (
        "left flexor->left extensors", "left flexor->left extensors_1", "left feedback",
        "flexor right->extensors right", "flexor right->extensors right_1", "feedback right",
    )  # fmt: skip
    assert body.input_names == ("left drive", "drive right")
    assert body.output_names == ("left potentials", "left currents", "potentials right", "currents right")
    assert [p.color for p in body.populations] == ["white", "white", "red", "blue", "blue"]
    alone, both = leg.compile(0.1), body.compile(0.1)
    assert both.potentials.tolist() == [0.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0]
    x = np.random.default_rng(0).uniform(0, 10, (50, 2))
    y = both.run(x)
    np.testing.assert_array_equal(y[:, :4], alone.run(x[:, :1]))
    alone.reset()
    np.testing.assert_array_equal(y[:, 4:], alone.run(x[:, 1:]))


def test_a_network_can_be_added_to_itself():
    net = pair()
    net.add_network(net, suffix=" 2")
    assert net.get_num_neurons() == 6
    assert net.connections[net.get_connection_index("feedback 2")].source == net.get_population_index("extensors 2")


def test_a_copy_is_equal_and_independent():
    net = pair()
    twin = net.copy()
    assert repr(twin) == repr(net)
    x = np.linspace(0, 10, 40)[:, None]
    np.testing.assert_array_equal(twin.compile(0.1).run(x), net.compile(0.1).run(x))
    twin.add_neuron(NEURON, "more")
    twin.add_input("more")
    assert (net.get_num_neurons(), net.get_num_inputs()) == (3, 1)
    assert twin.connection_names == net.connection_names


def test_ten_thousand_neurons_are_built_and_compiled():
    neurons, synapses = 10_000, 20_000
    net = sns.Network()
    for _ in range(neurons):
        net.add_neuron(NEURON)
    synapse = sns.NonSpikingSynapse(0.001)
    for k in range(synapses):
        net.add_connection(synapse, k % neurons, k * 7 % neurons)
    assert len(net.to_program(0.1).graded_source) == synapses
