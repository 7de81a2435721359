"""The command line, as its users type it."""

import json
import subprocess
import sys

import numpy as np
import pytest
import xarray

from sns_mujoco.cli import main
from sns_mujoco.cli.commands import Order
from sns_mujoco.cli.run import run_animal
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError


def sns_mujoco(*arguments, check=True, cwd=None):
    command = [sys.executable, "-c", "from sns_mujoco.cli import main; main()", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=None)
    if check:
        assert run.returncode == 0, run.stderr
    return run


def test_list_says_what_there_is():
    assert "hexapod" in sns_mujoco("list").stdout


@pytest.mark.parametrize("command", ["run", "bench", "list"])
def test_help_texts(command):
    text = sns_mujoco(command, "--help").stdout
    assert "Usage" in text
    if command != "list":
        assert f"sns-mujoco {command} hexapod" in text


def test_run_films_records_and_reports(tmp_path):
    video, record = tmp_path / "walk.mp4", tmp_path / "walk.nc"
    run = sns_mujoco(
        "run", "hexapod", "--seconds", 1, "--drive", 1, "--video", video, "--record", record, "--quality", "draft"
    )
    for word in ("distance", "speed", "stride period", "duty factor", "simulated seconds", "closed loop over open"):
        assert word in run.stdout, run.stdout
    assert video.stat().st_size > 10_000
    with xarray.open_dataset(record, engine="h5netcdf") as recording:
        assert recording.time.values[-1] == pytest.approx(1.0)
        assert recording.command.sel(command_name="drive").values[-1] == 1.0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["walk.mp4", "walk.nc"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "hexapodd"], "no animal named 'hexapodd' in sns_mujoco.models; did you mean 'hexapod'?"),
        (["run", "hexapod", "--video", "missing/walk.mp4"], "'missing' does not exist; make it first"),
        (["run", "hexapod", "--video", "walk.avi"], "ends in '.avi'"),
        (["run", "hexapod", "--record", "walk.txt"], "ends in '.txt'; it may end in .nc, .zarr, .csv, .nwb"),
        (["run", "hexapod", "--record", "walk.nc", "--channels", "potentail"], "no channel named 'potentail'"),
        (["run", "hexapod", "--record", "walk.csv", "--rate", "300"], "does not divide the physics rate"),
        (["run", "hexapod", "--rate", "100"], "say where it is to go with --record"),
        (["run", "hexapod", "--drive", "2"], "drive is 2; give 0 to 1"),
        (["run", "hexapod", "--drive", "nan"], "drive is nan"),
        (["run", "hexapod", "--command", "drive"], "--command is 'drive'; give name=value"),
        (["bench", "hexapod", "--seconds", "0"], "--seconds is 0; give at least 0.1"),
        (["run", "hexapod", "--seconds", "0"], "--seconds is 0; give more than 0"),
        (["run", "hexapod", "--seed", "-1"], "seed is -1"),
        (["run", "hexapod", "--terrain", "moon"], "no terrain named 'moon'"),
        (["bench", "hexapot"], "did you mean 'hexapod'?"),
    ],
)
def test_mistakes_are_said_in_a_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sns-mujoco", *arguments])
    with pytest.raises(SystemExit) as end:  # in this process: it is what a new one does first
        main()
    said = capsys.readouterr().err
    assert end.value.code == 1
    assert message in said.replace("\n", " ") or message in said
    assert not list(tmp_path.iterdir())


def test_a_mistake_ends_the_process_without_a_traceback(tmp_path):
    run = sns_mujoco("run", "hexapodd", check=False, cwd=tmp_path)
    assert run.returncode == 1 and run.stderr.startswith("error: no animal named 'hexapodd'")
    assert "Traceback" not in run.stderr and not list(tmp_path.iterdir())


def test_bench_prints_json_with_all_ratios():
    results = json.loads(sns_mujoco("bench", "hexapod", "--json", "--repeats", 1, "--seconds", 0.5).stdout)
    assert results["closed_over_open"] > 0 and results["closed_over_open_batched"] > 0
    assert results["recording_over_stepping"] > 0 and results["recorded_numbers"] == 100
    assert set(results["core"]["ns_per_synapse"]) == {"10", "100", "1000"}
    if results["sns_toolbox"]:
        assert results["speedup_over_sns_toolbox"] > 0
        assert np.isfinite(results["brain_speedup_over_sns_toolbox"])  # its sign is luck on a busy machine


@pytest.mark.parametrize("end", [DivergenceError("the simulation diverged at 0.2 s"), KeyboardInterrupt()])
def test_what_was_lived_is_kept_when_a_run_ends_early(end, tmp_path, monkeypatch):
    steps = iter(range(100))
    whole = Simulation.step

    def step(self, n=1):
        if next(steps) == 60:
            raise end
        whole(self, n)

    monkeypatch.setattr(Simulation, "step", step)
    video, record = tmp_path / "walk.mp4", tmp_path / "walk.nc"
    with pytest.raises(type(end)):
        run_animal(
            "hexapod", seconds=1.0, seed=0, orders=[Order(name="drive", value=1.0)], terrain=None, video=video,
            record=record, slow=1.0, quality="draft", renderer="auto",
        )  # fmt: skip
    assert video.stat().st_size > 1000
    with xarray.open_dataset(record, engine="h5netcdf") as recording:
        assert recording.sizes["time"] == 60
    assert len(list(tmp_path.iterdir())) == 2
