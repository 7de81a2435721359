"""The algorithms by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sns_mujoco.errors import unknown_name
from sns_mujoco.learning.evolution.cma_es import CmaEs
from sns_mujoco.learning.evolution.map_elites import MapElites, Measure
from sns_mujoco.learning.evolution.optimiser import Optimiser
from sns_mujoco.learning.evolution.random_search import RandomSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What an optimiser is made from.

    Attributes:
        size: Number of genes, d.
        start: Where the search starts, [d], 0 to 1.
        sigma: First step size, as a share of a gene's range.
        popsize: Individuals a generation; None for what the algorithm holds for good.
        seed: Of all its random numbers.
        measures: What the evaluator measures besides fitness.
    """

    size: int
    start: np.ndarray
    sigma: float
    popsize: int | None
    seed: int
    measures: Sequence[Measure] = ()


Algorithm = Callable[[Beginning], Optimiser]


def _cma_es(b: Beginning) -> Optimiser:
    return CmaEs(b.size, start=b.start, sigma=b.sigma, popsize=b.popsize, seed=b.seed)


def _map_elites(b: Beginning) -> Optimiser:
    return MapElites(b.size, start=b.start, sigma=b.sigma, popsize=b.popsize, seed=b.seed, measures=b.measures)


def _random(b: Beginning) -> Optimiser:
    return RandomSearch(b.size, start=b.start, popsize=b.popsize, seed=b.seed)


ALGORITHMS: dict[str, Algorithm] = {"cma-es": _cma_es, "map-elites": _map_elites, "random": _random}


def algorithm_of(name: str) -> Algorithm:
    """The algorithm of a name.

    Raises:
        UnknownNameError: There is none.
    """
    if name not in ALGORITHMS:
        raise unknown_name("algorithm", name, ALGORITHMS, "sns_mujoco.learning.evolution.ALGORITHMS")
    return ALGORITHMS[name]
