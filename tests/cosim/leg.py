"""A small animal with everything in it, and the plain Python loop that its native lockstep is held against."""

from collections import deque

import mujoco
import numpy as np
from numba import njit

import sns_mujoco as sns
from sns_mujoco.adapters import AntagonistPair, Command, JointAngle, JointVelocity, MotorNeuron, Touch
from sns_mujoco.adapters.native.layout import STREAMS
from sns_mujoco.backends.native.exponential import exp
from sns_mujoco.backends.native.random import normal

LEG = """
<mujoco model="leg">
  <compiler angle="radian"/>
  <option timestep="{timestep}" integrator="{integrator}"/>
  <worldbody>
    <geom name="floor" type="plane" size="1 1 .1"/>
    <body name="thigh" pos="0 0 .35">
      <joint name="hip" axis="0 1 0" damping=".02" range="-1.5 1.5"/>
      <geom name="thigh" type="capsule" fromto="0 0 0 0 0 -.18" size=".02"/>
      <body name="shank" pos="0 0 -.18">
        <joint name="knee" axis="0 1 0" damping=".02" range="-1.5 1.5"/>
        <geom name="shank" type="capsule" fromto="0 0 0 0 0 -.16" size=".015"/>
        <site name="foot" pos="0 0 -.16" size=".03"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <position name="hip" joint="hip" kp="3" ctrlrange="-1 1"/>
    <motor name="knee" joint="knee" ctrlrange="-2 2"/>
  </actuator>
</mujoco>"""


@njit
def noise(seed, step):
    """The random number of the third afferent."""
    return normal(np.uint64(seed), np.uint64(step), STREAMS + np.uint64(2))


def body(timestep: float = 0.001, integrator: str = "Euler") -> str:
    return LEG.format(timestep=timestep, integrator=integrator)


def network(strength: float = 1.0) -> sns.Network:
    """Gated half-centre, electrical coupling, spikes under way, a refractory period."""
    net = sns.Network("leg")
    for name, start in (("extensor", 15.0), ("flexor", 0.0)):
        net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=60.0), name, initial_value=start)
        net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=2.0), f"{name} motor")
    inhibition = sns.NonSpikingSynapse(0.17 * strength, -120.0)
    net.add_connection(inhibition, "extensor", "flexor")
    net.add_connection(inhibition, "flexor", "extensor")
    net.add_connection(sns.NonSpikingTransmissionSynapse(), "extensor", "extensor motor")
    net.add_connection(sns.NonSpikingTransmissionSynapse(), "flexor", "flexor motor")
    net.add_population(sns.SpikingNeuron(refractory_period=2.0), 3, "load", initial_value=[0.0, 0.2, 0.4])
    net.add_connection(
        sns.SpikingSynapse(0.5, 60.0, 6.0, transmission_delay_ms=7.0, conductance_increment=0.1),
        "load",
        "extensor",
    )
    net.add_connection(sns.ElectricalSynapse(0.02), "extensor motor", "flexor motor")
    for name, target in (
        ("drive", "extensor"), ("angle", "flexor"), ("velocity", "flexor motor"), ("touch", "load"),
    ):  # fmt: skip
        net.add_input(target, name=name)
    return net


AFFERENTS = [
    Command("drive", to="drive", range=(0, 1), gain=4.0),
    JointAngle("hip", to="angle", range=(-0.6, 0.6), gain=5.0, delay=4.0),
    JointVelocity("knee", to="velocity", range=(-5, 5), gain=2.0, offset=-1.0, clip=False, noise=0.3),
    Touch("foot", to="touch", range=(0, 2), gain=6.0, offset=1.5),
]
EFFERENTS = [
    AntagonistPair("extensor motor", "flexor motor", drives="hip", range=(0, 20), gain=0.8, delay=3.0),
    MotorNeuron("flexor motor", drives="knee", sigmoid=(10.0, 0.4), output=(-0.1, 0.15)),
]


