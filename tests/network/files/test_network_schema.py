"""The published JSON Schema is what the classes say, and every file that is saved obeys it."""

import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
from replay import build, read
from sns_mujoco.models.hexapod import nervous_system

from sns_mujoco.network.files import network_schema, network_to_dict, registry, save_network
from sns_mujoco.network.files.schema import PUBLISHED, published_schema
from sns_mujoco.network.synapses import Connection

CASES = sorted((Path(__file__).parents[2] / "oracle" / "cases").glob("*.json"))


@pytest.fixture(scope="module")
def validator():
    schema = network_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_that_of_the_classes():
    remedy = "write it anew: python -m sns_mujoco.network.files"
    assert PUBLISHED.read_text(encoding="utf-8") == published_schema(), remedy


def test_files_obey_it(tmp_path, validator, random_network):
    networks = [build(read(path)[0]) for path in CASES]
    networks += [random_network(seed) for seed in range(5)]
    for k, net in enumerate(networks):
        path = tmp_path / f"{k}.json"
        save_network(net, path)
        validator.validate(json.loads(path.read_bytes()))


def test_the_hexapod_obeys_it(validator):
    data = network_to_dict(nervous_system())
    data["connections"] = data["connections"][:50]  # validators take long
    validator.validate(data)


def test_sidecars_obey_it(tmp_path, validator):
    from sns_mujoco.network import Network, NonSpikingMatrixConnection, NonSpikingNeuron

    net = Network()
    net.add_population(NonSpikingNeuron(), 40, "a")
    net.add_connection(NonSpikingMatrixConnection([[0.1] * 40] * 40), "a", "a")
    save_network(net, tmp_path / "brain.json")
    data = json.loads((tmp_path / "brain.json").read_bytes())
    assert data["connections"][0]["kind"]["max_conductance"].keys() == {"array"}
    validator.validate(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(format="sns-mujoco network 2"),
        lambda data: data.update(extra=1),
        lambda data: data.pop("name"),
        lambda data: data["populations"][0].pop("neuron"),
        lambda data: data["populations"][0].update(shape=["3"]),
        lambda data: data["populations"][0]["neuron"].update(bias="1"),
        lambda data: data["populations"][0]["neuron"].update(type="ElectricalSynapse"),
        lambda data: data["connections"][0]["kind"].update(weight=1),
        lambda data: data["outputs"][0].update(kind="volts"),
    ],
)
def test_it_refuses_what_loading_refuses(change, validator, random_network):
    data = network_to_dict(random_network(1))
    validator.validate(data)
    change(data)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(data)


def test_registered_classes_are_in_the_schema(monkeypatch):
    @dataclass(frozen=True)
    class Depressing(Connection):
        """A synapse that tires."""

        use: float
        name: str = "tired"

    monkeypatch.setattr(registry, "_registered", {})
    registry.register_description(Depressing)
    made = network_schema()["$defs"]["Depressing"]
    assert made["required"] == ["type", "use"] and made["description"] == "A synapse that tires."
