"""The last comparison: who did best may have been lucky, so the best are tried again under seeds nobody has seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sns_mujoco.learning.evolution.generation import generation_of
from sns_mujoco.learning.evolution.history import KEPT, Candidate

ROUNDS = 4  # each with as many seeds as an evaluation of the run


def final_comparison(
    evaluator: Any, candidates: Sequence[Candidate], favourite: np.ndarray | None, *, seed: int, noisy: bool
) -> tuple[list[Candidate], dict[str, Any]]:
    """Try candidates again.

    Args:
        evaluator: What tries them.
        candidates: The best of the run.
        favourite: A vector that the optimiser holds for best, if it has one.
        seed: Of the run; its own seeds do not come again.
        noisy: Whether fitness depends on the seed at all: if not, once is enough.

    Returns:
        The candidates with their new fitness, best first, and the same as plain data.
    """
    tried = list(candidates[:KEPT])
    if favourite is not None and not any(np.array_equal(favourite, c.vector) for c in tried):
        nan = float("nan")
        del tried[KEPT - 1 :]
        tried.append(Candidate(vector=np.array(favourite, float), fitness=nan, error=nan, generation=-1, individual=-1))
    vectors = np.stack([candidate.vector for candidate in tried])
    seeds = np.random.SeedSequence((seed, 1)).generate_state(ROUNDS if noisy else 1, np.uint32)
    rounds = [
        generation_of(0, vectors, evaluator.evaluate(vectors, seed=int(fresh), generation=0), 0.0) for fresh in seeds
    ]
    fitness = np.mean([r.fitness for r in rounds], axis=0)
    error = np.sqrt(np.sum([r.error**2 for r in rounds], axis=0)) / len(rounds)  # of a mean of independent means
    order = np.argsort(-fitness, kind="stable")
    again = [replace(tried[i], fitness=float(fitness[i]), error=float(error[i])) for i in order]
    told = [
        {
            "generation": new.generation,
            "individual": new.individual,
            "fitness": new.fitness,
            "error": new.error,
            "fitness_in_the_run": None if np.isnan(tried[i].fitness) else tried[i].fitness,
            "terms": {name: float(np.mean([r.terms[name][i] for r in rounds])) for name in rounds[0].terms},
            "vector": new.vector.tolist(),
        }
        for i, new in zip(order, again, strict=True)
    ]
    return again, {"rounds": len(rounds), "candidates": told}
