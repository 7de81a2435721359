"""Evolution of animals: `evolve` begins a run, `resume` goes on with one."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sns_mujoco.learning.evolution import starting
from sns_mujoco.learning.evolution.algorithms import Algorithm
from sns_mujoco.learning.evolution.display import Display
from sns_mujoco.learning.evolution.folder import RunFolder
from sns_mujoco.learning.evolution.provenance import made_with
from sns_mujoco.learning.evolution.run import Result, Run
from sns_mujoco.learning.evolution.settings import Settings
from sns_mujoco.models import load, reference

Path_ = str | os.PathLike[str]


def evolve(
    animal: Any = None, task: Any = None, *, algorithm: str | Algorithm = "cma-es", generations: int = 100,
    popsize: int | None = None, seed: int = 0, out: Path_ | None = None,
    start: str | Path_ | Sequence[float] = "origin", sigma: float = 0.2, evaluator: Any = None, threads: int = 0,
    ray: str | None = None, workers: int | None = None, minutes: float | None = None, progress: bool = True,
    video: bool = True,
) -> Result:  # fmt: skip
    """Evolve an animal for a task.

    Args:
        animal: An `Animal`, or what `models.load` takes. May be left out where `evaluator` is given.
        task: A `Task`, or the name of one of the animal's, or the path of a file of one. Likewise.
        algorithm: A name in `ALGORITHMS`, or a function that makes an optimiser of your own from a `Beginning`.
        generations: How many.
        popsize: Individuals a generation; what the algorithm holds for good if None.
        seed: Of all random numbers: the same seed gives the same result, on any number of threads and workers.
        out: A folder, new or empty, that takes everything. Without one nothing is stored and nothing can be resumed.
        start: Where the search starts: "origin", the animal as described; a vector of d numbers from 0 to 1; or an
            individual's file or a run folder, whose best it then is.
        sigma: First step size, as a share of a gene's range.
        evaluator: What tries individuals, instead of an animal and a task: any object with `space` (with `size` and
            `names`, and where it has them `origin`, `digest`, `to_dict`) and `evaluate(vectors, seed=, generation=)`.
        threads: How many step the animals; as many as there are cores if 0. On a cluster, of each worker.
        ray: Address of a Ray cluster that evaluations are spread over ("auto", "host:port", or "local" for one on this
            machine); None for none.
        workers: On the cluster; one on every machine if None.
        minutes: Wall time after which the run ends with the generation under way; `resume` goes on later.
        progress: Whether it shows on the screen how far it is.
        video: Whether the best animal is filmed in the end.

    Returns:
        What came of it.

    Raises:
        UnknownNameError: No such animal, task or algorithm.
        ValueError: A number is out of bounds, or a vector does not fit.
        RunFolderError: `out` is not empty, or in use.
        OutputPathError: `out` cannot be written, or the disk is full; what was lived is safe.
        MissingDependencyError: The algorithm or the cluster needs a library that is not installed.
        KeyboardInterrupt: Ctrl-C was pressed; all is stored.
    """
    made = starting.algorithm(algorithm)
    starting.check_minutes(minutes)
    if out is not None:
        RunFolder.check_free(Path(out))
    with ExitStack() as ends:
        tries = starting.trying(
            animal, task, evaluator, threads=threads, ray=ray, workers=workers, ends=ends, stored=out is not None
        )
        space = tries.evaluator.space
        settings = Settings(
            animal=tries.animal,
            task=tries.task,
            space=starting.digest(space),
            algorithm=starting.algorithm_name(algorithm),
            generations=generations,
            popsize=popsize,
            seed=seed,
            start=tuple(starting.vector(start, space).tolist()),
            sigma=sigma,
        )
        optimiser = starting.optimiser(made, settings, tries.evaluator)
        folder = None
        if out is not None:
            folder = ends.enter_context(RunFolder.create(Path(out)))
            genes = space.to_dict() if hasattr(space, "to_dict") else {"genes": list(space.names)}
            folder.begin(settings, genes, made_with())
            folder.log(f"began: {settings.algorithm}, {generations} generations, seed {seed}, {space.size} genes")
        display = Display(generations, shown=progress)
        return Run(settings, tries.evaluator, optimiser, folder, display, minutes=minutes, video=video).go()


def resume(
    run: Path_, *, animal: Any = None, task: Any = None, algorithm: str | Algorithm | None = None,
    generations: int | None = None, popsize: int | None = None, seed: int | None = None, sigma: float | None = None,
    evaluator: Any = None, threads: int = 0, ray: str | None = None, workers: int | None = None,
    minutes: float | None = None, progress: bool = True, video: bool = True,
) -> Result:  # fmt: skip
    """Go on with a run that was stopped, killed or cut short: it ends as if it never had been.

    Args:
        run: Its folder.
        animal: Taken from the run, unless it was begun with an `Animal` that has no name to be found by.
        task: Taken from the run.
        algorithm: Taken from the run, unless it is a user's own.
        generations: How many in all; more than before to go on with a finished run.
        popsize: Taken from the run.
        seed: Taken from the run.
        sigma: Taken from the run.
        evaluator: Needed if the run was begun with one.
        threads: See `evolve`; it need not be as before.
        ray: Likewise.
        workers: Likewise.
        minutes: Likewise.
        progress: Likewise.
        video: Likewise.

    Returns:
        What came of it.

    Raises:
        RunFolderError: The folder is damaged or in use, or something is given that differs from the run.
        Exception: As `evolve`.
    """
    starting.check_minutes(minutes)
    with ExitStack() as ends:
        folder = ends.enter_context(RunFolder.open(Path(run)))
        settings, made = folder.config()
        where = str(folder.path)
        settings.refuse_others(
            where, popsize=popsize, seed=seed, sigma=sigma,
            algorithm=None if algorithm is None else starting.algorithm_name(algorithm),
        )  # fmt: skip
        maker = starting.algorithm(settings.algorithm if algorithm is None else algorithm)
        if evaluator is None:
            animal = load(starting.named(settings, where) if animal is None else animal)
            settings.refuse_others(where, animal=reference(animal))
            task = settings.task if task is None else task
        tries = starting.trying(animal, task, evaluator, threads=threads, ray=ray, workers=workers, ends=ends)
        settings.refuse_others(
            where, task=tries.task, space=starting.digest(tries.evaluator.space)
        )  # fmt: skip
        settings = starting.longer(settings, generations, folder)
        display = Display(settings.generations, shown=progress)
        others = starting.other_versions(made)
        if others:
            display.say(f"the run was begun with other versions, so what follows may differ: {others}")
        folder.log(f"resumed after {folder.stored} generations" + (f"; other versions: {others}" if others else ""))
        optimiser = starting.optimiser(maker, settings, tries.evaluator)
        return Run(settings, tries.evaluator, optimiser, folder, display, minutes=minutes, video=video).go()
