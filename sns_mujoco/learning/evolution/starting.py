"""What a run needs before it can begin or go on."""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sns_mujoco.errors import RunFolderError
from sns_mujoco.learning.evolution.algorithms import Algorithm, Beginning, algorithm_of
from sns_mujoco.learning.evolution.folder import RunFolder
from sns_mujoco.learning.evolution.optimiser import Optimiser
from sns_mujoco.learning.evolution.provenance import versions
from sns_mujoco.learning.evolution.settings import Settings
from sns_mujoco.models import load, reference


@dataclass(frozen=True, slots=True)
class Trying:
    """What tries individuals.

    Attributes:
        animal: What `models.load` takes to find the animal again; None where `evaluator` is a user's own.
        task: The task as plain data; None likewise, and where nothing is stored.
        evaluator: What tries them.
    """

    animal: str | None
    task: Mapping[str, Any] | None
    evaluator: Any


def trying(
    animal: Any, task: Any, evaluator: Any, *, threads: int, ray: str | None, workers: int | None, ends: ExitStack,
    stored: bool = True,
) -> Trying:  # fmt: skip
    """What tries individuals: an animal at a task, or a user's own evaluator.

    Args:
        animal: An `Animal`, or what `models.load` takes.
        task: A `Task`, a name of one of the animal's, the path of a file, or plain data of one.
        evaluator: A user's own, instead of the two.
        threads: That step the animals, of each worker on a cluster; 0 for all there are.
        ray: Address of a cluster, or None.
        workers: On the cluster; None for one on every machine.
        ends: Closes in the end what is opened here.
        stored: Whether the task has to be plain data, for a folder; if not, terms may be anything.

    Raises:
        UnknownNameError: No such animal or task.
        ValueError: Too little or too much is given.
        ClusterError: The cluster cannot be reached.
        MissingDependencyError: Ray is asked for and not installed.
    """
    if workers is not None and ray is None:
        raise ValueError(f"workers is {workers}; they belong to a Ray cluster: give ray too, 'local' for this machine")
    if evaluator is not None:
        if animal is not None or task is not None or ray is not None:
            raise ValueError("an evaluator of your own knows its animal, task and cluster; leave these out")
        return Trying(None, None, evaluator)
    if animal is None or task is None:
        raise ValueError("evolution needs an animal and a task, or an evaluator of your own; give them")
    from sns_mujoco.learning.fitness import Evaluator, load_task, task_from_dict, task_to_dict

    animal = load(animal)
    if isinstance(task, str | os.PathLike):
        task = load_task(animal, os.fspath(task))
    elif isinstance(task, Mapping):
        task = task_from_dict(task)
    if ray is not None:
        from sns_mujoco.learning.clusters import RayEvaluator

        tries: Any = RayEvaluator(animal, task, address=ray, workers=workers, threads=threads or None)
    else:
        tries = Evaluator(animal, task, threads=threads)
    ends.callback(tries.close)
    plain = json.loads(json.dumps(task_to_dict(task))) if stored else None  # as it will be read again
    return Trying(reference(animal), plain, tries)


def algorithm(asked: str | Algorithm) -> Algorithm:
    """What makes the optimiser.

    Raises:
        UnknownNameError: There is none of this name.
        ValueError: It is neither a name nor a function.
    """
    if not (isinstance(asked, str) or callable(asked)):
        raise ValueError(f"algorithm is {asked!r}; give a name, or a function that makes an optimiser of a Beginning")
    return algorithm_of(asked) if isinstance(asked, str) else asked


def optimiser(made: Algorithm, settings: Settings, evaluator: Any) -> Optimiser:
    """The optimiser of a run, at its beginning.

    Raises:
        ValueError: It cannot do what is asked.
        MissingDependencyError: It needs a library that is not installed.
    """
    found = made(
        Beginning(
            size=evaluator.space.size,
            start=np.array(settings.start),
            sigma=settings.sigma,
            popsize=settings.popsize,
            seed=settings.seed,
            measures=tuple(getattr(evaluator, "measures", ())),
        )
    )
    if not isinstance(found, Optimiser):
        raise ValueError(f"{algorithm_name(made)} made {found!r}, which is no optimiser; it needs ask() and tell()")
    return found


