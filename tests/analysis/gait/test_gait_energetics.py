"""Work, cost, Froude number and exchange of energy where physics gives the answer; margins of polygons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import ConvexHull

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

DT = 0.001


def test_a_spring_gives_back_what_it_took():
    time = np.arange(0, 1 + DT / 2, DT)
    length, velocity = np.sin(2 * np.pi * time), 2 * np.pi * np.cos(2 * np.pi * time)
    done = gait.work(gait.muscle_power(3.0 * length[:, None], velocity[:, None]), DT)
    # 3 N/m stretched and compressed by 1 m twice a second: 1.5 J each time
    assert done.positive == pytest.approx([3.0], rel=1e-4) and done.negative == pytest.approx([-3.0], rel=1e-4)
    assert done.net == pytest.approx([0.0], abs=1e-9)


def test_a_muscle_that_shortens_under_tension_works():
    done = gait.work(gait.muscle_power(np.full((1001, 2), 10.0), np.array([[-0.2, 0.1]] * 1001)), DT)
    assert done.positive == pytest.approx([2.0, 0.0]) and done.negative == pytest.approx([0.0, -1.0])


def test_cost_of_transport_of_a_hill():
    # climbing at 45 degrees for a way of 1 along the ground costs the weight times the height
    assert gait.cost_of_transport(2.0 * 9.81 * 3.0, 2.0, 3.0) == pytest.approx(1.0)
    assert np.isnan(gait.cost_of_transport(1.0, 2.0, 0.0))
    with pytest.raises(GaitError, match="mass is -1"):
        gait.cost_of_transport(1.0, -1.0, 1.0)


def test_froude_number_of_the_walk_of_a_man():
    assert gait.froude(1.4, 0.9) == pytest.approx(0.222, abs=1e-3)
    assert gait.froude(1.0, 0.1, gravity=10.0) == pytest.approx(1.0)
    with pytest.raises(GaitError, match="height is 0"):
        gait.froude(1.0, 0.0)


def moving(shift):
    """A body whose kinetic energy of forward motion sways as its height does, shifted by a share of the cycle."""
    time, mass, g = np.arange(0, 2 + DT / 2, DT), 2.0, 9.81
    height = 0.5 + 0.005 * np.sin(2 * np.pi * time)
    sway = mass * g * 0.005 * np.sin(2 * np.pi * (time + shift))
    speed = np.sqrt(2.0 / mass * (1.0 + sway))
    x = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * DT)])
    return gait.exchange(np.column_stack((x, np.zeros_like(x), height)), mass, DT)


def test_a_pendulum_recovers_energy_and_a_ball_does_not():
    assert moving(0.5).recovery > 0.98
    assert moving(0.0).recovery < 0.02
    assert 0.2 < moving(0.25).recovery < 0.4  # 1 - sqrt(2) / 2
    with pytest.raises(GaitError, match="three samples"):
        gait.exchange(np.zeros((2, 3)), 1.0, DT)


SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


@pytest.mark.parametrize(
    ("point", "standing", "margin"),
    [
        ((1.0, 1.0), (1, 1, 1, 1), 1.0),
        ((0.5, 1.0), (1, 1, 1, 1), 0.5),
        ((3.0, 1.0), (1, 1, 1, 1), -1.0),
        ((5.0, 6.0), (1, 1, 1, 1), -5.0),
        ((1.0, 1.0), (1, 1, 1, 0), 0.0),
        ((1.0, 1.5), (1, 1, 0, 0), -1.5),
        ((3.0, 4.0), (1, 0, 0, 0), -5.0),
    ],
)  # fmt: skip
def test_margins_of_a_square(point, standing, margin):
    found = gait.support_margin(np.array([point]), SQUARE[None], np.array([standing], bool))
    assert found == pytest.approx([margin], abs=1e-12)


def test_no_foot_no_margin_and_shapes_are_checked():
    assert np.isnan(gait.support_margin(np.zeros((1, 2)), SQUARE[None], np.zeros((1, 4), bool)))
    with pytest.raises(GaitError, match=r"\(1, 3\)"):
        gait.support_margin(np.zeros((1, 3)), SQUARE[None], np.ones((1, 4), bool))


coordinates = st.integers(-50, 50).map(lambda n: n / 10)


@settings(max_examples=60)
@given(arrays(float, (6, 2), elements=coordinates), arrays(float, (2,), elements=coordinates))
def test_inside_a_hull_the_margin_is_that_of_scipy(feet, point):
    margin = gait.support_margin(point[None], feet[None], np.ones((1, 6), bool))[0]
    try:
        hull = ConvexHull(feet)
    except Exception:  # all feet on a line: no polygon, and nothing is inside
        assert margin <= 1e-12
        return
    outwards = (hull.equations[:, :2] @ point + hull.equations[:, 2]).max()
    if outwards <= 0:
        assert margin == pytest.approx(-outwards, abs=1e-9)
    else:
        assert margin <= -outwards + 1e-9


def test_the_dynamic_margin_leads_by_the_speed():
    time = np.arange(0, 1, DT)
    center = np.column_stack((1.0 + 0.1 * time, np.ones_like(time), np.full_like(time, 0.5)))
    feet = np.tile(np.column_stack((SQUARE, np.zeros(4))), (len(time), 1, 1))
    standing = np.ones((len(time), 4), bool)
    static = gait.static_margin(center, feet, standing)
    dynamic = gait.dynamic_margin(center, feet, standing, DT, height=0.5)
    assert static == pytest.approx(1.0 - 0.1 * time)
    assert static - dynamic == pytest.approx(0.1 / np.sqrt(9.81 / 0.5))
    with pytest.raises(GaitError, match="height is 0"):
        gait.dynamic_margin(center, feet, standing, DT, height=0)
