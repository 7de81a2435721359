"""The folder that a project is written as, and the command."""

import json
import subprocess
import sys

import numpy as np
import pytest

from sns_mujoco import Network, Simulation, attach
from sns_mujoco.cli.import_animatlab import import_animatlab
from sns_mujoco.errors import AnimatLabError, OutputPathError
from sns_mujoco.interop.animatlab import writing


@pytest.fixture
def text(asim):
    wires = [
        asim.adapter("receptor", "Ia", "n", asim.gain(UseLimits=True, LowerLimit=0, UpperLimit=1, LowerOutput=0,
                                                      UpperOutput=1e-8, c=1e-8)),
        asim.adapter("hip", "JointRotation", "n", asim.gain("Equation", Equation="x,0.000000002,*")),
        asim.adapter("n", "MembraneVoltage", "extensor", kind="NodeToPhysical"),
    ]  # fmt: skip
    stimuli = [
        asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentOn=2e-8, StartTime=0.02, EndTime=0.1),
        asim.stimulus("ForceInput", "shove", BodyID="id-thigh", ForceX="t,0.1,*"),
    ]
    return asim.leg(asim.fire_module([asim.neuron("n", asim.calcium(), GMaxCa=1.0)], adapters=wires), stimuli=stimuli)


def test_folder_runs_by_itself(text, read, tmp_path):
    """It moves as the project does, and holds the report."""
    project = read(text)
    folder = project.write(tmp_path / "leg")
    assert sorted(file.name for file in folder.iterdir()) == [
        "adapters.py", "body.xml", "network.json", "report.txt", "run.py", "stimuli.py",
    ]  # fmt: skip
    command = [sys.executable, "run.py", "0.2"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    name, low, _, high = line.split()
    simulation = project.simulation()
    angles = []
    for _ in range(20):
        simulation.run(0.01)
        angles.append(simulation.data.qpos[0])
    assert name == "hip" and (float(low), float(high)) == pytest.approx((min(angles), max(angles)), abs=1e-3)
    assert str(project.report) in (folder / "report.txt").read_text(encoding="utf-8")


def test_what_is_written_is_the_same(text, read, tmp_path):
    """Body, network and adapters are equal parts: the written ones step by step the same."""
    project = read(text)
    folder = project.write(tmp_path / "leg")
    given = {}
    exec(compile((folder / "adapters.py").read_text(encoding="utf-8"), "adapters.py", "exec"), given)
    assert given["ADAPTERS"] == project.adapters
    exec(compile((folder / "stimuli.py").read_text(encoding="utf-8"), "stimuli.py", "exec"), given)
    assert given["STIMULI"] == project.stimuli
    commands = [s.command for s in project.stimuli if s.command]
    network = Network.load(folder / "network.json")
    written = attach(
        folder / "body.xml", network, [*given["ADAPTERS"], *commands], dt=project.dt, integrator=project.integrator
    )
    one, other = Simulation(project.attach()), Simulation(written)
    for simulation in (one, other):
        simulation.run(0.1)
    np.testing.assert_allclose(one.data.qpos, other.data.qpos, atol=1e-7)


def test_body_alone(asim, read, tmp_path):
    folder = read(asim.simulation(asim.box("trunk"))).write(tmp_path / "box")
    assert not (folder / "network.json").exists()
    command = [sys.executable, "run.py", "0.1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("trunk [")


def test_folders_that_are_not_written(text, read, tmp_path, monkeypatch):
    """An existing one stays as it is, and a failure leaves nothing behind."""
    project = read(text)
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    for place, message in (
        (full, "not empty"), (full / "mine", "is a file"), (tmp_path / "a" / "b", "does not exist"),
    ):  # fmt: skip
        with pytest.raises(OutputPathError, match=message):
            project.write(place)
    monkeypatch.setattr(writing, "_module", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        project.write(tmp_path / "new")
    assert sorted(tmp_path.rglob("*")) == before
    monkeypatch.undo()
    (tmp_path / "empty").mkdir()
    assert len(list(project.write(tmp_path / "empty").iterdir())) == 6


def test_names_from_files_are_only_ever_text(asim, read, tmp_path):
    """A name cannot end a string in what is written."""
    nasty = "x'\"\"\"\\');open('owned','w');('"
    escaped = nasty.replace('"', "&quot;")
    stimulus = asim.stimulus("Current", escaped, TargetNodeID="id-n", CurrentOn=1e-9, ID="id-nasty")
    wires = [asim.adapter("hip", "JointRotation", "n")]
    text = asim.leg(asim.fire_module([asim.neuron("n")], adapters=wires), stimuli=[stimulus])
    text = text.replace(">hip<", f">{escaped}<").replace(">beast<", f">{escaped}<")
    project = read(text)
    assert project.stimuli[0].name == nasty
    folder = project.write(tmp_path / "leg")
    subprocess.run([sys.executable, "run.py", "0.01"], cwd=folder, capture_output=True, timeout=60, check=True)
    assert not (folder / "owned").exists()


def test_command(text, tmp_path, capsys):
    source = tmp_path / "leg.asim"
    source.write_text(text, encoding="utf-8")
    import_animatlab(source)
    printed = capsys.readouterr().out
    assert printed.startswith("beast: 2 bodies, 1 joints, 2 muscles and motors, 1 neurons")
    assert "Said otherwise here:" in printed and list(tmp_path.iterdir()) == [source]
    import_animatlab(source, tmp_path / "leg", timestep=1e-4)
    assert "try: python" in capsys.readouterr().out and (tmp_path / "leg" / "run.py").is_file()
    import_animatlab(source, tmp_path / "again", json=True)
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"project", "folder", "report"}
    assert {entry["kind"] for entry in printed["report"]} <= {"unsupported", "approximated", "note"}
    with pytest.raises(OutputPathError, match="not empty"):
        import_animatlab(tmp_path / "gone.asim", tmp_path / "leg")  # before anything is read
    source.write_text(text[:-20], encoding="utf-8")
    with pytest.raises(AnimatLabError, match="truncated"):
        import_animatlab(source, tmp_path / "third")
    assert not (tmp_path / "third").exists()
