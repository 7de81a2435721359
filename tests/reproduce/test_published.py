"""The published experiments themselves: they hold, what does not is known, and they notice a wrong model."""

import json
from functools import cache
from importlib import import_module

import numpy as np
import pytest

from sns_mujoco.reproduce import EXPERIMENTS, Reproduction, run
from sns_mujoco.reproduce.published import half_centre_delta, load_feedback, short_term_depression, stdp_window

SLOW = ("deletions", "insect_gait", "leg_coordination", "walk_trot")  # 6 to 20 s each
EVERY = [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in EXPERIMENTS]


@cache
def found(name: str) -> Reproduction:
    return run(name)


def measured(name: str, quantity: str) -> float:
    """The one comparison whose quantity begins so."""
    (comparison,) = [c for c in found(name).comparisons if c.quantity.startswith(quantity)]
    return comparison.measured


@pytest.mark.parametrize("name", EVERY)
def test_nothing_fails_but_what_is_known_to(name):
    reproduction = found(name)
    assert not [c.quantity for c in reproduction.comparisons if c.status == "failed"]
    stale = [c.quantity for c in reproduction.comparisons if c.tried and c.inside]
    assert not stale, "these reproduce now; take what was tried away"
    assert len(reproduction.comparisons) >= 4
    assert all(c.published and c.where for c in reproduction.comparisons)
    json.dumps(reproduction.to_dict(), allow_nan=False)


@pytest.mark.parametrize("name", EVERY)
def test_each_has_a_figure_with_something_in_every_panel(name):
    pytest.importorskip("matplotlib")
    figure = found(name).plot()
    for axes in figure.axes:
        assert axes.lines or axes.collections
        assert axes.get_xlabel() or axes.get_ylabel()


@pytest.mark.parametrize("name", ["half_centre_delta", "rat_stepping"])
def test_it_is_the_same_every_time(name):
    again = run(name).to_dict() | {"cpu_seconds": 0.0}
    assert again == found(name).to_dict() | {"cpu_seconds": 0.0}


def test_delta_decides_only_with_the_published_reversal_potential(monkeypatch):
    monkeypatch.setattr(half_centre_delta, "INHIBITION", -60.0)
    assert not run("half_centre_delta").ok


def test_pairs_of_spikes_cannot_replace_triplets(monkeypatch):
    """With a rule of pairs in its place the published dependence on the rate is missed."""
    pairs = stdp_window.STDP(0.013, -0.0046, 16.8, 33.7, w_min=-9.0, w_max=9.0)
    monkeypatch.setattr(stdp_window, "TripletSTDP", lambda **bounds: pairs)
    failed = [c.quantity for c in run("stdp_window").comparisons if c.status == "failed"]
    assert "change by 60 pairs of -10 ms at 50 Hz, triplets" in failed and len(failed) >= 4


def test_a_synapse_without_depression_is_noticed(monkeypatch):
    kind = short_term_depression.TsodyksMarkram
    monkeypatch.setattr(short_term_depression, "TsodyksMarkram", lambda *_: kind(0.67, 0.0, 0.0))
    assert not run("short_term_depression").ok


def test_without_feedback_there_is_no_asymmetry(monkeypatch):
    experiments = import_module("sns_mujoco.models.antagonist_joint.experiments")
    plain = experiments.joint
    monkeypatch.setattr(experiments, "joint", lambda terrain, **_: plain(terrain, feedback=False))
    failed = [c.quantity for c in run("stance_swing_asymmetry").comparisons if c.status == "failed"]
    assert "swing, how far its durations are apart" in failed
    assert "drives at which only feedback keeps a rhythm" in failed


def test_load_acts_through_the_afferents_of_the_rhythm(monkeypatch):
    """Where the tendon organs are not connected to the rhythm, stimulating them prolongs nothing."""
    described = import_module("sns_mujoco.models.antagonist_joint.nervous_system")
    weights = {name: own for name, own in described.FEEDBACK.items() if name != "extensor Ib"}
    monkeypatch.setattr(described, "FEEDBACK", weights)
    failed = [c.quantity for c in run("load_feedback").comparisons if c.status == "failed"]
    assert "extension stimulated: least prolongation" in failed
    assert "flexion stimulated: latest onset of extension after it" in failed


def test_spells_of_extension():
    turns = np.array([1, 1, 0, 0, 1, 0], bool)
    expected = np.array([[0, 2], [4, 5]]) * load_feedback.SAMPLE
    np.testing.assert_allclose(load_feedback.spells(turns), expected)


def test_numbers_that_the_figures_of_the_papers_show():
    assert measured("half_centre_delta", "period, delta 0.01") > measured("half_centre_delta", "period, delta 0.1 ")
    assert measured("hodgkin_huxley", "least current") < measured("hodgkin_huxley", "rest loses")
    assert measured("stance_swing_asymmetry", "stance, how much") > 2 * measured("stance_swing_asymmetry", "swing, how")
