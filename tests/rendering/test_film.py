from typing import Any

import av
import mujoco
import numpy as np
import pytest

from sns_mujoco.errors import OutputPathError, UnknownNameError
from sns_mujoco.rendering import ChaseCamera, Film, Foot, Trace

from .scenes import colored, walker

SIZE = (320, 180)
TRACES = [
    Trace(label="L", color=(1.0, 0.1, 1.0), geoms=("leg_l",)),
    Trace(label="R", color=(1.0, 1.0, 0.1), lo=-5.0, hi=5.0),
]
FEET = [Foot(label="L", color=(1.0, 0.1, 1.0)), Foot(label="R", color=(1.0, 1.0, 0.1))]


def make(path, model, **options: Any):
    options = dict[str, Any](traces=TRACES, feet=FEET, size=SIZE, renderer="raycaster") | options
    return Film(model, path, **options)


def samples(left, right=0.0, count=5):
    return np.tile([left, right], (count, 1))


STANCE = np.array([[True, False]])


def test_a_film_shows_the_animal_on_the_left_and_its_neurons_on_the_right(tmp_path):
    model, data = walker()
    with make(tmp_path / "film.mp4", model, fps=25) as film:
        for n in range(4):
            data.time = 0.04 * (n + 1)
            film.add_frame(data, samples(10.0 + n), STANCE, caption="drive 0.8")
        assert (film.frames, film.backend) == (4, "raycaster")
        picture = film.picture.copy()
    body, panel = picture[:, :180], picture[:, 180:]
    assert colored(body, 0).sum() > 500
    assert panel.mean() < 60 and panel.max() > 200  # dark, with bright lines
    with av.open(str(tmp_path / "film.mp4")) as shown:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in shown.decode(video=0)]
    assert len(frames) == 4
    assert np.abs(frames[-1] - picture).mean() < 6
    assert np.abs(frames[0][:, 180:] - frames[3][:, 180:]).max() > 100  # the panel moves


def test_filming_changes_neither_model_nor_state(tmp_path):
    model, data = walker()
    spec = mujoco.mjtState.mjSTATE_INTEGRATION.value
    state = np.empty(mujoco.mj_stateSize(model, spec))
    mujoco.mj_getState(model, data, state, spec)
    before, colors, places = state.copy(), model.geom_rgba.copy(), data.geom_xpos.copy()
    with make(tmp_path / "film.mp4", model) as film:
        film.add_frame(data, samples(20.0), STANCE, tints={"trunk": (0.0, 1.0, 0.0)})
    mujoco.mj_getState(model, data, state, spec)
    assert np.array_equal(state, before)
    assert np.array_equal(model.geom_rgba, colors) and np.array_equal(data.geom_xpos, places)


def test_a_neuron_lights_up_the_leg_it_drives(tmp_path):
    model, data = walker()

    def legs(level):
        from_the_left = ChaseCamera(model, azimuth=-90)
        film = make(tmp_path / "film.mp4", model, camera=from_the_left)
        film.add_frame(data, samples(level), STANCE)
        film.discard()
        body = film.picture[:, :180].astype(int)
        lit = (body[..., 0] > body[..., 1] + 60) & (body[..., 2] > body[..., 1] + 60)
        return lit.sum(), colored(film.picture[:, :180], 1).sum()

    quiet, active = legs(0.0), legs(20.0)
    assert quiet[0] == 0 and quiet[1] > 20
    assert active[0] > 20 and active[1] == 0
    assert legs(np.nan) == quiet


def test_what_is_done_to_the_animal_stands_above_the_caption(tmp_path):
    model, data = walker()

    def written(**options):
        with make(tmp_path / "film.mp4", model) as film:
            film.add_frame(data, samples(0.0), STANCE, caption="drive 0.8", **options)
        return film.picture.astype(int)

    plain, told = written(), written(notice="L_RG_extensor -10", marks=[False, True])
    changed = np.abs(told - plain).max(axis=-1) > 30
    rows = np.flatnonzero(changed[:, :180].any(axis=1))
    assert 160 < rows.min() and rows.max() < 174  # of 180
    assert (told[:, 180:] != plain[:, 180:]).any()
    with pytest.raises(ValueError, match="marks must have the shape"):
        written(marks=[])


