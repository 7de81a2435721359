"""Small models to draw."""

import mujoco
import numpy as np

WALKER = """
<mujoco>
  <visual><global fovy="40"/></visual>
  <statistic extent="1" center="0 0 .3"/>
  <asset>
    <texture name="grid" type="2d" builtin="checker" rgb1=".8 .8 .8" rgb2=".3 .3 .3" width="32" height="32"/>
    <material name="ground" texture="grid" texuniform="true" texrepeat="2 2"/>
  </asset>
  <worldbody>
    <light directional="true" dir=".4 .3 -.85" pos="0 0 3"/>
    <camera name="above" pos="0 0 3" xyaxes="1 0 0 0 1 0"/>
    <geom name="ground" type="plane" size="0 0 .1" material="ground"/>
    <body name="torso" pos="0 0 .4">
      <freejoint/>
      <geom name="trunk" type="ellipsoid" size=".35 .15 .12" rgba=".9 .1 .1 1"/>
      <geom name="leg_l" type="capsule" fromto=".1 .1 0 .15 .25 -.38" size=".03" rgba=".1 .8 .1 1"/>
      <geom name="leg_r" type="capsule" fromto=".1 -.1 0 .15 -.25 -.38" size=".03" rgba=".1 .1 .9 1"/>
    </body>
  </worldbody>
</mujoco>
"""


def walker(extra: str = "") -> tuple[mujoco.MjModel, mujoco.MjData]:
    """A red body with a green left and a blue right leg on a grey checker floor, kinematics up to date.

    Args:
        extra: Further elements of the world.
    """
    return posed(mujoco.MjModel.from_xml_string(WALKER.replace("</worldbody>", extra + "</worldbody>")))


def posed(model: mujoco.MjModel) -> tuple[mujoco.MjModel, mujoco.MjData]:
    """A model and its first state."""
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data


def view(
    *,
    lookat: tuple[float, float, float] = (0, 0, 0.3),
    distance: float = 2.0,
    azimuth: float = 130,
    elevation: float = -25,
) -> mujoco.MjvCamera:
    """A free camera."""
    camera = mujoco.MjvCamera()
    camera.lookat[:] = lookat
    camera.distance, camera.azimuth, camera.elevation = distance, azimuth, elevation
    return camera


def colored(picture: np.ndarray, channel: int) -> np.ndarray:
    """Which pixels [height, width] are mostly of one channel: of the body, of a leg."""
    others = [c for c in range(3) if c != channel]
    return picture[..., channel] > 1.6 * picture[..., others].max(axis=-1).astype(float) + 10
