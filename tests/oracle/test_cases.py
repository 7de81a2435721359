"""The recorded trajectories of SNS-Toolbox, and the command that replays a folder of them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import check
import numpy as np
import pytest
from replay import replay

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.json"))
SHARED = HERE.parents[2] / "shared" / "oracle"


def test_all_thirty_are_there():
    assert len(CASES) == 30


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, backend):
    result = replay(path, backend)
    assert result.difference <= result.tolerance


@pytest.fixture
def folder(tmp_path):
    """One short case, to be damaged."""
    for suffix in (".json", ".npz"):
        shutil.copy(CASES[-1].with_suffix(suffix), tmp_path)
    return tmp_path


def run_check(folder, monkeypatch, capsys, *options):
    monkeypatch.setattr(sys, "argv", ["check.py", str(folder), *options])
    status = check.main()
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def change(folder, edit):
    path = folder / CASES[-1].name
    spec = json.loads(path.read_text())
    edit(spec)
    path.write_text(json.dumps(spec))


def test_command_passes_a_good_folder(folder, monkeypatch, capsys):
    status, shown = run_check(folder, monkeypatch, capsys)
    assert status == 0
    assert [line.split()[1] for line in shown.splitlines()[:2]] == ["numpy", "numba"]
    assert shown.count(" pass\n") == 2 and shown.endswith("all passed\n")
    status, shown = run_check(folder, monkeypatch, capsys, "--backend", "numpy")
    assert status == 0 and shown.count(" pass\n") == 1


def test_command_fails_a_wrong_number(folder, monkeypatch, capsys):
    change(folder, lambda spec: spec["populations"][1]["neuron"].update(bias=4.001))
    status, shown = run_check(folder, monkeypatch, capsys)
    assert status == 1 and shown.count(" FAIL\n") == 2 and "2 failed" in shown


def test_command_fails_a_wrong_final_state(folder, monkeypatch, capsys):
    path = folder / CASES[-1].with_suffix(".npz").name
    arrays = dict(np.load(path))
    arrays["spike_count"] = arrays["spike_count"] + 1
    np.savez(path, **arrays)
    status, shown = run_check(folder, monkeypatch, capsys, "--backend", "numpy")
    assert status == 1 and "1.00e+00 of" in shown


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda folder: change(folder, lambda spec: spec.update(format="other")), "format is 'other'"),
        (lambda folder: change(folder, lambda spec: spec.pop("dt")), "it has no dt"),
        (lambda folder: change(folder, lambda spec: spec.update(steps=7)), "it has 60 inputs for 7 steps"),
        (lambda folder: next(folder.glob("*.json")).write_text("{"), "Expecting property name"),
        (lambda folder: next(folder.glob("*.json")).write_text("[]"), "unreadable"),
        (lambda folder: next(folder.glob("*.npz")).unlink(), "No such file"),
        (lambda folder: next(folder.glob("*.npz")).write_bytes(b"PK\x03\x04 torn"), "unreadable"),
        (lambda folder: next(folder.glob("*.npz")).write_bytes(b""), "unreadable"),
        (lambda folder: next(folder.glob("*.json")).unlink(), "there is no case"),
        (lambda folder: shutil.rmtree(folder), "there is no case"),
    ],
)
def test_command_fails_a_damaged_folder_and_says_why(folder, monkeypatch, capsys, damage, complaint):
    damage(folder)
    status, shown = run_check(folder, monkeypatch, capsys)
    assert status == 1 and complaint in shown


def test_command_goes_on_after_a_damaged_case(folder, monkeypatch, capsys):
    for suffix in (".json", ".npz"):
        shutil.copy(CASES[0].with_suffix(suffix), folder)
    (folder / CASES[0].name).write_text("{")
    status, shown = run_check(folder, monkeypatch, capsys, "--backend", "numpy")
    assert status == 1 and shown.count(" FAIL\n") == 1 and shown.count(" pass\n") == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder that the cases were copied from is not beside the checkout")
def test_copies_are_those_of_the_folder_they_came_from_and_what_is_new_there_passes():
    for path in sorted(SHARED.glob("*.json")):
        ours = HERE / "cases" / path.name
        if ours.exists():
            for suffix in (".json", ".npz"):
                assert ours.with_suffix(suffix).read_bytes() == path.with_suffix(suffix).read_bytes()
        else:
            assert replay(path, "numba").passed


@pytest.mark.parametrize("damaged", [False, True])
def test_command_from_a_shell(folder, damaged):
    if damaged:
        change(folder, lambda spec: spec.pop("dt"))
    command = [sys.executable, str(HERE / "check.py"), str(folder), "--backend", "numpy"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == damaged, done.stderr
    assert ("FAIL" if damaged else "pass") in done.stdout


def test_recordings_of_nothing_but_nan_fail(folder):
    path = folder / CASES[-1].name
    arrays = dict(np.load(path.with_suffix(".npz")))
    arrays["outputs"] = np.full_like(arrays["outputs"], np.nan)
    np.savez(path.with_suffix(".npz"), **arrays)
    assert not replay(path, "numba").passed
