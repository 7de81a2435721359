"""A small animal of the tests: one hinge that two muscles swing, held in place, without feet."""

import mujoco
import numpy as np
from sns_mujoco.models import Animal, Readout, View

import sns_mujoco.network as sns
from sns_mujoco import Simulation
from sns_mujoco.adapters import Command, JointAngle, MotorNeuron
from sns_mujoco.network.subnetworks import HalfCentreNetwork

BODY = """
<mujoco>
  <option timestep="{step}"/>
  <worldbody>
    <light pos="0 -1 2" dir="0 .5 -1"/>
    <geom name="thigh" type="capsule" fromto="0 0 .4 0 0 .2" size=".012"/>
    <site name="front" pos=".02 0 .36" size=".002"/>
    <site name="back" pos="-.02 0 .36" size=".002"/>
    <body name="shank" pos="0 0 .2">
      <joint name="knee" axis="0 -1 0" limited="true" range="-60 60" stiffness=".15" damping=".003" armature="1e-4"/>
      <geom name="shin" type="capsule" fromto="0 0 0 0 0 -.2" size=".01" mass=".02"/>
      <site name="shin_front" pos=".02 0 -.04" size=".002"/>
      <site name="shin_back" pos="-.02 0 -.04" size=".002"/>
    </body>
  </worldbody>
  <tendon>
    <spatial name="flexor" width=".003"><site site="front"/><site site="shin_front"/></spatial>
    <spatial name="extensor" width=".003"><site site="back"/><site site="shin_back"/></spatial>
  </tendon>
  <actuator>
    <muscle name="flexor" tendon="flexor" force="5" lengthrange=".14 .26"/>
    <muscle name="extensor" tendon="extensor" force="5" lengthrange=".14 .26"/>
  </actuator>
</mujoco>
"""


def body(terrain: str, seed: int, *, step: float = 0.001) -> mujoco.MjSpec:
    """The limb."""
    assert terrain in ("free", "air")
    return mujoco.MjSpec.from_string(BODY.format(step=step))


def network() -> sns.Network:
    """A half-centre of 0.3 s, and a motor neuron for each muscle that needs drive as well."""
    net = sns.Network("limb")
    net.add_network(HalfCentreNetwork(300.0, "rhythm "))
    for muscle, half in (("flexor", "A"), ("extensor", "B")):
        net.add_neuron(sns.NonSpikingNeuron(), name=muscle)
        net.add_connection(sns.NonSpikingSynapse(2.0, 40.0, 0.0, 20.0), f"rhythm {half}", muscle)
    net.add_neuron(sns.NonSpikingNeuron(), name="angle")
    return net


def adapters() -> list:
    """Two excitations, two commands, a probe, one angle."""
    return [
        Command(name="drive", to="rhythm A", range=(0.0, 1.0), gain=5.0),
        Command(name="kick", to="rhythm A", range=(0.0, 1.0), gain=1.0, clip=False),
        Command(name="flex", to="flexor", range=(0.0, 1.0), gain=20.0),
        JointAngle(joint="knee", to="angle", range=(-1.0, 1.0), gain=20.0),
        MotorNeuron(neuron="flexor", drives="flexor"),
        MotorNeuron(neuron="extensor", drives="extensor"),
    ]


def start(simulation: Simulation, seed: int) -> None:
    """At rest, a little off by the seed."""
    simulation.reset(seed=seed)
    simulation.data.qpos[0] = 0.05 * np.random.default_rng(seed).standard_normal()
    mujoco.mj_forward(simulation.model, simulation.data)


LIMB = Animal(
    name="limb",
    summary="a limb of the tests",
    length=0.2,
    body=body,
    terrains=("free", "air"),
    network=network,
    adapters=adapters,
    dt=0.5,
    start=start,
    commands={"drive": (0.0, 1.0), "flex": (0.0, 1.0)},
    cruise={"drive": 0.0},
    readouts=(
        Readout(neuron="rhythm A", label="half-centre", family="flexor", range=(-20, 40), lane="rg", section="Rhythm"),
        Readout(neuron="rhythm B", label="", family="extensor", range=(-20, 40), lane="rg", section="Rhythm"),
        Readout(
            neuron="flexor", label="flexor", family="flexor", range=(0, 30), section="Motor neurons",
            tints=("flexor", "shin"),
        ),
        Readout(
            neuron="extensor", label="extensor", family="extensor", range=(0, 30), section="Motor neurons",
            tints=("extensor",),
        ),
        Readout(joint="knee", label="knee", family="joint", range=(-60, 60), section="Joint angle"),
    ),
    view=View(azimuth=90.0, elevation=-5.0, rise=0.05),
    joints=("knee",),
    rhythm=("flexor", "extensor"),
    probes={"kick": (-20.0, 20.0)},
)  # fmt: skip
