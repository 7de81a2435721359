"""One trial of a population: from its start to its end, watched once a frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import SnsError, TaskError, unknown_name
from sns_mujoco.learning.fitness.pushes import Window
from sns_mujoco.learning.fitness.task import Task
from sns_mujoco.learning.fitness.term import Floats
from sns_mujoco.learning.fitness.trials import Trial

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population
    from sns_mujoco.models import Animal

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What became of rows of a population in a trial.

    Attributes:
        values: Of each term, by name, [rows].
        fell: Which fell, [rows].
        failed: Which left the finite numbers, and what happened.
        steps: Physics steps of single animals.
        seconds_in_batch: Time spent on them in MuJoCo's batch, s.
    """

    values: dict[str, Floats]
    fell: Bools
    failed: dict[int, str]
    steps: int
    seconds_in_batch: float


def live(
    population: "Population", trial: Trial, task: Task, *, valid: Bools, seeds: Sequence[int],
    pushes: Sequence[Sequence[Sequence[Window]]],
) -> Lives:  # fmt: skip
    """Let rows of a population live through a trial.

    Whoever falls or fails stands still from that frame on, and costs nothing more.

    Args:
        population: Its first rows take part; the others stand still.
        trial: What they go through.
        task: What the trial is of.
        valid: Which of the rows live at all, [rows].
        seeds: Seed of each row.
        pushes: Of each row, the windows of each of the trial's pushes.
    """
    rows, frame, animal = len(seeds), task.frame, animal_of(population)
    every, total, settled = frames_of(population, trial, task)
    terms = task.terms_of(trial)
    refused = _begin(population, seeds)
    meters = {term.name: term.begin(population, (total - settled) * frame, frame) for term in terms}
    commands = trial.schedules(animal.cruise)
    forces = _Forces(population, trial, pushes)
    running, fell = np.zeros(population.n, bool), np.zeros(population.n, bool)
    running[:rows] = valid & population.alive[:rows]
    running[list(refused)] = False
    steps, before = 0, population.seconds_in_batch
    for i in range(total):
        for name, schedule in commands.items():
            for time, value in schedule:
                if round(time / frame) == i:
                    population.commands[name] = value
        forces.apply(i)
        if i == settled:
            for meter in meters.values():
                meter.observe(np.zeros(population.n))
        lively = int(running.sum())
        if lively:
            population.step(every, None if lively == population.n else np.flatnonzero(running))
            steps += lively * every
            running &= population.alive
            down = running & animal.fallen(population)
            fell |= down
            running &= ~down
        if i >= settled:
            dt = np.where(running, frame, 0.0)
            for meter in meters.values():
                meter.observe(dt)
    diverged = {row: failure.message for row, failure in population.failures.items()}
    return Lives(
        values={name: np.array(meter.value(), float)[:rows] for name, meter in meters.items()},
        fell=fell[:rows],
        failed={row: why for row, why in (refused | diverged).items() if row < rows and valid[row]},
        steps=steps,
        seconds_in_batch=population.seconds_in_batch - before,
    )


def _begin(population: "Population", seeds: Sequence[int]) -> dict[int, str]:
    """Put the first rows at their start; tells which cannot begin a life, and why.

    What is drawn anew for a life may be more than the individual's own numbers bear.
    """
    try:
        population.reset(np.arange(len(seeds)), seeds=seeds)
    except SnsError:
        refused = {}
        for row, seed in enumerate(seeds):
            try:
                population.reset([row], seeds=[seed])
            except SnsError as error:
                refused[row] = str(error)
        return refused
    return {}


def animal_of(population: "Population") -> "Animal":
    """What a population is of: here always an animal, never a mere model."""
    assert population.animal is not None, "an evaluator makes its populations of an animal"
    return population.animal


def frames_of(population: "Population", trial: Trial, task: Task) -> tuple[int, int, int]:
    """Physics steps in a frame, frames in the trial, and frames that settle.

    Raises:
        TaskError: A frame is no whole number of physics steps.
    """
    step = population.model.opt.timestep
    every = round(task.frame / step)
    if every < 1 or abs(every * step - task.frame) > 1e-6 * task.frame:
        raise TaskError(
            f"a frame of {task.frame:g} s is no whole number of physics steps of {step:g} s; take "
            f"{max(1, every) * step:g} s"
        )
    return every, round(trial.seconds / task.frame), round(trial.settle / task.frame)


class _Forces:
    """Writes the forces of pushes into the rows, at the frames at which one begins or ends."""

    def __init__(self, population: "Population", trial: Trial, pushes: Sequence[Sequence[Sequence[Window]]]) -> None:
        names = [push.body or animal_of(population).torso for push in trial.pushes]
        self._bodies = [body_of(population, name) for name in names]
        self._pushes = pushes
        self._changes = {at for row in pushes for push in row for window in push for at in (window.begin, window.end)}
        self._applied = population.data.xfrc_applied if names else None

    def apply(self, frame: int) -> None:
        if self._applied is None or frame not in self._changes:
            return
        for body in set(self._bodies):
            self._applied[: len(self._pushes), body, :3] = 0.0
        for row, own in enumerate(self._pushes):
            for body, windows in zip(self._bodies, own, strict=True):
                for window in windows:
                    if window.begin <= frame < window.end:
                        self._applied[row, body, :3] += window.force


def body_of(population: "Population", name: str) -> int:
    """Id of a body.

    Raises:
        TaskError: A push has no body, and the animal no torso.
        UnknownNameError: There is no such body.
    """
    model = population.model
    if not name:
        raise TaskError(f"a push has no body, and {animal_of(population).name!r} no torso; name the body")
    known = {model.body(i).name: i for i in range(1, model.nbody)}
    if name not in known:
        raise unknown_name("body", name, known, f"animal {animal_of(population).name!r}")
    return known[name]
