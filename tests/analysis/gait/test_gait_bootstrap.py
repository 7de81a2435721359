"""Intervals hold the truth as often as they say, over strides and over lives."""

import numpy as np
import pytest

from sns_mujoco.analysis.gait import bootstrap
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
    assert np.mean(held) > 0.8 and np.mean(pooled) < 0.6


def test_every_life_counts_alike():
    own = bootstrap.interval([[1.0] * 90, [2.0] * 10])
    assert own.value == pytest.approx(1.5) and (own.n, own.lives) == (100, 2)
    assert own.low == pytest.approx(1.0) and own.high == pytest.approx(2.0)


def test_a_ratio_is_that_of_sums():
    way, time = np.array([1.0, 1.0, 4.0]), np.array([1.0, 1.0, 1.0])
    own = bootstrap.interval([np.column_stack((way, time))], of=lambda mean: mean[..., 0] / mean[..., 1])
    assert own.value == pytest.approx(2.0) and 1.0 <= own.low < 2.0 < own.high <= 4.0


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
