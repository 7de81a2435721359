"""Channels by names and patterns, windows, and lines with fewer points."""

import numpy as np
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sns_mujoco.analysis.figures.signals import find, thinned
from sns_mujoco.errors import UnknownNameError

from .walks import potential, times, walk


def names(found):
    return [(signal.variable, signal.name) for signal in found]


def test_names_patterns_and_variables():
    recording = walk()
    assert names(find(recording, ["* swing", "L1 *"])) == [
        ("potential", "L1 swing"), ("potential", "R1 swing"), ("potential", "L2 swing"), ("potential", "L1 stance"),
    ]  # fmt: skip
    found = find(recording, ["muscle_length:L1*", "sensor:R1_touch", "joint_position"])
    assert names(found) == [("muscle_length", "L1 flexor"), ("sensor", "R1_touch"), ("joint_position", "knee")]
    assert [signal.unit for signal in found] == ["m", "N", "rad"]
    assert find(recording, ["drive"])[0].values == pytest.approx(potential("drive", times()))


def test_several_dimensions_are_joined_and_groups_have_clocks_of_their_own():
    recording = walk()
    slow = np.arange(10) / 10.0
    recording = recording.assign(
        body_position=(("time", "body", "axis"), np.arange(2000 * 6.0).reshape(2000, 2, 3), {"units": "m"}),
        muscle_force=(("time_10Hz", "muscle"), np.ones((10, 2)), {"units": "N"}),
    ).assign_coords(body=["a", "b"], axis=list("xyz"), time_10Hz=slow)
    assert names(find(recording, ["body_position:*:z"])) == [("body_position", "a:z"), ("body_position", "b:z")]
    assert find(recording, ["body_position:b:y"])[0].values[:2] == pytest.approx([4.0, 10.0])
    assert find(recording, ["muscle_force:L1 flexor"])[0].times == pytest.approx(slow)


def test_windows():
    found = find(walk(), ["drive"], (1.0, 1.5))[0]
    assert (found.times[0], found.times[-1]) == pytest.approx((1.0, 1.5))
    assert found.values == pytest.approx(2.0 * found.times)
    with pytest.raises(ValueError, match="no sample from 5 to 6 s; its samples are from 0.002 to 4 s"):
        find(walk(), ["drive"], (5.0, 6.0))


def test_what_is_not_there():
    with pytest.raises(UnknownNameError, match="no neuron named 'L1 swin' in 'potential' of the recording; did you me"):
        find(walk(), ["L1 swin"])
    with pytest.raises(UnknownNameError, match="no variable named 'muscle_lenght'.*did you mean 'muscle_length'"):
        find(walk(), ["muscle_lenght:L1 flexor"])
    with pytest.raises(ValueError, match=r"of 2 individuals.*isel\(individual=0\)"):
        find(xarray.concat([walk(), walk()], "individual"), ["drive"])
    with pytest.raises(ValueError, match="no sample over time"):
        find(walk().isel(time=slice(0)), ["drive"])


@given(
    arrays(float, st.integers(1, 400), elements=st.floats(-1e6, 1e6)), st.integers(2, 60)
)  # fmt: skip
def test_a_thinned_line_keeps_its_extremes_and_order(values, most):
    clock = np.arange(len(values)) * 0.5
    t, v = thinned(clock, values, most)
    assert len(t) <= max(most, 1) and (np.diff(t) >= 0).all()
    assert v.max() == values.max() and v.min() == values.min()
    assert all(values[int(at / 0.5)] == value for at, value in zip(t, v, strict=True))
