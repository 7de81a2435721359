"""What a file of a network holds besides it: kept exactly, checked, and passed over by loading."""

import json

import numpy as np
import pytest

from sns_mujoco import Network, NonSpikingNeuron
from sns_mujoco.errors import NetworkError
from sns_mujoco.network.files import load_annotations, load_network, save_network


@pytest.fixture
def net():
    net = Network("n")
    net.add_population(NonSpikingNeuron(bias=np.linspace(0.0, 1.0, 1200)), 1200, "many")  # with a sidecar
    return net


def test_they_come_back_and_the_network_is_the_same(net, tmp_path):
    given = {
        "score": np.float64(0.1),
        "v": np.array([1.0, 1 / 3]),
        "of": {"x": [None, True, "a"]},
        "n": np.int64(3),
    }
    save_network(net, tmp_path / "a.json", annotations=given)
    plain = {"score": 0.1, "v": [1.0, 1 / 3], "of": {"x": [None, True, "a"]}, "n": 3}
    assert load_annotations(tmp_path / "a.json") == plain
    assert (load_network(tmp_path / "a.json").populations[0].neuron.bias == net.populations[0].neuron.bias).all()
    save_network(net, tmp_path / "a.json")
    assert load_annotations(tmp_path / "a.json") == {}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), r"annotations.x is nan; give texts, finite numbers"),
        ([1, {"y": object()}], r"annotations.x\[1\].y is <object"),
        ({3: 1}, r"annotations.x is \{3: 1\}; give an object with texts as keys"),
    ],
)
def test_what_no_file_can_hold_is_refused_and_nothing_written(net, tmp_path, value, message):
    with pytest.raises(NetworkError, match=message):
        save_network(net, tmp_path / "a.json", annotations={"x": value})
    assert list(tmp_path.iterdir()) == []


def test_odd_ones_in_a_file_are_refused(net, tmp_path):
    path = tmp_path / "a.json"
    save_network(net, path)
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"annotations": {"x": 1}}).replace('"x": 1', '"x": Infinity'))
    for load in (load_network, load_annotations):
        with pytest.raises(NetworkError, match=r"a.json.*annotations.x is Infinity"):
            load(path)
