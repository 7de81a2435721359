"""Protocols are plain data: equal after a file, refused where they make no sense."""

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import OutputPathError, ProtocolError, UnknownNameError
from sns_mujoco.protocols import (
    ActuatorFailure,
    BlockChannel,
    Command,
    CurrentClamp,
    Cut,
    Deprive,
    Excite,
    Friction,
    Gravity,
    Load,
    Noise,
    Protocol,
    Pulses,
    Push,
    Ramp,
    Samples,
    Scale,
    SensorFailure,
    Silence,
    Sine,
    Slope,
    Step,
    Torque,
    VoltageClamp,
)

ALL = Protocol(
    [
        CurrentClamp("a b", 5.0, start=1.0, stop=2.0),
        CurrentClamp("a*", Ramp(0, 1e-9, 3)),
        Excite("b[1]", Sine(1, 2, 90, 3)),
        CurrentClamp("c", Noise(1, 2, 0.1)),
        CurrentClamp("c", Pulses(1, 0.1, 0.5, 3, -1)),
        CurrentClamp("c", Step(1, 2, 3, 4)),
        VoltageClamp("d", Samples([0.1, -2e-7, 3], 0.001)),
        Silence("e"),
        Cut("a->b", start=0.1 + 0.2),
        Scale("*", 0.5),
        BlockChannel("n", 2, 0.25),
        BlockChannel("n", "sodium_conductance"),
        Deprive("JointAngle('hip') -> hip"),
        Command("drive", 0.3),
        SensorFailure("x", "noise", 0.1),
        ActuatorFailure("m", "weak", 0.5),
        ActuatorFailure("m"),
        Push("torso", (0, 1, 0), (1, 0, 0), "heading", stop=0.5),
        Torque("knee", Sine(1, 2)),
        Friction("*", 0.1),
        Load("torso", -0.1),
        Gravity(0.38),
        Slope(-5, 90),
    ],
    name="everything: a test",
)


def test_a_file_holds_all_of_it(tmp_path):
    ALL.save(tmp_path / "all.yaml")
    loaded = Protocol.load(tmp_path / "all.yaml")
    assert loaded == ALL and loaded.digest == ALL.digest and loaded.to_yaml() == ALL.to_yaml()
    assert Protocol.from_dict(ALL.to_dict()) == ALL
    assert hash(loaded) == hash(ALL)
    assert {type(item) for item in ALL} == set(map(type, loaded)) and len(set(map(type, ALL))) == 17


finite = st.floats(-1e12, 1e12, allow_nan=False)


@settings(max_examples=30, deadline=None)
@given(finite, finite, st.floats(0, 1e6), st.floats(1e-9, 1e6), st.text(min_size=1), st.text())
def test_any_number_and_any_name_comes_back_from_yaml(begin, end, start, duration, neuron, name):
    one = CurrentClamp(neuron, Ramp(begin, end, duration), start=start, stop=start + max(duration, start * 1e-9))
    protocol = Protocol([one, Command(neuron, begin)], name=name)
    assert Protocol.from_dict(yaml.safe_load(protocol.to_yaml())) == protocol


def test_what_is_written_by_hand():
    text = """
    items:
    - current_clamp: {neuron: A, current: 5, start: 1e-3}
    - push: {body: torso, force: [0, 1, 0]}
    - command: {name: drive, value: {sine: {amplitude: 1, frequency: 2}}}
    """
    protocol = Protocol.from_dict(yaml.safe_load(text.replace("1e-3", "0.001")))
    assert protocol.items[:2] == (CurrentClamp("A", 5.0, start=0.001), Push("torso", (0.0, 1.0, 0.0)))
    assert protocol.items[2] == Command("drive", Sine(1, 2))


def test_exponents_without_a_point_are_numbers(tmp_path):
    (tmp_path / "p.yml").write_text("items: [{cut: {synapse: 'a->b', start: 1e-3}}]")
    assert Protocol.load(tmp_path / "p.yml").items == (Cut("a->b", start=0.001),)


def test_samples_come_from_files(tmp_path):
    values = np.array([1.0, 2.5, -3e-9])
    np.save(tmp_path / "v.npy", values)
    np.savetxt(tmp_path / "v.csv", values, fmt="%.17g")
    (tmp_path / "p.yaml").write_text(
        "items: [{current_clamp: {neuron: a, current: {samples: {samples: v.csv, period: 0.01}}}}]"
    )
    expected = Samples(values, 0.01)
    assert Samples(tmp_path / "v.npy", 0.01) == expected == Samples(str(tmp_path / "v.csv"), 0.01)
    assert Protocol.load(tmp_path / "p.yaml").items[0].current == expected


