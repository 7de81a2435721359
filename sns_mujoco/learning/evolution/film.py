"""The best animal's film: a life in the first trial of its task."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError
from sns_mujoco.files import written_whole
from sns_mujoco.learning.fitness import Task, Trial
from sns_mujoco.models import Animal
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot

LONGEST = 15.0  # s, as played: without a graphics card a second of film takes several


def film(animal: Animal, task: Task, place: Path, *, seed: int, quality: str = "medium") -> None:
    """Film an animal in the first trial of a task, with its terrain, its commands and its pushes.

    Args:
        animal: The animal.
        task: Its task.
        place: Where the film goes; it is written whole or not at all.
        seed: Of its start and of the directions of pushes.
        quality: "draft", "medium" or "high".

    Raises:
        OutputPathError: The film cannot be written there.
    """
    trial = task.trials[0]
    life = Simulation(animal.build(terrain=trial.terrain, seed=trial.terrain_seed))
    animal.start(life, seed)
    with written_whole(place) as temporary:
        shoot = Shoot(
            animal, life, temporary, grounded=animal.grounded(trial.terrain), slow=animal.slow, quality=quality,
            renderer="auto",
        )  # fmt: skip
        try:
            for _ in _moments(life, animal, trial, task.frame, seed):
                shoot.sample()
        finally:
            shoot.close()


def _moments(life: Simulation, animal: Animal, trial: Trial, frame: float, seed: int) -> Iterator[None]:
    """Live through a trial, with a stop at every sample; one that diverges is seen until then."""
    seconds = min(trial.seconds, LONGEST / animal.slow)
    commands, random = trial.schedules(animal.cruise), np.random.default_rng(seed)
    pushes = [
        (life.model.body(push.body or animal.torso).id, window)
        for push in trial.pushes
        for window in push.draw(random, settle=trial.settle, seconds=seconds, frame=frame)
    ]
    steps = max(1, round(1.0 / (SAMPLE_RATE * life.model.opt.timestep)))  # from one sample to the next
    frames = -1
    for sample in range(round(seconds * SAMPLE_RATE)):
        now = int(sample / (SAMPLE_RATE * frame) + 1e-6)
        if now > frames:
            frames = now
            for name, schedule in commands.items():
                for time, value in schedule:
                    if round(time / frame) == now:
                        life.commands[name] = value
            life.data.xfrc_applied[:] = 0.0
            for body, window in pushes:
                if window.begin <= now < window.end:
                    life.data.xfrc_applied[body, :3] += window.force
        try:
            life.step(steps)
        except DivergenceError:
            return
        yield
