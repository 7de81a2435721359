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


def lay_out(
    traces: Sequence[Trace], feet: Sequence[Foot], size: tuple[int, int], *, title: str, stance_title: str
) -> PanelLayout:
    """Divide a panel among its traces and feet.

    Args:
        traces: The signals, from the top.
        feet: The feet, from the top, below the signals.
        size: Width and height of the panel, pixels.
        title: Above the signals that have no section.
        stance_title: Above the feet.
    """
    width, height = size
    scale = height / 720
    names: dict[str, list[int]] = {}
    for n, trace in enumerate(traces):
        names.setdefault(trace.lane or f"{n}", []).append(n)
    margin, heading, gap, foot_height = round(20 * scale), round(34 * scale), round(5 * scale), round(17 * scale)
    foot_gap = max(round(3 * scale), 1)
    labels = [t.label for t in traces] + [f.label for f in feet]
    label_width = max((text_width(label, 14 * scale) for label in labels), default=0.0)
    left = margin + max(round(label_width), round(54 * scale)) + round(16 * scale)
    axis = height - round(40 * scale)
    stance_top = axis - round(6 * scale) - len(feet) * (foot_height + foot_gap)
    trace_bottom = stance_top - (heading + round(8 * scale) if feet else 0)
    sections = _sections(traces, [rows[0] for rows in names.values()], title)
    heading_room = round(28 * scale) * (sum(map(bool, sections)) - 1) if traces else 0
    top = margin + heading
    each = (trace_bottom - top - heading_room) // max(len(names), 1)
    each = min(each, round(110 * scale))
    lanes, titles = [], []
    for section, rows in zip(sections, names.values(), strict=True):
        if section:
            top += round(28 * scale) if titles else 0
            titles.append((section, top - round((12 if not titles else 9) * scale)))
        lanes.append(Lane(top, max(each - gap, 4), tuple(rows)))
        top += each
    stance = tuple(Lane(stance_top + n * (foot_height + foot_gap), foot_height, (n,)) for n in range(len(feet)))
    if feet:
        titles.append((stance_title, stance_top - round(11 * scale)))
    return PanelLayout(
        width=width, height=height, scale=scale, left=left, right=width - round(20 * scale),
        titles=tuple(titles), lanes=tuple(lanes), stance=stance, axis=axis,
    )  # fmt: skip


def _sections(traces: Sequence[Trace], firsts: Sequence[int], title: str) -> list[str]:
    """Heading above each lane, by the first trace of each; empty where a section goes on."""
    names = [traces[n].section for n in firsts]
    headings = []
    for lane, (name, n) in enumerate(zip(names, firsts, strict=True)):
        heading = f"{name}  ({traces[n].unit})" if name else title
        headings.append(heading if lane == 0 or name != names[lane - 1] else "")
    return headings


def tick_time(window: float) -> float:
    """Time between two ticks of an axis that spans `window`, s."""
    return next((tick for tick in _TICKS if window / tick <= _MOST_TICKS), _TICKS[-1])


def draw_background(
    traces: Sequence[Trace], feet: Sequence[Foot], layout: PanelLayout, window: float
) -> NDArray[np.uint8]:
    """Draw what never moves: lanes, labels, titles and the time axis.

    Args:
        traces: The signals.
        feet: The feet.
        layout: Where they stand.
        window: Time that the strip spans, s.

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
    for text, baseline in layout.titles:
        draw_text(picture, text, (layout.left, baseline), 16 * scale, TITLE)
    if traces or feet:
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
