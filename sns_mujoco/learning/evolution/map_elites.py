"""MAP-Elites: the best individual for every kind of behaviour, through the `ribs` package.

Mouret & Clune 2015, Illuminating search spaces by mapping elites, arXiv:1504.04909; variation along lines between
elites: Vassiliades & Mouret 2018, Discovering the elite hypervolume by leveraging interspecies correlation, GECCO.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.learning.evolution.generation import Generation

if TYPE_CHECKING:
    import xarray

LINE = 0.2  # standard deviation along the line to another elite, as a share of the way (Vassiliades & Mouret 2018)
NARROW = 0.1  # of the first step size: how far every gene of a child strays, once there are elites


class Measure(Protocol):
    """What kinds of behaviour are told apart by.

    Attributes:
        name: Of the measure.
        bounds: Least and greatest value that get cells of their own; what lies beyond belongs to the cell at the end.
        cells: Number of cells between them.
    """

    name: str
    bounds: tuple[float, float]
    cells: int


class MapElites:
    """A grid of elites over what was measured of each individual.

    Noise lets the lucky in for good, so an individual counts with its fitness less its standard error.

    Attributes:
        popsize: Individuals a generation.
    """

    def __init__(
        self, size: int, *, start: np.ndarray, sigma: float, popsize: int | None, seed: int, measures: Sequence[Measure]
    ) -> None:
        """Begin.

        Args:
            size: Number of genes, d.
            start: The first individual, [d], 0 to 1; the others of the first generation lie around it.
            sigma: How far around, as a share of a gene's range; later children stray a tenth of it from their parent.
            popsize: Individuals a generation; 64 if None.
            seed: Of all random numbers.
            measures: What spans the grid.

        Raises:
            MissingDependencyError: The `ribs` package is not installed.
            ValueError: There are no measures.
        """
        if not measures:
            raise ValueError("MAP-Elites needs what tells behaviours apart, and the task has no measures; add some")
        try:
            from ribs.archives import GridArchive
            from ribs.emitters import IsoLineEmitter
        except ImportError as error:
            raise MissingDependencyError("MAP-Elites needs the package ribs: pip install 'sns-mujoco[ribs]'") from error
        self.popsize = popsize or 64
        self._measures = tuple(measures)
        seeds = np.random.SeedSequence(seed).generate_state(3)
        first = np.random.default_rng(seeds[0]).normal(start, sigma, (self.popsize, size)).clip(0.0, 1.0)
        first[0] = start
        self._archive = GridArchive(
            solution_dim=size,
            dims=[measure.cells for measure in self._measures],
            ranges=[measure.bounds for measure in self._measures],
            seed=int(seeds[1]),
            extra_fields={"fitness": ((), np.float64), "error": ((), np.float64), "generation": ((), np.int64)},
        )
        self._emitter = IsoLineEmitter(
            self._archive, iso_sigma=NARROW * sigma, line_sigma=LINE, initial_solutions=first, batch_size=self.popsize,
            lower_bounds=np.zeros(size), upper_bounds=np.ones(size), seed=int(seeds[2]),
        )  # fmt: skip

    @property
    def status(self) -> str:
        """How many cells have an elite."""
        return f"{len(self._archive)} of {int(np.prod(self._archive.dims))} cells"

    def ask(self) -> np.ndarray:
        """The next individuals, [popsize, d]."""
        return np.asarray(self._emitter.ask(), float)

    def tell(self, vectors: np.ndarray, generation: Generation) -> None:
        """Put individuals into their cells where they are better than what is there.

        Raises:
            ValueError: There are not as many measures as the grid has sides.
        """
        q = len(self._measures)
        if generation.measures.shape[1] != q:
            raise ValueError(f"the evaluator gave {generation.measures.shape[1]} measures; the grid has {q} sides")
        lives = ~generation.failed & np.isfinite(generation.measures).all(1)
        if lives.any():
            self._archive.add(
                vectors[lives], generation.cautious[lives], generation.measures[lives],
                fitness=generation.fitness[lives], error=generation.error[lives],
                generation=np.full(int(lives.sum()), generation.number),
            )  # fmt: skip

    @property
    def tables(self) -> "dict[str, xarray.Dataset]":
        """The grid: `fitness`, `error` and the `generation` of origin of each cell's elite, and its `vector`.

        Cells without an elite have nan, and generation -1.
        """
        import xarray

        data: dict[str, Any] = self._archive.data()
        shape = tuple(int(n) for n in self._archive.dims)
        names = [measure.name for measure in self._measures]
        at = data["index"]

        def spread(values: np.ndarray, empty: float) -> np.ndarray:
            whole = np.full((int(np.prod(shape)), *values.shape[1:]), empty, values.dtype)
            whole[at] = values
            return whole.reshape(*shape, *values.shape[1:])

        middles = {
            measure.name: (edges[1:] + edges[:-1]) / 2
            for measure, edges in zip(self._measures, self._archive.boundaries, strict=True)
        }
        return {
            "archive": xarray.Dataset(
                {
                    "fitness": (names, spread(data["fitness"], np.nan)),
                    "error": (names, spread(data["error"], np.nan)),
                    "generation": (names, spread(data["generation"], -1)),
                    "vector": ([*names, "gene"], spread(data["solution"], np.nan)),
                },
                coords=middles,
            )
        }
