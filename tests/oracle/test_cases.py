"""The recorded trajectories of SNS-Toolbox, and the command that replays a folder of them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import check
import numpy as np
import pytest
from replay import BACKENDS, build, replay
from single_synapses import expand

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.json"))
SHARED = HERE.parents[2] / "shared" / "oracle"


def test_all_thirty_are_there():
    assert len(CASES) == 30


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, backend):
    most = 600 if backend in ("torch", "sparse") else None  # they are made for batches, a step costs them much
    result = replay(path, backend, most)
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
    assert [line.split()[1] for line in shown.splitlines()[:4]] == list(BACKENDS)
    assert shown.count(" pass\n") == 4 and shown.endswith("all passed\n")
    status, shown = run_check(folder, monkeypatch, capsys, "--backend", "numpy")
    assert status == 0 and shown.count(" pass\n") == 1


def test_command_fails_a_wrong_number(folder, monkeypatch, capsys):
    change(folder, lambda spec: spec["populations"][1]["neuron"].update(bias=4.001))
    status, shown = run_check(folder, monkeypatch, capsys)
    assert status == 1 and shown.count(" FAIL\n") == 4 and "4 failed" in shown


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


@pytest.mark.parametrize("name", ["11", "19", "22", "23", "24", "25", "29"])
def test_a_case_written_out_as_single_synapses_is_the_same_network(tmp_path, name):
    """As the recordings of what SNS-Toolbox cannot compile were made."""
    path = next(path for path in CASES if path.name.startswith(name))
    shutil.copy(path.with_suffix(".npz"), tmp_path)
    spec = json.loads(path.read_text())
    spec["oracle_basis"] = "expanded"
    (tmp_path / path.name).write_text(json.dumps(spec))
    assert replay(tmp_path / path.name, "numba").passed


def test_zeros_of_what_was_written_out_leave_other_synapses_alone():
    neuron = {"model": "NonSpikingNeuron", "membrane_capacitance": 5.0, "membrane_conductance": 1.0}
    population = {"name": "", "shape": [2], "initial": 0.0, "neuron": neuron | {"resting_potential": 0.0, "bias": 0.0}}
    single = {
        "model": "NonSpikingSynapse",
        "max_conductance": 1.0,
        "reversal_potential": 40.0,
        "e_lo": 0.0,
        "e_hi": 20.0,
    }
    ends = {"source": 0, "target": 1}
    matrix = {name: [[value] * 2] * 2 for name, value in single.items() if name not in ("model", "max_conductance")}
    matrix |= {"model": "NonSpikingMatrixConnection", "max_conductance": [[0.0, 0.7], [0.0, 0.0]]}
    spec = {"populations": [population] * 2, "connections": [single | ends, matrix | ends], "inputs": [], "outputs": []}
    written, _ = expand(spec | {"name": "zeros"})
    program = build(written).to_program(dt=0.1, semantics="sns-toolbox")
    np.testing.assert_array_equal(np.sort(program.graded_conductance), [0.5, 0.5, 0.5, 0.7])
