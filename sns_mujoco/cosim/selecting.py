"""Which individuals are meant."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Individuals = int | Sequence[int] | NDArray[Any]


def select(ids: Individuals | None, n: int) -> NDArray[np.int32]:
    """Indices of individuals, in the order in which they were given.

    Args:
        ids: Their indices, one index, a mask [n], or None for all.
        n: Size of the population.

    Raises:
        IndexError: There is no such individual.
        ValueError: One is there twice, or it is no list of whole numbers or mask of the population's size.
    """
    if ids is None:
        return np.arange(n, dtype=np.int32)
    given = np.atleast_1d(np.asarray(ids))
    if given.dtype == bool:
        if given.shape != (n,):
            raise ValueError(f"the mask of individuals has shape {given.shape}; give one of shape ({n},)")
        return np.flatnonzero(given).astype(np.int32)
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise ValueError(f"individuals are {ids!r}; give indices or a mask of shape ({n},)")
    if given.size and not (0 <= given.min() and given.max() < n):
        wrong = given[(given < 0) | (given >= n)][0]
        raise IndexError(f"there is no individual {wrong} in a population of {n}; give 0 to {n - 1}")
    if len(np.unique(given)) < given.size:
        raise ValueError(f"an individual is there twice in {given.tolist()}; give each once")
    return given.astype(np.int32)


def select_one(individual: int, n: int) -> int:
    """The index of one individual.

    Args:
        individual: Its index.
        n: Size of the population.

    Raises:
        IndexError: There is no such individual.
        ValueError: It is no whole number.
    """
    if isinstance(individual, bool) or not isinstance(individual, int | np.integer):
        raise ValueError(f"the individual is {individual!r}; give one index")
    return int(select(individual, n)[0])
