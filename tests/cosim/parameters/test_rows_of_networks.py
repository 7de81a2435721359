"""What rows write is, bit by bit, what a model has that is described with the same values."""

import mujoco
import mujoco.batch
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import KINDS, random_network

import sns_mujoco as sns
from sns_mujoco.cosim.parameters import ParameterRows, parameters_of, written_into
from sns_mujoco.errors import ParameterError, TimeStepError, UnknownNameError

DT = 0.1
BODY = f"<mujoco><option timestep='{DT * 1e-3}'/><worldbody><body><joint/><geom size='.1'/></body></worldbody></mujoco>"
HELD = ("time_constant",)  # which would be set at once with what it follows from


def attached(net, apart, integrator="euler"):
    return sns.attach(BODY, net, [], dt=DT, apart=apart, integrator=integrator).compile()


def varied(parameter, random, n):
    """Values near the described ones that are possible."""
    values = parameter.values * random.uniform(0.9, 1.1, (n, len(parameter)))
    free = np.isinf(parameter.least) & np.isinf(parameter.greatest)
    return np.clip(values + free * random.uniform(-0.05, 0.05, values.shape), parameter.least, parameter.greatest)


def changes_of(rows, parameters, individual):
    return [
        (parameter.quantity, name, value)
        for parameter in parameters
        for name, value in zip(parameter.names, rows.get(parameter, [individual])[0].tolist(), strict=True)
    ]


def run(model, steps=40):
    data = mujoco.MjData(model)
    for _ in range(steps):
        mujoco.mj_step(model, data)
    return data.plugin_state.copy()


@settings(max_examples=8, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10_000), integrator=st.sampled_from(("euler", "exponential")))
def test_rows_are_what_is_described(data, seed, integrator):
    kinds = data.draw(st.sets(st.sampled_from(KINDS), max_size=5))
    net, random = random_network(seed, kinds), np.random.default_rng(seed)
    model = attached(net, True, integrator)
    table = parameters_of(model, net, [])
    quantities = [q for q in table.quantities if q not in HELD and not table.find(q).shared]
    chosen = data.draw(st.lists(st.sampled_from(quantities), min_size=1, max_size=12, unique=True))
    batch = mujoco.batch.Batch(model, 3, 1)
    rows = ParameterRows(table, 3, batch.expand)
    parameters = [table.find(quantity) for quantity in chosen]
    rows.set_many([(parameter, varied(parameter, random, 2)) for parameter in parameters], ids=[0, 2])

    numbers = batch.expand("numeric_data")
    other, _ = written_into(net, [], changes_of(rows, parameters, 2))
    again = attached(other, True, integrator)
    assert np.array_equal(numbers[2], again.numeric_data)
    assert np.array_equal(numbers[1], model.numeric_data)  # the one between them is as described
    assert np.array_equal(run(batch.get_model(2)), run(attached(other, False, integrator)), equal_nan=True)
    assert np.array_equal(run(model), run(attached(net, False, integrator)), equal_nan=True)


def circuit(conductance=0.3, **neuron):
    """Graded, spiking and event synapses, one of the graded ones without conductance."""
    net = sns.Network("circuit")
    net.add_neuron(sns.NonSpikingNeuron(bias=8.0, **neuron), "a")
    net.add_population(sns.NonSpikingNeuron(bias=[1.0, 2.0]), 2, "b")
    net.add_population(sns.SpikingNeuron(bias=[9.0, 12.0], membrane_capacitance=[2.0, 3.0]), 2, "s")
    net.add_connection(sns.NonSpikingSynapse(conductance, 80.0), "a", "b")
    net.add_connection(sns.NonSpikingSynapse(0.0, -40.0), "b", "a")
    net.add_connection(sns.NonSpikingMatrixConnection([[0.0, 0.2], [0.1, 0.0]]), "b", "b", name="matrix")
    net.add_connection(sns.SpikingSynapse(0.2, 60.0, 3.0, transmission_delay=4), "s", "a", name="late")
    net.add_connection(sns.SpikingSynapse(0.1, 60.0, 3.0, transmission_delay_ms=0.5), "s", "b", name="late in ms")
    net.add_connection(sns.SpikingSynapse(0.1, -60.0, 4.0), "s", "b", name="prompt")
    net.add_connection(sns.CurrentSynapse(0.5, 3.0), "s", "a", name="one")
    net.add_connection(sns.CurrentSynapse(0.7, 3.0), "s", "a", name="two")
    net.add_connection(sns.ConductanceSynapse(0.02, -30.0, 6.0, rise_time=2.0), "s", "b", name="alone")
    return net


def rows_of(model, net, n=2):
    batch = mujoco.batch.Batch(model, n, 1)
    return ParameterRows(parameters_of(model, net, []), n, batch.expand), batch


