"""`sns-mujoco evolve`, as its users type it."""

import json
import sys

import pytest
import xarray

from sns_mujoco import models
from sns_mujoco.cli import main
from sns_mujoco.learning.fitness import Speed, Survival, Task, Trial
from sns_mujoco.learning.spaces import Vary


@pytest.fixture
def sns_mujoco(monkeypatch, capsys):
    """The command, in this process: status, and what it said on both streams."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["sns-mujoco", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return (ended.value.code or 0, *capsys.readouterr())

    return command


@pytest.fixture
def task(tmp_path):
    """A short task of two genes."""
    Task(
        vary=(
            Vary("max_conductance", "?? swing->?? position", bounds=(0.5, 2.0), relative=True, scale="log", tie="all"),
            Vary("bias", "?? trigger", bounds=(-5.0, 5.0), relative="difference", tie="all"),
        ),
        trials=(Trial(seconds=0.6, settle=0.2),),
        terms=(Speed(), Survival()),
        seeds=2,
    ).save(tmp_path / "task.json")
    return tmp_path / "task.json"


def test_help_says_what_there_is(sns_mujoco):
    status, text, _ = sns_mujoco("evolve", "--help")
    assert status == 0
    for word in ("--resume", "--popsize", "--minutes", "--ray", "sns-mujoco evolve hexapod"):
        assert word in text


def test_a_hexapod_evolves_and_its_best_can_be_run(sns_mujoco, tmp_path, task, monkeypatch):
    monkeypatch.setattr("sns_mujoco.learning.evolution.film.LONGEST", 0.4)  # s
    status, said, complaint = sns_mujoco(
        "evolve", "hexapod", "--task", task, "--generations", 2, "--popsize", 4, "--out", tmp_path / "run"
    )
    for word in ("best fitness", "under fresh seeds", "8, 2 genes", "animal-steps", "wrote", "try it: sns-mujoco run"):
        assert word in said, said + complaint
    assert status == 0
    names = {p.name for p in (tmp_path / "run").iterdir()}
    assert names >= {"config.json", "best.json", "best.mp4", "history.nc", "progress.png", "final.json", "log.txt"}
    assert (tmp_path / "run" / "best.mp4").stat().st_size > 10_000
    settings = json.loads((tmp_path / "run" / "config.json").read_text())["settings"]
    assert settings["animal"] == "hexapod" and settings["popsize"] == 4
    with xarray.open_dataset(tmp_path / "run" / "history.nc") as history:
        assert list(history["term"].values) == ["speed", "survival"]
        assert list(history["term_unit"].values) == ["body lengths/s", "1"]
        assert (history["seconds_in_batch"] > 0).all() and int(history["steps"][0]) > 100
    status, _, complaint = sns_mujoco("evolve", "antagonist_joint", "--resume", tmp_path / "run")
    assert status == 1 and "animal is 'antagonist_joint'; it is 'hexapod' in the run in" in complaint
    best = models.load(tmp_path / "run")
    assert best.simulation().time == 0.0 and best.name == "hexapod"

    status, said, complaint = sns_mujoco("evolve", "--resume", tmp_path / "run", "--generations", 3, "--no-video")
    assert status == 0 and "generations   3" in said, said + complaint
    assert not (tmp_path / "run" / "best.mp4").exists()  # it showed the best of two generations


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hexapod", "--task", "task.json"], "give --out RUN for a new run, or --resume RUN"),
        (["hexapod", "--task", "task.json", "--out", "a", "--resume", "b"], "give --out RUN for a new run, or"),
        (["--out", "a"], "which animal? See sns-mujoco list"),
        (["hexapod", "--out", "a"], "which task? Give --task"),
        (["hexapodd", "--task", "task.json", "--out", "a"], "did you mean 'hexapod'?"),
        (["hexapod", "--task", "sped", "--out", "a"], "no task named 'sped'"),
        (["hexapod", "--task", "none.toml", "--out", "a"], "none.toml"),
        (["hexapod", "--task", "task.json", "--algorithm", "cma", "--out", "a"], "did you mean 'cma-es'?"),
        (
            ["hexapod", "--task", "task.json", "--generations", "0", "--out", "a"],
            "generations is 0; give a whole",
        ),
        (["hexapod", "--task", "task.json", "--minutes", "nan", "--out", "a"], "minutes is nan; give more than 0"),
        (["--resume", "nowhere"], "'nowhere' is no folder; give the folder that --out named"),
        (["--resume", "nowhere", "--start", "x.json"], "--start is for a new run"),
    ],
)
def test_mistakes_are_said_in_a_line(sns_mujoco, arguments, message, tmp_path, task, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, complaint = sns_mujoco("evolve", *arguments)
    assert status == 1
    assert message in complaint and complaint.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["task.json"]
