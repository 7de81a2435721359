"""Network to program: edges, what the semantics change, and how long it takes."""

import numpy as np
import pytest

from sns_mujoco.backends.program import OutputKind
from sns_mujoco.errors import NetworkError
from sns_mujoco.network import (
    CurrentSynapse,
    ElectricalSynapse,
    LIFNeuron,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    SparseConnection,
    SpikingMatrixConnection,
    SpikingNeuron,
    SpikingSynapse,
)


def pair(*connections):
    net = Network()
    net.add_neuron(SpikingNeuron(), "a")
    net.add_neuron(NonSpikingNeuron(), "b")
    for k, connection in enumerate(connections):
        net.add_connection(connection, "a", "b", name=f"c{k}")
    return net


def test_edges_are_sorted_by_target_and_keep_the_order_of_description():
    net = Network()
    net.add_population(NonSpikingNeuron(), 3)
    for source, target, g in ((0, 2, 0.1), (1, 0, 0.2), (0, 2, 0.3), (2, 0, 0.4)):
        matrix = np.zeros((3, 3))
        matrix[target, source] = g
        net.add_connection(NonSpikingMatrixConnection(matrix), 0, 0)
    program = net.to_program()
    assert program.graded_row.tolist() == [0, 2, 2, 4]
    assert program.graded_source.tolist() == [1, 2, 0, 0]
    assert program.graded_conductance.tolist() == [0.2, 0.4, 0.1, 0.3]


def test_programs_cannot_be_changed():
    program = pair(NonSpikingSynapse()).to_program()
    with pytest.raises(ValueError, match="read-only"):
        program.graded_conductance[0] = 2.0


def test_synapses_of_zero_conductance_are_left_out():
    assert len(pair(NonSpikingSynapse(0.0), SpikingSynapse(0.0)).to_program().synapse_names) == 0


def test_sns_toolbox_keeps_the_last_synapse_of_a_pair_and_one_reversal_potential():
    net = pair(
        NonSpikingSynapse(0.1, 10.0), NonSpikingSynapse(0.2, 20.0), SpikingSynapse(0.3, 30.0), SpikingSynapse(0.4, 40.0)
    )
    textbook, toolbox = net.to_program(), net.to_program(semantics="sns-toolbox")
    assert textbook.graded_conductance.tolist() == [0.1, 0.2] and textbook.graded_reversal.tolist() == [10, 20]
    assert textbook.spiking_conductance.tolist() == [0.3, 0.4] and textbook.spiking_reversal.tolist() == [30, 40]
    assert toolbox.graded_conductance.tolist() == [0.2] and toolbox.graded_reversal.tolist() == [40]
    assert toolbox.spiking_conductance.tolist() == [0.4] and toolbox.spiking_reversal.tolist() == [40]


@pytest.mark.parametrize(
    "last",
    [
        NonSpikingMatrixConnection([[0.0, 0.5], [0.0, 0.0]], 5.0),
        NonSpikingPatternConnection([[0.0], [0.5], [0.0]], 5.0),
    ],
)
def test_sns_toolbox_lets_a_matrix_overwrite_its_whole_block(last):
    net = Network()
    net.add_population(NonSpikingNeuron(), (2, 1))
    net.add_connection(NonSpikingSynapse(0.2), 0, 0)
    net.add_connection(last, 0, 0)
    kept = np.asarray(getattr(last, "max_conductance", np.eye(2) * 0.5))
    assert net.to_program(semantics="sns-toolbox").graded_conductance.sum() == pytest.approx(kept.sum())
    assert net.to_program().graded_conductance.sum() == pytest.approx(kept.sum() + 4 * 0.1)


def test_sns_toolbox_keeps_the_last_junction_of_a_pair_in_either_direction():
    net = pair(ElectricalSynapse(0.1), ElectricalSynapse(0.3, rect=True))
    net.add_connection(ElectricalSynapse(0.2), "b", "a")
    net.add_connection(ElectricalSynapse(0.4, rect=True), "b", "a")
    assert net.to_program().junction_conductance[:4].tolist() == [0.1, 0.3, 0.2, 0.4]
    program = net.to_program(semantics="sns-toolbox")
    assert program.junction_conductance.tolist() == [0.3, 0.2, 0.4] * 2
    assert program.junction_rule.tolist() == [2, 0, 1, 1, 0, 2]


