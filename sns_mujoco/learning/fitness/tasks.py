"""The tasks of the repository's animals, and those of files."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sns_mujoco.errors import unknown_name
from sns_mujoco.learning.fitness.task import Task

if TYPE_CHECKING:
    from sns_mujoco.models import Animal


def task_names(animal: "Animal | str") -> tuple[str, ...]:
    """Names of the tasks that come with an animal; none for one that is not of the repository."""
    return tuple(_tasks(animal if isinstance(animal, str) else animal.name))


def load_task(animal: "Animal | str", name: str) -> Task:
    """A task by its name, of those that come with an animal, or from a TOML or JSON file.

    Raises:
        UnknownNameError: The animal has no such task.
        FileNotFoundError: There is no such file.
        TaskError: The file is damaged, or its task makes no sense.
    """
    if Path(name).suffix.lower() in (".toml", ".json"):
        return Task.load(name)
    animal_name = animal if isinstance(animal, str) else animal.name
    known = _tasks(animal_name)
    if name not in known:
        raise unknown_name("task", name, known, f"animal {animal_name!r}; a file's name ends in .toml or .json")
    return known[name]


def _tasks(animal: str) -> dict[str, Task]:
    from sns_mujoco.models import names

    if animal not in names():
        return {}
    module = f"sns_mujoco.models.{animal}.evolution"
    try:
        return import_module(module).TASKS
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return {}
