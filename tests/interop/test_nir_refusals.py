"""What NIR graphs and files are refused, and that nothing else than named errors comes out of bad ones."""

import builtins
import io

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import MissingDependencyError, NetworkError, SnsError
from sns_mujoco.interop.nir import from_nir, to_nir
from sns_mujoco.network import LIFNeuron, Network

DT = 0.1


def lif(n=2):
    ones = np.ones(n)
    return {"type": "LIF", "tau": 0.01 * ones, "r": ones, "v_leak": 0 * ones, "v_threshold": ones, "v_reset": 0 * ones}


def conv():
    node = {"type": "Conv2d", "input_shape": [4, 4], "weight": np.ones((1, 1, 2, 2)), "bias": np.ones(1)}
    return node | {"stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1}


def graph(**changes):
    nodes = {
        "in": {"type": "Input", "shape": [1, 4, 4]},
        "conv": conv(),
        "pool": {"type": "AvgPool2d", "kernel_size": [3, 3], "stride": [1, 1], "padding": [0, 0]},
        "flat": {"type": "Flatten", "input_type": None, "start_dim": 0, "end_dim": -1},
        "w": {"type": "Affine", "weight": np.ones((2, 1)), "bias": np.zeros(2)},
        "n": lif(),
        "late": {"type": "Delay", "delay": np.full(2, 2e-4)},
        "scale": {"type": "Scale", "scale": np.ones(2)},
        "m": lif(),
        "out": {"type": "Output", "shape": [2]},
    }
    names = list(nodes)
    edges = list(zip(names[:-1], names[1:], strict=True))
    return {"type": "NIRGraph", "nodes": nodes, "edges": edges} | changes


def with_node(**nodes):
    return graph(nodes=graph()["nodes"] | nodes)


def write(path, content, version="1.0.8"):
    """A NIR file of a dictionary, without the package."""

    def fill(group, values):
        for key, value in values.items():
            if isinstance(value, dict):
                fill(group.create_group(key), value)
            elif value is not None:
                group.create_dataset(key, data=value)

    with h5py.File(path, "w") as file:
        file["version"] = version
        fill(file.create_group("node"), content)


def test_the_graph_of_these_tests_is_good(tmp_path):
    write(tmp_path / "good.nir", graph())
    for given_ in (graph(), tmp_path / "good.nir", str(tmp_path / "good.nir")):
        assert from_nir(given_, DT, report=[]).get_num_neurons() == 4


def test_all_unsupported_nodes_are_named_at_once():
    bad = with_node(flat={"type": "Softmax"}, m={"type": "Izhikevich", "a": 1})
    with pytest.raises(NetworkError) as caught:
        from_nir(bad, DT)
    message = str(caught.value)
    assert "node 'flat' is of type 'Softmax'" in message
    assert "node 'm' is of type 'Izhikevich'" in message
    assert "CubaLIF" in message.splitlines()[-1]


def test_a_foreign_node_of_the_package_is_named():
    nir = pytest.importorskip("nir")

    class Rocket(nir.NIRNode):
        def __init__(self):
            self.thrust, self.input_type, self.output_type = 1.0, {"input": np.array([1])}, {"output": np.array([1])}

    nodes = {"a": nir.Input(np.array([1])), "r": Rocket(), "b": nir.Output(np.array([1]))}
    with pytest.raises(NetworkError, match="node 'r' is of type 'Rocket'"):
        from_nir(nir.NIRGraph(nodes, [("a", "r"), ("r", "b")]), DT)


def test_all_that_cannot_be_run_is_named_at_once():
    number = np.ones(2)
    between = {"type": "I", "r": number}
    early = {"type": "Delay", "delay": number * 1e-3}
    nodes = {"in": {"type": "Input", "shape": [2]}, "early": early, "n": lif(), "between": between, "m": lif()}
    edges = [("in", "early"), ("early", "n"), ("n", "between"), ("between", "m")]
    with pytest.raises(NetworkError) as caught:
        from_nir({"type": "NIRGraph", "nodes": nodes, "edges": edges}, DT)
    assert "potential of node 'between' (I) drives others" in str(caught.value)
    assert "input 'in' is delayed on its way to 'n'" in str(caught.value)


def test_filters_in_a_row_and_loops_without_spikes_are_refused():
    li = {"type": "LI", "tau": np.full(2, 0.01), "r": np.ones(2), "v_leak": np.zeros(2)}
    with pytest.raises(NetworkError, match=r"node 'scale' \(LI\) filters what a leaky integrator has filtered"):
        from_nir(with_node(late=li, scale=li), DT)
    nodes = {"in": {"type": "Input", "shape": [2]}, "a": {"type": "Scale", "scale": np.ones(2)}, "n": lif()}
    with pytest.raises(NetworkError, match="loop without spikes"):
        from_nir({"type": "NIRGraph", "nodes": nodes, "edges": [("in", "a"), ("a", "a"), ("a", "n")]}, DT)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (5, "5 is no NIR graph"),
        ({"type": "LIF"}, "is no NIR graph"),
        (graph(nodes=3), "no dictionary of nodes, but 3"),
        (graph(nodes={}, edges=[]), "no nodes"),
        (graph(edges=None), "edges are None; give pairs of names"),
        (graph(edges=[("in", "nowhere")]), "names 'nowhere', which is no node"),
        (graph(edges=[*graph()["edges"], ("in", "conv")]), "'in' -> 'conv' is there twice"),
        (graph(edges=[*graph()["edges"], ("m", "in")]), "comes into the input 'in'"),
        (graph(edges=[*graph()["edges"], ("out", "m")]), "leaves the output 'out'"),
        (graph(author="me"), "'author', which a NIRGraph of NIR 1 does not have"),
        (with_node(n=lif(3)), r"'w' -> 'n' .* does not fit: Affine gives \(2,\), LIF takes \(3,\)"),
        (with_node(n=lif() | {"tau": np.ones(3)}), r"shapes \(2,\), \(3,\); give them one shape"),
        (with_node(n=lif() | {"tau": np.full(2, np.nan)}), r"'n' \(LIF\): tau is nan; it must be finite"),
        (with_node(n=lif() | {"tau": np.zeros(2)}), "tau is 0 s; it must be more than 0"),
        (with_node(n=lif() | {"r": "big"}), "r is 'big'; give a number"),
        (with_node(n=lif() | {"r": np.empty(0)}), "r is empty"),
        (with_node(n=lif() | {"refractory": np.ones(2)}), "has 'refractory', which such a node of NIR 1 does not have"),
        (with_node(n={"type": "LIF", "tau": np.ones(2)}), "lacks 'r', 'v_leak', 'v_threshold'"),
        (with_node(late={"type": "Delay", "delay": -np.ones(2)}), "delay is -1 s; it must be 0 or more"),
        (with_node(w={"type": "Linear", "weight": np.ones(2)}), r"weight has shape \(2,\); give a matrix"),
        (with_node(conv=conv() | {"padding": "reflect"}), "padding is 'reflect'; give 'same', 'valid'"),
        (with_node(conv=conv() | {"padding": "same", "stride": 2}), "such a result is defined for stride 1"),
        (with_node(conv=conv() | {"stride": 0.5}), r"stride is \[0.5\]; give whole numbers from 1"),
        (with_node(conv=conv() | {"dilation": 9}), "its window is larger than the image"),
        (with_node(conv=conv() | {"groups": 2}), "which must be a multiple of the groups"),
        (with_node(conv=conv() | {"bias": np.ones(3)}), r"bias has shape \(3,\); it needs 1 numbers"),
        (with_node(flat={"type": "Flatten", "start_dim": 7}), "is to flatten dimensions 7 to -1"),
        (with_node(**{"in": {"type": "Input", "shape": [10**9]}}), "whole numbers from 1 to 20000000"),
        (with_node(**{"in": {"type": "Input", "shape": [1, 9000, 9000]}}), "shape of at most"),
    ],
)
def test_bad_graphs(bad, message):
    with pytest.raises(NetworkError, match=message):
        from_nir(bad, DT)


