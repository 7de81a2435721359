"""The course of a run in a table, one row a generation, and the best individual so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.learning.evolution.generation import Generation

if TYPE_CHECKING:
    import xarray

KEPT = 8  # of the best individuals; no more than a usual generation, so that the last comparison has room for them
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An individual that did well.

    Attributes:
        vector: Its genes, [d].
        fitness: What it reached, the mean over seeds.
        error: Standard error of that.
        generation: Where it is from; -1 for one that was in none.
        individual: Its place there; -1 likewise.
    """

    vector: np.ndarray
    fitness: float
    error: float
    generation: int
    individual: int

    @property
    def cautious(self) -> float:
        """Fitness less its standard error."""
        return self.fitness - self.error


class History:
    """What is remembered of the generations; memory grows with their number, not with that of individuals.

    Attributes:
        candidates: The best individuals so far by cautious fitness, at most `kept`, best first; no vector twice.
        evaluations: Individuals that were tried.
    """

    def __init__(self, genes: Sequence[str], *, units: Mapping[str, str], kept: int = KEPT) -> None:
        """Begin with none; of genes with these names, and of terms with these units, as far as they are known."""
        self.candidates: list[Candidate] = []
        self.evaluations = 0
        self._genes, self._units, self._kept = list(genes), units, kept
        self._rows: list[dict[str, np.ndarray | float]] = []
        self._terms: list[str] = []
        self._noisy = False

    def __len__(self) -> int:
        """Number of generations."""
        return len(self._rows)

    @property
    def best(self) -> Candidate:
        """The best individual so far by cautious fitness."""
        return self.candidates[0]

    @property
    def noisy(self) -> bool:
        """Whether any fitness had a standard error."""
        return self._noisy

    def add(self, generation: Generation) -> None:
        """Take in the next generation."""
        for individual in np.argsort(-generation.cautious, kind="stable")[: self._kept]:
            self._consider(
                Candidate(
                    vector=generation.vectors[individual].copy(),
                    fitness=float(generation.fitness[individual]),
                    error=float(generation.error[individual]),
                    generation=generation.number,
                    individual=int(individual),
                )
            )
        self.evaluations += len(generation.vectors)
        self._noisy |= bool(generation.error.any())
        self._terms = list(generation.terms)
        top = int(np.argmax(generation.cautious))
        lives = ~generation.failed
        fitness = generation.fitness[lives]  # that of the failed is but a mark, far below
        spread = float(np.var(fitness)) if len(fitness) else 0.0
        self._rows.append(
            {
                "fitness": np.quantile(fitness, QUANTILES) if len(fitness) else np.full(len(QUANTILES), np.nan),
                "error": float(np.mean(generation.error[lives])) if len(fitness) else float("nan"),
                "noise": float(np.mean(generation.error[lives] ** 2)) / spread if spread > 0.0 else float("nan"),
                "best_fitness": self.best.fitness,
                "best_error": self.best.error,
                "best_generation": self.best.generation,
                "best_vector": self.best.vector,
                "term_best": np.array([values[top] for values in generation.terms.values()]),
                "term_median": np.array([_median(values) for values in generation.terms.values()]),
                "gene_mean": generation.vectors.mean(0),
                "gene_spread": generation.vectors.std(0),
                "individuals": len(generation.vectors),
                "failed": float(np.mean(generation.failed)),
                "fell": float(np.mean(generation.fell)),
                "steps": generation.steps,
                "seconds": generation.seconds,
                "seconds_in_batch": generation.seconds_in_batch,
            }
        )

    def dataset(self) -> "xarray.Dataset":
        """The table; see each variable's `long_name`."""
        import xarray

        def column(name: str, dimensions: tuple[str, ...], unit: str, meaning: str) -> tuple:
            values = np.array([row[name] for row in self._rows])
            return (("generation", *dimensions), values, {"units": unit, "long_name": meaning})

        return xarray.Dataset(
            {
                "fitness": column(
                    "fitness", ("quantile",), "1", "fitness: quantiles of the individuals that did not fail"
                ),
                "error": column("error", (), "1", "mean standard error of the fitness over seeds"),
                "noise": column("noise", (), "1", "squared standard error over the variance of the fitness"),
                "best_fitness": column("best_fitness", (), "1", "fitness of the best individual so far"),
                "best_error": column("best_error", (), "1", "standard error of the best individual so far"),
                "best_generation": column("best_generation", (), "1", "generation that the best so far is from"),
                "best_vector": column("best_vector", ("gene",), "1", "genes of the best individual so far, 0 to 1"),
                "term_best": column("term_best", ("term",), "see term_unit", "terms: of the best of the generation"),
                "term_median": column("term_median", ("term",), "see term_unit", "terms: median of the individuals"),
                "gene_mean": column("gene_mean", ("gene",), "1", "genes: mean of the individuals, 0 to 1"),
                "gene_spread": column("gene_spread", ("gene",), "1", "genes: standard deviation of the individuals"),
                "individuals": column("individuals", (), "1", "individuals that were tried"),
                "failed": column("failed", (), "1", "share of individuals that failed"),
                "fell": column("fell", (), "1", "share of lives that ended in a fall"),
                "steps": column("steps", (), "1", "animal-steps of the evaluation"),
                "seconds": column("seconds", (), "s", "wall time of the evaluation"),
                "seconds_in_batch": column("seconds_in_batch", (), "s", "wall time in Batch.step"),
            },
            coords={
                "generation": np.arange(len(self._rows)),
                "quantile": list(QUANTILES),
                "gene": np.array(self._genes, dtype=object),
                "term": np.array(self._terms, dtype=object),
                "term_unit": ("term", np.array([self._units.get(name, "") for name in self._terms], dtype=object)),
            },
        )

    def _consider(self, candidate: Candidate) -> None:
        if len(self.candidates) == self._kept and candidate.cautious <= self.candidates[-1].cautious:
            return
        for other in self.candidates:
            if np.array_equal(other.vector, candidate.vector):
                if other.cautious >= candidate.cautious:
                    return
                self.candidates.remove(other)
                break
        self.candidates.append(candidate)
        self.candidates.sort(key=lambda c: -c.cautious)  # stable: of equals the one that came first stays first
        del self.candidates[self._kept :]


def _median(values: np.ndarray) -> float:
    """Of what is known."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
