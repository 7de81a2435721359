"""Descending commands of all individuals."""

from collections.abc import Iterator, MutableMapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import unknown_name


class PopulationCommands(MutableMapping[str, NDArray[np.float64]]):
    """Descending commands by name, one value for each individual; setting one acts on the next step, and holds."""

    def __init__(self, userdata: NDArray[np.float64], places: dict[str, int]) -> None:
        """View the commands in userdata [n, U]; `places` are their columns."""
        self._userdata, self.places = userdata, places

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """Current values of a command, a live view, float64 [n].

        Raises:
            UnknownNameError: There is no such command.
        """
        return self._userdata[:, self._place(name)]

    def __setitem__(self, name: str, values: ArrayLike) -> None:
        """Set a command of all individuals, to one value or to one each, [n].

        Raises:
            UnknownNameError: There is no such command.
            ValueError: A value is not a finite number, or there are not n of them.
        """
        column = self[name]
        try:
            given = np.asarray(values, float)
        except (TypeError, ValueError):
            raise ValueError(f"command {name!r} is set to {values!r}; give finite numbers") from None
        if given.shape not in ((), column.shape):
            raise ValueError(f"command {name!r} is set to an array of shape {given.shape}; give {column.shape} or one")
        if not np.isfinite(given).all():
            wrong = given if given.ndim == 0 else given[~np.isfinite(given)][0]
            raise ValueError(f"command {name!r} is set to {wrong!r}; give finite numbers")
        column[:] = given

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
