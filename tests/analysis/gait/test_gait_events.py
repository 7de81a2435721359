"""When feet stand, by load and by kinematics, on paths whose stance is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns_mujoco.analysis import gait


def foot_path(*, duty=0.6, period=0.5, dt=0.002, seconds=4.0, length=0.1):
    """Stance and place of one foot: on the ground at rest, then ahead by a stride in an arc."""
    phase = np.arange(round(seconds / dt)) * dt / period
    count, share = np.floor(phase), phase % 1.0
    swinging = np.clip((share - duty) / (1 - duty), 0, 1)
    x = length * (count + swinging)
    z = 0.02 * np.sin(np.pi * swinging)
    body = length * phase
    return share < duty, np.column_stack((x, np.zeros_like(x), z)), body


@pytest.mark.parametrize("duty", [0.35, 0.5, 0.7])
def test_speed_and_reversal_tell_the_stance_of_the_load(duty):
    standing, path, body = foot_path(duty=duty)
    by_speed = gait.stance_by_speed(path[:, None], 0.002, speed=0.07)[:, 0]
    assert np.mean(by_speed != standing) < 0.02
    by_turn = gait.stance_by_reversal((path[:, 0] - body)[:, None], least=0.03)[:, 0]
    turned = np.flatnonzero(by_turn)
    inside = slice(turned[0], turned[-1])
    assert np.mean(by_turn[inside] != standing[inside]) < 0.02


def test_a_foot_that_is_slow_in_the_air_does_not_stand():
    path = np.zeros((200, 1, 3))
    path[100:, 0, 2] = 0.05
    assert gait.stance_by_speed(path, 0.002, speed=0.1, height=0.01)[:95, 0].all()
    assert not gait.stance_by_speed(path, 0.002, speed=0.1, height=0.01)[105:, 0].any()
    with pytest.raises(ValueError, match=r"\[T, F, 3\]"):
        gait.stance_by_speed(path[:, 0], 0.002, speed=0.1)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=60), st.floats(0.05, 1.0))
def test_turns_are_extremes_by_turns_and_apart(values, least):
    path = np.array(values)
    turns = gait.reversals(path, least)
    ways = np.diff(path[turns])
    assert (np.abs(ways) >= least - 1e-12).all() and (np.diff(turns) > 0).all()
    assert (np.sign(ways[1:]) == -np.sign(ways[:-1])).all()


def test_turns_of_a_noisy_wave_are_those_of_the_wave():
    time = np.linspace(0, 5, 1001)
    noisy = np.sin(2 * np.pi * time) + 0.05 * np.random.default_rng(0).standard_normal(1001)
    turns = gait.reversals(noisy, 1.0)
    assert time[turns] == pytest.approx(0.25 + np.arange(10) * 0.5, abs=0.07)


@given(
    st.integers(1, 4).flatmap(
        lambda feet: st.lists(st.lists(st.booleans(), min_size=feet, max_size=feet), min_size=2, max_size=80)
    )
)
def test_strides_tile_the_time_between_touchdowns(rows):
    standing = np.array(rows)
    names = [f"foot {k}" for k in range(standing.shape[1])]
    made = gait.strides(standing, names, 0.01)
    for k, name in enumerate(names):
        own = made.of(name)
        falls = gait.touchdowns(standing[:, k])
        assert own.start.tolist() == falls[:-1].tolist() and own.end.tolist() == falls[1:].tolist()
        assert (own.start < own.liftoff).all() and (own.liftoff < own.end).all()
        stood = [standing[a:b, k].sum() for a, b in zip(own.start, own.end, strict=True)]
        assert (own.liftoff - own.start).tolist() == stood
    measured = gait.analyse(standing, names, 0.01)
    assert sum(measured.strides.values()) == len(made)
    assert made.duration == pytest.approx(made.stance + made.swing)


def test_strides_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="2 feet"):
        gait.strides(np.ones((10, 3), bool), ["a", "b"], 0.01)
    with pytest.raises(ValueError, match="time between samples"):
        gait.strides(np.ones((10, 1), bool), ["a"], 0.0)
    with pytest.raises(LookupError, match="no foot named 'b'"):
        gait.strides(np.ones((10, 1), bool), ["a"], 0.01).of("b")
