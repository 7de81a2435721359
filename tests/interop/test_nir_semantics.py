"""Networks from NIR against a plain evaluation of its graphs, which computes all layers within a step."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sns_mujoco.interop.nir import from_nir, to_nir

nir = pytest.importorskip("nir")

DT = 0.5  # ms
DT_S = DT / 1000


class Plain:
    """A NIR graph, evaluated node by node as its equations say, by forward Euler."""

    def __init__(self, graph):
        self.graph = graph
        self.before = {name: [a for a, b in graph.edges if b == name] for name in graph.nodes}
        self.state = {}
        self.last = {}

    def step(self, inputs):
        self.now, self.busy, self.inputs = {}, set(), inputs
        out = {name: self.value(name) for name, node in self.graph.nodes.items() if type(node).__name__ == "Output"}
        for name in self.graph.nodes:
            self.value(name)
        self.last = self.now
        return out

    def value(self, name):
        if name in self.now:
            return self.now[name]
        node = self.graph.nodes[name]
        if name in self.busy:  # what goes back arrives a step later
            return self.last.get(name, np.zeros(node.output_type["output"]))
        self.busy.add(name)
        kind = type(node).__name__
        x = sum(self.value(other) for other in self.before[name]) if kind != "Input" else self.inputs[name]
        self.now[name] = getattr(self, kind)(name, node, x)
        return self.now[name]

    def keep(self, name, value=None, start=0.0):
        if value is not None:
            self.state[name] = value
        return self.state.get(name, start)

    def Input(self, name, node, x):
        return np.asarray(x, float)

    def Output(self, name, node, x):
        return x

    def Linear(self, name, node, x):
        return node.weight @ x

    def Affine(self, name, node, x):
        return node.weight @ x + node.bias

    def Scale(self, name, node, x):
        return node.scale * x

    def Threshold(self, name, node, x):
        return (x > node.threshold).astype(float)

    def Delay(self, name, node, x):
        past = [*self.keep(name, start=[]), x]
        self.keep(name, past)
        steps = np.round(node.delay / DT_S).astype(int)
        return np.array([past[-1 - s][k] if s < len(past) else 0.0 for k, s in enumerate(steps)])

    def _membrane(self, name, tau, leak, current, node):
        v = self.keep(name + ".v", start=leak)
        v = v + DT_S / tau * (leak - v + node.r * current)
        return self.keep(name + ".v", v)

    def _spike(self, name, node):
        v = self.keep(name + ".v")
        spike = v > node.v_threshold
        self.keep(name + ".v", np.where(spike, node.v_reset, v))
        return spike.astype(float)

    def _synapse(self, name, node, x):
        i = self.keep(name + ".i", start=np.zeros(len(node.tau_syn)))
        return self.keep(name + ".i", i + DT_S / node.tau_syn * (node.w_in * x - i))

    def LI(self, name, node, x):
        return self._membrane(name, node.tau, node.v_leak, x, node)

    def LIF(self, name, node, x):
        self.LI(name, node, x)
        return self._spike(name, node)

    def CubaLI(self, name, node, x):
        return self._membrane(name, node.tau_mem, node.v_leak, self._synapse(name, node, x), node)

    def CubaLIF(self, name, node, x):
        self.CubaLI(name, node, x)
        return self._spike(name, node)

    def I(self, name, node, x):  # noqa: E743
        return self.keep(name + ".v", self.keep(name + ".v", start=np.zeros(len(node.r))) + DT_S * node.r * x)

    def IF(self, name, node, x):
        self.I(name, node, x)
        return self._spike(name, node)


def neuron(kind, n, rng):
    """A node of n elements with parameters of its own for each."""
    tau, v = (lambda: rng.uniform(2, 20, n) / 1000), (lambda low, high: rng.uniform(low, high, n))
    spikes = {"v_threshold": v(0.3, 0.8), "v_reset": v(-0.3, 0.2)}
    if kind in ("IF", "I"):
        return getattr(nir, kind)(r=v(100, 400), **(spikes if kind == "IF" else {}))
    if kind == "Threshold":
        return nir.Threshold(threshold=v(0.1, 0.6))
    leak = {"r": v(1, 4), "v_leak": v(-0.2, 0.2), **(spikes if kind.endswith("F") else {})}
    if kind in ("LI", "LIF"):
        return getattr(nir, kind)(tau=tau(), **leak)
    return getattr(nir, kind)(tau_mem=tau(), tau_syn=np.full(n, rng.uniform(1, 8) / 1000), w_in=v(1, 4), **leak)


@st.composite
def graphs(draw):
    """Layers of spiking neurons with all that may stand between them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    n_in = draw(st.integers(1, 3))
    nodes, edges = {"in": nir.Input(np.array([n_in]))}, []

    def project(start, end, n_from, n_to, *, spikes):
        name = start
        wanted = draw(st.sets(st.sampled_from(["Affine", "Scale", "Delay", "LI"])))
        for part in ("Delay", "Affine", "Scale", "LI"):
            if part not in wanted and part != "Affine":
                continue
            weight = rng.normal(0.3, 0.6, (n_to, n_from)) * (rng.random((n_to, n_from)) < 0.8)
            if part == "Delay" and not spikes or part == "LI" and cuba:
                continue
            node = {
                "Affine": lambda w=weight: (
                    nir.Affine(w, rng.normal(0, 0.2, n_to)) if "Affine" in wanted else nir.Linear(w)
                ),
                "Scale": lambda: nir.Scale(rng.uniform(0.5, 1.5, n_to)),
                "Delay": lambda: nir.Delay(rng.integers(0, 4, n_from) * DT_S),
                "LI": lambda: nir.LI(
                    rng.uniform(1, 5, n_to) / 1000, rng.uniform(0.5, 3, n_to), rng.normal(0, 0.1, n_to)
                ),
            }[part]()
            fresh = f"{start}>{end} {part}"
            nodes[fresh] = node
            edges.append((name, fresh))
            name = fresh
        edges.append((name, end))

    layers = [("in", n_in)]
    for k, n in enumerate(sizes):
        kind = draw(st.sampled_from(["LIF", "IF", "CubaLIF", "Threshold"]))
        cuba = kind == "CubaLIF"
        nodes[f"L{k}"] = neuron(kind, n, rng)
        project(*([layers[-1][0], f"L{k}", layers[-1][1], n]), spikes=k > 0)
        if k > 1 and draw(st.booleans()):
            project("L0", f"L{k}", sizes[0], n, spikes=True)
        if draw(st.booleans()):
            nodes[f"R{k}"] = nir.Linear(rng.normal(0, 0.4, (n, n)))
            edges.extend([(f"L{k}", f"R{k}"), (f"R{k}", f"L{k}")])
        layers.append((f"L{k}", n))
    last, n = layers[-1]
    nodes["spikes"] = nir.Output(np.array([n]))
    edges.append((last, "spikes"))
    readout = draw(st.sampled_from(["LI", "CubaLI", "I", "none", "nothing"]))
    cuba = readout == "CubaLI"
    if readout != "nothing":
        nodes["shown"] = nir.Output(np.array([2]))
        if readout == "none":
            project(last, "shown", n, 2, spikes=True)
        else:
            nodes["read"] = neuron(readout, 2, rng)
            project(last, "read", n, 2, spikes=True)
            edges.append(("read", "shown"))
    return nir.NIRGraph(nodes, edges, type_check=False), rng.uniform(0, 1.5, (40, n_in))


