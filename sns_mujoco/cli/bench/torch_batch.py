"""A batch of 1,024 networks of 100 neurons: torch against numba's threads, and on a GPU where there is one."""

import os
from importlib.util import find_spec
from typing import Any

from sns_mujoco.cli.bench import networks, ours
from sns_mujoco.cli.bench.costs import per_step
from sns_mujoco.cli.bench.networks import Drawn

NETWORKS, NEURONS = 1024, 100
COPIED = 1 << 28  # bytes copied to learn how fast the memory of a GPU is


def measure(*, repeats: int, budget: float) -> dict[str, Any]:
    """Steps of networks a second, float32 and float64.

    Args:
        repeats: Measurements; medians are taken.
        budget: Roughly how long one takes, s.

    Returns:
        "numba" and, where torch is installed, "cpu": steps of networks a second and their ratio. "cuda": likewise with
        the share of the memory's bandwidth, or why there is nothing to measure.
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
    results["cuda"] = _rates(drawn, "cuda", results["numba"], repeats, budget)
    results["cuda"]["device"] = torch.cuda.get_device_name()
    results["cuda"]["bandwidth_share"] = _bandwidth_share(drawn, results["cuda"], repeats, budget)
    return results


def _rates(drawn: Drawn, device: str, numba: float, repeats: int, budget: float) -> dict[str, Any]:
    import torch

    from sns_mujoco.backends.torch_backend import TorchModel

    rates: dict[str, Any] = {}
    program = ours.describe(drawn, ports=False).to_program(drawn.dt)
    for dtype in (torch.float32, torch.float64):
        model = TorchModel(program, device=device, dtype=dtype)
        state = model.initial_state(NETWORKS)

        def run(steps: int, model: TorchModel = model, state: Any = state) -> None:
            with torch.no_grad():
                model.run(steps, state)
            if device == "cuda":
                torch.cuda.synchronize()

        name = str(dtype).removeprefix("torch.")
        rates[name] = NETWORKS / per_step(run, repeats, budget)
        rates[f"{name}_over_numba"] = rates[name] / numba
    return rates


def _bandwidth_share(drawn: Drawn, rates: dict[str, Any], repeats: int, budget: float) -> dict[str, float]:
    """What has to move in a step, over what the memory moves in that time when it copies.

    That is every potential in and out, and the parameters once: four numbers and an index for each synapse, four
    numbers for each neuron.
    """
    import torch

    source = torch.empty(COPIED, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)

    def copy(times: int) -> None:
        for _ in range(times):
            target.copy_(source)
        torch.cuda.synchronize()

    bandwidth = 2 * COPIED / per_step(copy, repeats, budget)
    shares = {}
    for name, size in (("float32", 4), ("float64", 8)):
        moved = size * (2 * NETWORKS * drawn.neurons + 4 * drawn.neurons + 4 * drawn.synapses) + 8 * drawn.synapses
        shares[name] = moved * rates[name] / NETWORKS / bandwidth
    return shares
