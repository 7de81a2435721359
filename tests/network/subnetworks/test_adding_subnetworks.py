"""`add_network` loses nothing of any subnetwork: names, initial values, synapses, inputs, outputs, and what it does."""

from dataclasses import fields

import numpy as np
import pytest

from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse, subnetworks
from sns_mujoco.network.subnetworks import (
    AdaptiveHalfCentreNetwork,
    AdditionNetwork,
    AntagonistNetwork,
    AutogenicInhibitionNetwork,
    BandPassNetwork,
    ChainNetwork,
    CoupledOscillatorsNetwork,
    DifferentiatorNetwork,
    DivisionNetwork,
    HalfCentreNetwork,
    IntegratorNetwork,
    LowPassNetwork,
    ModulationNetwork,
    MotionDetectorNetwork,
    MultiplicationNetwork,
    PatternNetwork,
    ReciprocalInhibitionNetwork,
    RecurrentInhibitionNetwork,
    RingNetwork,
    StretchReflexNetwork,
    SubtractionNetwork,
    TransmissionNetwork,
    mirrored,
)

KINDS = {
    AdaptiveHalfCentreNetwork: lambda: AdaptiveHalfCentreNetwork(300.0, phase=0.3, resting_potential=-60.0),
    AdditionNetwork: lambda: AdditionNetwork([1.0, -0.5], balanced=True),
    AntagonistNetwork: AntagonistNetwork,
    AutogenicInhibitionNetwork: AutogenicInhibitionNetwork,
    BandPassNetwork: lambda: BandPassNetwork(1.0, 20.0),
    ChainNetwork: lambda: ChainNetwork(1000.0, [0.25]),
    CoupledOscillatorsNetwork: lambda: CoupledOscillatorsNetwork(1000.0, [(1, 0, 0.25)]),
    DifferentiatorNetwork: DifferentiatorNetwork,
    DivisionNetwork: lambda: DivisionNetwork(1.0, 0.5),
    HalfCentreNetwork: lambda: HalfCentreNetwork(600.0, resting_potential=-60.0),
    IntegratorNetwork: lambda: IntegratorNetwork(start=5.0, balanced=True),
    LowPassNetwork: lambda: LowPassNetwork(5.0),
    ModulationNetwork: lambda: ModulationNetwork(0.5),
    MotionDetectorNetwork: lambda: MotionDetectorNetwork(20.0, 3),
    MultiplicationNetwork: lambda: MultiplicationNetwork(exact=True),
    PatternNetwork: lambda: PatternNetwork([-0.3, 0.9, -0.3], 5, balanced=True),
    ReciprocalInhibitionNetwork: ReciprocalInhibitionNetwork,
    RecurrentInhibitionNetwork: RecurrentInhibitionNetwork,
    RingNetwork: lambda: RingNetwork(1000.0, [0.25] * 4),
    StretchReflexNetwork: StretchReflexNetwork,
    SubtractionNetwork: SubtractionNetwork,
    TransmissionNetwork: TransmissionNetwork,
    mirrored: lambda: mirrored(HalfCentreNetwork(600.0, "x"), commissural=[(NonSpikingSynapse(), "xA", "xB")]),
}


def test_every_subnetwork_is_tried():
    made = {getattr(subnetworks, name) for name in subnetworks.__all__ if name.endswith("Network")}
    assert made <= set(KINDS)


def same(a, b, but):
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.name not in but)


@pytest.mark.parametrize("build", KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_nothing_is_lost(build):
    sub = build()
    if not sub.inputs:
        for i, population in enumerate(sub.populations):
            sub.add_input(i, size=population.size, name=f"into {population.name}")
    for population in sub.populations:
        sub.add_output(population.name, name=f"of {population.name}", color="blue")
    for wire in sub.connections:
        sub.add_output(wire.name, name=f"through {wire.name}", kind="conductance")
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "first")  # so that every index shifts
    net.add_connection(NonSpikingSynapse(), "first", "first")
    net.add_network(sub, prefix="hip ")

    for ours, theirs in zip(net.populations[1:], sub.populations, strict=True):
        assert ours.name == f"hip {theirs.name}" and same(ours, theirs, {"name"})
    for ours, theirs in zip(net.connections[1:], sub.connections, strict=True):
        assert same(ours, theirs, {"name", "source", "destination"})
        assert (ours.source, ours.destination) == (theirs.source + 1, theirs.destination + 1)
    for ours, theirs in zip(net.inputs, sub.inputs, strict=True):
        assert ours.name == f"hip {theirs.name}" and same(ours, theirs, {"name", "population"})
    for ours, theirs in zip(net.outputs, sub.outputs, strict=True):
        assert ours.name == f"hip {theirs.name}" and same(ours, theirs, {"name", "source"})
    x = 12.0 * np.random.default_rng(3).random((200, sub.get_num_inputs_actual()))
    y = sub.compile(0.02).run(x)
    np.testing.assert_array_equal(net.compile(0.02).run(x), y)
    assert np.ptp(y, axis=0).max() > 0


@pytest.mark.parametrize("build", KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_two_of_them_fit_beside_each_other(build):
    net = Network()
    net.add_network(build(), prefix="left ")
    net.add_network(build(), suffix=" right")
    assert net.get_num_neurons() == 2 * build().get_num_neurons()
