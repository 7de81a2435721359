"""A run: generation after generation, each on the disk before the next; the same result however often it is broken off.

Nothing of an optimiser's state is stored. A run is resumed by making the optimiser anew from the run's settings and
telling it the stored generations again: what it asks for meanwhile must equal what it asked for then, bit for bit.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.errors import RunFolderError
from sns_mujoco.learning.evolution.derived import Derived
from sns_mujoco.learning.evolution.display import Display
from sns_mujoco.learning.evolution.finals import final_comparison
from sns_mujoco.learning.evolution.folder import RunFolder
from sns_mujoco.learning.evolution.generation import Generation, generation_of
from sns_mujoco.learning.evolution.history import Candidate, History
from sns_mujoco.learning.evolution.optimiser import Optimiser, checked
from sns_mujoco.learning.evolution.settings import Settings
from sns_mujoco.learning.evolution.stopping import Stopped, Stopping

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run.

    Attributes:
        best: Vector of the best individual, [d], 0 to 1.
        fitness: What it reaches, the mean over seeds: those of the last comparison where the run is finished.
        error: Standard error of that.
        space: The parameter space, which tells what the vector means.
        history: The course of the run; see `History.dataset`.
        candidates: The best individuals, best first.
        finished: Whether all generations were lived; if not, `resume` goes on.
        folder: Where everything is stored; None if nowhere.
    """

    best: np.ndarray
    fitness: float
    error: float
    space: Any
    history: "xarray.Dataset"
    candidates: list[Candidate]
    finished: bool
    folder: Path | None

    @property
    def animal(self) -> Any:
        """The best animal, with its own brain and body: it can be run, filmed, examined, made an environment of."""
        return self.space.animal(self.best)


