"""The spikes of snnTorch 1.0 and Norse 1.1, recorded from them, and from themselves where they are installed."""

import numpy as np
import pytest

from sns_mujoco.errors import TimeStepError
from sns_mujoco.interop.nir import from_nir

STEPS = 40
W1 = np.array([[0.913, 0.307, -0.219], [-0.411, 0.823, 0.709], [0.517, 0.541, 0.353], [0.101, -0.307, 1.093]])
B1 = np.array([0.053, -0.103, 0.127, 0.071])
W2 = np.array([[0.701, 0.457, -0.311, 0.613], [0.349, -0.503, 0.907, 0.409]])
B2 = np.array([0.113, 0.037])
REC = np.array(
    [[0.0, 0.401, -0.307, 0.211], [0.311, -0.223, 0.0, 0.509], [-0.601, 0.197, 0.103, 0.0], [0.251, 0.0, 0.353, -0.401]]
)
INPUT = np.array([[((7 * t + 4 * k) % 11) / 8 for k in range(3)] for t in range(STEPS)])

SHARE = {"recurrent": 0.5, "synaptic": 0.1}
SNN_DT = 0.1  # ms; the exporter of snnTorch supposes it


def graph(nodes, *, back=None):
    """A chain of nodes; `back` are nodes between the second and itself."""
    names = list(nodes)
    edges = list(zip(names[:-1], names[1:], strict=True))
    if back is not None:
        nodes = nodes | {"back": back}
        edges += [(names[2], "back"), ("back", names[2])]
    return {"type": "NIRGraph", "nodes": nodes, "edges": edges}


def affine(weight, bias):
    return {"type": "Affine", "weight": weight, "bias": bias}


def leaky(n, beta):
    """What snnTorch's export makes of Leaky(beta)."""
    ones = np.ones(n)
    return {
        "type": "LIF", "tau": ones * 1e-4 / (1 - beta), "r": ones / (1 - beta), "v_leak": 0 * ones,
        "v_threshold": ones, "v_reset": 0 * ones,
    }  # fmt: skip


def synaptic(n, alpha, beta):
    """What snnTorch's export makes of Synaptic(alpha, beta)."""
    node = leaky(n, beta)
    tau_mem = node.pop("tau")
    return node | {
        "type": "CubaLIF",
        "tau_mem": tau_mem,
        "tau_syn": np.full(n, 1e-4 / (1 - alpha)),
        "w_in": np.full(n, 1 / (1 - alpha)),
    }


def ends(n_in, n_out):
    return {"type": "Input", "shape": [n_in]}, {"type": "Output", "shape": [n_out]}


def spikes(network, dt, x=INPUT):
    """Steps in which each element of the output spikes, counted from its first step."""
    report = network[1]
    late = next(note.steps for note in report if note.kind == "latency")
    model = network[0].compile(dt, "numpy")
    y = np.array([np.array(model(row)) for row in np.concatenate([x, np.zeros((late, 3))])])[late:]
    return [np.flatnonzero(column).tolist() for column in y.T]


def read(given, dt, **options):
    report = []
    return from_nir(given, dt, report=report, **options), report


def snn_graph(layers):
    begin, end = ends(3, 2)
    if layers == "leaky":
        nodes = {"input": begin, "1": affine(W1, B1), "2": leaky(4, 0.9), "3": affine(W2, B2), "4": leaky(2, 0.8)}
        return graph(nodes | {"output": end})
    recurrent = leaky(4, 0.9) if layers == "recurrent" else synaptic(4, 0.7, 0.85)
    last = leaky(2, 0.8) if layers == "recurrent" else synaptic(2, 0.6, 0.8)
    first, second = affine(W1 * SHARE[layers], B1 / 4), affine(W2 * SHARE[layers] * 2, B2)
    nodes = {"input": begin, "1": first, "2": recurrent, "3": second, "4": last, "output": end}
    return graph(nodes, back=affine(REC * SHARE[layers], 0 * B1))