def run(network, x, late):
    """What each output shows, `late` steps later than the input, which all inputs of the network get."""
    model = network.compile(DT, "numpy")
    most = max(late.values())
    x = np.concatenate([x, np.zeros((most, x.shape[1]))])
    x = np.tile(x, len(network.inputs))
    y = np.array([np.array(model(row)) for row in x])
    places, start = {}, 0
    for output in network.outputs:
        size = network.populations[output.source].size
        places[output.name] = y[late[output.name] : len(y) - most + late[output.name], start : start + size]
        start += size
    return places


def latencies(report):
    return {note.names[0]: note.steps for note in report if note.kind == "latency"}


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_a_graph_runs_as_its_equations_say(case):
    graph, x = case
    report = []
    network = from_nir(graph, DT, report=report)
    assert not [note for note in report if not note.harmless and note.kind != "input"]
    shown = run(network, x, latencies(report))
    plain = Plain(graph)
    wanted = [plain.step({"in": row}) for row in x]
    assert set(shown) == set(wanted[0])
    for name, values in shown.items():
        np.testing.assert_allclose(values, [w[name] for w in wanted], rtol=1e-9, atol=1e-9, err_msg=name)


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_what_is_written_and_read_again_makes_the_same(case):
    graph, x = case
    # a readout that nothing reaches is a neuron like any other when it comes back, with an output of another name
    assume(all(np.any(node.weight) for node in graph.nodes.values() if hasattr(node, "weight")))
    network, report = from_nir(graph, DT, report=[]), []
    again = from_nir(to_nir(network, DT, report=report), DT, report=report)
    assert not [note for note in report if not note.harmless and note.kind != "input"]
    late = {output.name: 0 for output in again.outputs}  # neurons that lead nowhere get outputs from NIR
    first, second = run(network, x, late), run(again, x, late)
    assert set(first) <= set(second)
    for name in first:
        np.testing.assert_allclose(second[name], first[name], rtol=1e-9, atol=1e-9)
