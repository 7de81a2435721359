"""What scripts read and write of a compiled model while they step it, as with SNS-Toolbox's."""

import copy
import warnings

import numpy as np
import pytest

from sns_mujoco.errors import MissingDependencyError, NetworkError, TimeStepError
from sns_mujoco.interop.sns_toolbox.matrices import PARAMETERS


def network(t, *, spiking=True):
    """Something of everything; the spiking neuron drives all others."""
    net = t.Network("body")
    net.add_neuron(t.SpikingNeuron(bias=10.0, threshold_increment=0.1), "spiker")
    net.add_population(t.NonSpikingNeuron(membrane_conductance=2.0, resting_potential=-1.0), [2], "row")
    net.add_neuron(t.NonSpikingNeuronWithPersistentSodiumChannel(), "sodium", initial_value=4.0)
    net.add_connection(t.SpikingSynapse(0.5, 60.0, 2.0, 2, 0.1), "spiker", "row")
    net.add_connection(t.NonSpikingSynapse(0.4, 30.0, -1.0, 9.0), "row", "sodium")
    net.add_connection(t.ElectricalSynapse(0.1), "row", "sodium")
    net.add_connection(t.ElectricalSynapse(0.2, rect=True), "sodium", "spiker")
    net.add_input("row", size=2)
    for name in ("spiker", "row", "sodium"):
        net.add_output(name)
    net.add_output("spiker", spiking=True)
    return net


X = np.array([3.0, 5.0])


def step(model, times=1):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)  # SNS-Toolbox, without spikes
        return [np.copy(model(X)) for _ in range(times)][-1]


@pytest.fixture
def both(ours, theirs):
    models = network(ours).compile(dt=0.1), network(theirs).compile(dt=0.1)
    for model in models:
        step(model, 30)
    return models


def assert_same(mine, original):
    np.testing.assert_allclose(mine, original, rtol=0, atol=1e-9)


def test_facts(both):
    mine, original = both
    for name in (
        "dt", "name", "spiking", "delay", "electrical", "electrical_rectified", "gated", "num_channels",
        "num_populations", "num_neurons", "num_connections", "num_inputs", "num_outputs",
    ):  # fmt: skip
        assert getattr(mine, name) == getattr(original, name), name


def test_every_array(both):
    mine, original = both
    for name in (*PARAMETERS, "V", "V_last", "theta", "theta_last", "spikes", "g_spike", "outputs"):
        assert_same(getattr(mine, name), getattr(original, name))
    for name in ("b_gate", "c_gate", "b_gate_last", "c_gate_last"):  # elsewhere than in gated neurons it means nothing
        assert_same(getattr(mine, name)[:, 3], getattr(original, name)[:, 3])


STATES = {
    "V": lambda model: model.V.__setitem__(1, 17.0),
    "a new V": lambda model: setattr(model, "V", np.array([0.5, 3.0, 4.0, 12.0])),
    "theta": lambda model: model.theta.__setitem__(0, 30.0),
    "g_spike": lambda model: model.g_spike.__setitem__((1, 0), 0.0),
    "a gate": lambda model: model.b_gate.__setitem__((0, 3), 0.9),
    "what is only shown": lambda model: model.V_last.__setitem__(slice(None), 90.0) or model.spikes.__setitem__(0, -1),
}
CHANGES = {
    "g_max_non": lambda model: model.g_max_non.__setitem__((3, 1), 0.9),
    "del_e, shared": lambda model: model.del_e.__imul__(0.5),
    "e_lo": lambda model: model.e_lo.__isub__(3.0),
    "e_hi": lambda model: model.e_hi.__iadd__(5.0),
    "a new g_max_spike": lambda model: setattr(model, "g_max_spike", model.g_max_spike * 0.3),
    "g_increment": lambda model: model.g_increment.__setitem__((2, 0), 0.02),
    "time_factor_synapse": lambda model: model.time_factor_synapse.__imul__(2.0),
    "g_electrical": lambda model: model.g_electrical.__setitem__((1, 3), 0.7),
    "g_rectified": lambda model: model.g_rectified.__setitem__((0, 3), 0.5),
    "i_b": lambda model: model.i_b.__iadd__(2.0),
    "g_m": lambda model: model.g_m.__imul__(1.5),
    "V_rest": lambda model: model.V_rest.__iadd__(1.0),
    "time_factor_membrane": lambda model: model.time_factor_membrane.__imul__(0.5),
    "m": lambda model: model.m.__setitem__(0, 0.5),
    "theta_0": lambda model: model.theta_0.__setitem__(0, 3.0),
    "time_factor_threshold": lambda model: model.time_factor_threshold.__imul__(0.5),
    "theta_leak": lambda model: model.theta_leak.__setitem__(0, 3.0),
    "theta_increment": lambda model: model.theta_increment.__setitem__(0, 1.0),
    "theta_floor": lambda model: model.theta_floor.__setitem__(0, 2.0),
    "V_reset": lambda model: model.V_reset.__setitem__(0, -3.0),
    "g_ion": lambda model: model.g_ion.__imul__(1.5),
    "e_ion": lambda model: model.e_ion.__isub__(30.0),
    "slope_a": lambda model: model.slope_a.__imul__(1.5),
    "pow_b": lambda model: model.pow_b.__iadd__(1.0),
    "k_b": lambda model: model.k_b.__imul__(2.0),
    "e_b": lambda model: model.e_b.__iadd__(2.0),
    "tau_max_b": lambda model: model.tau_max_b.__imul__(0.1),
    "what it does not use": lambda model: (model.c_m.__imul__(9.0), model.tau_syn.__imul__(9.0)),
}


