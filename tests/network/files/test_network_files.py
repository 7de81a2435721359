"""A network comes back from a file as it was: every number to the bit, every name, colour and order."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from replay import build, read
from sns_mujoco.models.hexapod import nervous_system

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, OutputPathError, UnknownNameError
from sns_mujoco.network.files import load_network, network_from_dict, network_to_dict, save_network

CASES = sorted((Path(__file__).parents[2] / "oracle" / "cases").glob("*.json"))
LARGE = 40  # neurons; a matrix among so many has more than 1,000 numbers


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_networks_of_the_recorded_trajectories(path, tmp_path, require_same):
    spec, _ = read(path)
    net = build(spec)
    save_network(net, tmp_path / "brain.json")
    require_same(net, load_network(tmp_path / "brain.json"), dt=spec["dt"], semantics="sns-toolbox")


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10_000))
def test_random_networks(seed, tmp_path_factory, random_network, require_same):
    net, path = random_network(seed), tmp_path_factory.mktemp("files") / "brain.json"
    save_network(net, path)
    back = load_network(path)
    require_same(net, back, dt=0.1)
    first = path.read_bytes()
    save_network(back, path)
    assert path.read_bytes() == first
    require_same(net, network_from_dict(network_to_dict(net)), dt=0.1)


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(value=st.floats(allow_nan=False, allow_infinity=False), name=st.text(min_size=1))
def test_any_number_and_any_name(value, name, tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "brain.json"
    net = sns.Network(name)
    net.add_neuron(sns.NonSpikingNeuron(bias=value, name=name), name, name, value)
    save_network(net, path)
    (back,) = load_network(path).populations
    assert repr(back) == repr(net.populations[0])


def test_the_hexapod(tmp_path, require_same):
    net = nervous_system()
    save_network(net, tmp_path / "hexapod.json")
    require_same(net, load_network(tmp_path / "hexapod.json"), dt=1.0)
    lines = (tmp_path / "hexapod.json").read_text(encoding="utf-8").splitlines()
    assert sum('"neuron": {' in line for line in lines) == len(net.populations)  # one in a line
    assert max(map(len, lines)) < 400


def test_a_change_of_one_number_changes_one_line(tmp_path):
    texts = []
    for bias in (0.0, 1.0):
        net = nervous_system()
        net.add_neuron(sns.NonSpikingNeuron(bias=bias), "one more")
        save_network(net, tmp_path / "brain.json")
        texts.append((tmp_path / "brain.json").read_text().splitlines())
    assert sum(a != b for a, b in zip(*texts, strict=True)) == 1


def large():
    rng = np.random.default_rng(0)
    net = sns.Network("large")
    net.add_population(sns.NonSpikingNeuron(), LARGE, "a")
    net.add_connection(sns.NonSpikingMatrixConnection(rng.uniform(0, 0.1, (LARGE, LARGE)), 7.0), "a", "a")
    delays = rng.integers(0, 5, (LARGE, LARGE))
    net.add_population(sns.SpikingNeuron(), LARGE, "b")
    net.add_connection(sns.SpikingMatrixConnection(np.full((LARGE, LARGE), 0.01), 0, 2, delays), "b", "a", "late")
    net.add_population(sns.NonSpikingNeuron(), 2000, "c", initial_value=rng.normal(size=2000))
    return net


def test_long_arrays_lie_in_the_sidecar(tmp_path, require_same):
    net, path = large(), tmp_path / "brain.json"
    save_network(net, path)
    require_same(net, load_network(path), dt=0.1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["brain.arrays.npz", "brain.json"]
    assert path.stat().st_size < 3000
    with np.load(tmp_path / "brain.arrays.npz", allow_pickle=False) as arrays:
        kinds = {name: arrays[name].dtype.kind for name in arrays.files}
    assert (
        kinds["connections[0].kind.max_conductance"] == "f" and kinds["connections[1].kind.transmission_delay"] == "i"
    )
    require_same(net, network_from_dict(json.loads(json.dumps(network_to_dict(net)))), dt=0.1)  # all in one


def test_a_pair_may_be_renamed_or_copied_elsewhere(tmp_path, require_same):
    (tmp_path / "old").mkdir()
    save_network(large(), tmp_path / "old" / "brain.json")
    (tmp_path / "old" / "brain.json").rename(tmp_path / "mind.json")
    (tmp_path / "old" / "brain.arrays.npz").rename(tmp_path / "mind.arrays.npz")
    require_same(large(), load_network(tmp_path / "mind.json"), dt=0.1)


def test_a_network_that_became_small_leaves_no_sidecar(tmp_path):
    save_network(large(), tmp_path / "brain.json")
    save_network(nervous_system(), tmp_path / "brain.json")
    assert [p.name for p in tmp_path.iterdir()] == ["brain.json"]


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_an_interrupted_save_leaves_the_old_network_or_the_new_one(tmp_path, monkeypatch, require_same, survived):
    """Whichever of its three moves is the first that does not happen."""
    path, old, new = tmp_path / "brain.json", large(), large()
    save_network(old, path)
    new.add_connection(sns.NonSpikingMatrixConnection(np.full((LARGE, LARGE), 0.3)), "a", "a", "more")
    moves, replace = [], Path.replace

    def stop(self, target):
        if len(moves) == survived:
            raise KeyboardInterrupt
        moves.append(target)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            save_network(new, path)
    require_same(new if survived == 2 else old, load_network(path), dt=0.1)
    save_network(new, path)
    require_same(new, load_network(path), dt=0.1)
    assert sorted(p.name for p in tmp_path.glob("brain*")) == ["brain.arrays.npz", "brain.json"]


def test_a_network_that_cannot_be_saved_leaves_the_old_file(tmp_path):
    class Own(sns.NonSpikingNeuron):
        @property
        def channels(self):
            return {}

    path = tmp_path / "brain.json"
    save_network(nervous_system(), path)
    before, net = path.read_bytes(), sns.Network()
    net.add_neuron(Own())
    with pytest.raises(NetworkError, match=r"populations\[0\].neuron: a Own cannot be saved as the NonSpikingNeuron"):
        save_network(net, path)
    assert path.read_bytes() == before


def test_a_network_of_a_subclass_comes_back_as_a_network(tmp_path):
    class Limb(sns.Network):
        pass

    limb = Limb("limb")
    limb.add_neuron(sns.NonSpikingNeuron())
    save_network(limb, tmp_path / "limb.json")
    assert type(load_network(tmp_path / "limb.json")) is sns.Network


def test_a_file_by_hand_may_leave_out_what_has_a_default(tmp_path, require_same):
    document = Path(save_network.__code__.co_filename).with_name("FORMAT.md").read_text(encoding="utf-8")
    path = tmp_path / "reflex.json"
    path.write_text(document.split("```json")[1].split("```")[0], encoding="utf-8")
    net = sns.Network("reflex")
    net.add_population(sns.NonSpikingNeuron(bias=1.5), 2, "Ia", initial_value=[0.0, 5.0])
    net.add_neuron(sns.SpikingNeuron(refractory_period=2.0), "motor", "red")
    net.add_connection(sns.NonSpikingSynapse(0.5), "Ia", "motor")
    net.add_input("Ia", 2, "stretch")
    net.add_output("motor", "spikes", spiking=True)
    require_same(net, load_network(path), dt=0.1)


def test_a_text_file_with_a_mark_at_its_start(tmp_path, require_same):
    path = tmp_path / "brain.json"
    save_network(nervous_system(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    require_same(nervous_system(), load_network(path), dt=1.0)


@pytest.mark.parametrize("where", ["brain.npz", "missing/brain.json", ""])
def test_places_where_nothing_can_be_written(tmp_path, where):
    with pytest.raises(OutputPathError):
        save_network(nervous_system(), tmp_path / where)


def test_something_else_than_a_network(tmp_path):
    with pytest.raises(NetworkError, match="'net' is no network"):
        save_network("net", tmp_path / "brain.json")


def test_a_colour_that_is_none_is_named(tmp_path):
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron())
    net.add_input(0)
    object.__setattr__(net.inputs[0], "color", 7)
    with pytest.raises(NetworkError, match=r"inputs\[0\].color is 7; give a text"):
        save_network(net, tmp_path / "brain.json")


def test_unknown_names_are_unknown_names(tmp_path):
    data = network_to_dict(nervous_system())
    data["connections"][3]["source"] = "L1 swng"
    with pytest.raises(UnknownNameError, match=r"connections\[3\]: no population named .* mean 'L1 swing'"):
        network_from_dict(data)


def test_100_000_single_synapses_come_back(tmp_path):
    net = sns.Network()
    for k in range(1000):
        net.add_neuron(sns.NonSpikingNeuron(), f"n{k}")
    for k in range(100_000):
        net.add_connection(sns.NonSpikingSynapse(0.1 + k * 1e-7), k % 1000, k * 7 % 1000, f"c{k}")
    save_network(net, tmp_path / "brain.json")
    assert load_network(tmp_path / "brain.json").connections == net.connections
