"""`Network`: names, indices, counts, merging and copying."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    SpikingNeuron,
    SpikingSynapse,
)


@pytest.fixture
def net():
    net = Network("leg")
    net.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(), "flexor", initial_value=5.0)
    net.add_neuron(SpikingNeuron(), "extensor")
    net.add_population(NonSpikingNeuron(color="blue"), (2, 3), "field", initial_value=np.arange(6))
    net.add_connection(SpikingSynapse(), "extensor", "flexor")
    net.add_connection(NonSpikingMatrixConnection([[0.1], [0], [0], [0.2], [0], [0]]), "flexor", "field", name="fan")
    net.add_connection(ElectricalSynapse(0.1), 0, 1)
    net.add_input("flexor", name="drive")
    net.add_input("field", size=6)
    net.add_output("flexor", kind="gate_b")
    net.add_output("extensor", name="spikes", spiking=True)
    net.add_output("fan", kind="conductance", name="opening")
    return net


def test_counts_and_names(net):
    assert net.population_names == ("flexor", "extensor", "field")
    assert net.connection_names == ("extensor->flexor", "fan", "flexor->extensor")
    assert net.input_names == ("drive", "Input") and net.output_names == ("Output", "spikes", "opening")
    assert (net.get_num_neurons(), net.get_num_populations(), net.get_num_connections()) == (8, 3, 3)
    assert (net.get_num_inputs(), net.get_num_inputs_actual()) == (2, 7)
    assert (net.get_num_outputs(), net.get_num_outputs_actual()) == (3, 4)
    assert net.get_num_outputs_actual() == net.to_program().n_outputs
    assert repr(net) == "Network('leg': 8 neurons in 3 populations, 3 connections, 2 inputs, 3 outputs)"
    assert (net.get_population_index("field"), net.get_population_index(2)) == (2, 2)
    assert (net.get_connection_index("fan"), net.get_input_index("Input"), net.get_output_index("spikes")) == (1, 1, 1)


def test_elements_are_named_after_their_parts(net):
    program = net.to_program()
    assert program.neuron_names[:3] == ("flexor", "extensor", "field[0,0]")
    assert program.input_names[:3] == ("drive", "Input[0,0]", "Input[0,1]")
    assert program.output_names == ("Output", "spikes", "opening[0,0]", "opening[3,0]")
    assert program.synapse_names == ("fan[0,0]", "fan[3,0]", "extensor->flexor")


def test_unnamed_things_are_numbered():
    net = Network()
    for _ in range(3):
        net.add_neuron(NonSpikingNeuron())
    net.add_neuron(NonSpikingNeuron(name="HC"))
    net.add_neuron(NonSpikingNeuron(), "Neuron_4")
    net.add_neuron(NonSpikingNeuron())
    net.add_neuron(NonSpikingNeuron())
    assert net.population_names == ("Neuron", "Neuron_1", "Neuron_2", "HC", "Neuron_4", "Neuron_3", "Neuron_5")
    for _ in range(2):
        net.add_connection(NonSpikingSynapse(), "HC", "Neuron")
        net.add_input("HC")
        net.add_output("HC")
    assert net.connection_names == ("HC->Neuron", "HC->Neuron_1")
    assert net.input_names == ("Input", "Input_1") and net.output_names == ("Output", "Output_1")


@pytest.mark.parametrize(
    ("add", "complaint"),
    [
        (lambda net: net.add_neuron(NonSpikingNeuron(), "flexor"), "'leg' has a population named 'flexor' already"),
        (lambda net: net.add_connection(NonSpikingSynapse(), 0, 1, name="fan"), "a connection named 'fan' already"),
        (lambda net: net.add_input(0, name="drive"), "an? input named 'drive' already"),
        (lambda net: net.add_output(0, name="spikes"), "an? output named 'spikes' already"),
        (lambda net: net.add_neuron(NonSpikingNeuron(), ""), "the name of a population is ''; give a text"),
        (lambda net: net.add_neuron(NonSpikingNeuron(), 3), "the name of a population is 3; give a text"),
        (lambda net: net.add_neuron(NonSpikingSynapse()), "is no neuron"),
        (lambda net: net.add_connection(NonSpikingNeuron(), 0, 1), "is no connection"),
        (lambda net: net.add_population(NonSpikingNeuron(), 0), "shape is 0; give the number of neurons"),
        (lambda net: net.add_population(NonSpikingNeuron(), (2, 2, 2)), "shape is"),
        (lambda net: net.add_population(NonSpikingNeuron(), 2.5), "shape is 2.5"),
        (lambda net: net.add_population(NonSpikingNeuron(), None), "shape is None"),
        (lambda net: net.add_population(NonSpikingNeuron(), [[2]]), "shape is"),
        (
            lambda net: net.add_population(NonSpikingNeuron(), 3, initial_value=[1, 2]),
            r"initial_value has shape \(2,\)",
        ),
        (lambda net: net.add_neuron(NonSpikingNeuron(), initial_value=float("nan")), "initial_value is nan"),
        (
            lambda net: net.add_connection(NonSpikingMatrixConnection(np.ones((6, 2))), 0, 2),
            r"shape \(6, 2\); give .*\(6, 1\)",
        ),
        (
            lambda net: net.add_connection(NonSpikingPatternConnection(np.ones((3, 3))), 0, 2),
            "2-D kernel needs two 2-D",
        ),
        (lambda net: net.add_connection(NonSpikingPatternConnection(np.ones(3)), 2, 2), "1-D kernel needs two 1-D"),
        (lambda net: net.add_input("field", size=3), "size is 3; give 1, or 6 for population 'field'"),
        (lambda net: net.add_output("flexor", kind="threshold"), "'flexor' does not spike, so it has no threshold"),
        (lambda net: net.add_output("extensor", kind="gate_b"), "no ion channel 0; only gated neurons do"),
        (lambda net: net.add_output("flexor", kind="gate_c", channel=1), "no ion channel 1; give 0 to 0"),
        (lambda net: net.add_output("flexor", kind="colour"), "kind is 'colour'; give one of voltage, spike"),
        (lambda net: net.add_output("extensor", spiking=True, kind="voltage"), "both spiking and kind 'voltage'"),
        (lambda net: net.add_output("flexor->extensor", kind="current"), "is electrical; only chemical synapses"),
    ],
)
def test_what_cannot_be_added_is_refused_and_leaves_nothing(net, add, complaint):
    before = repr(net)
    with pytest.raises(NetworkError, match=complaint):
        add(net)
    assert repr(net) == before
    net.to_program()


@pytest.mark.parametrize(
    ("add", "complaint"),
    [
        (lambda net: net.add_input("flexer"), "no population named 'flexer' in network 'leg'; did you mean 'flexor'"),
        (lambda net: net.add_input(-1), "no population named -1 in network 'leg' with 3 of them, counted from 0"),
        (lambda net: net.add_output(3), "no population named 3"),
        (lambda net: net.add_connection(NonSpikingSynapse(), "flexor", "fields"), "did you mean 'field'"),
        (lambda net: net.add_output("fam", kind="current"), "no connection named 'fam' .* did you mean 'fan'"),
        (lambda net: net.get_input_index("driv"), "no input named 'driv' .* did you mean 'drive'"),
        (lambda net: net.get_output_index(True), "no output named True"),
    ],
)
def test_unknown_names_are_refused_with_the_closest_ones(net, add, complaint):
    with pytest.raises(UnknownNameError, match=complaint):
        add(net)


def test_names_that_two_neurons_would_bear_are_refused():
    net = Network("n")
    net.add_population(NonSpikingNeuron(), 2, "leg")
    net.add_neuron(NonSpikingNeuron(), "leg[1]")
    with pytest.raises(NetworkError, match=r"'n' has 2 neurons named 'leg\[1\]'; rename one of them"):
        net.to_program()


def test_added_networks_lose_nothing(net):
    body = Network("body")
    body.add_neuron(NonSpikingNeuron(), "head")
    body.add_connection(NonSpikingSynapse(), "head", "head")
    body.add_network(net, prefix="left ", color="red")
    body.add_network(net, suffix="_R")
    assert body.population_names[1:5] == ("left flexor", "left extensor", "left field", "flexor_R")
    assert [p.color for p in body.populations[3::3]] == ["red", "blue"]
    assert body.connection_names[1:4] == ("left extensor->left flexor", "left fan", "left flexor->left extensor")
    assert body.connection_names[4:] == ("extensor_R->flexor_R", "fan_R", "flexor_R->extensor_R")
    assert body.input_names == ("left drive", "left Input", "drive_R", "Input_R")
    whole, part = body.to_program(), net.to_program()
    np.testing.assert_array_equal(whole.initial_potential, [0, *part.initial_potential, *part.initial_potential])
    np.testing.assert_array_equal(whole.graded_source[1:], [*(part.graded_source + 1), *(part.graded_source + 9)])
    np.testing.assert_array_equal(whole.output_kind, np.tile(part.output_kind, 2))
    assert repr(net).startswith("Network('leg': 8 neurons")


def test_a_network_whose_names_are_taken_is_refused_whole(net):
    body = Network("body")
    body.add_neuron(NonSpikingNeuron(), "extensor")
    with pytest.raises(
        NetworkError, match="'body' has a population named 'extensor' already; give 'leg' a prefix or suffix"
    ):
        body.add_network(net)
    assert body.population_names == ("extensor",)


def test_copies_are_independent(net):
    twin = net.copy()
    twin.add_neuron(NonSpikingNeuron())
    assert (net.get_num_neurons(), twin.get_num_neurons()) == (8, 9)
    assert twin.connection_names == net.connection_names and twin.name == "leg"
    np.testing.assert_array_equal(twin.to_program().initial_potential[:8], net.to_program().initial_potential)


def test_unknown_backends_semantics_and_empty_networks_are_refused(net):
    with pytest.raises(NetworkError, match="backend is 'fortran'; give one of 'numba', 'numpy'"):
        net.compile(backend="fortran")
    with pytest.raises(NetworkError, match="semantics is 'loose'"):
        net.compile(semantics="loose")
    with pytest.raises(NetworkError, match="network 'Network' has no neurons; add some"):
        Network().compile()
