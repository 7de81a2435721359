"""CMA-ES: covariance matrix adaptation, through the `cma` package.

Hansen & Ostermeier 2001, Completely derandomized self-adaptation in evolution strategies, Evolutionary Computation
9(2):159-195. Restarts with a growing population: Auger & Hansen 2005, A restart CMA evolution strategy with increasing
population size, CEC 2005. The diagonal form for many genes: Ros & Hansen 2008, A simple modification in CMA-ES
achieving linear time and space complexity, PPSN X.
"""

from typing import Any

import numpy as np

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.learning.evolution.generation import Generation
from sns_mujoco.learning.evolution.one_thread import one_thread

DIAGONAL_FROM = 300  # genes from which the covariance is a diagonal: a full one costs d^3
FLAT = 20  # generations of equal fitness that are borne


class CmaEs:
    """Covariance matrix adaptation within 0 to 1.

    The first individual of a run is the start itself, so a run never ends with less than it began with. When the search
    has converged or stalls it starts anew at a random place with twice as many individuals a generation, which is also
    what helps against noise.

    Attributes:
        popsize: Individuals in the generation to come.
        notes: What happened last, for the log; empty if nothing did.
    """

    def __init__(self, size: int, *, start: np.ndarray, sigma: float, popsize: int | None, seed: int) -> None:
        """Begin.

        Args:
            size: Number of genes, d.
            start: Where the search starts, [d], 0 to 1.
            sigma: First step size, as a share of a gene's range.
            popsize: Individuals a generation; 4 + 3 ln d if None.
            seed: Of all random numbers.

        Raises:
            MissingDependencyError: The `cma` package is not installed.
            ValueError: There are fewer than 2 individuals a generation.
        """
        if popsize is not None and popsize < 2:
            raise ValueError(f"popsize is {popsize}; CMA-ES compares individuals of a generation: give at least 2")
        self._size, self._sigma0 = size, sigma
        self._random = np.random.default_rng(seed)
        self.popsize = popsize or 4 + int(3 * np.log(size))
        self.notes = ""
        self._first: np.ndarray | None = None
        self._flat = 0
        self._begin(np.array(start, float))

    @property
    def status(self) -> str:
        """The step size, as a share of a gene's range."""
        return f"step {self._es.sigma:.2g}"

    @property
    def favourite(self) -> np.ndarray:
        """The mean of the search distribution, [d]: under noise a better guess than the luckiest individual."""
        return np.clip(np.asarray(self._es.result.xfavorite, float), 0.0, 1.0)

    def ask(self) -> np.ndarray:
        """The next individuals, [popsize, d]."""
        with one_thread():
            self._asked = self._es.ask()
        vectors = np.clip(np.array(self._asked), 0.0, 1.0)  # the transformation to the bounds may round past them
        if self._first is not None:
            vectors[0], self._first = self._first, None  # it was injected, but at an edge that transformation moves it
        return vectors

    def tell(self, vectors: np.ndarray, generation: Generation) -> None:
        """Adapt mean, step size and covariance to what did well."""
        self.notes = ""
        with one_thread():
            self._es.tell(self._asked, (-generation.fitness).tolist())
            reasons = list(self._es.stop())
        self._flat = self._flat + 1 if np.ptp(generation.fitness) == 0.0 else 0
        if self._flat:  # early on all may fall alike: that is no convergence
            reasons = ["flat fitness"] if self._flat > FLAT else []
        if reasons:
            self.popsize *= 2
            self.notes = f"CMA-ES starts anew with {self.popsize} individuals ({', '.join(reasons)})"
            self._begin(self._random.uniform(size=self._size))

    def _begin(self, start: np.ndarray) -> None:
        cma = _cma()
        from cma.sigma_adaptation import CMAAdaptSigmaCSA

        options: dict[str, Any] = {
            "bounds": [0.0, 1.0],
            "popsize": self.popsize,
            # its own generator: pycma seeds numpy's global one otherwise, and draws from it
            "randn": lambda *shape: self._random.standard_normal(shape),
            "seed": float("nan"),
            "AdaptSigma": CMAAdaptSigmaCSA,  # two-point adaptation, its choice for many genes, draws from numpy's too
            "CMA_diagonal": self._size >= DIAGONAL_FROM,
            "maxiter": float("inf"),
            "verbose": -9,
            "verb_log": 0,
            "signals_filename": "",
        }
        if self._size == 1:
            options["maxstd"] = float("inf")  # pycma fails where it would limit the step of a single gene
        self._es = cma.CMAEvolutionStrategy(start, self._sigma0, options)
        self._es.inject([start], force=True)
        self._first, self._flat = start, 0


def _cma() -> Any:
    try:
        import cma
    except ImportError as error:
        raise MissingDependencyError("CMA-ES needs the package cma: pip install cma") from error
    return cma
