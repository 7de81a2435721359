"""Pictures of the body of a life: when one is due, of what, and from where."""

import io
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from sns_mujoco.models import load

from sns_mujoco.rendering.live.life import Life
from sns_mujoco.rendering.live.painter import Audience, Painter


class Watcher:
    """Looks at every picture, or at none."""

    def __init__(self) -> None:
        self.pictures: list[np.ndarray] = []
        self.there, self.ready = True, True

    def show(self, picture: bytes) -> None:
        self.pictures.append(np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float))

    @property
    def audience(self) -> Audience:
        return Audience(lambda: self.there, lambda: self.ready, self.show)


@pytest.fixture
def life() -> Iterator[Life]:
    born = Life(load("antagonist_joint"))
    yield born
    born.close()


@pytest.fixture
def painter(life: Life) -> Iterator[Painter]:
    made = Painter(life, renderer="raycaster", quality="draft")
    made.resize(320, 240)
    yield made
    made.close()


def until(true: Callable[[], bool], seconds: float = 90.0) -> None:
    """Generous, for the kernels may have to be compiled first."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_body_that_holds_still_is_drawn_once(life: Life, painter: Painter) -> None:
    watcher = Watcher()
    painter.start(watcher.audience)
    until(lambda: len(watcher.pictures) == 1)
    time.sleep(0.2)
    assert len(watcher.pictures) == 1 and painter.dropped == 0 and painter.backend == "raycaster"
    assert watcher.pictures[0].shape == (240, 320, 3) and watcher.pictures[0].std() > 10
    life.step(200)
    until(lambda: len(watcher.pictures) == 2)
    moved = np.abs(watcher.pictures[1] - watcher.pictures[0]).max(axis=2) > 40
    assert 0.001 < moved.mean() < 0.5  # the limb has moved, and the surroundings have not


def test_looking_from_elsewhere_shows_another_picture(painter: Painter) -> None:
    watcher = Watcher()
    painter.start(watcher.audience)
    until(lambda: len(watcher.pictures) == 1)
    painter.look(60.0, -20.0, 1.5)
    until(lambda: len(watcher.pictures) == 2)
    assert np.abs(watcher.pictures[1] - watcher.pictures[0]).mean() > 5
    painter.look(0.0, 0.0, 1.0)
    until(lambda: len(watcher.pictures) == 3)
    np.testing.assert_array_equal(watcher.pictures[2], watcher.pictures[0])


def test_a_new_life_is_drawn_anew(life: Life, painter: Painter) -> None:
    watcher = Watcher()
    painter.start(watcher.audience)
    until(lambda: len(watcher.pictures) == 1)
    life.step(300)
    until(lambda: len(watcher.pictures) == 2)
    life.reset()
    until(lambda: len(watcher.pictures) == 3)
    np.testing.assert_array_equal(watcher.pictures[2], watcher.pictures[0])


def test_what_was_due_and_not_shown_counts_as_dropped(life: Life, painter: Painter) -> None:
    watcher = Watcher()
    painter.start(watcher.audience)
    life.play()
    until(lambda: len(watcher.pictures) >= 2)
    watcher.ready = False  # a page that cannot keep up
    before, shown = painter.dropped, len(watcher.pictures)
    until(lambda: painter.dropped >= before + 5)
    assert len(watcher.pictures) <= shown + 1
    watcher.there = False  # nobody is looking, so nothing is due
    time.sleep(0.1)
    before = painter.dropped
    time.sleep(0.2)
    assert painter.dropped == before


def test_the_body_under_the_pointer_is_found(life: Life, painter: Painter) -> None:
    watcher = Watcher()
    painter.start(watcher.audience)
    until(lambda: len(watcher.pictures) == 1)
    found = {
        painter.body_at(x, y)[0] for x in np.linspace(0.02, 0.98, 25) for y in np.linspace(0.02, 0.98, 25)
    }  # fmt: skip
    assert "" in found  # the ground and the trunk, which is part of the world, cannot be pushed
    assert found - {""} and found <= {"", "limb", "foot"}
    _, right, up = painter.body_at(0.5, 0.5)
    np.testing.assert_allclose([np.linalg.norm(right), np.linalg.norm(up), np.dot(right, up)], [1, 1, 0], atol=1e-6)
    assert abs(right[2]) < 1e-6 and up[2] > 0


def test_more_room_gives_larger_pictures_within_limits(painter: Painter) -> None:
    watcher = Watcher()
    painter.resize(5000, 2500)
    painter.start(watcher.audience)
    until(lambda: len(watcher.pictures) == 1)
    assert watcher.pictures[0].shape == (640, 1280, 3)
    painter.resize(10, 10)
    until(lambda: len(watcher.pictures) == 2)
    assert watcher.pictures[1].shape == (128, 160, 3)
