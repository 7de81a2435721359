import numpy as np
import pytest

from sns_mujoco.rendering import Foot, Panel, Trace, family_colors
from sns_mujoco.rendering.palette import LANE, MARK, to_bytes
from sns_mujoco.rendering.panels import column_points, trace_height

RED, BLUE = (1.0, 0.2, 0.2), (0.2, 0.4, 1.0)
SIZE = (280, 240)


def panel_of(traces, feet=(), frame_time=0.04, **options):
    return Panel(traces, feet, SIZE, frame_time=frame_time, **options)


def play(panel, frames, samples=8):
    """Advance by the values [frames, traces] and stances [frames, feet] given, each held for a frame; draw the end."""
    for values, stance in frames:
        panel.advance(np.tile(np.asarray(values, float), (samples, 1)), np.tile(np.asarray(stance, bool), (samples, 1)))
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    panel.draw(picture)
    return picture


def line_rows(picture, panel, lane, color):
    """Row, from the top of a lane, at which a line of a color is brightest in each column of the strip."""
    layout = panel.layout
    area = picture[lane.top : lane.top + lane.height, layout.left : layout.right].astype(float)
    away = np.abs(area - 255 * np.array(color)).sum(axis=-1)
    weight = np.where(away < away.min(axis=0) + 60, 1.0, 0.0)
    return (weight * (np.arange(lane.height)[:, None] + 0.5)).sum(axis=0) / weight.sum(axis=0)


def test_a_trace_stands_where_its_values_say_in_the_columns_of_their_frames():
    trace = Trace(label="U", color=RED, lo=-10.0, hi=30.0)
    panel = panel_of([trace], window=0.4)
    levels = [0.0, 20.0, 5.0, 30.0, -10.0, 12.0]
    picture = play(panel, [([level], []) for level in levels])
    lane, count = panel.layout.lanes[0], panel.columns_per_frame
    rows = line_rows(picture, panel, lane, RED)
    for back, level in enumerate(reversed(levels[:-1]), start=1):
        middle = len(rows) - back * count - count // 2
        wanted = float(trace_height(np.float64(level), trace, lane.height, panel.layout.scale))
        assert rows[middle] == pytest.approx(wanted, abs=1.5)


def test_the_strip_scrolls_by_whole_columns():
    panel = panel_of([Trace(label="U", color=RED)], [Foot(label="L1", color=BLUE)])
    rng = np.random.default_rng(0)
    frames = [([value], [value > 10]) for value in rng.uniform(0, 20, 12)]
    before = play(panel, frames)
    after = play(panel, [([3.0], [True])])
    layout, count = panel.layout, panel.columns_per_frame
    lanes = np.zeros(SIZE[1], bool)
    for lane in (*layout.lanes, *layout.stance):
        lanes[lane.top : lane.top + lane.height] = True
    edge = 12  # the dot of the last value, with its glow, does not scroll
    old = before[lanes][:, layout.left + count : layout.right - edge]
    new = after[lanes][:, layout.left : layout.right - edge - count]
    assert np.array_equal(old, new)
    assert np.array_equal(before[~lanes][:, : layout.right - edge], after[~lanes][:, : layout.right - edge])


def test_the_ring_of_columns_closes():
    panel = panel_of([Trace(label="U", color=RED)], window=0.5)
    other = panel_of([Trace(label="U", color=RED)], window=0.5)
    values = 10 + 9 * np.sin(np.arange(100))
    play(panel, [([value], []) for value in values[:40]])
    picture = play(panel, [([value], []) for value in values[40:]])
    assert np.array_equal(picture[:, :-14], play(other, [([value], []) for value in values])[:, :-14])


