"""What became of a generation, and how it follows from single lives."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.learning.fitness.living import Lives
from sns_mujoco.learning.fitness.task import Task
from sns_mujoco.learning.fitness.term import AnyTerm, Floats

WORST = -1e6
"""Fitness of an individual that failed; nothing has a lower one. It is finite, as optimisers and plots want it."""

_AFTERWARDS = (2**31, 0)  # in place of a life: what shows only at the end

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How good individuals are.

    Attributes:
        fitness: Greater is better [m]; `WORST` of those that failed.
        error: Standard error of the mean over seeds [m]; nan with one seed, or for those that failed.
        terms: Value of each term, in its unit, [m]: mean over seeds and over the trials that have it; nan for those
            that failed.
        measures: Values of the task's measures [m, q]; their lower bounds for those that failed.
        fell: Share of its lives in which an individual fell, [m]; 0 of those that failed.
        failed: Which could not be simulated to the end, [m]: they left the finite numbers, or their parameters cannot
            be.
        reasons: Why, by individual.
        steps: Physics steps of single animals that it took.
        seconds_in_batch: Of those that it took, s, how many were spent in MuJoCo's batch; of all workers together.
        seconds: How long it took, s.
    """

    fitness: Floats
    error: Floats
    terms: dict[str, Floats]
    measures: Floats
    fell: Floats
    failed: Bools
    reasons: dict[int, str] = field(default_factory=dict)
    steps: int = 0
    seconds_in_batch: float = 0.0
    seconds: float = 0.0

    def __len__(self) -> int:
        """Number of individuals."""
        return len(self.fitness)


def joined(parts: Sequence[Evaluation], seconds: float) -> Evaluation:
    """The evaluation of a whole generation, from those of its parts in their order, and the time that it took, s."""
    before = np.cumsum([0, *(len(part) for part in parts)]).tolist()
    return Evaluation(
        fitness=np.concatenate([part.fitness for part in parts]),
        error=np.concatenate([part.error for part in parts]),
        terms={name: np.concatenate([part.terms[name] for part in parts]) for name in parts[0].terms},
        measures=np.concatenate([part.measures for part in parts]),
        fell=np.concatenate([part.fell for part in parts]),
        failed=np.concatenate([part.failed for part in parts]),
        reasons={first + i: why for first, part in zip(before, parts, strict=False) for i, why in part.reasons.items()},
        steps=sum(part.steps for part in parts),
        seconds_in_batch=sum(part.seconds_in_batch for part in parts),
        seconds=seconds,
    )


class Results:
    """Results of single lives: of m individuals, in the trials of a task, each with its seeds."""

    def __init__(self, task: Task, m: int) -> None:
        """Make room."""
        self._task, self._m = task, m
        shape = (m, len(task.trials), task.seeds)
        self.values = {name: np.full(shape, np.nan) for name in task.term_names}
        self._fell = np.zeros(shape, bool)
        self._reasons: dict[int, tuple[tuple[int, int], str]] = {}
        self._steps, self._seconds_in_batch = 0, 0.0

    def put_down(self, lives: Lives, individual: Ints, trial: int, repeat: Ints) -> None:
        """Results of rows: whose they are, in which trial, with which of its seeds."""
        for name, values in lives.values.items():
            self.values[name][individual, trial, repeat] = values
        self._fell[individual, trial, repeat] = lives.fell
        for row, why in lives.failed.items():
            self.blame(int(individual[row]), why, (int(repeat[row]), trial))
        self._steps += lives.steps
        self._seconds_in_batch += lives.seconds_in_batch

    def blame(self, individual: int, why: str, life: tuple[int, int] = (-1, -1)) -> None:
        """Tell why an individual failed; of several lives (seed, trial) the first one's reason stays.

        So the reason, too, does not depend on which lives are lived together.
        """
        known = self._reasons.get(individual)
        if known is None or life < known[0]:
            self._reasons[individual] = life, why

    def evaluation(self, *, seconds: float) -> Evaluation:
        """What it comes to, and how long it took, s."""
        task = self._task
        for name, values in self.values.items():
            measured = [name in {term.name for term in task.terms_of(trial)} for trial in task.trials]
            lost = ~np.isfinite(values[:, measured]).all(axis=(1, 2))
            for individual in np.flatnonzero(lost).tolist():
                self.blame(individual, f"the term {name!r} is not a finite number", _AFTERWARDS)
        failed = np.zeros(self._m, bool)
        failed[list(self._reasons)] = True
        over_seeds = _mean_of_trials([self._fitness(t) for t in range(len(task.trials))], task)
        fitness, error = _over_seeds(over_seeds, task)
        terms = {name: np.where(failed, np.nan, self._mean(name)) for name in self.values}
        measures = np.empty((self._m, len(task.measures)))
        for q, measure in enumerate(task.measures):
            measures[:, q] = np.where(failed, measure.bounds[0], terms[measure.name])
        return Evaluation(
            fitness=np.where(failed, WORST, np.maximum(fitness, WORST)),
            error=np.where(failed, np.nan, error),
            terms=terms,
            measures=measures,
            fell=np.where(failed, 0.0, self._fell.mean(axis=(1, 2))),
            failed=failed,
            reasons={individual: self._reasons[individual][1] for individual in sorted(self._reasons)},
            steps=self._steps,
            seconds_in_batch=self._seconds_in_batch,
            seconds=seconds,
        )

    def _fitness(self, trial: int) -> Floats:
        """Fitness in a trial, [m, seeds]."""
        total = np.zeros((self._m, self._task.seeds))
        for term in self._task.terms_of(self._task.trials[trial]):
            if term.weight:
                total += term.weight * merit(term, self.values[term.name][:, trial])
        return total

    def _mean(self, name: str) -> Floats:
        """Mean value of a term over its trials and seeds, [m]."""
        total, weights = np.zeros(self._m), 0.0
        for t, trial in enumerate(self._task.trials):
            if name in {term.name for term in self._task.terms_of(trial)}:
                total += trial.weight * self.values[name][:, t].mean(axis=1)
                weights += trial.weight
        return total / weights


def merit(term: AnyTerm, values: Floats) -> Floats:
    """How good values of a term are; a term that does not say it has merits equal to its values."""
    own = getattr(term, "merit", None)
    return values if own is None else np.asarray(own(values), float)


def _mean_of_trials(trials: list[Floats], task: Task) -> Floats:
    total = np.zeros_like(trials[0])
    for trial, values in zip(task.trials, trials, strict=True):
        total += trial.weight * values
    return total / sum(trial.weight for trial in task.trials)


def _over_seeds(values: Floats, task: Task) -> tuple[Floats, Floats]:
    """Fitness [m], and the standard error of its mean, from the fitness with every seed, [m, seeds]."""
    mean = values.mean(axis=1)
    spread = values.std(axis=1, ddof=1) if task.seeds > 1 else np.full(len(values), np.nan)
    error = spread / np.sqrt(task.seeds)
    if task.aggregate == "worst":
        return values.min(axis=1), error
    return (mean - spread if task.aggregate == "mean - std" else mean), error
