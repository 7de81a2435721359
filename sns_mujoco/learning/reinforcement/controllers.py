"""A nervous system to begin with: senses, a layer of interneurons, motor neurons, with synapses to be learned."""

import math
from collections.abc import Sequence

import numpy as np

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import (
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    SpikingMatrixConnection,
    SpikingNeuron,
)

MIDDLE, SPAN = 10.0, 20.0  # mV: where potentials rest, in the middle of the usual working range
EXCITATION, INHIBITION = 40.0, -20.0  # mV, as far above the middle as below it
TO_MOTOR = 0.5  # uS, all excitation of a motor neuron together at first, and likewise all inhibition
RECURRENT = 0.25  # uS, of an interneuron by its like
TONIC = 15.0  # nA, bias of spiking interneurons: they fire every 1.1 time constants
FUSED = 4.0  # spikes that open a synapse fully when they come together


def policy_network(
    senses: Sequence[str],
    motors: Sequence[str],
    *,
    hidden: int = 16,
    spiking: bool = False,
    recurrent: bool = True,
    time_constant: float = 10.0,
    seed: int = 0,
    name: str = "policy",
) -> Network:
    """A nervous system whose synapses are random at first.

    Every sense is an input of that name to all interneurons, population "inner", with a weight for each of them. Every
    motor neuron is excited and inhibited by all interneurons, and so is each interneuron by the others. Potentials rest
    at 10 mV and work from 0 to 20 mV, so an input of -10 to 10 nA and an efferent with the usual range fit. Spiking
    interneurons have their threshold at 10 mV, and fire about once in `time_constant` without any input.

    Args:
        senses: Names of the inputs.
        motors: Names of the motor neurons, which do not spike.
        hidden: Number of interneurons.
        spiking: Whether interneurons spike.
        recurrent: Whether they have synapses among them.
        time_constant: Of all membranes, ms.
        seed: Of the weights and conductances.
        name: Name of the network.

    Raises:
        NetworkError: There are no motors, names are taken twice, or a number makes no sense.
    """
    if isinstance(hidden, bool) or not isinstance(hidden, int) or hidden < 1:
        raise NetworkError(f"hidden is {hidden!r}; give the number of interneurons")
    if not motors:
        raise NetworkError("a policy without motor neurons has no actions; name some")
    rng = np.random.default_rng(seed)
    net = Network(name)
    neuron = NonSpikingNeuron(membrane_capacitance=time_constant, bias=MIDDLE)
    if spiking:
        inner = SpikingNeuron(
            membrane_capacitance=time_constant, bias=TONIC, threshold_initial_value=MIDDLE, threshold_floor=MIDDLE
        )
        net.add_population(inner, hidden, "inner", initial_value=rng.uniform(0.0, MIDDLE, hidden))
    else:
        net.add_population(neuron, hidden, "inner", initial_value=MIDDLE)
    for sense in senses:
        net.add_input("inner", 1, sense, weights=rng.standard_normal((hidden, 1)) / math.sqrt(len(senses)))
    if recurrent:
        _both(net, rng, "inner", hidden, RECURRENT, time_constant if spiking else None)
    for target in motors:
        net.add_neuron(neuron, target, initial_value=MIDDLE)
        _both(net, rng, target, 1, TO_MOTOR, time_constant if spiking else None)
    return net


def _both(net: Network, rng: np.random.Generator, to: str, count: int, total: float, tau: float | None) -> None:
    """Excitation and inhibition from the interneurons; tau (ms) of the synapses if they wait for spikes."""
    shape = count, net.populations[0].size
    for kind, reversal in (("excites", EXCITATION), ("inhibits", INHIBITION)):
        conductance = 2.0 * total / shape[1] * rng.random(shape)  # on average
        if tau is not None:
            synapse = SpikingMatrixConnection(FUSED * conductance, reversal, tau, conductance_increment=conductance)
        else:
            synapse = NonSpikingMatrixConnection(conductance, reversal, 0.0, SPAN)
        net.add_connection(synapse, "inner", to, f"inner {kind} {to}")
