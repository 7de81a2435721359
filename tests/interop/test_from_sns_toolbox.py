"""Networks of SNS-Toolbox, read; each test reads one of the stand-in, and one of SNS-Toolbox where it is installed."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, SnsError
from sns_mujoco.interop import SnsToolboxWarning, from_sns_toolbox


def read(network):
    report = []
    return from_sns_toolbox(network, report=report), report


def kinds(report):
    return [difference.kind for difference in report]


def pair(t, *names, **values):
    net = t.Network("pair")
    for name in names or ("a", "b"):
        net.add_neuron(t.NonSpikingNeuron(**values), name)
    return net


def test_everything_is_kept(toolbox):
    t = toolbox
    net = t.Network("everything")
    gated = t.NonSpikingNeuronWithGatedChannels(
        g_ion=[1.0, 2.0], e_ion=[10, 20], pow_a=[1, 0], k_a=[1, 1], slope_a=[0.1, 0], e_a=[5, 0], pow_b=[2, 1],
        k_b=[0.5, 1], slope_b=[-0.1, 0.2], e_b=[3, 4], tau_max_b=[30, 40], pow_c=[0, 1], k_c=[1, 1], slope_c=[0, 0.3],
        e_c=[0, 6], tau_max_c=[1, 50], bias=3.0,
    )  # fmt: skip
    net.add_population(gated, [2], "gated", "red", initial_value=[5.0, 6.0])
    net.add_neuron(t.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=[250.0]), "sodium", initial_value=1.5)
    net.add_population(t.SpikingNeuron(threshold_increment=0.25, reset_potential=-1.0), [2, 3], "grid")
    net.add_population(t.NonSpikingNeuron(color="blue", resting_potential=-60.0), [2, 3], "other")
    net.add_connection(t.SpikingSynapse(0.5, -70.0, 2.0, 3, 0.1), "grid", "other", "fast", True)
    net.add_connection(t.ElectricalSynapse(0.2, rect=True), "gated", "sodium")
    ones = np.ones((1, 2))
    net.add_connection(t.NonSpikingMatrixConnection(0.3 * ones, 50 * ones, ones, 9 * ones), "gated", "sodium")
    kernel = np.arange(9.0).reshape(3, 3)
    net.add_connection(t.NonSpikingPatternConnection(kernel, -kernel, kernel, kernel + 1), "grid", "other")
    net.add_input("other", 6, "in", "green")
    net.add_output("grid", "out", True, "grey")
    ours, report = read(net)
    assert ours.name == "everything" and set(kinds(report)) == {
        "gate start",
        "channels",
        "increment",
        "reset",
        "shared reversal",
    }
    first, sodium, grid, other = ours.populations
    assert [p.name for p in ours.populations] == ["gated", "sodium", "grid", "other"]
    assert (first.color, first.neuron.bias, list(first.initial)) == ("red", 3.0, [5.0, 6.0])
    channels = {name: value.ravel().tolist() for name, value in first.neuron.channels.items()}
    assert channels["tau_max_c"] == [1.0, 50.0] and channels["slope_b"] == [-0.1, 0.2] and channels["e_a"] == [5.0, 0.0]
    assert isinstance(sodium.neuron, sns.NonSpikingNeuronWithPersistentSodiumChannel) and sodium.initial == [1.5]
    assert sodium.neuron.channels["tau_max_b"] == [[250.0]]
    assert grid.shape == (2, 3) and grid.neuron.threshold_increment == 0.25 and grid.neuron.reset_potential == -1.0
    assert other.color == "blue" and (other.initial == -60.0).all()
    fast, gap, matrix, pattern = ours.connections
    assert ours.connection_names == ("fast", "gated->sodium", "gated->sodium_1", "grid->other")
    assert fast.view_label and not gap.view_label and (fast.source, fast.destination) == (2, 3)
    spiking = fast.kind
    assert (spiking.time_constant, spiking.transmission_delay, spiking.conductance_increment) == (2.0, 3, 0.1)
    assert gap.kind.rect and gap.kind.conductance == 0.2
    assert isinstance(matrix.kind, sns.NonSpikingMatrixConnection) and (matrix.kind.e_hi == 9 * ones).all()
    assert isinstance(pattern.kind, sns.NonSpikingPatternConnection)
    np.testing.assert_array_equal(pattern.kind.reversal_potential_kernel, -kernel)
    assert [(i.name, i.size, i.color, i.population) for i in ours.inputs] == [("in", 6, "green", 3)]
    assert [(o.name, o.kind, o.color, o.source) for o in ours.outputs] == [("out", "spike", "grey", 2)]


def test_tensors_are_read(toolbox):
    torch = pytest.importorskip("torch")
    net = toolbox.Network()
    net.add_population(toolbox.NonSpikingNeuron(), torch.tensor([2, 2]), initial_value=torch.arange(4.0))
    gate = torch.tensor([0.5])
    net.add_neuron(toolbox.NonSpikingNeuronWithPersistentSodiumChannel(*[gate] * 9))
    ours, _ = read(net)
    assert ours.populations[0].shape == (2, 2) and ours.populations[0].initial.tolist() == [0, 1, 2, 3]
    assert ours.populations[1].neuron.channels["k_b"] == [[0.5]]


def test_names_that_repeat_are_numbered_and_said(toolbox):
    net = pair(toolbox, "leg", "leg", "leg_1", "hip")
    for _ in range(2):
        net.add_connection(toolbox.NonSpikingSynapse(0.1), 0, 1, name="drive")
        net.add_connection(toolbox.NonSpikingSynapse(0.1), 1, 2)
        net.add_input(0)
        net.add_output(1)
    ours, report = read(net)
    assert ours.population_names == ("leg", "leg_2", "leg_1", "hip")
    assert ours.connection_names == ("drive", "leg_2->leg_1", "drive_1", "leg_2->leg_1_1")
    assert ours.input_names == ("Input", "Input_1") and ours.output_names == ("Output", "Output_1")
    renamed = [d for d in report if d.kind == "renamed"]
    assert [d.names for d in renamed] == [
        ("leg", "leg_2"), ("drive", "drive_1"), ("Input", "Input_1"), ("Output", "Output_1"),
    ]  # fmt: skip
    assert "the name 'leg' of 2 populations repeats" in renamed[0].message


def test_overwritten_synapses_are_said_with_numbers_and_add_up_here(toolbox):
    net = pair(toolbox, "RC", "MN")
    net.add_connection(toolbox.NonSpikingSynapse(0.5, -70.0, -60.0, -40.0), "RC", "MN", "weak")
    net.add_connection(toolbox.NonSpikingSynapse(0.25, -100.0, -60.0, -40.0), "RC", "MN", "strong")
    net.add_connection(toolbox.ElectricalSynapse(0.2), "RC", "MN", "there")
    net.add_connection(toolbox.ElectricalSynapse(0.3), "MN", "RC", "back")
    net.add_connection(toolbox.ElectricalSynapse(0.2, rect=True), "RC", "MN", "valve there")
    net.add_connection(toolbox.ElectricalSynapse(0.2, rect=True), "MN", "RC", "valve back")
    ours, report = read(net)
    assert [d.names for d in report if d.kind == "overwritten"] == [("weak", "strong"), ("there", "back")]
    message = report[0].message
    for number in ("0.5 uS", "-70 mV", "0.25 uS", "-100 mV", "-60 mV", "-40 mV"):
        assert number in message
    assert ours.get_num_connections() == 6
    kept = ours.to_program(0.01, "sns-toolbox")
    assert kept.graded_conductance.tolist() == [0.25] and ours.to_program(0.01).graded_conductance.tolist() == [
        0.5,
        0.25,
    ]


@pytest.mark.parametrize("spiking_last", [False, True])
def test_shared_reversal_potentials_are_said(toolbox, spiking_last):
    net = toolbox.Network()
    net.add_neuron(toolbox.SpikingNeuron(), "a")
    net.add_neuron(toolbox.NonSpikingNeuron(), "b")
    synapses = [(toolbox.NonSpikingSynapse(0.5, 40.0), "graded"), (toolbox.SpikingSynapse(0.5, 194.0), "spiking")]
    for synapse, name in synapses if spiking_last else synapses[::-1]:
        net.add_connection(synapse, "a", "b", name)
    _, report = read(net)
    (told,) = [d for d in report if d.kind == "shared reversal"]
    assert told.names == (("graded", "spiking") if spiking_last else ("spiking", "graded"))
    assert ("194 mV instead of 40 mV" if spiking_last else "40 mV instead of 194 mV") in told.message


def test_equal_reversal_potentials_make_no_difference(toolbox):
    net = toolbox.Network()
    net.add_neuron(toolbox.SpikingNeuron(), "a")
    net.add_connection(toolbox.NonSpikingSynapse(0.5, 40.0), "a", "a")
    net.add_connection(toolbox.SpikingSynapse(0.5, 40.0), "a", "a")
    assert kinds(read(net)[1]) == ["reset"]


def test_time_constants_are_said_once_for_all_alike(toolbox):
    net = pair(toolbox, "a", "b", membrane_capacitance=5.0, membrane_conductance=2.0)
    net.add_neuron(toolbox.NonSpikingNeuron(membrane_conductance=0.0), "sum")
    net.add_neuron(toolbox.NonSpikingNeuron(), "plain")
    _, (both, none) = read(net)
    assert both.names == ("a", "b") and "1.25 ms" in both.message and "2.5 ms" in both.message
    assert none.names == ("sum",) and "not at all" in none.message


def test_gate_starts_are_said_with_numbers(toolbox):
    net = toolbox.Network()
    sodium = toolbox.NonSpikingNeuronWithPersistentSodiumChannel()
    net.add_neuron(sodium, "off", initial_value=5.0)
    net.add_neuron(sodium, "at the midpoint", initial_value=0.0)
    _, (told,) = read(net)
    assert told.kind == "gate start" and told.names == ("off",)
    assert "0.719" in told.message and "0.609" in told.message


def gated(t, count):
    values = dict.fromkeys(("g_ion", "e_ion", "k_a", "k_b", "k_c", "tau_max_b", "tau_max_c"), [1.0] * count)
    values |= {f"{name}_{z}": [0.0] * count for name in ("pow", "slope", "e") for z in "abc"}
    return t.NonSpikingNeuronWithGatedChannels(**values)


def test_channels_that_count_twice_are_said(toolbox):
    net = toolbox.Network()
    for count, name in ((1, "one"), (2, "two"), (3, "three")):
        net.add_neuron(gated(toolbox, count), name)
    _, (single, between) = read(net)
    assert single.names == ("one",) and "counts 3 times" in single.message
    assert between.names == ("two",) and "cannot compile" in between.message


def test_increments_silent_synapses_and_resets_are_said(toolbox):
    net = toolbox.Network()
    net.add_population(toolbox.SpikingNeuron(), [4], "many")
    net.add_neuron(toolbox.NonSpikingNeuron(), "one")
    net.add_connection(toolbox.SpikingSynapse(1.0), "many", "one", "all")
    net.add_connection(toolbox.SpikingSynapse(0.5), "one", "many", "never")
    net.add_output("one", "flat", spiking=True)
    _, report = read(net)
    assert [(d.kind, d.names) for d in report] == [
        ("increment", ("all",)), ("silent", ("never",)), ("silent", ("flat",)), ("reset", ("all", "never")),
    ]  # fmt: skip
    assert "adds 1 uS" in report[0].message and "0.25 uS" in report[0].message


def test_a_warning_says_it_where_no_report_is_asked_for(toolbox):
    net = pair(toolbox, *["same"] * 2, membrane_conductance=2.0)
    with pytest.warns(SnsToolboxWarning, match="(?s)repeats.*C / G") as caught:
        from_sns_toolbox(net)
    assert len(caught) == 1 and caught[0].filename == __file__


def test_a_long_warning_is_cut(toolbox):
    net = pair(toolbox, *map(str, range(30)))
    for n in range(30):
        for _ in range(2):
            net.add_connection(toolbox.NonSpikingSynapse(), n, n)
    with pytest.warns(SnsToolboxWarning, match="and 10 more; from_sns_toolbox"):
        from_sns_toolbox(net)


def test_nothing_is_said_where_nothing_differs(toolbox):
    net = pair(toolbox)
    net.add_connection(toolbox.NonSpikingSynapse(), "a", "b")
    assert from_sns_toolbox(net).get_num_connections() == 1  # and no warning, which would be an error


def test_the_network_stays_as_it_is(toolbox):
    net = pair(toolbox)
    net.add_connection(toolbox.NonSpikingSynapse(), "a", "b")
    ours, _ = read(net)
    ours.add_neuron(sns.NonSpikingNeuron(), "more")
    assert len(net.populations) == 2 and len(net.connections) == 1


@pytest.mark.parametrize("given", [None, 3, "net", sns.Network(), np.zeros(3)])
def test_what_is_no_network_is_refused(given):
    with pytest.raises(NetworkError, match="no network of SNS-Toolbox"):
        from_sns_toolbox(given)


def test_a_compiled_model_is_refused(toolbox):
    with pytest.raises(NetworkError, match="the network that it was compiled from"):
        from_sns_toolbox(pair(toolbox).compile())


DAMAGE = {
    "population 'a'.*'membrane_conductance'": lambda net: net.populations[0]["type"].params.pop("membrane_conductance"),
    "population 'a'.*membrane_capacitance": lambda net: net.populations[0]["type"].params.update(
        membrane_capacitance=0
    ),
    "population 'a'.*initial_value": lambda net: net.populations[0].update(initial_value="high"),
    "population 'a'.*shape": lambda net: net.populations[0].update(shape=[1, 1, 1]),
    "population 'a'.*has no 'membrane_capacitance'": lambda net: net.populations[0].update(type=object()),
    "population 'a'.*ion channels": lambda net: net.populations[0]["type"].params.update(spiking=True, gated=True),
    "connection 'c'.*'e_lo'": lambda net: net.connections[0]["params"].pop("e_lo"),
    "connection 'c', a->b, .*max_conductance": lambda net: net.connections[0]["params"].update(max_conductance=-1.0),
    "give the ramp a width": lambda net: net.connections[0]["params"].update(e_lo=20.0),
    "no population named 7": lambda net: net.connections[0].update(source=7),
    "input 'Input'.*size": lambda net: net.inputs[0].update(size=3),
    "output.*has no 'source'": lambda net: net.outputs[0].pop("source"),
    "population 2 of .* has no 'name'": lambda net: net.populations.append(3),
    "the network has no 'name'": lambda net: net.params.clear(),
}


@pytest.mark.parametrize("complaint", DAMAGE)
def test_what_cannot_be_read_is_named(toolbox, complaint):
    net = pair(toolbox)
    net.add_connection(toolbox.NonSpikingSynapse(), "a", "b", "c")
    net.add_input("a")
    net.add_output("b")
    DAMAGE[complaint](net)
    with pytest.raises((NetworkError, LookupError), match=complaint):
        from_sns_toolbox(net)


def everywhere(net):
    """Every place in the records of a network: a container, and a key or index in it."""
    waiting = [net.params, net.populations, net.inputs, net.outputs, net.connections]
    waiting += [p["type"].params for p in net.populations] + [c["type"].params for c in net.connections]
    while waiting:
        container = waiting.pop()
        for key in list(container) if isinstance(container, dict) else range(len(container)):
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])


WRONG = (
    None, -1, 0, 7, 1.5, float("nan"), 1e15, "x", "", [], [[1], [2, 3]], {}, object(), np.zeros((2, 2)),
    np.array(["x"]), True,
)  # fmt: skip


@given(place=st.integers(0, 10**6), value=st.sampled_from(WRONG))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_network_is_read_or_refused_by_name(ours, place, value):
    net = ours.Network()
    net.add_population(ours.SpikingNeuron(), [2, 2], "a", initial_value=np.zeros(4))
    net.add_neuron(ours.NonSpikingNeuronWithPersistentSodiumChannel(), "b")
    net.add_connection(ours.SpikingSynapse(), "a", "b")
    net.add_connection(ours.ElectricalSynapse(1.0), "a", "b")
    matrix = np.ones((4, 1))
    net.add_connection(ours.NonSpikingMatrixConnection(matrix, matrix, 0 * matrix, matrix), "b", "a")
    kernel = np.ones((3, 3))
    net.add_connection(ours.SpikingPatternConnection(kernel), "a", "a")
    net.add_input("a", 4)
    net.add_output("a", spiking=True)
    places = list(everywhere(net))
    container, key = places[place % len(places)]
    container[key] = value
    try:
        read(net)
    except SnsError as error:
        assert str(error)
