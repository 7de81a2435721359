"""Terms of the gait against `analysis.gait`, which measures one animal, and on gaits that are made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.analysis import gait
from sns_mujoco.errors import TaskError, UnknownNameError
from sns_mujoco.learning.fitness import DutyFactor, StrideFrequency, TargetGait
from sns_mujoco.learning.fitness.footfalls import Touchdowns, debounced, mean_phases
from sns_mujoco.learning.fitness.gaits import Footfalls

FEET = ("a", "b", "c")
stances = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.booleans(), min_size=3 * n, max_size=3 * n), min_size=2, max_size=40)
)


@settings(max_examples=60, deadline=None)
@given(stances, st.integers(1, 4))
def test_all_at_once_is_what_one_by_one_is(rows, shortest):
    raw = np.array(rows, bool)
    n = raw.shape[1] // 3
    standing = debounced(raw, shortest)
    pairs = [("a", "b"), ("c", "a"), ("b", "b")]
    falls = Touchdowns.of(standing)
    footfalls = Footfalls(standing=standing, alive=np.ones((len(raw), n), bool), feet=FEET, frame=0.1)
    duty, rate = DutyFactor(target=0.5).read(footfalls), StrideFrequency(weight=0.0).read(footfalls)
    for i in range(n):
        own = gait.stance(raw[:, 3 * i : 3 * i + 3].astype(float), 0.5, gap=shortest, shortest=shortest)
        np.testing.assert_array_equal(standing[:, 3 * i : 3 * i + 3], own)
        one = gait.analyse(own, FEET, 0.1, pairs=pairs)
        if np.isnan(one.period):
            assert duty[i] == own.mean() and rate[i] == 0.0
        else:
            assert duty[i] == pytest.approx(one.duty_factor)
            assert rate[i] == pytest.approx(1 / one.period)
        for foot, reference in pairs:
            vector = mean_phases(*falls.phases(FEET.index(foot), FEET.index(reference), 3), n)[i]
            assert abs(vector) == pytest.approx(one.coherence[foot, reference], nan_ok=True)
            if one.coherence[foot, reference] > 1e-6:
                apart = np.angle(vector) / (2 * np.pi) - one.lags[foot, reference]
                assert (apart + 0.5) % 1.0 - 0.5 == pytest.approx(0.0, abs=1e-9)


def stepping(m, periods, duty, lags):
    """Loads of two feet that step with some periods (s), the right one so much of a stride after the left one."""

    def at(time):
        left = (time + 1e-9) / np.asarray(periods)
        for sensor, phase in (("left", left), ("right", left - np.asarray(lags))):
            m.data.sensordata[:, m.model.sensor(sensor).adr[0]] = np.where(phase % 1.0 < duty, 5.0, 0.0)

    return at


def test_a_gait_agrees_with_the_lag_that_is_wanted(motion):
    m = motion(3)
    at = stepping(m, [0.4, 0.4, 0.4], 0.6, [0.5, 0.25, 0.0])
    term = TargetGait(lags={("right", "left"): 0.5})
    np.testing.assert_allclose(m.play(term, at, 4.0), [1.0, 0.0, -1.0], atol=1e-9)
    quarter = TargetGait(lags=(("right", "left", 0.25), ("left", "right", 0.75)))
    np.testing.assert_allclose(m.play(quarter, at, 4.0), [0.0, 1.0, 0.0], atol=1e-9)


def test_lags_are_on_a_circle(motion):
    m = motion(1)
    at = stepping(m, [0.4], 0.6, [0.95])
    assert m.play(TargetGait(lags={("right", "left"): 0.05}), at, 4.0) == pytest.approx(np.cos(0.2 * np.pi))


def test_a_lag_that_wanders_agrees_with_none(motion):
    m = motion(1)

    def at(time):
        stepping(m, [0.4], 0.5, [time / 4.0])(time)  # once round in 4 s

    assert abs(m.play(TargetGait(lags={("right", "left"): 0.3}), at, 4.0)[0]) < 0.1


def test_without_steps_there_is_no_gait(motion):
    m = motion(2)
    at = stepping(m, [1e9, 0.4], 0.6, [0.0, 0.5])
    term = TargetGait(lags={("right", "left"): 0.5})
    np.testing.assert_allclose(m.play(term, at, 2.0), [-1.0, 1.0])
    np.testing.assert_allclose(m.play(term, at, 2.0, fall=np.array([9.0, 0.6])), [-1.0, -1.0])
    assert m.play(StrideFrequency(weight=0.0), at, 2.0).tolist() == pytest.approx([0.0, 2.5])
    assert m.play(DutyFactor(target=0.6), at, 2.0).tolist() == pytest.approx([1.0, 0.6])


def test_a_bounce_is_no_step(motion):
    m = motion(1)

    def at(time):
        stepping(m, [0.4], 0.6, [0.5])(time)
        if round(time / 0.02) % 20 == 6:  # the left foot is off the ground for one frame in mid-stance
            m.data.sensordata[:] = 0.0

    assert m.play(StrideFrequency(weight=0.0, bounce=0.0), at, 4.0)[0] > 3.0
    assert m.play(StrideFrequency(weight=0.0), at, 4.0)[0] == pytest.approx(2.5, rel=0.05)


def test_what_makes_no_sense_is_refused(motion):
    for lags in ((), {("left", "right"): float("nan")}, (("left", "right"),)):
        with pytest.raises(TaskError, match="lags of 'target_gait'"):
            TargetGait(lags=lags)
    with pytest.raises(TaskError, match="neither more nor less of it is better"):
        DutyFactor()
    with pytest.raises(TaskError, match="bounce of 'duty_factor' is -1"):
        DutyFactor(target=0.5, bounce=-1.0)
    with pytest.raises(UnknownNameError, match="no foot named 'lft'.*did you mean 'left'"):
        TargetGait(lags={("lft", "right"): 0.5}).begin(motion(1), 1.0, 0.02)
    footless = motion(1)
    footless.animal.feet = ()
    with pytest.raises(TaskError, match="'walker' has no feet"):
        DutyFactor(target=0.5).begin(footless, 1.0, 0.02)
