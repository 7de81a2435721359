"""Whatever a file holds: a network, or one of our own errors that says where it is wrong."""

import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, SnsError, UnknownNameError
from sns_mujoco.network.files import load_network, network_from_dict, network_to_dict, save_network, versions

FUZZ = settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def whole():
    """A small network with everything in it, as the content of a file."""
    net = sns.Network("whole")
    net.add_population(sns.NonSpikingNeuron(bias=[1.0, 2.0]), 2, "a", "red", [0.0, 1.0])
    net.add_population(sns.SpikingNeuron(threshold_floor=0.0), (1, 2), "b")
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(), "c")
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels([0.1, 0.2], 50.0, tau_mode_c=("voltage", "constant")), "d")
    net.add_connection(sns.NonSpikingSynapse(0.5), "a", "b", "s", True)
    net.add_connection(sns.ElectricalSynapse(0.5), "c", "d")
    net.add_connection(sns.SpikingSynapse(0.5, transmission_delay_ms=0.5), "b", "a")
    net.add_connection(sns.NonSpikingMatrixConnection([[0.1, 0.2]]), "a", "d")
    net.add_connection(sns.SpikingMatrixConnection([[0.1, 0.2]], transmission_delay=[[1, 2]]), "b", "c")
    net.add_connection(sns.NonSpikingPatternConnection([0.1]), "a", "a")
    net.add_connection(sns.SpikingPatternConnection([[0.1, 0.2, 0.1]]), "b", "b")
    net.add_input("a", 2)
    net.add_output("b", spiking=True)
    net.add_output("d", kind="gate_b", channel=1)
    net.add_output("s", kind="current")
    return network_to_dict(net)


def text(**changes):
    return json.dumps(whole() | changes)


def edited(path, value, data=None):
    """The text of a file in which one thing, found by keys and indices, is something else (raw JSON)."""
    data = whole() if data is None else data
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = "@"
    return json.dumps(data).replace('"@"', value, 1)


