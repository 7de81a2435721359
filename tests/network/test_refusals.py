"""Every wrong number, name and shape is refused by name, and nothing has been added then."""

import math

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, UnknownNameError

GATED = sns.NonSpikingNeuronWithGatedChannels
SODIUM = sns.NonSpikingNeuronWithPersistentSodiumChannel
NEURON = sns.NonSpikingNeuron()
ONES = np.ones((2, 3))


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


@pytest.mark.parametrize(
    ("kind", "parameter", "value", "message"),
    [
        (sns.NonSpikingNeuron, "membrane_capacitance", 0.0, "membrane_capacitance is 0; it must be more than 0"),
        (
            sns.NonSpikingNeuron,
            "membrane_capacitance",
            [5.0, -1.0],
            "membrane_capacitance is -1; it must be more than 0",
        ),
        (sns.NonSpikingNeuron, "membrane_conductance", -1, "membrane_conductance is -1; it must be 0 or more"),
        (sns.NonSpikingNeuron, "resting_potential", np.nan, "resting_potential is nan; it must be finite"),
        (sns.NonSpikingNeuron, "bias", [0.0, np.inf], "bias is inf; it must be finite"),
        (sns.NonSpikingNeuron, "bias", -np.inf, "bias is -inf; it must be finite"),
        (sns.NonSpikingNeuron, "bias", None, "bias is None; give a number or an array of numbers"),
        (sns.NonSpikingNeuron, "bias", True, "bias is True; give a number"),
        (sns.NonSpikingNeuron, "bias", [True, False], "give a number"),
        (sns.NonSpikingNeuron, "bias", "3", "bias is '3'; give a number"),
        (sns.NonSpikingNeuron, "bias", [[1.0], [2.0, 3.0]], "give a number or an array of numbers"),
        (sns.NonSpikingNeuron, "bias", 1j, "give a number"),
        (sns.NonSpikingNeuron, "name", 3, "name is 3; give a text"),
        (sns.NonSpikingNeuron, "name", "", "name is ''; give a text"),
        (sns.NonSpikingNeuron, "color", None, "color is None; give a text"),
        (sns.SpikingNeuron, "threshold_time_constant", 0.0, "threshold_time_constant is 0; it must be more than 0"),
        (sns.SpikingNeuron, "threshold_initial_value", np.nan, "threshold_initial_value is nan"),
        (sns.SpikingNeuron, "threshold_floor", np.nan, "threshold_floor is nan"),
        (sns.SpikingNeuron, "reset_potential", "rest", "reset_potential is 'rest'; give a number"),
        (sns.SpikingNeuron, "refractory_period", -0.1, "refractory_period is -0.1; it must be 0 or more"),
        (SODIUM, "g_ion", -1.0, "g_ion is -1; it must be 0 or more"),
        (SODIUM, "tau_max_h", 0.0, "tau_max_h is 0; it must be more than 0"),
        (SODIUM, "tau_mode_h", "slow", "tau_mode_h is 'slow'; give 'voltage' or 'constant'"),
        (SODIUM, "tau_mode_h", None, "tau_mode_h is None; give 'voltage' or 'constant'"),
        (SODIUM, "k_m", np.inf, "k_m is inf; it must be finite"),
    ],
)
def test_wrong_neurons_are_refused_by_name(kind, parameter, value, message):
    with pytest.raises(NetworkError, match=f"{kind.__name__}.*{message}"):
        kind(**{parameter: value})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"g_ion": []}, "g_ion is empty"),
        ({"pow_a": [1, 1, 1]}, r"pow_a has shape \(3,\) for 2 channels"),
        ({"e_ion": np.zeros((3, 1))}, r"e_ion has shape \(3, 1\) for 2 channels"),
        ({"k_b": 0.0}, "k_b is 0; it must be more than 0"),
        (
            {"tau_mode_c": ("constant", "voltage", "voltage")},
            "tau_mode_c is .*; give 'voltage' or 'constant', or one of them for each",
        ),
        ({"tau_mode_b": ("constant", "slow")}, "tau_mode_b is .*; give 'voltage' or 'constant'"),
    ],
)
def test_wrong_channels_are_refused(arguments, message):
    with pytest.raises(NetworkError, match=message):
        GATED(**({"g_ion": [0.1, 0.2], "e_ion": 50.0} | arguments))