def test_order_time_and_name():
    protocol = Protocol([Cut("x", start=1.0, stop=2.0)], "one") + Protocol([Silence("y", start=1.5)])
    assert protocol.name == "one" and len(protocol) == 2 and protocol.times == (1.0, 1.5, 2.0)
    assert [len(protocol.at(t)) for t in (0.0, 1.0, 1.7, 2.0)] == [0, 1, 2, 1]
    assert protocol.shifted(0.5).items[0] == Cut("x", start=1.5, stop=2.5)
    assert protocol.shifted(0.5).items[1] == Silence("y", start=2.0)
    assert protocol.digest == Protocol(protocol.items, "another").digest != protocol.shifted(0.5).digest
    with pytest.raises(ProtocolError, match="start is -0.5"):
        protocol.shifted(-1.5)
    assert all(item.summary and item.label for item in ALL)


@pytest.mark.parametrize(
    ("wave", "ages", "expected"),
    [
        (Step(2.0, at=0.1, before=1.0, until=0.2), [0.0, 0.1, 0.19, 0.2], [1, 2, 2, 1]),
        (Ramp(1.0, 3.0, 0.5), [0.0, 0.25, 0.5, 9.0], [1, 2, 3, 3]),
        (Sine(2.0, 1.0, 90.0, 1.0), [0.0, 0.25, 0.5], [3, 1, -1]),
        (Pulses(5.0, 0.1, 0.3, count=2, base=1.0), [0.0, 0.1, 0.3, 0.6], [5, 1, 5, 1]),
        (Samples([1.0, 2.0], 0.1), [0.0, 0.1, 0.2], [1, 2, 0]),
        (Noise(1.0, 4.0), [0.0, 1.0], [4, 4]),
    ],
)
def test_values_of_waveforms(wave, ages, expected):
    np.testing.assert_allclose(wave.values(np.array(ages)), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Cut("a", start=2.0, stop=1.0), r"Cut\('a'\) stops at 1 s and starts at 2 s; give a later stop"),
        (lambda: Cut("a", start=1.0, stop=1.0), "give a later stop"),
        (lambda: Cut("a", start=-1.0), "start is -1.0; give a finite number of 0 or more"),
        (lambda: Cut("a", stop=float("nan")), "stop is nan; give a finite number"),
        (lambda: Cut("a", start="soon"), "start is 'soon'; give a finite number"),
        (lambda: Cut(""), "synapse is ''; give a name or a shell pattern"),
        (lambda: CurrentClamp("a", float("inf")), "current is inf; give a finite number"),
        (lambda: CurrentClamp("a", True), "current is True; give a finite number or a waveform"),
        (lambda: CurrentClamp("a", Ramp(0, 1, 0)), "duration is 0; give a finite number above 0"),
        (lambda: Samples([1.0, np.nan], 0.1), "sample 1 is nan; give finite numbers"),
        (lambda: Samples([], 0.1), "samples have shape .0,.; give one or more"),
        (lambda: Samples([1.0], -1.0), "period is -1.0; give a finite number above 0"),
        (lambda: Pulses(1, 0.2, 0.1), "a pulse of 0.2 s is to come every 0.1 s; give a longer period"),
        (lambda: Pulses(1, 0.1, 0.2, count=0), "count is 0; give a whole number from 1 on"),
        (lambda: Step(1, at=0.2, until=0.1), "until is 0.1; give a finite number above 0.2"),
        (lambda: Noise(-1), "sd is -1; give a finite number of 0 or more"),
        (lambda: Scale("a", -1), "factor is -1; give a finite number of 0 or more"),
        (lambda: BlockChannel("a", -1), "channel is -1; give a whole number from 0 on"),
        (lambda: BlockChannel("a", 0, 1.5), "fraction is 1.5; give a number from 0 to 1"),
        (lambda: SensorFailure("a", "broken"), "mode is 'broken'; give one of 'stuck', 'zero', 'noise'"),
        (lambda: SensorFailure("a", "noise"), "give an sd above 0 with 'noise' and only then"),
        (lambda: ActuatorFailure("a", "weak"), "give a factor with 'weak', and only then"),
        (lambda: ActuatorFailure("a", "limp", 0.5), "give a factor with 'weak', and only then"),
        (lambda: Push("a"), "neither force nor torque"),
        (lambda: Push("a", (1, 2)), "force is .1, 2.; give three numbers"),
        (lambda: Push("a", (1, 2, 3), frame="mine"), "frame is 'mine'; give one of 'world', 'heading'"),
        (lambda: Slope(90), "angle is 90; give degrees within -90 to 90"),
        (lambda: Protocol(Cut("a")), "give a list of them"),
        (lambda: Protocol(["cut"]), "'cut' is no item of a protocol"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ProtocolError, match=message):
        make()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("items: [", ProtocolError, "is no YAML"),
        ("", ProtocolError, "give a name and a list of items"),
        ("items: [{cut: {synapse: a}, push: {}}]", ProtocolError, "item 1 is .*give a word with its fields"),
        ("items: [{cut: {synapse: a}}, {cutt: {synapse: a}}]", UnknownNameError, "no item named 'cutt'.* item 2"),
        ("items: [{cut: {synapse: a, stpo: 1}}]", UnknownNameError, "no field named 'stpo' in 'cut', for item 1; did"),
        ("items: [{cut: {start: 1}}]", ProtocolError, "item 1: 'cut' has no synapse; give one"),
        ("items: [{cut: {synapse: a, start: 2, stop: 1}}]", ProtocolError, "item 1: Cut.'a'. stops at 1 s"),
        ("items: [{command: {name: a, value: {rmap: {}}}}]", UnknownNameError, "no waveform named 'rmap'.*item 1"),
        ("items: [{cut: {synapse: a}}]\nitem: []", UnknownNameError, "no entry named 'item' in a protocol"),
        ("items: []\nitems: []", ProtocolError, "line 2 has 'items' a second time"),
        ("items: [!!python/object/apply:os.getcwd []]", ProtocolError, "is no YAML"),
        (
            "items: [{current_clamp: {neuron: a, current: {samples: {samples: gone.csv, period: 1}}}}]",
            FileNotFoundError,
            "gone.csv",
        ),
    ],
)
def test_damaged_files_are_named(tmp_path, text, error, message):
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(error, match=message):
        Protocol.load(tmp_path / "p.yaml")


