"""Recordings come back from the disk as they were, and what is no recording is refused by name."""

import json
from importlib.util import find_spec

import mujoco
import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sns_mujoco.models import load as load_animal

import sns_mujoco as sns
from sns_mujoco.analysis.recording import Recorder, load, save, storage, streams
from sns_mujoco.errors import MissingDependencyError, OutputPathError, RecordingError

SUFFIXES = ("nc", "zarr") if find_spec("zarr") else ("nc",)


def alive(seed: int = 0) -> sns.Simulation:
    simulation = load_animal("antagonist_joint").simulation(seed=seed)
    simulation.commands["flex"] = 1.0
    return simulation


@pytest.fixture(scope="module")
def recording() -> xarray.Dataset:
    return alive().record(0.2, rate=250, rates={"muscle_*": 50})


def equal(one: xarray.Dataset, other: xarray.Dataset) -> None:
    """Equal in values, attributes, types and order."""
    xarray.testing.assert_identical(one, other)
    assert list(one.data_vars) == list(other.data_vars) and list(one.coords) == list(other.coords)
    assert {k: v.dtype for k, v in one.variables.items()} == {k: v.dtype for k, v in other.variables.items()}
    assert {k: type(v) for k, v in one.attrs.items()} == {k: type(v) for k, v in other.attrs.items()}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_saved_is_loaded_equal(recording, tmp_path, suffix):
    place = tmp_path / f"limb.{suffix}"
    save(recording, place)
    equal(sns.load_recording(place), recording)
    save(recording.isel(time=slice(3)), place)  # in the place of the first
    assert load(place).sizes["time"] == 3
    assert [p.name for p in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_written_as_it_comes_equals_what_is_kept_in_memory(recording, tmp_path, suffix):
    place = tmp_path / f"limb.{suffix}"
    with Recorder(alive(), rate=250, rates={"muscle_*": 50}, to=place) as recorder:
        for steps in (1, 40, 60, 99):
            recorder.step(steps)
            equal(recorder.dataset(), recording.sel(time=slice(0, recorder._life.time + 1e-9)).sel(
                time_50Hz=slice(0, recorder._life.time + 1e-9)))  # fmt: skip
    equal(load(place), recording)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_populations_come_back_too(tmp_path, suffix):
    place = tmp_path / f"limbs.{suffix}"
    with sns.Population("antagonist_joint", 3, threads=1) as limbs:
        memory = Recorder(limbs, rate=250)
        memory.step(20)
    with sns.Population("antagonist_joint", 3, threads=1) as limbs, Recorder(limbs, rate=250, to=place) as recorder:
        recorder.step(8)
        recorder.step(12)
    equal(load(place), memory.dataset())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, unique=True),
    values=st.lists(st.floats(), min_size=1, max_size=5),
    suffix=st.sampled_from(SUFFIXES),
)
def test_any_name_and_any_number_survive(tmp_path, names, values, suffix):
    dataset = xarray.Dataset(
        {"potential": (("time", "neuron"), np.outer(values, np.ones(len(names))))},
        coords={"time": np.arange(len(values)) / 10.0, "neuron": np.array(names, object)},
        attrs={"sns_mujoco_version": "0", "note": names[0], "number": 1, "real": 0.1},
    )
    place = tmp_path / f"any.{suffix}"
    save(dataset, place)
    equal(load(place), dataset)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_grew_is_not_much_larger_than_its_numbers(tmp_path, suffix):
    place = tmp_path / f"limb.{suffix}"
    with Recorder(alive(), rate=500, channels=["potential", "joint_position"], to=place) as recorder:
        for _ in range(12):
            recorder.step(250)
            recorder._stream.flush()
    files = [f for f in place.rglob("*") if f.is_file()] or [place]
    assert recorder.samples * 21 * 8 < sum(f.stat().st_size for f in files) < 2 * recorder.samples * 21 * 8


def test_files_are_left_on_the_disk_until_they_are_used(recording, tmp_path):
    save(recording, tmp_path / "limb.nc")
    with load(tmp_path / "limb.nc", lazy=True) as lazy:
        assert not lazy.potential.variable._in_memory
        np.testing.assert_array_equal(lazy.potential[-1], recording.potential[-1])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_damaged_file_is_named(recording, tmp_path, share):
    place = tmp_path / "limb.nc"
    save(recording, place)
    whole = place.read_bytes()
    place.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(RecordingError, match=r"limb\.nc.* damaged"):
        load(place)


