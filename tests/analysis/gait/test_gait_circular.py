"""Statistics of phases against formulas, other libraries, and what they must be whatever the sample."""

import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.analysis.gait import circular, tails
from sns_mujoco.errors import GaitError

samples = st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=3, max_size=40)


def drawn(center, kappa, n, seed):
    return np.random.default_rng(seed).vonmises(2 * np.pi * center - np.pi, kappa, n) / (2 * np.pi) + 0.5


@settings(max_examples=60)
@given(samples, st.floats(0.0, 1.0))
def test_turning_a_sample_turns_its_mean_and_nothing_else(phases, turn):
    turned = [(phase + turn) % 1.0 for phase in phases]
    assert circular.resultant(turned) == pytest.approx(circular.resultant(phases), abs=1e-9)
    if circular.resultant(phases) > 1e-6:
        off = circular.difference(circular.mean(turned), circular.mean(phases) + turn)
        assert abs(off) < 1e-6 or abs(off) > 1 - 1e-6
    assert circular.rayleigh(turned).p == pytest.approx(circular.rayleigh(phases).p, abs=1e-9)


@settings(max_examples=60)
@given(samples)
def test_means_are_those_of_scipy(phases):
    angles = 2 * np.pi * np.asarray(phases)
    if circular.resultant(phases) > 1e-3:
        assert abs(circular.difference(circular.mean(phases), scipy.stats.circmean(angles) / (2 * np.pi))) < 1e-9
        assert circular.deviation(phases) == pytest.approx(scipy.stats.circstd(angles) / (2 * np.pi), abs=1e-7)


@pytest.mark.parametrize(("f", "a", "b"), [(1.2, 1, 10), (3.0, 2, 200), (0.2, 5, 3), (60.0, 1, 2000), (1e-3, 3, 3)])
def test_tails_are_those_of_scipy(f, a, b):
    assert tails.f_survival(f, a, b) == pytest.approx(scipy.stats.f.sf(f, a, b), rel=1e-9)
    assert tails.incomplete_beta(f / (1 + f), a, b) == pytest.approx(scipy.special.betainc(a, b, f / (1 + f)), rel=1e-9)
    assert tails.normal_survival(f) == pytest.approx(scipy.stats.norm.sf(f), rel=1e-12)


def test_a_mean_across_zero():
    assert circular.mean([0.95, 0.05]) % 1.0 == pytest.approx(0.0, abs=1e-12)
    assert circular.resultant([0.0, 0.5]) == pytest.approx(0.0, abs=1e-12)
    assert circular.difference(0.05, 0.95) == pytest.approx(0.1)
    assert circular.difference(0.95, 0.05) == pytest.approx(-0.1)


def test_two_phases_have_an_interval_or_none():
    """Upton's formula has no value for two that are neither close together nor far apart."""
    told = [circular.interval([0.9, 0.9 + apart]) for apart in np.linspace(0.0, 0.5, 101)]
    known = np.isfinite(told)
    assert known[0] and not known[-1]
    assert (np.diff(known.astype(int)) <= 0).all()
    assert (np.diff(np.array(told)[known]) > 0.0).all()


def test_the_interval_of_a_mean_holds_it_as_often_as_it_says():
    held = [
        abs(circular.difference(circular.mean(phases), 0.3)) <= circular.interval(phases)
        for phases in (drawn(0.3, 4.0, 20, seed) for seed in range(300))
    ]
    assert 0.91 < np.mean(held) < 0.99
    assert circular.interval([0.25, 0.25, 0.25]) == 0.0
    assert math.isnan(circular.interval([0.0, 0.25, 0.5, 0.75])) and math.isnan(circular.interval([0.1]))


def test_rayleigh_finds_a_direction_and_none():
    assert circular.rayleigh(drawn(0.3, 2.0, 40, 0)).p < 1e-5
    found = [circular.rayleigh(np.random.default_rng(seed).random(20)).p for seed in range(400)]
    assert 0.02 < np.mean(np.array(found) < 0.05) < 0.09  # of uniform phases it finds one in twenty
    assert circular.rayleigh([0.1, 0.2]).doubt


def test_the_v_test_asks_for_one_direction():
    phases = drawn(0.3, 1.5, 30, 1)
    assert circular.v_test(phases, 0.3).p < 1e-4 and circular.v_test(phases, 0.8).p > 0.99
    assert circular.v_test(phases, 0.55).p > circular.rayleigh(phases).p


@pytest.mark.parametrize(("kappa", "length"), [(0.5, 0.2425), (2.0, 0.6978), (8.0, 0.9354)])
def test_concentration_turns_the_mean_length_back(kappa, length):
    assert scipy.special.ive(1, kappa) / scipy.special.ive(0, kappa) == pytest.approx(length, abs=1e-3)
    assert circular.concentration(length) == pytest.approx(kappa, rel=0.02)


def test_watson_williams_tells_means_apart_and_equal_ones_not():
    same = [circular.watson_williams(drawn(0.3, 6, 25, s), drawn(0.3, 6, 25, 1000 + s)).p for s in range(300)]
    assert 0.02 < np.mean(np.array(same) < 0.05) < 0.09
    assert circular.watson_williams(drawn(0.3, 6, 25, 0), drawn(0.4, 6, 25, 1), drawn(0.3, 6, 25, 2)).p < 1e-3
    assert circular.watson_williams([0.1] * 5, [0.2] * 5).p == 0.0
    assert circular.watson_williams([0.1] * 5, [0.1] * 5).p == 1.0


def test_watson_williams_is_the_analysis_of_variance_where_the_circle_is_flat():
    one, two = (0.5 + 0.01 * np.random.default_rng(seed).standard_normal(20) for seed in (0, 1))
    flat = scipy.stats.f_oneway(one, two)
    assert circular.watson_williams(one, two).statistic == pytest.approx(flat.statistic, rel=0.01)


def test_watson_williams_doubts_where_its_assumptions_do_not_hold():
    assert "fewer than 5" in circular.watson_williams([0.1, 0.2], [0.3, 0.4]).doubt
    assert "scatter" in circular.watson_williams(np.linspace(0, 0.9, 10), np.linspace(0, 0.9, 10)).doubt
    with pytest.raises(GaitError, match=r"\[3, 0\] phases"):
        circular.watson_williams([0.1, 0.2, 0.3], [])


def test_watson_u2_is_that_of_a_textbook_and_finds_spread_as_well():
    # Zar 1999, example 27.10: two samples without ties, U^2 = 0.1458
    one = np.array([35, 45, 50, 55, 60, 70, 85, 95, 105, 120]) / 360
    two = np.array([75, 80, 90, 100, 110, 130, 135, 140, 150, 160, 165]) / 360
    assert circular.watson_u2(one, two).statistic == pytest.approx(0.1458, abs=5e-4)
    assert circular.watson_u2(drawn(0.3, 20, 40, 0), drawn(0.3, 0.5, 40, 1)).p < 0.01
    assert circular.watson_u2(drawn(0.3, 2, 30, 0), drawn(0.3, 2, 30, 1)).p > 0.05


def test_what_is_not_finite_is_refused():
    with pytest.raises(GaitError, match="1 of 3 phases are not finite"):
        circular.mean([0.1, np.nan, 0.2])
    assert math.isnan(circular.mean([])) and math.isnan(circular.rayleigh([]).p)