def test_feet_are_filled_in_stance_and_empty_in_swing():
    feet = [
        Foot(label=name, color=color) for name, color in family_colors(["L1", "L2", "L3", "R1", "R2", "R3"]).items()
    ]
    panel = panel_of([], feet)
    pattern = np.random.default_rng(1).random((10, 6)) < 0.5
    picture = play(panel, [([], row) for row in pattern])
    layout, count = panel.layout, panel.columns_per_frame
    assert [lane.rows[0] for lane in layout.stance] == list(range(6))
    for frame, row in enumerate(pattern[:-1]):
        column = layout.right - (len(pattern) - frame) * count + count // 2
        for lane, loaded, foot in zip(layout.stance, row, feet, strict=True):
            shown = picture[lane.top + lane.height // 2, column]
            assert np.array_equal(shown, to_bytes(foot.color)) == loaded


def test_stance_changes_within_a_frame_at_the_sample():
    panel = panel_of([], [Foot(label="L1", color=BLUE)], window=0.3)
    count = panel.columns_per_frame
    stance = np.arange(100)[:, None] >= 50
    panel.advance(np.zeros((100, 0)), stance)
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    panel.draw(picture)
    lane, right = panel.layout.stance[0], panel.layout.right
    held = (picture[lane.top + 2, right - count : right] == to_bytes(BLUE)).all(axis=-1)
    assert count > 20 and abs(np.argmax(held) - count / 2) <= 1 and held[-count // 2 + 1 :].all()


@pytest.mark.parametrize("samples", [8, 100])
def test_marked_time_is_pale_behind_the_traces_and_scrolls_with_them(samples):
    panel = panel_of([Trace(label="U", color=RED)], [Foot(label="L1", color=BLUE)], window=0.6)
    count, layout = panel.columns_per_frame, panel.layout

    def pale(frames):
        for marked in frames:
            marks = np.zeros(samples, bool)
            marks[samples // 2 :] = marked
            panel.advance(np.zeros((samples, 1)), np.zeros((1, 1), bool), marks)
        picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        panel.draw(picture)
        lane = layout.lanes[0]
        assert not (picture[: lane.top] == to_bytes(MARK)).all(axis=-1).any()
        return np.flatnonzero((picture[lane.top + 2, : layout.right] == to_bytes(MARK)).all(axis=-1)) - layout.right

    ticks = 1 + count // 8
    columns = pale([False, True, False])
    assert columns.min() == pytest.approx(-1.5 * count, abs=1) and columns.max() == -count - 1
    assert len(columns) >= count // 2 - ticks
    assert (pale([False]) == columns - count).all()
    assert pale([False] * 40).size == 0


def test_one_marked_sample_in_a_thousand_is_seen():
    panel = panel_of([Trace(label="U", color=RED)], window=4.0)
    panel.advance(np.zeros((1000, 1)), np.zeros((1, 0), bool), np.arange(1000) == 437)
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    panel.draw(picture)
    assert (picture == to_bytes(MARK)).all(axis=-1).any()


def test_one_spike_in_a_thousand_samples_is_seen():
    panel = panel_of([Trace(label="spikes", color=RED, lo=0.0, hi=1.0)], window=0.1)
    samples = np.zeros((1000, 1))
    samples[437] = 1.0
    panel.advance(samples, np.zeros((1, 0), bool))
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    panel.draw(picture)
    lane = panel.layout.lanes[0]
    top = picture[
        lane.top : lane.top + lane.height // 2, panel.layout.right - panel.columns_per_frame : panel.layout.right - 8
    ]
    assert (top[..., 0] > 200).sum() > 2


def test_points_keep_the_extremes_of_a_column_in_order_and_join_few_samples():
    many = np.array([0, 5, -3, 1, 2, 9, 8, 7], float)[:, None]
    assert column_points(many, many[:0], 2)[:, 0].tolist() == [5, -3, 2, 9]
    few = column_points(np.array([[4.0]]), np.array([[0.0]]), 4)[:, 0]
    assert np.allclose(few, 4 * (np.arange(8) + 0.5) / 8)


def test_values_off_the_range_or_not_numbers_stay_in_their_lane():
    panel = panel_of([Trace(label="a", color=RED), Trace(label="b", color=BLUE)])
    picture = play(panel, [([1e9, np.nan], []), ([-1e9, np.inf], []), ([np.nan, 3.0], [])])
    first, second = panel.layout.lanes
    between = picture[first.top + first.height : second.top, panel.layout.left : panel.layout.right - 14]
    assert between.std(axis=(0, 1)).max() == 0.0


def test_traces_share_a_lane_by_name_and_the_first_lies_on_top():
    traces = [
        Trace(label="flexor", color=RED, lane="knee"),
        Trace(label="extensor", color=BLUE, lane="knee"),
        Trace(label="load", color=RED),
    ]
    panel = panel_of(traces)
    assert [lane.rows for lane in panel.layout.lanes] == [(0, 1), (2,)]
    picture = play(panel, [([10.0, 10.0, 0.0], [])] * 6)
    lane = panel.layout.lanes[0]
    area = picture[lane.top : lane.top + lane.height, panel.layout.right - 20 : panel.layout.right - 14]
    assert (area[..., 0].max() > 200) and (area[..., 2].max() < 150)


def test_labels_titles_and_the_axis_are_written_beside_the_lanes():
    traces = [Trace(label="R hip flexor", color=RED)]
    panel, bare = panel_of(traces), panel_of([Trace(label="", color=RED)])
    left = panel.layout.left
    picture, plain = play(panel, []), play(bare, [])
    lane = panel.layout.lanes[0]
    label = picture[lane.top : lane.top + lane.height, :left].astype(int)
    assert (label[..., 0] - label[..., 2] > 60).sum() > 20  # red letters
    assert picture[: lane.top - 2].max() > 150  # the title
    assert picture[panel.layout.axis :].max() > 100  # the axis
    assert panel.layout.left > bare.layout.left or not np.array_equal(picture, plain)
    assert np.array_equal(picture[lane.top + 1, left + 3], to_bytes(LANE))


def test_the_window_is_about_what_was_asked_for():
    for frame_time, window in ((1 / 30, 3.0), (1 / 60, 2.0), (0.004, 0.4)):
        panel = panel_of([Trace(label="U", color=RED)], frame_time=frame_time, window=window)
        assert panel.window == pytest.approx(window, rel=0.35)
        assert panel.columns_per_frame >= 1


def test_an_empty_range_is_refused():
    with pytest.raises(ValueError, match="trace 'U'.*got 5 to 5"):
        Trace(label="U", color=RED, lo=5, hi=5)


def test_sections_have_headings_that_stay_and_units_of_their_own():
    traces = [
        Trace(label="A", color=RED, section="Rhythm generator"),
        Trace(label="B", color=BLUE, section="Rhythm generator"),
        Trace(label="C", color=RED, unit="degrees", section="Joint angles"),
    ]
    panel = panel_of(traces, [Foot(label="L", color=RED)])
    layout = panel.layout
    assert [title for title, _ in layout.titles] == ["Rhythm generator  (mV)", "Joint angles  (degrees)", "Stance"]
    first, second, third = layout.lanes
    assert second.top - first.top - first.height < third.top - second.top - second.height
    assert third.top + third.height < layout.stance[0].top
    heading = slice(second.top + second.height, third.top)
    before = play(panel, [([1.0, 2.0, 3.0], [True])])
    after = play(panel, [([9.0, 4.0, 7.0], [False])] * 5)
    assert before[heading].max() > 150
    edge = layout.right - 12  # the glow of the dots reaches into the heading
    assert np.array_equal(before[heading, :edge], after[heading, :edge])


def test_families_have_the_colours_of_their_side_in_the_order_in_which_they_come():
    legs = family_colors(["L1", "L2", "R1", "L1", "R2"])
    assert list(legs) == ["L1", "L2", "R1", "R2"] and len(set(legs.values())) == 4
    assert all(legs[name][0] > legs[name][2] for name in ("L1", "L2"))  # warm
    assert all(legs[name][0] < legs[name][2] for name in ("R1", "R2"))  # cool
    assert family_colors(["L hip", "R_hip"]) == {"L hip": legs["L1"], "R_hip": legs["R1"]}
    assert family_colors(["L_", "right", "L hip", "left", "R"]) == {
        "L_": legs["L1"], "left": legs["L1"], "right": legs["R1"], "R": legs["R1"], "L hip": legs["L2"],
    }  # fmt: skip
    many = family_colors(f"family {n}" for n in range(12))
    assert len(set(many.values())) == 5
    assert family_colors(["Rhythm", "Rhythm"]) == {"Rhythm": many["family 0"]}