BIAS = ("populations", 0, "neuron", "bias")
G = ("connections", 0, "kind", "max_conductance")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "it ends too early, in line 1: it was cut off or is empty"),
        (b"  \n ", "it ends too early"),
        (text()[:-40], "it ends too early|it is no JSON"),
        (text()[:300] + "}", "it is no JSON: .* in line 1, column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no JSON file: byte 0 is no UTF-8 text"),
        (b"PK\x03\x04\xff\xff", "no UTF-8 text; it is an archive, perhaps a saved state"),
        ("<mujoco><worldbody/></mujoco>", "in line 1, column 1; it looks like XML"),
        (text().encode("utf-16"), "no UTF-8 text"),
        ("[" * 100_000, "nested too deeply|ends too early"),
        (edited(BIAS, "[" * 500 + "1" + "]" * 500), r"populations\[0\].neuron.bias(\[0\]){8} is .*; give a finite"),
        ("[]", r"it is no network: it holds \[\]"),
        ("null", "it is no network: it holds None"),
        ('{"format": 1}', "its format is 1; a network's is 'sns-mujoco network 1'"),
        ("{}", "it has no 'format'"),
        ('{"format": "sns-oracle/1"}', "its format is 'sns-oracle/1'"),
        (text(format="sns-mujoco network 2"), "of version 2, and this .* reads up to 1; update it: pip install"),
        (text(format="sns-mujoco network 0"), "of version 0; this sns-mujoco reads 1 on"),
        (text(format="sns-mujoco network " + "9" * 5000), "it is no network: its format is"),
        (text(name=""), "name is ''; give a text"),
        (text(name=None), "name is None; give a text"),
        (text(written_by=3), "written_by is 3; give a text"),
        (text(written_by="sns-mujoco 99.0", name=3), r"\(it was written by sns-mujoco 99.0, this is sns-mujoco"),
        (text(neurons=[]), "no key named 'neurons' in the file"),
        (text(populations={}), r"populations is \{\}; give a list"),
        (text(populations=[1]), r"populations\[0\] is 1; give an object"),
        (edited(("populations", 0, "size"), "1"), r"no field named 'size' in populations\[0\]"),
        (edited(BIAS, "NaN"), r"populations\[0\].neuron.bias is NaN; give a finite number"),
        (edited(BIAS, "[1, -Infinity]"), r"neuron.bias\[1\] is -Infinity; give a finite number"),
        (edited(BIAS, "1e400"), r"neuron.bias is 1e400 \(too large\); give"),
        (edited(BIAS, "9" * 10_000), r"bias is 9{20}... \(10000 characters\) \(too large\); give"),
        (edited(BIAS, "[" + "9" * 30 + "]"), r"bias\[0\] is 9+ \(too large\); give a finite number"),
        (edited(BIAS, '{"a": 1, "a": 2}'), "bias is an object that has 'a' twice; give"),
        (edited(BIAS, '"1"'), "bias is '1'; give a finite number or rows of them"),
        (edited(BIAS, "true"), "bias is True; give a finite number"),
        (edited(BIAS, "null"), "bias is None; give a finite number"),
        (edited(BIAS, "[1, true]"), r"bias\[1\] is True; give a finite number"),
        (edited(BIAS, "[1, [2]]"), "bias has rows of different length"),
        (edited(BIAS, "[1, 2, 3]"), r"populations\[0\]: population 'a': bias has 3 values for 2 neurons"),
        (edited(BIAS, "[]"), r"populations\[0\]: population 'a': bias has 0 values for 2 neurons"),
        (edited(BIAS, '{"array": "x"}'), "bias is the array 'x', which is not there"),
        (edited(BIAS, '{"array": 3}'), r"bias is \{'array': 3\}; give a finite number"),
        (edited(("populations", 0, "neuron"), "{}"), r"populations\[0\].neuron is \{\}; give an object whose 'type'"),
        (edited(("populations", 0, "neuron", "type"), '"NonSpikingNeurn"'), "no description named .* mean 'NonSpiking"),
        (edited(("populations", 0, "neuron", "type"), '"os.system"'), "no description named 'os.system'"),
        (edited(("populations", 0, "neuron", "type"), "[]"), "neuron is .*; give an object whose 'type' is"),
        (edited(("populations", 0, "neuron", "type"), '"ElectricalSynapse"'), "type is 'Ele.*'; give the name of"),
        (edited(("populations", 0, "neuron", "tau"), "1"), r"no field named 'tau' in populations\[0\].neuron; it has"),
        (edited(("populations", 0, "neuron", "membrane_capacitance"), "0"), r"populations\[0\].neuron: .*must be more"),
        (edited(("populations", 0, "shape"), "[1000000000000]"), r"shape is \[1000000000000\]; .* 10,000,000"),
        (edited(("populations", 0, "shape"), "[3000000, 3000000]"), "a file may describe 10,000,000 neurons in all"),
        (edited(("populations", 0, "shape"), "[9223372036854775807, 4]"), "a file may describe 10,000,000"),
        (edited(("populations", 0, "shape"), "[-2]"), r"populations\[0\]: population 'a': shape is \(-2,\)"),
        (edited(("populations", 0, "shape"), "[1, 1, 2]"), r"shape is \(1, 1, 2\)"),
        (edited(("populations", 0, "shape"), "2"), r"populations\[0\].shape is 2; give a list, each entry a whole"),
        (edited(("populations", 0, "shape"), "[2.0]"), r"shape\[0\] is 2.0; give a whole number"),
        (edited(("populations", 0, "color"), "3"), r"populations\[0\].color is 3; give a text"),
        (edited(("populations", 0, "initial"), "[1]"), None),
        (edited(("populations", 0, "initial"), "[1, 2, 3]"), r"initial_value has shape \(3,\)"),
        (edited(("populations", 1, "name"), '"a"'), r"populations\[1\]: network 'whole' has a population named 'a' al"),
        (edited(("connections", 2, "name"), '"s"'), r"connections\[2\]: .* has a connection named 's' already"),
        (edited(("connections", 0, "source"), '"x"'), r"connections\[0\]: no population named 'x' .* it has 'a', 'b'"),
        (edited(("connections", 0, "source"), "0"), r"connections\[0\].source is 0; give a text"),
        (edited(("connections", 0, "view_label"), "1"), "view_label is 1; give true or false"),
        (edited(G, "-1"), r"connections\[0\].kind: .*max_conductance is -1; it must be 0 or more"),
        (edited(G, "[1]"), r"connections\[0\].kind.max_conductance is \[1\]; give a finite number"),
        (edited(("connections", 3, "kind", "max_conductance"), "[[1]]"), r"connections\[3\]: .* has shape \(1, 1"),
        (edited(("connections", 5, "kind", "max_conductance_kernel"), "[1, 2]"), "every size must be odd"),
        (edited(("connections", 0), '{"source": "a"}'), r"connections\[0\] has no 'destination'; give a text"),
        (edited(("inputs", 0, "size"), "3"), r"inputs\[0\]: input 'Input': size is 3; give 1, or 2"),
        (edited(("inputs", 0, "population"), '"s"'), r"inputs\[0\]: no population named 's'"),
        (edited(("outputs", 0, "kind"), '"volts"'), r"outputs\[0\].kind is 'volts'; give one of 'voltage', 'spike'"),
        (edited(("outputs", 0, "source"), '"s"'), r"outputs\[0\]: no population named 's'"),
        (edited(("outputs", 1, "channel"), "2"), r"outputs\[1\]: output 'Output_1': 'd' has no ion channel 2"),
        (edited(("outputs", 2, "source"), '"c->d"'), r"outputs\[2\]: .* 'c->d' is electrical"),
        (edited(("arrays",), "null"), "arrays is None; give the 'file' and its 'sha256'"),
        (edited(("arrays",), '{"file": "x"}'), "give the 'file' and its 'sha256'"),
        (edited(("arrays",), '{"file": "../x.npz", "sha256": "0"}'), "give the name of a file in the same directory"),
        (edited(("arrays",), '{"file": "", "sha256": "0"}'), "give the name of a file in the same directory"),
        (edited(("arrays",), '{"file": "..", "sha256": "0"}'), "which is not beside it"),
        (edited(("arrays",), '{"file": "a\\u0000b", "sha256": "0"}'), "which is not beside it"),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path, content, complaint):
    path = tmp_path / "brain.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if complaint is None:
        assert load_network(path).populations[0].initial.tolist() == [1.0, 1.0]
        return
    with pytest.raises((SnsError, FileNotFoundError), match=complaint) as caught:
        load_network(path)
    assert str(caught.value).startswith(repr(str(path)))


