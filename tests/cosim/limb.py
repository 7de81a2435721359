"""An arm with a muscle of each kind, and what its afferents measure while it swings."""

import mujoco
import numpy as np

import sns_mujoco as sns
from sns_mujoco.muscles import HillMuscle, LinearHillMuscle, MujocoMuscle, add_muscles

TIMESTEP = 0.001

ARM = """
<mujoco model="arm">
  <option timestep="0.001" integrator="{integrator}"/>
  <worldbody>
    <site name="front" pos=".05 0 .1"/><site name="back" pos="-.05 0 .1"/><site name="high" pos=".06 0 .12"/>
    <body name="arm">
      <joint name="elbow" axis="0 1 0" range="-60 60" damping=".001"/>
      <geom name="bone" type="capsule" fromto="0 0 0 0 0 -.3" size=".02"/>
      <site name="front end" pos=".03 0 -.06"/><site name="back end" pos="-.03 0 -.06"/>
      <site name="high end" pos=".03 0 -.08"/>
      <body name="hand" pos="0 0 -.3">
        <joint name="wrist" axis="1 0 0" damping=".005"/>
        <geom name="palm" type="box" size=".03 .01 .03" pos=".02 0 -.02"/>
        <site name="palm" pos=".02 0 -.02" size=".06" type="sphere" euler="20 30 40"/>
      </body>
    </body>
  </worldbody>
  <tendon>
    <spatial name="front"><site site="front"/><site site="front end"/></spatial>
    <spatial name="back"><site site="back"/><site site="back end"/></spatial>
    <spatial name="high"><site site="high"/><site site="high end"/></spatial>
  </tendon>
  <sensor><accelerometer name="own" site="palm"/></sensor>
</mujoco>"""

MUSCLES = [
    MujocoMuscle(name="flexor", tendon="front", force=5.0, length_range=(0.145, 0.175), range=(0.85, 1.15)),
    LinearHillMuscle(
        name="extensor", tendon="back", force=4.0, kse=1500.0, kpe=30.0, damping=0.2, rest_length=0.14, width=0.08,
        max_tension=30.0,
    ),
    HillMuscle(
        name="third", tendon="high", force=4.0, optimal_length=0.11, tendon_slack_length=0.09, pennation=0.3
    ),
]  # fmt: skip


def body(integrator: str = "Euler") -> mujoco.MjSpec:
    return add_muscles(ARM.format(integrator=integrator), MUSCLES)


def network() -> sns.Network:
    """A neuron to feed, some to read, and some that spike."""
    net = sns.Network("arm")
    net.add_neuron(sns.NonSpikingNeuron(), "sum")
    for name, potential in (("alpha", 5.0), ("dynamic", 12.0), ("static", 30.0)):
        net.add_neuron(sns.NonSpikingNeuron(bias=potential, resting_potential=0.0), name, initial_value=potential)
    net.add_population(sns.SpikingNeuron(bias=1.4), 3, "pool", initial_value=[0.0, 0.3, 0.6])
    return net


def animal(*adapters, integrator: str = "Euler", dt: float = 0.5, seed: int = 0) -> sns.Simulation:
    """The arm, thrown, with these adapters."""
    simulation = sns.Simulation(sns.attach(body(integrator), network(), adapters, dt=dt), seed=seed)
    simulation.data.qvel[:] = -8.0, -3.0
    simulation.data.qpos[:] = 0.4, 0.5
    return simulation


def swing(simulation: sns.Simulation, steps: int = 400, *, excite: bool = True):
    """Step, and yield the data after every step: what was measured is that of the step's beginning."""
    for step in range(steps):
        if excite:
            simulation.data.ctrl[:] = 0.5 + 0.5 * np.sin(0.03 * step + np.arange(simulation.model.nu))
        simulation.step()
        yield simulation.data


def measured(simulation: sns.Simulation, steps: int = 400, **options) -> np.ndarray:
    """Signals in every step [steps, A]."""
    return np.array([simulation.brain.signals(data) for data in swing(simulation, steps, **options)])