def test_named_tints_color_geoms_too(tmp_path):
    model, data = walker()
    film = make(tmp_path / "film.mp4", model, traces=(), feet=())
    film.add_frame(data, tints={"trunk": (0.1, 0.9, 0.1)})
    everything = film.picture.copy()
    film.add_frame(data, tints={"trunk": (0.1, 0.9, 0.1, 0.0)})
    assert colored(everything, 0).sum() == 0 < colored(film.picture, 0).sum()
    with pytest.raises(UnknownNameError, match="geom named 'trunc'.*'trunk'"):
        film.add_frame(data, tints={"trunc": (1, 1, 1)})
    film.discard()


def test_without_traces_and_feet_the_body_fills_the_picture(tmp_path):
    model, data = walker()
    with make(tmp_path / "film.mp4", model, traces=(), feet=(), camera="above") as film:
        film.add_frame(data)
    sides = film.picture[20:140, :40].mean(), film.picture[20:140, -40:].mean()
    assert min(sides) > 60


def test_slow_motion_says_so_and_stretches_the_time_of_the_panel(tmp_path):
    model, data = walker()
    clocks, columns = [], []
    for slow in (1, 5):
        film = make(tmp_path / "film.mp4", model, fps=25, frame_time=0.04 / slow, window=2.0 / slow)
        film.add_frame(data, samples(1.0), STANCE)
        clocks.append(film.picture[165:, 60:180].copy())
        columns.append(int((film.picture[:, 180:] == (255, 26, 255)).all(axis=-1).any(axis=0).sum()))
        film.discard()
    assert columns[0] == columns[1] > 0
    assert np.abs(clocks[1].astype(int) - clocks[0]).max() > 15  # one more word on the clock


@pytest.mark.parametrize(
    ("potentials", "stance", "message"),
    [
        (np.zeros((5, 3)), STANCE, r"potentials must have the shape \(samples, 2\).*got \(5, 3\)"),
        (np.zeros(2), STANCE, r"potentials.*got \(2,\)"),
        (np.zeros((0, 2)), STANCE, r"potentials.*a sample at least"),
        (np.zeros((5, 2)), np.zeros((1, 6), bool), r"stance must have the shape \(samples, 2\)"),
    ],
)
def test_samples_of_another_shape_are_refused_and_leave_nothing(tmp_path, potentials, stance, message):
    model, data = walker()
    with pytest.raises(ValueError, match=message), make(tmp_path / "film.mp4", model) as film:
        film.add_frame(data, potentials, stance)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"camera": "abov"}, UnknownNameError, "camera named 'abov'.*'above'"),
        ({"renderer": "vulkan"}, UnknownNameError, "renderer named 'vulkan'"),
        ({"quality": "best"}, UnknownNameError, "quality named 'best'"),
        ({"traces": [Trace(label="L", color=(1, 1, 1), geoms=("leg_x",))]}, UnknownNameError, "'leg_x'.*'leg_"),
        ({"size": (321, 180)}, OutputPathError, "even"),
    ],
)
def test_bad_settings_are_refused_and_leave_nothing(tmp_path, options, error, message):
    with pytest.raises(error, match=message):
        make(tmp_path / "film.mp4", walker()[0], **options)
    assert not list(tmp_path.iterdir())


def test_bad_places_are_refused(tmp_path):
    with pytest.raises(OutputPathError, match="it may end in .mp4"):
        make(tmp_path / "film.mov", walker()[0])


def test_the_same_life_gives_the_same_pictures(tmp_path):
    pictures = []
    for _ in range(2):
        model, data = walker()
        film = make(tmp_path / "film.mp4", model)
        for n in range(3):
            data.time = n / 30
            film.add_frame(data, samples(5.0 * n), STANCE)
        pictures.append(film.picture.copy())
        film.discard()
    assert np.array_equal(*pictures)