def test_a_synapse_without_conductance_stays_and_may_get_one():
    model = attached(circuit(), {"g_max"})
    rows, batch = rows_of(model, circuit())
    assert rows["g_max", "b->a"].tolist() == [[0.0], [0.0]]
    rows["g_max", "b->a"] = [[0.0], [0.4]]
    rows["g_max", "a->b"] = [[0.0], [0.3]]
    described, _ = written_into(circuit(), [], [("g_max", "b->a", 0.4)])
    without, _ = written_into(circuit(), [], [("max_conductance", "a->b", 0.0)])
    assert np.array_equal(run(batch.get_model(1), 200), run(attached(described, False), 200))
    assert np.array_equal(run(batch.get_model(0), 200), run(attached(without, False), 200))
    assert not np.array_equal(run(batch.get_model(0), 200), run(batch.get_model(1), 200))


@pytest.mark.parametrize("late", [0, 1, 7, 20])
def test_spikes_come_as_late_as_in_an_animal_attached_so(late):
    net = circuit()
    model = sns.attach(BODY, net, [], dt=DT, apart={"transmission_delay", "transmission_delay_ms"}, greatest_delay=2.0)
    rows, batch = rows_of(model.compile(), net)
    changes = [("transmission_delay", "late", late), ("transmission_delay", "prompt", late // 3)]
    changes += [("transmission_delay_ms", "late in ms", late * DT)]
    rows.set_many([(rows.find(quantity, name), [value]) for quantity, name, value in changes], ids=[1])
    described, _ = written_into(net, [], changes)
    n = net.get_num_neurons()
    assert np.array_equal(run(batch.get_model(1), 150)[:n], run(attached(described, False), 150)[:n])
    assert np.array_equal(run(batch.get_model(0), 150)[:n], run(attached(net, False), 150)[:n])


def test_delays_of_spikes_are_whole_and_have_room():
    model = sns.attach(BODY, circuit(), [], dt=DT, apart={"transmission_delay"}, greatest_delay=2.0).compile()
    rows, _ = rows_of(model, circuit())
    for value, message in ((21, "give 0 or more, 20 or less"), (1.5, "no whole number of steps")):
        with pytest.raises(ParameterError, match=message):
            rows["transmission_delay", "late"] = value
    with pytest.raises(ParameterError, match="'transmission_delay_ms' of 'late in ms' shares its number"):
        rows["transmission_delay_ms", "*"] = 0.2


def test_time_courses_that_meet_at_a_neuron_need_receptors_of_their_own():
    rows, _ = rows_of(attached(circuit(), True), circuit())
    rows["time_constant", "alone"] = [[5.0], [9.0]]
    with pytest.raises(
        ParameterError, match="'time_constant' of 'one' shares its number.*apart={'time_constant', ...}"
    ):
        rows["time_constant", "one"] = 5.0
    apart = {"time_constant", "rise_time", "reversal_potential"}
    rows, batch = rows_of(attached(circuit(), apart), circuit())
    changes = [("time_constant", "one", 5.0), ("time_constant", "alone", 8.0), ("rise_time", "alone", 3.0)]
    rows.set_many([(rows.find(quantity, name), value) for quantity, name, value in changes], ids=[1])
    described, _ = written_into(circuit(), [], changes)
    assert np.array_equal(batch.expand("numeric_data")[1], attached(described, apart).numeric_data)
    # each its own from the start: nothing meets
    assert np.array_equal(run(batch.get_model(1), 200)[:5], run(attached(described, False), 200)[:5])
    with pytest.raises(ParameterError, match="'alone' of individual 0: rise_time is longer than time_constant"):
        rows["rise_time", "alone"] = 8.5


def test_a_time_constant_changes_the_capacitance():
    rows, _ = rows_of(attached(circuit(membrane_conductance=0.5), True), circuit(membrane_conductance=0.5))
    assert rows["time_constant", "a"].tolist() == [[10.0], [10.0]]
    rows["time_constant", "a"] = [[12.0], [20.0]]
    assert rows["membrane_capacitance", "a"].tolist() == [[6.0], [10.0]]
    rows.set(rows.find("membrane_conductance", "a"), 1.0, ids=[1])
    assert rows["time_constant", "a"].tolist() == [[12.0], [10.0]]
    described, _ = written_into(
        circuit(),
        [],
        [("membrane_conductance", "a", 0.5), ("time_constant", "a", 12.0), ("time_constant", "s[1]", 4.0)],
    )
    a, _, s = described.populations
    assert (a.neuron.membrane_capacitance, s.neuron.membrane_capacitance.tolist()) == (6.0, [2.0, 4.0])


def test_patterns_and_names():
    table = parameters_of(attached(circuit(), True), circuit(), [])
    assert table.find("bias", "b").names == ("b[0]", "b[1]")
    assert table.find("bias", "b[1]").names == ("b[1]",)
    assert table.find("bias", "[ab]").names == ("a", "b[0]", "b[1]")
    assert table.find("bias", ["s[0]", "a"]).names == ("a", "s[0]")
    assert table.find("g_max", "matrix").names == ("matrix[0,1]", "matrix[1,0]")
    assert table.find("g_max", "matrix").values.tolist() == [0.2, 0.1]
    weight = table.find("max_conductance", "late*")
    assert (weight.quantity, weight.unit, weight.least.tolist(), weight.above.any()) == (
        "max_conductance",
        "uS",
        [0, 0],
        False,
    )
    assert table.find("membrane_capacitance", "a").above.all()
    for quantity, pattern, message in (
        ("gmax", "*", "no quantity named 'gmax'"),
        ("g_max", "a->c", "no max_conductance of anything named 'a->c'.*'a->b'"),
        ("weight", "late", "no weight of anything named 'late'"),
    ):
        with pytest.raises(UnknownNameError, match=message):
            table.find(quantity, pattern)


@pytest.mark.parametrize(
    ("quantity", "pattern", "value", "message"),
    [
        ("membrane_capacitance", "a", 0.01, "membrane of 'a' can change too fast; 0.0"),
        ("max_conductance", "matrix", 500.0, r"membrane of 'b\[0\]' can change too fast"),
        ("threshold_time_constant", "s", 0.01, r"threshold of 's\[0\]' can change too fast"),
        ("time_constant", "late", 0.05, "conductance of synapse 'late.*' can change too fast"),
    ],
)
def test_a_step_that_would_be_unstable_is_refused(quantity, pattern, value, message):
    rows, batch = rows_of(attached(circuit(), True), circuit())
    before = batch.expand("numeric_data").copy()
    parameter = rows.find(quantity, pattern)
    with pytest.raises(TimeStepError, match=f"individual 1: .*{message}"):
        rows.set(parameter, value, ids=[1])
    assert np.array_equal(batch.expand("numeric_data"), before)
    with pytest.raises(TimeStepError):  # as the compiler would
        written, _ = written_into(circuit(), [], [(quantity, name, value) for name in parameter.names])
        attached(written, False)
    rows, _ = rows_of(attached(circuit(), True, "exponential"), circuit())
    rows.set(rows.find(quantity, pattern), value)  # which exponential Euler can take


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("bias", "a", np.inf), "'bias' of 'a' is inf for individual 0; give a finite number"),
        (("g_max", "late", -1.0), "'max_conductance' of 'late' is -1 for individual 0; give 0 or more"),
        (("e_lo", "a->b", 20.0), "'a->b' of individual 0: e_lo and e_hi are the same"),
        (("bias", "b", [1.0, 2.0, 3.0]), r"shape \(3,\); give what can be broadcast to \(2, 2\)"),
        (("bias", "b", "much"), "'bias' is given as 'much'; give numbers"),
    ],
)
def test_impossible_values(change, message):
    rows, _ = rows_of(attached(circuit(), True), circuit())
    with pytest.raises(ParameterError, match=message):
        rows[change[:2]] = change[2]


