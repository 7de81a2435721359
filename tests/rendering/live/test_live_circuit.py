"""The circuit diagram as numbers for the page."""

import json

import pytest
from sns_mujoco.models import load, names

from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.rendering.live.circuit import circuit


@pytest.mark.parametrize("animal", names())
def test_every_neuron_and_connection_is_there_once(animal: str) -> None:
    network = load(animal).network()
    told = json.loads(json.dumps(circuit(network)))
    neurons = [n for node in told["nodes"] for n in node["neurons"]]
    assert sorted(neurons) == list(range(network.get_num_neurons()))
    connections = [name for edge in told["edges"] for name in edge["connections"]]
    assert sorted(connections) == sorted(network.connection_names)
    for node in told["nodes"]:
        assert 0 <= node["x"] <= told["width"] and 0 <= node["y"] <= told["height"]


def test_indices_are_those_of_the_potentials() -> None:
    network = Network("small")
    network.add_population(NonSpikingNeuron(), shape=[3], name="three")
    network.add_neuron(NonSpikingNeuron(), name="one")
    network.add_connection(NonSpikingSynapse(reversal_potential=-40.0), "three", "one", name="inhibits")
    told = circuit(network)
    assert {node["name"]: node["neurons"] for node in told["nodes"]} == {"three": [0, 1, 2], "one": [3]}
    (edge,) = told["edges"]
    assert edge["sign"] == "inhibition" and edge["connections"] == ["inhibits"]
    assert told["nodes"][edge["source"]]["name"] == "three"