def test_places_where_there_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no network at .*brain.json"):
        load_network(tmp_path / "brain.json")
    with pytest.raises(NetworkError, match="it is a directory; give a file"):
        load_network(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NetworkError, match="it is no plain file"):
        load_network(tmp_path / "pipe")


@pytest.mark.parametrize("data", [None, 3, [], "text", {}, {1: 2}])
def test_plain_data_that_is_no_network(data):
    with pytest.raises(NetworkError, match="it is no network"):
        network_from_dict(data)


@pytest.mark.parametrize(
    "bias", [np.nan, 10**400, 10**5000, [10**400], [np.inf], {1: 2}, object(), [[[]], 1]], ids=range(8)
)
def test_plain_data_with_what_no_file_could_hold(bias):
    data = whole()
    data["populations"][0]["neuron"]["bias"] = bias
    with pytest.raises(NetworkError, match=r"populations\[0\].neuron.*bias"):
        network_from_dict(data)


def test_a_file_without_a_sidecar_it_needs_and_with_a_wrong_one(tmp_path):
    path, sidecar = save_large(tmp_path)
    packed = sidecar.read_bytes()
    sidecar.write_bytes(packed[:-1] + bytes([packed[-1] ^ 1]))
    with pytest.raises(NetworkError, match=r"the sidecar 'brain.arrays.npz' is not the one .* \(sha256 differs\)"):
        load_network(path)
    sidecar.unlink()
    with pytest.raises(FileNotFoundError, match="'brain.arrays.npz', which is not beside it; copy both files"):
        load_network(path)
    with pytest.raises(NetworkError, match="arrays in a sidecar are read with the file that belongs to it"):
        network_from_dict(json.loads(path.read_bytes()))


