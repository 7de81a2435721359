"""Unique names of one kind of thing, found in no time however many there are."""

from collections.abc import Iterable, Iterator

import numpy as np

from sns_mujoco.errors import NetworkError, unknown_name


class Names:
    """Names in the order in which they were given."""

    def __init__(self, kind: str, owner: str) -> None:
        """Begin without any; kind and owner are how messages call them ("population", "network 'leg'")."""
        self._kind, self._owner = kind, owner
        self._index: dict[str, int] = {}
        self._last_number: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        """Go through them in order."""
        return iter(self._index)

    def choose(self, name: object, default: str) -> str:
        """A name that is free: the given one, or if that is None the default one, numbered where it is taken.

        Raises:
            NetworkError: The given one is taken, or is no text.
        """
        if name is None:
            return self._numbered(default)
        if not isinstance(name, str) or not name:
            raise NetworkError(f"{self._owner}: the name of a {self._kind} is {name!r}; give a text")
        self.require_free([name], "give another name")
        return name

    def require_free(self, names: Iterable[str], remedy: str) -> None:
        """Refuse names that are taken.

        Raises:
            NetworkError: Names the first one.
        """
        new: set[str] = set()
        for name in names:
            if name in self._index or name in new:
                raise NetworkError(f"{self._owner} has a {self._kind} named {name!r} already; {remedy}")
            new.add(name)

    def add(self, name: str) -> None:
        """Take the next name."""
        self._index[name] = len(self._index)

    def extend(self, names: Iterable[str]) -> None:
        """Take the next names."""
        for name in names:
            self.add(name)

    def find(self, name: object) -> int:
        """Index of a name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        if isinstance(name, int | np.integer) and not isinstance(name, bool):
            if not 0 <= name < len(self._index):
                where = f"{self._owner} with {len(self._index)} of them, counted from 0"
                raise unknown_name(self._kind, int(name), self._index, where)
            return int(name)
        if not isinstance(name, str) or name not in self._index:
            raise unknown_name(self._kind, name, self._index, self._owner)
        return self._index[name]

    def _numbered(self, default: str) -> str:
        number = self._last_number.get(default, 0)
        name = f"{default}_{number}" if number else default
        while name in self._index:
            number += 1
            name = f"{default}_{number}"
        self._last_number[default] = number
        return name
