"""A nervous system of 27 neurons learns to step from a teacher, by truncated backpropagation, and takes its place.

The teacher is the spinal circuit of the antagonist joint: half-centres, reflexes, spindles. It is recorded while its
limb steps on the ground at several drives. The pupil feels angle, velocity and load instead, and learns what its
teacher then told the muscles. Extra `torch`. Run: `python examples/truncated_backpropagation.py --plot curve.png`.
"""

import argparse

import numpy as np
import torch
from sns_mujoco.models import load

from sns_mujoco import Simulation
from sns_mujoco.adapters import Command, JointAngle, JointVelocity, MotorNeuron, Touch
from sns_mujoco.learning.reinforcement import Actor, plot_curves, policy_network, truncated_backpropagation

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=120)
parser.add_argument("--seconds", type=float, default=8.0, help="of each recording")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--plot", help="where to draw the learning curve, a .png")
given = parser.parse_args()
torch.set_num_threads(1)  # small tensors: more threads only wait for each other
DT = 5  # ms


def live(simulation, drive, seconds, seed=0):
    """Signals and controls of a limb every 5 ms: drive, angle, velocity, load; foot, flexor, extensor."""
    animal.start(simulation, seed)
    simulation.commands["drive"] = drive
    rows, data = [], simulation.data
    for _ in range(round(1000 * seconds / DT)):
        rows.append([drive, *data.joint("hip").qpos, *data.joint("hip").qvel, *data.sensor("foot").data, *data.ctrl])
        simulation.step(DT)
    return np.array(rows)


def steps(simulation, drive):
    """Period (s) of a limb's steps, and how far it swings (rad)."""
    angle = live(simulation, drive, 8.0)[400:, 1]
    forward = np.flatnonzero((angle[:-1] < angle.mean()) & (angle[1:] >= angle.mean()))
    return (1e-3 * DT * np.diff(forward).mean() if len(forward) > 1 else np.nan), np.ptp(angle)


animal = load("antagonist_joint")
teacher = animal.simulation(terrain="ground")
lessons = [live(teacher, drive, given.seconds, seed) for seed, drive in enumerate(np.linspace(0.35, 1.0, 8))]
signals, controls = np.split(np.stack(lessons, 1), [4], axis=-1)  # [steps, lessons, 4], [steps, lessons, 3]

linear = {"gain": 20.0, "offset": -10.0, "clip": False}  # nA
afferents = [
    Command("drive", to="drive", range=(0.0, 1.0), **linear),
    JointAngle("hip", to="angle", range=(-0.5, 0.5), **linear),  # rad
    JointVelocity("hip", to="velocity", range=(-5.0, 5.0), **linear),  # rad/s
    Touch("foot", to="load", range=(0.0, 5.0), **linear),  # N
]
ends = {"foot": (0.0, 0.05), "flexor": (0.0, 1.0), "extensor": (0.0, 1.0)}
senses, motors = ("drive", "angle", "velocity", "load"), [f"{muscle} motor" for muscle in ends]
network = policy_network(senses, motors, hidden=24, seed=given.seed)
efferents = [MotorNeuron(f"{muscle} motor", drives=muscle, output=output) for muscle, output in ends.items()]
pupil = Actor(network, afferents, efferents, dt=DT, latency=1)

spread = torch.tensor(controls.std((0, 1)))  # the foot's are metres, those of muscles go from 0 to 1
losses = truncated_backpropagation(
    pupil, signals, controls, window=50, epochs=given.epochs, washout=100, seed=given.seed,
    loss=lambda made, wanted: (((made - wanted) / spread) ** 2).mean(),
)  # fmt: skip
print(f"mean squared error, in variances of the teacher's controls, from {losses[0]:.3f} to {losses[-1]:.3f}")
living = Simulation(pupil.attach(animal.body("ground")))
swings = {}
for drive in (0.4, 0.6, 0.8, 1.0):
    swings[drive] = steps(teacher, drive), steps(living, drive)
    for name, (period, width) in zip(("teacher", "pupil"), swings[drive], strict=True):
        print(f"drive {drive}, {name}: a step every {period:.3f} s, {width:.2f} rad wide")
if given.plot:
    plot_curves(given.plot, {"": (range(1, given.epochs + 1), losses)}, across="passes", up="mean squared error",
                title="A pupil learns the teacher's commands", logarithmic=True)  # fmt: skip
