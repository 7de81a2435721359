import numpy as np
import pytest

from sns_mujoco.analysis.rhythm import analyse, onsets

DT = 0.002
TIME = np.arange(0, 3, DT)


def wave(period, lag=0.0, noise=0.0, seed=0):
    phase = 2 * np.pi * (TIME / period - lag)
    return np.sin(phase) + noise * np.random.default_rng(seed).standard_normal(len(TIME))


def test_period_and_lags_of_noisy_signals():
    signals = np.column_stack([wave(0.23, noise=0.05), -60.0 + 20.0 * wave(0.23, 0.3, 0.05, 1), wave(0.23, 0.9)])
    measured = analyse(signals, ["a", "b", "c"], DT)
    assert measured.cycles["a"] == 11  # the first onset comes from between the levels
    assert measured.period == pytest.approx(0.23, rel=0.01) and measured.period_spread < 0.01
    assert measured.lags == {"b": pytest.approx(0.3, abs=0.02), "c": pytest.approx(0.9, abs=0.02)}
    assert min(measured.coherence.values()) > 0.98


def test_a_plateau_with_ripples_is_one_cycle():
    signal = 10.0 * (wave(1.0, 0.1) > 0) + 2.0 * wave(0.05)
    assert len(onsets(signal)) == 3


def test_signals_of_different_periods_have_no_fixed_lag():
    assert analyse(np.column_stack([wave(0.2), wave(0.31)]), ["a", "b"], DT).coherence["b"] < 0.3


@pytest.mark.parametrize("signal", [np.zeros(100), np.linspace(0, 5, 100), 0.01 * wave(0.2), np.empty(0)])
def test_what_holds_still_or_only_rises_has_no_rhythm(signal):
    measured = analyse(signal[:, None], ["a"], DT, least=0.1)
    assert measured.cycles == {"a": 0}
    assert np.isnan(measured.period)


def test_disturbed_cycles_do_not_count_and_do_not_hide_the_others():
    signals = np.column_stack([wave(0.2), wave(0.2, 0.25)])
    away = (TIME > 1.5) & (TIME < 1.6)
    signals[away] = -30.0  # far from all else, so that no other cycle would reach half of the range
    assert analyse(signals, ["a", "b"], DT).cycles["a"] <= 1
    measured = analyse(signals, ["a", "b"], DT, disturbed=away)
    assert measured.period == pytest.approx(0.2, rel=0.01) and measured.period_spread < 0.002
    assert measured.lags["b"] == pytest.approx(0.25, abs=0.01)
    assert 11 <= measured.cycles["a"] <= 13
    assert analyse(signals, ["a"], DT, disturbed=np.ones(len(TIME), bool)).cycles == {"a": 0}


def test_there_must_be_a_signal():
    with pytest.raises(ValueError, match="no signals are given"):
        analyse(np.empty((10, 0)), [], DT)
