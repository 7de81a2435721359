"""`sns-mujoco film` and the options of `run` about films."""

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from sns_mujoco.cli.instruments import app
from sns_mujoco.cli.style import style_of
from sns_mujoco.errors import ParameterError, RecordingError, UnknownNameError

LITTLE = ["--quality", "draft", "--renderer", "raycaster", "--size", "480x270"]


def called(*arguments):
    found = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def frames_of(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in film.decode(video=0)]


def test_two_lives_side_by_side_with_and_without_a_command(tmp_path):
    out = tmp_path / "both.mp4"
    said = called(
        "film", "antagonist_joint", "--beside", "antagonist_joint", "--out", out, "--seconds", 0.4, "--panels",
        "traces,commands", "-c", "drive=0.8", "-d", "flex=1@0.1", "--title", "plain", "--title-beside", "flexed",
        *LITTLE,
    )  # fmt: skip
    assert "wrote" in said.output
    frames = frames_of(out)
    assert len(frames) == 10 and frames[0].shape == (270, 480, 3)
    half = 239
    assert np.abs(frames[-1][:, :half] - frames[-1][:, -half:]).max(axis=-1)[30:].max() > 100


def test_a_recording_is_filmed_with_its_animal(tmp_path):
    recorded, out = tmp_path / "life.nc", tmp_path / "life.gif"
    called("run", "antagonist_joint", "--seconds", 0.3, "--record", recorded, "--seed", 2)
    called(
        "film", recorded, "--out", out, "--seconds", 0.2, "--panels", "circuit,muscles", "--camera", "front", *LITTLE
    )
    assert len(frames_of(out)) == 5
    with pytest.raises(ValueError, match="is a recording: it has its seed"):
        called("film", recorded, "--out", out, "--seed", 1)
    partial = tmp_path / "part.nc"
    called("run", "antagonist_joint", "--seconds", 0.1, "--record", partial, "--channels", "potential")
    with pytest.raises(RecordingError, match="lacks joint_position"):
        called("film", partial, "--out", out)


def test_run_takes_the_look_of_its_film(tmp_path):
    out = tmp_path / "life.mp4"
    called(
        "run", "antagonist_joint", "--seconds", 0.2, "--video", out, "--panels", "phase", "--phase", "hip,hip.velocity",
        "--camera", "left", "--title", "A joint", "--caption", "under its reflexes", "--quality", "draft", "--renderer",
        "raycaster",
    )  # fmt: skip
    frame = frames_of(out)[-1]
    assert frame.shape == (720, 1280, 3)
    assert frame[20:80, 20:200].max() > 180  # title and caption
    assert (frame[100:600, 760:1240] > 120).any()  # the trail


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"panels": "traces,stanse"}, UnknownNameError, "panel named 'stanse'.*'stance'"),
        ({"phase": ["a"]}, ValueError, "--phase is 'a'; give two signals"),
        ({"panels": "traces", "phase": ["a,b"]}, ValueError, "phase is not among --panels"),
        ({"size": "big"}, ValueError, "--size is 'big'"),
    ],
)
def test_bad_looks_are_refused(options, error, message):
    given = dict(panels=None, camera="chase", title="", caption="", phase=None)
    with pytest.raises(error, match=message):
        style_of(**given | options)


def test_looks_as_they_are_typed():
    given = dict(camera="chase", title="", caption="")
    assert style_of("none", phase=None, **given).panels == ()
    assert style_of(None, phase=None, **given).panels is None
    assert style_of(" circuit, raster ", phase=None, **given).panels == ("circuit", "raster")
    style = style_of(None, phase=["L1 swing, R1 swing"], size="640x360", **given)
    assert (style.panels, style.portraits, style.size) == (("phase", "traces"), (("L1 swing", "R1 swing"),), (640, 360))


def test_a_panel_without_anything_to_show_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="has no muscles"):
        called("film", "hexapod", "--out", tmp_path / "x.mp4", "--panels", "muscles")
    assert not list(tmp_path.iterdir())