def test_graphs_that_would_fill_the_memory():
    image = {"type": "Input", "shape": [1, 2000, 2000]}
    wide = conv() | {"input_shape": None, "weight": np.ones((4, 1, 9, 9))}
    nodes = {"in": image, "conv": wide, "out": {"type": "Output", "shape": None}}
    bad = {"type": "NIRGraph", "nodes": nodes, "edges": [("in", "conv"), ("conv", "out")]}
    with pytest.raises(NetworkError, match=r"'conv' \(Conv2d\) would be unrolled to .* synapses"):
        from_nir(bad, DT)


def test_graphs_that_contain_themselves():
    endless = graph()
    endless["nodes"]["n"] = endless
    with pytest.raises(NetworkError, match="contain one another, or are more than 40 deep"):
        from_nir(endless, DT)


def test_subgraphs_with_several_ports_are_ambiguous():
    inner = {"type": "NIRGraph", "nodes": {"a": {"type": "Input", "shape": [2]}, "b": {"type": "Input", "shape": [2]}}}
    inner |= {"edges": []}
    with pytest.raises(NetworkError, match="goes to the subgraph 'n', which has 2 inputs"):
        from_nir(with_node(n=inner), DT)


@pytest.mark.parametrize("value", [0, -1, np.nan, "1", None])
def test_bad_steps(value):
    with pytest.raises(NetworkError, match="from_nir: dt"):
        from_nir(graph(), value)


