"""The last comparison: who did best may have been lucky, so the best are tried again under seeds nobody has seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sns_mujoco.learning.evolution.generation import Generation, generation_of
from sns_mujoco.learning.evolution.history import KEPT, Candidate

ROUNDS = 4  # each with as many seeds as an evaluation of the run


def final_comparison(
    evaluator: Any, candidates: Sequence[Candidate], favourite: np.ndarray | None, *, seed: int
) -> tuple[list[Candidate], dict[str, Any]]:
    """Try candidates again; once is enough where each then reaches exactly what it reached in the run.

    Args:
        evaluator: What tries them.
        candidates: The best of the run.
        favourite: A vector that the optimiser holds for best, if it has one.
        seed: Of the run; its own seeds do not come again.

    Returns:
        The candidates with their new fitness, best first, and the same as plain data.
    """
    tried = list(candidates[:KEPT])
    if favourite is not None and not any(np.array_equal(favourite, c.vector) for c in tried):
        nan = float("nan")
        del tried[KEPT - 1 :]
        tried.append(Candidate(vector=np.array(favourite, float), fitness=nan, error=nan, generation=-1, individual=-1))
    vectors = np.stack([candidate.vector for candidate in tried])
    before = np.array([candidate.fitness for candidate in tried])
    rounds: list[Generation] = []
    for fresh in np.random.SeedSequence((seed, 1)).generate_state(ROUNDS, np.uint32):
        rounds.append(generation_of(0, vectors, evaluator.evaluate(vectors, seed=int(fresh), generation=0), 0.0))
        if ((rounds[0].fitness == before) | np.isnan(before)).all():
            break
    fitness, error = _over_rounds(rounds)
    order = np.argsort(-fitness, kind="stable")
    again = [replace(tried[i], fitness=float(fitness[i]), error=float(error[i])) for i in order]
    told = [
        {
            "generation": new.generation,
            "individual": new.individual,
            "fitness": new.fitness,
            "error": new.error,
            "fitness_in_the_run": _known(tried[i].fitness),
            "terms": {name: _known(np.mean([r.terms[name][i] for r in rounds])) for name in rounds[0].terms},
            "vector": new.vector.tolist(),
        }
        for i, new in zip(order, again, strict=True)
    ]
    return again, {"rounds": len(rounds), "candidates": told}


def _over_rounds(rounds: Sequence[Generation]) -> tuple[np.ndarray, np.ndarray]:
    """Mean fitness [m] and its standard error [m], which a single seed in each round tells by the rounds' spread."""
    fitness = np.stack([r.fitness for r in rounds])
    error = np.sqrt(np.sum([r.error**2 for r in rounds], axis=0)) / len(rounds)  # of a mean of independent means
    if len(rounds) > 1 and not error.any():
        error = fitness.std(axis=0, ddof=1) / np.sqrt(len(rounds))
    return fitness.mean(axis=0), error


def _known(value: Any) -> float | None:
    """A number, or nothing where it is none: JSON has no nan."""
    return float(value) if np.isfinite(value) else None
