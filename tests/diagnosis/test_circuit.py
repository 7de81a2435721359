"""What is read back from a model is what was attached; the bounds of potentials hold."""

import mujoco
import numpy as np
import pytest
import random_networks
from hypothesis import given, settings
from hypothesis import strategies as st

import sns_mujoco as sns
from sns_mujoco.adapters import Command
from sns_mujoco.diagnosis.circuit import read_circuit
from sns_mujoco.diagnosis.reach import openness, reachable

STICK = '<mujoco><worldbody><body><joint name="j"/><geom size=".1"/></body></worldbody></mujoco>'


def read(network, adapters=(), dt=0.1, **options):
    model = sns.attach(STICK, network, adapters, dt=dt, **options).compile()
    brain = next(iter(sns.find_brains(model).values()))
    return read_circuit(model, brain), network.to_program(dt=dt, **options)


def rows(edges, kind):
    """Connections of one kind as a sorted table."""
    own = np.array([k == kind for k in edges.kind], bool)
    columns = [getattr(edges, name)[own] for name in ("source", "target", "strength", "reversal", "lo", "hi")]
    return np.array(sorted(map(tuple, np.nan_to_num(np.column_stack(columns), nan=-1e9).tolist())))


def targets(row, n):
    return np.repeat(np.arange(n), np.diff(row.astype(np.int64)))


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("seed", [0, 1])
def test_everything_is_read_back(seed, integrator):
    circuit, program = read(random_networks.random_network(seed), dt=0.05, integrator=integrator)
    n, edges = program.n_neurons, circuit.edges
    ordinary = ~circuit.custom
    assert circuit.exponential == program.exponential
    for ours, theirs in (("speed", "membrane_factor"), ("leak", "leak_conductance"), ("rest", "resting_potential")):
        assert np.array_equal(getattr(circuit, ours)[ordinary], getattr(program, theirs)[ordinary])
    assert np.array_equal(circuit.bias, program.bias)
    for place, neuron in enumerate(program.spiking_neuron):
        assert circuit.custom[neuron] or circuit.threshold[neuron] == program.initial_threshold[place]

    kept = program.graded_conductance != 0
    expected = np.column_stack(
        [program.graded_source, targets(program.graded_row, n), program.graded_conductance, program.graded_reversal,
         program.graded_e_lo, program.graded_e_hi]
    )[kept]  # fmt: skip
    assert np.allclose(rows(edges, "graded"), sorted(map(tuple, expected.tolist())))
    spikers = program.spiking_neuron[program.spiking_source]
    found = rows(edges, "spiking")[:, :4]
    expected = [spikers, targets(program.spiking_row, n), program.spiking_conductance, program.spiking_reversal]
    assert np.allclose(found, sorted(map(tuple, np.column_stack(expected).tolist())))
    assert len(rows(edges, "electrical")) == len(program.junction_other)
    weighted = rows(edges, "weighted")
    assert sorted(weighted[:, 0]) == sorted(program.weighted.source)
    assert np.allclose(sorted(circuit.channels[:, 1]), sorted(program.channel_conductance))
    assert len(circuit.noise) == len(program.noise.neuron)

    event_source = program.spiking_neuron[targets(program.events.row, len(program.spiking_neuron))]
    event_target = targets(program.receptors.row, n)[program.events.receptor]
    assert np.array_equal(
        rows(edges, "receptor")[:, :2], sorted(map(tuple, zip(event_source, event_target, strict=True)))
    )
    into = np.column_stack([program.input_element, program.input_neuron])
    assert sorted(map(tuple, circuit.inputs[:, :2].astype(int))) == sorted(map(tuple, into.tolist()))


def chain() -> sns.Network:
    """A neuron that excites and is inhibited by another one."""
    net = sns.Network("pair")
    net.add_neuron(sns.NonSpikingNeuron(), "a")
    net.add_neuron(sns.NonSpikingNeuron(bias=2.0), "b")
    net.add_connection(sns.NonSpikingSynapse(1.0, 60.0, 0.0, 20.0), "a", "b")
    net.add_connection(sns.NonSpikingSynapse(0.5, -40.0, 0.0, 20.0), "b", "a")
    return net


def test_bounds_of_two_neurons_by_hand():
    circuit, _ = read(chain(), [Command("go", to="a", range=(0, 1), gain=10.0)])
    low, high = reachable(circuit, np.array([[0.0, 10.0], [0.0, 0.0]]))
    # b is at least 2 mV, so its synapse is at least a tenth open: 10 = V + 0.05 (V + 40)
    assert high[0] == pytest.approx((10.0 - 0.05 * 40.0) / 1.05)
    # and with a at 7.62 mV 0.38 uS pull b to 60 mV
    g = high[0] / 20.0
    assert high[1] == pytest.approx((2.0 + 60.0 * g) / (1.0 + g))
    assert low[1] == pytest.approx(2.0)
    least, most = openness(circuit, low, high)
    assert least[np.flatnonzero(circuit.edges.source == 1)[0]] == pytest.approx(0.1)
    assert most[np.flatnonzero(circuit.edges.source == 0)[0]] == pytest.approx(g)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), drive=st.floats(-20.0, 20.0))
def test_bounds_hold_in_random_networks(seed, drive):
    """Whatever a network of graded synapses, sodium channels and junctions does, it does inside the bounds."""
    rng = np.random.default_rng(seed)
    net = sns.Network("random")
    for i in range(6):
        kind = sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=50.0) if i % 3 == 2 else sns.NonSpikingNeuron(
            resting_potential=rng.uniform(-70, 5), bias=rng.uniform(-5, 5)
        )  # fmt: skip
        net.add_neuron(kind, f"n{i}")
    for _ in range(12):
        source, target = rng.integers(0, 6, 2)
        lo = rng.uniform(-60, 10)
        kind = sns.NonSpikingSynapse(rng.uniform(0.05, 2), rng.uniform(-90, 90), lo, lo + rng.uniform(2, 30))
        net.add_connection(kind, f"n{source}", f"n{target}")
    net.add_connection(sns.ElectricalSynapse(0.3), "n0", "n1")
    circuit, _ = read(net, [Command("go", to="n0", range=(0, 1), gain=drive)])
    currents = np.zeros((6, 2))
    currents[0] = min(drive, 0.0), max(drive, 0.0)
    low, high = reachable(circuit, currents)
    simulation = sns.Simulation(sns.attach(STICK, net, [Command("go", to="n0", range=(0, 1), gain=drive)], dt=0.1))
    assert simulation.model.opt.timestep == 0.002
    for value in (0.0, 1.0, 0.4):
        simulation.commands["go"] = value
        simulation.step(150)
        for _ in range(20):
            simulation.step(5)
            assert (simulation.potentials >= low - 1e-3).all() and (simulation.potentials <= high + 1e-3).all()


def test_reading_does_not_need_the_network():
    """An MJB file holds all that is read."""
    model = sns.attach(STICK, chain(), [], dt=0.1).compile()
    buffer = np.empty(mujoco.mj_sizeModel(model), np.uint8)
    mujoco.mj_saveModel(model, None, buffer)
    loaded = mujoco.MjModel.from_binary_path("model.mjb", {"model.mjb": buffer.tobytes()})
    circuit = read_circuit(loaded, next(iter(sns.find_brains(loaded).values())))
    assert circuit.names == ("a", "b") and len(circuit.edges) == 2
