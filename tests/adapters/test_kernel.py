"""The arithmetic of adapters: noise, ramps, delay lines, and values that are no numbers."""

import numpy as np

from sns_mujoco.adapters import kernel


def sense(value, *, lo=0.0, hi=1.0, gain=1.0, offset=0.0, delay=0, clip=1, channel=0, width=1, clock=0, rings=None):
    integers = np.array([[kernel.SENSOR], [0], [channel], [width], [0], [delay], [clip]], np.uint32)
    numbers = np.array([[lo], [1 / (hi - lo)], [gain], [offset], [0.0]])
    x = np.zeros(1)
    rings = np.zeros(delay) if rings is None else rings
    kernel.sense(integers, numbers, rings, clock, 0.0, np.atleast_1d(np.asarray(value, float)), np.zeros(1), x)
    return x[0]


def test_ramp_is_clipped_or_goes_on():
    assert sense(0.25, gain=8.0, offset=1.0) == 3.0
    assert sense(-5.0, gain=8.0, offset=1.0) == 1.0
    assert sense(5.0, gain=8.0) == 8.0
    assert sense(5.0, gain=8.0, clip=0) == 40.0
    assert sense(0.25, lo=1.0, hi=0.0, gain=8.0) == 6.0  # a falling ramp


def test_length_of_a_vector():
    assert sense([3.0, 0.0, 4.0], channel=kernel.NORM, width=3, hi=10.0) == 0.5


def test_delay_line_holds_the_value_for_its_steps():
    rings, seen = np.zeros(3), []
    for clock in range(8):
        seen.append(sense(float(clock + 1), hi=100.0, gain=100.0, delay=3, clock=clock, rings=rings))
    np.testing.assert_allclose(seen, [0, 0, 0, 1, 2, 3, 4, 5])


def actuate(v, *, bounded=1, low=-1.0, high=1.0, shape=kernel.LINEAR, first=0.0, second=0.05, gain=2.0, offset=-1.0):
    terms = np.array([[0], [0], [shape], [0]], np.uint32)
    numbers = np.array([[first], [second], [gain]])
    limits = np.array([[offset], [low], [high]])
    ctrl = np.zeros(1)
    slots = np.array([0], np.uint32), np.array([bounded], np.uint32)
    kernel.actuate(terms, numbers, *slots, limits, np.zeros(0), 0, np.array([v]), ctrl)
    return ctrl[0]


def test_motor_output_is_a_ramp_or_a_sigmoid_within_the_controls_range():
    assert actuate(10.0) == 0.0
    assert actuate(30.0, gain=9.0) == 1.0
    assert actuate(30.0, gain=9.0, bounded=0) == 8.0
    assert actuate(12.0, shape=kernel.SIGMOID, first=10.0, second=0.5, gain=1.0, offset=0.0) == 1 / (1 + np.exp(-1.0))


def test_what_is_no_number_stays_none():
    assert np.isnan(sense(np.nan))
    assert np.isnan(actuate(np.nan))
    assert np.isnan(actuate(np.nan, shape=kernel.SIGMOID))
