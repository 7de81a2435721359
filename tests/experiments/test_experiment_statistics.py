"""Statistics of a few seeds, against SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sns_mujoco.analysis.gait.tails import t_quantile
from sns_mujoco.experiments.statistics import (
    false_discovery,
    mean_and_margin,
    mean_shift,
    paired_p,
    told,
    wilson,
)

numbers = st.lists(st.floats(-100.0, 100.0), min_size=2, max_size=12)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30])
def test_quantiles_are_those_of_students_t(freedom: int):
    assert t_quantile(freedom, 0.95) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


def test_margins_leave_out_what_is_not_known():
    values = np.array([[1.0, 2.0, 4.0, np.nan], [3.0, np.nan, np.nan, np.nan], [np.nan] * 4])
    mean, margin = mean_and_margin(values)
    assert mean == pytest.approx([7.0 / 3.0, 3.0, np.nan], nan_ok=True)
    low, high = stats.t.interval(0.95, 2, 7.0 / 3.0, stats.sem([1.0, 2.0, 4.0]))
    assert margin[0] == pytest.approx((high - low) / 2.0)
    assert np.isnan(margin[1:]).all()


@settings(max_examples=40, deadline=None)
@given(numbers)
def test_paired_p_values_are_those_of_a_t_test(differences: list[float]):
    if np.std(differences) < 1e-6 * (1.0 + np.abs(differences).max()):
        return
    assert paired_p(differences) == pytest.approx(stats.ttest_1samp(differences, 0.0).pvalue, rel=1e-6, abs=1e-12)


def test_paired_p_values_of_what_does_not_vary():
    assert paired_p([0.0, 0.0, 0.0]) == 1.0
    assert paired_p([2.0, 2.0]) == 0.5  # two seeds that both fall: the sign test
    assert paired_p([-1.0] * 6) == 2 / 2**6
    assert np.isnan(paired_p([1.0]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_false_discoveries_are_those_of_benjamini_and_hochberg(p: list[float]):
    assert false_discovery([*p, np.nan])[:-1] == pytest.approx(stats.false_discovery_control(p))


@pytest.mark.parametrize(("successes", "trials"), [(0, 5), (3, 10), (64, 64)])
def test_intervals_of_shares_are_wilsons(successes: int, trials: int):
    expected = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high))


def test_shifts_are_averaged_around_the_circle():
    assert abs(mean_shift([0.45, -0.45])) == pytest.approx(0.5)
    assert mean_shift([0.1, 0.2, np.nan]) == pytest.approx(0.15)
    assert np.isnan(mean_shift([np.nan]))


def test_values_are_told_with_their_margins():
    assert told(1.23456, 0.0123) == "1.23 ± 0.012"
    assert told(float("nan"), 1.0) == "-"
