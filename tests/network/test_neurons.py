"""Neuron descriptions: defaults, arrays, and what they refuse."""

import dataclasses

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import (
    Network,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    SpikingNeuron,
)


def test_defaults_are_those_of_sns_toolbox():
    assert dataclasses.asdict(NonSpikingNeuron()) == {
        "name": "Neuron", "color": "white", "membrane_capacitance": 5.0, "membrane_conductance": 1.0,
        "resting_potential": 0.0, "bias": 0.0,
    }  # fmt: skip
    spiking = SpikingNeuron()
    assert (spiking.threshold_time_constant, spiking.threshold_initial_value) == (5.0, 1.0)
    assert (spiking.threshold_proportionality_constant, spiking.threshold_leak_rate) == (0.0, 1.0)
    assert spiking.threshold_floor is None and spiking.reset_potential is None
    sodium = NonSpikingNeuronWithPersistentSodiumChannel()
    assert (sodium.e_ion, sodium.slope_m, sodium.e_m, sodium.k_h, sodium.slope_h) == (110.0, 0.05, 20.0, 0.5, -0.05)


def test_default_sodium_conductance_makes_an_equilibrium_at_20_mV():
    sodium = NonSpikingNeuronWithPersistentSodiumChannel()
    m = 1 / (1 + np.exp(0.05 * (20 - 20)))
    h = 1 / (1 + 0.5 * np.exp(-0.05 * (0 - 20)))
    assert sodium.g_ion * m * h * (110 - 20) == pytest.approx(20.0, abs=1e-12)


def test_positional_order_is_that_of_sns_toolbox():
    assert SpikingNeuron(7.0, 2.0, -0.5).threshold_proportionality_constant == -0.5
    gated = NonSpikingNeuronWithGatedChannels(
        [1.0], [50.0], [3], [1.0], [0.1], [-40.0], [1], [0.6], [-0.1], [-60.0], [9.0]
    )
    assert gated.channels["tau_max_b"].tolist() == [[9.0]] and gated.channels["pow_c"].tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: NonSpikingNeuron(membrane_capacitance=0), r"'Neuron': membrane_capacitance is 0; .* more than 0"),
        (lambda: NonSpikingNeuron(membrane_conductance=-1), "membrane_conductance is -1; it must be 0 or more"),
        (lambda: NonSpikingNeuron(bias=float("nan")), "bias is nan; it must be finite"),
        (lambda: NonSpikingNeuron(resting_potential=[0, np.inf]), "resting_potential is inf"),
        (lambda: NonSpikingNeuron(bias="5"), "bias is '5'; give a number"),
        (lambda: NonSpikingNeuron(bias=None), "bias is None; give a number"),
        (lambda: NonSpikingNeuron(bias=[[1], [1, 2]]), "bias is .*give a number"),
        (lambda: NonSpikingNeuron(name=""), "name is ''; give a text"),
        (lambda: SpikingNeuron(threshold_time_constant=0), "threshold_time_constant is 0"),
        (lambda: SpikingNeuron(refractory_period=-1), "refractory_period is -1"),
        (lambda: SpikingNeuron(threshold_floor=np.nan), "threshold_floor is nan"),
        (lambda: NonSpikingNeuronWithGatedChannels([], []), "g_ion is empty"),
        (lambda: NonSpikingNeuronWithGatedChannels([1, 2], [1, 2, 3]), r"e_ion has shape \(3,\) for 2 channels"),
        (lambda: NonSpikingNeuronWithGatedChannels(-1.0, 50.0), "g_ion is -1"),
        (lambda: NonSpikingNeuronWithGatedChannels(1.0, 50.0, tau_max_b=0), "tau_max_b is 0"),
        (lambda: NonSpikingNeuronWithGatedChannels(1.0, 50.0, k_c=0), "k_c is 0; it must be more than 0"),
        (
            lambda: NonSpikingNeuronWithGatedChannels(1.0, 50.0, tau_mode_b="slow"),
            "tau_mode_b is 'slow'; give 'voltage'",
        ),
        (
            lambda: NonSpikingNeuronWithGatedChannels([1, 2], 50.0, tau_mode_c=("constant",)),
            r"tau_mode_c is \('constant',\)",
        ),
        (lambda: NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=-3), "tau_max_h is -3"),
        (lambda: NonSpikingNeuronWithPersistentSodiumChannel(tau_mode_h=""), "tau_mode_h is ''"),
    ],
)
def test_bad_parameters_are_refused_when_the_neuron_is_described(make, complaint):
    with pytest.raises(NetworkError, match=complaint):
        make()


def test_a_description_keeps_its_own_numbers():
    bias = np.array([1.0, 2.0])
    neuron = NonSpikingNeuron(bias=bias)
    bias[:] = 9.0
    assert np.asarray(neuron.bias).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(neuron.bias)[0] = 5.0


def test_arrays_give_each_neuron_its_own_parameters():
    net = Network()
    net.add_population(SpikingNeuron(bias=[1, 2, 3], threshold_initial_value=[4, 5, 6], resting_potential=-60), 3)
    net.add_population(NonSpikingNeuron(membrane_capacitance=np.arange(1, 7).reshape(2, 3)), (2, 3))
    program = net.to_program(dt=0.1)
    assert program.bias[:3].tolist() == [1, 2, 3]
    assert program.initial_threshold.tolist() == [4, 5, 6]
    assert program.reset_potential.tolist() == [-60] * 3  # left out: the resting potential
    assert program.membrane_factor[3:] == pytest.approx(0.1 / np.arange(1, 7))


def test_channel_parameters_may_differ_between_channels_and_between_neurons():
    neuron = NonSpikingNeuronWithGatedChannels(
        [[1, 2, 3], [4, 5, 6]], [50, -80], pow_b=[1, 4], tau_max_b=[[10, 20, 30]]
    )
    net = Network()
    net.add_population(neuron, 3)
    program = net.to_program(dt=1e-3)
    assert program.channel_row.tolist() == [0, 2, 4, 6]
    assert program.channel_conductance.tolist() == [1, 4, 2, 5, 3, 6]
    assert program.channel_reversal.tolist() == [50, -80] * 3
    assert program.gate_power[1].tolist() == [1, 4] * 3
    assert program.gate_factor[0] == pytest.approx(1e-3 / np.repeat([10, 20, 30], 2))


@pytest.mark.parametrize(
    ("neuron", "complaint"),
    [
        (NonSpikingNeuron(bias=[1, 2, 3, 4]), "population 'cells': bias has 4 values for 3 neurons"),
        (SpikingNeuron(threshold_increment=[1, 2]), "threshold_increment has 2 values for 3 neurons"),
        (NonSpikingNeuronWithGatedChannels([[1.0, 2.0]], 50.0), "g_ion has values for 2 neurons; there are 3"),
        (NonSpikingNeuronWithPersistentSodiumChannel(g_ion=[1.0, 2.0]), "g_ion has values for 2 neurons"),
    ],
)
def test_arrays_of_another_length_are_refused_when_the_population_is_added(neuron, complaint):
    net = Network()
    with pytest.raises(NetworkError, match=complaint):
        net.add_population(neuron, 3, name="cells")
    assert net.population_names == ()