def animal(
    timestep: float = 0.001,
    integrator: str = "Euler",
    dt: float = 0.5,
    strength: float = 1.0,
    name: str = "brain",
) -> mujoco.MjModel:
    spec = sns.attach(body(timestep, integrator), network(strength), AFFERENTS + EFFERENTS, dt=dt, name=name)
    return spec.compile()


def drive(step: int) -> float:
    """The command of every step."""
    return 0.5 + 0.5 * np.sin(0.01 * step)


def plain_loop(
    timestep: float, integrator: str, dt: float, steps: int, *, seed: int = 0, backend: str = "numba"
) -> tuple[np.ndarray, np.ndarray]:
    """The same animal as a Python loop around the network's model: positions and potentials after every step."""
    spec = mujoco.MjSpec.from_string(body(timestep, integrator))
    kinds, objects = mujoco.mjtSensor, mujoco.mjtObj
    spec.add_sensor(name="angle", type=kinds.mjSENS_JOINTPOS, objtype=objects.mjOBJ_JOINT, objname="hip")
    spec.add_sensor(name="velocity", type=kinds.mjSENS_JOINTVEL, objtype=objects.mjOBJ_JOINT, objname="knee")
    spec.add_sensor(name="touch", type=kinds.mjSENS_TOUCH, objtype=objects.mjOBJ_SITE, objname="foot")
    model = spec.compile()
    data = mujoco.MjData(model)
    brain = network().compile(dt=dt, backend=backend)
    index = {name: i for i, name in enumerate(brain.program.neuron_names)}
    physics = timestep * 1000
    substeps, interval = max(1, round(physics / dt)), max(1, round(dt / physics))
    angles = deque([0.0] * int(4.0 / physics + 0.5))
    motors = deque(
        [(brain.potentials[index["extensor motor"]], brain.potentials[index["flexor motor"]])]
        * int(3.0 / physics + 0.5)
    )
    positions, potentials = [], []
    for step in range(steps):
        v = brain.potentials
        agonist, antagonist = motors[0] if motors else (v[index["extensor motor"]], v[index["flexor motor"]])
        hip = 0.0 + 0.8 * np.clip(agonist * (1 / 20), 0, 1)
        hip += -0.8 * np.clip(antagonist * (1 / 20), 0, 1)
        knee = -0.1 + 0.25 * (1 / (1 + exp(-0.4 * (v[index["flexor motor"]] - 10.0))))
        data.ctrl[:] = np.clip(hip, -1, 1), np.clip(knee, -2, 2)
        mujoco.mj_step(model, data)
        angle, velocity, touch = data.sensordata
        if motors:
            motors.popleft()
            motors.append((v[index["extensor motor"]], v[index["flexor motor"]]))
        angles.append(5.0 * np.clip((angle + 0.6) * (1.0 / 1.2), 0, 1))
        velocity = velocity + 0.3 * noise(seed, step)
        x = np.array(
            [
                4.0 * np.clip(drive(step), 0, 1),
                angles.popleft(),
                -1.0 + 2.0 * ((velocity + 5.0) * 0.1),
                1.5 + 6.0 * np.clip(touch * 0.5, 0, 1),
            ]
        )
        if step % interval == interval - 1:
            for _ in range(substeps):
                brain(x)
        positions.append(data.qpos.copy())
        potentials.append(brain.potentials)
    return np.array(positions), np.array(potentials)


def native_loop(model: mujoco.MjModel, steps: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The animal as MuJoCo steps it: positions and potentials after every step."""
    simulation = sns.Simulation(model, seed=seed)
    positions, potentials = [], []
    for step in range(steps):
        simulation.commands["drive"] = drive(step)
        mujoco.mj_step(simulation.model, simulation.data)
        positions.append(simulation.data.qpos.copy())
        potentials.append(simulation.potentials.copy())
    return np.array(positions), np.array(potentials)
