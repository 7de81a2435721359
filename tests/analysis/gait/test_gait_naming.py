"""Names of gaits, of ideal ones and of what is near them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

FOUR = gait.Layout(left=("LF", "LH"), right=("RF", "RH"))
SIX = gait.Layout(left=("L1", "L2", "L3"), right=("R1", "R2", "R3"))
TWO = gait.Layout(left=("left",), right=("right",))


def four(lag, hind=0.5, fore=0.5):
    """Phases of four feet: the left forefoot after the left hindfoot, right hind and fore after left ones."""
    return {"LH": 0.0, "RH": hind, "LF": lag, "RF": lag + fore}


def six(along, across):
    return {f"{side}{k}": (3 - k) * along + across * (side == "R") for side in "LR" for k in (1, 2, 3)}


def named(phases, layout, duty=0.6):
    return gait.name_gait(phases, layout, dict.fromkeys(layout.feet, duty))


@pytest.mark.parametrize(
    ("lag", "walk", "run"),
    [
        (0.0, "walking pace", "pace"),
        (0.125, "lateral-sequence walk", "lateral-sequence run"),
        (0.25, "lateral-sequence walk", "lateral-sequence run"),
        (0.375, "lateral-sequence walk", "lateral-sequence run"),
        (0.5, "walking trot", "trot"),
        (0.625, "diagonal-sequence walk", "diagonal-sequence run"),
        (0.75, "diagonal-sequence walk", "diagonal-sequence run"),
        (0.98, "walking pace", "pace"),
    ],
)
def test_symmetrical_gaits_of_four_feet(lag, walk, run):
    assert named(four(lag), FOUR, 0.6).name == walk
    assert named(four(lag), FOUR, 0.4).name == run


def test_what_a_symmetrical_gait_couples():
    assert named(four(0.25), FOUR).detail == "singlefoot"
    assert (
        named(four(0.375), FOUR).detail == "diagonal couplets" and named(four(0.12), FOUR).detail == "lateral couplets"
    )
    assert named(four(0.5), FOUR).distance == pytest.approx(0.0, abs=1e-12)
    limping = named(four(0.5, hind=0.65, fore=0.65), FOUR, 0.4)
    assert limping.name == "trot" and "right hindfoot 0.65 after left one" in limping.detail
    assert limping.distance > 0.1


@pytest.mark.parametrize(
    ("phases", "name"),
    [
        (four(0.5, hind=0.0, fore=0.0), "bound"),
        (four(0.0, hind=0.0, fore=0.0), "pronk"),
        (four(0.5, hind=0.0, fore=0.2), "half-bound"),
        # Hildebrand 1977: leads alike in front and behind make a transverse gallop, opposite ones a rotary one
        (four(0.5, hind=0.15, fore=0.15), "transverse gallop"),
        (four(0.5, hind=0.15, fore=0.85), "rotary gallop"),
        (four(0.5, hind=0.5, fore=0.0), "irregular"),
    ],
)
def test_asymmetrical_gaits_of_four_feet(phases, name):
    assert named(phases, FOUR, 0.4).name == name


@pytest.mark.parametrize(
    ("along", "across", "name"),
    [(1 / 2, 1 / 2, "tripod"), (1 / 3, 1 / 3, "tetrapod"), (1 / 3, 2 / 3, "tetrapod"), (1 / 3, 1 / 2, "tetrapod"),
     (1 / 6, 1 / 2, "wave"), (0.8, 0.5, "irregular"), (0.5, 0.0, "irregular")],
)  # fmt: skip
def test_gaits_of_six_feet(along, across, name):
    assert named(six(along, across), SIX).name == name


def test_gaits_of_two_feet():
    assert named({"left": 0.0, "right": 0.5}, TWO, 0.6).name == "walk"
    assert named({"left": 0.0, "right": 0.52}, TWO, 0.4).name == "run"
    assert named({"left": 0.0, "right": 0.97}, TWO).name == "hop"
    skip = named({"left": 0.0, "right": 0.2}, TWO)
    assert str(skip) == "skip (right foot leads)"


@given(
    st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(0, 1), st.sampled_from([TWO, FOUR, SIX]),
    st.floats(0.2, 0.9),
)  # fmt: skip
def test_a_name_does_not_hang_on_where_the_stride_begins(phases, turn, layout, duty):
    own = {foot: round(phase, 3) + 1e-4 for foot, phase in zip(layout.feet, phases, strict=False)}
    turned = {foot: phase + round(turn, 2) for foot, phase in own.items()}
    assert named(own, layout, duty).name == named(turned, layout, duty).name


@given(st.lists(st.floats(-0.03, 0.03), min_size=6, max_size=6))
def test_a_little_jitter_leaves_the_name(jitter):
    for ideal, layout, name in ((six(1 / 2, 1 / 2), SIX, "tripod"), (four(0.5), FOUR, "walking trot")):
        own = {foot: phase + off for (foot, phase), off in zip(ideal.items(), jitter, strict=False)}
        assert named(own, layout).name == name


def test_a_foot_that_does_not_step_makes_no_gait():
    assert named({"left": 0.0, "right": np.nan}, TWO).detail == "not every foot steps"
    eight = gait.Layout(left=tuple("abcd"), right=tuple("efgh"))
    with pytest.raises(GaitError, match="8 feet"):
        named(dict.fromkeys(eight.feet, 0.0), eight)


@pytest.mark.parametrize(
    ("feet", "left"),
    [
        (["LF", "RF", "LH", "RH"], ("LF", "LH")),
        (["R3", "R2", "R1", "L3", "L2", "L1"], ("L1", "L2", "L3")),
        (["left", "right"], ("left",)),
        (["front_left", "rear_left", "front_right", "rear_right"], ("front_left", "rear_left")),
        (["HindLeft", "FrontLeft", "HindRight", "FrontRight"], ("FrontLeft", "HindLeft")),
    ],
)  # fmt: skip
def test_names_tell_where_feet_are(feet, left):
    layout = gait.layout_of(feet)
    assert layout is not None and layout.left == left


def test_places_tell_where_names_do_not():
    feet = ["a", "b", "c", "d"]
    assert gait.layout_of(feet) is None
    layout = gait.layout_of(feet, np.array([[-0.1, -0.05], [0.1, 0.05], [0.1, -0.05], [-0.1, 0.05]]))
    assert layout == gait.Layout(left=("b", "d"), right=("c", "a"))
    assert gait.layout_of(["a", "b", "c"], np.array([[0, 1], [0, -1], [1, 1]])) is None
    with pytest.raises(GaitError, match="as many on either side"):
        gait.Layout(left=("a",), right=())
