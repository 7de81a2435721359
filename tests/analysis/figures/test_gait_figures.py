"""Figures of gaits whose answer is known."""

import numpy as np
import pytest

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.figures.stance import standing
from sns_mujoco.errors import UnknownNameError

from .walks import DUTY, LAGS, PERIOD, animal, times, walk, words


def bars(collection):
    return np.array([path.get_extents().intervalx for path in collection.get_paths()])


def test_stance_diagram():
    ax = figures.stance_diagram(walk(), animal()).axes[0]
    assert len(ax.collections) == len(LAGS)
    for collection, lag in zip(ax.collections, LAGS.values(), strict=True):
        whole = bars(collection)[1:-1]
        assert np.diff(whole, axis=1).ravel() == pytest.approx(DUTY * PERIOD, abs=4e-3)
        assert whole[:, 0] % PERIOD == pytest.approx(((lag - 0.1) % 1.0) * PERIOD, abs=4e-3)
    assert words(ax)[:3] == list(LAGS)


def test_a_bounce_is_no_swing():
    recording = walk()
    recording["sensor"][{"time": slice(100, 110), "channel": 0}] = 0.0  # 20 ms in the midst of stance
    assert (standing(recording, animal()).stands == standing(walk(), animal()).stands).all()


def test_foot_loads_are_preferred_to_sensors():
    recording = walk()
    load = np.zeros((recording.sizes["time"], len(LAGS)))
    load[1000:] = 2.0
    recording = recording.assign(foot_load=(("time", "foot"), load)).assign_coords(foot=list(LAGS))
    known = standing(recording, animal())
    assert not known.stands[:1000].any() and known.stands[1000:].all()


def test_hildebrand():
    ax = figures.hildebrand(walk(), animal()).axes[0]
    told = words(ax)
    assert told.count("duty factor 0.60") == len(LAGS)
    drawn = [c for c in ax.collections if c.get_zorder() == 2]
    for (_, bar), lag in zip(zip(drawn[::2], drawn[1::2], strict=True), LAGS.values(), strict=True):
        begin, end = bars(bar)[0]
        assert min(abs(begin - lag), abs(begin - lag - 1.0)) < 0.011 and end - begin == pytest.approx(DUTY, abs=0.011)
    assert ax.get_xlabel() == "Phase of the stride of L1 (9 strides)"
    assert (
        figures.hildebrand(walk(), animal(), reference="R1")
        .axes[0]
        .get_xlabel()
        .startswith("Phase of the stride of R1")
    )


def test_hildebrand_of_a_foot_that_never_lifts():
    recording = walk()
    recording["sensor"][{"channel": 2}] = 2.0
    assert "it stood" in words(figures.hildebrand(recording, animal()).axes[0])
    with pytest.raises(ValueError, match="'L2' made no whole stride from 0.002 to 4 s; record it for longer"):
        figures.hildebrand(recording, animal(), reference="L2")
    with pytest.raises(UnknownNameError, match="no foot named 'L3'"):
        figures.hildebrand(recording, animal(), reference="L3")


@pytest.mark.parametrize("of", [None, "feet", "neurons"])
def test_polar_lags(of):
    ax = figures.polar_lags(walk(), animal(), of).axes[0]
    for text, (foot, lag) in zip(ax.get_legend().get_texts(), list(LAGS.items())[1:], strict=True):
        assert text.get_text().startswith(foot)
        assert f" {lag:.2f}, length 1.00, n = " in text.get_text()
    arrows = [note.xy for note in ax.texts if not note.get_text()]
    assert np.array(arrows) == pytest.approx(np.array([[2 * np.pi * lag, 1.0] for lag in (0.5, 0.25)]), abs=0.05)


def test_polar_lags_of_what_wanders():
    recording = walk()
    rng = np.random.default_rng(3)
    onsets = (np.arange(9)[:, None] + 0.2 + rng.uniform(-0.2, 0.2, (9, 1))) * PERIOD
    wandering = (np.abs(times() - onsets).min(axis=0) < 0.03) * 20.0
    recording["potential"][{"neuron": 2}] = wandering
    legend = figures.polar_lags(recording, animal(), ["L1 swing", "R1 swing"]).axes[0].get_legend()
    length = float(legend.get_texts()[0].get_text().split("length ")[1].split(",")[0])
    phases = (onsets.ravel() / PERIOD) % 1.0
    assert length == pytest.approx(abs(np.exp(2j * np.pi * phases).mean()), abs=0.08) and length < 0.98


def test_polar_lags_refuse():
    still = walk()
    still["sensor"][:] = 0.0
    with pytest.raises(ValueError, match="'L1' makes no whole cycle"):
        figures.polar_lags(still, animal(), "feet")
    with pytest.raises(UnknownNameError, match="no reference named 'R9'"):
        figures.polar_lags(walk(), animal(), reference="R9")
    with pytest.raises(ValueError, match="names 0 joints for its rhythm"):
        figures.polar_lags(walk(), animal(), "joints")
    with pytest.raises(ValueError, match=r"not polar, and this figure needs polar ones; .*canvas\(polar=True\)"):
        figures.polar_lags(walk(), animal(), ax=figures.canvas()[1][0, 0])
    with pytest.raises(ValueError, match=r"has no feet; give Animal\(feet=...\)"):
        figures.stance_diagram(walk(), animal(feet=()))
    with pytest.raises(UnknownNameError, match="no channel named 'L1_touch'"):
        figures.stance_diagram(walk().isel(channel=slice(1, None)), animal())