def test_sns_toolbox_refuses_what_it_could_not_compile():
    net = Network()
    for channels in (2, 3):
        net.add_neuron(NonSpikingNeuronWithGatedChannels([1.0] * channels, 50.0), f"n{channels}")
    with pytest.raises(NetworkError, match="'n2' has 2 ion channels where another neuron has 3.*textbook"):
        net.to_program(semantics="sns-toolbox")
    assert net.to_program().channel_row.tolist() == [0, 2, 5]


def test_spikes_of_neurons_that_never_spike():
    net = pair()
    net.add_connection(SpikingSynapse(), "b", "a", name="dead")
    with pytest.raises(NetworkError, match="connection 'dead': its source 'b' never spikes.*use a non-spiking synapse"):
        net.to_program()
    net = pair()
    net.add_output("b", name="silence", spiking=True)
    with pytest.raises(NetworkError, match="output 'silence': 'b' never spikes; read its voltage"):
        net.to_program()
    net.add_connection(SpikingSynapse(), "b", "a")
    program = net.to_program(semantics="sns-toolbox")
    assert program.output_kind.tolist() == [OutputKind.ZERO] and len(program.spiking_source) == 0
    for backend in ("numpy", "numba"):
        assert net.compile(backend=backend, semantics="sns-toolbox").run(3).tolist() == [[0.0]] * 3


def test_outputs_of_connections_without_synapses_are_refused():
    net = pair(NonSpikingSynapse(0.0))
    net.add_output("c0", kind="current", name="read")
    with pytest.raises(NetworkError, match="output 'read': connection 'c0' has no synapse to read"):
        net.to_program()
    net = pair(NonSpikingSynapse(0.1), NonSpikingSynapse(0.2))
    net.add_output("c0", kind="current")
    net.to_program()
    with pytest.raises(NetworkError, match="replaced by another"):
        net.to_program(semantics="sns-toolbox")


def test_outputs_of_a_connection_come_in_the_order_of_its_pairs():
    net = Network()
    net.add_population(SpikingNeuron(), 2, "p")
    net.add_connection(SpikingSynapse(0.5), "p", "p", name="other")
    net.add_connection(SpikingMatrixConnection([[0.1, 0.2], [0.0, 0.3]]), "p", "p", name="m")
    net.add_output("m", kind="conductance", name="g")
    program = net.to_program()
    assert program.output_names == ("g[0,0]", "g[0,1]", "g[1,1]")
    assert program.spiking_conductance[program.output_index].tolist() == [0.1, 0.2, 0.3]
    assert [program.synapse_names[i] for i in program.output_index] == ["m[0,0]", "m[0,1]", "m[1,1]"]


def test_large_networks_compile():
    """10,000 neurons and 100,000 synapses; how fast stands in tests/benchmarks/building.py."""
    random = np.random.default_rng(0)
    from_matrix, all_to_all, singles = Network(), Network(), Network()
    matrix = np.zeros((1000, 9000))
    matrix.flat[random.choice(matrix.size, 100_000, replace=False)] = 0.01
    from_matrix.add_population(NonSpikingNeuron(), 9000)
    from_matrix.add_population(NonSpikingNeuron(), 1000)
    from_matrix.add_connection(NonSpikingMatrixConnection(matrix), 0, 1)
    all_to_all.add_population(NonSpikingNeuron(), 9990)
    all_to_all.add_population(NonSpikingNeuron(), 10)
    all_to_all.add_connection(NonSpikingSynapse(), 0, 1)
    for _ in range(1000):
        singles.add_neuron(NonSpikingNeuron())
    for source, target in random.integers(0, 1000, (5000, 2)):
        singles.add_connection(NonSpikingSynapse(0.1), source, target)
    counts = [len(net.to_program().graded_source) for net in (from_matrix, all_to_all, singles)]
    assert counts == [100_000, 99_900, len(singles.connections)]


def test_large_lists_compile():
    random = np.random.default_rng(0)
    net = Network()
    net.add_population(LIFNeuron(), 10_000, "p")
    source, target = random.integers(0, 10_000, (2, 100_000))
    further = {"weight": random.normal(size=100_000), "delay": random.uniform(1, 5, 100_000)}
    net.add_connection(SparseConnection(CurrentSynapse(), source, target, **further), "p", "p")
    program = net.to_program(0.1)
    assert len(program.events.weight) == len(list(program.event_names)) == 100_000
