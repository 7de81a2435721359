"""The drawn networks as networks of this package."""

from collections.abc import Callable

import numpy as np

import sns_mujoco.network as sns
from sns_mujoco.backends.model import Model
from sns_mujoco.backends.numba_backend import NumbaModel
from sns_mujoco.backends.numba_batch import NumbaBatch
from sns_mujoco.cli.bench.networks import Drawn

CHUNK = 50  # steps whose spikes are held at a time


def describe(drawn: Drawn, *, ports: bool) -> sns.Network:
    """A network in one population and one list of synapses.

    Args:
        drawn: The network.
        ports: Whether each neuron has an input and an output (its potential, or its spikes), or none has any.
    """
    net, constants = sns.Network(f"{drawn.neurons} {drawn.kind} neurons"), drawn.constants
    if drawn.kind == "nonspiking":
        neuron = sns.NonSpikingNeuron(
            membrane_capacitance=constants["capacitance"], membrane_conductance=constants["leak"], bias=drawn.bias
        )
        synapse = sns.NonSpikingSynapse(e_lo=constants["e_lo"], e_hi=constants["e_hi"])
        differing = {"max_conductance": drawn.weight, "reversal_potential": drawn.reversal}
    else:
        neuron = sns.LIFNeuron(constants["tau"], bias=drawn.bias)
        synapse, differing = sns.CurrentSynapse(time_constant=constants["tau_s"]), {"weight": drawn.weight}
    net.add_population(neuron, drawn.neurons, "neurons", initial_value=drawn.initial)
    net.add_connection(sns.SparseConnection(synapse, drawn.source, drawn.target, differing), "neurons", "neurons")
    if ports:
        net.add_input("neurons", drawn.neurons, "currents")
        net.add_output("neurons", "outputs", kind="voltage" if drawn.kind == "nonspiking" else "spike")
    return net


def model(drawn: Drawn, *, ports: bool) -> Model:
    """A network ready to be stepped by the numba backend, on as many threads as it takes; see `describe`."""
    return describe(drawn, ports=ports).compile(drawn.dt, "numba")


def on_one_thread(drawn: Drawn, *, ports: bool) -> Model:
    """The same on one thread."""
    return NumbaModel(describe(drawn, ports=ports).to_program(drawn.dt), threads=1)


def reference(drawn: Drawn, steps: int) -> tuple[np.ndarray, int]:
    """Where a network gets to from its initial state without input, to hold others against.

    Args:
        drawn: The network.
        steps: How many steps.

    Returns:
        Its potentials [N], and the spikes of all neurons on the way.
    """
    ours, spikes = model(drawn, ports=True), 0
    for done in range(0, steps, CHUNK):
        y = ours.run(min(CHUNK, steps - done))
        if drawn.kind == "spiking":
            spikes += int(y.sum())
    return ours.potentials, spikes


def batch(drawn: Drawn, states: int, threads: int | None = None) -> Callable[[int], object]:
    """One network in many states, stepped together.

    Args:
        drawn: The network.
        states: How many.
        threads: Threads that share them; the machine's if left out.

    Returns:
        What advances all of them by a number of steps.
    """
    together = NumbaBatch(describe(drawn, ports=False).to_program(drawn.dt), states, threads)
    return lambda steps: together.run(np.empty((steps, states, 0)))