def test_what_is_no_recording_is_named(tmp_path):
    foreign = xarray.Dataset({"a": ("x", [1.0, 2.0])})
    foreign.to_netcdf(tmp_path / "foreign.nc", engine="h5netcdf")
    with pytest.raises(RecordingError, match="no recording of this package"):
        load(tmp_path / "foreign.nc")
    with pytest.raises(RecordingError, match="ends in .nc or .zarr"):
        load(tmp_path / "walk.txt")
    with pytest.raises(FileNotFoundError, match="walk.nc"):
        load(tmp_path / "walk.nc")
    if "zarr" in SUFFIXES:
        (tmp_path / "empty.zarr").mkdir()
        with pytest.raises(RecordingError, match=r"empty\.zarr.* damaged or none"):
            load(tmp_path / "empty.zarr")


def test_zarr_that_is_not_installed_is_named(recording, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "find_spec", lambda name: None)
    (tmp_path / "walk.zarr").mkdir()
    for attempt in (
        lambda: save(recording, tmp_path / "limb.zarr"),
        lambda: load(tmp_path / "walk.zarr"),
        lambda: Recorder(alive(), to=tmp_path / "limb.zarr"),
    ):
        with pytest.raises(MissingDependencyError, match=r"sns-mujoco\[zarr\]"):
            attempt()


@pytest.mark.skipif(find_spec("zarr") is None, reason="zarr is not installed")
def test_a_folder_of_something_else_is_not_replaced(recording, tmp_path):
    precious = tmp_path / "data.zarr"
    precious.mkdir()
    (precious / "thesis.txt").write_text("precious")
    for attempt in (lambda: save(recording, precious), lambda: Recorder(alive(), to=precious)):
        with pytest.raises(OutputPathError, match="no Zarr recording"):
            attempt()
    assert (precious / "thesis.txt").read_text() == "precious"
    with pytest.raises(OutputPathError, match="does not exist"):
        Recorder(alive(), to=tmp_path / "nowhere" / "walk.nc")


def test_attributes_reproduce_it(monkeypatch, tmp_path):
    animal = load_animal("antagonist_joint")
    simulation = animal.simulation(seed=7)
    attrs = simulation.record(0.01).attrs
    assert attrs["seed"] == 7 and attrs["animal"] == "antagonist_joint" and attrs["terrain"] == animal.terrains[0]
    assert attrs["mujoco_version"] == mujoco.__version__ and attrs["rate_hz"] == 100.0
    assert json.loads(attrs["commands_at_start"]) == {name: 0.0 for name in simulation.commands}
    again = load_animal(attrs["animal"]).simulation(terrain=attrs["terrain"], seed=attrs["seed"]).record(0.01).attrs
    assert again == attrs
    changed = animal.simulation(seed=7)
    changed.model.numeric_data[changed.model.numeric("nervous_system").adr[0]] += 1e-9
    other = changed.record(0.01).attrs
    assert other["network_sha256"] != attrs["network_sha256"] and other["model_sha256"] != attrs["model_sha256"]
    monkeypatch.chdir(tmp_path)
    assert "git_commit" not in simulation.record(0.01).attrs


def test_the_state_of_a_checkout_is_told_without_running_what_it_configures(tmp_path, monkeypatch):
    import shutil
    import subprocess

    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def git(*arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        return subprocess.run(["git", *names, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "-qm", "one")
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    hook.chmod(0o755)
    git("config", "core.fsmonitor", str(hook))
    (tmp_path / "file").write_text("two")
    attrs = alive().record(0.01).attrs
    assert attrs["git_commit"] == git("-c", "core.fsmonitor=false", "rev-parse", "HEAD") and attrs["git_dirty"] == 1
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_write_that_ctrl_c_stops_halfway_leaves_no_gap(suffix, tmp_path, monkeypatch):
    kind = {"nc": streams.NetcdfStream, "zarr": streams.ZarrStream}[suffix]
    put, calls = kind._put, []
    monkeypatch.setattr(streams, "INTERVAL", np.inf)  # written when it is asked for, however slow the machine is

    def stopped(self, *arguments):
        calls.append(None)
        if len(calls) == 3:
            raise KeyboardInterrupt
        put(self, *arguments)

    recorder = Recorder(alive(), rate=1000, to=tmp_path / f"walk.{suffix}")
    recorder.step(5)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(kind, "_put", stopped)
        recorder.dataset()
    recorder.step(5)
    recorder.close()
    found = sns.load_recording(tmp_path / f"walk.{suffix}")
    np.testing.assert_allclose(found.time, 0.001 * np.arange(1, 11))
    assert np.isfinite(found.potential).all()


@pytest.mark.skipif("zarr" not in SUFFIXES, reason="zarr is not installed")
def test_a_link_is_no_place_for_a_folder(tmp_path):
    (tmp_path / "walk.zarr").symlink_to(tmp_path)
    with pytest.raises(OutputPathError, match="is a link"):
        Recorder(alive(), to=tmp_path / "walk.zarr")
