"""A joint with a motor, and nervous systems for it."""

import mujoco
import numpy as np
import torch

from sns_mujoco.adapters import AntagonistPair, Command, JointAngle, JointVelocity
from sns_mujoco.layers import surrogate
from sns_mujoco.learning.reinforcement import Actor, policy_network

torch.set_num_threads(1)

JOINT = """
<mujoco>
  <compiler angle="radian"/>
  <option timestep="0.004"/>
  <worldbody>
    <body pos="0 0 1">
      <joint name="hip" axis="0 1 0" damping="0.5"/>
      <geom type="capsule" fromto="0 0 0 0 0 -0.4" size="0.02" mass="0.5"/>
    </body>
  </worldbody>
  <actuator><motor name="hip" joint="hip" ctrlrange="-2 2"/></actuator>
</mujoco>"""
LINEAR = {"gain": 20.0, "offset": -10.0, "clip": False}
SENSES = (
    Command("target", to="target", range=(-1, 1), **LINEAR),
    JointAngle("hip", to="angle", range=(-1, 1), **LINEAR),
    JointVelocity("hip", to="velocity", range=(-5, 5), gain=20.0, offset=-10.0),
)
MOTORS = (AntagonistPair("flexor", "extensor", drives="hip", gain=2.0),)
NAMES = (["target", "angle", "velocity"], ["flexor", "extensor"])


def actor(*, spiking=False, hidden=8, seed=0, **options):
    """An actor for the joint, whose observation is (target, angle, velocity)."""
    network = policy_network(*NAMES, hidden=hidden, spiking=spiking, seed=seed)
    options = {"dt": 2.0, "steps": 2, "latency": 1, "surrogate": surrogate("fast_sigmoid", alpha=0.5)} | options
    return Actor(network, SENSES, MOTORS, **options)


def disturb(module, seed=0):
    """Move all parameters by up to 30 %, as learning would."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter *= 1 + 0.6 * (torch.rand(parameter.shape, generator=generator, dtype=parameter.dtype) - 0.5)


class Joint:
    """The joint without a nervous system, stepped from Python."""

    def __init__(self):
        self.model = mujoco.MjModel.from_xml_string(JOINT)
        self.data = mujoco.MjData(self.model)

    def observe(self, target):
        return torch.tensor([[target, self.data.qpos[0], self.data.qvel[0]]])

    def step(self, action):
        self.data.ctrl[0] = np.clip(action, -2.0, 2.0)
        mujoco.mj_step(self.model, self.data)
