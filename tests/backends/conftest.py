"""What all tests of the backends use: every backend, and random networks with everything in them."""

import numpy as np
import pytest

from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    SpikingMatrixConnection,
    SpikingNeuron,
    SpikingSynapse,
)


def build(seed):
    """Populations of every kind, synapses of every family with delays, and every kind of output."""
    random = np.random.default_rng(seed)
    net = Network(f"random {seed}")
    net.add_population(
        NonSpikingNeuron(bias=random.uniform(0, 5, 4)), (2, 2), "field", initial_value=random.uniform(-2, 5, 4)
    )
    net.add_population(
        SpikingNeuron(
            bias=random.uniform(2, 12, 5), threshold_proportionality_constant=0.2, threshold_increment=0.3,
            refractory_period=[0, 0.5, 0, 1, 2],
        ),
        5,
        "spiking",
    )  # fmt: skip
    net.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(tau_mode_h="constant"), "sodium", initial_value=3.0)
    net.add_population(
        NonSpikingNeuronWithGatedChannels(
            [0.8, 0.4], [60.0, -30.0], [2, 0], 1.0, [0.1, 0.0], 5.0, [1, 2], [0.6, 1.2], [-0.1, 0.08], 2.0,
            [30.0, 60.0], [0, 1], 0.5, -0.03, 1.0, 90.0, tau_mode_c=("voltage", "constant"),
        ),
        2,
        "gated",
    )  # fmt: skip
    names = net.population_names
    for k in range(14):
        source, target = random.choice(names, 2)
        reversal, conductance = random.uniform(-40, 80), random.uniform(0.05, 0.3)
        if k % 3 == 0:
            delay = int(random.integers(0, 7))
            net.add_connection(
                SpikingSynapse(conductance, reversal, 3.0, delay, 0.6 * conductance), "spiking", target, f"s{k}"
            )
        elif k % 3 == 1:
            net.add_connection(NonSpikingSynapse(conductance, reversal), source, target)
        else:
            net.add_connection(ElectricalSynapse(conductance, rect=bool(k % 2)), source, target)
    net.add_connection(NonSpikingPatternConnection(random.uniform(0, 0.2, (3, 1))), "field", "field", name="pattern")
    conductance = random.uniform(0, 0.2, (4, 5)) * (random.random((4, 5)) < 0.5)
    delays = random.integers(0, 9, (4, 5))
    net.add_connection(SpikingMatrixConnection(conductance, 50.0, 2.0, delays), "spiking", "field", name="matrix")
    net.add_connection(NonSpikingMatrixConnection(conductance.T, -20.0, -3.0, 9.0), "field", "spiking")
    for name in names:
        net.add_input(name, size=net.populations[net.get_population_index(name)].size)
        net.add_output(name)
    net.add_input("spiking")
    net.add_output("spiking", spiking=True)
    net.add_output("spiking", kind="threshold")
    net.add_output("gated", kind="gate_b", channel=1)
    net.add_output("gated", kind="gate_c")
    for connection in ("pattern", "matrix"):  # which nothing overwrites under the semantics of SNS-Toolbox
        net.add_output(connection, kind="conductance")
        net.add_output(connection, kind="current")
    return net


@pytest.fixture
def random_network():
    """Builder of random networks, from a seed."""
    return build


@pytest.fixture
def random_input():
    """Maker of the input of every step of a network [steps, M], nA, from a seed."""
    return lambda net, steps, seed=0: np.random.default_rng(seed).uniform(-3, 8, (steps, net.get_num_inputs_actual()))


@pytest.fixture(params=["numpy", "numba"])
def backend(request):
    """Every backend, one after the other."""
    return request.param
