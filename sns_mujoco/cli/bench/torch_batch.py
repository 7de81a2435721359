"""A batch of 1,024 networks of 100 neurons: torch against numba's threads, and on a GPU where there is one."""

import os
from importlib.util import find_spec
from itertools import product
from typing import Any

from sns_mujoco.cli.bench import networks, ours
from sns_mujoco.cli.bench.costs import per_step
from sns_mujoco.cli.bench.networks import Drawn

NETWORKS, NEURONS = 1024, 100
COPIED = 1 << 28  # bytes copied to learn how fast the memory of a GPU is


def measure(*, repeats: int, budget: float) -> dict[str, Any]:
    """Steps of networks a second, of both backends of torch, float32 and float64.

    Args:
        repeats: Measurements; medians are taken.
        budget: Roughly how long one takes, s.

    Returns:
        "numba": steps of networks a second. "cpu" and "cuda": the same by backend and dtype, times numba, and on a GPU
        the share of its memory's bandwidth; or why there is nothing to measure.
    """
    drawn = networks.nonspiking(NEURONS)
    results: dict[str, Any] = {"networks": NETWORKS, "neurons": NEURONS, "threads": os.cpu_count() or 1}
    results["numba"] = NETWORKS / per_step(ours.batch(drawn, NETWORKS), repeats, budget)
    if not find_spec("torch"):
        return results | {"cpu": "torch is not installed: pip install 'sns-mujoco[torch]'", "cuda": "no torch"}
    import torch

    results["cpu"] = _rates(drawn, "cpu", results["numba"], repeats, budget)
    if not torch.cuda.is_available():
        return results | {"cuda": "no CUDA device"}
    results["device"] = torch.cuda.get_device_name()
    results["cuda"] = _rates(drawn, "cuda", results["numba"], repeats, budget)
    bandwidth = _bandwidth(repeats, budget)
    for name, rates in results["cuda"].items():
        moved = _bytes_per_step(drawn, 4 if "float32" in name else 8)
        rates["bandwidth_share"] = moved * rates["per_second"] / NETWORKS / bandwidth
    return results


def _rates(drawn: Drawn, device: str, numba: float, repeats: int, budget: float) -> dict[str, dict[str, float]]:
    """Steps of networks a second for each backend and dtype, and times numba's.

    On a CPU torch is timed on one thread as well and the better one counts: its threads wait for each other in turning
    circles, which takes very long where other programs need the cores.
    """
    import torch

    machine = torch.get_num_threads()
    rates: dict[str, dict[str, float]] = {}
    for backend, dtype in product(("torch", "sparse"), (torch.float32, torch.float64)):
        model: Any = ours.describe(drawn, ports=False).compile(drawn.dt, backend, device, dtype=dtype)
        state = model.initial_state(NETWORKS)

        def run(steps: int, model: Any = model, state: Any = state) -> None:
            with torch.no_grad():
                model.run(steps, state)
            if device == "cuda":
                torch.cuda.synchronize()

        times = []
        for threads in {1, machine} if device == "cpu" else {machine}:
            torch.set_num_threads(threads)
            times.append(per_step(run, repeats, budget))
        torch.set_num_threads(machine)
        per_second = NETWORKS / min(times)
        name = f"{backend}, {str(dtype).removeprefix('torch.')}"
        rates[name] = {"per_second": per_second, "over_numba": per_second / numba}
    return rates


def _bytes_per_step(drawn: Drawn, size: int) -> int:
    """What has to move in a step of all networks at least: potentials in and out, and the parameters once.

    Those are four numbers and an index for each synapse, and four numbers for each neuron.
    """
    return size * (2 * NETWORKS * drawn.neurons + 4 * drawn.neurons + 4 * drawn.synapses) + 8 * drawn.synapses


def _bandwidth(repeats: int, budget: float) -> float:
    """Bytes a second that the memory of the GPU moves when it copies, reading and writing."""
    import torch

    source = torch.empty(COPIED, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)

    def copy(times: int) -> None:
        for _ in range(times):
            target.copy_(source)
        torch.cuda.synchronize()

    return 2 * COPIED / per_step(copy, repeats, budget)
