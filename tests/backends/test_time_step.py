"""A neural step that is too large is refused, with the largest one that is not."""

import re

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, TimeStepError


def leaky(net):
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=1.5, membrane_conductance=2.0, bias=3.0), "culprit")
    return "membrane of 'culprit'", 2 * 1.5 / 2.0


def synapses(net):
    net.add_neuron(sns.NonSpikingNeuron(bias=20.0), "pre", initial_value=20.0)
    net.add_neuron(sns.NonSpikingNeuron(), "culprit")
    net.add_connection(sns.NonSpikingSynapse(6.0, 50.0), "pre", "culprit")
    net.add_connection(sns.NonSpikingSynapse(8.0, -50.0), "pre", "culprit")
    return "membrane of 'culprit'", 2 * 5.0 / (1 + 6 + 8)


def junction(net):
    net.add_neuron(sns.NonSpikingNeuron(bias=3.0), "culprit")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=50.0), "other")
    net.add_connection(sns.ElectricalSynapse(4.0), "culprit", "other")
    return "membrane of 'culprit'", 2 * 5.0 / (1 + 2 * 4)


def channel(net):
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels(9.0, 50.0), "culprit")
    return "membrane of 'culprit'", 2 * 5.0 / (1 + 9)


def threshold(net):
    net.add_neuron(
        sns.SpikingNeuron(threshold_time_constant=0.3, threshold_leak_rate=1.5, bias=0.5, threshold_initial_value=9.0),
        "culprit", initial_value=1.0,
    )  # fmt: skip
    return "threshold of 'culprit'", 2 * 0.3 / 1.5


def decay(net):
    net.add_neuron(sns.SpikingNeuron(), "a")
    net.add_neuron(sns.NonSpikingNeuron(), "b")
    net.add_connection(sns.SpikingSynapse(time_constant=0.7), "a", "b", "culprit")
    return "conductance of synapse 'culprit'", 0.7


def gate(net):
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=0.9, tau_mode_h="constant"), "culprit")
    return "gate of 'culprit'", 0.9


@pytest.mark.parametrize("build", [leaky, synapses, junction, channel, threshold, decay, gate])
def test_the_largest_safe_step_is_named_accepted_and_stable(build):
    net = sns.Network()
    culprit, largest = build(net)
    with pytest.raises(TimeStepError) as caught:
        net.compile(largest * 1.01)
    assert culprit in str(caught.value)
    found = re.search(r"largest safe step is (\S+) ms", str(caught.value))
    assert found
    stated = float(found[1])
    assert largest * 0.98 <= stated <= largest * (1 + 1e-9)
    model = net.compile(stated)
    model.run(2000)
    assert np.abs(model.state[: model.layout.step.start]).max() < 1e3


def test_a_step_above_the_limit_really_diverges():
    net = sns.Network()
    _, largest = leaky(net)
    model = net.compile(largest * 1.05, semantics="sns-toolbox")  # which refuses nothing, and multiplies by G = 2
    model.run(500)
    assert np.abs(model.potentials).max() > 1e6


@pytest.mark.parametrize("dt", [0.0, -0.1, np.nan, np.inf, "0.1", None, True])
def test_a_step_that_is_no_duration_is_refused(dt):
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron())
    with pytest.raises(TimeStepError, match="give a positive number of ms"):
        net.compile(dt)


def test_an_empty_network_and_unknown_arguments_are_refused():
    net = sns.Network("nothing")
    with pytest.raises(NetworkError, match="network 'nothing' has no neurons"):
        net.compile(0.1)
    net.add_neuron(sns.NonSpikingNeuron())
    with pytest.raises(NetworkError, match="backend is 'iterative'; give one of 'numba', 'numpy'"):
        net.compile(0.1, "iterative")
    with pytest.raises(NetworkError, match="device is 'cuda'"):
        net.compile(0.1, "numba", "cuda")
    with pytest.raises(NetworkError, match="semantics is 'toolbox'; give 'textbook' or 'sns-toolbox'"):
        net.compile(0.1, semantics="toolbox")
