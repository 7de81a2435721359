"""`run --record` leaves a readable recording of all that was complete, however it ends; `verify` says what differs."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sns_mujoco.models import load as load_animal

from sns_mujoco.analysis.recording import Recorder, load
from sns_mujoco.analysis.verification import first_difference, verify
from sns_mujoco.cli.record import Record, size_of
from sns_mujoco.errors import UnknownNameError

NEEDS = {"zarr": "zarr", "nwb": "pynwb"}
COMMAND = [sys.executable, "-c", "from sns_mujoco.cli import main; main()"]


def begin(place: Path, *options: str, limit: int | None = None) -> subprocess.Popen:
    """Start a run that would take very long."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is started in the background may ignore it
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [*COMMAND, "run", "antagonist_joint", "--seconds", "100000", "--record", str(place), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=prepare,
    )  # fmt: skip


def wait_for_samples(place: Path, run: subprocess.Popen) -> None:
    """Wait until a run has written several times: the size of what it writes has changed."""
    sizes = set()
    while run.poll() is None and (len(sizes) < 12 or max(sizes) < 3_000_000):
        with suppress(FileNotFoundError):  # what is written whole has another name first
            files = [place] if place.is_file() else list(place.rglob("*"))
            sizes.add(sum(f.stat().st_size for f in files if f.is_file()))
        time.sleep(0.02)


def require_whole(place: Path) -> int:
    """A recording without a gap, each of whose rows is complete; how many rows."""
    recording = load(place)
    assert recording.time.size and np.allclose(np.diff(recording.time), 0.002)
    for name in ("potential", "joint_position", "muscle_force"):
        assert np.isfinite(recording[name]).all(), name
    return recording.sizes["time"]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("number", "suffix"),
    [
        (signal.SIGINT, "zarr"),
        (signal.SIGKILL, "nc"),
        pytest.param(signal.SIGTERM, "nc", marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, "zarr", marks=pytest.mark.slow),
    ],
)
def test_a_run_that_is_stopped_leaves_what_was_complete(number, suffix, tmp_path):
    if suffix in NEEDS:
        pytest.importorskip(NEEDS[suffix])
    place = tmp_path / f"limb.{suffix}"
    run = begin(place)
    wait_for_samples(place, run)
    run.send_signal(number)
    told, said = run.communicate(timeout=60)
    assert require_whole(place) > 500
    if number == signal.SIGKILL:
        return
    assert f"kept what there was in {place}" in told.replace("\n", "") and "ended at" in told
    assert run.returncode == (130 if number == signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in said and [p.name for p in tmp_path.iterdir()] == [place.name]


@pytest.mark.skipif(os.name != "posix", reason="limits of files are POSIX's")
def test_a_full_disk_leaves_what_was_complete_and_is_told(tmp_path):
    place = tmp_path / "limb.nc"
    run = begin(
        place, "--channels", "potential", "--channels", "joint_*", "--channels", "muscle_force", limit=4_000_000
    )
    told, said = run.communicate(timeout=120)
    assert run.returncode == 1 and "cannot be written any more" in said and "File too large" in said
    assert f"kept what there was in {place}" in told.replace("\n", "") and "Traceback" not in said
    kept = require_whole(place)
    assert f"up to {kept} samples" in said.replace("\n", " ")


@pytest.mark.parametrize("suffix", ["nc", "zarr", "csv", "nwb"])
def test_what_was_asked_for_is_there_in_the_end_and_nothing_else(suffix, tmp_path):
    if suffix in NEEDS:
        pytest.importorskip(NEEDS[suffix])
    place = tmp_path / f"limb.{suffix}"
    simulation = load_animal("antagonist_joint").simulation()
    record = Record(simulation, place, rate=100.0, channels=["potential"])
    record.recorder.step(500)
    record.close()
    assert [p.name for p in tmp_path.iterdir()] == [place.name] and size_of(place) > 5000
    if suffix == "csv":
        assert np.loadtxt(place, delimiter=",", skiprows=1).shape == (50, 19)
    with pytest.raises(UnknownNameError):
        Record(simulation, tmp_path / f"other.{suffix}", rate=100.0, channels=["potentail"])
    assert [p.name for p in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize(("seconds", "rate"), [(40.0, 1000), pytest.param(3600.0, 100, marks=pytest.mark.slow)])
def test_memory_stays_as_it_is_however_long_a_run_is(seconds, rate, tmp_path):
    place = tmp_path / "limb.nc"
    code = f"""
import resource
from sns_mujoco.analysis.recording import Recorder
from sns_mujoco.models import load
simulation = load("antagonist_joint").simulation()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
with Recorder(simulation, rate={rate}, to={str(place)!r}) as recorder:
    recorder.run(20.0)
    before = peak()
    recorder.run({seconds})
    print(peak() - before, recorder.samples)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    grown, samples = done.stdout.split()
    numbers = place.stat().st_size / 1e6  # MB that were recorded
    assert int(samples) == (20.0 + seconds) * rate and numbers > 30.0 and float(grown) < 0.4 * numbers


@pytest.mark.slow
def test_an_animal_lives_the_same_life_again():
    found = verify(load_animal("antagonist_joint"), seconds=0.05, seeds=(3,))
    assert found.identical and len(found.checks) == 5 and found.channels > 80
    assert json.loads(json.dumps(found.to_dict()))["identical"] is True


def test_the_first_difference_is_named():
    def life(late: float) -> object:
        simulation = load_animal("antagonist_joint").simulation(seed=1)
        recorder = Recorder(simulation, rate=500)
        recorder.step(20)
        simulation.data.plugin_state[simulation.brain.state.start + 2] += late
        recorder.step(20)
        return recorder.dataset()

    assert first_difference(life(0.0), life(0.0)) is None
    apart = first_difference(life(0.0), life(1e-9), seed=1)
    assert apart is not None and apart.seed == 1 and apart.step == 11 and apart.time == pytest.approx(0.022)
    assert apart.channel.startswith("potential[") and apart.values[0] != apart.values[1]
