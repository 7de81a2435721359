"""Descending commands of all individuals."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.command_places import CommandPlaces


class PopulationCommands(CommandPlaces[NDArray[np.float64]]):
    """Descending commands by name, one value for each individual; setting one acts on the next step, and holds."""

    def __init__(self, userdata: NDArray[np.float64], places: dict[str, int]) -> None:
        """View the commands in userdata [n, U]; `places` are their columns."""
        super().__init__(places)
        self._userdata = userdata

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
