"""Kernels over images, and motion detectors."""

import math

import numpy as np
import pytest
from scipy.ndimage import correlate

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import NonSpikingNeuron
from sns_mujoco.network.subnetworks import MotionDetectorNetwork, PatternNetwork, difference_of_gaussians

frames = pytest.mark.parametrize(("R", "rest"), [(20.0, 0.0), (6.0, -55.0)])


def seen(network, image, R, rest):
    """Steady u of the output for an image of 0 to 1."""
    network.add_input(0, size=image.size)
    network.add_output(1)
    y = network.compile(0.05).run(np.tile(R * image.ravel(), (2000, 1)))[-1]
    return (y.reshape(image.shape) - rest) / R


@frames
@pytest.mark.parametrize(
    ("kernel", "shape"),
    [
        (difference_of_gaussians(5, 0.8, 1.6), (7, 9)),
        (np.array([-0.5, 1.0, -0.5]), (12,)),
        (np.array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.3], [-0.6, 0.0, 0.0]]), (4, 3)),
    ],
)
def test_a_balanced_pattern_is_a_correlation(R, rest, kernel, shape):
    image = np.random.default_rng(1).random(shape)
    neuron = NonSpikingNeuron(membrane_capacitance=2.0, resting_potential=rest)
    network = PatternNetwork(kernel, shape, "P", neuron, R, balanced=True)
    wanted = correlate(image, kernel, mode="constant")
    np.testing.assert_allclose(seen(network, image, R, rest), wanted, atol=1e-9)


def test_a_plain_pattern_is_exact_for_single_inputs_and_close_for_many():
    kernel = np.array([[-0.1, 0.2, -0.1], [0.3, 0.8, 0.0], [-0.2, 0.2, -0.1]])
    spot = np.zeros((5, 5))
    spot[2, 2] = 1.0
    np.testing.assert_allclose(seen(PatternNetwork(kernel, (5, 5)), spot, 20.0, 0.0)[1:4, 1:4], kernel[::-1, ::-1])
    image = np.random.default_rng(2).random((5, 5))
    wanted = correlate(image, kernel, mode="constant")
    error = np.abs(seen(PatternNetwork(kernel, (5, 5)), image, 20.0, 0.0) - wanted).max()
    assert 0.01 < error < 0.25


def test_centre_and_surround_see_an_edge_and_no_even_light():
    kernel = difference_of_gaussians(7, 0.7, 1.4)
    assert kernel.sum() == pytest.approx(0.0, abs=1e-12)
    assert kernel[kernel > 0].sum() == pytest.approx(1.0)
    image = np.full((11, 16), 0.3)
    image[:, 8:] = 0.9
    u = seen(PatternNetwork(kernel, image.shape, balanced=True), image, 20.0, 0.0)[5]
    assert abs(u[4]) < 1e-9 and abs(u[11]) < 1e-9
    assert u[7] < -0.1 and u[8] > 0.1
    assert u[8] == pytest.approx(-u[7])


@frames
@pytest.mark.parametrize("frequency", [2.0, 8.0, 20.0])
def test_motion_detectors_tell_direction(R, rest, frequency):
    tau, relay, dt, phase, contrast = 20.0, 0.2, 0.04, math.pi / 3, 0.5
    omega = 2 * math.pi * frequency / 1000
    per_cycle = round(1000 / frequency / dt)
    angle = 2 * math.pi * np.arange(3 * per_cycle)[:, None] / per_cycle
    means = []
    for direction in (1, -1):
        network = MotionDetectorNetwork(tau, 4, R=R, resting_potential=rest, tau_relay=relay)
        network.add_input("MotionReceptors", size=4)
        network.add_output("MotionMotion")
        light = 0.5 + contrast * np.sin(angle - direction * phase * np.arange(4))
        means.append((network.compile(dt).run(R * light)[-per_cycle:] - rest).mean(0))
    wanted = R * contrast**2 * math.sin(phase) * omega * (tau - relay) / (1 + (omega * tau) ** 2)
    np.testing.assert_allclose(means[0], wanted, rtol=0.01)
    np.testing.assert_allclose(means[1], -wanted, rtol=0.01)


def test_a_flash_is_no_motion_and_a_spot_is():
    network = MotionDetectorNetwork(15.0, 2)
    network.add_input("MotionReceptors", size=2)
    network.add_output("MotionMotion")
    model = network.compile(0.1)
    flash = np.zeros((3000, 2))
    flash[500:1500] = 20.0
    assert np.abs(model.run(flash)).max() < 1e-9
    spot = np.zeros((3000, 2))
    spot[500:700, 0] = spot[700:900, 1] = 20.0
    model.reset()
    right = model.run(spot)
    model.reset()
    left = model.run(spot[:, ::-1])
    assert right.max() > 5.0 and right.sum() > 0
    np.testing.assert_allclose(left, -right, atol=1e-9)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: PatternNetwork([[1.0]], (3, 3)), "several gains"),
        (lambda: PatternNetwork(np.zeros((3, 3)), (3, 3)), "not all of them 0"),
        (lambda: PatternNetwork([[1.0, 1.0]], (3, 3)), "must be odd"),
        (lambda: PatternNetwork([1.0, 2.0, 1.0], (3, 3)), "1-D kernel"),
        (lambda: PatternNetwork(np.full((3, 3), 1.0), (5, 5), balanced=True), "smaller gains"),
        (lambda: MotionDetectorNetwork(20.0, 1), "2 receptors or more"),
        (lambda: MotionDetectorNetwork(0.0), "time constant is 0"),
        (lambda: difference_of_gaussians(4, 1.0, 2.0), "odd number"),
        (lambda: difference_of_gaussians(5, 2.0, 1.0), "surround is 1"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()
