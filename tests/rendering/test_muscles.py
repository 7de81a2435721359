"""Muscles in pictures: drawn along their tendons, with bellies, in colour as they pull."""

import mujoco
import numpy as np
import pytest

from sns_mujoco.errors import UnknownNameError
from sns_mujoco.rendering import Film, Muscles, Trace, make_renderer
from sns_mujoco.rendering.opengl import missing_library

from .scenes import posed, view

ARM = """
<mujoco>
  <worldbody>
    <light directional="true" dir="0 .5 -1"/>
    <geom name="upper" type="capsule" fromto="0 0 1 0 0 .5" size=".02"/>
    <site name="a" pos=".15 0 .95" size=".001"/><site name="c" pos="-.15 0 .95" size=".001"/>
    <body pos="0 0 .5">
      <joint name="elbow" axis="0 1 0"/>
      <geom name="lower" type="capsule" fromto="0 0 0 0 0 -.4" size=".02"/>
      <site name="b" pos=".15 0 -.3" size=".001"/><site name="d" pos="-.15 0 -.3" size=".001"/>
    </body>
  </worldbody>
  <tendon>
    <spatial name="front" width=".01"><site site="a"/><site site="b"/></spatial>
    <spatial name="rear" width=".01"><site site="c"/><site site="d"/></spatial>
  </tendon>
  <actuator>
    <muscle name="biceps" tendon="front" force="20" lengthrange=".5 1"/>
    <muscle name="triceps" tendon="rear" force="20" lengthrange=".5 1"/>
  </actuator>
</mujoco>
"""
SIDE = view(lookat=(0, 0, 0.5), distance=1.8, azimuth=90, elevation=0)
GREEN = (0.1, 1.0, 0.1)
BACKENDS = ["raycaster", *(["egl"] if missing_library("egl") is None else [])]


@pytest.fixture
def arm():
    model, data = posed(mujoco.MjModel.from_xml_string(ARM))
    data.act[:] = 1.0, 0.0
    mujoco.mj_forward(model, data)
    return model, data


def green(picture):
    wide = picture.astype(int)
    return wide[..., 1] > wide[..., [0, 2]].max(axis=-1) + 60


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_muscle_that_pulls_lights_up_and_has_a_belly(arm, backend):
    model, data = arm
    muscles = Muscles(model, {"front": GREEN, "rear": GREEN})
    with make_renderer(model, 160, 160, backend) as renderer:
        plain = renderer.render(data, SIDE)
        drawn = renderer.render(data, SIDE, muscles=muscles.tints(data))
    lit = green(drawn)
    assert not green(plain).any()
    left, right = lit[:, :80].sum(), lit[:, 80:].sum()
    assert max(left, right) > 150 and min(left, right) == 0
    widths = lit.sum(axis=1)
    assert widths.max() >= 2 * np.median(widths[widths > 0][:8])  # thick in the middle, thin at its ends


def test_tints_follow_the_root_of_the_share_of_the_peak_force(arm):
    model, data = arm
    biceps, triceps = (model.tendon(name).id for name in ("front", "rear"))
    for activation in (0.0, 0.09, 0.36, 1.0):
        data.act[0] = activation
        mujoco.mj_forward(model, data)
        tints = Muscles(model, {"front": GREEN}).tints(data)
        pull = -data.actuator_force[0] / 20.0
        assert tints[biceps] == (*GREEN, pytest.approx(np.sqrt(min(pull, 1.0))))
        assert tints[triceps][:3] != GREEN


def test_a_film_lights_muscles_by_their_force_and_not_by_a_potential(arm, tmp_path):
    model, data = arm
    trace = Trace(label="biceps", color=GREEN, muscles=("front",))

    def lit(potential, activation):
        data.act[0] = activation
        mujoco.mj_forward(model, data)
        film = Film(model, tmp_path / "arm.mp4", traces=[trace], size=(320, 180), renderer="raycaster")
        film.add_frame(data, [[potential]])
        film.discard()
        return green(film.picture[:, :180]).sum()

    assert lit(0.0, 1.0) > 50
    assert lit(20.0, 0.0) == 0


def test_an_unknown_tendon_is_named(arm):
    with pytest.raises(UnknownNameError, match="no tendon named 'frnt' in the model; did you mean 'front'"):
        Muscles(arm[0], {"frnt": GREEN})


def test_a_full_scene_draws_what_it_has_room_for(arm):
    from sns_mujoco.rendering.muscles import draw_muscles

    model, data = arm
    scene, camera, option = mujoco.MjvScene(model, 9), mujoco.MjvCamera(), mujoco.MjvOption()
    mujoco.mjv_updateScene(model, data, option, None, camera, int(mujoco.mjtCatBit.mjCAT_ALL), scene)
    before = scene.ngeom
    draw_muscles(scene, Muscles(model).tints(data))
    assert before < scene.ngeom <= 9
