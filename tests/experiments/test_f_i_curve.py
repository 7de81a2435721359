"""Curves of frequency against current: of neurons whose rate is known, and in an animal."""

import numpy as np
import pytest

from sns_mujoco import LIFNeuron, NonSpikingNeuron, SpikingNeuron
from sns_mujoco.errors import ExperimentError, UnknownNameError
from sns_mujoco.experiments import f_i_curve


def test_leaky_neuron_fires_at_the_rate_of_its_equation():
    # tau dV/dt = -V + I: it reaches the threshold 1 mV after tau ln(I / (I - 1))
    neuron = SpikingNeuron(membrane_capacitance=20.0, threshold_initial_value=1.0)
    result = f_i_curve(neuron, currents=[0.5, 0.9, 1.2, 2.0, 4.0], seconds=2.0, dt=0.02)
    expected = [0.0, 0.0, *(1e3 / (20.0 * np.log(current / (current - 1.0))) for current in (1.2, 2.0, 4.0))]
    assert result.rate[:, 0] == pytest.approx(expected, rel=0.01)
    assert result.latency[2:, 0] == pytest.approx([1.0 / rate for rate in expected[2:]], rel=0.02)
    assert result.rheobase == 1.2
    assert result.resistance == pytest.approx(1.0)  # 1 mV/nA with 1 uS


def test_adapting_neuron_is_faster_at_first():
    neuron = SpikingNeuron(threshold_increment=0.5, threshold_time_constant=200.0, membrane_capacitance=20.0)
    result = f_i_curve(neuron, currents=[4.0])
    assert result.first[0, 0] > 1.5 * result.rate[0, 0] > 0.0


def test_neuron_that_does_not_spike_has_a_potential_only():
    result = f_i_curve(NonSpikingNeuron(), currents=[0.0, 5.0, 10.0])
    assert not result.rate.any()
    assert result.potential[:, 0] == pytest.approx([0.0, 5.0, 10.0], abs=1e-6)
    assert "never" in result.summary()


def test_half_centre_of_an_animal_bursts_between_two_currents():
    result = f_i_curve(
        "antagonist_joint", "flexor RG", currents=[-20.0, 15.0, 40.0], commands={"drive": 0.0}, seconds=4.0, threads=1
    )
    assert result.rate[0, 0] == result.rate[2, 0] == 0.0
    assert 1.0 < result.rate[1, 0] < 3.0
    assert np.diff(result.potential[:, 0]).min() > 5.0
    assert result.config["animal"] == "antagonist_joint"
    assert "gain" not in result.summary()  # one point has no slope
    assert "and no more from 40 nA on" in result.summary()


@pytest.mark.parametrize(
    ("what", "neuron", "error", "told"),
    [
        (LIFNeuron(), "a", ExperimentError, "stands alone"),
        ("antagonist_joint", None, ExperimentError, "which neuron"),
        ("antagonist_joint", "flexor RB", UnknownNameError, "flexor RG"),
    ],
)
def test_wrong_subjects_are_refused(what: object, neuron: str | None, error: type, told: str):
    with pytest.raises(error, match=told):
        f_i_curve(what, neuron, currents=[1.0])  # type: ignore[arg-type]


def test_wrong_currents_are_refused():
    with pytest.raises(ValueError, match="finite"):
        f_i_curve(LIFNeuron(), currents=[np.nan])
    with pytest.raises(ValueError, match="seconds is 0"):
        f_i_curve(LIFNeuron(), currents=[1.0], seconds=0)
