"""`sns-mujoco figure` and `sns-mujoco show --out`, as their users type them."""

import numpy as np
import pytest
import xarray
from sns_mujoco.models import load
from typer.testing import CliRunner

from sns_mujoco import save_recording
from sns_mujoco.cli.figure import KINDS
from sns_mujoco.cli.instruments import app
from sns_mujoco.errors import UnknownNameError

OF_A_RECORDING = [kind for kind in KINDS if kind not in ("lesion_table", "hildebrand")]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    simulation = load("antagonist_joint").simulation(terrain="ground")
    simulation.commands["drive"] = 0.8
    place = tmp_path_factory.mktemp("life") / "life.nc"
    save_recording(simulation.record(2.5, rate=200.0), place)
    return place


def typed(*arguments):
    """What the command prints; what it raises."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("kind", OF_A_RECORDING)
def test_every_figure_of_a_recording(tmp_path, file, kind):
    out = tmp_path / "figure.svg"  # the quickest
    told = typed("figure", kind.replace("_", "-"), file, "--animal", "antagonist_joint", "--out", out)
    assert "<svg" in out.read_text() and "wrote" in told
    assert [p.name for p in tmp_path.iterdir()] == ["figure.svg"]


def test_the_recording_says_the_animal(tmp_path, file):
    with xarray.open_dataset(file, engine="h5netcdf") as recording:
        assert recording.attrs["animal"] == "antagonist_joint"
    typed("figure", "stance_diagram", file, "--out", tmp_path / "a.svg")
    assert "<svg" in (tmp_path / "a.svg").read_text()


def test_no_code_is_run_because_a_file_says_so(tmp_path, file):
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')\n")
    with xarray.open_dataset(file, engine="h5netcdf") as known:
        other = known.load()
    other.attrs["animal"] = f"{tmp_path}/evil.py:ANIMAL"
    save_recording(other, tmp_path / "other.nc")
    with pytest.raises(ValueError, match="stance_diagram needs the animal.*give --animal"):
        typed("figure", "stance_diagram", tmp_path / "other.nc", "--out", tmp_path / "a.pdf")


def test_options_reach_the_figure(tmp_path, file):
    arguments = ("--channels", "flexor RG", "--channels", "joint_position:hip", "--from", "1", "--to", "2")
    texts = {}
    for name, more in {"all": (), "some": arguments}.items():
        typed("figure", "traces", file, "--out", tmp_path / f"{name}.svg", *more)
        texts[name] = (tmp_path / f"{name}.svg").read_text()
    assert len(texts["some"]) < len(texts["all"])
    typed("figure", "phase_plot", file, "--out", tmp_path / "p.svg", *arguments)


def test_batches(tmp_path, file):
    with xarray.open_dataset(file, engine="h5netcdf") as known:
        one = known.load()
    both = xarray.concat([one, one.copy()], "individual")
    save_recording(both.assign_attrs(one.attrs), tmp_path / "both.nc")
    typed("figure", "raster", tmp_path / "both.nc", "--individual", 1, "--out", tmp_path / "a.png")
    with pytest.raises(ValueError, match="on the command line --individual 0"):
        typed("figure", "raster", tmp_path / "both.nc", "--out", tmp_path / "a.png")
    with pytest.raises(ValueError, match="--individual is 2, and .* has 2 individuals, counted from 0"):
        typed("figure", "raster", tmp_path / "both.nc", "--individual", 2, "--out", tmp_path / "a.png")


def test_lesion_tables(tmp_path):
    results = xarray.Dataset(
        {"speed": ("synapse", np.array([0.1, 0.2]), {"units": "m/s", "intact": 0.3})}, {"synapse": ["a->b", "b->a"]}
    )
    results.to_netcdf(tmp_path / "results.nc", engine="h5netcdf")
    typed("figure", "lesion_table", tmp_path / "results.nc", "--channels", "speed", "--out", tmp_path / "a.svg")
    (tmp_path / "results.nc").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is damaged or no NetCDF file; give the results.nc of a lesion sweep"):
        typed("figure", "lesion_table", tmp_path / "results.nc", "--out", tmp_path / "a.pdf")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        typed("figure", "lesion_table", tmp_path / "none.nc", "--out", tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("trace", "FILE"), "no figure named 'trace' in sns-mujoco figure; did you mean 'traces'"),
        (("traces",), "traces is drawn of a file; give a recording"),
        (("traces", "FILE", "--joint", "hip"), "--joint says nothing to traces; it takes --channels, --from or --to"),
        (("circuit",), "circuit needs the animal, and no file"),
        (("spectrogram", "FILE", "--channels", "a", "--channels", "b"), "a spectrogram is of one"),
        (("phase_plot", "FILE", "--channels", "a"), "a phase plot is of two channels, got 1"),
        (("traces", "FILE", "--from", "9"), "no sample from 9 to inf s"),
        (("hildebrand", "FILE", "--reference", "hand"), "no foot named 'hand'"),
        (("moment_arms", "--animal", "hexapod"), "'hexapod' has no muscles"),
    ],
)
def test_what_is_refused(tmp_path, file, arguments, message):
    arguments = [file if argument == "FILE" else argument for argument in arguments]
    with pytest.raises((ValueError, UnknownNameError), match=message):
        typed("figure", *arguments, "--out", tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


def test_show_writes_a_page(tmp_path):
    out = tmp_path / "joint.html"
    told = typed("show", "antagonist_joint", "--out", out, "--no-doctor", "--terrain", "ground")
    assert "wrote" in told and "life on &#x27;ground&#x27;" in out.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="a page has all quantities, and 'g_max' was asked for"):
        typed("show", "antagonist_joint", "g_max", "--out", out)


def test_show_lists_as_before():
    assert "max_conductance" in typed("show", "antagonist_joint")
    assert "flexor Ia->flexor motor" in typed("show", "antagonist_joint", "max_conductance")
