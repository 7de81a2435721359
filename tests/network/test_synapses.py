"""Connection descriptions: design rules, and what they refuse."""

import math

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingModulationSynapse,
    NonSpikingNeuron,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    NonSpikingTransmissionSynapse,
    SpikingMatrixConnection,
    SpikingPatternConnection,
    SpikingSynapse,
    SpikingTransmissionSynapse,
)


def graded(synapse):
    return synapse.max_conductance, synapse.reversal_potential, synapse.e_lo, synapse.e_hi


@pytest.mark.parametrize(
    ("arguments", "expected"),  # as SNS-Toolbox 1.5.2 computes them
    [
        ({}, (1.0, 40.0, 0.0, 20.0)),
        ({"gain": 0.5}, (1 / 3, 40.0, 0.0, 20.0)),
        ({"gain": 1.5}, (3.0, 40.0, 0.0, 20.0)),
        ({"gain": -1.0, "reversal_potential": -40.0}, (1.0, -40.0, 0.0, 20.0)),
        ({"gain": -0.5, "reversal_potential": -80.0, "R": 10.0}, (1 / 15, -80.0, 0.0, 10.0)),
        ({"gain": 1.0, "reversal_potential": 100.0, "R": 20.0, "e_lo": -60.0}, (0.25, 100.0, -60.0, -40.0)),
        ({"gain": 0.25, "reversal_potential": 194.0, "R": 15.0, "e_lo": 5.0}, (0.01971090670170828, 194.0, 5.0, 20.0)),
    ],
)
def test_transmission_synapse(arguments, expected):
    assert graded(NonSpikingTransmissionSynapse(**arguments)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "arguments",
    [{"gain": 2.0}, {"gain": 3.0}, {"gain": -1.0}, {"gain": 0.0}, {"R": -20.0, "gain": -1.0}, {"gain": "1"}],
)
def test_transmission_gains_that_no_synapse_reaches_are_refused(arguments):
    with pytest.raises(NetworkError, match="NonSpikingTransmissionSynapse 'Transmit'"):
        NonSpikingTransmissionSynapse(**arguments)


def test_transmission_reaches_its_gain_and_modulation_its_ratio():
    net = Network()
    net.add_neuron(NonSpikingNeuron(bias=20.0), "pre", initial_value=20.0)
    net.add_neuron(NonSpikingNeuron(), "post")
    net.add_neuron(NonSpikingNeuron(bias=12.0), "divided")
    net.add_connection(NonSpikingTransmissionSynapse(gain=0.8), "pre", "post")
    net.add_connection(NonSpikingModulationSynapse(ratio=0.25), "pre", "divided")
    model = net.compile(dt=0.1, backend="numpy")
    model.run(3000)
    assert model.potentials[1:] == pytest.approx([16.0, 3.0], abs=1e-9)


def test_modulation_synapse():
    assert graded(NonSpikingModulationSynapse(0.5)) == (1.0, 0.0, 0.0, 20.0)
    assert graded(NonSpikingModulationSynapse(0.1, e_hi=5.0)) == pytest.approx((9.0, 0.0, 0.0, 5.0))
    for ratio in (0.0, -1.0, 2.0):
        with pytest.raises(NetworkError, match="NonSpikingModulationSynapse 'Modulate': ratio is"):
            NonSpikingModulationSynapse(ratio)


def test_spiking_transmission_synapse():
    synapse = SpikingTransmissionSynapse(
        gain=0.5, max_frequency=2.0, non_linearity=0.1, R=20.0, reversal_potential=100.0
    )
    tau = -1 / (2.0 * math.log(0.1))
    assert synapse.time_constant == pytest.approx(tau)
    assert synapse.max_conductance == pytest.approx(10.0 / (90.0 * tau * 2.0))
    for arguments in ({"non_linearity": 1.0}, {"max_frequency": 0}, {"gain": 20.0}, {"R": 0}):
        with pytest.raises(NetworkError, match="SpikingTransmissionSynapse 'Transmit'"):
            SpikingTransmissionSynapse(**arguments)


def test_defaults_are_those_of_sns_toolbox():
    assert graded(NonSpikingSynapse()) == (1.0, 40.0, 0.0, 20.0)
    spiking = SpikingSynapse()
    assert (spiking.max_conductance, spiking.reversal_potential, spiking.time_constant) == (1.0, 194.0, 1.0)
    assert (spiking.transmission_delay, spiking.conductance_increment) == (0, None)
    assert ElectricalSynapse(0.5).rect is False


