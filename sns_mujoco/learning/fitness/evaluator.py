"""The evaluator: populations that live through the trials of a task, generation after generation."""

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.population import Population
from sns_mujoco.cosim.population.origin import processors
from sns_mujoco.cosim.seeds import GREATEST, checked_seed
from sns_mujoco.errors import SnsError, TaskError, unknown_name
from sns_mujoco.learning.fitness.evaluation import Evaluation, Results
from sns_mujoco.learning.fitness.living import body_of, frames_of, live
from sns_mujoco.learning.fitness.pushes import Window
from sns_mujoco.learning.fitness.task import Measure, Task
from sns_mujoco.learning.fitness.trials import Trial
from sns_mujoco.learning.randomisation.randomisation import Randomisation
from sns_mujoco.learning.spaces.space import ParameterSpace

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

ROWS = 256  # lives at the same time: enough to keep threads busy, few enough to fit the memory of a small machine
ROWS_PER_THREAD = 16

Floats = NDArray[np.float64]


class Evaluator:
    """Tells how good individuals are at a task, each a vector of a parameter space.

    What becomes of an individual depends on its vector, the run's seed and the generation alone, bit for bit: not on
    the other individuals, on threads, or on how many live at the same time. Populations are kept from one generation to
    the next.

    Attributes:
        animal: What is evaluated.
        task: What it is asked to do.
        space: The space of the vectors.
    """

    def __init__(self, animal: "Animal | str", task: Task, *, threads: int = 0, rows: int | None = None) -> None:
        """Get ready, and check that the task fits the animal.

        Args:
            animal: An animal, or the name of one.
            task: What individuals are asked to do.
            threads: Threads that step them; 0 for as many as there are processors for this process.
            rows: How many lives are lived at the same time, at most: what bounds the memory. By default 256, or 16 for
                each thread where that is more.

        Raises:
            TaskError: The task does not fit the animal.
            UnknownNameError: It names what the animal does not have.
            ParameterError: What is to vary cannot.
        """
        from sns_mujoco.models import load

        self.animal = load(animal)
        self.task = task
        self._threads = threads or processors()
        self._most = max(ROWS, ROWS_PER_THREAD * self._threads) if rows is None else rows
        if self._most < 1:
            raise ValueError(f"rows is {rows!r}; give a whole number, 1 or more")
        self.space = ParameterSpace(self.animal, task.vary)
        self._populations: dict[tuple[str, int], Population] = {}
        for trial in task.trials:
            self._check(trial)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What the columns of `Evaluation.measures` are."""
        return self.task.measures

    def evaluate(self, vectors: ArrayLike, *, seed: int, generation: int) -> Evaluation:
        """Let individuals live through all trials.

        Args:
            vectors: One for each individual, 0 to 1, [m, d].
            seed: Of the run.
            generation: Its number; it gives the lives fresh seeds if the task wants them.

        Returns:
            How good they are. One whose parameters cannot be, or that leaves the finite numbers, has the fitness
            `WORST` and leaves the others untouched.

        Raises:
            ParameterError: The vectors have another shape, or leave 0 to 1.
            ValueError: The seed or the generation is no whole number, 0 or more, or there is no vector.
        """
        start = perf_counter()
        vectors = np.atleast_2d(self.space.checked(vectors))
        if not len(vectors):
            raise ValueError("there are no vectors; give one for each individual, at least one")
        seeds, pushes = self._drawn(checked_seed(seed), checked_seed(generation))
        results = Results(self.task, len(vectors))
        lives = np.arange(len(vectors) * self.task.seeds)
        for chunk in np.split(lives, range(self._most, len(lives), self._most)):
            self._live(vectors, chunk, seeds, pushes, results)
        return results.evaluation(seconds=perf_counter() - start)

    def close(self) -> None:
        """Give back threads and memory; a later evaluation makes new populations."""
        for population in self._populations.values():
            population.close()
        self._populations.clear()

    def __enter__(self) -> "Evaluator":
        """An evaluator that is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _live(
        self, vectors: Floats, chunk: NDArray[np.intp], seeds: list[list[int]], pushes: list[Any], results: Results
    ) -> None:
        """Let some lives pass, in all trials, and put down what became of them."""
        individual, repeat = np.divmod(chunk, self.task.seeds)
        # trials on the same ground follow one another, so that parameters are written once for them all
        grounds: dict[tuple[str, int], list[int]] = {}
        for t, trial in enumerate(self.task.trials):
            grounds.setdefault(self._ground(trial), []).append(t)
        for ground, trials in grounds.items():
            population = self._population(ground, len(chunk))
            valid = self._apply(population, vectors, individual, results)
            for t in trials:
                lives = live(
                    population, self.task.trials[t], self.task, valid=valid,
                    seeds=[seeds[t][k] for k in repeat], pushes=[pushes[t][k] for k in repeat],
                )  # fmt: skip
                results.put_down(lives, individual, t, repeat)

    def _apply(
        self, population: Population, vectors: Floats, individual: NDArray[np.intp], results: Results
    ) -> NDArray[np.bool_]:
        """Give rows their parameters; tells which of them can live [rows]."""
        valid = np.ones(len(individual), bool)
        try:
            self.space.apply(population, vectors[individual], np.arange(len(individual)))
        except (SnsError, ValueError):  # as MuJoCo's compiler says that a body cannot be
            for one in np.unique(individual).tolist():
                own = np.flatnonzero(individual == one)
                try:
                    self.space.apply(population, vectors[individual[own]], own)
                except (SnsError, ValueError) as error:
                    results.blame(one, str(error))
                    valid[own] = False
        return valid

    def _population(self, ground: tuple[str, int], rows: int) -> Population:
        """The population that lives on a ground, with room for so many rows."""
        population = self._populations.get(ground)
        if population is None or population.n < rows:
            if population is not None:
                population.close()
            terrain, seed = ground
            population = Population(
                self.animal, rows, terrain=terrain, seed=seed, threads=min(self._threads, rows), space=self.space,
                randomise=Randomisation(self.task.randomise) if self.task.randomise else None,
            )  # fmt: skip
            self._populations[ground] = population
        return population

    def _ground(self, trial: Trial) -> tuple[str, int]:
        return trial.terrain or self.animal.terrains[0], trial.terrain_seed

    def _drawn(self, seed: int, generation: int) -> tuple[list[list[int]], list[list[list[list[Window]]]]]:
        """Seeds of lives, [trial][seed], and their pushes, [trial][seed][push]: the same for all individuals."""
        task, era = self.task, generation if self.task.fresh_seeds else 0
        seeds, pushes = [], []
        for t, trial in enumerate(task.trials):
            sources = [np.random.SeedSequence((seed, era, t, k)) for k in range(task.seeds)]
            seeds.append([int(source.generate_state(1, np.uint64)[0]) % GREATEST for source in sources])
            times = {"settle": trial.settle, "seconds": trial.seconds, "frame": task.frame}
            pushes.append([])
            for source in sources:
                randoms = map(np.random.default_rng, source.spawn(len(trial.pushes)))
                pushes[t].append([p.draw(random, **times) for p, random in zip(trial.pushes, randoms, strict=True)])
        return seeds, pushes

    def _check(self, trial: Trial) -> None:
        """Refuse a trial that does not fit the animal, before any individual lives."""
        animal, task = self.animal, self.task
        known = [*animal.commands, *animal.probes]
        for name, schedule in trial.schedules(animal.cruise).items():
            if name not in known:
                raise unknown_name("command", name, known, f"animal {animal.name!r}")
            low, high = (animal.commands | animal.probes)[name]
            for _, value in schedule:
                if not low <= value <= high:
                    raise TaskError(f"command {name!r} is set to {value:g}; that of {animal.name!r} runs from {low:g} "
                                    f"to {high:g}")  # fmt: skip
        population = self._population(self._ground(trial), 1)
        _, total, settled = frames_of(population, trial, task)
        for push in trial.pushes:
            body_of(population, push.body or animal.torso)
        for term in task.terms_of(trial):
            term.begin(population, (total - settled) * task.frame, task.frame)
