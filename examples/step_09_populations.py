"""Step 9. Many animals at once: what a synapse is worth, found by giving each animal another strength of it.

Every row of a population is a whole animal with a brain of its own, stepped natively beside the others. Here the
synapses by which a leg's swing neuron acts are made weaker and stronger, and each animal's speed is measured.
Run: `python examples/step_09_populations.py --plot step_09.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import Population
from sns_mujoco.analysis import figures

parser = argparse.ArgumentParser()
parser.add_argument("--animals", type=int, default=25)
parser.add_argument("--plot", help="where to draw speed over strength: .png, .svg or .pdf")
given = parser.parse_args()

factors = np.linspace(0.0, 2.0, given.animals)
walkers = Population("hexapod", given.animals, seed=1, seeds=[5] * given.animals)  # the same start, the same noise
walkers["g_max", "?? swing->*"] *= factors[:, None]  # [animal, synapse]
walkers.commands["drive"] = 0.8

seconds, steps = 2.0, round(1.0 / walkers.model.opt.timestep)  # physics steps in a second
walkers.step(steps)
start = np.stack(walkers.animal.whereabouts(walkers), -1)  # m [animal, 2]
walkers.step(round(seconds * steps))
end = np.stack(walkers.animal.whereabouts(walkers), -1)

speeds = np.linalg.norm(end - start, axis=1) / seconds / walkers.animal.length  # body lengths/s
fallen = walkers.animal.fallen(walkers) | ~walkers.alive
described = int(np.argmin(abs(factors - 1.0)))
best = int(np.argmax(speeds))
print(f"as described: {speeds[described]:.2f} body lengths/s; without: {speeds[0]:.2f}; "
      f"the fastest at {factors[best]:.2f} times the strength: {speeds[best]:.2f}; {fallen.sum()} fell")  # fmt: skip

if given.plot:
    with figures.style():
        fig, axes = figures.canvas(width=120, height=60)
        axes[0, 0].plot(factors[~fallen], speeds[~fallen], ".-")
        axes[0, 0].plot(factors[fallen], speeds[fallen], "x")
        axes[0, 0].axvline(1.0, color="0.8")
        axes[0, 0].set(xlabel="strength of the synapses of swing, times the described one", ylabel="body lengths/s")
    figures.save(fig, given.plot)
