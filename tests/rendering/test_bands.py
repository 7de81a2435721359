import numpy as np
import pytest

from sns_mujoco.protocols import Cut, Excite, Protocol
from sns_mujoco.rendering import Foot, Panel, Trace
from sns_mujoco.rendering.marks import EVENT, Mark, marks_of
from sns_mujoco.rendering.palette import LANE
from sns_mujoco.rendering.panel_layout import Band, Row, band_rows

RED, BLUE = (1.0, 0.2, 0.2), (0.2, 0.4, 1.0)
SIZE = (400, 480)
NOTHING = np.zeros((1, 0)), np.zeros((1, 0), bool)


def band_of(count, title="Activity"):
    rows = tuple(Row(label=f"n{n}", color=RED if n % 2 else BLUE, family=f"F{n // 4}") for n in range(count))
    return Band(title=title, rows=rows)


def panel_of(bands, **options):
    return Panel((), (), SIZE, bands=bands, **(dict(frame_time=0.04, window=0.8) | options))


def picture_of(panel, **options):
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    panel.draw(picture, **options)
    return picture


def test_rows_are_as_bright_as_their_levels_in_the_columns_of_their_frames():
    band = band_of(12)
    panel = panel_of([band])
    levels = np.random.default_rng(0).random((8, 12))
    for frame in levels:
        panel.advance(*NOTHING, levels=[np.tile(frame, (6, 1))])
    picture, layout, count = picture_of(panel).astype(float), panel.layout, panel.columns_per_frame
    lane, rows = layout.bands[0], band_rows(band, layout.bands[0].height)
    assert lane.height % 12 == 0
    for back in range(1, 8):
        column = layout.right - back * count - count // 2
        for n in range(12):
            row = lane.top + int(np.flatnonzero(rows == n)[1])
            wanted = 255 * (np.array(LANE) + levels[-1 - back, n] * (np.array(band.rows[n].color) - LANE))
            assert np.abs(picture[row, column] - wanted).max() < 1.5


def test_a_spike_in_a_thousand_samples_is_seen_and_nan_is_dark():
    panel = panel_of([band_of(4)])
    levels = np.zeros((1000, 4))
    levels[437, 2], levels[:, 1] = 1.0, np.nan
    panel.advance(*NOTHING, levels=[levels])
    lane, layout = panel.layout.bands[0], panel.layout
    part = picture_of(panel)[lane.top : lane.top + lane.height, layout.left : layout.right].astype(int)
    assert (part[..., 2] > 240).any(axis=1).sum() >= lane.height // 4 - 2
    assert part[..., 0].max() < 120


def test_bands_stand_between_traces_and_feet_without_touching():
    traces = [Trace(label=f"t{n}", color=RED) for n in range(3)]
    feet = [Foot(label=f"f{n}", color=BLUE) for n in range(3)]
    panel = Panel(
        traces, feet, SIZE, frame_time=0.04, bands=[band_of(90), band_of(6, "Muscles")], events=True, scale=0.7
    )  # fmt: skip
    layout = panel.layout
    assert layout.events is not None
    lanes = [layout.events, *layout.lanes, *layout.bands, *layout.stance]
    assert len(layout.lanes) == 3 and len(layout.bands) == 2
    for above, below in zip(lanes, lanes[1:], strict=False):
        assert above.top + above.height <= below.top
    assert layout.stance[-1].top + layout.stance[-1].height < layout.axis < SIZE[1]
    assert [title for title, _ in layout.titles] == ["Membrane potential  (mV)", "Activity", "Muscles", "Stance"]


def test_lanes_that_would_be_too_low_are_left_out_from_the_end():
    traces = [Trace(label=f"t{n}", color=RED) for n in range(40)]
    panel = Panel(traces, (), (400, 360), frame_time=0.04, scale=1.0)
    shown = [lane.rows[0] for lane in panel.layout.lanes]
    assert shown == list(range(len(shown))) and 5 < len(shown) < 40
    assert min(lane.height for lane in panel.layout.lanes) >= 18
    panel.advance(np.zeros((3, 40)), np.zeros((1, 0), bool))


def test_events_stand_where_they_happen_and_scroll():
    panel = panel_of([band_of(4)], events=True)
    layout = panel.layout
    per_second = (layout.right - layout.left) / panel.window
    marks = [Mark(label="pulse", start=1.0, stop=1.2), Mark(label="later", start=9.0)]

    def bar(time):
        lane = layout.events
        picture = picture_of(panel, time=time, events=marks).astype(int)
        row = picture[lane.top + 1, layout.left : layout.right]
        dark = np.round(255 * np.array(LANE)).astype(int)
        return np.flatnonzero(np.abs(row - dark).max(axis=-1) > 25) + layout.left

    columns = bar(1.4)
    assert columns.min() == pytest.approx(layout.right - 0.4 * per_second, abs=1.5)
    assert columns.max() == pytest.approx(layout.right - 0.2 * per_second, abs=2)
    assert bar(1.1).max() == layout.right - 1  # it goes on
    assert bar(0.9).size == 0 and bar(1.2 + panel.window + 0.1).size == 0
    line = picture_of(panel, time=1.4, events=marks)[layout.events.top : layout.axis, columns.min()].astype(int)
    assert (line.mean(axis=-1) > 40).mean() > 0.9 and max(EVENT) < 1.0


def test_marks_of_a_protocol():
    protocol = Protocol([Excite(neuron="a", current=2.0, start=1.0, stop=2.0), Cut(synapse="a->b", start=3.0)])
    one, other = marks_of(protocol)
    assert (one.start, one.stop, one.passes) == (1.0, 2.0, True) and "a" in one.label
    assert other.acts(1e9) and not other.acts(2.9) and not other.passes
    assert marks_of(None) == []
