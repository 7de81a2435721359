"""What an optimiser is to an evolution run: it asks for individuals to be tried, and is told what became of them."""

from typing import Any, Protocol, runtime_checkable

import numpy as np

from sns_mujoco.learning.evolution.generation import Generation


@runtime_checkable
class Optimiser(Protocol):
    """Anything that asks and is told, in turns, and does the same again from the same seed.

    It must not draw from random numbers other than its own: a run is resumed by making the optimiser anew and telling
    it the generations that are stored, and what it asks for meanwhile must equal what it asked for then, bit for bit.

    One of your own needs only these two methods. Where it has them, `favourite` (a vector [d] that it holds for best:
    it takes part in the last comparison of a run), `status` (a few words about where it stands, for the log),
    `notes` (a line about something that just happened, such as a restart, or an empty one) and `tables` (name to
    `xarray.Dataset`, written into the run folder as `name.nc`) are used too.
    """

    def ask(self) -> np.ndarray:
        """The next individuals: vectors [m, d], each number from 0 to 1; m may change from one to the next."""
        ...

    def tell(self, vectors: np.ndarray, generation: Generation) -> None:
        """Learn what became of the individuals that were asked for last."""
        ...


def checked(vectors: Any, size: int, who: str) -> np.ndarray:
    """What an optimiser asked for, if it can be tried.

    Raises:
        ValueError: The vectors are not [m, d] within 0 to 1.
    """
    array = np.array(vectors, float, ndmin=1)
    if array.ndim != 2 or not len(array) or array.shape[1] != size:
        raise ValueError(f"{who} asked for vectors of shape {array.shape}; the space has {size} genes: ask (m, {size})")
    if not ((array >= 0.0) & (array <= 1.0)).all():
        raise ValueError(
            f"{who} asked for genes from {array.min():g} to {array.max():g}; they run from 0 to 1: clip them"
        )
    return array
