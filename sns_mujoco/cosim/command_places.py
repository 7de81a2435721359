"""Descending commands by name: what those of one animal and of a population have in common."""

from collections.abc import Iterator, MutableMapping
from typing import TypeVar

from sns_mujoco.errors import unknown_name

Value = TypeVar("Value")


class CommandPlaces(MutableMapping[str, Value]):
    """Names of commands and where each of them is in userdata; none can be added or removed.

    Attributes:
        places: Indices in userdata, by name.
    """

    def __init__(self, places: dict[str, int]) -> None:
        """Know the places."""
        self.places = places

    def __contains__(self, name: object) -> bool:
        """Whether there is a command of that name."""
        return name in self.places

    def __delitem__(self, name: str) -> None:
        """Commands cannot be removed."""
        raise TypeError("a command is part of the model and cannot be removed; set it to 0")

    def __iter__(self) -> Iterator[str]:
        """Iterate over names of commands."""
        return iter(self.places)

    def __len__(self) -> int:
        """Count the commands."""
        return len(self.places)

    def _place(self, name: str) -> int:
        if name not in self.places:
            raise unknown_name("command", name, self.places, "the model")
        return self.places[name]
