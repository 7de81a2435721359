"""One generation: what was asked, and what became of it. The unit that is written, read and told to an optimiser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LOST = -1e6  # greatest fitness of who has none, lest it do better than who lives in another generation
_TERM = "term/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """Individuals and their fitness.

    Attributes:
        number: Which generation it is, from 0.
        vectors: Of the individuals, [m, d], 0 to 1.
        fitness: Greater is better, [m].
        error: Standard error of the fitness over seeds, [m]; 0 where there is no noise or no estimate.
        terms: What the fitness is made of, by name, each [m].
        measures: What else was measured of each, for algorithms that want variety, [m, q].
        failed: Whether an individual could not live to the end, [m]: it diverged, or its parameters cannot be.
        fell: Share of its lives in which an individual fell, [m].
        steps: Animal-steps that the evaluation took.
        seconds_in_batch: Wall time of them in `Batch.step`, s.
        seconds: Wall time of the evaluation, s.
    """

    number: int
    vectors: np.ndarray
    fitness: np.ndarray
    error: np.ndarray
    terms: Mapping[str, np.ndarray] = field(default_factory=dict)
    measures: np.ndarray
    failed: np.ndarray
    fell: np.ndarray
    steps: int = 0
    seconds_in_batch: float = 0.0
    seconds: float = 0.0

    @property
    def cautious(self) -> np.ndarray:
        """Fitness less its standard error, [m]: what luck alone lifts stays behind what is well known."""
        return self.fitness - self.error

    def arrays(self) -> dict[str, np.ndarray]:
        """As named arrays, for a file."""
        return {
            "number": np.array(self.number),
            "vectors": self.vectors,
            "fitness": self.fitness,
            "error": self.error,
            "measures": self.measures,
            "failed": self.failed,
            "fell": self.fell,
            "steps": np.array(self.steps),
            "seconds_in_batch": np.array(self.seconds_in_batch),
            "seconds": np.array(self.seconds),
            **{_TERM + name: values for name, values in self.terms.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Generation":
        """The generation that `arrays` came from.

        Raises:
            KeyError: Something is missing.
        """
        return cls(
            number=int(arrays["number"]),
            vectors=arrays["vectors"],
            fitness=arrays["fitness"],
            error=arrays["error"],
            measures=arrays["measures"],
            failed=arrays["failed"],
            fell=arrays["fell"],
            steps=int(arrays["steps"]),
            seconds_in_batch=float(arrays["seconds_in_batch"]),
            seconds=float(arrays["seconds"]),
            terms={name[len(_TERM) :]: values for name, values in arrays.items() if name.startswith(_TERM)},
        )


def generation_of(number: int, vectors: np.ndarray, evaluation: Any, seconds: float) -> Generation:
    """What an evaluator said about some vectors, checked.

    Args:
        number: Of the generation.
        vectors: What it was asked about, [m, d].
        evaluation: Its answer: anything with `fitness` [m], and where it has them `error` [m], `terms` {name: [m]},
            `measures` [m, q], `failed` [m], `fell` [m], `steps` and `seconds_in_batch`.
        seconds: Wall time it took, s.

    Raises:
        ValueError: An array has another shape.
    """
    m = len(vectors)

    def column(name: str, value: Any, dtype: type = float) -> np.ndarray:
        array = np.asarray(value, dtype)
        if array.shape != (m,):
            raise ValueError(
                f"the evaluator's {name} has shape {array.shape}; {m} individuals were asked for: give ({m},)"
            )
        return array.copy()

    fitness = column("fitness", evaluation.fitness)
    error = column("error", getattr(evaluation, "error", np.zeros(m)))
    measures = np.asarray(getattr(evaluation, "measures", np.empty((m, 0))), float)
    if measures.ndim != 2 or len(measures) != m:
        raise ValueError(f"the evaluator's measures have shape {measures.shape}; give ({m}, number of measures)")
    terms = {name: column(f"term {name!r}", values) for name, values in getattr(evaluation, "terms", {}).items()}
    failed = column("failed", getattr(evaluation, "failed", np.zeros(m, bool)), bool)
    fell = column("fell", getattr(evaluation, "fell", np.zeros(m)))
    worst = float(np.min(fitness, initial=LOST, where=np.isfinite(fitness)))
    lost = ~np.isfinite(fitness)
    return Generation(
        number=number,
        vectors=np.array(vectors, float),
        fitness=np.where(lost, worst, fitness),  # optimisers take statistics: nan and inf would spoil them all
        error=np.where(lost | ~np.isfinite(error), 0.0, error),
        terms=terms,
        measures=measures.copy(),
        failed=failed | lost,
        fell=fell,
        steps=int(getattr(evaluation, "steps", 0)),
        seconds_in_batch=float(getattr(evaluation, "seconds_in_batch", 0.0)),
        seconds=seconds,
    )
