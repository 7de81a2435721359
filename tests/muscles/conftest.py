"""Bodies with a known answer: a sled whose tendon is as long as its position, an arm between two tendons."""

import mujoco
import numpy as np
import pytest

from sns_mujoco.muscles import HillMuscle, LinearHillMuscle, MujocoMuscle

SLED = """
<mujoco model="sled">
  <option timestep="{timestep}" integrator="{integrator}" gravity="0 0 0"/>
  <worldbody><body>
    <joint name="sled" type="slide" axis="1 0 0"/>
    <geom size=".1" mass="{mass}" contype="0" conaffinity="0"/>
  </body></worldbody>
  <tendon><fixed name="tendon"><joint joint="sled" coef="1"/></fixed></tendon>
</mujoco>"""

ARM = """
<mujoco model="arm">
  <compiler angle="radian"/>
  <option timestep="{timestep}" integrator="{integrator}"/>
  <worldbody>
    <site name="front" pos=".02 0 .1"/><site name="back" pos="-.02 0 .1"/>
    <body name="arm">
      <joint name="elbow" axis="0 1 0" range="-1 1" damping=".03"/>
      <geom type="capsule" fromto="0 0 0 0 0 -.2" size=".015"/>
      <site name="front low" pos=".02 0 -.05"/><site name="back low" pos="-.02 0 -.05"/>
    </body>
  </worldbody>
  <tendon>
    <spatial name="flexor"><site site="front"/><site site="front low"/></spatial>
    <spatial name="extensor"><site site="back"/><site site="back low"/></spatial>
  </tendon>
</mujoco>"""


@pytest.fixture
def sled():
    """A body on rails, by default so heavy that nothing changes its velocity; the tendon's length is its position."""

    def body(timestep=1e-4, integrator="Euler", mass=1e9):
        return SLED.format(timestep=timestep, integrator=integrator, mass=mass)

    return body


@pytest.fixture
def arm():
    """One hinge between two tendons of 0.15 m."""

    def body(timestep=5e-4, integrator="Euler"):
        return ARM.format(timestep=timestep, integrator=integrator)

    return body


@pytest.fixture
def linear_hill():
    def muscle(name="muscle", tendon="tendon", **changes):
        numbers = dict(force=8.0, kse=600.0, kpe=90.0, damping=3.0, rest_length=0.15, width=0.06, max_tension=30.0)
        return LinearHillMuscle(name=name, tendon=tendon, **(numbers | changes))

    return muscle


@pytest.fixture
def hill():
    def muscle(name="muscle", tendon="tendon", **changes):
        numbers = dict(force=8.0, optimal_length=0.05, tendon_slack_length=0.1, pennation=0.3)
        return HillMuscle(name=name, tendon=tendon, **(numbers | changes))

    return muscle


@pytest.fixture
def mixed(linear_hill, hill):
    """One muscle of each kind on the arm."""
    return [
        linear_hill("biceps", "flexor"),
        MujocoMuscle(name="brachialis", tendon="flexor", force=3.0, length_range=(0.12, 0.18)),
        hill("triceps", "extensor"),
    ]


@pytest.fixture
def life():
    """Excite all muscles with waves for some steps; positions, tensions and activations after each step."""

    def live(model, steps=300, data=None, first=0):
        data = mujoco.MjData(model) if data is None else data
        rows = []
        for step in range(first, first + steps):
            data.ctrl[:] = 0.5 + 0.5 * np.sin(step / 30.0 + np.arange(model.nu))
            mujoco.mj_step(model, data)
            rows.append(np.concatenate([data.qpos, data.plugin_state, data.act]))
        return np.array(rows)

    return live
