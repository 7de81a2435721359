"""Membranes, graded synapses and junctions against their closed solutions."""

import numpy as np
import pytest

from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingSynapse,
)


def cells(*biases, names="abcdef"):
    net = Network()
    for name, bias in zip(names, biases, strict=False):
        net.add_neuron(NonSpikingNeuron(bias=bias), name)
        net.add_output(name)
    return net


def steady(net, backend, dt=0.1, steps=3000):
    return net.compile(dt=dt, backend=backend).run(steps)[-1]


def test_membrane_relaxes_with_capacitance_over_conductance(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=6.0, membrane_conductance=2.0, resting_potential=-60.0))
    net.add_input(0)
    net.add_output(0)
    potential = net.compile(dt=0.01, backend=backend).run(np.full((900, 1), 10.0))[:, 0]
    step = np.arange(1, 901)
    euler = -60 + 10 / 2 * (1 - (1 - 0.01 * 2 / 6) ** step)
    np.testing.assert_allclose(potential, euler, rtol=0, atol=1e-11)
    np.testing.assert_allclose(potential, -60 + 5 * (1 - np.exp(-0.01 * step * 2 / 6)), rtol=0, atol=5e-3)


def test_without_a_leak_a_neuron_integrates(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuron(membrane_conductance=0.0, bias=2.0))
    net.add_output(0)
    assert net.compile(dt=0.5, backend=backend).run(100)[-1] == pytest.approx(100 * 0.5 * 2.0 / 5.0)


def test_sns_toolbox_scales_every_current_by_the_leak(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuron(membrane_conductance=2.0))
    net.add_input(0)
    net.add_output(0)
    assert net.compile(dt=0.1, backend=backend)([10.0])[0] == pytest.approx(0.2)
    assert net.compile(dt=0.1, backend=backend, semantics="sns-toolbox")([10.0])[0] == pytest.approx(0.4)


@pytest.mark.parametrize(("pre", "share"), [(-5.0, 0.0), (0.0, 0.0), (5.0, 0.25), (20.0, 1.0), (35.0, 1.0)])
@pytest.mark.parametrize("falling", [False, True])
def test_graded_synapse_is_a_ramp(backend, pre, share, falling):
    net = cells(pre, 0.0)
    lo, hi = (20.0, 0.0) if falling else (0.0, 20.0)
    net.add_connection(NonSpikingSynapse(0.5, 100.0, lo, hi), "a", "b")
    g = 0.5 * (1 - share if falling else share)
    assert steady(net, backend)[1] == pytest.approx(100 * g / (1 + g), abs=1e-9)


def test_parallel_synapses_add_up(backend):
    net = cells(20.0, 0.0)
    net.add_connection(NonSpikingSynapse(0.5, 40.0), "a", "b")
    net.add_connection(NonSpikingSynapse(0.25, -30.0), "a", "b")
    net.add_connection(NonSpikingMatrixConnection([[1.0]], 10.0), "a", "b")
    expected = (0.5 * 40 - 0.25 * 30 + 1.0 * 10) / (1 + 0.5 + 0.25 + 1.0)
    assert steady(net, backend)[1] == pytest.approx(expected, abs=1e-9)


def test_populations_share_out_the_conductance(backend):
    net = Network()
    net.add_population(NonSpikingNeuron(bias=[20.0, 20.0, 0.0, 10.0]), 4, "many")
    net.add_neuron(NonSpikingNeuron(), "one")
    net.add_connection(NonSpikingSynapse(2.0, 40.0), "many", "one")
    net.add_output("one")
    g = 2.0 / 4 * (1 + 1 + 0 + 0.5)
    assert steady(net, backend)[0] == pytest.approx(40 * g / (1 + g), abs=1e-9)


def test_junction_pulls_both_ends_together(backend):
    net = cells(10.0, 0.0)
    net.add_connection(ElectricalSynapse(0.5), "a", "b")
    np.testing.assert_allclose(steady(net, backend), np.linalg.solve([[1.5, -0.5], [-0.5, 1.5]], [10, 0]), atol=1e-9)


@pytest.mark.parametrize(("a", "b"), [(10.0, 0.0), (0.0, 10.0)])
def test_rectifying_junction_conducts_one_way(backend, a, b):
    net = cells(a, b)
    net.add_connection(ElectricalSynapse(0.5, rect=True), "a", "b")
    expected = np.linalg.solve([[1.5, -0.5], [-0.5, 1.5]], [10, 0]) if a > b else [0, 10]
    np.testing.assert_allclose(steady(net, backend), expected, atol=1e-9)


def test_junctions_of_a_population_with_itself_join_each_pair_once(backend):
    net = Network()
    net.add_population(NonSpikingNeuron(bias=[9.0, 3.0, 0.0]), 3)
    net.add_connection(ElectricalSynapse(0.6), 0, 0)
    net.add_output(0)
    laplacian = 0.2 * (3 * np.eye(3) - np.ones((3, 3)))
    np.testing.assert_allclose(steady(net, backend), np.linalg.solve(np.eye(3) + laplacian, [9, 3, 0]), atol=1e-9)
    two_way = net.copy().to_program()
    net.add_connection(ElectricalSynapse(0.6, rect=True), 0, 0)
    assert len(net.to_program().junction_other) == 3 * len(two_way.junction_other) == 18


def test_inputs_are_copied_to_all_or_dealt_out_and_add_up(backend):
    net = Network()
    net.add_population(NonSpikingNeuron(), 3, "p")
    net.add_input("p", name="all")
    net.add_input("p", size=3, name="each")
    net.add_output("p")
    assert net.compile(dt=1.0, backend=backend)([5.0, 1.0, 2.0, 3.0]) == pytest.approx(np.array([6.0, 7.0, 8.0]) / 5)
