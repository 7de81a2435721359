"""Relative phase, the course of a gait, its changes, and hysteresis, on gaits that change when we say."""

import numpy as np
import pytest

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

PERIOD = 0.002
TROT = {"LF": 0.5, "RF": 0.0, "LH": 0.0, "RH": 0.5}
WALK = {"LF": 0.25, "RF": 0.75, "LH": 0.0, "RH": 0.5}
LAYOUT = gait.layout_of(tuple(TROT))


def test_relative_phase_is_the_lag_all_the_time(walker):
    standing = walker({"a": 0.0, "b": 0.3}, period=0.4)
    lag = gait.relative_phase(standing, ("a", "b"), "b", "a")
    known = np.isfinite(lag)
    assert known.mean() > 0.8 and lag[known] == pytest.approx(0.3, abs=1e-9)
    back = gait.relative_phase(standing, ("a", "b"), "a", "b")
    assert back[known] == pytest.approx(0.7, abs=1e-9)
    with pytest.raises(LookupError, match="no foot named 'c'"):
        gait.relative_phase(standing, ("a", "b"), "c", "a")


def test_relative_phase_drifts_between_feet_of_different_periods(walker):
    standing = np.hstack([walker({"a": 0.0}, period=0.4, seconds=10), walker({"b": 0.0}, period=0.5, seconds=10)])
    lag = gait.relative_phase(standing, ("a", "b"), "b", "a")
    known = np.flatnonzero(np.isfinite(lag))
    drift = np.unwrap(2 * np.pi * lag[known]) / (2 * np.pi)
    assert np.polyfit(known * PERIOD, drift, 1)[0] == pytest.approx(1 / 0.4 - 1 / 0.5, rel=1e-3)


def test_a_course_names_every_stride(walker):
    both = np.concatenate([walker(WALK, duty=0.7, seconds=4.0), walker(TROT, duty=0.4, seconds=4.0)])
    course = gait.course(both, tuple(TROT), PERIOD, reference="LH", layout=LAYOUT)
    names = [name.name for name in course.names]
    assert names[:10] == ["lateral-sequence walk"] * 10 and names[-10:] == ["trot"] * 10
    (change,) = gait.transitions(course.time, names)
    assert (change.before, change.after) == ("lateral-sequence walk", "trot") and change.time == pytest.approx(
        4.0, abs=0.3
    )
    assert sum(course.shares().values()) == pytest.approx(1.0)
    assert course.lags[0] == pytest.approx([0.25, 0.75, 0.0, 0.5], abs=0.01)


def test_strides_in_which_a_foot_is_cut_at_the_ends_have_no_name(walker):
    standing = walker(TROT, seconds=2.0)
    course = gait.course(standing, tuple(TROT), PERIOD, reference="LH", layout=LAYOUT)
    assert np.isfinite(course.lags).all() and set(course.shares()) == {"walking trot"}


def test_a_foot_that_stops_stepping_makes_strides_irregular(walker):
    standing = walker(TROT, seconds=5.0)
    standing[1250:, 0] = True
    course = gait.course(standing, tuple(TROT), PERIOD, reference="LH", layout=LAYOUT)
    late = [name.name for name, time in zip(course.names, course.time, strict=True) if time > 3.0]
    assert len(late) > 5 and set(late) == {"irregular"}


def test_brief_changes_are_none():
    names = ["walk"] * 5 + ["trot"] * 2 + ["walk"] * 4 + ["trot"] * 6
    (change,) = gait.transitions(np.arange(17.0), names)
    assert change == gait.Transition(time=11.0, before="walk", after="trot")
    assert len(gait.transitions(np.arange(17.0), names, least=1)) == 3
    assert gait.transitions([], []) == []
    with pytest.raises(GaitError, match="2 times and 1 names"):
        gait.transitions([0.0, 1.0], ["walk"])


def relay(command, *, up, down):
    """A switch that closes at `up` and opens at `down`."""
    state, states = 0.0, []
    for value in command:
        state = 1.0 if value >= up else 0.0 if value <= down else state
        states.append(state)
    return np.array(states)


def test_a_switch_has_the_hysteresis_that_it_has():
    ramp = np.concatenate([np.linspace(0, 1, 1000), np.linspace(1, 0, 1000)])
    loop = gait.hysteresis(ramp, relay(ramp, up=0.7, down=0.4), bins=50)
    up, down = loop.thresholds(0.5)
    assert up == pytest.approx(0.7, abs=0.02) and down == pytest.approx(0.4, abs=0.02)
    assert loop.area == pytest.approx(0.3, abs=0.01)


def test_a_tread_belongs_to_the_riser_before_it():
    stairs = np.repeat([0.0, 1.0, 2.0, 1.0, 0.0], 3)
    assert gait.directions(stairs).tolist() == [1.0] * 9 + [-1.0] * 6
    assert gait.directions(np.ones(4)).tolist() == [0.0] * 4
    loop = gait.hysteresis(stairs, np.arange(15.0), bins=3)
    assert loop.up == pytest.approx([1.0, 4.0, 7.0]) and loop.down[:2] == pytest.approx([13.0, 10.0])


def test_strides_of_several_lives_keep_their_directions():
    ramps = [np.array([0.0, 1.0, 2.0, 1.0]), np.array([2.0, 1.0, 0.0])]
    values = [np.array([1.0, 1.0, 1.0, 5.0]), np.array([5.0, 5.0, 5.0])]
    direction = np.concatenate([gait.directions(ramp) for ramp in ramps])
    loop = gait.hysteresis(np.concatenate(ramps), np.concatenate(values), direction=direction, bins=3)
    assert loop.up == pytest.approx([1.0, 1.0, 1.0]) and loop.down == pytest.approx([5.0, 5.0, 5.0])


def test_what_follows_its_command_has_no_hysteresis():
    ramp = np.concatenate([np.linspace(0, 1, 500), np.linspace(1, 0, 500)])
    loop = gait.hysteresis(ramp, ramp**2, bins=20)
    assert loop.area == pytest.approx(0.0, abs=1e-3) and loop.up == pytest.approx(loop.levels**2, abs=0.01)
    up, down = loop.thresholds(0.25)
    assert up == pytest.approx(0.5, abs=0.03) and down == pytest.approx(0.5, abs=0.03)
    assert np.isnan(loop.thresholds(2.0)).all()
    with pytest.raises(GaitError, match="rise and fall"):
        gait.hysteresis(np.linspace(0, 1, 10), np.zeros(10))
