"""The animals of the repository, one folder each, and how any animal is found."""

from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from sns_mujoco.errors import unknown_name

from .animal import Animal, Foot, Readout, Source, View

if TYPE_CHECKING:
    from sns_mujoco.learning.spaces.individuals import Individual

__all__ = ["Animal", "Foot", "Readout", "Source", "View", "individual", "load", "names", "reference"]

_ANIMALS = ("hexapod", "antagonist_joint", "rat_hindlimbs", "quadruped")


def names() -> tuple[str, ...]:
    """Names of all animals."""
    return _ANIMALS


def load(name: str | PathLike[str] | Animal) -> Animal:
    """An animal.

    Args:
        name: The name of an animal of the repository, or "name:individual" for one that was evolved and lies in its
            folder, as "hexapod:rough"; the file of an individual ("best.json"), as
            `sns_mujoco.learning.spaces.save_individual` writes it; the folder of a run, for its best individual; or an
            `Animal` of your own, as "package.module:ATTRIBUTE" or "file.py:ATTRIBUTE". That runs your code; a file of
            an individual runs none, so of your own animal's individuals say which animal that is:
            "best.json@file.py:ATTRIBUTE". An `Animal` itself is given back.

    Raises:
        UnknownNameError: There is none of that name; the closest names are suggested.
        FileNotFoundError: There is no such file or module, or the folder is none of a run.
        NetworkError: The file is damaged, or no network's.
        ParameterError: It has no individual in it, or belongs to an animal of your own.
        TypeError: It is neither a text nor a path nor an animal.
    """
    from .finding import find

    if isinstance(name, Animal):
        return name
    if not isinstance(name, str | PathLike):
        raise TypeError(f"the animal is {name!r}; give its name, a file, or an Animal")
    what = fspath(name)
    if what in _ANIMALS:  # whatever is called so in the working directory
        return _of_repository(what)
    animal, _, individual = what.partition(":")
    if animal in _ANIMALS and individual:
        what = _file_of(animal, individual)
    return find(what, _of_repository)


def reference(animal: Animal) -> str:
    """What `load` takes to find an animal again, in another process, too; "" where nothing does.

    That is so of animals that a program made: put such an animal into a module, and load it from there.
    """
    from .finding import reference_of

    known = animal.name in _ANIMALS and import_module(f".{animal.name}", __package__).ANIMAL == animal
    return animal.name if known else reference_of(animal)


def individual(animal: Animal) -> "Individual | None":
    """What the file says that an animal was loaded from; None of others."""
    from .finding import individual_of

    return individual_of(animal)


def _of_repository(name: str) -> Animal:
    if name not in _ANIMALS:
        raise unknown_name("animal", name, _ANIMALS, "sns_mujoco.models")
    return import_module(f".{name}", __package__).ANIMAL


def _file_of(animal: str, individual: str) -> str:
    folder = Path(__file__).parent / animal
    known = {file.stem: str(file) for file in sorted(folder.glob("*.json"))}
    if individual not in known:
        raise unknown_name("individual", individual, known, f"animal {animal!r}")
    return known[individual]
