"""Functional subnetworks that add and multiply reach what is wanted, as closely as their documentation says."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.subnetworks import (
    AdditionNetwork,
    DivisionNetwork,
    ModulationNetwork,
    MultiplicationNetwork,
    SubtractionNetwork,
    TransmissionNetwork,
)

# R, resting potential, membrane conductance, bias: of SNS-Toolbox's examples, of a biologist's, and a biased one
FRAMES = [(20.0, 0.0, 1.0, 0.0), (8.0, -60.0, 2.5, 0.0), (50.0, -62.0, 0.4, 3.0)]
frames = pytest.mark.parametrize(("R", "rest", "G", "bias"), FRAMES)


def kind(rest, G, bias):
    """A neuron with a time constant of 1 ms."""
    return NonSpikingNeuron(membrane_capacitance=G, membrane_conductance=G, resting_potential=rest, bias=bias)


def answers(network, sources, result, R, G, points=6):
    """Steady u = U / R of the result [n] with the sources at all points of a grid, and these [sources, n]."""
    for source in sources:
        network.add_input(source)
    network.add_output(result)
    places = np.array(list(product(np.linspace(0.0, 1.0, points), repeat=len(sources))))
    model = network.compile(dt=0.02)
    rest = network.populations[0].neuron.resting_potential + network.populations[0].neuron.bias / G
    u = []
    for place in places:
        model.reset()
        u.append((model.run(np.tile(place * R * G, (1500, 1)))[-1, 0] - rest) / R)
    return np.array(u), places.T


@frames
@pytest.mark.parametrize(("gain", "error"), [(1.0, 0.056), (0.5, 0.0133), (-1.0, 0.056)])
def test_transmission(R, rest, G, bias, gain, error):
    u, (x,) = answers(TransmissionNetwork(gain, "T", kind(rest, G, bias), R), [0], 1, R, G, points=11)
    assert u[-1] == pytest.approx(gain)
    assert 0.9 * error < np.abs(u - gain * x).max() < error
    u, (x,) = answers(TransmissionNetwork(gain, "T", kind(rest, G, bias), R, balanced=True), [0], 1, R, G)
    np.testing.assert_allclose(u, gain * x, atol=1e-9)


def test_a_close_reversal_potential_bends_the_response():
    u, (x,) = answers(TransmissionNetwork(del_e=40.0), [0], 1, 20.0, 1.0, points=11)
    assert np.abs(u - x).max() == pytest.approx(0.17, abs=0.005)


@frames
def test_modulation(R, rest, G, bias):
    u, (modulator, target) = answers(ModulationNetwork(0.25, "M", kind(rest, G, bias), R), [0, 1], 1, R, G)
    np.testing.assert_allclose(u, target / (1 + 3 * modulator), atol=1e-9)


@frames
def test_addition(R, rest, G, bias):
    def added(gains, **options):
        network = AdditionNetwork(gains, 5 * R, -2 * R, kind(rest, G, bias), R=R, **options)
        return answers(network, range(1, len(gains) + 1), 0, R, G)

    u, x = added([0.5, 0.5])
    assert u[-1] == pytest.approx(1 / 1.1)  # the documented 0.91
    alone = (x > 0).sum(0) * x.max(0) == 1
    np.testing.assert_allclose(u[alone], 0.5)
    u, x = added([1.0, -1.0])
    assert u[-1] == pytest.approx(-1 / 3)  # the documented -0.33
    for gains in ([1.0, -1.0], [0.5, 0.5], [0.3, -0.7, 1.2]):
        u, x = added(gains, balanced=True)
        np.testing.assert_allclose(u, gains @ x, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(0.05, 0.9) | st.floats(-0.4, -0.05), min_size=1, max_size=4),
    st.floats(1.0, 80.0),
    st.floats(-90.0, 20.0),
)
def test_balanced_addition_is_exact_wherever_it_is_granted(gains, R, rest):
    network = AdditionNetwork(gains, 5 * R, -2 * R, kind(rest, 1.0, 0.0), R=R, balanced=True)
    x = np.linspace(0.2, 0.9, len(gains))
    for i in range(len(gains)):
        network.add_input(i + 1)
    network.add_output("AddSum")
    y = network.compile(0.02).run(np.tile(x * R, (1500, 1)))[-1, 0]
    assert (y - rest) / R == pytest.approx(gains @ x, abs=1e-8)


@frames
def test_subtraction(R, rest, G, bias):
    u, (plus, minus) = answers(SubtractionNetwork(1.0, "S", kind(rest, G, bias), R), [0, 1], 2, R, G)
    np.testing.assert_allclose(u[plus == minus], 0.0, atol=1e-9)
    assert u[(plus == 1) & (minus == 0)] == pytest.approx(1.0)
    assert np.abs(u - (plus - minus)).max() == pytest.approx(0.23, abs=0.005)
    u, (plus, minus) = answers(SubtractionNetwork(1.0, "S", kind(rest, G, bias), R, balanced=True), [0, 1], 2, R, G)
    np.testing.assert_allclose(u, plus - minus, atol=1e-9)


@frames
def test_multiplication(R, rest, G, bias):
    neuron = kind(rest, G, bias)
    u, (a, b) = answers(MultiplicationNetwork(neuron, R=R, del_e=2 * R), [0, 1], 3, R, G)
    assert 0.02 < np.abs(u - a * b).max() < 0.0239
    u, (a, b) = answers(MultiplicationNetwork(neuron, R=R, del_e=2 * R, exact=True), [0, 1], 3, R, G)
    np.testing.assert_allclose(u, a * b, atol=1e-9)


@frames
@pytest.mark.parametrize(("gain", "ratio"), [(1.0, 0.5), (0.5, 0.1), (1.5, 1.0)])
def test_division(R, rest, G, bias, gain, ratio):
    u, (a, b) = answers(DivisionNetwork(gain, ratio, "D", kind(rest, G, bias), R, del_e=2 * R), [0, 1], 2, R, G)
    np.testing.assert_allclose(u, gain * a / (1 + (1 / ratio - 1) * b), atol=1e-9)


def test_what_is_below_rest_is_not_passed_on():
    network = MultiplicationNetwork(exact=True)
    for i in (0, 1):
        network.add_input(i)
    network.add_output(3)
    y = network.compile(0.05).run(np.tile([-10.0, 15.0], (2000, 1)))[-1, 0]
    assert y == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: AdditionNetwork([1.0, 0.0]), "must not be 0"),
        (lambda: AdditionNetwork([6.0]), "beyond gain \\* R = 120 mV"),
        (lambda: AdditionNetwork([]), "the gain of each input"),
        (lambda: AdditionNetwork([[1.0, 2.0]]), "the gain of each input"),
        (lambda: AdditionNetwork([3.0, 3.0], balanced=True), "it is 1.2: give reversal potentials farther"),
        (lambda: AdditionNetwork([np.nan]), "gains is nan"),
        (lambda: AdditionNetwork([1.0], R=0.0), "R is 0"),
        (lambda: AdditionNetwork([1.0], neuron_type=SpikingNeuron()), "plain leaky membranes"),
        (lambda: AdditionNetwork([1.0], neuron_type=NonSpikingNeuron(bias=[0.0, 1.0])), "bias has shape"),
        (lambda: AdditionNetwork([1.0], neuron_type=NonSpikingNeuron(membrane_conductance=0.0)), "more than 0"),
        (lambda: SubtractionNetwork(sub_del_e=10.0), "one below 0"),
        (lambda: SubtractionNetwork(-1.0), "gain is -1"),
        (lambda: TransmissionNetwork(1.0, del_e=15.0), "beyond gain"),
        (lambda: ModulationNetwork(1.5), "can only reduce"),
        (lambda: ModulationNetwork(0.0), "more than 0"),
        (lambda: MultiplicationNetwork(R=40.0), "potential 40 mV from rest"),
        (lambda: MultiplicationNetwork(R=30.0, exact=True), "farther from rest"),
        (lambda: DivisionNetwork(1.0, 2.0), "DivisionNetwork 'Divide': ratio is 2"),
        (lambda: DivisionNetwork(2.0, 0.5), "beyond gain"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()
