"""Steps that are too large for explicit Euler are refused, with the largest that is not."""

import re

import numpy as np
import pytest

from sns_mujoco.errors import TimeStepError
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingSynapse,
    SpikingNeuron,
    SpikingSynapse,
)


def network(kind=None, connection=None):
    net = Network()
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=100.0), "calm")
    net.add_neuron(kind or NonSpikingNeuron(membrane_capacitance=2.0), "quick")
    net.add_neuron(SpikingNeuron(membrane_capacitance=100.0, threshold_time_constant=100.0), "source")
    if connection:
        net.add_connection(connection, "source", "quick", name="synapse")
    return net


CASES = [
    (network(), 2 * 2.0 / 1.0, "membrane of 'quick'"),
    (network(connection=NonSpikingSynapse(3.0)), 2 * 2.0 / 4.0, "membrane of 'quick'"),
    (network(connection=SpikingSynapse(3.0, time_constant=90.0)), 2 * 2.0 / 4.0, "membrane of 'quick'"),
    (network(connection=ElectricalSynapse(1.5)), 2 * 2.0 / 4.0, "membrane of 'quick'"),
    (network(connection=SpikingSynapse(0.1, time_constant=0.7)), 0.7, "conductance of synapse 'synapse'"),
    (network(SpikingNeuron(threshold_time_constant=3.0, threshold_leak_rate=2.0)), 3.0, "threshold of 'quick'"),
    (network(NonSpikingNeuronWithGatedChannels(7.0, 50.0)), 2 * 5.0 / 8.0, "membrane of 'quick'"),
    (
        network(NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=2.5, tau_mode_h="constant")),
        2.5,
        "gate of 'quick'",
    ),
]


@pytest.mark.parametrize(("net", "limit", "culprit"), CASES)
def test_the_largest_safe_step_is_accepted_and_more_refused(net, limit, culprit):
    net.to_program(dt=limit * (1 - 1e-12))
    with pytest.raises(TimeStepError, match=f"the {culprit} can change too fast") as error:
        net.to_program(dt=limit * 1.01)
    suggested = float(re.search(r"largest safe step is (\S+) ms", str(error.value))[1])
    assert limit * 0.998 <= suggested <= limit
    net.to_program(dt=suggested)
    net.to_program(dt=limit * 5, semantics="sns-toolbox")  # which checks nothing


def test_gates_that_are_off_set_no_limit():
    network(NonSpikingNeuronWithGatedChannels(0.5, 50.0, tau_mode_b="constant", tau_mode_c="constant")).to_program(
        dt=3.0
    )


def test_the_worst_network_at_its_limit_stays_bounded():
    net = Network()
    net.add_population(NonSpikingNeuron(), 2, initial_value=[50.0, -50.0])
    net.add_connection(ElectricalSynapse(4.0), 0, 0)  # 2 uS for the pair
    with pytest.raises(TimeStepError, match="largest safe step is 2 ms"):
        net.to_program(dt=2.1)
    model = net.compile(dt=2.0, backend="numpy")
    model.run(1000)
    assert np.abs(model.potentials).max() <= 50.0
    model = net.compile(dt=2.1, backend="numpy", semantics="sns-toolbox")
    model.run(1000)
    assert np.abs(model.potentials).max() > 1e6


@pytest.mark.parametrize("dt", [0, -0.1, np.nan, np.inf, "0.1", None])
def test_a_step_must_be_a_positive_number(dt):
    with pytest.raises(TimeStepError, match="give a positive number of ms"):
        network().to_program(dt)


def test_durations_that_would_vanish_are_refused():
    net = network(connection=SpikingSynapse(transmission_delay_ms=0.04))
    with pytest.raises(TimeStepError, match="connection 'synapse': a delay of 0.04 ms .* at most 0.08 ms"):
        net.to_program(dt=0.1)
    assert net.to_program(dt=0.08).spiking_delay.tolist() == [1]
    with pytest.raises(TimeStepError, match="population 'quick': a refractory period of 0.04 ms"):
        network(SpikingNeuron(refractory_period=0.04)).to_program(dt=0.1)