@pytest.mark.parametrize("change", [*STATES.values(), *CHANGES.values()], ids=[*STATES, *CHANGES])
def test_changes_count_from_the_next_step_on(both, change):
    before = copy.deepcopy(both[0])
    for model in both:
        change(model)
        step(model, 40)
    mine, original = both
    for name in ("V", "theta", "g_spike", "outputs"):
        assert_same(getattr(mine, name), getattr(original, name))
    step(before, 40)
    idle = change in (STATES["what is only shown"], CHANGES["what it does not use"])
    assert np.array_equal(before.V, mine.V) == idle


def test_start_and_reset(both):
    for model in both:
        model.V_0[1], model.b_gate_0[0, 3] = 7.0, 0.2
        model.reset()
    mine, original = both
    for name in ("V", "V_last", "theta", "g_spike"):
        assert_same(getattr(mine, name), getattr(original, name))
    assert mine.b_gate[0, 3] == 0.2 and mine.g_spike.any()
    assert_same(step(mine, 20), step(original, 20))


def test_arrays_that_were_kept_stay_as_they_were(both):
    for model in both:
        kept = [model.V]
        y = [model.outputs]
        for _ in range(3):
            step(model)
            y.append(model.outputs)
            kept.append(model.V)
        assert len({array.tobytes() for array in kept}) == 4 and len({array.tobytes() for array in y}) == 4
        kept[0][:] = 99.0  # that one is of the past
    assert_same(step(both[0]), step(both[1]))


def test_a_change_lasts_and_can_be_taken_back(both):
    for model in both:
        bias = model.i_b
        bias[1] += 4.0
        step(model, 5)
        bias[1] -= 4.0
        step(model, 5)
    assert_same(both[0].V, both[1].V)


def test_a_copy_is_independent(ours):
    model = network(ours).compile(dt=0.1)
    step(model, 20)
    twin = copy.deepcopy(model)
    step(model, 20)
    assert not np.array_equal(twin.V, model.V)
    step(twin, 20)
    assert np.array_equal(twin.V, model.V)


def test_what_is_added_to_the_network_later_is_not_the_models(ours):
    net = network(ours)
    model = net.compile(dt=0.1)
    net.add_neuron(ours.NonSpikingNeuron(), "more")
    assert model.g_max_non.shape == (4, 4) and model.V.shape == (4,)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda model: setattr(model, "V", np.zeros(3)), r"V of the model has shape \(3,\); give \(4,\)"),
        (lambda model: model.g_max_non.__setitem__((0, 3), 1.0), "no such synapse from 'sodium' to 'spiker'"),
        (lambda model: model.g_max_spike.__setitem__((3, 0), 1.0), "no such synapse from 'spiker' to 'sodium'"),
        (lambda model: model.g_electrical.__setitem__((0, 1), 1.0), r"no such synapse from 'row\[0\]' to 'spiker'"),
        (lambda model: model.g_rectified.__setitem__((3, 0), 1.0), "no such synapse from 'spiker' to 'sodium'"),
        (lambda model: model.i_b.__setitem__(0, np.nan), "i_b of the model is not finite"),
        (lambda model: model.input_connectivity.__imul__(2.0), "input_connectivity of the model is fixed"),
    ],
)
def test_impossible_changes_are_refused(ours, change, complaint):
    model = network(ours).compile(dt=0.1)
    change(model)
    with pytest.raises(NetworkError, match=complaint):
        model(X)


def test_attributes_that_there_are_not(ours):
    plain = ours.Network()
    plain.add_neuron(ours.NonSpikingNeuron())
    model = plain.compile()
    for name in (
        "theta",
        "g_spike",
        "spikes",
        "g_electrical",
        "b_gate",
        "spike_delays",
        "outputs",
        "nonsense",
        "_nothing",
    ):
        assert not hasattr(model, name), name
    iterative = network(ours).compile(backend="iterative")
    assert not hasattr(iterative, "g_max_non") and iterative.theta.shape == iterative.i_b.shape == (4,)
    model.theta, model.mine = np.zeros(1), "an attribute of the script's own"
    with pytest.raises(NetworkError, match="theta of the model is set, but this network has nothing of the kind"):
        model()
    del model.theta
    model()
    assert model.mine


