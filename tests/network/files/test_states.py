"""A state goes on where it was saved, in the same network only."""

import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, OutputPathError
from sns_mujoco.network.files import load_state, save_state

DT = 0.1  # ms


def circuit(conductance=0.5, **changes):
    net = sns.Network("circuit")
    first = changes.get("first", "a")
    net.add_population(sns.NonSpikingNeuron(bias=3.0), 3, first)
    net.add_population(sns.SpikingNeuron(bias=8.0), changes.get("count", 2), "b")
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(), "c")
    net.add_connection(sns.NonSpikingSynapse(conductance), first, changes.get("target", "b"))
    net.add_connection(sns.SpikingSynapse(0.3, transmission_delay=changes.get("delay", 4)), "b", first)
    net.add_output(first)
    return net


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A model in the middle of its run, and the file of its state."""
    model = circuit().compile(DT)
    model.run(300)
    path = tmp_path_factory.mktemp("states") / "now.npz"
    save_state(path, model.program, model.state)
    return model, path


def test_it_goes_on_to_the_bit(saved):
    model, path = saved
    other = circuit().compile(DT)
    other.state = load_state(path, other.program)
    assert other.state.tobytes() == model.state.tobytes()
    np.testing.assert_array_equal(other.run(50), circuit().compile(DT).run(350)[300:])


def test_states_of_many_individuals_and_of_any_bits(saved, tmp_path):
    program = saved[0].program
    states = np.random.default_rng(0).integers(0, 256, (2, 5, saved[0].state.nbytes), np.uint8).view(np.float64)
    save_state(tmp_path / "many.npz", program, states)
    assert load_state(tmp_path / "many.npz", program).tobytes() == states.tobytes()
    save_state(tmp_path / "none.npz", program, states[:0])
    assert load_state(tmp_path / "none.npz", program).shape == (0, 5, len(saved[0].state))


def test_the_parts_have_names(saved):
    model, path = saved
    with np.load(path, allow_pickle=False) as parts:
        np.testing.assert_array_equal(parts["potential"], model.potentials)
        np.testing.assert_array_equal(parts["threshold"], model.thresholds)


def test_ports_may_change(saved):
    net = circuit()
    net.add_input("a", name="more")
    net.add_output("c", name="seen")
    assert load_state(saved[1], net.to_program(DT)).tobytes() == saved[0].state.tobytes()


def test_numbers_may_change_where_that_is_wanted(saved):
    program = circuit(conductance=0.7).to_program(DT)
    with pytest.raises(NetworkError, match="other parameters: graded_conductance differ; give other_parameters=True"):
        load_state(saved[1], program)
    assert load_state(saved[1], program, other_parameters=True).tobytes() == saved[0].state.tobytes()


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        (circuit(count=3).to_program(DT), "it has 6 neurons, this network has 7"),
        (circuit(first="A").to_program(DT), r"its neuron 0 is 'a\[0\]', here it is 'A\[0\]'"),
        (circuit(delay=5).to_program(DT), "another network: spiking_delay differs; load it into the one it was saved"),
        (circuit(target="c").to_program(DT), r"synapse_names is names \[12\] there and names \[9\] here"),
        (circuit().to_program(0.05), "dt is 0.1 there and 0.05 here"),
        (circuit().to_program(DT, "sns-toolbox"), "semantics is 'textbook' there and 'sns-toolbox' here"),
    ],
)
def test_other_networks_are_refused_and_told_apart(saved, program, complaint):
    for options in ({}, {"other_parameters": True}):
        with pytest.raises(
            NetworkError, match=f"now.npz': it is the state of another network: .*{complaint}|{complaint}"
        ):
            load_state(saved[1], program, **options)


@pytest.mark.parametrize("state", [np.zeros(3), 0.0, "text", None, [[1], [1, 2]], np.zeros((40, 2))])
def test_what_is_no_state_is_not_saved(saved, tmp_path, state):
    with pytest.raises(NetworkError, match="the state (has shape|is)"):
        save_state(tmp_path / "now.npz", saved[0].program, state)
    assert not list(tmp_path.iterdir())


def test_places_where_nothing_can_be_written(saved, tmp_path):
    for where in ("now.json", "missing/now.npz", ""):
        with pytest.raises(OutputPathError):
            save_state(tmp_path / where, saved[0].program, saved[0].state)


def test_files_that_are_no_states(saved, tmp_path):
    program = saved[0].program
    with pytest.raises(FileNotFoundError, match="there is no state at"):
        load_state(tmp_path / "now.npz", program)
    with pytest.raises(NetworkError, match="a directory"):
        load_state(tmp_path, program)
    path = tmp_path / "now.npz"
    for content in (b"", b"{}", b"PK\x03\x04", saved[1].read_bytes()[:-100]):
        path.write_bytes(content)
        with pytest.raises(NetworkError, match="now.npz': it is no archive of arrays, or damaged"):
            load_state(path, program)
    np.savez(path, allow_pickle=True, header=np.array([{}], object))
    with pytest.raises(NetworkError, match="it holds an array of object"):
        load_state(path, program)
    np.savez(path, potential=np.zeros(3))
    with pytest.raises(NetworkError, match="it has no header"):
        load_state(path, program)


def changed(path, tmp_path, **arrays):
    """The same file with other arrays in it; None leaves one out."""
    with np.load(path) as parts:
        content = {**parts, **arrays}
    np.savez(tmp_path / "now.npz", **{name: part for name, part in content.items() if part is not None})
    return tmp_path / "now.npz"


def header(**changes):
    return lambda path: np.frombuffer(
        json.dumps(json.loads(np.load(path)["header"].tobytes()) | changes).encode(), "u1"
    )


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"header": header(format="sns-mujoco state 2")}, "its format is 'sns-mujoco state 2', and this .* reads"),
        ({"header": header(program=[])}, "its header is damaged"),
        ({"header": header(neuron_names="abc")}, "its header is damaged"),
        ({"header": header(neuron_names=[1] * 6)}, r"its neuron 0 is 1, here it is 'a\[0\]'"),
        ({"header": header(program={})}, "dt is not known of it"),
        ({"header": lambda path: np.frombuffer(b"{", "u1")}, "it ends too early"),
        ({"header": lambda path: np.zeros(3)}, "it has no header"),
        ({"potential": None}, "its parts are not those of a state of this version: potential"),
        ({"weird": np.zeros(1)}, "its parts are not those of a state of this version: weird"),
        ({"potential": np.zeros((2, 6))}, r"its part '\w+' is float64 \(\d+,\); this network's is float64 \(2, \d+\)"),
        ({"threshold": np.zeros(3)}, r"its part 'threshold' is float64 \(3,\); this network's is float64 \(2,\)"),
        ({"threshold": np.zeros(2, np.int64)}, r"its part 'threshold' is int64 \(2,\)"),
        ({"potential": np.float64(1)}, r"its part 'potential' is float64 \(\)"),
    ],
)
def test_damaged_parts_are_named(saved, tmp_path, arrays, complaint):
    path = changed(saved[1], tmp_path, **{n: a(saved[1]) if callable(a) else a for n, a in arrays.items()})
    with pytest.raises(NetworkError, match=complaint):
        load_state(path, saved[0].program)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_damaged_bytes_give_the_state_or_our_own_error(data, saved):
    model, path = saved
    content = path.read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        new = data.draw(st.binary(max_size=3))
        content = content[:start] + new + content[start + data.draw(st.integers(0, 3)) :]
    damaged = path.with_name("damaged.npz")
    damaged.write_bytes(content)
    try:
        assert load_state(damaged, model.program).shape == model.state.shape
    except NetworkError as error:
        assert "damaged.npz" in str(error)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(junk=st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_header(junk, saved):
    model, path = saved
    with np.load(path) as parts:
        content = dict(parts)
    good = json.loads(content["header"].tobytes())
    for name in good:
        content["header"] = np.frombuffer(json.dumps(good | {name: junk}).encode(), "u1")
        buffer = io.BytesIO()
        np.savez(buffer, **content)
        odd = path.with_name("odd.npz")
        odd.write_bytes(buffer.getvalue())
        with pytest.raises(NetworkError):
            load_state(odd, model.program)
