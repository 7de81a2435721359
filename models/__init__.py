"""The animals of the repository, one folder each."""

from importlib import import_module

from sns_mujoco.errors import unknown_name

from .animal import Animal, Foot, Readout, View

__all__ = ["Animal", "Foot", "Readout", "View", "load", "names"]

_ANIMALS = ("hexapod", "antagonist_joint", "rat_hindlimbs")


def names() -> tuple[str, ...]:
    """Names of all animals."""
    return _ANIMALS


def load(name: str) -> Animal:
    """The animal of a name.

    Raises:
        UnknownNameError: There is none; the closest names are suggested.
    """
    if name not in _ANIMALS:
        raise unknown_name("animal", name, _ANIMALS, "sns_mujoco.models")
    return import_module(f".{name}", __package__).ANIMAL