def save_large(folder):
    net = sns.Network("large")
    net.add_population(sns.NonSpikingNeuron(), 40, "a")
    net.add_connection(sns.NonSpikingMatrixConnection(np.full((40, 40), 0.1)), "a", "a")
    save_network(net, folder / "brain.json")
    return folder / "brain.json", folder / "brain.arrays.npz"


def forge(path, sidecar, packed):
    """Put another sidecar in place, with its digest, as an attacker would."""
    sidecar.write_bytes(packed)
    data = json.loads(path.read_bytes())
    data["arrays"]["sha256"] = hashlib.sha256(packed).hexdigest()
    path.write_text(json.dumps(data))


NAME = "connections[0].kind.max_conductance"


def archive(array, save=np.savez, **options):
    buffer = io.BytesIO()
    save(buffer, **{NAME: array}, **options)
    return buffer.getvalue()


def with_header(header, content=b""):
    """An archive whose array has this header."""
    buffer, head = io.BytesIO(), header.encode().ljust(117) + b"\n"
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(f"{NAME}.npy", b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + content)
    return buffer.getvalue()


BOMB = "{'descr': '<f8', 'fortran_order': False, 'shape': %s}"


@pytest.mark.parametrize(
    ("packed", "complaint"),
    [
        (archive(np.zeros((1000, 1000)), np.savez_compressed), "it is compressed"),
        (archive(np.array([{}], object)), r"it holds an array of object|damaged"),
        (archive(np.array(["text"])), "it holds an array of <U4; plain numbers are read"),
        (archive(np.zeros((40, 40), "f4")), "it holds an array of float32"),
        (archive(np.zeros((40, 40), "c16")), "it holds an array of complex128"),
        (archive(np.zeros((40, 41))), r"connections\[0\]: .* the matrix has shape \(40, 41\)"),
        (archive(np.full((40, 40), np.nan)), r"connections\[0\].kind: .*max_conductance is nan"),
        (archive(np.full((40, 40), True)), r"connections\[0\].kind: .*max_conductance is array"),
        (with_header(BOMB % "(1000000000000,)"), r"damaged: an array of shape \(1000000000000,\) is not as large"),
        (with_header(BOMB % "(10000000000000000000000000000000, 0)"), "is not as large as that"),
        (with_header(BOMB % "(-1,)", b"x" * 8), "is not as large as that"),
        (with_header(BOMB % "()", b"x" * 9), "is not as large as that"),
        (with_header("{'descr': '|O', 'fortran_order': False, 'shape': ()}"), "it holds an array of object"),
        (with_header("__import__('os')"), "no archive of arrays, or damaged"),
        (with_header("{"), "no archive of arrays, or damaged"),
        (b"PK\x03\x04", "no archive of arrays, or damaged"),
        (b"", "no archive of arrays, or damaged"),
        (archive(np.zeros((40, 40)))[:-30], "no archive of arrays, or damaged"),
    ],
)
def test_forged_sidecars(tmp_path, packed, complaint):
    path, sidecar = save_large(tmp_path)
    forge(path, sidecar, packed)
    with pytest.raises(SnsError, match=complaint):
        load_network(path)