def snn_layers(layers, mechanism):
    """The same networks in snnTorch."""
    torch, snn = pytest.importorskip("torch"), pytest.importorskip("snntorch")

    def linear(weight, bias):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = torch.tensor(weight).float(), torch.tensor(bias).float()
        return layer

    common = {"init_hidden": True, "reset_mechanism": mechanism}

    def each(n, value):
        return torch.full((n,), value)

    if layers == "leaky":
        first = snn.Leaky(beta=each(4, 0.9), threshold=each(4, 1.0), **common)
        last = snn.Leaky(beta=each(2, 0.8), threshold=each(2, 1.0), **common)
        return torch.nn.Sequential(linear(W1, B1), first, linear(W2, B2), last)
    if layers == "recurrent":
        first = snn.RLeaky(beta=0.9, linear_features=4, **common)
        last = snn.RLeaky(beta=0.8, linear_features=2, **common)
        last.recurrent.weight.data *= 0
        last.recurrent.bias.data *= 0
    else:
        first = snn.RSynaptic(alpha=0.7, beta=0.85, linear_features=4, **common)
        last = snn.Synaptic(alpha=each(2, 0.6), beta=each(2, 0.8), threshold=each(2, 1.0), **common)
    first.recurrent.weight.data, first.recurrent.bias.data = torch.tensor(REC * SHARE[layers]).float(), torch.zeros(4)
    return torch.nn.Sequential(linear(W1 * SHARE[layers], B1 / 4), first, linear(W2 * SHARE[layers] * 2, B2), last)


SNN = [
    ("leaky", "zero", "value"),
    ("leaky", "subtract", "subtract-late"),
    ("recurrent", "zero", "value-late"),
    ("recurrent", "subtract", "subtract-late"),
    ("synaptic", "zero", "value-late"),
    ("synaptic", "subtract", "subtract-late"),
]
SNN_RECORDED = {
    ("leaky", "zero"): [[0, 3, 5, 8, 11, 14, 16, 19, 22, 25, 27, 30, 33, 36, 38], [2, 3, 5, 6, 9, 12, 14, 16, 17,
        20, 23, 25, 27, 28, 31, 34, 36, 38, 39]],
    ("leaky", "subtract"): [[0, 3, 4, 6, 7, 9, 12, 14, 15, 17, 18, 20, 22, 23, 26, 27, 28, 30, 33, 34, 36, 38], [2,
        3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16, 17, 18, 20, 23, 24, 25, 26, 27, 28, 29, 31, 33, 34, 36, 37, 38]],
    ("recurrent", "zero"): [[3, 8, 13, 16, 19, 23, 27, 30, 34, 38], [3, 7, 11, 17, 21, 25, 28, 32, 36, 39]],
    ("recurrent", "subtract"): [[3, 7, 9, 11, 14, 17, 20, 25, 28, 31, 35, 37], [3, 6, 10, 14, 17, 20, 25, 28, 31,
        37, 39]],
    ("synaptic", "zero"): [[7, 13, 17, 22, 28, 33, 39], [11, 22, 33]],
    ("synaptic", "subtract"): [[7, 12, 16, 21, 25, 29, 34, 39], [9, 19, 28, 36]],
}  # fmt: skip


@pytest.mark.parametrize(("layers", "mechanism", "reset"), SNN)
def test_recorded_spikes_of_snntorch(layers, mechanism, reset):
    assert spikes(read(snn_graph(layers), SNN_DT, reset=reset), SNN_DT) == SNN_RECORDED[layers, mechanism]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what their exporters call
@pytest.mark.parametrize(("layers", "mechanism", "reset"), SNN)
def test_snntorch_itself(layers, mechanism, reset):
    torch = pytest.importorskip("torch")
    net = snn_layers(layers, mechanism)
    from snntorch.export_nir import export_to_nir

    exported = export_to_nir(net, torch.rand(3))
    with torch.no_grad():
        theirs = np.array([net(torch.tensor(row[None]).float())[0].numpy() for row in INPUT])
    assert spikes(read(exported, SNN_DT, reset=reset), SNN_DT) == [np.flatnonzero(c).tolist() for c in theirs.T]


NORSE_DT = 1.0  # ms
GAIN = {"box": 4.0, "current": 9.0, "integrator": 6.0}


