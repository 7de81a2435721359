"""Step 10. A limb evolves its rhythm: CMA-ES looks for conductances with which it steps at a wanted pace.

The task is written here: what varies, in which life, and what counts. Everything about the run lies in a folder, from
which `sns-mujoco evolve --resume` would go on, and whose best individual `sns-mujoco run` takes.
Run: `python examples/step_10_evolve.py --plot step_10.png` (extra `plots` for the picture).
"""

import argparse

from sns_mujoco.models import load

from sns_mujoco import Population, Vary
from sns_mujoco.learning.evolution import evolve
from sns_mujoco.learning.fitness import Power, StrideFrequency, Task, Trial
from sns_mujoco.learning.reinforcement import plot_curves

parser = argparse.ArgumentParser()
parser.add_argument("--generations", type=int, default=15)
parser.add_argument("--pace", type=float, default=2.0, help="strides per second")
parser.add_argument("--plot", help="where to draw the learning curve, a .png")
given = parser.parse_args()

FACTOR = {"bounds": (0.3, 3.0), "relative": True, "scale": "log"}
task = Task(
    vary=(
        Vary("max_conductance", "drive->* RG", tie="all", **FACTOR),
        Vary("max_conductance", "* In->* RG", tie="all", **FACTOR),
        Vary("max_conductance", "* RG->* motor", tie="all", **FACTOR),
        Vary("max_conductance", "* I[abI]->* RG", **FACTOR),
    ),
    trials=(Trial(terrain="ground", commands={"drive": 0.5}, seconds=5.0, settle=2.0),),
    terms=(StrideFrequency(target=given.pace), Power(weight=0.1)),
    seeds=1,
)
result = evolve(
    "antagonist_joint", task, generations=given.generations, popsize=12, seed=1, out="rhythm",
    progress=False, video=False,
)  # fmt: skip


def pace(animal, seconds=4.0):
    """Touchdowns of the foot per second, over ten lives side by side."""
    lives = Population(animal, 10, terrain="ground", seed=100)
    lives.commands["drive"] = 0.5
    lives.step(round(2.0 / lives.model.opt.timestep))
    stood, touchdowns = lives.sensor("foot")[:, 0] > 0.0, 0
    for _ in range(round(seconds / 0.02)):
        lives.step(round(0.02 / lives.model.opt.timestep))
        stands = lives.sensor("foot")[:, 0] > 0.0
        touchdowns, stood = touchdowns + (stands & ~stood).mean(), stands
    return float(touchdowns) / seconds


paces = {"as described": pace(load("antagonist_joint")), "evolved": pace(result.animal)}
print(f"wanted {given.pace:g} strides per second; " + ", ".join(f"{who} {p:.2f}" for who, p in paces.items()))
print(result.space.describe(result.best))
if given.plot:
    median = result.history.fitness.sel(quantile=0.5)
    generations = result.history.generation.values + 1
    best = result.history.best_fitness.values
    curves = {"best": (generations, best), "median": (generations, median.values)}
    plot_curves(given.plot, curves, across="generations of 12", up="fitness", title="CMA-ES on 7 conductances")