def algorithm_name(asked: str | Algorithm) -> str:
    """What the algorithm is called in the settings."""
    return asked if isinstance(asked, str) else getattr(asked, "__qualname__", type(asked).__qualname__)


def vector(start: Any, space: Any) -> np.ndarray:
    """Where the search starts, [d].

    Raises:
        ValueError: It does not fit the space.
        UnknownNameError: There is no such file.
    """
    if isinstance(start, str) and start == "origin":
        origin = getattr(space, "origin", None)
        found = np.full(space.size, 0.5) if origin is None else np.asarray(origin, float)
    elif isinstance(start, str | os.PathLike):
        found = _stored(Path(start), space)
    else:
        found = np.asarray(start, float)
    if found.shape != (space.size,) or not ((found >= 0.0) & (found <= 1.0)).all():
        raise ValueError(
            f"start is {np.array2string(found, threshold=6, precision=3)} of shape {found.shape}; give {space.size} "
            "numbers from 0 to 1"
        )
    return found


def digest(space: Any) -> str:
    """What tells whether two spaces give a vector the same meaning: a space's own, or the names of its genes."""
    own = getattr(space, "digest", None)
    return hashlib.sha256(json.dumps(list(space.names)).encode()).hexdigest() if own is None else str(own)


def named(settings: Settings, where: str) -> str:
    """The animal that a run's file names, if it may be taken from there. No code is run only because a file names it.

    Raises:
        RunFolderError: It was begun with an evaluator, or an animal, of a user's own.
    """
    if settings.animal is None:
        raise RunFolderError(f"{where!r} was begun with an evaluator of your own; give it to resume() again")
    if not settings.animal or ":" in settings.animal:
        how = f": sns-mujoco evolve {settings.animal} --resume {where}" if settings.animal else ""
        raise RunFolderError(f"{where!r} was begun with an animal of your own; name it again{how}")
    return settings.animal


def longer(settings: Settings, generations: int | None, folder: RunFolder) -> Settings:
    """The same run with another number of generations, which is remembered.

    Raises:
        ValueError: So many have been lived already.
    """
    if generations is None or generations == settings.generations:
        return settings
    if generations < folder.stored:
        raise ValueError(
            f"generations is {generations}; {str(folder.path)!r} has lived {folder.stored} already: give as many or "
            "more"
        )
    changed = replace(settings, generations=generations)
    _, made = folder.config()
    folder.write_config(changed, made)
    return changed


def other_versions(made_with: Mapping[str, Any]) -> str:
    """What of the versions that a run was begun with is another now; empty if nothing."""
    now = versions()
    then = {name: version for name, version in made_with["versions"].items() if now.get(name) != version}
    return ", ".join(f"{name} {version} then, {now.get(name, 'none')} now" for name, version in then.items())


def check_minutes(minutes: float | None) -> None:
    """Refuse a time in which nothing can happen.

    Raises:
        ValueError: It is not positive.
    """
    if minutes is not None and not (math.isfinite(minutes) and minutes > 0.0):
        raise ValueError(f"minutes is {minutes:g}; give more than 0, or leave it out for no limit")


def _stored(place: Path, space: Any) -> np.ndarray:
    """The vector of an individual's file, or of the best of a run.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It holds no individual, or one of another space.
    """
    place = place / "best.json" if place.is_dir() else place
    if hasattr(space, "animal"):
        from sns_mujoco.learning.spaces import load_individual

        individual = load_individual(place)
        genes, vector = tuple(individual.values), individual.vector
    else:
        told = json.loads(place.read_text())
        genes, vector = tuple(told["genes"]), np.array(told["vector"], float)
    if genes != tuple(space.names):
        raise ValueError(
            f"{str(place)!r} has other genes than the task varies: {len(genes)} of them, and {space.size} in the task; "
            "start from an individual of the same space"
        )
    return vector