SCALARS = [
    (sns.NonSpikingSynapse, "max_conductance", -0.1, "max_conductance is -0.1; it must be 0 or more"),
    (sns.NonSpikingSynapse, "max_conductance", math.nan, "max_conductance is nan"),
    (sns.NonSpikingSynapse, "max_conductance", [1.0, 2.0], r"max_conductance has shape \(2,\); give one number"),
    (sns.NonSpikingSynapse, "reversal_potential", math.inf, "reversal_potential is inf; it must be finite"),
    (sns.NonSpikingSynapse, "reversal_potential", None, "reversal_potential is None; give a number"),
    (sns.NonSpikingSynapse, "e_hi", 0.0, "e_lo and e_hi are both 0; give the ramp a width"),
    (sns.NonSpikingSynapse, "e_hi", True, "e_hi is True; give a number"),
    (sns.NonSpikingSynapse, "name", None, "name is None; give a text"),
    (sns.SpikingSynapse, "max_conductance", -1, "max_conductance is -1; it must be 0 or more"),
    (sns.SpikingSynapse, "time_constant", 0.0, "time_constant is 0; it must be more than 0"),
    (sns.SpikingSynapse, "transmission_delay", -1, "transmission_delay is -1; it must be 0 or more"),
    (sns.SpikingSynapse, "transmission_delay", 1.5, "transmission_delay is 1.5; give whole steps"),
    (sns.SpikingSynapse, "transmission_delay", False, "transmission_delay is False; give a number"),
    (sns.SpikingSynapse, "transmission_delay_ms", -0.5, "transmission_delay_ms is -0.5; it must be 0 or more"),
    (sns.SpikingSynapse, "conductance_increment", -0.1, "conductance_increment is -0.1; it must be 0 or more"),
    (sns.ElectricalSynapse, "conductance", -0.1, "conductance is -0.1; it must be 0 or more"),
    (sns.ElectricalSynapse, "conductance", None, "conductance is None; give a number"),
    (sns.ElectricalSynapse, "rect", 1, "rect is 1; give True or False"),
]


@pytest.mark.parametrize(("kind", "parameter", "value", "message"), SCALARS)
def test_wrong_synapses_are_refused_by_name(kind, parameter, value, message):
    arguments = {"conductance": 1.0} if kind is sns.ElectricalSynapse else {}
    with pytest.raises(NetworkError, match=f"{kind.__name__}.*{message}"):
        kind(**(arguments | {parameter: value}))


TABLES = [
    (sns.NonSpikingMatrixConnection, {"max_conductance": np.ones(3)}, r"max_conductance has shape \(3,\); give a 2-D"),
    (sns.NonSpikingMatrixConnection, {"max_conductance": 1.0}, r"max_conductance has shape \(\); give a 2-D array"),
    (sns.NonSpikingMatrixConnection, {"max_conductance": np.ones((0, 2))}, r"max_conductance has shape \(0, 2\)"),
    (sns.NonSpikingMatrixConnection, {"max_conductance": -ONES}, "max_conductance is -1; it must be 0 or more"),
    (
        sns.NonSpikingMatrixConnection,
        {"max_conductance": ONES, "reversal_potential": np.ones((3, 2))},
        r"reversal_potential has shape \(3, 2\); give \(2, 3\) like the conductances, or a number",
    ),
    (
        sns.NonSpikingMatrixConnection,
        {"max_conductance": ONES, "e_lo": ONES, "e_hi": np.array([[2, 2, 2], [2, 1, 2]])},
        "e_lo and e_hi are both 1; give the ramp a width",
    ),
    (sns.SpikingMatrixConnection, {"max_conductance": ONES, "time_constant": 0 * ONES}, "time_constant is 0"),
    (
        sns.SpikingMatrixConnection,
        {"max_conductance": ONES, "transmission_delay": 0.5 * ONES},
        "transmission_delay is 0.5; give whole steps",
    ),
    (sns.SpikingMatrixConnection, {"max_conductance": ONES, "transmission_delay": -1}, "transmission_delay is -1"),
    (
        sns.SpikingMatrixConnection,
        {"max_conductance": ONES, "conductance_increment": np.ones(2)},
        r"conductance_increment has shape \(2,\)",
    ),
    (
        sns.NonSpikingPatternConnection,
        {"max_conductance_kernel": np.ones((3, 2))},
        r"the kernel has shape \(3, 2\); every size must be odd",
    ),
    (
        sns.NonSpikingPatternConnection,
        {"max_conductance_kernel": np.ones((3, 3, 3))},
        r"max_conductance_kernel has shape \(3, 3, 3\); give a 1-D or 2-D array",
    ),
    (
        sns.SpikingPatternConnection,
        {"max_conductance_kernel": np.ones(3), "time_constant_kernel": [1.0, math.nan, 1.0]},
        "time_constant_kernel is nan",
    ),
]


