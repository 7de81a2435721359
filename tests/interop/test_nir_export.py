"""What is written to NIR, and what NIR cannot say."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError, OutputPathError
from sns_mujoco.interop.nir import NirWarning, from_nir, to_nir
from sns_mujoco.network import (
    STDP,
    ConductanceSynapse,
    CurrentSynapse,
    DeltaSynapse,
    ElectricalSynapse,
    GradedCurrentSynapse,
    LIFNeuron,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingSynapse,
    OrnsteinUhlenbeckNoise,
    SparseConnection,
    SpikingNeuron,
    SpikingSynapse,
    TsodyksMarkram,
)

nir = pytest.importorskip("nir")

DT = 0.5


def same(first, second):
    """Whether two nodes say the same, to rounding."""
    assert type(first) is type(second)
    for key, value in vars(first).items():
        if key in ("input_type", "output_type", "metadata"):
            continue
        np.testing.assert_allclose(getattr(second, key), value, rtol=1e-12, atol=1e-15, err_msg=key)


def every_kind():
    """A graph of everything that goes both ways, and its edges."""
    rng = np.random.default_rng(5)

    def v(n, low=0.1, high=0.9):
        return rng.uniform(low, high, n)

    leak = {"r": v(3, 1, 3), "v_leak": v(3)}
    spikes = {"v_threshold": v(3, 1, 2), "v_reset": v(3, -1, 0)}
    cuba = {"tau_mem": v(3, 0.01, 0.02), "tau_syn": v(3, 0.001, 0.005), **leak}
    nodes = {
        "in": nir.Input(np.array([2])),
        "in->lif": nir.Affine(rng.normal(size=(3, 2)), rng.normal(size=3)),
        "lif": nir.LIF(tau=v(3, 0.005, 0.02), **leak, **spikes),
        "lif->lif": nir.Linear(rng.normal(size=(3, 3))),
        "if": nir.IF(r=v(3, 50, 100), **spikes),
        "if delayed": nir.Delay(np.array([0.0, 1.0, 3.0]) * DT / 1000),
        "if delayed->cuba": nir.Linear(rng.normal(size=(3, 3))),
        "cuba": nir.CubaLIF(**cuba, **spikes),
        "cuba->step": nir.Affine(rng.normal(size=(2, 3)), rng.normal(size=2)),
        "step": nir.Threshold(v(2)),
        "step->li": nir.Linear(rng.normal(size=(3, 2))),
        "li": nir.LI(tau=v(3, 0.005, 0.02), **leak),
        "step->cubali": nir.Linear(rng.normal(size=(3, 2))),
        "cubali": nir.CubaLI(**cuba),
        "step->i": nir.Affine(rng.normal(size=(1, 2)), rng.normal(size=1)),
        "i": nir.I(r=v(1, 5, 10)),
        "step->sum": nir.Linear(rng.normal(size=(1, 2))),
        "sum": nir.Output(np.array([1])),
        "shown": nir.Output(np.array([3])),
        "current": nir.Output(np.array([3])),
        "total": nir.Output(np.array([1])),
        "spikes": nir.Output(np.array([3])),
    }
    chains = [
        ["in", "in->lif", "lif", "lif->lif", "lif"],
        ["lif", "if", "if delayed", "if delayed->cuba", "cuba", "cuba->step", "step", "step->li", "li", "shown"],
        ["step", "step->cubali", "cubali", "current"],
        ["step", "step->i", "i", "total"],
        ["step", "step->sum", "sum"],
        ["cuba", "spikes"],
    ]
    return nir.NIRGraph(nodes, [pair for c in chains for pair in zip(c[:-1], c[1:], strict=True)], type_check=False)


def test_a_graph_comes_back_as_it_was():
    given = every_kind()
    report = []
    back = to_nir(from_nir(given, DT, report=report), DT, report=report)
    assert not [note for note in report if not note.harmless]
    assert set(back.edges) == set(given.edges)
    assert set(back.nodes) == set(given.nodes)
    for name, node in given.nodes.items():
        if type(node).__name__ not in ("Input", "Output"):
            same(node, back.nodes[name])


def test_files_are_whole_and_valid(tmp_path):
    place = tmp_path / "net.nir"
    graph = to_nir(from_nir(every_kind(), DT, report=[]), DT, place, report=[])
    read = nir.read(place)  # with its own check of types
    assert set(read.nodes) == set(graph.nodes)
    assert [p.name for p in tmp_path.iterdir()] == ["net.nir"]
    net = from_nir(place, DT, report=[])
    with pytest.raises(OutputPathError, match="ends in '.json'"):
        to_nir(net, DT, tmp_path / "net.json")
    with pytest.raises(OutputPathError, match="does not exist"):
        to_nir(net, DT, tmp_path / "nowhere" / "net.nir")


def pair(connection, source=None, target=None):
    net = Network("pair")
    net.add_population(source or LIFNeuron(), 2, "a")
    net.add_population(target or LIFNeuron(), 2, "b")
    net.add_connection(connection, "a", "b", "ab")
    net.add_input("a", 2, "x")
    net.add_output("b", "y", spiking=target is None or target.spikes)
    return net


CANNOT = [
    (NonSpikingSynapse(), "'ab' is of graded synapses, with conductances and a reversal potential"),
    (NonSpikingMatrixConnection(np.eye(2), 20.0, 0.0, 20.0), "'ab' is of graded synapses, with conductances"),
    (GradedCurrentSynapse(), "'ab' is of graded synapses"),
    (SpikingSynapse(), "'ab' is of conductances with a reversal potential"),
    (ConductanceSynapse(), "'ab' is of conductances with a reversal potential"),
    (SparseConnection(ConductanceSynapse(), [0], [1]), "'ab' is of conductances with a reversal potential"),
    (ElectricalSynapse(0.1), "'ab' is of electrical synapses"),
    (DeltaSynapse(), "'ab' is of synapses that move the potential at once"),
    (CurrentSynapse(1.0, 5.0, rise_time=1.0), "'ab' has currents with a rise time"),
    (CurrentSynapse(1.0, 5.0, short_term=TsodyksMarkram()), "'ab' has short-term plasticity"),
    (CurrentSynapse(0.5, 5.0, plasticity=STDP()), "'ab' learns"),
]


@pytest.mark.parametrize(("connection", "message"), CANNOT)
def test_synapses_that_nir_cannot_say(connection, message):
    net = pair(connection)
    with pytest.raises(NetworkError, match=f"NIR cannot say all of network 'pair'(.|\n)*{message}(.|\n)*subset=True"):
        to_nir(net, DT)
    report = []
    graph = to_nir(net, DT, subset=True, report=report)
    assert [n.names for n in report if n.kind == "missing"] == [("ab",)]
    assert {"a", "b"} <= set(graph.nodes)


NEURONS = [
    (SpikingNeuron(refractory_period=2.0), "population 'b' has a refractory period"),
    (SpikingNeuron(threshold_increment=0.1), "population 'b' has thresholds that move"),
    (SpikingNeuron(threshold_proportionality_constant=0.1), "population 'b' has thresholds that move"),
    (SpikingNeuron(threshold_floor=2.0), "population 'b' has thresholds that move"),
    (SpikingNeuron(reset_mode="subtract"), "population 'b' is reset by subtraction"),
    (NonSpikingNeuron(membrane_conductance=[0.0, 1.0]), "population 'b' has neurons with and without a leak"),
    (
        NonSpikingNeuronWithPersistentSodiumChannel(),
        "population 'b' is of NonSpikingNeuronWithPersistentSodiumChannels",
    ),
]


@pytest.mark.parametrize(("neuron", "message"), NEURONS)
def test_neurons_that_nir_cannot_say(neuron, message):
    net = pair(CurrentSynapse(1.0, 5.0), target=neuron)
    with pytest.raises(NetworkError, match=message):
        to_nir(net, DT)
    report = []
    graph = to_nir(net, DT, subset=True, report=report)
    assert ("b",) in [note.names for note in report if note.kind == "missing"]
    gone = "leak" in message or "is of" in message
    assert ("b" in graph.nodes) is not gone
    if gone:  # what hung on it is listed, too
        assert [note.names[0] for note in report if note.kind == "missing"] == ["b", "ab", "y"]


def test_everything_that_cannot_be_said_is_listed_at_once():
    net = pair(NonSpikingSynapse(), target=SpikingNeuron(refractory_period=2.0, threshold_increment=0.1))
    net.add_population(LIFNeuron(), 1, "c", initial_value=0.5)
    net.add_noise("a", OrnsteinUhlenbeckNoise(0.3), "hum")
    net.add_input("c", 1, "g", through=ConductanceSynapse())
    net.add_output("a", "v")
    net.add_output("a", "theta", kind="threshold")
    with pytest.raises(NetworkError) as caught:
        to_nir(net, DT)
    listed = str(caught.value)
    for part in (
        "'ab' is of graded",
        "'b' has a refractory",
        "'b' has thresholds",
        "'c' starts at other",
        "noise 'hum'",
        "input 'g' comes through a conductance",
        "output 'v' shows a voltage",
        "output 'theta' shows a threshold",
    ):
        assert part in listed  # fmt: skip


def test_without_a_report_what_is_left_out_is_a_warning():
    with pytest.warns(NirWarning, match="'ab' is of electrical synapses; this is left out"):
        to_nir(pair(ElectricalSynapse(0.1)), DT, subset=True)
    only = Network("only")
    only.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(), "n")
    with pytest.raises(NetworkError, match="no neurons that NIR can say"):
        to_nir(only, DT, subset=True)
    with pytest.raises(NetworkError, match="is no network"):
        to_nir("net", DT)
    with pytest.raises(NetworkError, match="subset is 'yes'"):
        to_nir(only, DT, subset="yes")


def spikes_of(net, x):
    model = net.compile(DT, "numpy")
    return np.array([np.array(model(row)) for row in x])


def test_a_network_of_this_package_keeps_its_spikes():
    rng = np.random.default_rng(7)
    net = Network("mixed")
    net.add_population(LIFNeuron(8.0, 0.8, reset_potential=-0.1), (2, 3), "a")
    net.add_population(LIFNeuron(12.0, 0.6, membrane_conductance=0.5), 4, "b")
    net.add_population(NonSpikingNeuron(membrane_capacitance=6.0), 2, "shown")
    net.add_input("a", 6, "x")
    net.add_input("a", 2, "filtered", weights=rng.random((6, 2)) / 4, through=CurrentSynapse(1.0, 3.0))
    for tau in (2.0, 6.0):  # fast and slow synapses at the same neurons
        net.add_connection(CurrentSynapse(rng.normal(0.3, 0.3, (4, 6)), tau), "a", "b")
    net.add_connection(CurrentSynapse(rng.normal(0, 0.3, (4, 4)), 0.0, delay=3 * DT), "b", "b")
    one_by_one = SparseConnection(
        CurrentSynapse(0.3, 4.0), [0, 1, 3, 3], [1, 0, 0, 1], delay=np.array([0, 1, 2, 5]) * DT
    )
    net.add_connection(one_by_one, "b", "shown")
    net.add_output("a", "sa", spiking=True)
    net.add_output("b", "sb", spiking=True)
    net.add_output("shown", "v")
    report = []
    again = from_nir(to_nir(net, DT, report=report), DT, report=report)
    assert not [note for note in report if not note.harmless and note.kind != "input"]
    x = np.column_stack([rng.uniform(0, 2, (80, 6)), rng.uniform(0, 1, (80, 2))])
    first, second = spikes_of(net, x), spikes_of(again, x)
    assert first[:, :6].sum() > 20
    assert first[:, 6:10].sum() > 20
    np.testing.assert_array_equal(second[:, :10], first[:, :10])
    np.testing.assert_allclose(second[:, 10:], first[:, 10:], rtol=1e-9, atol=1e-12)


def test_what_begins_or_arrives_at_another_time_is_said():
    net = pair(CurrentSynapse(1.0, 5.0), target=LIFNeuron(bias=0.5))
    with pytest.warns(NirWarning, match="the bias of 'b' begins in step 0; .* which would be step 1 here"):
        to_nir(net, DT)
    net = pair(CurrentSynapse(1.0, 0.0))
    net.add_population(LIFNeuron(), 2, "c")
    net.add_connection(CurrentSynapse(1.0, 0.0), "b", "c")
    net.add_connection(CurrentSynapse(1.0, 0.0), "a", "c")
    net.add_output("c", "z", spiking=True)
    with pytest.warns(NirWarning, match="from 'a' reaches 'c' here 1 step earlier"):
        to_nir(net, DT)


def test_a_neuron_alone_with_a_bias_comes_through():
    net = Network("alone")
    net.add_population(LIFNeuron(10.0, 1.0, bias=[1.5, 3.0]), 2, "a")
    net.add_output("a", "s", spiking=True)
    report = []
    again = from_nir(to_nir(net, DT, report=report), DT, report=report)
    assert not [note for note in report if not note.harmless]
    first = spikes_of(net, np.zeros((60, 0)))
    assert (first.sum(0) > 1).all()
    np.testing.assert_array_equal(spikes_of(again, np.zeros((60, 0))), first)