class Run:
    """One run, from its first generation or from where it stands."""

    def __init__(
        self, settings: Settings, evaluator: Any, optimiser: Optimiser, folder: RunFolder | None, display: Display,
        *, minutes: float | None, video: bool,
    ) -> None:  # fmt: skip
        """Prepare it.

        Args:
            settings: What it shall do.
            evaluator: What tries individuals.
            optimiser: What proposes them, as it was made.
            folder: Where it is stored; None for nowhere.
            display: What shows it.
            minutes: Wall time after which it ends with the generation under way; None for no limit.
            video: Whether the best animal is filmed in the end.
        """
        self._settings, self._evaluator, self._optimiser = settings, evaluator, optimiser
        self._folder, self._display, self._minutes = folder, display, minutes
        self._history = History(evaluator.space.names, units=_units(evaluator))
        self._derived = Derived(
            folder, settings, evaluator.space, self._history, optimiser, say=self._say, video=video
        )  # fmt: skip
        self._stopping = Stopping()
        self._began = time.monotonic()

    def go(self) -> Result:
        """Live all generations.

        Returns:
            What came of it; where the time was up, as far as it came.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed; all is stored. SIGTERM ends the process likewise.
            RunFolderError: The stored generations cannot be lived again.
            OutputPathError: The disk is full; all before is stored.
            ValueError: The optimiser or the evaluator gave something of a wrong shape.
        """
        with self._stopping.listening(), self._display:
            finals = None
            try:
                self._replay()
                if self._live():
                    finals = self._finals()
                    self._derived.refresh(finals[0], last=True)
                    self._film(finals[0])
            except Stopped:
                if len(self._history) and finals is None:
                    self._derived.refresh(self._history.best)
                where = f"after {len(self._history)} generations" if finals is None else "while it was filmed"
                self._say(f"stopped {where}{self._how_to_resume()}")
        self._stopping.pass_on()  # which usually leaves for good
        if not len(self._history):
            raise KeyboardInterrupt
        finished = finals is not None
        finals = self._history.candidates if finals is None else finals
        return Result(
            best=finals[0].vector,
            fitness=finals[0].fitness,
            error=finals[0].error,
            space=self._evaluator.space,
            history=self._history.dataset(),
            candidates=list(finals),
            finished=finished,
            folder=self._folder.path if self._folder else None,
        )

    def _replay(self) -> None:
        """Tell the optimiser what it has been told before."""
        if self._folder is None or not self._folder.stored:
            self._display.resumed(0)
            return
        for generation in self._folder.generations():
            asked = self._ask()
            if not np.array_equal(asked, generation.vectors):
                raise RunFolderError(
                    f"generation {generation.number} of {str(self._folder.path)!r} cannot be lived again: the "
                    "optimiser asks for other individuals than it did then. Use the versions and the kind of machine "
                    f"that stand in config.json under made_with, or begin a new run with --start {self._folder.path}"
                )
            self._take_in(generation)
        self._say(f"went through the {self._folder.stored} generations that are stored")
        self._display.resumed(self._folder.stored)

    def _live(self) -> bool:
        """Live the generations that are left; whether it came to the last one."""
        began_with = len(self._history)
        if began_with < self._settings.generations:
            self._derived.discard_film()
        while len(self._history) < self._settings.generations:
            if self._minutes is not None and len(self._history) > began_with and self._elapsed() > self._minutes * 60.0:
                self._derived.refresh(self._history.best)
                self._say(f"time is up after {len(self._history)} generations{self._how_to_resume()}")
                return False
            number = len(self._history)
            vectors = self._ask()
            start = time.perf_counter()
            with self._stopping.may_leave():
                evaluation = self._evaluator.evaluate(vectors, seed=self._settings.seed, generation=number)
            generation = generation_of(number, vectors, evaluation, time.perf_counter() - start)
            if self._folder is not None:
                self._folder.add(generation)
            self._take_in(generation)
            self._log(self._display.advance(generation, self._history, getattr(self._optimiser, "status", "")))
            if generation.failed.all():
                why = next(iter(getattr(evaluation, "reasons", {}).values()), "the evaluator does not say why")
                self._say(f"all of its individuals failed; the first: {why}")
            if getattr(self._optimiser, "notes", ""):
                self._say(self._optimiser.notes)  # pyright: ignore[reportAttributeAccessIssue]
            self._derived.refresh_if_due(self._history.best)
        return True

    def _finals(self) -> list[Candidate]:
        """Compare the best once more, under fresh seeds."""
        stored = self._folder.finals(self._settings.generations) if self._folder is not None else None
        if stored is not None:
            return stored
        self._display.say("comparing the best individuals under fresh seeds")
        with self._stopping.may_leave():
            finals, told = final_comparison(
                self._evaluator,
                self._history.candidates,
                getattr(self._optimiser, "favourite", None),
                seed=self._settings.seed,
            )
        if self._folder is not None:
            self._folder.write_json("final.json", {"generations": self._settings.generations, **told})
        self._log(f"finished: the best individual has {finals[0].fitness:.6g} ± {finals[0].error:.3g}")
        return finals

    def _film(self, best: Candidate) -> None:
        with self._stopping.may_leave():
            self._derived.film(best)

    def _ask(self) -> np.ndarray:
        return checked(self._optimiser.ask(), self._evaluator.space.size, type(self._optimiser).__name__)

    def _take_in(self, generation: Generation) -> None:
        self._optimiser.tell(generation.vectors, generation)
        self._history.add(generation)

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _how_to_resume(self) -> str:
        if self._folder is None:
            return ""
        return f"; go on with: sns-mujoco evolve --resume {self._folder.path}"

    def _say(self, line: str) -> None:
        self._display.say(line)
        self._log(line)

    def _log(self, line: str) -> None:
        if self._folder is not None:
            self._folder.log(line)


def _units(evaluator: Any) -> dict[str, str]:
    """Units of terms by name, of an evaluator that has a task."""
    task = getattr(evaluator, "task", None)
    if task is None:
        return {}
    return {term.name: getattr(term, "unit", "") for trial in task.trials for term in task.terms_of(trial)}