def test_numpy_integers_are_delays_too():
    assert SpikingSynapse(transmission_delay=np.int64(3)).transmission_delay == 3


ones = np.ones((2, 3))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: NonSpikingSynapse(max_conductance=-1), "NonSpikingSynapse .*: max_conductance is -1"),
        (lambda: NonSpikingSynapse(e_lo=5, e_hi=5), "e_lo and e_hi are both 5; give the ramp a width"),
        (lambda: NonSpikingSynapse(reversal_potential=np.inf), "reversal_potential is inf"),
        (lambda: NonSpikingSynapse(max_conductance=[1, 2]), r"max_conductance has shape \(2,\); give one number"),
        (lambda: ElectricalSynapse(-0.1), "ElectricalSynapse .*: conductance is -0.1"),
        (lambda: ElectricalSynapse([0.1, 0.2]), r"conductance has shape \(2,\); give one number"),
        (lambda: SpikingSynapse(time_constant=0), "time_constant is 0; it must be more than 0"),
        (lambda: SpikingSynapse(transmission_delay=-1), "transmission_delay is -1"),
        (lambda: SpikingSynapse(transmission_delay=1.5), "transmission_delay is 1.5; give whole steps"),
        (lambda: SpikingSynapse(transmission_delay_ms=-1), "transmission_delay_ms is -1"),
        (lambda: SpikingSynapse(transmission_delay=1, transmission_delay_ms=1.0), "in steps and in ms; give one"),
        (lambda: SpikingSynapse(conductance_increment=-1), "conductance_increment is -1"),
        (lambda: NonSpikingMatrixConnection(np.ones(3)), r"has shape \(3,\); give a 2-D array"),
        (lambda: NonSpikingMatrixConnection(np.ones((0, 3))), "that is not empty"),
        (lambda: NonSpikingMatrixConnection(-ones), "max_conductance is -1"),
        (lambda: NonSpikingMatrixConnection(ones, ones.T), r"reversal_potential has shape \(3, 2\); give \(2, 3\)"),
        (lambda: NonSpikingMatrixConnection(ones, 40.0, ones, ones), "e_lo and e_hi are both 1"),
        (lambda: SpikingMatrixConnection(ones, time_constant=0 * ones), "time_constant is 0"),
        (
            lambda: SpikingMatrixConnection(ones, transmission_delay=np.ones((3, 2), int)),
            r"transmission_delay has shape",
        ),
        (lambda: SpikingMatrixConnection(ones, transmission_delay=0.5 * ones), "transmission_delay is 0.5; give whole"),
        (lambda: NonSpikingPatternConnection(np.ones((2, 3))), r"kernel has shape \(2, 3\); every size must be odd"),
        (lambda: NonSpikingPatternConnection(np.ones((3, 3, 3))), "give a 1-D or 2-D array"),
        (
            lambda: NonSpikingPatternConnection(np.ones(3), e_lo_kernel=1, e_hi_kernel=1),
            "e_lo_kernel and e_hi_kernel are",
        ),
        (lambda: SpikingPatternConnection(np.ones(3), time_constant_kernel=[1, 0, 1]), "time_constant_kernel is 0"),
        (
            lambda: SpikingPatternConnection(np.ones(3), transmission_delay_kernel=1, transmission_delay_ms_kernel=1),
            "in steps and in ms",
        ),
    ],
)
def test_bad_parameters_are_refused_when_the_synapse_is_described(make, complaint):
    with pytest.raises(NetworkError, match=complaint):
        make()


def test_entries_without_conductance_need_no_sound_parameters():
    net = Network()
    net.add_population(NonSpikingNeuron(), 2)
    net.add_connection(NonSpikingMatrixConnection(0.1 * np.eye(2), 40.0, 0.0, 20.0 * np.eye(2)), 0, 0)
    model = net.compile(dt=0.1, backend="numpy")
    model.run(5)
    assert np.isfinite(model.potentials).all()
    assert model.program.graded_source.tolist() == [0, 1]


def test_a_description_keeps_its_own_numbers():
    conductance = np.full((1, 1), 0.5)
    matrix = NonSpikingMatrixConnection(conductance)
    conductance[:] = -1.0
    assert np.asarray(matrix.max_conductance).item() == 0.5