def test_places_of_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        Protocol.load(tmp_path / "none.yaml")
    with pytest.raises(OutputPathError, match="ends in '.json'"):
        ALL.save(tmp_path / "p.json")
    (tmp_path / "text.csv").write_text("1\nhello\n")
    with pytest.raises(ProtocolError, match="has no samples"):
        Samples(tmp_path / "text.csv", 0.1)
    np.savetxt(tmp_path / "two.csv", np.ones((2, 2)))
    with pytest.raises(ProtocolError, match="samples have shape .2, 2."):
        Samples(tmp_path / "two.csv", 0.1)


DEEP = "items: " + "[" * 3000 + "]" * 3000
SHARED = "".join(
    f"- &{one} [{', '.join(['*' + before] * 30)}]\n" for before, one in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("items: [{cut: {synapse: a, start: %s}}]" % ("9" * 400), "start is 9+.*9+; give a finite number"),
        ("items: [{cut: {synapse: a, start: %s}}]" % ("9" * 5000), "is no YAML"),
        ("items: [{cut: {synapse: a, start: 2001-13-45}}]", "is no YAML: month must be"),
        (DEEP, "entries within entries without end"),
        ("items:\n- &a [x]\n" + SHARED, "item 1 is"),
        ("items: [{push: {body: a, force: {x: 1, y: 2, z: 3}}}]", "give a word with its fields"),
        ("items: [!!python/object/apply:os.system ['true']]", "is no YAML: could not determine a constructor"),
        ("name: []\nitems: []", "the name of a protocol is"),
    ],
    ids=lambda text: text[:40],
)
def test_files_made_to_do_harm_are_refused_by_name(text, message, tmp_path):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(ProtocolError, match=message):
        Protocol.load(tmp_path / "bad.yaml")


@pytest.mark.parametrize("samples", [[10**400], np.array([1 + 2j]), ["1", "2"], [True]], ids=str)
def test_samples_are_real_numbers(samples):
    with pytest.raises(ProtocolError, match="give numbers, or a file of them"):
        Samples(samples, 0.1)


def test_files_of_samples_that_end_early_or_are_empty_are_refused(tmp_path):
    np.save(tmp_path / "long.npy", np.arange(100.0))
    whole = (tmp_path / "long.npy").read_bytes()
    for content in (b"", whole[:20], whole[:200], whole.replace(b"(100,), ", b"(10**15,)")):
        (tmp_path / "a.npy").write_bytes(content)
        with pytest.raises(ProtocolError, match="has no samples"):
            Samples(tmp_path / "a.npy", 0.1)
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(ProtocolError, match="give one or more in a row"):
        Samples(tmp_path / "a.csv", 0.1)
