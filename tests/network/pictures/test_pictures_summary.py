"""What is in a network, in words."""

import numpy as np

from sns_mujoco import models
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingSynapse,
    SpikingNeuron,
)
from sns_mujoco.network.pictures import summary


def test_short_networks_are_listed_one_by_one():
    net = Network("leg")
    net.add_neuron(NonSpikingNeuron(resting_potential=-60.0, bias=2.0), "stretch")
    net.add_population(SpikingNeuron(membrane_capacitance=[1.0, 2.0, 3.0]), 3, "flexor")
    net.add_population(NonSpikingNeuron(), (2, 2), "skin")
    net.add_connection(NonSpikingSynapse(max_conductance=0.5, reversal_potential=-60.0), "flexor", "stretch")
    net.add_connection(NonSpikingMatrixConnection(np.eye(4, 3), -100.0), "flexor", "skin", "touch")
    net.add_connection(ElectricalSynapse(0.1), "flexor", "flexor")
    net.add_input("skin", size=4, name="pressure")
    net.add_output("flexor", "muscle", spiking=True)
    lines = [" ".join(line.split()) for line in summary(net).splitlines()]
    assert lines == [
        repr(net),
        "8 neurons",
        "1 stretch NonSpikingNeuron C 5 nF, G 1 uS, rest -60 mV, bias 2 nA",
        "3 flexor SpikingNeuron C 1..3 nF, G 1 uS, rest 0 mV, threshold 1 mV",
        "4 skin [2 × 2] NonSpikingNeuron C 5 nF, G 1 uS, rest 0 mV",
        "9 synapses",
        "3 flexor->stretch modulation NonSpikingSynapse G 0.5 uS, E -60 mV",
        "3 touch inhibition NonSpikingMatrixConnection G 0..1 uS, E -100 mV",
        "3 flexor->flexor electrical ElectricalSynapse G 0.1 uS",
        "1 input",
        "pressure -> skin (4 elements)",
        "1 output",
        "flexor -> muscle (spike)",
    ]


def test_long_networks_are_listed_by_group_and_kind():
    text = summary(models.load("hexapod").network())
    words = [line.split() for line in text.splitlines()]
    for leg in ("L1", "R1", "L2", "R2", "L3", "R3"):
        assert ["27", leg, "NonSpikingNeuron"] in [line[:3] for line in words]
    assert {"excitation", "inhibition", "modulation"} <= {word for line in words for word in line}
    assert len(words) < 20


def test_it_never_grows_beyond_a_page():
    net = Network("large")
    for index in range(300):
        net.add_neuron(NonSpikingNeuron(), f"{'a very long name ' * 5}{index}")
        net.add_input(index, name=f"input {index}")
        net.add_output(index, f"output {index}")
    for index in range(299):
        net.add_connection(NonSpikingSynapse(), index, index + 1)
    lines = summary(net).splitlines()
    assert len(lines) < 60 and max(map(len, lines)) < 220
    assert "  ... and 280 more" in lines


def test_nothing_is_said_of_what_is_not_there():
    assert summary(Network("empty")) == repr(Network("empty"))
