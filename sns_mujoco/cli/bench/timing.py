"""Timing of things that are compared: in turns, so that a slow moment of the machine hits all of them."""

import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Tasks = Mapping[str, Callable[[], object]]


def in_turns(tasks: Tasks, repeats: int) -> dict[str, NDArray[np.float64]]:
    """Run every task in turn, several times, after one run that is not timed.

    Args:
        tasks: What is to be timed.
        repeats: How often.

    Returns:
        Wall times of each task [repeats], s.
    """
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    return {name: np.array(values) for name, values in times.items()}


def medians(times: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Median of each task's times, s."""
    return {name: float(np.median(values)) for name, values in times.items()}


def ratio(times: Mapping[str, NDArray[np.float64]], over: str, under: str) -> float:
    """Median ratio of two tasks timed back to back: steadier than the ratio of medians on a machine that is shared."""
    return float(np.median(times[over] / times[under]))
