"""Bursts of signals whose bursts are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.experiments.signals import bursts, levels_of


def sine(period: float, phase: float, *, seconds: float = 5.0, rate: float = 500.0) -> tuple[np.ndarray, np.ndarray]:
    time = np.arange(round(seconds * rate) + 1) / rate
    return time, -50.0 + 5.0 * np.sin(2.0 * np.pi * (time / period - phase))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 1.0), st.floats(0.0, 1.0))
def test_bursts_of_a_sine_begin_and_end_where_it_crosses_its_levels(period: float, phase: float):
    time, signal = sine(period, phase)
    found = bursts(time, signal, levels_of(signal))
    # levels lie 0.35 and 0.65 of the way between percentiles that are almost the extremes
    low, high = np.percentile(signal, (1, 99))
    up, down = (np.arcsin((low + level * (high - low) + 50.0) / 5.0) / (2 * np.pi) for level in (0.65, 0.35))
    assert len(found.onsets) >= int(5.0 / period) - 1
    assert np.abs((found.onsets / period - phase - up + 0.5) % 1.0 - 0.5).max() < 2e-3
    ends = found.ends[np.isfinite(found.ends)]
    assert np.abs((ends / period - phase - (0.5 - down) + 0.5) % 1.0 - 0.5).max() < 2e-3
    assert found.periods == pytest.approx(period, rel=2e-3)


def test_a_signal_that_hardly_moves_has_no_bursts():
    time, signal = sine(0.5, 0.0)
    assert levels_of(0.04 * signal) is None  # 0.4 mV
    assert bursts(time, signal, None).onsets.size == 0


def test_noise_about_one_level_makes_no_further_bursts():
    time, signal = sine(0.5, 0.0)
    noisy = signal + 0.6 * np.random.default_rng(0).standard_normal(signal.size)
    assert len(bursts(time, noisy, levels_of(noisy)).onsets) == len(bursts(time, signal, levels_of(signal)).onsets)


def test_a_burst_that_has_not_ended_has_no_duration():
    time = np.linspace(0.0, 1.0, 101)
    signal = np.where((time > 0.2) & (time < 0.4) | (time > 0.8), 0.0, -20.0)
    found = bursts(time, signal, (-13.0, -7.0))
    assert len(found.onsets) == 2
    assert np.isnan(found.ends[1])
    assert found.durations == pytest.approx([0.2], abs=0.02)
    assert found.pauses == pytest.approx([0.4], abs=0.02)


def test_bursts_end_with_what_is_known_of_a_signal():
    time, signal = sine(0.5, 0.0)
    levels = levels_of(signal)
    cut = np.where(time > 2.6, np.nan, signal)
    assert levels_of(cut) == pytest.approx(levels, abs=0.05)
    whole, part = bursts(time, signal, levels), bursts(time, cut, levels)
    assert part.onsets == pytest.approx(whole.onsets[whole.onsets < 2.6])
