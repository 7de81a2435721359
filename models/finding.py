"""Animals by what people have of them: a name, the file of an individual, the folder of a run, code of their own."""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from sns_mujoco.errors import ParameterError, unknown_name
from sns_mujoco.learning.spaces.individuals import Individual, load_individual

from .animal import Animal

BEST = "best.json"  # in the folder of a run: its best individual
OWN = "sns_mujoco."  # modules of this package, whose code is at hand anyway

_found: dict[int, tuple[Animal, str, Individual | None]] = {}  # animals by id, what they were found by, and their file
_modules: dict[Path, ModuleType] = {}  # files that were run


def find(what: str, by_name: Callable[[str], Animal]) -> Animal:
    """The animal that a text refers to, see `sns_mujoco.models.load`; `by_name` gives those of the repository."""
    file, at, base = what.rpartition("@")
    if at and _is_individual(file):
        return _of_file(Path(file), by_name, base)
    if _is_individual(what):
        return _of_file(Path(what), by_name)
    place, _, attribute = what.rpartition(":")
    if place:
        return _of_code(place, attribute)
    return by_name(what)


def reference_of(animal: Animal) -> str:
    """What an animal was found by; "" if it was not."""
    return _found[id(animal)][1] if id(animal) in _found else ""


def individual_of(animal: Animal) -> Individual | None:
    """The file that an animal was found in, if so."""
    return _found[id(animal)][2] if id(animal) in _found else None


def _is_individual(what: str) -> bool:
    return what.endswith(".json") or bool(what and Path(what).is_dir())


def _remembered(animal: Animal, reference: str, individual: Individual | None = None) -> Animal:
    _found[id(animal)] = animal, reference, individual  # with the animal itself, so that its id stays its own
    return animal


def _best(folder: Path) -> Path:
    best = folder / BEST
    if not best.is_file():
        raise FileNotFoundError(
            f"there is no {BEST!r} in {str(folder)!r}; give the folder of a run that has ended a generation, or the "
            "file of an individual"
        )
    return best


def _of_file(place: Path, by_name: Callable[[str], Animal], base: str = "") -> Animal:
    """An individual. Its file says of which animal, but that lets no code run that nobody else has asked for."""
    individual = load_individual(_best(place) if place.is_dir() else place)
    of = base or individual.base
    run = {reference: animal for animal, reference, _ in _found.values()}
    if base:
        animal = find(base, by_name)
    elif of in run:
        animal = run[of]
    elif of and (":" not in of or of.startswith(OWN)):
        animal = find(of, by_name)
    else:
        told = f"an animal of your own ({of})" if of else "an animal that a program made"
        raise ParameterError(
            f"{str(place)!r} is an individual of {individual.name!r}, {told}, and no code is run because a file says "
            f'so; name it too: "{place}@{of or "file.py:ATTRIBUTE"}"'
        )
    reference = str(place.resolve()) + (f"@{of}" if ":" in of and not of.startswith(OWN) else "")
    # to a type checker this folder has two names, models and sns_mujoco.models, and so have its classes
    return _remembered(individual.animal(animal), reference, individual)  # pyright: ignore[reportArgumentType]


def _of_code(place: str, attribute: str) -> Animal:
    module = _run(Path(place)) if place.endswith(".py") else _imported(place)
    animals = [name for name, value in vars(module).items() if isinstance(value, Animal)]
    found = getattr(module, attribute, None)
    if not isinstance(found, Animal):
        raise unknown_name("animal", attribute, animals, repr(place))
    path = str(Path(place).resolve()) if place.endswith(".py") else place
    return _remembered(found, f"{path}:{attribute}")


def _imported(name: str) -> ModuleType:
    """A module by its name, also of the working directory, as `python -m` finds it."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # something that the module itself wants
        raise FileNotFoundError(
            f"there is no module {name!r}; give package.module:ATTRIBUTE of an installed package or of the working "
            "directory, or file.py:ATTRIBUTE"
        ) from error


def _run(file: Path) -> ModuleType:
    """A Python file as a module, once, with what stands beside it at hand."""
    place = file.resolve()
    if place in _modules:
        return _modules[place]
    if not place.is_file():
        raise FileNotFoundError(f"there is no file {str(file)!r}; give file.py:ATTRIBUTE")
    if str(place.parent) not in sys.path:
        sys.path.append(str(place.parent))
    spec = spec_from_file_location(place.stem, place)
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    _modules[place] = module
    return module
