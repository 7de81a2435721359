"""The body: a pendular limb on one hinge, with an extensor behind it and a flexor in front.

Limb and muscles are those of Markin et al. 2010, Ann N Y Acad Sci 1198:21, which Spardy et al. 2011 took over: a thin
rod of 0.3 m and 0.3 kg, and two muscles from 60 mm behind and before the hinge to a point of the limb 7 mm below it,
68 mm long at their optimum, with 72.5 N (flexor) and 37.7 N (extensor). Frame: x forward, z up. The angle is 0 where
the limb hangs, and positive in flexion, forward.

One joint cannot lift a foot. So the limb ends in a foot on a short spring, which stands for the rest of the leg: a
servo extends it, and draws it in while the flexor half-centre is active. Straight below the hinge the ground presses it
in by 40 mm, and it bears 2 N, the ground reaction of the source. The ground is smooth, as if it were a treadmill that
goes with the foot.
"""

import mujoco

from sns_mujoco.muscles import HillMuscle, add_muscles

FORCES = {"flexor": 72.5, "extensor": 37.7}  # N
TERRAINS = ("free", "ground")

LIMB = """
<mujoco model="antagonist joint">
  <compiler angle="radian"/>
  <option timestep="0.001" integrator="implicitfast"/>
  <statistic center="0 0 0.16" extent="0.4"/>
  <visual><headlight ambient="0.35 0.35 0.37" diffuse="0.35 0.35 0.35" specular="0.1 0.1 0.1"/></visual>
  <asset>
    <texture name="sky" type="skybox" builtin="gradient" rgb1="0.62 0.72 0.82" rgb2="0.28 0.38 0.52"
             width="64" height="64"/>
    <texture name="ground" type="2d" builtin="checker" rgb1="0.66 0.71 0.68" rgb2="0.52 0.58 0.57"
             width="256" height="256"/>
    <material name="ground" texture="ground" texrepeat="10 10" texuniform="true" specular="0.1" shininess="0.1"/>
    <material name="bone" rgba="0.88 0.84 0.74 1" specular="0.4" shininess="0.5"/>
    <material name="frame" rgba="0.30 0.33 0.37 1" specular="0.5" shininess="0.6"/>
  </asset>
  <default><geom contype="0" conaffinity="0" material="frame"/><site size="0.003" group="4"/></default>
  <worldbody>
    <light type="directional" pos="0 -0.6 0.9" dir="0 0.6 -0.9" diffuse="0.6 0.6 0.57"/>
    <camera name="side" pos="0.05 -0.9 0.22" xyaxes="1 0 0 0 0.06 1" fovy="32"/>
    <body name="trunk" pos="0 0 0.29">
      <geom name="trunk" type="capsule" fromto="-0.06 0 0.03 0.06 0 0.03" size="0.014"/>
      <geom name="flexor_origin" type="capsule" fromto="0.06 0 0.03 0.06 0 0" size="0.005"/>
      <geom name="extensor_origin" type="capsule" fromto="-0.06 0 0.03 -0.06 0 0" size="0.005"/>
      <geom name="pivot" type="capsule" fromto="0 0.012 0 0 0.012 0.03" size="0.005"/>
      <site name="flexor_origin" pos="0.06 0 0"/>
      <site name="extensor_origin" pos="-0.06 0 0"/>
      <body name="limb">
        <joint name="hip" axis="0 -1 0" range="-0.5 0.9" limited="true" damping="0.018"/>
        <inertial pos="0 0 -0.15" mass="0.3" diaginertia="0.00225 0.00225 1e-5"/>
        <geom name="knob" type="sphere" size="0.012" material="bone"/>
        <geom name="limb" type="capsule" fromto="0 0 0 0 0 -0.24" size="0.008" material="bone"/>
        <site name="insertion" pos="0 0 -0.007"/>
        <body name="foot" pos="0 0 -0.27">
          <joint name="foot" type="slide" axis="0 0 -1" range="-0.02 0.06" limited="true"/>
          <geom name="foot" type="sphere" size="0.01" mass="0.005" conaffinity="1" condim="1" solref="0.004 1"
                material="bone"/>
          <geom name="shaft" type="capsule" fromto="0 0 0 0 0 0.07" size="0.004" mass="0"/>
          <site name="foot" size="0.012"/>
        </body>
      </body>
    </body>
  </worldbody>
  <tendon>
    <spatial name="flexor" width="0.003"><site site="flexor_origin"/><site site="insertion"/></spatial>
    <spatial name="extensor" width="0.003"><site site="extensor_origin"/><site site="insertion"/></spatial>
  </tendon>
  <actuator><position name="foot" joint="foot" kp="50" kv="0.5" ctrlrange="0 0.05"/></actuator>
  <sensor><touch name="foot" site="foot"/></sensor>
</mujoco>"""


def body(terrain: str = "free", seed: int = 0) -> mujoco.MjSpec:
    """Build the limb with its muscles.

    Args:
        terrain: "free", the limb swings in the air; or "ground", its foot bears on the ground.
        seed: Of no consequence: neither terrain is random.

    Returns:
        A fresh model description: joint "hip"; tendons, muscles and actuators "flexor" and "extensor"; the foot's joint
        and servo "foot" (0 m drawn in, 0.05 m extended) and its sensor "foot" (N); camera "side".

    Raises:
        ValueError: Unknown terrain.
    """
    if terrain not in TERRAINS:
        raise ValueError(f"terrain is {terrain!r}; it can be 'free' or 'ground'")
    spec = mujoco.MjSpec.from_string(LIMB)
    if terrain == "ground":
        plane = mujoco.mjtGeom.mjGEOM_PLANE
        spec.worldbody.add_geom(
            name="ground", type=plane, size=(4.0, 4.0, 0.01), contype=1, condim=1, material="ground"
        )
    return add_muscles(spec, [muscle(name) for name in FORCES])


def muscle(name: str) -> HillMuscle:
    """One of the two: a Hill muscle whose fibres reach from bone to bone, since the source gives it no tendon.

    The source's muscle is one of Hill's kind, too: force-length times force-velocity times activation, and parallel.
    """
    return HillMuscle(name=name, tendon=name, force=FORCES[name], optimal_length=0.068, tendon_slack_length=0.0)
