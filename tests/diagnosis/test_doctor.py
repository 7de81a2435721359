"""`doctor` and its command: what it takes, what it gives, and what it says of what it cannot take."""

import json

import mujoco
import pytest
from rich.console import Console

import sns_mujoco as sns
from sns_mujoco.adapters import Command
from sns_mujoco.cli.doctor import report, run
from sns_mujoco.diagnosis import CHECKS, Diagnosis, Finding, doctor
from sns_mujoco.errors import AttachError, UnknownNameError

PLAIN = '<mujoco model="plain"><worldbody><body><joint name="j"/><geom size=".1"/></body></worldbody></mujoco>'


def brain() -> sns.Network:
    """Two neurons, one of them forgotten."""
    net = sns.Network("small")
    net.add_neuron(sns.NonSpikingNeuron(), "heard")
    net.add_neuron(sns.NonSpikingNeuron(), "forgotten")
    return net


@pytest.fixture(scope="module")
def small() -> mujoco.MjSpec:
    return sns.attach(PLAIN, brain(), [Command("go", to="heard", range=(0, 1))], dt=0.5)


FINDING = Finding(check="sides", severity="error", place="there [1]", message="Wrong.", remedy="Mend it.")


def test_every_kind_of_model_is_taken(small, tmp_path):
    xml, mjb = tmp_path / "small.xml", tmp_path / "small.mjb"
    xml.write_text(small.to_xml())
    model = small.compile()
    mujoco.mj_saveModel(model, str(mjb), None)
    diagnoses = [
        doctor(what, name="same") for what in (small, model, sns.Simulation(model), xml, str(mjb), small.to_xml())
    ]
    assert [f.place for f in diagnoses[0].of("warning")] == ["forgotten"]
    assert len({d.to_json() for d in diagnoses}) == 1
    assert doctor(model).model == "plain"


def test_a_body_with_what_should_be_attached():
    spec = mujoco.MjSpec.from_string(PLAIN)
    diagnosis = doctor(spec, network=brain(), adapters=[Command("go", to="haerd", range=(0, 1))], dt=0.5)
    assert [f.check for f in diagnosis.findings] == ["unknown-name"] and "did you mean 'heard'" in str(diagnosis)
    with pytest.raises(AttachError, match="network and dt"):
        doctor(spec, adapters=[])


@pytest.mark.parametrize(
    ("content", "suffix", "error", "message"),
    [
        (None, ".xml", FileNotFoundError, "there is no body at"),
        ("<html>", ".xml", AttachError, "MuJoCo cannot read"),
        ("", ".xml", AttachError, "MuJoCo cannot read"),
        (PLAIN, ".xml", AttachError, "no nervous system"),
        (None, ".mjb", FileNotFoundError, "there is no body at"),
        ("no model", ".mjb", AttachError, "MuJoCo cannot read"),
    ],
)
def test_files_that_cannot_be_examined(content, suffix, error, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # MuJoCo leaves a log where it stands
    path = tmp_path / f"model{suffix}"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=message):
        doctor(path)


def test_an_unknown_animal_and_what_is_no_model():
    with pytest.raises(UnknownNameError, match="did you mean 'hexapod'"):
        doctor("hexapot")
    with pytest.raises(UnknownNameError, match="terrain"):
        doctor("hexapod", terrain="lava")
    with pytest.raises(AttachError, match="cannot be examined"):
        doctor(3)  # type: ignore[arg-type]


def test_json_is_what_is_documented(capsys, tmp_path, small):
    path = tmp_path / "small.xml"
    path.write_text(small.to_xml())
    assert run(str(path), as_json=True) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == ["format", "model", "ok", "counts", "findings", "facts", "skipped"]
    assert content["format"] == "sns-mujoco diagnosis 1" and content["ok"] is True
    assert content["counts"] == {"error": 0, "warning": 1, "note": 1}
    assert all(list(f) == ["check", "severity", "place", "message", "remedy"] for f in content["findings"])
    assert [f["check"] for f in content["findings"]] == ["unused-neuron", "unused-neuron"]
    assert content["facts"]["neurons"] == 2


def test_errors_come_first_and_set_the_exit_code(monkeypatch, capsys):
    note = Finding(check="unused-sensor", severity="note", place="s", message="Unused.")
    diagnosis = Diagnosis(model="it", findings=(FINDING, note), facts={}, skipped={"sides": "no names"})
    assert not diagnosis.ok and diagnosis.headline() == "it: 1 error, no warnings, 1 note"
    monkeypatch.setattr("sns_mujoco.cli.doctor.doctor", lambda *_, **__: diagnosis)
    assert run("it") == 1
    text = capsys.readouterr().out
    assert text.index("there [1]") < text.index("Unused.") and "not checked: sides" in text
    assert str(diagnosis).splitlines()[2:5] == ["error  sides: there [1]", "  Wrong.", "  Mend it."]


def test_the_report_is_plain_where_it_is_no_terminal(capsys):
    report(Diagnosis(model="it", findings=(FINDING,)), Console(width=60))
    text = capsys.readouterr().out
    assert "\x1b" not in text and "there [1]" in text and text.rstrip().endswith("1 error, no warnings, no notes")


def test_of_many_findings_of_one_check_a_few_are_printed(capsys):
    many = tuple(Finding(check="sides", severity="error", place=f"place {i}", message="Wrong.") for i in range(8))
    report(Diagnosis(model="it", findings=many), Console(width=60))
    text = capsys.readouterr().out
    assert "place 4" in text and "place 5" not in text and "and 3 more of sides" in text


def test_every_check_is_described():
    assert all(text and not text.endswith(".") for text in CHECKS.values()) and len(CHECKS) >= 20
