"""Timing of things that are compared: in turns, so that a slow moment of the machine hits all of them."""

import time
from collections.abc import Callable, Mapping

import numpy as np


def side_by_side(tasks: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Run every task in turn, several times, and take each one's median.

    Args:
        tasks: What is to be timed; each is run once beforehand.
        repeats: How often.

    Returns:
        Median wall time of each task, s.
    """
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    return {name: float(np.median(values)) for name, values in times.items()}


def ratio(
    over: str, under: str, tasks: Mapping[str, Callable[[], object]], repeats: int
) -> tuple[float, dict[str, float]]:
    """Median of the ratios of two tasks timed back to back, and the medians of both.

    The ratio of neighbours in time is steadier than the ratio of medians where other work shares the machine.
    """
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    ratios = np.array(times[over]) / np.array(times[under])
    return float(np.median(ratios)), {name: float(np.median(values)) for name, values in times.items()}
