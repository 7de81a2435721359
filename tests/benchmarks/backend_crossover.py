"""How long a step takes with each backend, by size: the numbers behind backend="auto".

python tests/benchmarks/backend_crossover.py [--largest 100000] [--device cuda]
Prints the two tables of `sns_mujoco/backends/choose.py`: networks of non-spiking neurons with 10 graded synapses each,
many steps in one call, one thread, float64, medians of five runs.
"""

import argparse
import statistics
import time

import numpy as np
import torch

import sns_mujoco.network as sns
from sns_mujoco.backends.choose import make_model

SIZES = (10, 100, 1_000, 10_000, 100_000)
BATCH = 64
SECONDS = 1.0  # for one run


def network(neurons):
    """Random inhibition and excitation."""
    rng = np.random.default_rng(neurons)
    net = sns.Network("crossover")
    net.add_population(sns.NonSpikingNeuron(bias=rng.uniform(0, 5, neurons)), neurons, "all")
    source = rng.integers(0, neurons, 10 * neurons)
    target = np.repeat(np.arange(neurons), 10)
    reversal = rng.choice([-40.0, 60.0], 10 * neurons)
    net.add_connection(sns.SparseConnection(sns.NonSpikingSynapse(0.05), source, target, reversal_potential=reversal), "all", "all")  # fmt: skip  # noqa: E501
    net.add_output("all")
    return net


def microseconds(run, steps=1):
    """Median time of a step, with as many steps in a call as fit into the time for one."""
    run(steps)
    begin = time.perf_counter()
    run(steps)
    once = (time.perf_counter() - begin) / steps
    steps = int(np.clip(SECONDS / once, 1, 2000))
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        run(steps)
        times.append((time.perf_counter() - begin) / steps)
    return 1e6 * statistics.median(times)


def single(backend, program, device):
    model = make_model(program, backend, device if backend in ("torch", "sparse") else "cpu")
    with torch.no_grad():
        return microseconds(lambda steps: model.run(steps))


def batched(backend, program, device):
    model = make_model(program, backend, device)
    state = model.initial_state(BATCH)
    with torch.no_grad():
        return microseconds(lambda steps: model.run(steps, state)[0].cpu()) / BATCH


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="leave out larger networks")
    parser.add_argument("--device", default="cpu", help="of torch")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    one, many = {}, {}
    for size in (size for size in SIZES if size <= arguments.largest):
        program = network(size).to_program(dt=0.1)
        one[size] = {b: round(single(b, program, arguments.device), 2) for b in ("numba", "numpy", "torch", "sparse")}
        many[size] = {b: round(batched(b, program, arguments.device), 2) for b in ("torch", "sparse")}
        print(f"{size:7,} neurons, us a step: one {one[size]}, each of {BATCH} {many[size]}", flush=True)
    print(f"MICROSECONDS = {one}\nBATCHED = {many}")


if __name__ == "__main__":
    main()
