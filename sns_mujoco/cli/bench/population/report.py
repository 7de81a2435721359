"""Measure populations and print what came out."""

import platform
from typing import Any

from sns_mujoco.cli.bench import toolbox
from sns_mujoco.cli.bench.population import ant, generations, throughput, vector_environments
from sns_mujoco.cli.bench.printing import run_and_print
from sns_mujoco.cosim.population.population import processors
from sns_mujoco.learning.fitness import Speed, Task, Trial, load_task
from sns_mujoco.models import load

ANIMAL, ENVIRONMENT = "hexapod", "sns_mujoco/Hexapod-v0"
SIZES = (64, 256, 1024)
FRAMES = 8  # of each size that are gone through
SETTLED = 1.0  # s
TASK = "speed"
GENERATIONS = 1


def run_population_benchmarks(*, as_json: bool, repeats: int) -> None:
    """Measure and print, as a table or as JSON.

    Args:
        as_json: JSON and nothing else on standard output.
        repeats: Measurements; medians are taken.
    """

    def remarks(results: dict[str, Any]) -> list[str]:
        left_out = results["left_out"].items()
        return [f"{missing} is not installed, so it was not compared: {command}" for missing, command in left_out]

    run_and_print(lambda say: measure(repeats=repeats, say=say), rows, remarks, as_json=as_json)


def measure(*, repeats: int, say: Any = print) -> dict[str, Any]:
    """All numbers, by the names that the report has.

    Args:
        repeats: Measurements of each thing.
        say: Told what is being measured.
    """
    animal, threads = load(ANIMAL), processors()
    results: dict[str, Any] = {
        "animal": ANIMAL,
        "machine": f"{platform.machine()}, {threads} cores",
        "closed_over_open_throughput": {},
        "us_per_animal_step": {},
        "left_out": {},
    }
    for size in SIZES:
        say(f"closed loop over open loop, {size} individuals with brains of their own")
        found = throughput.closed_over_open_throughput(
            animal, individuals=size, threads=threads, settled=SETTLED, frames=FRAMES,
            repeats=max(1, repeats * SIZES[0] // size),
        )  # fmt: skip
        results["closed_over_open_throughput"][size] = found.ratio
        results["us_per_animal_step"][size] = found.closed_us
    if toolbox.available():
        say("vector environments, ours and Gymnasium's around SNS-Toolbox")
        results |= vector_environments.against_vector_environments(
            ANIMAL, ENVIRONMENT, threads=threads, repeats=repeats
        )
    else:
        results["left_out"]["SNS-Toolbox"] = "pip install 'sns-mujoco[sns-toolbox]'"
    if ant.available():
        say("the Ant, ours and EnvPool's")
        results |= ant.against_envpool(threads=threads, repeats=repeats)
    else:
        results["left_out"]["EnvPool"] = "pip install envpool"
    say("a generation of CMA-ES")
    results |= generations.share_outside(ANIMAL, task=TASK, generations=GENERATIONS, threads=threads)
    say("threads and workers")
    results |= generations.scaling(ANIMAL, short_task(), repeats=max(1, repeats // 4))
    if "us_per_animal_step_1_worker" not in results:
        results["left_out"]["Ray"] = "pip install 'sns-mujoco[ray]'"
    return results


def short_task() -> Task:
    """A walk of a second, of which each individual has one."""
    usual = load_task(ANIMAL, TASK)
    trial = Trial(commands=load(ANIMAL).cruise, seconds=1.0, settle=0.2)
    return Task(vary=usual.vary, trials=(trial,), terms=(Speed(),), seeds=1)


def rows(results: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Lines of the report: what, how much, and the least or most that is wanted."""
    lines = []
    for size, ratio in results["closed_over_open_throughput"].items():
        lines.append((f"{size} hexapods, each with a brain of its own, over their bodies", f"{ratio:.3f}", ">= 0.88"))
        lines.append(("  a physics step of one animal, us", f"{results['us_per_animal_step'][size]:.1f}", ""))
    for name, title, digits, wanted in (
        ("speedup_over_async_vector_env", "times faster than AsyncVectorEnv around SNS-Toolbox", 1, ">= 4"),
        ("speedup_over_sync_vector_env", "times faster than SyncVectorEnv around SNS-Toolbox", 1, ">= 6"),
        ("our_env_steps_per_s", "  environment steps per second, ours", 0, ""),
        ("ant_over_envpool", "Ant with a nervous system over EnvPool's with a fixed action", 2, ">= 1"),
        ("our_ant_env_steps_per_s", "  environment steps per second, ours", 0, ""),
        ("share_outside_batch", "share of a CMA-ES generation outside Batch.step", 3, "<= 0.05"),
        ("generation_s", "  the generation, s", 1, ""),
        ("us_per_animal_step_1_thread", "a physics step in an evaluation, us, on 1 thread", 1, ""),
        ("us_per_animal_step_2_threads", "  on 2 threads", 1, ""),
        ("us_per_animal_step_1_worker", "  on 1 Ray worker", 1, ""),
        ("us_per_animal_step_2_workers", "  on 2 Ray workers", 1, ""),
    ):
        if name in results:
            lines.append((title, f"{results[name]:.{digits}f}", wanted))
    return lines
