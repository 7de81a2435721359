import mujoco
import numpy as np
import pytest

from sns_mujoco.errors import UnknownNameError
from sns_mujoco.rendering import ChaseCamera

from .scenes import walker


def place(model, data, time, position, yaw=0.0):
    data.time = time
    data.qpos[:3] = position
    data.qpos[3:7] = np.cos(yaw / 2), 0, 0, np.sin(yaw / 2)
    mujoco.mj_kinematics(model, data)


def follow(camera, model, data, positions, yaws, step=0.02):
    views = []
    for n, (position, yaw) in enumerate(zip(positions, yaws, strict=True)):
        place(model, data, n * step, position, yaw)
        view = camera.update(data)
        views.append([*view.lookat, view.azimuth, view.distance])
    return np.array(views)


def test_steady_walking_stays_in_the_middle_and_its_sway_is_smoothed_away():
    model, data = walker()
    time = 0.02 * np.arange(300)
    sway = 0.05 * np.sin(2 * np.pi * 8 * time)
    walk = np.column_stack([0.7 * time, sway, np.full(300, 0.4)])
    views = follow(ChaseCamera(model, "torso"), model, data, walk, np.zeros(300))
    assert np.abs(views[200:, 0] - walk[200:, 0]).max() < 0.01
    assert np.abs(views[200:, 1]).max() < 0.3 * sway.max()
    assert np.ptp(views[:, 4]) == 0.0


def test_it_turns_with_the_animal_through_every_heading():
    model, data = walker()
    yaws = np.linspace(0, 3 * np.pi, 2000)
    camera = ChaseCamera(model, azimuth=120, turn_time=0.5)
    views = follow(camera, model, data, np.zeros((2000, 3)), yaws)
    behind = (views[:, 3] - 120 - np.degrees(yaws) + 180) % 360 - 180
    assert views[0, 3] == pytest.approx(120)
    assert np.abs(behind).max() < 30 and np.abs(np.diff(behind)).max() < 1.0


def test_the_frame_rate_does_not_change_the_path():
    model, data = walker()
    ends = []
    for step in (0.01, 0.04):
        time = np.arange(0, 4.001, step)
        walk = np.column_stack([0.3 * time, 0 * time, 0 * time])
        ends.append(follow(ChaseCamera(model), model, data, walk, 0 * time, step)[-1])
    assert ends[0] == pytest.approx(ends[1], abs=2e-3)


def test_a_reset_starts_anew_and_gives_the_same_views():
    model, data = walker()
    camera = ChaseCamera(model)
    walk = np.column_stack([np.linspace(0, 2, 50), np.zeros(50), np.full(50, 0.4)])
    first = follow(camera, model, data, walk, np.zeros(50))
    assert np.array_equal(first, follow(camera, model, data, walk, np.zeros(50)))


def test_it_does_not_change_the_state_it_follows():
    model, data = walker()
    before = data.xpos.copy()
    camera = ChaseCamera(model)
    for time in (0.0, 0.1, 0.2):
        data.time = time
        camera.update(data)
    assert np.array_equal(data.xpos, before)


def test_the_animal_fills_the_share_of_the_height_asked_for():
    model, data = walker()
    near, far = ChaseCamera(model, fill=0.8).update(data).distance, ChaseCamera(model, fill=0.4).update(data).distance
    assert far == pytest.approx(2 * near)
    assert ChaseCamera(model, distance=7.0).update(data).distance == 7.0


def test_an_unknown_body_is_refused():
    with pytest.raises(UnknownNameError, match="body named 'tors'.*'torso'"):
        ChaseCamera(walker()[0], "tors")


def test_a_camera_looks_above_or_below_what_it_follows():
    model, data = walker()
    place(model, data, 0.0, (1.0, 2.0, 0.5))
    low, high = (np.array(ChaseCamera(model, rise=rise).update(data).lookat) for rise in (-0.1, 0.2))
    assert high - low == pytest.approx((0.0, 0.0, 0.3))
