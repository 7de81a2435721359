"""What a panel shows, and where everything stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.palette import BACKGROUND, FAINT, GRID, LANE, TEXT, TITLE, to_bytes
from sns_mujoco.rendering.text import draw_text, text_width

_TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # s
_MOST_TICKS = 6
_LEAST_LANE = 28  # height of a lane of traces below which it is not worth drawing, at a scale of 1
_TALLEST_ROW = 22.0  # of a band, at a scale of 1
_LABELLED = 24  # rows of a band up to which each has its own label


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A signal to show.

    Attributes:
        label: What it is called.
        color: Of its line.
        lo: Value at the bottom of its lane.
        hi: Value at the top of its lane.
        unit: Of the values.
        lane: Traces with the same name here share a lane; by default each has its own.
        section: Heading of the part of the panel that it stands in; traces of a section follow one another.
        geoms: Names of geoms that light up as it rises, in the colour of the first trace of its lane.
        muscles: Names of tendons whose muscles take on its colour as they pull.
    """

    label: str
    color: Color
    lo: float = 0.0
    hi: float = 20.0
    unit: str = "mV"
    lane: str = ""
    section: str = ""
    geoms: tuple[str, ...] = ()
    muscles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not self.lo < self.hi:
            raise ValueError(f"trace {self.label!r}: its range must rise, got {self.lo} to {self.hi}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """A row of the stance diagram.

    Attributes:
        label: What the leg is called.
        color: Of its bars.
    """

    label: str
    color: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a band.

    Attributes:
        label: What it is called.
        color: Of what is fully active.
        family: Rows of a family that follow one another are labelled together where rows are thin.
    """

    label: str
    color: Color
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Rows of brightness below one another: a raster of neurons, the activation of muscles.

    Attributes:
        title: Above it.
        rows: From the top.
    """

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a lane stands in the panel.

    Attributes:
        top: First row of pixels.
        height: Rows of pixels.
        rows: Which traces, or which foot, it shows.
    """

    top: int
    height: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLayout:
    """Where everything stands in a panel, in pixels.

    Attributes:
        width: Of the panel.
        height: Of the panel.
        scale: Size of type and lines, 1 at 720 pixels of height.
        left: First column of the strip.
        right: Column after its last one.
        titles: Text and baseline of each title.
        lanes: Those of the traces.
        stance: Those of the feet.
        axis: Row of the time axis.
        bands: Those of the bands, one for each.
        events: That of the events, if they have one.
    """

    width: int
    height: int
    scale: float
    left: int
    right: int
    titles: tuple[tuple[str, int], ...]
    lanes: tuple[Lane, ...]
    stance: tuple[Lane, ...]
    axis: int
    bands: tuple[Lane, ...] = ()
    events: Lane | None = None


def lay_out(
    traces: Sequence[Trace], feet: Sequence[Foot], size: tuple[int, int], *, title: str, stance_title: str,
    bands: Sequence[Band] = (), events: bool = False, scale: float | None = None,
) -> PanelLayout:  # fmt: skip
    """Divide a panel among its traces, bands and feet.

    Lanes of traces that would be too low to be read are left out, from the last on.

    Args:
        traces: The signals, from the top.
        feet: The feet, from the top, below the signals.
        size: Width and height of the panel, pixels.
        title: Above the signals that have no section.
        stance_title: Above the feet.
        bands: Between the signals and the feet.
        events: Whether there is a lane for events, above all others.
        scale: Size of type and lines; None for 1 at 720 pixels of height.
    """
    width, height = size
    scale = height / 720 if scale is None else scale
    names: dict[str, list[int]] = {}
    for n, trace in enumerate(traces):
        names.setdefault(trace.lane or f"{n}", []).append(n)
    lanes_of = list(names.values())
    margin, heading, gap, foot_height = round(20 * scale), round(34 * scale), round(5 * scale), round(17 * scale)
    foot_gap, section_room = max(round(3 * scale), 1), round(28 * scale)
    labels = [t.label for t in traces] + [f.label for f in feet]
    labels += [
        label
        for band in bands
        for row in band.rows
        for label in (row.label if len(band.rows) <= _LABELLED else row.family,)
    ]
    label_width = max((text_width(label, 14 * scale) for label in labels), default=0.0)
    label_width = min(label_width, 0.3 * width)
    left = margin + max(round(label_width), round(54 * scale)) + round(16 * scale)
    axis = height - round(40 * scale)
    stance_top = axis - round(6 * scale) - len(feet) * (foot_height + foot_gap)
    bottom = stance_top - (heading + round(8 * scale) if feet else 0)
    top = margin + heading if height >= 700 * scale else heading
    event_lane = None
    if events:
        event_lane = Lane(top - (heading - round(8 * scale)), round(19 * scale), ())
        top = event_lane.top + event_lane.height + heading
    band_heights = _band_heights(bands, bottom - top - len(bands) * section_room, bool(traces), scale)
    room = bottom - top - sum(band_heights) - section_room * (len(bands) - (not traces))
    least = round(_LEAST_LANE * scale)
    while len(lanes_of) > 1:
        sections = _sections(traces, [rows[0] for rows in lanes_of], title)
        if (room - section_room * (sum(map(bool, sections)) - 1)) // len(lanes_of) >= least:
            break
        lanes_of.pop()
    sections = _sections(traces, [rows[0] for rows in lanes_of], title)
    each = (room - section_room * (sum(map(bool, sections)) - 1 if traces else 0)) // max(len(lanes_of), 1)
    each = min(each, round(110 * scale))
    lanes, titles, shades = [], [], []
    for section, rows in zip(sections, lanes_of, strict=True):
        if section:
            top += section_room if titles else 0
            titles.append((section, top - round((12 if not titles else 9) * scale)))
        lanes.append(Lane(top, max(each - gap, 4), tuple(rows)))
        top += each
    for band, tall in zip(bands, band_heights, strict=True):
        top += section_room if titles else 0
        titles.append((band.title, top - round((12 if not titles else 9) * scale)))
        shades.append(Lane(top, tall, tuple(range(len(band.rows)))))
        top += tall
    if not feet:
        axis = min(axis, top + round(6 * scale))
    stance = tuple(Lane(stance_top + n * (foot_height + foot_gap), foot_height, (n,)) for n in range(len(feet)))
    if feet:
        titles.append((stance_title, stance_top - round(11 * scale)))
    return PanelLayout(
        width=width, height=height, scale=scale, left=left, right=width - round(20 * scale), titles=tuple(titles),
        lanes=tuple(lanes), stance=stance, axis=axis, bands=tuple(shades), events=event_lane,
    )  # fmt: skip


def _band_heights(bands: Sequence[Band], room: int, beside_traces: bool, scale: float) -> list[int]:
    """Heights of the bands: all the room up to the tallest rows, but half of it beside traces."""
    share = (0.5 if beside_traces else 1.0) * max(room, 0) / max(sum(_wanted(band) for band in bands), 1.0)
    heights = []
    for band in bands:
        each = min(share * _wanted(band) / len(band.rows), _TALLEST_ROW * scale)
        heights.append(max(int(each) * len(band.rows) if each >= 4 else round(each * len(band.rows)), 4))
    return heights


def _wanted(band: Band) -> float:
    """How much of the room a band takes, against others."""
    return max(200.0, 2.2 * len(band.rows)) if len(band.rows) > _LABELLED else 15.0 * len(band.rows)


def _sections(traces: Sequence[Trace], firsts: Sequence[int], title: str) -> list[str]:
    """Heading above each lane, by the first trace of each; empty where a section goes on."""
    names = [traces[n].section for n in firsts]
    headings = []
    for lane, (name, n) in enumerate(zip(names, firsts, strict=True)):
        named = name[:1].upper() + name[1:]
        heading = (f"{named}  ({traces[n].unit})" if traces[n].unit else named) if name else title
        headings.append(heading if lane == 0 or name != names[lane - 1] else "")
    return headings


def tick_time(window: float) -> float:
    """Time between two ticks of an axis that spans `window`, s."""
    return next((tick for tick in _TICKS if window / tick <= _MOST_TICKS), _TICKS[-1])


def draw_background(
    traces: Sequence[Trace], feet: Sequence[Foot], layout: PanelLayout, window: float, bands: Sequence[Band] = ()
) -> NDArray[np.uint8]:
    """Draw what never moves: lanes, labels, titles and the time axis.

    Args:
        traces: The signals.
        feet: The feet.
        layout: Where they stand.
        window: Time that the strip spans, s.
        bands: The bands.

    Returns:
        The panel [height, width, 3], its lanes empty.
    """
    picture = np.empty((layout.height, layout.width, 3), np.uint8)
    picture[:] = to_bytes(BACKGROUND)
    scale = layout.scale
    for lane in layout.lanes:
        picture[lane.top : lane.top + lane.height, layout.left : layout.right] = to_bytes(LANE)
        picture[lane.top + lane.height // 2, layout.left : layout.right] = to_bytes(GRID)
        _label_lane(picture, [traces[n] for n in lane.rows], lane, layout)
    for lane in layout.stance:
        picture[lane.top : lane.top + lane.height, layout.left : layout.right] = to_bytes(LANE)
        foot = feet[lane.rows[0]]
        place = layout.left - 12 * scale, lane.top + lane.height / 2
        draw_text(picture, foot.label, place, 13 * scale, foot.color, "rm")
    for band, lane in zip(bands, layout.bands, strict=True):
        picture[lane.top : lane.top + lane.height, layout.left : layout.right] = to_bytes(LANE)
        _label_band(picture, band, lane, layout)
    if layout.events:
        lane = layout.events
        place = layout.left - 12 * scale, lane.top + lane.height / 2
        draw_text(picture, "events", place, 13 * scale, FAINT, "rm")
    for text, baseline in layout.titles:
        draw_text(picture, text, (layout.left, baseline), 16 * scale, TITLE)
    if traces or feet or bands or layout.events:
        _draw_axis(picture, layout, window)
    return picture


def _label_lane(picture: NDArray[np.uint8], traces: Sequence[Trace], lane: Lane, layout: PanelLayout) -> None:
    """Write the names of a lane's traces, and their range if there is room, to the left of it."""
    scale = layout.scale
    lines = [(trace.label, 14 * scale, trace.color) for trace in traces]
    line_height = min(17 * scale, lane.height / len(lines))
    ranges = {(trace.lo, trace.hi) for trace in traces}
    if len(ranges) == 1 and lane.height >= (len(lines) + 0.9) * line_height:
        lo, hi = ranges.pop()
        lines.append((f"{lo:g} to {hi:g}", 11.5 * scale, FAINT))
    top = lane.top + (lane.height - len(lines) * line_height) / 2
    for n, (text, size, color) in enumerate(lines):
        place = layout.left - 12 * scale, top + (n + 0.5) * line_height
        draw_text(picture, text, place, min(size, line_height), color, "rm")


def _label_band(picture: NDArray[np.uint8], band: Band, lane: Lane, layout: PanelLayout) -> None:
    """Write the name of each row, or of each family where rows are thin, to the left of it."""
    each, scale = lane.height / len(band.rows), layout.scale
    single = each >= 9.5 * scale
    groups: list[list[int]] = []
    for n, row in enumerate(band.rows):
        if groups and not single and band.rows[groups[-1][0]].family == row.family:
            groups[-1].append(n)
        else:
            groups.append([n])
    for rows in groups:
        first = band.rows[rows[0]]
        if len(rows) * each >= 9 * scale:
            place = layout.left - 12 * scale, lane.top + (rows[0] + rows[-1] + 1) / 2 * each
            text = first.label if single else first.family.strip("_ ")
            draw_text(picture, text, place, min(13 * scale, len(rows) * each), first.color, "rm")


def band_rows(band: Band, height: int) -> NDArray[np.int64]:
    """Which row of a band each row of pixels shows, [height]; -1 for the gaps between rows that are tall enough."""
    rows = np.arange(height) * len(band.rows) // height
    each = height // len(band.rows)
    if each >= 5:
        rows[each - 1 :: each] = -1
    return rows


def _draw_axis(picture: NDArray[np.uint8], layout: PanelLayout, window: float) -> None:
    scale, tick = layout.scale, tick_time(window)
    per_second = (layout.right - layout.left) / window
    for n in range(int(window / tick + 1e-9) + 1):
        x = layout.right - n * tick * per_second
        column = min(round(x), layout.right - 1)
        picture[layout.axis : layout.axis + max(round(5 * scale), 2), column] = to_bytes(FAINT)
        text = f"-{n * tick:g} s" if n else "now"
        width = text_width(text, 12 * scale)
        x = min(max(x, layout.left + width / 2 - 14 * scale), layout.width - width / 2 - 4)
        draw_text(picture, text, (x, layout.axis + 19 * scale), 12 * scale, TEXT, "ms")
