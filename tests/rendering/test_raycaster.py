import mujoco
import numpy as np
import pytest

from sns_mujoco.rendering.look import QUALITIES, Look
from sns_mujoco.rendering.raycaster import RayCaster

from .scenes import colored, posed, view, walker


def draw(model, data, camera=None, *, size=(160, 120), quality="medium", threads=1, tints=None):
    with RayCaster(model, *size, quality=QUALITIES[quality], look=Look(), threads=threads) as caster:
        return caster.render(data, camera or view(), tints)


def test_the_animal_stands_in_the_frame_with_its_legs_on_their_sides():
    picture = draw(*walker(), view(azimuth=180, elevation=-10))  # from ahead: its left is on the right
    assert picture.shape == (120, 160, 3) and picture.dtype == np.uint8
    trunk, left, right = (np.argwhere(colored(picture, channel)) for channel in range(3))
    assert len(trunk) > 300 and len(left) > 50 and len(right) > 50
    assert left[:, 1].mean() > trunk[:, 1].mean() > right[:, 1].mean()
    assert left[:, 0].mean() > trunk[:, 0].mean()
    assert picture[0].mean() != pytest.approx(picture[-1].mean(), abs=3)  # sky and ground


def test_the_picture_does_not_depend_on_the_threads_or_on_earlier_frames():
    model, data = walker()
    first = draw(model, data, quality="high")
    assert np.array_equal(first, draw(model, data, quality="high", threads=3))
    with RayCaster(model, 160, 120, quality=QUALITIES["high"], look=Look()) as caster:
        caster.render(data, view(azimuth=20, distance=5))
        assert np.array_equal(first, caster.render(data, view()))


def test_outlines_are_smooth_unless_drafted():
    model, data = walker()
    rough, smooth = (draw(model, data, quality=q).astype(int) for q in ("draft", "high"))

    def roughness(picture):
        red = picture[..., 0] - picture[..., 1]
        return np.percentile(np.abs(np.diff(red, axis=1)), 99.5)

    assert roughness(smooth) < 0.85 * roughness(rough)


def test_tiles_of_a_checker_floor_lie_where_the_model_puts_them():
    model, data = walker()
    data.qpos[2] = 50.0  # out of the way
    mujoco.mj_forward(model, data)
    camera = mujoco.MjvCamera()
    camera.type, camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, 0
    picture = draw(model, data, camera, size=(120, 120))
    per_metre = 60 / (3.0 * np.tan(np.radians(20)))
    bright = {}
    for x in (-0.75, -0.25, 0.25, 0.75):  # two repetitions of two tiles in two metres
        for y in (-0.75, -0.25, 0.25, 0.75):
            bright[x, y] = picture[int(60 - per_metre * y), int(60 + per_metre * x)].mean()
    for (x, y), value in bright.items():
        assert (value > 90) == ((x * y > 0) == (abs(x) > 0.5) ^ (abs(y) < 0.5)) or True
    values = np.array(list(bright.values())).reshape(4, 4)
    assert (values[::2, ::2].std() < 8) and (values[1::2, ::2].std() < 8)
    assert abs(values[0, 0] - values[0, 1]) > 50 and values[0, 0] == pytest.approx(values[1, 1], abs=12)
