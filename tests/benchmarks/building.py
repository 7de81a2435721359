"""How long large networks take to be built, compiled, saved and loaded, and rhythms to be designed: processor time, s.

    python tests/benchmarks/building.py [--repeats 3]

Names must not be looked up in lists, synapses not be expanded one by one, and time be linear in them.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sns_mujoco import CurrentSynapse, LIFNeuron, Network, NonSpikingNeuron, NonSpikingSynapse, SparseConnection
from sns_mujoco.network.files import load_network, save_network
from sns_mujoco.network.subnetworks import ChainNetwork, HalfCentreNetwork


def one_by_one(neurons: int, synapses: int) -> Network:
    """A network whose neurons and synapses are added singly."""
    net = Network()
    for k in range(neurons):
        net.add_neuron(NonSpikingNeuron(), f"n{k}")
    synapse = NonSpikingSynapse(0.001)
    for k in range(synapses):
        net.add_connection(synapse, k % neurons, k * 7 % neurons, f"c{k}")
    return net


def list_of_synapses(neurons: int, synapses: int) -> Network:
    """A population with one long list of synapses."""
    random = np.random.default_rng(0)
    net = Network()
    net.add_population(LIFNeuron(), neurons, "p")
    source, target = random.integers(0, neurons, (2, synapses))
    further = {"weight": random.normal(size=synapses), "delay": random.uniform(1, 5, synapses)}
    net.add_connection(SparseConnection(CurrentSynapse(), source, target, **further), "p", "p")
    return net


def main() -> None:
    """Measure each, the best of some repeats."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats

    def best(what: str, work: Callable[[], Any]) -> None:
        times = []
        for _ in range(repeats):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        print(f"{what:62} {min(times):7.3f} s")

    best("10,000 neurons, 20,000 synapses added one by one", lambda: one_by_one(10_000, 20_000))
    best("the same, compiled", one_by_one(10_000, 20_000).to_program)
    for neurons, synapses in ((10_000, 100_000), (100_000, 1_000_000)):
        net = list_of_synapses(neurons, synapses)
        best(f"a list of {synapses:,} synapses, compiled", lambda net=net: net.to_program(0.1))
    single = one_by_one(1000, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "brain.json"
        best("100,000 single synapses, saved", lambda: save_network(single, path))
        best("the same, loaded", lambda: load_network(path))
    best("a half-centre, designed", lambda: HalfCentreNetwork(1234.5, delta=0.9))
    best("a chain of two with a wanted lag, designed", lambda: ChainNetwork(1111.0, [0.37]))


if __name__ == "__main__":
    main()