def test_files_of_other_kinds(tmp_path):
    place = tmp_path / "x.nir"
    with pytest.raises(NetworkError, match="does not exist"):
        from_nir(place, DT)
    with pytest.raises(NetworkError, match="is a directory|damaged"):
        from_nir(tmp_path, DT)
    place.write_text("{}")
    with pytest.raises(NetworkError, match="damaged, or not in HDF5 format"):
        from_nir(place, DT)
    write(place, graph())
    place.write_bytes(place.read_bytes()[:3000])
    with pytest.raises(NetworkError, match="damaged"):
        from_nir(place, DT)
    with h5py.File(place, "w") as file:
        file["other"] = 1
    with pytest.raises(NetworkError, match="has no group 'node'; give a file that was written by nir.write"):
        from_nir(place, DT)
    write(place, graph(), version="2.3")
    with pytest.raises(NetworkError, match=r"of NIR version 2.3; versions up to 1.x are read"):
        from_nir(place, DT)


def test_texts_whose_heap_leads_nowhere(tmp_path):
    place = tmp_path / "x.nir"
    write(place, graph())
    content = bytearray(place.read_bytes())
    heap = content.index(b"GCOL")
    size = heap + 16 + 8  # of the first text
    content[size : size + 8] = (191).to_bytes(8, "little")  # the HDF5 library would never come back from this
    place.write_bytes(content)
    with pytest.raises(NetworkError, match="damaged: its texts cannot be read"):
        from_nir(place, DT)


def test_files_with_more_than_numbers(tmp_path):
    place = tmp_path / "x.nir"

    def refused(change, message):
        write(place, graph())
        with h5py.File(place, "a") as file:
            change(file["node/nodes/n"], file)
        with pytest.raises(NetworkError, match=message):
            from_nir(place, DT)

    refused(lambda n, f: n.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/")), "x is a link")
    refused(lambda n, f: n.__setitem__("x", h5py.SoftLink("/node")), "x is a link")
    refused(lambda n, f: n.__setitem__("x", f["node"]), "contain one another, or are more than 40 deep")
    refused(lambda n, f: n.__setitem__("x", np.zeros(2, complex)), "is of type complex128")
    refused(lambda n, f: n.create_dataset("x", (10**12,), "f8", chunks=(100,)), "declares more than 4 GiB")
    refused(lambda n, f: n.create_dataset("x", (4,), "f8", external=[("/etc/hostname", 0, 32)]), "lies in other files")


def test_files_of_the_package(tmp_path):
    nir = pytest.importorskip("nir")
    nodes = {"in": nir.Input(np.array([2])), "w": nir.Linear(np.array([[1.0, 2.0]])), "out": nir.Output(np.array([1]))}
    nir.write(tmp_path / "a.nir", nir.NIRGraph(nodes, [("in", "w"), ("w", "out")], metadata={"by": "me"}))
    report = []
    net = from_nir(tmp_path / "a.nir", DT, report=report)
    assert net.input_names == ("in",)
    assert any(note.kind == "metadata" for note in report)


def test_writing_needs_the_package(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "nir":
            raise ImportError(name)
        return real(name, *rest, **more)

    net = Network()
    net.add_neuron(LIFNeuron())
    monkeypatch.setattr(builtins, "__import__", without)
    assert from_nir(graph(), DT, report=[]).get_num_neurons() == 4  # reading does not
    with pytest.raises(MissingDependencyError, match=r"pip install 'sns-mujoco\[nir\]'"):
        to_nir(net, DT)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(), st.text(max_size=4), st.binary(max_size=4),
    st.lists(st.one_of(st.integers(-2, 5), st.floats(), st.text(max_size=2)), max_size=4),
    st.just(np.zeros((2, 0))), st.just(np.ones((2, 2, 2))), st.just(np.array(["x"])), st.builds(dict),
    st.just(object()), st.just(np.array([1 + 2j])), st.builds(lambda: {"type": "LIF"}), st.just(np.float32(1e30)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_graphs_give_networks_or_named_errors(data):
    bad = graph()
    for _ in range(data.draw(st.integers(1, 3))):
        place = bad
        path = data.draw(st.sampled_from(["node", "nodes", "edges", "type", "value", "swap"]))
        name = data.draw(st.sampled_from(list(graph()["nodes"])))
        if path == "swap" and isinstance(bad["edges"], list) and bad["edges"]:
            k = data.draw(st.integers(0, len(bad["edges"]) - 1))
            bad["edges"][k] = (name, data.draw(st.sampled_from(list(graph()["nodes"]))))
        elif path in ("nodes", "edges", "type"):
            place[path] = data.draw(ODD)
        elif isinstance(bad["nodes"], dict) and isinstance(bad["nodes"].get(name), dict):
            if path == "node":
                bad["nodes"][name] = data.draw(ODD)
            else:
                key = data.draw(st.sampled_from([*bad["nodes"][name], "extra"]))
                bad["nodes"][name][key] = data.draw(ODD)
    try:
        from_nir(bad, DT, report=[])
    except SnsError as error:
        assert str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutated_files_give_networks_or_named_errors(tmp_path, data):
    whole = io.BytesIO()
    write(whole, graph())
    content = bytearray(whole.getvalue())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    for _ in range(data.draw(st.integers(0, 6))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "x.nir").write_bytes(content)
    try:
        from_nir(tmp_path / "x.nir", DT, report=[])
    except SnsError as error:
        assert str(error)
