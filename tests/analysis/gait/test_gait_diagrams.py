"""Numbers of gait diagrams on gaits that are made up."""

import numpy as np
import pytest

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

PERIOD = 0.002
WALK = {"LF": 0.25, "RF": 0.75, "LH": 0.0, "RH": 0.5}
TRIPOD = {"L1": 0.0, "L2": 0.5, "L3": 0.0, "R1": 0.5, "R2": 0.0, "R3": 0.5}


def test_bars_begin_and_end_with_stance(walker):
    standing = walker({"a": 0.1, "b": 0.6}, period=0.5, duty=0.4, seconds=2.0)
    time = 3.0 + PERIOD * np.arange(len(standing))
    bars = gait.stance_bars(standing, ("a", "b"), time)
    assert bars["a"][:, 0] == pytest.approx([3.05, 3.55, 4.05, 4.55], abs=PERIOD)
    assert np.diff(bars["a"], axis=1).ravel() == pytest.approx(0.2, abs=2 * PERIOD)
    assert gait.stance_bars(np.ones((5, 1), bool), ("a",), time[:5])["a"].tolist() == [[time[0], time[4]]]
    assert gait.stance_bars(np.zeros((5, 1), bool), ("a",), time[:5])["a"].shape == (0, 2)


def test_the_mean_stride_has_the_phases_it_was_made_of(walker):
    standing = walker(WALK, period=0.5, duty={"LF": 0.7, "RF": 0.7, "LH": 0.6, "RH": 0.65})
    bars = gait.mean_stride(standing, tuple(WALK), reference="LH")
    for foot, phase in WALK.items():
        assert abs(gait.circular.difference(bars[foot].onset, phase)) < 0.005
        assert bars[foot].onset_spread < 0.005
    assert bars["RH"].duty_factor == pytest.approx(0.65, abs=0.005)
    with pytest.raises(LookupError, match="no foot named 'LX'"):
        gait.mean_stride(standing, tuple(WALK), reference="LX")


def test_hildebrands_graph_has_duty_factor_of_the_hindfoot_and_the_lag_of_the_forefoot(walker):
    standing = walker(WALK, period=0.5, duty={"LF": 0.8, "RF": 0.8, "LH": 0.6, "RH": 0.6})
    points = gait.hildebrand_points(standing, tuple(WALK), gait.layout_of(tuple(WALK)))
    assert set(points.foot) == {"LH", "RH"} and len(points.lag) == len(points.foot) > 10
    assert points.duty_factor == pytest.approx(0.6, abs=0.005) and points.lag == pytest.approx(0.25, abs=0.005)
    with pytest.raises(GaitError, match="one pair"):
        gait.hildebrand_points(standing[:, :2], ("left", "right"), gait.layout_of(("left", "right")))


def test_support_of_a_walk(walker):
    standing = walker(WALK, period=0.5, duty=0.75)
    down = gait.feet_down(standing)
    assert down == pytest.approx([0, 0, 0, 1, 0], abs=0.01)
    patterns = gait.support_patterns(standing, tuple(WALK))
    assert list(patterns.values())[:4] == pytest.approx([0.25] * 4, abs=0.01)
    assert {len(feet) for feet in list(patterns)[:4]} == {3} and sum(patterns.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("late", "strength"), [(0.0, 1.0), (0.1, 2 / 3), (0.25, 1 / 3)])
def test_tripod_strength_is_the_share_of_the_swing_in_common(walker, late, strength):
    """Swings last half a stride; a leg that lags by a share leaves half less that in common."""
    phases = TRIPOD | {"L1": late, "R1": 0.5 + late}
    standing = walker(phases, period=0.4, duty=0.5)
    found = gait.tripod_strength(standing, tuple(phases), gait.layout_of(tuple(phases)))
    assert np.median(found) == pytest.approx(strength, abs=0.02)


def test_a_wave_is_no_tripod(walker):
    phases = {"L1": 1 / 3, "L2": 1 / 6, "L3": 0.0, "R1": 5 / 6, "R2": 2 / 3, "R3": 1 / 2}
    standing = walker(phases, period=0.6, duty=5 / 6)
    assert gait.tripod_strength(standing, tuple(phases), gait.layout_of(tuple(phases))).max() == 0.0
    with pytest.raises(GaitError, match="six feet"):
        gait.tripod_strength(standing[:, :4], tuple(WALK), gait.layout_of(tuple(WALK)))
