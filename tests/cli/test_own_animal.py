"""An animal of a user's own file, through the commands: as a recording names it, with joints that have no names."""

import re
from dataclasses import replace
from pathlib import Path

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import Readout, load

from sns_mujoco import SpikingNeuron, save_recording
from sns_mujoco.analysis import gait
from sns_mujoco.cli import run
from sns_mujoco.cli.film import Part, film
from sns_mujoco.cli.report import told_of
from sns_mujoco.cli.run import run_animal
from sns_mujoco.cli.show import print_animals
from sns_mujoco.errors import ParameterError, RecordingError
from sns_mujoco.rendering.choice import traces_of
from sns_mujoco.rendering.panels import Panel
from sns_mujoco.rendering.replay import Replay
from sns_mujoco.rendering.shoot import Style
from sns_mujoco.rendering.subject import Subject

STROLLER = f"{Path(__file__).parents[2] / 'examples' / 'own_animal.py'}:STROLLER"
LOOK = dict(slow=1.0, quality="draft", renderer="raycaster")


@pytest.fixture(scope="module")
def walk():
    stroller = load(STROLLER).simulation()
    stroller.commands["drive"] = 0.5
    return stroller.record(3.0, rate=500.0)


def test_it_walks_and_its_gait_is_told_with_a_joint_that_has_no_name(walk):
    report = gait.gait_report(walk, load(STROLLER), resamples=20)
    assert report.quantities["duty factor"].value == pytest.approx(0.46, abs=0.05)
    assert "joint 0" in report.works and "L hip" in report.works


def test_a_replay_moves_a_joint_that_has_no_name(walk):
    replay = Replay(load(STROLLER), walk)
    for _ in replay:
        pass
    np.testing.assert_allclose(
        replay.simulation.data.body("torso").xpos, walk.body_position.sel(body="torso")[-1], atol=1e-3
    )
    assert replay.simulation.data.body("torso").xpos[0] > 0.5


def test_no_code_is_run_because_a_recording_says_so(walk, tmp_path):
    mark, code = tmp_path / "was_run", tmp_path / "foreign.py"
    code.write_text(f"open({str(mark)!r}, 'w').close()\n")
    place = tmp_path / "walk.nc"
    save_recording(walk.isel(time=slice(0, 20)).assign_attrs(animal=f"{code}:STROLLER"), place)
    look = dict(seconds=1.0, **LOOK, style=Style(panels=()))
    with pytest.raises(RecordingError, match="--animal"):
        film([Part(what=str(place))], tmp_path / "walk.gif", **look)
    assert not mark.exists() and not (tmp_path / "walk.gif").exists()
    film([Part(what=str(place), animal=STROLLER)], tmp_path / "walk.gif", **look)
    assert (tmp_path / "walk.gif").stat().st_size > 0
    with pytest.raises(ValueError, match="none is filmed"):
        film([Part(what="hexapod", animal=STROLLER)], tmp_path / "other.gif", **look)


def test_traces_without_room_are_told_and_a_refused_film_has_not_ended(tmp_path, capsys):
    look = dict(seconds=0.02, seed=0, orders=[], terrain=None, record=None, **LOOK)
    run_animal(STROLLER, video=tmp_path / "a.gif", style=Style(panels=("traces", "raster", "circuit", "stance"),
               size=(640, 360)), **look)  # fmt: skip
    said = capsys.readouterr().out
    found = re.search(r"no room for (\d) traces? \((.*)\)", said)
    assert found and "stretch" in found[2] and 1 <= int(found[1]) < 6
    run_animal(STROLLER, video=tmp_path / "b.gif", style=Style(), **look)
    assert "no room" not in capsys.readouterr().out
    with pytest.raises(ParameterError, match="no muscles"):
        run_animal(STROLLER, video=tmp_path / "c.gif", style=Style(panels=("muscles",)), **look)
    assert "ended" not in capsys.readouterr().out and not (tmp_path / "c.gif").exists()


def test_an_animal_that_names_nothing_to_report_reports_its_readouts():
    bare = replace(
        load(STROLLER), feet=(), rhythm=(), joints=(),
        readouts=(
            Readout(joint="L hip", label="hip", family="L", range=(-60.0, 60.0)),
            Readout(neuron="L swing", label="swing", family="L", range=(0.0, 30.0)),
        ),
    )  # fmt: skip
    assert told_of(bare).joints == ("L hip",) and told_of(bare).rhythm == ("L swing",)
    assert told_of(load("hexapod")) is load("hexapod")
    traces = traces_of(bare, bare.build().compile())
    titles = [title for title, _ in Panel(traces, (), (560, 720), frame_time=0.04).layout.titles]
    assert titles == ["Joint angle  (degrees)", "Membrane potential  (mV)"]  # an angle is no potential


def test_joints_without_names_are_recorded_each():
    spec = load(STROLLER).body("ground", 0)
    torso = spec.body("torso")
    torso.add_joint(type=mujoco.mjtJoint.mjJNT_SLIDE, axis=(0, 0, 1))
    animal = replace(load(STROLLER), body=lambda terrain, seed: spec.copy())
    recording = animal.simulation().record(0.01, rate=500.0)
    assert list(recording.joint.values[:2]) == ["joint 0", "joint 1"] and recording.sizes["joint"] == 6


def test_a_film_of_a_run_misses_no_spike(tmp_path, monkeypatch):
    def spiking():
        network = load(STROLLER).network()
        network.add_neuron(SpikingNeuron(bias=30.0), "tonic")
        return network

    watched, watch = [], Subject.watch
    monkeypatch.setattr(Subject, "watch", lambda self: (watched.append(self._simulation.time), watch(self)))
    monkeypatch.setattr(run, "load", lambda name: replace(load(STROLLER), network=spiking))
    run.run_animal("stroller", seconds=0.02, seed=0, orders=[], terrain=None, record=None, video=tmp_path / "a.gif",
                   **LOOK, style=Style(panels=("raster",), size=(640, 360)))  # fmt: skip
    assert sorted({round(1e3 * time) for time in watched}) == list(range(1, 21))  # every step of 1 ms


def test_the_list_says_what_each_animal_is(capsys):
    print_animals()
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("hexapod  a cockroach") for line in lines) and max(map(len, lines)) <= 80
