"""What an evolution costs beyond the steps of its animals, and how it scales over threads and workers."""

from importlib.util import find_spec
from time import perf_counter

import numpy as np

from sns_mujoco.learning.evolution.cma_es import CmaEs
from sns_mujoco.learning.evolution.generation import generation_of
from sns_mujoco.learning.fitness import Evaluation, Evaluator, Task, load_task

POPSIZE = 64


def share_outside(animal: str, *, task: str, generations: int, threads: int) -> dict[str, float]:
    """Share of the time of a CMA-ES generation that is spent outside `Batch.step`.

    Asking, writing parameters into the population, putting animals at their start, measuring and telling are outside.

    Args:
        animal: Name of the animal.
        task: One of its tasks.
        generations: How many are measured, after one that is not.
        threads: Of the population.

    Returns:
        "share_outside_batch", the median over generations, and the time of a generation, s.
    """
    with Evaluator(animal, load_task(animal, task), threads=threads) as evaluator:
        space = evaluator.space
        optimiser = CmaEs(space.size, start=space.origin, sigma=0.1, popsize=POPSIZE, seed=0)
        shares, times = [], []
        for number in range(generations + 1):
            start = perf_counter()
            vectors = optimiser.ask()
            evaluation = evaluator.evaluate(vectors, seed=0, generation=number)
            optimiser.tell(vectors, generation_of(number, vectors, evaluation, perf_counter() - start))
            taken = perf_counter() - start
            if number:
                shares.append(1.0 - evaluation.seconds_in_batch / taken)
                times.append(taken)
    return {"share_outside_batch": float(np.median(shares)), "generation_s": float(np.median(times))}


def scaling(animal: str, task: Task, *, repeats: int) -> dict[str, float]:
    """Wall time of a physics step of one animal in an evaluation, us, by threads and by Ray workers.

    Args:
        animal: Name of the animal.
        task: What it does.
        repeats: Evaluations of each, in turns, after one that is not timed; medians are taken.

    Returns:
        "us_per_animal_step_1_thread", "..._2_threads", and, where Ray is installed, "..._1_worker", "..._2_workers",
        whose workers have one thread each.
    """
    found = _timed({f"{k}_thread{'s' * (k > 1)}": Evaluator(animal, task, threads=k) for k in (1, 2)}, task, repeats)
    if find_spec("ray") is not None:
        from sns_mujoco.learning.clusters import RayEvaluator

        for k in (1, 2):
            found |= _timed(
                {f"{k}_worker{'s' * (k > 1)}": RayEvaluator(animal, task, workers=k, threads=1)}, task, repeats
            )
    return {f"us_per_animal_step_{name}": value for name, value in found.items()}


def _timed(evaluators: dict, task: Task, repeats: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in evaluators}
    try:
        for number in range(repeats + 1):
            for name, evaluator in evaluators.items():
                vectors = evaluator.space.sample(POPSIZE, seed=number)
                start = perf_counter()
                evaluation: Evaluation = evaluator.evaluate(vectors, seed=0, generation=number)
                if number:
                    times[name].append((perf_counter() - start) / evaluation.steps)
    finally:
        for evaluator in evaluators.values():
            evaluator.close()
    return {name: 1e6 * float(np.median(values)) for name, values in times.items()}