@pytest.mark.parametrize(("kind", "arguments", "message"), TABLES)
def test_wrong_tables_are_refused(kind, arguments, message):
    with pytest.raises(NetworkError, match=f"{kind.__name__}.*{message}"):
        kind(**arguments)


@pytest.mark.parametrize("ratio", [0.0, -0.5, 1.5, math.nan, None, True])
def test_a_ratio_that_no_conductance_gives_is_refused(ratio):
    with pytest.raises(NetworkError, match="NonSpikingModulationSynapse 'Modulate': ratio is"):
        sns.NonSpikingModulationSynapse(ratio)


@pytest.mark.parametrize("add", ["add_population", "add_input", "add_output", "add_connection"])
def test_a_name_that_is_taken_is_refused(add):
    net = pair()
    arguments = {
        "add_population": (NEURON, 1, "flexor"),
        "add_input": ("flexor", 1, "drive"),
        "add_output": ("flexor", "potentials"),
        "add_connection": (sns.NonSpikingSynapse(), "flexor", "flexor", "feedback"),
    }[add]
    before = repr(net)
    with pytest.raises(NetworkError, match=f"network 'pair' has a .* named {arguments[-1]!r} already"):
        getattr(net, add)(*arguments)
    assert repr(net) == before


@pytest.mark.parametrize("name", ["", 3, True, b"x"])
def test_a_name_that_is_no_text_is_refused(name):
    with pytest.raises(NetworkError, match="the name of a population is .*; give a text"):
        sns.Network().add_neuron(NEURON, name)
    with pytest.raises(NetworkError, match="name is .*; give a text"):
        sns.Network(name)


def test_unknown_names_are_refused_with_the_closest_ones():
    net = pair()
    with pytest.raises(UnknownNameError, match="no population named 'flexer' in network 'pair'; did you mean 'flexor'"):
        net.add_input("flexer")
    with pytest.raises(UnknownNameError, match="did you mean 'extensors'"):
        net.add_connection(sns.NonSpikingSynapse(), "flexor", "extensor")
    with pytest.raises(UnknownNameError, match="no connection named 'feedbak'.*did you mean 'feedback'"):
        net.add_output("feedbak", kind="conductance")
    with pytest.raises(UnknownNameError, match="no input named 'dirve'"):
        net.get_input_index("dirve")
    with pytest.raises(UnknownNameError, match="no population named 2 in network 'pair' with 2 of them"):
        net.add_output(2)
    for nonsense in (-1, True, None, 1.0):
        with pytest.raises(UnknownNameError, match="no population named"):
            net.get_population_index(nonsense)


@pytest.mark.parametrize("shape", [0, -1, 2.0, "2", None, True, [], [2, 0], [2, 2, 2], [[2, 2]], [[1], [2, 3]]])
def test_a_shape_that_is_none_is_refused(shape):
    with pytest.raises(
        NetworkError, match="population 'x': shape is .*; give the number of neurons, or rows and columns"
    ):
        sns.Network().add_population(NEURON, shape, "x")


