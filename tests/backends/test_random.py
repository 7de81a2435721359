"""Random numbers from a counter."""

import numpy as np
from scipy import stats

from sns_mujoco.backends.native import random


def draws(seed, clocks, streams):
    return np.array([[random.normal(seed, clock, stream) for stream in range(streams)] for clock in range(clocks)])


def test_noise_is_normal_and_independent():
    noise = draws(3, 5000, 4)
    for stream in noise.T:
        assert stats.kstest(stream, "norm").pvalue > 1e-3
    correlation = np.corrcoef(np.hstack([noise[1:], noise[:-1]]).T)
    assert np.abs(correlation - np.eye(8)).max() < 0.06


def test_quantiles_are_those_of_the_normal_distribution():
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 2001), 10.0 ** -np.arange(2.0, 16.0)])
    quantiles = np.array([random._quantile(value) for value in p])
    np.testing.assert_allclose(quantiles, stats.norm.ppf(p), rtol=2e-6, atol=1e-6)


def test_noise_depends_on_seed_step_and_stream_only():
    assert random.normal(1, 2, 3) == random.normal(1, 2, 3)
    values = {random.normal(*key) for key in ((1, 2, 3), (2, 1, 3), (1, 3, 2), (3, 2, 1), (0, 0, 0), (2**52, 2, 3))}
    assert len(values) == 6
