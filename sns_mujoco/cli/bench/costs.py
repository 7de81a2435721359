"""What ours costs apart from comparisons: batches, compilation, memory, and whether a large network is in real time."""

import gc
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from sns_mujoco.cli.bench import networks, ours
from sns_mujoco.cli.bench.timing import seconds_of

STATES = 64
COMPILED = 10_000  # neurons whose compilation is timed
LARGE = 100_000  # neurons that have to keep up
LARGE_DT = 1.0  # ms


def batched_ns_per_synapse(neurons: int, *, repeats: int, budget: float) -> float:
    """Nanoseconds per synapse, step and state of one network in 64 states, stepped together on one thread.

    Args:
        neurons: Of the network.
        repeats: Measurements; the median counts.
        budget: Roughly how long one takes, s.
    """
    drawn = networks.nonspiking(neurons)
    run = ours.batch(drawn, STATES, threads=1)
    return per_step(run, repeats, budget, time.process_time) / drawn.synapses / STATES * 1e9


def compile_seconds(repeats: int) -> float:
    """Time from drawn synapses to a model that can be stepped: 10,000 neurons, 100,000 synapses.

    Args:
        repeats: Measurements; the median counts. One before them loads the compiled code.
    """
    drawn = networks.nonspiking(COMPILED)
    ours.model(drawn, ports=True)
    return float(np.median([seconds_of(lambda: ours.model(drawn, ports=True)) for _ in range(repeats)]))


def bytes_per_synapse(neurons: int) -> dict[str, float]:
    """Memory that a model of so many neurons holds, and held at most while it was made, per synapse."""
    drawn = networks.nonspiking(neurons)
    gc.collect()
    tracemalloc.start()
    try:
        model = ours.model(drawn, ports=False)
        gc.collect()
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del model
    return {"held": held / drawn.synapses, "peak": peak / drawn.synapses}


def realtime_factor(kind: str, neurons: int, *, repeats: int, budget: float) -> float:
    """Simulated over wall time of many steps of 1 ms in one call.

    Args:
        kind: "nonspiking" or "spiking".
        neurons: With ten synapses each.
        repeats: Measurements; the median counts.
        budget: Roughly how long one takes, s.
    """
    draw = networks.nonspiking if kind == "nonspiking" else networks.spiking
    model = ours.model(draw(neurons, dt=LARGE_DT), ports=False)
    return LARGE_DT * 1e-3 / per_step(model.run, repeats, budget)


def per_step(
    run: Callable[[int], object], repeats: int, budget: float, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Median seconds of a step of what makes a number of steps in one call.

    Args:
        run: Makes that many steps.
        repeats: Measurements.
        budget: Roughly how long one takes, s.
        clock: See `timing.seconds_of`.
    """
    run(2)
    steps = int(np.clip(budget / (seconds_of(lambda: run(4)) / 4), 2, 200_000))
    return float(np.median([seconds_of(lambda: run(steps), clock) for _ in range(repeats)])) / steps
