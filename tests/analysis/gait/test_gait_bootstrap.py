"""Intervals hold the truth as often as they say, over strides and over lives."""

import numpy as np
import pytest
import scipy.stats

from sns_mujoco.analysis.gait import bootstrap, circular
from sns_mujoco.errors import GaitError


def test_an_interval_over_strides_holds_the_mean():
    held = []
    for seed in range(150):
        own = bootstrap.interval([np.random.default_rng(seed).normal(3.0, 1.0, 40)], resamples=400, seed=seed)
        held.append(own.low <= 3.0 <= own.high)
    assert 0.88 < np.mean(held) < 0.99


def test_strides_of_one_life_are_not_as_good_as_lives():
    """Lives differ by 1, strides within a life by 0.1: only the hierarchical interval tells how little is known."""
    held, pooled = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        lives = [rng.normal(rng.normal(0.0, 1.0), 0.1, 50) for _ in range(8)]
        own = bootstrap.interval(lives, resamples=300, seed=seed)
        one = bootstrap.interval([np.concatenate(lives)], resamples=300, seed=seed)
        held.append(own.low <= 0.0 <= own.high)
        pooled.append(one.low <= 0.0 <= one.high)
    assert np.mean(held) > 0.88 and np.mean(pooled) < 0.6


@pytest.mark.parametrize("lives", [2, 3])
def test_few_lives_say_little_and_their_interval_says_so(lives: int):
    """Percentile intervals hold the truth in 50 to 75 of 100 cases here."""
    held, around = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        values = [rng.normal(rng.normal(0.0, 1.0), 0.1, 10) for _ in range(lives)]
        own = bootstrap.interval(values, resamples=300, seed=seed)
        held.append(own.low <= 0.0 <= own.high)
        phases = bootstrap.phase_interval([0.02 * value for value in values], resamples=300, seed=seed)
        off = circular.difference(0.0, phases.value)
        around.append(phases.low <= phases.value + off <= phases.high)
    assert min(np.mean(held), np.mean(around)) > 0.88


def test_an_interval_is_that_of_students_t_where_strides_are_normal():
    values = np.random.default_rng(1).normal(3.0, 1.0, 8)
    own = bootstrap.interval([values], resamples=20_000)
    low, high = scipy.stats.t.interval(0.95, 7, values.mean(), scipy.stats.sem(values))
    assert (own.low, own.high) == pytest.approx((low, high), abs=0.1)


def test_an_end_of_a_phase_is_at_most_half_a_turn_away():
    own = bootstrap.phase_interval([[0.1, 0.12], [0.4, 0.42]])
    assert own.low == pytest.approx(own.value - 0.5) and own.high == pytest.approx(own.value + 0.5)


def test_every_life_counts_alike():
    own = bootstrap.interval([[1.0] * 90, [2.0] * 10])
    assert own.value == pytest.approx(1.5) and (own.n, own.lives) == (100, 2)
    assert own.low < 1.0 and own.high > 2.0  # two lives leave almost everything open


def test_a_ratio_is_that_of_sums():
    way, time = np.array([1.0, 1.0, 4.0]), np.array([1.0, 1.0, 1.0])
    own = bootstrap.interval([np.column_stack((way, time))], of=lambda mean: mean[..., 0] / mean[..., 1])
    assert own.value == pytest.approx(2.0) and own.low < 1.0 < 2.0 < 4.0 < own.high


def test_phases_about_zero_have_an_interval_about_zero():
    phases = np.random.default_rng(0).normal(0.0, 0.03, 50) % 1.0
    own = bootstrap.phase_interval([phases])
    assert min(own.value, 1 - own.value) < 0.02 and own.high - own.low < 0.03
    assert own.low <= own.value <= own.high


def test_what_is_unknown_is_left_out():
    assert np.isnan(bootstrap.interval([[], [np.nan]]).value)
    alone = bootstrap.interval([[2.0, np.nan]])
    assert alone.value == 2.0 and alone.n == 1 and np.isnan(alone.low)
    assert bootstrap.interval([[1.0, 2.0]], seed=3) == bootstrap.interval([[1.0, 2.0]], seed=3)
    with pytest.raises(GaitError, match="level is 95"):
        bootstrap.interval([[1.0]], level=95)
