"""Differentiators, integrators and filters do what their formulas say."""

import math

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.subnetworks import (
    BandPassNetwork,
    DifferentiatorNetwork,
    IntegratorNetwork,
    LowPassNetwork,
)

frames = pytest.mark.parametrize(("R", "rest"), [(20.0, 0.0), (6.0, -55.0)])


def transfer(network, source, result, frequency, R, rest, dt, cycles=8):
    """Complex gain from one neuron to another, with a sinusoid from 0 to R coming in."""
    network.add_input(source)
    network.add_output(source)
    network.add_output(result, name="result")
    per_cycle = round(1000.0 / frequency / dt)
    angle = 2 * math.pi * np.arange(cycles * per_cycle) / per_cycle
    traces = network.compile(dt).run((R / 2 * (1 + np.sin(angle)))[:, None]) - rest
    wave = np.exp(-1j * angle[: 2 * per_cycle])
    before, after = (traces[-2 * per_cycle :] * wave[:, None]).mean(0)
    return after / before


@frames
@pytest.mark.parametrize("frequency", [1.0, 5.0, 20.0])
def test_low_pass(R, rest, frequency):
    network = LowPassNetwork(5.0, R=R, resting_potential=rest)
    gain = transfer(network, 0, 1, frequency, R, rest, 0.05)
    assert abs(gain) == pytest.approx(1 / math.sqrt(1 + (frequency / 5.0) ** 2), rel=2e-3)
    assert np.angle(gain) == pytest.approx(-math.atan(frequency / 5.0), abs=0.01)


@frames
@pytest.mark.parametrize(
    ("frequency", "wanted"), [(2.0, 1 / math.sqrt(2)), (math.sqrt(60.0), 1.0), (30.0, 1 / math.sqrt(2))]
)
def test_band_pass(R, rest, frequency, wanted):
    network = BandPassNetwork(2.0, 30.0, R=R, tau_relay=0.1, resting_potential=rest)
    gain = transfer(network, 0, 3, frequency, R, rest, 0.02, cycles=round(6 + frequency))
    smoothing = 1 / math.sqrt(1 + (2 * math.pi * frequency * 1e-4) ** 2)
    assert abs(gain) == pytest.approx(wanted * smoothing, rel=2e-3)


def test_a_band_has_a_gain_and_lets_no_steady_part_through():
    network = BandPassNetwork(1.0, 40.0, 1.5)
    assert abs(transfer(network, 0, 3, math.sqrt(40.0), 20.0, 0.0, 0.05)) == pytest.approx(1.5, rel=0.01)
    network = BandPassNetwork(1.0, 40.0, 1.5)
    network.add_input(0)
    network.add_output(3)
    assert network.compile(0.1).run(np.full((30_000, 1), 13.0))[-1, 0] == pytest.approx(0.0, abs=1e-6)


@frames
@pytest.mark.parametrize("amplification", [1.0, 2.0])
def test_differentiator_as_a_filter(R, rest, amplification):
    for frequency in (2.0, 10.0):
        network = DifferentiatorNetwork(0.5, R=R, amplification=amplification, resting_potential=rest)
        gain = transfer(network, "Uin", "Uout", frequency, R, rest, 0.02, cycles=6)
        s, fast, slow = 2j * math.pi * frequency / 1000, 1.0, 1.0 + R / (0.5 * amplification)
        wanted = R / 0.5 * s / ((1 + fast * s) ** 2 * (1 + slow * s))  # and once more for the output neuron
        assert abs(gain / wanted - 1) < 2e-3


@frames
@pytest.mark.parametrize("slope", [0.4, 1.0, -1.0])
def test_differentiator_on_a_ramp(R, rest, slope):
    """A ramp at the slew rate brings the output to R, after some tau_slow."""
    slew_rate = R / 1000.0  # of the neuron's range in a second
    network = DifferentiatorNetwork(slew_rate, amplification=2.0, R=R, resting_potential=rest, tau_fast=2.0)
    network.add_input("Uin")
    network.add_output("Uout")
    # what a ramp does to a filter of tau_slow (502 ms) in the second that it lasts
    model, dt = network.compile(0.1), 0.1
    level = R * (0.0 if slope > 0 else 1.0)
    model.run(np.full((100_000, 1), level))
    ramp = level + slope * slew_rate * dt * np.arange(round(990.0 / dt))
    y = model.run(ramp[:, None])[-1, 0] - rest
    assert y == pytest.approx(slope * R * (1 - math.exp(-990.0 / 502.0)), rel=0.01)


@frames
@pytest.mark.parametrize("balanced", [False, True])
def test_integrator(R, rest, balanced):
    network = IntegratorNetwork(0.1, -2 * R, R, resting_potential=rest, start=0.1 * R, balanced=balanced)
    network.add_input(0)
    network.add_output(0)
    network.add_output(1)
    model, dt, current = network.compile(0.02), 0.02, 0.01 * R
    before = model.run(5000) - rest
    np.testing.assert_allclose(before[-1], before[0], atol=1e-9 * R)  # it keeps what it has
    assert before[0, 0] == pytest.approx(0.1 * R)
    steps = round(0.8 * R / (0.1 * current) / dt)
    y = model.run(np.full((steps, 1), current)) - rest
    gain = np.diff(y[2500:, 0]) / dt / current  # once the input has come through
    difference = np.diff(y[2500:, 0] - y[2500:, 1]) / dt / current
    np.testing.assert_allclose(difference, 0.2, rtol=1e-9)
    if balanced:
        np.testing.assert_allclose(gain, 0.1, rtol=1e-6)
    else:
        assert 0.08 <= gain.min() < 0.088 and 0.115 < gain.max() <= 0.12
    kept = model.run(50_000)[:, 0] - rest
    assert kept[-1] == pytest.approx(kept[5000], abs=1e-6 * R)
    assert kept[-1] == pytest.approx(0.9 * R, rel=0.02)


def test_an_integrator_from_rest_settles_in_the_middle():
    network = IntegratorNetwork()
    network.add_output(0)
    network.add_output(1)
    y = network.compile(0.1).run(2000)[-1]
    assert y[0] == pytest.approx(y[1])
    assert 2 * y[0] + y[0] ** 2 / 40.0 == pytest.approx(20.0)  # on the curve of equilibria


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: DifferentiatorNetwork(amplification=3.0), "farther from rest, or smaller gains"),
        (lambda: DifferentiatorNetwork(0.0), "slew_rate is 0"),
        (lambda: DifferentiatorNetwork(tau_fast=-1.0), "time constant is -1"),
        (lambda: IntegratorNetwork(relative_reversal_potential=1.0), "give one below 0"),
        (lambda: IntegratorNetwork(R=50.0, balanced=True), "beyond -R = -50 mV"),
        (lambda: IntegratorNetwork(start=21.0), "hold 0 to R = 20 mV"),
        (lambda: IntegratorNetwork(0.0), "integration_gain is 0"),
        (lambda: LowPassNetwork(0.0), "cutoff is 0"),
        (lambda: LowPassNetwork(5.0, del_e=10.0), "less than 1|beyond gain"),
        (lambda: BandPassNetwork(1.0, 5.0), "more than 5.828 Hz"),
        (lambda: BandPassNetwork(5.0, 1.0), "too narrow"),
        (lambda: BandPassNetwork(1.0, 5.9), "reversal potential must lie beyond gain"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()
