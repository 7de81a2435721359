"""What is made of the nodes, shapes and edges of NIR graphs."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError, TimeStepError, UnknownNameError
from sns_mujoco.interop.nir import NirWarning, from_nir
from sns_mujoco.network import CurrentSynapse, SparseConnection

DT = 0.1


def lif(n=1, **changes):
    ones = np.ones(n)
    return {"type": "LIF", "tau": 0.01 * ones, "r": ones, "v_leak": 0 * ones, "v_threshold": ones} | changes


def chain(*nodes, shape=(1,)):
    """A chain of nodes n0, n1 ... between input and output."""
    named = {"in": {"type": "Input", "shape": list(shape)}}
    named |= {f"n{k}": node for k, node in enumerate(nodes)} | {"out": {"type": "Output", "shape": None}}
    names = list(named)
    return {"type": "NIRGraph", "nodes": named, "edges": list(zip(names[:-1], names[1:], strict=True))}


def linear(weight):
    return {"type": "Linear", "weight": np.asarray(weight, float)}


def respond(graph, x, dt=DT, **options):
    """Outputs of the network for inputs [steps, n]."""
    model = from_nir(graph, dt, report=[], **options).compile(dt, "numpy")
    return np.array([np.array(model(row)) for row in np.asarray(x, float)])


def kinds(report):
    return [note.kind for note in report]


def test_parameters_keep_their_meaning():
    net = from_nir(chain(lif(2, r=np.array([2.0, 4.0]), v_leak=np.array([-0.5, 0.1])), shape=(2,)), DT, report=[])
    neuron = net.populations[0].neuron
    np.testing.assert_allclose(neuron.membrane_conductance, [0.5, 0.25])  # uS: 1 / r
    np.testing.assert_allclose(neuron.membrane_capacitance, [5.0, 2.5])  # nF: 10 ms
    np.testing.assert_allclose(neuron.resting_potential, [-0.5, 0.1])
    assert (neuron.threshold_initial_value, neuron.reset_potential) == (1.0, 0.0)
    assert [p.name for p in net.populations] == ["n0"]
    assert (net.input_names, net.output_names) == (("in",), ("out",))


def test_resistances_without_an_inverse_become_weights():
    net = from_nir(chain(lif(2, r=np.array([-2.0, 0.0])), shape=(2,)), DT, report=[])
    np.testing.assert_array_equal(net.inputs[0].weights, [[-2.0, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(net.populations[0].neuron.membrane_conductance, 1.0)


def test_a_step_of_an_integrator_is_its_share_of_a_second():
    y = respond(chain({"type": "I", "r": np.array([50.0])}), [[1.0]] * 3)
    np.testing.assert_allclose(y[:, 0], 50 * DT / 1000 * np.arange(1, 4))


@pytest.mark.parametrize(
    ("reset", "after"),
    [("value", 0.1), ("value-late", 0.1), ("subtract", 0.25), ("subtract-late", 1.25 - 1.0 / 0.9)],
)
def test_what_a_spike_does(reset, after):
    graph = chain(lif(tau=np.array([0.001]), v_reset=np.array([0.1 if "value" in reset else 0.0])))
    net = from_nir(graph, DT, reset=reset, report=[])
    net.add_output("n0", "v")
    model = net.compile(DT, "numpy")
    spike, v = np.array(model([12.5]))  # 0.1 of which is left after a step: 1.25
    assert spike == 1
    assert v == pytest.approx(after)
    assert np.array(model([0.0]))[1] == pytest.approx(0.1 if reset == "value-late" else 0.9 * after)


def test_resets_node_by_node():
    graph = chain(lif(), lif())
    net = from_nir(graph, DT, reset={"n1": "subtract"}, report=[])
    assert [p.neuron.reset_mode for p in net.populations] == ["value", "subtract"]
    with pytest.raises(UnknownNameError, match="did you mean 'n1'"):
        from_nir(graph, DT, reset={"n_1": "subtract"})
    with pytest.raises(NetworkError, match="reset of 'n1' is 'add'; give 'value', "):
        from_nir(graph, DT, reset={"n1": "add"})
    with pytest.raises(NetworkError, match="no more than the step"):
        from_nir(chain(lif(tau=np.array([1e-4]))), DT, reset="subtract-late")


def test_an_image_is_convolved_as_torch_does():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    image = rng.random((2, 7, 6))
    cases = [
        ({"stride": [2, 1], "padding": [1, 0], "dilation": [1, 2], "groups": 1}, rng.normal(size=(4, 2, 3, 2))),
        ({"stride": [1, 1], "padding": "same", "dilation": [1, 1], "groups": 2}, rng.normal(size=(4, 1, 3, 5))),
        ({"stride": 1, "padding": "valid", "dilation": 1, "groups": 1}, rng.normal(size=(3, 2, 2, 2))),
    ]
    for given, weight in cases:
        bias = rng.normal(size=len(weight))
        node = {"type": "Conv2d", "input_shape": None, "weight": weight, "bias": bias} | given
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        wanted = torch.nn.functional.conv2d(torch.tensor(image), torch.tensor(weight), torch.tensor(bias), **options)
        graph = chain(node, {"type": "Flatten", "input_type": None, "start_dim": 0}, shape=image.shape)
        np.testing.assert_allclose(respond(graph, [image.ravel()])[0], wanted.numpy().ravel(), atol=1e-12)


def test_a_row_is_convolved_and_an_image_pooled_as_torch_does():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(4)
    row, weight, bias = rng.random((2, 9)), rng.normal(size=(3, 2, 3)), rng.normal(size=3)
    node = {"type": "Conv1d", "input_shape": 9, "weight": weight, "bias": bias}
    node |= {"stride": 2, "padding": 1, "dilation": 2, "groups": 1}
    wanted = torch.nn.functional.conv1d(*map(torch.tensor, (row, weight, bias)), stride=2, padding=1, dilation=2)
    np.testing.assert_allclose(respond(chain(node, shape=row.shape), [row.ravel()])[0], wanted.numpy().ravel())
    image = rng.random((2, 6, 5))
    pool = {"kernel_size": np.array([2, 3]), "stride": np.array([2, 1]), "padding": np.array([1, 1])}
    mean = torch.nn.functional.avg_pool2d(torch.tensor(image), (2, 3), (2, 1), (1, 1)).numpy().ravel()
    for kind, scale in (("AvgPool2d", 1), ("SumPool2d", 6)):
        y = respond(chain({"type": kind} | pool, shape=image.shape), [image.ravel()])[0]
        np.testing.assert_allclose(y, scale * mean, atol=1e-12)


def test_a_stack_of_matrices_acts_slice_by_slice():
    weight, x = np.arange(12.0).reshape(2, 3, 2), np.array([[1.0, 2.0], [3.0, 4.0]])
    y = respond(chain(linear(weight), shape=(2, 2)), [x.ravel()])[0]
    np.testing.assert_allclose(y, np.einsum("soi,si->so", weight, x).ravel())


def test_subgraphs_bring_their_names_and_recurrence():
    inner = {
        "type": "NIRGraph",
        "nodes": {"input": {"type": "Input", "shape": [2]}, "lif": lif(2), "w": linear([[0, 1], [1, 0]])}
        | {"output": {"type": "Output", "shape": [2]}},
        "edges": [("input", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "output")],
    }
    net = from_nir(chain(inner, linear([[1, 1]]), lif(), shape=(2,)), DT, report=[])
    assert net.population_names == ("n0.lif", "n2")
    assert net.connection_names == ("n0.lif->n0.lif", "n0.lif->n2")


def test_several_inputs_and_outputs():
    graph = {
        "type": "NIRGraph",
        "nodes": {"a": {"type": "Input", "shape": [1]}, "b": {"type": "Input", "shape": [2]}, "w": linear([[1, 2]])}
        | {"n": lif(), "v": {"type": "LI", "tau": 0.01, "r": 1.0, "v_leak": 0.0}}
        | {"s": {"type": "Output", "shape": [1]}, "o": {"type": "Output", "shape": [1]}},
        "edges": [("a", "n"), ("b", "w"), ("w", "n"), ("n", "s"), ("n", "v"), ("v", "o")],
    }
    report = []
    net = from_nir(graph, DT, report=report)
    assert net.input_names == ("a", "b")
    assert net.output_names == ("s", "o")
    assert [(o.name, o.kind) for o in net.outputs] == [("s", "spike"), ("o", "voltage")]
    assert {n.names[0]: n.steps for n in report if n.kind == "latency"} == {"s": 0, "o": 1}


def test_loose_ends_get_ports():
    report = []
    net = from_nir({"type": "NIRGraph", "nodes": {"n": lif(3)}, "edges": []}, DT, report=report)
    assert (net.input_names, net.output_names) == (("input_n",), ("output_n",))
    assert net.inputs[0].size == 3
    assert kinds(report).count("added") == 2


def test_numbers_take_the_size_of_their_layer_and_batches_are_left_out():
    one = {key: value[0] if key != "type" else value for key, value in lif().items()}
    report = []
    net = from_nir(chain(linear(np.ones((5, 4))), one, shape=(8, 4)), DT, report=report)
    assert net.populations[0].size == 5
    assert net.inputs[0].size == 4
    assert "shape" in kinds(report)
    assert from_nir(chain(one), DT, report=[]).populations[0].size == 1


def test_sparse_layers_are_lists_and_dense_ones_matrices():
    dense, sparse = np.ones((10, 10)), np.eye(10)
    net = from_nir(chain(lif(10), linear(dense), lif(10), linear(2 * sparse), lif(10), shape=(10,)), DT, report=[])
    assert isinstance(net.connections[0].kind, CurrentSynapse)
    assert isinstance(net.connections[1].kind, SparseConnection)
    assert len(net.connections[1].kind.source) == 10


def test_a_leaky_integrator_between_neurons_is_a_time_constant():
    middle = {"type": "LI", "tau": np.array([0.004]), "r": np.array([3.0]), "v_leak": np.array([0.0])}
    report = []
    net = from_nir(chain(lif(), middle, lif()), DT, report=report)
    assert net.population_names == ("n0", "n2")
    kind = net.connections[0].kind
    np.testing.assert_allclose([np.ravel(kind.weight)[0], np.ravel(kind.time_constant)[0]], [3 * DT / 4, 4.0])
    assert [n.names for n in report if n.kind == "folded"] == [("n1",)]


def test_a_loop_over_two_layers_is_reported_as_slower():
    graph = chain(lif(), lif())
    graph["nodes"]["back"] = linear([[0.5]])
    graph["edges"] += [("n1", "back"), ("back", "n0")]
    with pytest.warns(NirWarning, match="spikes of 'n1' that go back to 'n0' arrive 2 steps later"):
        from_nir(graph, DT)


def test_an_input_that_skips_a_layer_is_reported_as_early_and_double():
    graph = chain(lif(), lif())
    graph["edges"].append(("in", "n1"))
    with pytest.warns(NirWarning, match="reaches 'n1' 1 steps? before") as caught:
        net = from_nir(graph, DT)
    assert "give its values to 'in', 'in -> n1' alike" in str(caught[0].message)
    assert net.input_names == ("in", "in -> n1")


def test_what_spikes_by_itself_in_a_later_layer_is_reported():
    with pytest.warns(NirWarning, match="'n1' spikes without input, and begins 1 step before"):
        from_nir(chain(lif(), lif(v_leak=np.array([2.0]))), DT)


def test_delays_are_rounded_with_notice():
    late = {"type": "Delay", "delay": np.array([0.00024])}
    with pytest.warns(NirWarning, match="no whole number of steps"):
        net = from_nir(chain(lif(), late, lif()), DT)
    np.testing.assert_allclose(net.connections[0].kind.delay, 0.2)


@pytest.mark.parametrize("node", ["LIF", "CubaLIF", "LI"])
def test_time_constants_shorter_than_the_step_are_refused(node):
    short = np.array([4e-5])
    if node == "LIF":
        graph = chain(lif(tau=short))
    elif node == "CubaLIF":
        own = lif(type="CubaLIF", tau_mem=np.array([0.01]), tau_syn=short)
        own.pop("tau")
        graph = chain(own)
    else:
        graph = chain(lif(), {"type": "LI", "tau": short, "r": np.ones(1), "v_leak": np.zeros(1)}, lif())
    with pytest.raises(TimeStepError, match=r"0.04 ms.*step of 0.1 ms.*time_unit"):
        from_nir(graph, DT)
