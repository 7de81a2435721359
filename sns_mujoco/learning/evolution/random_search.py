"""Random search: what any other algorithm has to beat."""

import numpy as np

from sns_mujoco.learning.evolution.generation import Generation


class RandomSearch:
    """Draws every individual anew, evenly from the whole space; the very first one is the start.

    Attributes:
        popsize: Individuals a generation.
    """

    def __init__(self, size: int, *, start: np.ndarray, popsize: int | None, seed: int) -> None:
        """Begin.

        Args:
            size: Number of genes, d.
            start: The first individual, [d], 0 to 1.
            popsize: Individuals a generation; 16 if None.
            seed: Of all random numbers.
        """
        self._size, self._first = size, np.asarray(start, float)
        self._random = np.random.default_rng(seed)
        self._begun = False
        self.popsize = popsize or 16

    def ask(self) -> np.ndarray:
        """The next individuals, [popsize, d]."""
        vectors = self._random.uniform(size=(self.popsize, self._size))
        if not self._begun:
            vectors[0], self._begun = self._first, True
        return vectors

    def tell(self, vectors: np.ndarray, generation: Generation) -> None:
        """Learn nothing."""