def test_inputs_of_many_kinds(ours):
    torch = pytest.importorskip("torch")
    forms = [X, [3, 5], (3.0, 5.0), X[None], X.astype(np.float32), torch.tensor(X), torch.tensor(X, requires_grad=True)]
    rows = {network(ours).compile(dt=0.1)(x).tobytes() for x in forms}
    assert len(rows) == 1
    model = network(ours).compile(dt=0.1)
    with pytest.raises(NetworkError, match=r"x has shape \(3,\)"):
        model(np.zeros(3))
    assert np.array_equal(model.V, model.V_0)  # nothing has happened


@pytest.mark.parametrize("backend", ["torch", "sparse"])
def test_tensors(ours, backend):
    torch = pytest.importorskip("torch")
    tensors, arrays = network(ours).compile(dt=0.1, backend=backend), network(ours).compile(dt=0.1)
    y = tensors(torch.tensor(X, dtype=torch.float32))
    assert isinstance(y, torch.Tensor) and y.dtype == torch.float32 and y is tensors.outputs
    np.testing.assert_allclose(y.numpy(), arrays(X), rtol=1e-6)
    assert tensors.theta[1] == torch.finfo(torch.float32).max and torch.isfinite(tensors.theta_floor).all()
    for model in (tensors, arrays):
        model.V[3] = 9.0
        model.g_max_non[3, 1] = 0.75
    for _ in range(30):
        _ = tensors.V, tensors.g_spike, tensors.theta  # reading rounds nothing
        y, wanted = tensors(X), arrays(X)
    np.testing.assert_allclose(y.numpy(), wanted, rtol=1e-6)
    tensors.reset()
    np.testing.assert_array_equal(tensors.V, tensors.V_0)


def test_only_the_processor(ours):
    with pytest.warns(UserWarning, match="runs on the 'cpu', not on 'cuda'"):
        network(ours).compile(device="cuda")


def test_parameters_are_returned_and_count(ours):
    model, params = network(ours).compile(dt=0.1, return_params=True)
    twin = network(ours).compile(dt=0.1)
    names = {
        "dt", "name", "spiking", "delay", "elec", "rect", "gated", "numChannels", "v", "vLast", "v0", "vRest", "cM",
        "gM", "iB", "gMaxNon", "delE", "eLo", "eHi", "timeFactorMembrane", "inputConn", "outConnVolt", "numPop",
        "numNeurons",
        "numConn", "numInputs", "numOutputs", "spikes", "theta0", "theta", "thetaLast", "m", "tauTheta", "gMaxSpike",
        "gSpike", "tauSyn", "timeFactorThreshold", "timeFactorSynapse", "outConnSpike", "thetaLeak", "thetaIncrement",
        "thetaFloor", "vReset", "gIncrement", "spikeDelays", "gElectrical", "gRectified", "gIon", "eIon", "powA",
        "slopeA", "kA", "eA", "powB", "slopeB", "kB", "eB", "tauMaxB", "powC", "slopeC", "kC", "eC", "tauMaxC", "bGate",
        "bGateLast", "bGate0", "cGate", "cGateLast", "cGate0",
    }  # fmt: skip
    assert set(params) == names
    params["iB"][0] += 5.0
    twin.i_b[0] += 5.0
    assert np.array_equal(step(model, 10), step(twin, 10))


def test_debug_prints_what_the_model_holds(ours, capsys):
    network(ours).compile()
    assert not capsys.readouterr().out
    network(ours).compile(debug=True)
    printed = capsys.readouterr().out
    assert "gMaxNon:\n[[" in printed and "numNeurons:\n4\n" in printed


def test_a_ramp_without_width_compiles_and_is_refused_when_stepped(ours):
    """Tutorial 6.5 builds such synapses to look at their conductances; SNS-Toolbox makes NaN of them."""
    net = ours.Network()
    net.add_population(ours.NonSpikingNeuron(), [2], initial_value=3.0)
    ones = np.ones((2, 2))
    net.add_connection(ours.NonSpikingMatrixConnection(ones, ones, ones, ones), 0, 0)
    model = net.compile()
    assert (model.g_max_non == ones).all() and model.V.tolist() == model.V_last.tolist() == [3.0, 3.0]
    with pytest.raises(NetworkError, match="Neuron->Neuron.*e_lo and e_hi are both 1; give the ramp a width"):
        model()


def test_impossible_compilations(ours, monkeypatch):
    with pytest.raises(NetworkError, match="no neurons"):
        ours.Network().compile()
    net = network(ours)
    with pytest.raises(NetworkError, match="backend is 'fast'; give 'numpy', 'torch', 'sparse', 'iterative'"):
        net.compile(backend="fast")
    with pytest.raises(TimeStepError, match="dt is 0"):
        net.compile(dt=0)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(MissingDependencyError, match=r"sns-mujoco\[torch\]"):
        net.compile(backend="torch")
