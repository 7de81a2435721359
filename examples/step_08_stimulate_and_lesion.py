"""Step 8. Stimulate and lesion: the same instant lived three times, as it is, with a pulse, and without a synapse.

A protocol is data: what is done to which neuron, synapse, sensor, muscle or body, and when. It acts inside the engine
at the exact physics step, and can be saved as a YAML file that `sns-mujoco run --protocol` takes.
Run: `python examples/step_08_stimulate_and_lesion.py --plot step_08.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np
from sns_mujoco.models import load

from sns_mujoco.analysis import figures
from sns_mujoco.protocols import CurrentClamp, Cut, Protocol

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw the three lives: .png, .svg or .pdf")
given = parser.parse_args()

animal = load("antagonist_joint")  # a limb that steps: a half-centre, two muscles, their spindles and tendon organs
simulation = animal.simulation(terrain="ground", seed=1, rig=True)
simulation.commands["drive"] = 0.6
simulation.run(4.0)
now = simulation.time  # s

protocols = {
    "as it is": Protocol([]),
    "a pulse into the flexor's half": Protocol(
        [CurrentClamp("flexor RG", current=30.0, start=now + 0.5, stop=now + 0.65)]  # nA
    ),
    "without its inhibition": Protocol([Cut("extensor In->flexor RG", start=now + 0.5)]),
}
lives = {}
for name, protocol in protocols.items():
    life = simulation.branch()
    life.protocol = protocol
    lives[name] = life.record(5.0, rate=200.0)

angles = {name: np.degrees(life.joint_position[:, 0].values) for name, life in lives.items()}
apart = {name: float(np.sqrt(np.mean((angle - angles["as it is"]) ** 2))) for name, angle in angles.items()}
before = {name: bool((angle[:99] == angles["as it is"][:99]).all()) for name, angle in angles.items()}
for name, distance in apart.items():
    print(
        f"{name}: {distance:.1f} degrees from the first life; equal to the bit until something is done: {before[name]}"
    )

if given.plot:
    with figures.style():
        fig, axes = figures.canvas(width=160, height=90, rows=3, share_x=True)
        for ax, (name, angle) in zip(axes[:, 0], angles.items(), strict=True):
            ax.plot(lives[name].time, angles["as it is"], color="0.8")
            ax.plot(lives[name].time, angle)
            ax.set_title(name, loc="left")
            ax.set_ylabel("degrees")
        axes[2, 0].set_xlabel("time, s")
    figures.save(fig, given.plot)
