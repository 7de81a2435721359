"""Seeds of individuals, from the population's seed and from what they are to seed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

GREATEST = 2**53  # of a seed: it is kept as a double in the state


def seed_of(seed: int, individual: int, episode: int) -> int:
    """Seed of one individual in one episode; numbers of a population's rows are independent of one another.

    Source: `numpy.random.SeedSequence`.
    """
    drawn = np.random.SeedSequence((seed, individual, episode)).generate_state(1, np.uint64)[0]
    return int(drawn) % GREATEST


def checked_seeds(seeds: Sequence[int] | NDArray[Any], count: int) -> list[int]:
    """Seeds as whole numbers, one for each of `count` individuals.

    Raises:
        ValueError: There are more or fewer, or one is no seed.
    """
    given = list(seeds) if isinstance(seeds, Sequence | np.ndarray) and np.ndim(seeds) == 1 else None
    if given is None:
        raise ValueError(f"the seeds are {seeds!r}; give a list of {count}, one for each individual")
    if len(given) != count:
        raise ValueError(f"there are {len(given)} seeds for {count} individuals; give one for each")
    return [checked_seed(seed) for seed in given]


def checked_seed(seed: Any) -> int:
    """A seed as a whole number.

    Raises:
        ValueError: It is none.
    """
    whole = isinstance(seed, int | float | np.number) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < GREATEST or int(seed) != seed:
        raise ValueError(f"seed is {seed!r}; give a whole number from 0 to 2**53 - 1")
    return int(seed)
