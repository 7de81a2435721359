"""`sns-mujoco gait`, as its users type it."""

import json
import sys

import numpy as np
import pytest
import xarray
from sns_mujoco.models import load

from sns_mujoco.analysis.recording import save
from sns_mujoco.cli import main

NEEDED = ["sensor", "body_*", "joint_*", "command"]  # what a gait is measured from, of an animal without muscles


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gait")
    for seed in (0, 1):
        simulation = load("hexapod").simulation(seed=seed)
        simulation.commands["drive"] = 1.0
        save(simulation.record(1.2, rate=250, channels=NEEDED), folder / f"{seed}.nc")
    return folder / "0.nc", folder / "1.nc"


@pytest.fixture
def gait(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["sns-mujoco", "gait", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out = capsys.readouterr()
        return end.value.code or 0, out.out, out.err

    return run


def test_it_says_what_the_gait_is(gait, files):
    code, out, _ = gait(*files, "--from", 0.5)
    assert code == 0
    for word in ("tripod", "duty factor", "Froude number", "in 2 lives", "L2 after L1", "L1_coxa", "static margin"):
        assert word in out, out


def test_json_holds_the_same_and_nothing_else_is_printed(gait, files, tmp_path):
    code, out, _ = gait(files[0], "--from", 0.5, "--json", "--out", tmp_path / "gait.json")
    told = json.loads(out)
    assert code == 0 and told == json.loads((tmp_path / "gait.json").read_text())
    speed = {row["quantity"]: row for row in told["quantities"] if not row["of"]}["relative speed"]
    assert told["gait"] == "tripod" and 1.9 < speed["low"] <= speed["value"] <= speed["high"] < 2.6
    assert told["falls"] == [None] and told["coherence"]["L3 after L2"] > 0.9


def test_it_compares_with_what_others_measured(gait, files, tmp_path):
    table, angles = tmp_path / "table.csv", tmp_path / "angles.csv"
    table.write_text("quantity,mean,sd,source\nduty factor,0.5,0.1,somebody\n")
    angles.write_text("phase,L1_coxa\n0,20\n0.5,-20\n1,20\n")
    code, out, _ = gait(
        files[0], "--from", 0.5, "--compare", table, "--trajectories", angles, "--degrees", "--json"
    )  # fmt: skip
    told = json.loads(out)
    (duty,) = told["references"]
    assert code == 0 and duty["z"] == pytest.approx((duty["value"] - 0.5) / 0.1) and duty["source"] == "somebody"
    (coxa,) = told["trajectories"]
    assert coxa["joint"] == "L1_coxa" and 0.0 < coxa["rmse"] < 1.0
    _, out, _ = gait(files[0], "--from", 0.5, "--compare", table, "--trajectories", angles, "--degrees")
    assert "somebody" in out and "RMSE" in out


def test_files_are_written(gait, files, tmp_path):
    for suffix in ("csv", "nc"):
        code, out, _ = gait(files[0], "--from", 0.5, "--out", tmp_path / f"gait.{suffix}")
        assert code == 0 and "wrote" in out
    assert (tmp_path / "gait.csv").read_text().splitlines()[0].startswith("quantity,of,value,low,high")
    with xarray.open_dataset(tmp_path / "gait.nc", engine="h5netcdf") as data:
        assert data.attrs["gait"] == "tripod" and data.sizes["stride"] > 10


def test_a_command_that_goes_up_and_down(gait, tmp_path):
    simulation = load("hexapod").simulation()
    parts = []
    for drive in (0.6, 0.8, 1.0, 0.8, 0.6):
        simulation.commands["drive"] = drive
        parts.append(simulation.record(0.6, rate=250, channels=NEEDED))
    save(xarray.concat(parts, dim="time", combine_attrs="override"), tmp_path / "ramp.nc")
    code, out, _ = gait(tmp_path / "ramp.nc", "--from", 0, "--along", "drive", "--json", "--terrain", "flat")
    loop = json.loads(out)["along"]["speed"]
    assert code == 0 and np.isfinite([value for value in loop["up"] if value is not None]).all()
    known = [value for value in loop["up"] if value is not None]
    assert known[-1] > known[0] and "stride period" in json.loads(out)["along"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--animal", "hexapodd"], "did you mean 'hexapod'"),
        (["--reference", "L9"], "no foot named 'L9'"),
        (["--from", "7"], "nothing of it lies between 7 s"),
        (["--events", "smell"], "no way to tell stance named 'smell'"),
        (["--out", "gait.xlsx"], "it may end in .csv, .json, .nc"),
        (["--compare", "none.csv"], "there is no file 'none.csv'"),
        (["--along", "drift"], "no command named 'drift'"),
        (["--level", "95"], "level is 95"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(gait, files, more, message):
    code, out, err = gait(files[0], *more)
    assert code == 1 and message in err and err.startswith("error: ") and "Traceback" not in err


def test_a_recording_that_does_not_say_whose_it_is(gait, files, tmp_path):
    with xarray.open_dataset(files[0], engine="h5netcdf") as opened:
        recording = opened.load()
    for told, message in (("", "does not say of which animal"), ("mine.py:ANIMAL", "an animal of your own")):
        recording.attrs["animal"] = told
        save(recording, tmp_path / "other.nc")
        code, _, err = gait(tmp_path / "other.nc")
        assert code == 1 and message in err and "--animal" in err
    assert gait(tmp_path / "other.nc", "--animal", "hexapod", "--from", 0.5)[0] == 0
    (tmp_path / "damaged.nc").write_bytes(b"nothing")
    assert gait(tmp_path / "damaged.nc")[0] == 1