def test_what_is_shared_or_set_twice_is_refused():
    rows, _ = rows_of(attached(circuit(), {"bias"}), circuit())
    with pytest.raises(
        ParameterError, match="'max_conductance' of 'a->b' shares its number .* apart={'max_conductance'"
    ):
        rows["g_max", "a->b"] = 1.0
    with pytest.raises(ParameterError, match="'bias' of 'a' is set twice at once"):
        rows.set_many([(rows.find("bias", "*"), 1.0), (rows.find("bias", "a"), 2.0)])
    rows, _ = rows_of(attached(circuit(), True), circuit())
    with pytest.raises(ParameterError, match="set them one after the other"):
        rows.set_many([(rows.find("time_constant", "a"), 8.0), (rows.find("membrane_conductance", "a"), 2.0)])
    beyond, none = [([5], IndexError), ([-1], IndexError)], [(ids, ValueError) for ids in ([[0, 1]], [0.5], [1, 1])]
    for ids, error in (*beyond, *none):
        with pytest.raises(error, match="individual"):
            rows.set(rows.find("bias", "a"), 1.0, ids=ids)


def test_another_network_than_the_models_is_refused():
    model = attached(circuit(), True)
    for other in (circuit(0.4), random_network(0, ())):
        with pytest.raises(sns.errors.AttachError, match="that it was attached from"):
            parameters_of(model, other, [])
    with pytest.raises(UnknownNameError, match="no nervous system named 'brain'"):
        parameters_of(model, circuit(), [], name="brain")


def test_apart_names_quantities():
    with pytest.raises(UnknownNameError, match="no quantity named 'gmax' in nervous systems"):
        attached(circuit(), {"gmax"})
    with pytest.raises(TypeError, match="a collection of names"):
        attached(circuit(), "bias")
    with pytest.raises(sns.errors.AttachError, match="textbook semantics only"):
        sns.attach(BODY, circuit(), [], dt=DT, apart=True, semantics="sns-toolbox")


def test_described_values_are_kept_and_put_back():
    rows, _ = rows_of(attached(circuit(), True), circuit(), 3)
    rows["bias", "a"] = [[1.0], [2.0], [3.0]]
    kept = rows.kept([2, 0])
    rows["bias", "*"] = 0.0
    rows.put_back(kept, [0, 1])
    rows.put_back(None, [2])
    assert rows["bias", "a"].ravel().tolist() == [3.0, 1.0, 8.0]
    assert rows["bias", "b"].tolist() == [[1.0, 2.0]] * 3
