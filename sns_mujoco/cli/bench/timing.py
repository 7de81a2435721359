"""Timing of things that are compared: in turns, so that a slow moment of the machine hits all of them."""

import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Name = TypeVar("Name", bound=Hashable)
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
            times[name].append(seconds_of(task))
    return {name: np.array(values) for name, values in times.items()}


def seconds_of(task: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of a task, s: wall time, or by another clock.

    Args:
        task: What is timed.
        clock: `time.process_time` leaves out what other programs take of a shared machine; it counts all threads.
    """
    start = clock()
    task()
    return clock() - start


def measured_in_turns(
    tasks: Mapping[Name, Callable[[], float]],
    repeats: int,
    *,
    failure: type[Exception],
    failed: Callable[[Name, Exception], object],
) -> dict[Name, NDArray[np.float64]]:
    """Run tasks that measure themselves in turn, several times.

    Args:
        tasks: What is to be timed; each returns its time.
        repeats: How often.
        failure: What a task raises that cannot go on: it is left out from then on.
        failed: Told of it.

    Returns:
        What each task returned [repeats], without those that failed.
    """
    times: dict[Name, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name in list(times):
            try:
                times[name].append(tasks[name]())
            except failure as error:
                del times[name]
                failed(name, error)
    return {name: np.array(values) for name, values in times.items()}


def medians(times: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Median of each task's times, s."""
    return {name: float(np.median(values)) for name, values in times.items()}


def ratio(times: Mapping[str, NDArray[np.float64]], over: str, under: str) -> float:
    """Median ratio of two tasks timed back to back: steadier than the ratio of medians on a machine that is shared."""
    return float(np.median(times[over] / times[under]))
