"""What counts as reproduced, and how it is told."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns_mujoco.reproduce import Comparison, Experiment, Measured, Reproduction, near
from sns_mujoco.reproduce.experiment import plain
from sns_mujoco.reproduce.running import markdown


def compared(measured, *, tried="", low=1.0, high=2.0):
    return Comparison(
        quantity="period",
        unit="s",
        published="1.5",
        where="table 1",
        low=low,
        high=high,
        measured=measured,
        tried=tried,
    )


def outcome(*comparisons):
    experiment = Experiment(
        name="toy", title="A toy", citations=("Nobody",), method="None.",
        measure=lambda: Measured(comparisons=(), data={}), draw=lambda data: None,
    )  # fmt: skip
    return Reproduction(experiment=experiment, comparisons=comparisons, data={"x": np.arange(2.0)}, cpu_seconds=0.1)


@pytest.mark.parametrize(("measured", "inside"), [
    (1.0, True), (2.0, True), (1.5, True), (0.999, False), (2.001, False), (math.nan, False), (math.inf, False),
])  # fmt: skip
def test_the_interval_decides_and_what_was_tried_only_excuses(measured, inside):
    assert compared(measured).status == ("reproduced" if inside else "failed")
    assert compared(measured, tried="twice").status == ("reproduced" if inside else "not reproduced")


@given(st.floats(-1e6, 1e6), st.floats(0.0, 0.5), st.floats(0.0, 10.0), st.floats(-2.0, 2.0))
def test_near_allows_what_it_says_and_no_more(published, relative, absolute, off):
    margin = relative * abs(published) + absolute
    found = near("q", published + off * margin, published, where="x", relative=relative, absolute=absolute)
    if margin > 1e-6 * abs(published) and abs(abs(off) - 1.0) > 1e-3:
        assert found.inside == (abs(off) <= 1.0)


def test_allowed_intervals_as_text():
    assert compared(1.0).allowed == "1 to 2"
    assert compared(1.0, high=math.inf).allowed == "1 or more"
    assert compared(1.0, low=-math.inf).allowed == "2 or less"


def test_an_experiment_is_as_good_as_its_worst_quantity():
    good, known, bad = compared(1.5), compared(3.0, tried="twice"), compared(3.0)
    assert (outcome(good).status, outcome(good).ok) == ("reproduced", True)
    assert (outcome(good, known).status, outcome(good, known).ok) == ("not reproduced", True)
    assert (outcome(good, known, bad).status, outcome(good, known, bad).ok) == ("failed", False)


def test_what_came_out_is_json_and_text():
    found = outcome(compared(1.5), compared(math.nan, tried="a longer run"))
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["status"] == "not reproduced" and told["data"] == {"x": [0.0, 1.0]}
    assert told["comparisons"][1]["measured"] is None and told["comparisons"][1]["tried"] == "a longer run"
    for text in (found.summary(), markdown([found])):
        assert "a longer run" in text and "Nobody" in text and "1 to 2 s" in text
    assert "1.5 s | table 1" in markdown([found])


def test_plain_values():
    given_values = {"a": np.array([1.0, np.inf]), "b": (np.float64(2.0), np.int64(3)), 4: {"c": math.nan, "d": "x"}}
    assert plain(given_values) == {"a": [1.0, None], "b": [2.0, 3], "4": {"c": None, "d": "x"}}
