"""The numba backend alone, against SNS-Toolbox's numpy backend on the same random networks."""

from typing import Any

import numpy as np

import sns_mujoco.network as sns
from sns_mujoco.cli.bench import toolbox
from sns_mujoco.cli.bench.timing import in_turns, medians, ratio

SYNAPSES_PER_NEURON = 10
SIZES = (10, 100, 1000)
DT = 0.1  # ms


def random_network(neurons: int, seed: int = 0) -> sns.Network:
    """Non-spiking neurons with ten random synapses each, bounded so that every size is stable."""
    rng = np.random.default_rng(seed)
    net = sns.Network(f"random {neurons}")
    net.add_population(sns.NonSpikingNeuron(bias=rng.uniform(0, 10, neurons)), neurons, "neurons")
    conductance = np.zeros((neurons, neurons))
    for row in conductance:
        row[rng.permutation(neurons)[:SYNAPSES_PER_NEURON]] = rng.uniform(0.1, 1.0, min(neurons, SYNAPSES_PER_NEURON))
    reversal = rng.choice([-40.0, 100.0], conductance.shape)
    net.add_connection(sns.NonSpikingMatrixConnection(conductance, reversal), "neurons", "neurons")
    net.add_input("neurons", name="current")
    net.add_output("neurons", name="potentials")
    return net


def measure(repeats: int) -> dict[str, Any]:
    """Microseconds of a call, the ratio to SNS-Toolbox, and nanoseconds per synapse with many steps in one call.

    Args:
        repeats: Measurements; medians are taken.
    """
    results: dict[str, Any] = {"call_us": {}, "speedup": {}, "ns_per_synapse": {}}
    for neurons in SIZES:
        model = random_network(neurons).compile(dt=DT)
        program = model.program
        # enough calls that neither side is timed while it fetches what the other has driven out of the cache
        calls, their_calls, steps = max(500, 20_000 // neurons), max(5, 2000 // neurons), max(20, 200_000 // neurons)
        x, many = np.array([1.0]), np.ones((steps, 1))

        def ours(model: Any = model, calls: int = calls, x: np.ndarray = x) -> None:
            for _ in range(calls):
                model(x)

        tasks = {"ours": ours, "many": lambda model=model, many=many: model.run(many)}
        if toolbox.available():
            theirs = _toolbox_model(program)

            def loop(theirs: Any = theirs, calls: int = their_calls, x: np.ndarray = x) -> None:
                for _ in range(calls):
                    theirs(x)

            tasks["theirs"] = loop
        runs = in_turns(tasks, repeats)
        times = medians(runs)
        results["call_us"][neurons] = times["ours"] / calls * 1e6
        results["ns_per_synapse"][neurons] = times["many"] / steps / len(program.graded_source) * 1e9
        if "theirs" in times:
            results["speedup"][neurons] = ratio(runs, "theirs", "ours") * calls / their_calls
    return results


def _toolbox_model(program: Any) -> Any:
    """The network in SNS-Toolbox, as its users would write it: one population, one matrix connection."""
    from sns_toolbox.connections import NonSpikingMatrixConnection  # pyright: ignore[reportMissingImports]
    from sns_toolbox.networks import Network  # pyright: ignore[reportMissingImports]
    from sns_toolbox.neurons import NonSpikingNeuron  # pyright: ignore[reportMissingImports]

    n = program.n_neurons
    target = np.repeat(np.arange(n), np.diff(program.graded_row.astype(int)))
    conductance, reversal = np.zeros((n, n)), np.zeros((n, n))
    conductance[target, program.graded_source] = program.graded_conductance
    reversal[target, program.graded_source] = program.graded_reversal
    network = Network()
    network.add_population(NonSpikingNeuron(), shape=[n], name="neurons", initial_value=0.0)
    connection = NonSpikingMatrixConnection(conductance, reversal, np.zeros((n, n)), np.full((n, n), 20.0))
    network.add_connection(connection, "neurons", "neurons")
    network.add_input("neurons")
    network.add_output("neurons")
    return network.compile(dt=program.dt, backend="numpy")
