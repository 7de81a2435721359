"""What all tests of files use: networks with everything in them, and a comparison that misses nothing."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

import sns_mujoco.network as sns


def build(seed):
    """A random network with every kind of neuron, connection, input and output, and all that is optional set."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    net = sns.Network(f"random {seed} µ\n")
    graded = sns.NonSpikingNeuron(name="kind", color="blue", bias=rng.normal(size=n), membrane_conductance=[0.5] * n)
    net.add_population(graded, n, "graded", initial_value=rng.normal(size=n))
    spiking = sns.SpikingNeuron(
        threshold_floor=rng.uniform(-1, 0, n), reset_potential=-0.0, refractory_period=0.3, bias=5e-324
    )
    net.add_population(spiking, (1, n), "spiking", color="#00ff00", initial_value=-0.0)
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_mode_h="constant"), "sodium", initial_value=0.1)
    gated = sns.NonSpikingNeuronWithGatedChannels(
        rng.uniform(0, 0.5, (2, n)), [60.0, -30.0], pow_b=[1, 2], tau_max_b=30, tau_mode_c=("voltage", "constant")
    )
    net.add_population(gated, n, "gated")
    kinds = [
        sns.NonSpikingSynapse(rng.uniform(0, 0.5), 1 / 3, 20.0, -5.0, name="falling"),
        sns.ElectricalSynapse(0.1 + 0.2, rect=True),
        sns.NonSpikingTransmissionSynapse(rng.uniform(0.1, 1.5)),
        sns.NonSpikingModulationSynapse(0.3),
    ]
    for k in range(int(rng.integers(1, 9))):
        source, destination = (str(name) for name in rng.choice(net.population_names, 2))
        net.add_connection(kinds[k % 4], source, destination, view_label=bool(k % 2))
    net.add_connection(sns.SpikingSynapse(0.4, 80, 3.0, transmission_delay_ms=0.7), "spiking", "graded")
    net.add_connection(
        sns.SpikingTransmissionSynapse(0.5, max_frequency=1.0, transmission_delay=3), "spiking", "graded"
    )
    matrix = rng.uniform(0.01, 0.3, (n, n))
    delays, increments = rng.integers(0, 9, (n, n)), matrix / 3
    net.add_connection(
        sns.SpikingMatrixConnection(matrix, 50, matrix + 2, delays, increments), "spiking", "graded", "M"
    )
    net.add_connection(sns.NonSpikingMatrixConnection(matrix, rng.normal(size=(n, n))), "graded", "gated", "N")
    net.add_connection(sns.NonSpikingPatternConnection(rng.uniform(0, 0.2, 3)), "graded", "gated", "P")
    net.add_connection(sns.SpikingPatternConnection(rng.uniform(0, 0.2, (1, 3)), 7), "spiking", "spiking", "Q")
    net.add_input("graded", size=n, color="red")
    net.add_input("spiking", name="half \ud800 a character")
    net.add_output("spiking", spiking=True, color="green")
    net.add_output("spiking", kind="threshold")
    net.add_output("gated", kind="gate_b", channel=1)
    for name in ("M", "N", "P", "Q"):
        net.add_output(name, f"current of {name}", kind="current")
    return net


def same(one, other, place=""):
    """Compare two values, and all that is in them, to the bit."""
    if is_dataclass(one):
        assert type(one) is type(other), place
        for field in fields(one):
            same(getattr(one, field.name), getattr(other, field.name), f"{place}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes(), place
    elif isinstance(one, tuple):
        assert len(one) == len(other), place
        for k, pair in enumerate(zip(one, other, strict=True)):
            same(*pair, f"{place}[{k}]")
    else:
        assert type(one) is type(other) and repr(one) == repr(other), place


@pytest.fixture(scope="session")
def random_network():
    """Builder of random networks, from a seed."""
    return build


@pytest.fixture(scope="session")
def require_same():
    """Comparison of two networks: all they say of themselves, and all that their programs do."""

    def require(one, other, **options):
        for part in ("name", "inputs", "outputs"):
            same(getattr(one, part), getattr(other, part), part)
        for part in ("populations", "connections"):
            for ours, theirs in zip(getattr(one, part), getattr(other, part), strict=True):
                for field in (field.name for field in fields(ours) if field.name not in ("neuron", "kind")):
                    same(getattr(ours, field), getattr(theirs, field), f"{part}.{field}")
        same(one.to_program(**options), other.to_program(**options), "program")

    return require