def test_members_that_share_their_bytes_are_refused(tmp_path):
    path, sidecar = save_large(tmp_path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.npy", b"x" * 100_000)
        for name in "bcd":
            twin = zipfile.ZipInfo(f"{name}.npy")
            for field in ("header_offset", "CRC", "compress_size", "file_size"):
                setattr(twin, field, getattr(file.filelist[0], field))
            file.filelist.append(twin)
    forge(path, sidecar, buffer.getvalue())
    with pytest.raises(NetworkError, match="it says that it holds more than it does"):
        load_network(path)


def test_older_versions_are_brought_up_step_by_step(tmp_path, monkeypatch):
    """As the next version will do it: version 1 had "conductance", say, and version 2 "weight" in its place."""
    monkeypatch.setattr(versions, "VERSION", 3)
    monkeypatch.setattr(versions, "MIGRATIONS", {1: lambda data: data | {"name": data["name"] + "+"}})
    path = tmp_path / "brain.json"
    path.write_text(text())
    with pytest.raises(NetworkError, match="it is of version 1; this sns-mujoco reads 1 on"):
        load_network(path)
    versions.MIGRATIONS[2] = lambda data: data | {"name": data["name"].upper()}
    assert load_network(path).name == "WHOLE+"
    path.write_text(text(format="sns-mujoco network 2"))
    assert load_network(path).name == "WHOLE"
    path.write_text(text(format="sns-mujoco network 2", name=3))
    with pytest.raises(NetworkError, match="it is of version 2, and damaged: AttributeError"):
        load_network(path)


# Fuzzing: whatever a loader is given, it gives a network or one of our own errors.


def attempt(path):
    try:
        return load_network(path)
    except (SnsError, FileNotFoundError) as error:
        assert isinstance(error, NetworkError | UnknownNameError | FileNotFoundError) and str(error)
        return None


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "brain.json"


@FUZZ
@given(data=st.binary(max_size=200))
def test_any_bytes(data, scratch):
    scratch.write_bytes(data)
    assert attempt(scratch) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**30, -1, 0, 1e308, -1e308, 5e-324, 2**63, "a", "s", "NonSpikingNeuron", "x" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(node, path=()):
    """The paths to everything in a file."""
    yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, entry in pairs:
        yield from places(entry, (*path, key))


PLACES = [path for path in places(whole()) if path]


@st.composite
def mutants(draw):
    """A good file with one to three things in it deleted, replaced, copied from elsewhere, or added."""
    data = whole()
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PLACES))
        at = data
        try:
            for key in path[:-1]:
                at = at[key]
            act = draw(st.sampled_from(["replace", "delete", "copy", "add"]))
            if act == "delete":
                del at[path[-1]]
            elif act == "replace":
                at[path[-1]] = draw(JSON)
            elif act == "copy":
                twin = whole()
                for key in draw(st.sampled_from(PLACES)):
                    twin = twin[key]
                at[path[-1]] = twin
            elif isinstance(at, dict):
                at[draw(st.text(max_size=5))] = draw(JSON)
            else:
                at.append(draw(JSON))
        except (LookupError, TypeError):  # an earlier mutation took that place away
            continue
    return json.dumps(data)


@FUZZ
@given(content=mutants())
def test_good_files_with_bad_things_in_them(content, scratch):
    scratch.write_text(content)
    attempt(scratch)


@st.composite
def damages(draw, size):
    """Where bytes are changed, cut out or put in."""
    changes = st.tuples(st.integers(0, size - 1), st.integers(0, 3), st.binary(max_size=3))
    return draw(st.lists(changes, min_size=1, max_size=4))


def damage(data, changes):
    for start, length, new in changes:
        data = data[:start] + new + data[start + length :]
    return data


GOOD = json.dumps(whole()).encode()


@FUZZ
@given(changes=damages(len(GOOD)))
def test_good_files_with_damaged_bytes(changes, scratch):
    scratch.write_bytes(damage(GOOD, changes))
    attempt(scratch)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    path, sidecar = save_large(tmp_path_factory.mktemp("pair"))
    return path, sidecar, sidecar.read_bytes()


@FUZZ
@given(data=st.data())
def test_damaged_sidecars_that_bear_the_right_digest(data, pair):
    path, sidecar, good = pair
    header_or_directory = st.integers(0, 300) | st.integers(len(good) - 300, len(good) - 1)
    changes = st.tuples(header_or_directory, st.integers(0, 3), st.binary(max_size=3))
    forge(path, sidecar, damage(good, data.draw(st.lists(changes, min_size=1, max_size=3))))
    attempt(path)
