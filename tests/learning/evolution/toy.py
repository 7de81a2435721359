"""A space and an evaluator without an animal: a bowl with noise."""

import time
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

GENES = 6


@dataclass(frozen=True)
class Side:
    name: str
    bounds: tuple
    cells: int


class Space:
    size = GENES
    names = tuple(f"gene {i}" for i in range(GENES))
    origin = np.full(GENES, 0.5)


class Toy:
    """Fitness is highest at `best`; noise depends on seed, generation and individual only."""

    space = Space()
    measures = (Side("x", (0.0, 1.0), 5), Side("y", (0.0, 1.0), 4))
    best = np.linspace(0.1, 0.9, GENES)

    def __init__(self, noise=0.02, sleep=0.0):
        self.noise, self.sleep, self.asked = noise, sleep, []

    def evaluate(self, vectors, *, seed, generation):
        self.asked.append((seed, generation, len(vectors)))
        time.sleep(self.sleep)
        clean = -((vectors - self.best) ** 2).sum(1)
        luck = np.random.default_rng((seed, generation)).standard_normal(len(vectors))
        return SimpleNamespace(
            fitness=clean + self.noise * luck,
            error=np.full(len(vectors), self.noise),
            terms={"closeness": clean},
            measures=vectors[:, :2],
            failed=np.zeros(len(vectors), bool),
            steps=10 * len(vectors),
            seconds_in_batch=self.sleep,
        )
