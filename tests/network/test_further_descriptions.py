"""Event and graded synapses, lists, noise and inputs: what they take, what they refuse, how they are named."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.backends.families import NONE, Curve, Rule
from sns_mujoco.errors import NetworkError, UnknownNameError

LIF = sns.LIFNeuron()
PLAIN = sns.NonSpikingNeuron()
LEARNING = sns.STDP()


def pair(*connections, source=LIF, target=LIF, sizes=(2, 3)):
    net = sns.Network("pair")
    net.add_population(source, sizes[0], "a")
    net.add_population(target, sizes[1], "b")
    for k, connection in enumerate(connections):
        net.add_connection(connection, "a", "b", f"c{k}")
    return net


@pytest.mark.parametrize(
    ("describe", "message"),
    [
        (lambda: sns.CurrentSynapse("x"), "weight is 'x'; give a number"),
        (lambda: sns.CurrentSynapse(np.nan), "weight is nan"),
        (lambda: sns.CurrentSynapse([1.0, 2.0]), r"weight has shape \(2,\); give a number or a 2-D array"),
        (
            lambda: sns.CurrentSynapse(np.ones((2, 3)), np.ones((3, 2))),
            r"time_constant has shape \(3, 2\); give \(2, 3\)",
        ),
        (lambda: sns.CurrentSynapse(1.0, [1.0, 2.0]), r"time_constant has shape \(2,\); give one number"),
        (lambda: sns.CurrentSynapse(1.0, -1.0), "time_constant is -1; it must be 0 or more"),
        (lambda: sns.CurrentSynapse(1.0, 2.0, 0.0), "rise_time is 0; it must be more than 0"),
        (lambda: sns.CurrentSynapse(1.0, 2.0, 3.0), "rise_time is longer than time_constant.*exchange them"),
        (lambda: sns.CurrentSynapse(delay=-1.0), "delay is -1"),
        (lambda: sns.CurrentSynapse(name=""), "name is ''; give a text"),
        (lambda: sns.CurrentSynapse(short_term=LEARNING), "short_term is STDP.*give a TsodyksMarkram"),
        (
            lambda: sns.CurrentSynapse(plasticity=sns.Hebb()),
            "plasticity is Hebb.*give a STDP or TripletSTDP or RewardSTDP",
        ),
        (lambda: sns.CurrentSynapse(2.0, plasticity=LEARNING), "weight is 2, outside w_min and w_max"),
        (lambda: sns.CurrentSynapse(1.0, plasticity=sns.STDP(w_min=2.0)), "w_min is above w_max"),
        (lambda: sns.CurrentSynapse(np.ones((2, 2)), plasticity=sns.STDP(a_pre=[1.0, 2.0])), "a_pre has shape"),
        (lambda: sns.ConductanceSynapse(-1.0), "weight is -1; it must be 0 or more"),
        (lambda: sns.ConductanceSynapse(plasticity=sns.STDP(w_min=-1.0)), "a conductance cannot be negative"),
        (lambda: sns.DeltaSynapse(time_constant=1.0), "unexpected keyword"),
        (lambda: sns.TsodyksMarkram(U=1.5), "TsodyksMarkram: U is 1.5; it must be 1 or less"),
        (lambda: sns.TsodyksMarkram(tau_depression=-1.0), "tau_depression is -1"),
        (lambda: sns.STDP(tau_pre=0.0), "STDP: tau_pre is 0; it must be more than 0"),
        (lambda: sns.TripletSTDP(tau_pre_slow=0.0), "TripletSTDP: tau_pre_slow is 0"),
        (lambda: sns.RewardSTDP(3), "RewardSTDP: modulator is 3; give a text"),
        (lambda: sns.RewardSTDP("x", tau_eligibility=0.0), "tau_eligibility is 0"),
        (lambda: sns.Hebb(forget=-1.0), "Hebb: forget is -1"),
        (lambda: sns.Oja(post_lo=3.0, post_hi=3.0), "Oja: post_lo and post_hi are the same"),
        (lambda: sns.GradedCurrentSynapse(e_lo=2.0, e_hi=2.0), "e_lo and e_hi are both 2; give the ramp a width"),
        (lambda: sns.GradedCurrentSynapse(curve="step"), "curve is 'step'; give 'ramp' or 'sigmoid'"),
        (lambda: sns.GradedCurrentSynapse(plasticity=LEARNING), "give a Hebb or Oja"),
        (lambda: sns.GradedConductanceSynapse(-1.0), "weight is -1"),
        (lambda: sns.GradedConductanceSynapse(plasticity=sns.Hebb(w_min=-1.0)), "a conductance cannot be negative"),
        (lambda: sns.SigmoidSynapse(slope=0.0), "slope is 0; such a synapse would not depend on its source"),
        (lambda: sns.LIFNeuron(0.0), "LIFNeuron 'Neuron': membrane_time_constant is 0"),
        (lambda: sns.LIFNeuron([1.0, 2.0], membrane_conductance=[1.0, 2.0, 3.0]), "membrane_conductance"),
        (lambda: sns.LIFNeuron(reset_mode="soft"), "reset_mode is 'soft'; give 'value' or 'subtract'"),
        (lambda: sns.OrnsteinUhlenbeckNoise(-1.0), "OrnsteinUhlenbeckNoise: sigma is -1"),
        (lambda: sns.OrnsteinUhlenbeckNoise(initial="x"), "initial is 'x'"),
    ],
)
def test_wrong_descriptions_are_refused(describe, message):
    with pytest.raises((NetworkError, TypeError), match=message):
        describe()


@pytest.mark.parametrize(
    ("describe", "error", "message"),
    [
        (lambda: sns.SparseConnection("x", [0], [0]), NetworkError, "synapse is 'x'; give a synapse"),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(np.ones((2, 2))), [0], [0]), NetworkError, "single numbers"),
        (
            lambda: sns.SparseConnection(sns.NonSpikingMatrixConnection([[1.0]]), [0], [0]),
            NetworkError,
            "single numbers",
        ),
        (
            lambda: sns.SparseConnection(sns.SparseConnection(sns.CurrentSynapse(), [0], [0]), [0], [0]),
            NetworkError,
            "single numbers",
        ),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), [0, 1], [0]), NetworkError, r"target has shape \(1,\)"),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), 0, 0), NetworkError, r"source has shape \(\)"),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), [0.5], [0]), NetworkError, "source is 0.5; give whole"),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), [-1], [0]), NetworkError, "source is -1"),
        (
            lambda: sns.SparseConnection(sns.CurrentSynapse(), [0], [0], wieght=1.0),
            UnknownNameError,
            "did you mean 'weight'",
        ),
        (
            lambda: sns.SparseConnection(sns.CurrentSynapse(), [0], [0], U=0.1),
            UnknownNameError,
            "no parameter named 'U'",
        ),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), [0], [0], weight=[1.0, 2.0]), NetworkError, r"give \(1,\)"),
        (lambda: sns.SparseConnection(sns.CurrentSynapse(), [0], [0], weight=[np.inf]), NetworkError, "weight is inf"),
        (
            lambda: sns.SparseConnection(sns.NonSpikingSynapse(), [0, 1], [0, 0], e_lo=[0.0, 20.0]),
            NetworkError,
            "e_lo and e_hi are both 20",
        ),
        (
            lambda: sns.SparseConnection(
                sns.SpikingSynapse(transmission_delay=2), [0], [0], transmission_delay_ms=[1.0]
            ),
            NetworkError,
            "in steps and in ms",
        ),
        (
            lambda: sns.SparseConnection(sns.CurrentSynapse(0.0, plasticity=LEARNING), [0], [0], weight=[3.0]),
            NetworkError,
            "weight is 3, outside",
        ),
    ],
)
def test_wrong_lists_are_refused(describe, error, message):
    with pytest.raises(error, match=message):
        describe()


def test_lists_and_matrices_must_fit_their_populations():
    for listed, message in (
        (sns.SparseConnection(sns.CurrentSynapse(), [2], [0]), "source names neuron 2 of 'a', which has 2"),
        (sns.SparseConnection(sns.CurrentSynapse(), [0], [3]), "target names neuron 3 of 'b', which has 3"),
        (sns.CurrentSynapse(np.ones((2, 3))), r"the matrix has shape \(2, 3\); give .* = \(3, 2\)"),
        (sns.GradedCurrentSynapse(np.ones((1, 1))), r"give \[n_destination, n_source\] = \(3, 2\)"),
    ):
        with pytest.raises(NetworkError, match=message):
            pair(listed)
    assert pair(sns.SparseConnection(sns.CurrentSynapse(), [], [])).to_program(0.1).events.weight.size == 0


def test_every_chemical_synapse_can_be_listed():
    graded = sns.SparseConnection(
        sns.NonSpikingSynapse(0.3, 10.0), [1, 0, 1], [2, 0, 2], max_conductance=[0.1, 0.2, 0.0]
    )
    spiking = sns.SparseConnection(
        sns.SpikingSynapse(0.3, 10.0, 2.0), [1, 0], [2, 0], max_conductance=[0.1, 0.2], transmission_delay_ms=[0.3, 0.0]
    )
    weighted = sns.SparseConnection(
        sns.GradedConductanceSynapse(0.3, -20.0, plasticity=sns.Hebb()),
        [1, 0],
        [2, 0],
        weight=[0.0, 0.2],
        rate=[1.0, 2.0],
    )
    electrical = sns.SparseConnection(sns.ElectricalSynapse(0.5), [0, 1], [1, 1], conductance=[0.1, 0.7])
    net = pair(graded, spiking, weighted, electrical)
    net.add_output("c0", kind="conductance", name="g")
    program = net.to_program(0.1)
    assert program.graded_conductance.tolist() == [0.2, 0.1] and program.graded_source.tolist() == [0, 1]
    assert program.spiking_conductance.tolist() == program.spiking_increment.tolist() == [0.2, 0.1]
    assert program.spiking_delay.tolist() == [0, 3]
    assert program.weighted.weight.tolist() == [0.2, 0.0] and program.weighted.rate.tolist() == pytest.approx(
        [0.2, 0.1]
    )
    assert program.junction_conductance.tolist() == [0.1, 0.7, 0.1, 0.7]
    assert net.get_num_outputs_actual() == 2
    assert program.output_names == ("g[2,1]", "g[0,0]") and program.output_index.tolist() == [1, 0]


def test_electrical_synapses_of_a_list_within_a_population_are_all_made():
    net = sns.Network()
    net.add_population(PLAIN, 3, "p")
    net.add_connection(sns.SparseConnection(sns.ElectricalSynapse(0.5), [2, 1], [0, 0]), "p", "p")
    program = net.to_program(0.1)
    assert np.diff(program.junction_row.astype(int)).tolist() == [2, 1, 1]
    assert program.junction_other.tolist() == [2, 1, 0, 0]


def test_parallel_synapses_of_a_list_have_names_of_their_own():
    listed = sns.SparseConnection(sns.CurrentSynapse(), [0, 1, 0, 0], [0, 0, 0, 1], weight=[1.0, 2.0, 3.0, 4.0])
    net = pair(listed)
    net.add_output("c0", kind="weight", name="w")
    program = net.to_program(0.1)
    assert program.output_names == ("w[0,0]", "w[0,1]", "w[0,0,1]", "w[1,0]")
    assert program.events.weight[program.output_index].tolist() == [1.0, 2.0, 3.0, 4.0]
    names = program.event_names
    assert list(names) == ["c0[0,0]", "c0[0,0,1]", "c0[1,0]", "c0[0,1]"]
    assert (names[1], names[-1], names[1:3]) == ("c0[0,0,1]", "c0[0,1]", ("c0[0,0,1]", "c0[1,0]"))
    assert names == list(names) and names != list(names)[:2] and "c0[1,0]" in names and names.index("c0[1,0]") == 2
    assert repr(names).startswith("SynapseNames(4: 'c0[0,0]'")
    with pytest.raises(IndexError, match="there is no synapse 4; there are 4"):
        names[4]


def test_zero_is_no_synapse_in_a_matrix_and_one_in_a_list_or_where_it_learns():
    matrix = [[0.0, 0.5], [0.0, 0.0], [0.2, 0.0]]
    for connection, count in (
        (sns.CurrentSynapse(matrix), 2),
        (sns.CurrentSynapse(matrix, plasticity=LEARNING), 2),
        (sns.CurrentSynapse(0.0), 0),
        (sns.CurrentSynapse(0.0, plasticity=LEARNING), 6),
        (sns.SparseConnection(sns.CurrentSynapse(), [0, 1], [0, 1], weight=[0.0, 1.0]), 2),
        (sns.GradedCurrentSynapse(matrix), 2),
        (sns.GradedCurrentSynapse(0.0, plasticity=sns.Oja()), 6),
        (sns.GradedCurrentSynapse(0.0), 0),
    ):
        net = pair(connection)
        program = net.to_program(0.1)
        assert len(program.events.weight) + len(program.weighted.weight) == count
        if count:
            net.add_output("c0", kind="weight")
            assert net.get_num_outputs_actual() == net.to_program(0.1).n_outputs == count


def test_parameters_of_plasticity_may_differ_between_synapses():
    short, rule = sns.TsodyksMarkram(U=0.2), sns.STDP(a_pre=[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    matrix = np.full((3, 2), 0.5)
    listed = sns.SparseConnection(sns.CurrentSynapse(short_term=short), [1, 0], [0, 2], U=[0.7, 0.8])
    fixed = sns.CurrentSynapse(0.1)
    program = pair(sns.CurrentSynapse(matrix, plasticity=rule), listed, fixed).to_program(0.1)
    names = list(program.event_names)
    by_name = {names[e]: a for e, a in zip(program.plastic.event, program.plastic.amplitude_pre, strict=True)}
    assert by_name == {f"c0[{t},{s}]": rule.a_pre[t][s] for t in range(3) for s in range(2)}
    with_short = [names[e] for e in np.flatnonzero(program.events.short_term != NONE)]
    assert dict(zip(with_short, program.short_term.use, strict=True)) == {"c1[0,1]": 0.7, "c1[2,0]": 0.8}
    assert (program.events.plastic != NONE).sum() == 6


def test_curves_of_graded_synapses():
    ramp = sns.GradedCurrentSynapse(2.0, e_lo=5.0, e_hi=15.0)
    net = pair(ramp, replace(ramp, curve="sigmoid"), sns.SigmoidSynapse(0.5, -40.0, 12.0, -0.5), sizes=(1, 1))
    weighted = net.to_program(0.1).weighted
    assert weighted.curve.tolist() == [Curve.RAMP, Curve.SIGMOID, Curve.SIGMOID]
    assert weighted.rule.tolist() == [Rule.FIXED] * 3 and weighted.driving.tolist() == [0, 0, 1]
    np.testing.assert_allclose(weighted.midpoint, [5.0, 10.0, 12.0])
    np.testing.assert_allclose(weighted.slope, [0.1, 0.4, -0.5])
    assert weighted.reversal.tolist() == [0.0, 0.0, -40.0]


def test_graded_synapses_in_time():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(bias=8.0), "pre", initial_value=8.0)
    for k, synapse in enumerate(
        (sns.GradedCurrentSynapse(-2.0), sns.GradedCurrentSynapse(3.0, curve="sigmoid"), sns.SigmoidSynapse(0.5, 30.0))
    ):
        net.add_neuron(PLAIN, f"post{k}", initial_value=1.0)
        net.add_connection(synapse, "pre", f"post{k}")
        net.add_output(f"post{k}")
    sigmoid = 1 / (1 + np.exp(-0.2 * (8.0 - 10.0)))
    for found in (net.compile(0.1, name)() for name in ("numpy", "numba")):
        currents = np.array([-2.0 * 0.4, 3.0 * sigmoid, 0.5 * sigmoid * 29.0])
        np.testing.assert_allclose(found, 1.0 + 0.1 / 5 * (-1.0 + currents), rtol=1e-14)


def test_rate_neurons_make_the_networks_of_rate_models():
    """Two populations of Wilson & Cowan type at their fixed point: r = f(W r + input)."""
    weights = np.array([[2.0, -3.0], [4.0, -1.0]])
    net = sns.Network()
    net.add_population(sns.RateNeuron(time_constant=5.0, gain=2.0, threshold=0.5), 2, "r")
    net.add_connection(sns.GradedCurrentSynapse(weights, e_hi=1.0), "r", "r")
    net.add_input("r", size=2)
    net.add_output("r")
    r = net.compile(0.1).run(np.tile([0.8, 0.2], (5000, 1)))[-1]
    np.testing.assert_allclose(r, 1 / (1 + np.exp(-2.0 * (weights @ r + [0.8, 0.2] - 0.5))), atol=1e-8)


def test_inputs_with_weights_reach_neurons_through_receptors():
    net = pair(sns.CurrentSynapse(0.1, 5.0))
    net.add_input(
        "b", size=2, name="x", weights=[[1.0, 0.0], [0.5, 2.0], [0.0, 0.0]], through=sns.CurrentSynapse(0.2, 5.0)
    )
    net.add_input("b", size=4, weights=np.eye(3, 4), name="y")
    program = net.to_program(0.1)
    assert program.input_names == ("x[0]", "x[1]", "y[0]", "y[1]", "y[2]", "y[3]")
    assert net.get_num_inputs_actual() == 6
    assert program.input_element.tolist() == [0, 0, 1, 2, 3, 4] and program.input_neuron.tolist() == [2, 3, 3, 2, 3, 4]
    assert program.input_weight.tolist() == [0.2, 0.1, 0.4, 1.0, 1.0, 1.0]
    assert program.input_receptor.tolist() == [0, 1, 1, NONE, NONE, NONE] and len(program.receptors.kind) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 2}, "give 1, or 3 for population 'b', or weights"),
        ({"size": True}, "size is True"),
        ({"size": 0, "weights": np.ones((3, 0))}, "size is 0; give a number of elements"),
        ({"size": 2.0}, "size is 2.0"),
        ({"weights": [1.0, 2.0, 3.0]}, r"weights have shape \(3,\); give \[n_neurons, size\] = \(3, 1\)"),
        ({"weights": [[1.0], [2.0], [np.nan]]}, "weights is nan"),
        ({"through": PLAIN}, "give a CurrentSynapse or ConductanceSynapse"),
        ({"through": sns.DeltaSynapse()}, "give a CurrentSynapse or ConductanceSynapse"),
        ({"through": sns.CurrentSynapse(1.0, 5.0, 2.0)}, "through has rise_time = 2.0"),
        ({"through": sns.CurrentSynapse(delay=1.0)}, "through has delay = 1.0"),
        ({"through": sns.CurrentSynapse(plasticity=LEARNING)}, "through has plasticity"),
        ({"through": sns.CurrentSynapse(np.ones((3, 1)))}, "through has weight"),
    ],
)
def test_wrong_inputs_are_refused_and_leave_nothing_behind(options, message):
    net = pair()
    with pytest.raises(NetworkError, match=f"input 'Input': {message}|{message}"):
        net.add_input("b", **options)
    assert net.inputs == () and net.input_names == ()


def test_what_can_be_read_of_which_synapses():
    net = pair(
        sns.CurrentSynapse(),
        sns.DeltaSynapse(),
        sns.GradedCurrentSynapse(),
        sns.SpikingSynapse(),
        sns.ElectricalSynapse(1.0),
    )
    for connection, kind, message in (
        ("c0", "conductance", "'c0' brings a current, not a conductance; read its current"),
        ("c1", "current", "'c1' moves potentials at once, without a current"),
        ("c2", "conductance", "'c2' is a GradedCurrentSynapse; read its weight"),
        ("c3", "weight", "'c3' is a SpikingSynapse, which has no weight; read its conductance"),
        ("c4", "weight", "'c4' is electrical"),
        ("c0", "noise", "no noise named 'c0'"),
        ("c0", "nonsense", "kind is 'nonsense'; give one of voltage, .*noise"),
    ):
        with pytest.raises((NetworkError, UnknownNameError), match=message):
            net.add_output(connection, kind=kind)
    assert net.outputs == ()


def test_noise_has_its_statistics_and_its_seed():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(membrane_capacitance=1.0, membrane_conductance=0.0), 2, "n")
    net.add_noise("n", sns.OrnsteinUhlenbeckNoise([1.0, 2.0], 4.0, 0.5), "hum")
    net.add_output("hum", kind="noise", name="i")
    net.add_output("n", name="v")
    program = net.to_program(1.0)
    assert program.output_names == ("i[0]", "i[1]", "v[0]", "v[1]") and net.get_num_outputs_actual() == 4
    assert program.noise.initial.tolist() == [0.5, 0.5]
    model = net.compile(1.0)
    y = model.run(40_000)
    i = y[:, :2]
    np.testing.assert_allclose(i.mean(0), 0.5, atol=0.1)
    np.testing.assert_allclose(i.std(0), [1.0, 2.0], rtol=0.03)
    c = i - i.mean(0)
    np.testing.assert_allclose((c[3:] * c[:-3]).mean(0) / i.var(0), np.exp(-3 / 4), atol=0.03)
    assert abs(np.corrcoef(i.T)[0, 1]) < 0.03
    np.testing.assert_allclose(np.diff(y[:, 2:], axis=0), i[:-1], atol=1e-9)  # it flows one step later
    model.reset()
    np.testing.assert_array_equal(model.run(100), y[:100])
    with pytest.raises(NetworkError, match="noise 'x': sigma has 3 values for 2 neurons"):
        net.add_noise("n", sns.OrnsteinUhlenbeckNoise([1.0, 2.0, 3.0]), "x")
    with pytest.raises(NetworkError, match="a noise named 'hum' already"):
        net.add_noise("n", sns.OrnsteinUhlenbeckNoise(), "hum")
    with pytest.raises(NetworkError, match="is no noise; give"):
        net.add_noise("n", 1.0)
    with pytest.raises(UnknownNameError, match="no population named 'm'"):
        net.add_noise("m", sns.OrnsteinUhlenbeckNoise())
    assert net.noise_names == ("hum",) and net.get_noise_index("hum") == 0


def test_networks_that_are_added_lose_nothing():
    part = pair(sns.CurrentSynapse(0.3, delay=1.0, short_term=sns.TsodyksMarkram(), plasticity=LEARNING))
    part.add_noise("b", sns.OrnsteinUhlenbeckNoise(0.1), "hum")
    part.add_input("b", size=2, weights=np.ones((3, 2)), through=sns.CurrentSynapse(1.0, 3.0), name="in")
    part.add_output("hum", kind="noise", name="heard")
    part.add_output("c0", kind="weight", name="learned")
    whole = sns.Network()
    whole.add_neuron(sns.IzhikevichNeuron(), "first")
    whole.add_noise("first", sns.OrnsteinUhlenbeckNoise())
    whole.add_network(part, prefix="left ")
    whole.add_network(part, prefix="right ")
    assert whole.noise_names == ("Noise", "left hum", "right hum")
    alone, both = part.to_program(0.1), whole.to_program(0.1)
    assert both.input_names == ("left in[0]", "left in[1]", "right in[0]", "right in[1]")
    assert both.output_names[3:9] == tuple(f"left learned[{t},{s}]" for t in range(3) for s in range(2))
    assert both.noise.neuron.tolist() == [0, 3, 4, 5, 8, 9, 10]
    assert len(both.plastic.event) == 2 * len(alone.plastic.event) and len(both.short_term.use) == 12
    np.testing.assert_array_equal(both.input_weight, np.tile(alone.input_weight, 2))
    with pytest.raises(NetworkError, match="give 'pair' a prefix or suffix"):
        whole.add_network(part, prefix="left ")
    copied = whole.copy().to_program(0.1)
    np.testing.assert_array_equal(copied.events.weight, both.events.weight)


def test_descriptions_cannot_be_changed_and_can_be_pickled():
    weights = np.ones((3, 2))
    synapse = sns.CurrentSynapse(weights, plasticity=sns.STDP(a_pre=[[0.1] * 2] * 3))
    weights[:] = 5.0
    listed = sns.SparseConnection(sns.CurrentSynapse(), [0, 1], [1, 2], weight=np.ones(2))
    for array in (synapse.weight, synapse.plasticity.a_pre, listed.source, listed.parameters["weight"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    assert np.all(synapse.weight == 1.0)
    noise = sns.OrnsteinUhlenbeckNoise([1.0, 2.0])
    equation = sns.EquationNeuron(equations={"V": "a - V"}, parameters={"a": [1.0, 2.0]})
    for description in (
        synapse,
        listed,
        noise,
        equation,
        sns.IzhikevichNeuron(),
        sns.LIFNeuron(),
        sns.SigmoidSynapse(),
    ):
        assert repr(pickle.loads(pickle.dumps(description))) == repr(description)


def test_exponential_integration_is_refused_with_the_numbers_of_sns_toolbox():
    net = pair()
    with pytest.raises(NetworkError, match="forward Euler; give integrator='euler', or semantics='textbook'"):
        net.compile(0.1, semantics="sns-toolbox", integrator="exponential")
    with pytest.raises(NetworkError, match="integrator is 'rk4'; give 'euler' or 'exponential'"):
        net.compile(0.1, integrator="rk4")
