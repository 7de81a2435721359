from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from sns_mujoco.errors import OutputPathError
from sns_mujoco.files import check_output_path
from sns_mujoco.rendering import VIDEO_SUFFIXES, VideoWriter, save_image

SIZE = (64, 48)


def pictures(count):
    rows, columns = np.mgrid[0:48, 0:64]
    for n in range(count):
        yield np.stack([4 * columns, 5 * rows, np.full_like(rows, 20 * n)], axis=-1).astype(np.uint8)


def write(path, count, fps: float | Fraction = 30, **options):
    with VideoWriter(path, SIZE, fps=fps, **options) as video:
        for picture in pictures(count):
            video.write(picture)
    return path


@pytest.mark.parametrize("fps", [25, 30, 60, Fraction(1000, 33)])
def test_an_mp4_has_exactly_the_frames_written_at_their_rate(tmp_path, fps):
    path = write(tmp_path / "film.mp4", 7, fps, crf=10)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = list(film.decode(stream))
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == fps
    assert len(frames) == 7
    for n, (frame, picture) in enumerate(zip(frames, pictures(7), strict=True)):
        assert frame.time == pytest.approx(n / fps, abs=1e-4)
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - picture).mean() < 6


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_an_animation_has_the_frames_and_the_duration(tmp_path, suffix):
    path = write(tmp_path / f"film{suffix}", 6)
    durations = []
    with Image.open(path) as film:
        for n, picture in enumerate(pictures(6)):
            film.seek(n)
            shown = np.asarray(film.convert("RGB")).astype(int)
            durations.append(film.info["duration"])
            assert np.abs(shown - picture).mean() < 8
    assert len(durations) == 6 and sum(durations) == 200
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", VIDEO_SUFFIXES)
def test_an_error_leaves_what_was_there_and_nothing_else(tmp_path, suffix):
    path = tmp_path / f"film{suffix}"
    path.write_bytes(b"an older film")
    with pytest.raises(KeyboardInterrupt), VideoWriter(path, SIZE, fps=30) as video:
        for picture in pictures(3):
            video.write(picture)
        raise KeyboardInterrupt
    assert path.read_bytes() == b"an older film"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_film_replaces_an_older_one_only_when_it_is_done(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"an older film")
    video = VideoWriter(path, SIZE, fps=30)
    for picture in pictures(3):
        video.write(picture)
    assert path.read_bytes() == b"an older film"
    video.close()
    video.close()
    with av.open(str(path)) as film:
        assert len(list(film.decode(video=0))) == 3
    assert path.stat().st_mode & 0o044  # as readable as any new file


def test_a_film_without_frames_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(OutputPathError, match="before its first frame"), VideoWriter(tmp_path / "a.mp4", SIZE, fps=30):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("size", "fps", "name", "message"),
    [
        ((63, 48), 30, "a.mp4", "63 x 48.*even"),
        ((0, 48), 30, "a.mp4", "0 x 48.*even"),
        (SIZE, 0, "a.mp4", "0 frames a second"),
        (SIZE, 60, "a.gif", "60 frames a second; at most 50"),
    ],
)
def test_sizes_and_rates_that_no_player_shows_are_refused(tmp_path, size, fps, name, message):
    with pytest.raises(OutputPathError, match=message):
        VideoWriter(tmp_path / name, size, fps=fps)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "picture", [np.zeros((48, 63, 3), np.uint8), np.zeros((48, 64, 3)), np.zeros((48, 64), np.uint8)]
)
def test_a_frame_of_another_shape_is_refused(tmp_path, picture):
    with (
        pytest.raises(ValueError, match=r"uint8 \(48, 64, 3\), got"),
        VideoWriter(tmp_path / "a.mp4", SIZE, fps=30) as v,
    ):
        v.write(picture)
    assert not list(tmp_path.iterdir())


def test_bad_places_are_refused_before_anything_runs(tmp_path, monkeypatch):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").write_text("")
    for name, message in (
        ("folder.mp4", "is a directory"),
        ("film.avi", r"'.avi'; it may end in .mp4, .gif, .webp"),
        ("film", "'nothing'; it may end in"),
        ("missing/film.mp4", "missing' does not exist; make it first"),
        ("file/film.mp4", "file' is not a directory"),
    ):
        with pytest.raises(OutputPathError, match=message):
            check_output_path(tmp_path / name, VIDEO_SUFFIXES)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(OutputPathError, match="no permission.*choose another"):
        check_output_path(tmp_path / "film.mp4", VIDEO_SUFFIXES)
    assert check_output_path.__doc__


def test_good_places_are_given_back(tmp_path):
    assert check_output_path(str(tmp_path / "walk.NC"), (".nc",)) == tmp_path / "walk.NC"
    (tmp_path / "old.mp4").write_text("")
    assert check_output_path(tmp_path / "old.mp4", VIDEO_SUFFIXES).exists()


def test_a_still_image_is_exact_and_whole(tmp_path, monkeypatch):
    picture = next(pictures(1))
    path = save_image(tmp_path / "still.png", picture)
    with Image.open(path) as shown:
        assert np.array_equal(np.asarray(shown), picture)
    monkeypatch.setattr("PIL.Image.Image.save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_image(tmp_path / "other.png", picture)
    assert [p.name for p in tmp_path.iterdir()] == ["still.png"]
    with pytest.raises(OutputPathError, match="'.jpg'"):
        save_image(tmp_path / "still.jpg", picture)
