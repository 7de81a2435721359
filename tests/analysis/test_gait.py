"""Gait measures on synthetic gaits whose answer is known."""

import numpy as np
import pytest

from sns_mujoco.analysis import gait

FEET = ("L1", "L2", "L3", "R1", "R2", "R3")


def steps(period, duty, phases, seconds=10.0, rate=500):
    """Stance of feet that touch down at their phase of every stride."""
    time = np.arange(round(seconds * rate)) / rate
    return np.stack([((time / period - phase) % 1.0) < duty for phase in phases], axis=1), 1 / rate


@pytest.mark.parametrize(("period", "duty"), [(0.25, 0.5), (0.4, 0.7), (0.8, 0.62)])
def test_period_duty_factor_and_swing(period, duty):
    standing, dt = steps(period, duty, [0, 0.5, 0, 0.5, 0, 0.5])
    measured = gait.analyse(standing, FEET, dt)
    assert measured.period == pytest.approx(period, abs=2 * dt)
    assert measured.duty_factor == pytest.approx(duty, abs=0.02)
    assert measured.swing == pytest.approx(period * (1 - duty), abs=2 * dt)
    assert measured.period_spread < 2 * dt


def test_phase_lags_of_a_metachronal_wave():
    phases = [2 / 3, 1 / 3, 0, 1 / 6, 5 / 6, 1 / 2]
    standing, dt = steps(0.5, 0.8, phases)
    pairs = [("L2", "L3"), ("L1", "L2"), ("R3", "L3"), ("L3", "L1")]
    measured = gait.analyse(standing, FEET, dt, pairs=pairs)
    for (foot, reference), expected in zip(pairs, (1 / 3, 1 / 3, 1 / 2, 1 / 3), strict=True):
        assert measured.lags[foot, reference] == pytest.approx(expected, abs=0.01)
        assert measured.coherence[foot, reference] > 0.99


def test_lags_near_zero_do_not_average_to_a_half():
    rng = np.random.default_rng(0)
    rate, strides = 1000, 40
    standing = np.zeros((strides * 200, 2), bool)
    for k in range(1, strides):
        for foot, jitter in ((0, 0), (1, int(rng.integers(-10, 11)))):
            start = k * 200 + jitter
            standing[start : start + 100, foot] = True
    measured = gait.analyse(standing, ("a", "b"), 1 / rate, pairs=[("b", "a")])
    assert min(measured.lags["b", "a"], 1 - measured.lags["b", "a"]) < 0.02


def test_no_coordination_has_no_coherence():
    standing, dt = steps(0.25, 0.5, [0], seconds=60)
    other, _ = steps(0.25 * (1 + np.sqrt(5)) / 2, 0.5, [0], seconds=60)
    measured = gait.analyse(np.hstack([standing, other]), ("a", "b"), dt, pairs=[("b", "a")])
    assert measured.coherence["b", "a"] < 0.1


def test_an_animal_that_stands_has_no_gait():
    measured = gait.analyse(np.ones((1000, 6), bool), FEET, 0.002, pairs=[("L1", "L2")])
    assert set(measured.strides.values()) == {0}
    assert np.isnan(measured.period) and np.isnan(measured.duty_factor) and np.isnan(measured.lags["L1", "L2"])


def test_disturbed_strides_do_not_count():
    standing = np.tile(np.r_[np.zeros(40, bool), np.ones(60, bool)], 12)[:, None] & np.ones(2, bool)
    standing[500:580] = True  # a stumble: two strides are one
    calm = gait.analyse(standing, ("a", "b"), 0.002, pairs=[("b", "a")])
    disturbed = np.zeros(len(standing), bool)
    disturbed[500] = True
    measured = gait.analyse(standing, ("a", "b"), 0.002, pairs=[("b", "a")], disturbed=disturbed)
    assert calm.strides == {"a": 10, "b": 10} and measured.strides == {"a": 9, "b": 9}
    assert measured.period == pytest.approx(0.2) and measured.period_spread < 1e-12
    assert calm.period > 0.21
    assert measured.lags["b", "a"] == pytest.approx(0.0, abs=1e-9)


def test_chatter_is_no_stride():
    load = np.tile(np.r_[np.zeros(50), np.ones(50)], 5)[:, None]
    chattering = load.copy()
    chattering[[60, 61, 170, 231]] = 0.0
    chattering[[20, 130]] = 1.0
    clean = gait.stance(load, 0.5)
    np.testing.assert_array_equal(gait.stance(chattering, 0.5, gap=5, shortest=5), clean)
    assert len(gait.touchdowns(clean[:, 0])) == 5


def test_a_bouncing_touchdown_is_one_touchdown():
    load = np.tile(np.r_[np.zeros(40), np.tile([1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], 3), np.ones(39)], 5)[:, None]
    standing = gait.stance(load, 0.5, gap=10, shortest=5)
    assert len(gait.touchdowns(standing[:, 0])) == 5
    assert gait.analyse(standing, ("a",), 0.002).duty_factor == pytest.approx(0.6)
