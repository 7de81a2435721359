import numpy as np
import pytest

from sns_mujoco.rendering import Trace
from sns_mujoco.rendering.portrait import Portrait

SIZE = (200, 180)
X = Trace(label="flexor", color=(1.0, 0.5, 0.2), lo=0.0, hi=20.0)
Y = Trace(label="angle", color=(0.3, 0.6, 1.0), lo=-30.0, hi=30.0, unit="degrees")


def portrait(**options):
    return Portrait(X, Y, SIZE, **(dict(frame_time=0.04, window=1.0) | options))


def picture_of(drawn):
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    drawn.draw(picture)
    return picture.astype(int)


def test_the_dot_stands_at_the_last_values_and_the_trail_leads_to_it():
    drawn = portrait()
    drawn.advance(np.array([[4.0, -20.0]]))
    drawn.advance(np.array([[10.0, -20.0], [16.0, -20.0]]))
    picture = picture_of(drawn)
    x, y = drawn.place(16.0, -20.0)
    assert picture[int(y), int(x)].min() > 120
    for value in (6.0, 9.0, 13.0):
        x, y = drawn.place(value, -20.0)
        assert picture[int(y), int(x)].mean() > 100
        assert picture[int(y) - 8, int(x)].max() < 60
    left, top, right, bottom = drawn.box
    assert drawn.place(0.0, -30.0) == pytest.approx((left + 4, bottom - 4))
    assert drawn.place(20.0, 30.0) == pytest.approx((right - 4, top + 4))


def test_the_trail_fades_and_leaves_nothing_after_a_while():
    drawn = portrait()
    drawn.advance(np.array([[2.0, 20.0], [8.0, 20.0]]))
    x, y = drawn.place(5.0, 20.0)
    seen = []
    for _ in range(60):
        seen.append(picture_of(drawn)[int(y), int(x)].mean())
        drawn.advance(np.array([[18.0, -20.0]]))
    assert all(later <= earlier for earlier, later in zip(seen, seen[1:], strict=False))
    assert seen[0] > 100 and seen[-1] < 40


def test_values_that_are_no_numbers_or_off_the_range_do_not_harm():
    drawn = portrait()
    drawn.advance(np.array([[np.nan, 0.0]]))
    drawn.advance(np.array([[1e9, np.nan], [-1e9, 1e9]]))
    picture_of(drawn)
    drawn.advance(np.array([[10.0, 0.0]]))
    x, y = drawn.place(10.0, 0.0)
    assert picture_of(drawn)[int(y), int(x)].min() > 120


def test_axes_have_names_and_units():
    other = Trace(label="", color=(0.3, 0.6, 1.0), lo=-30.0, hi=30.0, unit="degrees")
    named, bare = portrait(), Portrait(X, other, SIZE, frame_time=0.04, window=1.0)
    above = slice(0, named.box[1])
    assert (picture_of(named)[above] != picture_of(bare)[above]).any()
    assert picture_of(named)[named.box[3] :].max() > 120
