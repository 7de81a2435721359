import mujoco
import numpy as np
import pytest

from sns_mujoco.errors import UnknownNameError
from sns_mujoco.rendering import make_renderer
from sns_mujoco.rendering.camera import VIEWS, ChaseCamera, view_of

from .scenes import colored, walker


def view(model, name, **options):
    given = dict(azimuth=145.0, elevation=-21.0, distance=None, rise=0.0)
    return view_of(name, model, "torso", **given | options)


def seen(model, data, name):
    camera = view(model, name)
    with make_renderer(model, 160, 160, "raycaster", quality="draft") as renderer:
        return renderer.render(data, camera.update(data) if isinstance(camera, ChaseCamera) else camera)


@pytest.mark.parametrize("name", [*VIEWS, "above"])
def test_the_animal_is_in_the_middle_of_every_view(name):
    model, data = walker()
    rows, columns = np.nonzero(colored(seen(model, data, name), 0))
    assert len(rows) > 300
    if name != "above":
        assert abs(np.mean(columns) - 80) < 20 and abs(np.mean(rows) - 80) < 30


def test_sides_are_sides():
    model, data = walker()
    left, right = seen(model, data, "left"), seen(model, data, "right")
    assert colored(left, 1).sum() > 5 * colored(right, 1).sum()  # the green leg is the left one
    assert colored(right, 2).sum() > 5 * colored(left, 2).sum()
    top = colored(seen(model, data, "top"), 0)
    assert np.ptp(np.nonzero(top)[1]) > 1.8 * np.ptp(np.nonzero(top)[0])  # the long body lies level


def moved(model, data, x, time):
    data.qpos[0], data.time = x, time
    mujoco.mj_forward(model, data)


def test_a_fixed_camera_stays_and_turns_and_an_orbit_goes_round():
    model, data = walker()
    eyes, angles = [], []
    camera, orbit = view(model, "fixed"), view(model, "orbit", slow=2.0)
    for n in range(40):
        moved(model, data, 0.05 * n, 0.1 * n)
        found = camera.update(data)
        azimuth, elevation = np.radians((found.azimuth, found.elevation))
        level = np.cos(elevation)
        away = np.array([level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)])
        eyes.append(found.lookat - found.distance * away)
        angles.append(orbit.update(data).azimuth)
    assert np.allclose(eyes, eyes[0], atol=1e-9)
    assert found.lookat[0] > 1.5
    assert angles[-1] - angles[0] == pytest.approx(3.9 * 12.0)


def test_an_unknown_view_is_refused_with_all_that_there_are():
    with pytest.raises(UnknownNameError, match="camera named 'lft'.*'left'"):
        view(walker()[0], "lft")
