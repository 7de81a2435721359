"""Traces, rasters, muscle lengths and marks: every line is the recording's, in its lane."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.figures import lanes
from sns_mujoco.analysis.figures.marks import MARK, events
from sns_mujoco.analysis.figures.raster import bursts
from sns_mujoco.errors import OutputPathError, UnknownNameError
from sns_mujoco.protocols import Protocol, Push, Silence

from .walks import PERIOD, animal, line, potential, times, walk, words


def spread(ax, label, foot, low, high):
    """Values of a line in a lane whose range is known."""
    points = line(ax, label)
    return points[:, 0], low + (points[:, 1] - foot) / lanes.Row(0.0, 1.0).height * (high - low)


def test_traces_of_an_animal_stand_in_the_lanes_of_its_film():
    ax = figures.traces(walk(), animal()).axes[0]
    for name in ("L1 swing", "L1 stance"):  # one lane, over the range of the readout
        t, v = spread(ax, f"potential {name}", -1.0, 0.0, 20.0)
        assert v == pytest.approx(potential(name, t), abs=1e-6)
        assert t == pytest.approx(times())
    t, v = spread(ax, "potential R1 swing", -2.0 - lanes.HEAD, 0.0, 20.0)  # its range is wider than its readout's
    assert v == pytest.approx(potential("R1 swing", t), abs=1e-6)
    t, v = spread(ax, "joint_position knee", -3.0 - lanes.HEAD, -40.0, 40.0)
    assert v == pytest.approx(30.0 * np.sin(2 * np.pi * t), abs=1e-6)
    told = words(ax)
    for text in ("swing / stance", "0 to 20 mV", "right swing", "right", "-40 to 40 degrees"):
        assert text in told, told
    assert ax.get_xlim() == pytest.approx((0.0, 4.0))


def test_traces_have_the_colors_of_families():
    ax = figures.traces(walk(), animal()).axes[0]
    colors = figures.colors(animal())
    shades = {each.get_label(): to_rgb(each.get_color()) for each in ax.get_lines()}
    assert shades["potential L1 swing"] == pytest.approx(colors["L1"])
    assert shades["joint_position knee"] == pytest.approx(colors["R1"])
    assert sum(shades["potential L1 stance"]) > sum(colors["L1"])  # an antagonist is paler


def test_traces_by_channel_share_a_range_within_a_variable():
    ax = figures.traces(walk(), None, ["L1 swing", "drive", "muscle_length:*"], window=(1.0, 2.0)).axes[0]
    t, v = spread(ax, "potential drive", -2.0 - lanes.HEAD, 0.0, 20.0)
    assert v == pytest.approx(2.0 * t, abs=1e-3)
    assert "Membrane potential" in words(ax) and "Length" in words(ax)
    assert ax.get_xlim() == pytest.approx((0.998, 2.0))


def test_traces_into_axes_of_ones_own_and_files(tmp_path):
    figure, axes = figures.canvas(180, 60, columns=2)
    assert figures.traces(walk(), animal(), ax=axes[0, 1], path=tmp_path / "two.pdf") is figure
    assert axes[0, 1].get_lines() and not axes[0, 0].get_lines()
    assert (tmp_path / "two.pdf").read_bytes().startswith(b"%PDF")


def test_traces_refuse(tmp_path):
    with pytest.raises(OutputPathError):
        figures.traces(walk(), animal(), ["no such"], path=tmp_path / "a.gif")  # the place is checked first
    with pytest.raises(UnknownNameError):
        figures.traces(walk(), animal(), ["no such"])
    with pytest.raises(ValueError, match="more than the 40 that a page holds; name some"):
        many = walk().isel(neuron=np.arange(45) % 5)
        figures.traces(many.assign_coords(neuron=[f"n{k}" for k in range(45)]))


def test_narrow_lanes_have_smaller_letters():
    _, axes = figures.canvas(80, 12)
    figures.traces(walk(), None, ["*"], ax=axes[0, 0])
    assert "0 to 20 mV" not in words(axes[0, 0])
    assert max(text.get_fontsize() for text in axes[0, 0].texts) < 7.5


def test_raster_of_spikes_and_bursts():
    ax = figures.raster(walk(), animal(), ["drive", "L1 swing"]).axes[0]
    ticks, bars = ax.collections
    assert [segment[0, 0] for segment in ticks.get_segments()] == pytest.approx(np.arange(1, 9) * 0.5)
    for k, path in enumerate(bars.get_paths()[1:-1], 1):  # from 65 % of the way up to 35 % of the way down
        begin, end = path.get_extents().intervalx
        rise = np.arcsin(2 * 0.65 - 1) / (2 * np.pi) * PERIOD
        assert begin == pytest.approx(k * PERIOD + rise, abs=3e-3)
        assert end == pytest.approx(k * PERIOD + PERIOD / 2 - np.arcsin(2 * 0.35 - 1) / (2 * np.pi) * PERIOD, abs=3e-3)
    assert words(ax) == ["drive", "L1 swing", "pulse -5"]


def test_raster_of_many_names_their_families():
    many = walk().isel(neuron=np.arange(80) // 16).assign_coords(neuron=[f"{'ABCDE'[k // 16]} {k}" for k in range(80)])
    ax = figures.raster(many, None).axes[0]
    assert words(ax) == list("ABCDE")
    assert len({text.get_color() for text in ax.texts}) == 5


def test_bursts():
    assert bursts(np.array([0, 0, 10, 10, 5, 5, 0, 0, 5, 10.0])) == [(2, 5), (9, 9)]  # between levels it is what it was
    assert bursts(np.array([5.0, 10, 0, 5])) == [(0, 1)]
    assert bursts(np.full(10, 3.0)) == []


def test_muscle_lengths():
    ax = figures.muscle_lengths(walk(), animal(), ["R1*"]).axes[0]
    t, v = ax.get_lines()[-1].get_xydata().T
    values = 0.1 + 0.01 * np.sin(2 * np.pi * t / PERIOD + 1)
    assert v == pytest.approx(-1.0 + 0.82 * (values - 0.09) / 0.02, abs=1e-3)
    assert "90 to 110 mm" in words(ax)
    with pytest.raises(ValueError, match="no muscle was recorded"):
        figures.muscle_lengths(walk().isel(muscle=slice(0)))


def test_what_was_done_is_shaded_and_named():
    done = Protocol([Push("trunk", force=(0, 1, 0), start=2.0, stop=2.5), Silence("L1 *", start=3.0)])
    recording = walk(protocol=done.to_yaml())
    assert [(begin, end) for _, begin, end in events(recording, animal())] == [
        pytest.approx((1.002, 1.202)), (2.0, 2.5), (3.0, np.inf),
    ]  # fmt: skip
    ax = figures.traces(recording, animal(), window=(0.5, 4.0)).axes[0]
    spans = [patch.get_extents().transformed(ax.transData.inverted()).intervalx for patch in ax.patches
             if to_rgb(patch.get_facecolor()) == to_rgb(MARK)]  # fmt: skip
    assert np.array(spans) == pytest.approx(np.array([[1.002, 1.202], [2.0, 2.5], [3.0, 4.0]]))
    assert words(ax)[-3:] == ["pulse -5", *(item.summary for item in done)]
    assert not events(walk())