def test_parameters_of_another_number_of_neurons_are_refused():
    net = sns.Network()
    with pytest.raises(
        NetworkError, match="population 'x': bias has 2 values for 3 neurons; give one, or one for each"
    ):
        net.add_population(sns.NonSpikingNeuron(bias=[1.0, 2.0]), 3, "x")
    with pytest.raises(NetworkError, match=r"initial_value has shape \(2,\); give one, or one for each"):
        net.add_population(NEURON, 3, "x", initial_value=[1.0, 2.0])
    with pytest.raises(NetworkError, match="initial_value is nan"):
        net.add_neuron(NEURON, "x", initial_value=np.nan)
    with pytest.raises(NetworkError, match="g_ion has values for 2 neurons; there are 3"):
        net.add_population(sns.NonSpikingNeuronWithPersistentSodiumChannel(g_ion=[1.0, 2.0]), 3, "x")
    with pytest.raises(NetworkError, match="color is 3; give a text"):
        net.add_neuron(NEURON, "x", 3)
    assert net.get_num_neurons() == 0


@pytest.mark.parametrize("size", [2, 0, -3, 1.5, True, None, "3"])
def test_an_input_size_that_does_not_fit_is_refused(size):
    net = sns.Network()
    net.add_population(NEURON, 3, "x")
    with pytest.raises(NetworkError, match="input 'i': size is"):
        net.add_input("x", size, "i")


def test_things_that_are_no_descriptions_are_refused():
    net = pair()
    with pytest.raises(NetworkError, match="is no neuron; give a description such as NonSpikingNeuron()"):
        net.add_neuron(sns.NonSpikingNeuron, "x")
    with pytest.raises(NetworkError, match="is no connection; give a description such as NonSpikingSynapse()"):
        net.add_connection(sns.NonSpikingSynapse, "flexor", "flexor")
    with pytest.raises(NetworkError, match="is no network; give a Network"):
        net.add_network("pair")


def test_matrices_and_patterns_that_do_not_fit_are_refused():
    net = sns.Network()
    net.add_population(NEURON, 3, "three")
    net.add_population(NEURON, 2, "two")
    net.add_population(NEURON, (3, 1), "grid")
    with pytest.raises(
        NetworkError, match=r"'m': the matrix has shape \(3, 2\); give \[n_destination, n_source\] = \(2, 3"
    ):
        net.add_connection(sns.NonSpikingMatrixConnection(np.ones((3, 2))), "three", "two", "m")
    with pytest.raises(NetworkError, match="a 1-D kernel needs two 1-D populations of the same shape"):
        net.add_connection(sns.NonSpikingPatternConnection([1.0, 0.0, 1.0]), "three", "two", "p")
    with pytest.raises(NetworkError, match="a 2-D kernel needs two 2-D populations of the same shape"):
        net.add_connection(sns.NonSpikingPatternConnection(np.ones((3, 3))), "three", "three", "p")
    with pytest.raises(NetworkError, match="a 1-D kernel needs two 1-D populations"):
        net.add_connection(sns.SpikingPatternConnection([1.0]), "three", "grid", "p")
    assert net.get_num_connections() == 0


@pytest.mark.parametrize("taken", ["population", "connection", "input", "output"])
def test_adding_a_network_with_a_name_that_is_taken_adds_nothing(taken):
    body = sns.Network("body")
    body.add_neuron(NEURON, "flexor" if taken == "population" else "brain")
    body.add_connection(sns.NonSpikingSynapse(), 0, 0, "feedback" if taken == "connection" else "x")
    body.add_input(0, name="drive" if taken == "input" else "y")
    body.add_output(0, "currents" if taken == "output" else "z")
    before = repr(body)
    with pytest.raises(NetworkError, match=f"network 'body' has a {taken} named .* already; give 'pair' a prefix"):
        body.add_network(pair())
    assert repr(body) == before
    body.add_network(pair(), suffix=" 2")