def norse_layers(kind):
    torch, norse = pytest.importorskip("torch"), pytest.importorskip("norse.torch")

    def linear(weight, bias):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = torch.tensor(weight).float(), torch.tensor(bias).float()
        return layer

    if kind == "box":
        cells = [
            norse.LIFBoxCell(norse.LIFBoxParameters(tau_mem_inv=torch.tensor(tau), v_th=torch.tensor(th)))
            for tau, th in ((200.0, 0.4), (125.0, 0.1))
        ]
    else:
        cells = {"current": norse.LIFCell, "integrator": norse.IAFCell}[kind](), norse.LIFBoxCell()
    gain = {"box": 1.0, "current": 0.8, "integrator": 1.0}[kind]
    return norse.SequentialState(linear(W1 * gain, B1), cells[0], linear(W2 * GAIN[kind], B2), cells[1])


def norse_graph(kind):
    """What Norse's to_nir(..., dt=1) makes of them: one number for a layer, and a batch in front."""
    begin, end = ends(3, 2)
    begin["shape"], end["shape"] = [1, 3], [1, 2]
    one = np.array(1.0)
    lif = {"type": "LIF", "tau": one * 0.01, "r": one, "v_leak": 0 * one, "v_threshold": one}
    if kind == "box":
        first = lif | {"tau": one / 200, "v_threshold": one * 0.4}
        last = lif | {"tau": one / 125, "v_threshold": one * 0.1}
    elif kind == "current":
        first, last = lif | {"type": "CubaLIF", "tau_mem": one * 0.01, "tau_syn": one * 0.005}, lif
        first = {key: value for key, value in first.items() if key != "tau"}
    else:
        first, last = {"type": "IF", "r": one, "v_threshold": one}, lif
    gain = {"box": 1.0, "current": 0.8, "integrator": 1.0}[kind]
    nodes = {"input": begin, "1": affine(W1 * gain, B1), "2": first, "3": affine(W2 * GAIN[kind], B2), "4": last}
    return graph(nodes | {"output": end})


NORSE = ["box", "current", "integrator"]
NORSE_RECORDED = {
    "box": [[3, 5, 7, 9, 11, 13, 16, 17, 20, 21, 22, 25, 27, 29, 31, 33, 35, 38, 39], [3, 5, 7, 9, 10, 14, 16, 17,
        18, 20, 21, 25, 27, 29, 31, 32, 36, 38, 39]],
    "current": [[9, 18, 23, 28, 34, 39], [8, 12, 15, 19, 24, 30, 36, 39]],
    "integrator": [[3, 6, 10, 14, 17, 21, 25, 28, 32, 36, 39], [3, 6, 9, 13, 14, 17, 20, 24, 25, 28, 31, 35, 36,
        39]],
}  # fmt: skip


@pytest.mark.parametrize("kind", NORSE)
def test_recorded_spikes_of_norse(kind):
    assert spikes(read(norse_graph(kind), NORSE_DT, jumps=kind != "box"), NORSE_DT) == NORSE_RECORDED[kind]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what their exporters call
@pytest.mark.parametrize("kind", NORSE)
def test_norse_itself(kind):
    torch, norse = pytest.importorskip("torch"), pytest.importorskip("norse.torch")
    net = norse_layers(kind)
    state, theirs = None, []
    with torch.no_grad():
        for row in INPUT:
            out, state = net(torch.tensor(row[None]).float(), state)
            theirs.append(out[0].numpy())
    wanted = [np.flatnonzero(column).tolist() for column in np.array(theirs).T]
    exact = norse.to_nir(net, torch.zeros(1, 3), dt=1)
    assert spikes(read(exact, NORSE_DT, jumps=kind != "box"), NORSE_DT) == wanted
    if kind == "box":  # without dt=1 its times are 1000 times too short
        exported = norse.to_nir(net, torch.zeros(1, 3))
        with pytest.raises(TimeStepError, match=r"not in seconds .* time_unit"):
            from_nir(exported, NORSE_DT)
        assert spikes(read(exported, NORSE_DT, time_unit=1e6), NORSE_DT) == wanted
