"""Our vector environment against Gymnasium's, around the same body with SNS-Toolbox in Python."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np

from sns_mujoco.cli.bench.population.by_hand import ByHand
from sns_mujoco.cli.bench.timing import in_turns, medians
from sns_mujoco.models import load

OURS = 64  # environments of ours
STEPS = 10  # of an environment of ours in a measurement
THEIR_STEPS = 5
SECONDS = 1.0  # the motion that their body repeats


def against_vector_environments(name: str, environment: str, *, threads: int, repeats: int) -> dict[str, float]:
    """Environment steps per second of ours over those of `SyncVectorEnv` and `AsyncVectorEnv`, on the same cores.

    Of theirs the asynchronous one is tried with one and with four processes a core, and the faster counts.

    Args:
        name: The animal.
        environment: Id of its environment.
        threads: Of ours; theirs may use every core.
        repeats: Measurements of each, in turns; medians are taken.

    Returns:
        "speedup_over_async_vector_env", "speedup_over_sync_vector_env", and environment steps per second of all.
    """
    make = partial(ByHand, name, SECONDS)
    vectors: dict[str, Any] = {
        "ours": gym.make_vec(environment, OURS, vectorization_mode="vector_entry_point", threads=threads),
        "sync": gym.vector.SyncVectorEnv([make] * 4),
    }
    for each in (1, 4):
        # spawned: the threads of our batch do not survive a fork
        vectors[f"async {each}"] = gym.vector.AsyncVectorEnv([make] * (each * threads), context="spawn")
    tasks = {}
    try:
        cruise = np.array(list(load(name).cruise.values()))
        for key, vector in vectors.items():
            vector.reset(seed=0)
            tasks[key] = _stepper(vector, cruise, STEPS if key == "ours" else THEIR_STEPS)
        times = medians(in_turns(tasks, repeats))
    finally:
        for vector in vectors.values():
            vector.close()
    rates = {
        key: vectors[key].num_envs * (STEPS if key == "ours" else THEIR_STEPS) / taken for key, taken in times.items()
    }
    asynchronous = max(rates["async 1"], rates["async 4"])
    return {
        "speedup_over_async_vector_env": rates["ours"] / asynchronous,
        "speedup_over_sync_vector_env": rates["ours"] / rates["sync"],
        "our_env_steps_per_s": rates["ours"],
        "async_env_steps_per_s": asynchronous,
        "sync_env_steps_per_s": rates["sync"],
    }


def _stepper(vector: Any, action: np.ndarray, steps: int) -> Callable[[], None]:
    actions = np.tile(action, (vector.num_envs, 1))

    def run() -> None:
        for _ in range(steps):
            vector.step(actions)

    return run
