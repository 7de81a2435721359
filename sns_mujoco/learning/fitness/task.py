"""What a population is asked to do: what varies, in which trials, what counts, and how often."""

import os
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sns_mujoco.errors import TaskError, unknown_name
from sns_mujoco.learning.fitness.term import AnyTerm
from sns_mujoco.learning.fitness.travel import Speed
from sns_mujoco.learning.fitness.trials import Trial
from sns_mujoco.learning.randomisation.random import Random

Aggregate = Literal["mean", "worst", "mean - std"]
AGGREGATES = ("mean", "worst", "mean - std")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A term whose value spans the archive of a quality-diversity algorithm.

    Attributes:
        name: Of the term.
        bounds: Least and greatest value that the archive holds.
        cells: Into how many cells they are divided.

    Raises:
        TaskError: The bounds do not rise or are not finite, or there is not a single cell.
    """

    name: str
    bounds: tuple[float, float]
    cells: int = 10

    def __post_init__(self) -> None:
        """Check it."""
        try:
            low, high = (float(bound) for bound in self.bounds)
        except (TypeError, ValueError):
            low = high = np.nan
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise TaskError(f"bounds of measure {self.name!r} are {self.bounds!r}; give two finite numbers that rise")
        if isinstance(self.cells, bool) or not isinstance(self.cells, int) or self.cells < 1:
            raise TaskError(f"measure {self.name!r} has {self.cells!r} cells; give a whole number, 1 or more")
        object.__setattr__(self, "bounds", (low, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What makes one individual better than another. Plain data: it can be written to a file and read again.

    In every trial an individual's merit is the sum of its terms' merits times their weights; over trials the mean by
    their weights; over seeds as `aggregate` says. Greater is better. All individuals of a generation meet the same
    seeds: the same poses, noise and pushes.

    Attributes:
        vary: What varies: one or more `Vary`.
        trials: What every individual goes through.
        terms: What is measured and counts in them.
        seeds: How many lives an individual has in every trial.
        fresh_seeds: Whether every generation has seeds of its own; else they are always the same, and individuals may
            come to fit these alone.
        aggregate: "mean" over seeds, "worst" of them, or "mean - std": the mean less the standard deviation.
        randomise: What is drawn anew for every life, of body and brain; all individuals meet the same draws.
        measures: Terms by which a quality-diversity algorithm tells individuals apart.
        frame: Time between observations, s; a whole number of physics steps. Commands, pushes and falls keep to it.
        summary: One line about it.

    Raises:
        TaskError: Something is missing, twice there or out of range.
        UnknownNameError: A measure is no term.
    """

    vary: tuple[Any, ...]
    trials: tuple[Trial, ...] = (Trial(),)
    terms: tuple[AnyTerm, ...] = (Speed(),)
    seeds: int = 3
    fresh_seeds: bool = True
    aggregate: Aggregate = "mean"
    randomise: tuple[Random, ...] = ()
    measures: tuple[Measure, ...] = ()
    frame: float = 0.01
    summary: str = ""

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("vary", "trials", "terms", "randomise", "measures"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.vary or not self.trials:
            raise TaskError(
                "a task needs something that varies and a trial; give vary=(Vary(...),) and trials=(Trial(),)"
            )
        if isinstance(self.seeds, bool) or not isinstance(self.seeds, int) or self.seeds < 1:
            raise TaskError(f"seeds of a task is {self.seeds!r}; give a whole number, 1 or more")
        if self.aggregate not in AGGREGATES:
            raise TaskError(f"aggregate is {self.aggregate!r}; it can be {', '.join(map(repr, AGGREGATES))}")
        if self.aggregate == "mean - std" and self.seeds == 1:
            raise TaskError("aggregate is 'mean - std', and a single seed has no standard deviation; give more seeds")
        if not (np.isfinite(self.frame) and self.frame > 0.0):
            raise TaskError(f"frame is {self.frame!r} s; give a positive number")
        for trial in self.trials:
            _check_terms(self.terms_of(trial))
            if round(trial.settle / self.frame) >= round(trial.seconds / self.frame):
                raise TaskError(
                    f"a trial of {trial.seconds:g} s, {trial.settle:g} s of which settle, leaves no frame of "
                    f"{self.frame:g} s to be measured"
                )
        names = self.term_names
        for measure in self.measures:
            if measure.name not in names:
                raise unknown_name("term", measure.name, names, "the task")

    def terms_of(self, trial: Trial) -> tuple[AnyTerm, ...]:
        """What is measured in a trial."""
        return self.terms if trial.terms is None else trial.terms

    @property
    def term_names(self) -> tuple[str, ...]:
        """Names of all terms of all trials."""
        return tuple(dict.fromkeys(term.name for trial in self.trials for term in self.terms_of(trial)))

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for a file; `from_dict` makes the same task of it."""
        from sns_mujoco.learning.fitness.task_files import task_to_dict

        return task_to_dict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Task":
        """The task that `to_dict` was asked of.

        Raises:
            TaskError: Something is missing, twice there or out of range.
            UnknownNameError: There is no such term or field.
        """
        from sns_mujoco.learning.fitness.task_files import task_from_dict

        return task_from_dict(data)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Task":
        """A task from a TOML or JSON file.

        Raises:
            FileNotFoundError: There is no such file.
            TaskError: It is damaged, or the task makes no sense.
            UnknownNameError: There is no such term or field.
        """
        from sns_mujoco.learning.fitness.task_files import load_task_file

        return load_task_file(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the task to a JSON file.

        Raises:
            OutputPathError: It cannot be written there.
        """
        from sns_mujoco.learning.fitness.task_files import save_task_file

        save_task_file(self, path)


def _check_terms(terms: tuple[AnyTerm, ...]) -> None:
    for term in terms:
        if not isinstance(term, AnyTerm):
            raise TaskError(f"{term!r} is no term; it needs name, weight and begin(population, seconds, frame)")
        if not np.isfinite(term.weight):
            raise TaskError(f"weight of {term.name!r} is {term.weight!r}; give a finite number")
    names = [term.name for term in terms]
    for name in names:
        if names.count(name) > 1:
            raise TaskError(f"two terms of a trial are called {name!r}; give one of them another name")
    if not any(term.weight for term in terms):
        raise TaskError("no term has a weight above 0, so that all individuals are alike; give a term a weight")
