"""The panel beside the animal: membrane potentials and stance, scrolling in step with it.

Everything that depends on time lives in a strip of pixels, a ring of columns. A frame draws only its own few columns
and copies the rest, so a panel costs two or three milliseconds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.marks import Mark, draw_marks
from sns_mujoco.rendering.palette import GRID, LANE, MARK, blend, to_bytes
from sns_mujoco.rendering.panel_layout import Band, Foot, Trace, band_rows, draw_background, lay_out, tick_time

_LINE = 2.1  # width of a trace at 720 pixels of height
_FILL = (0.42, 0.06)  # how strongly the area under a trace is filled, at the trace and at the bottom
_REDRAWN = 2  # columns of the last frame that the line of this one still reaches into
_POINTS = 2  # points of a trace in each column


class Panel:
    """Draws the panel frame by frame."""

    def __init__(
        self,
        traces: Sequence[Trace],
        feet: Sequence[Foot],
        size: tuple[int, int],
        *,
        frame_time: float,
        window: float = 3.0,
        title: str | None = None,
        stance_title: str = "Stance",
        bands: Sequence[Band] = (),
        events: bool = False,
        scale: float | None = None,
    ) -> None:
        """Draw what stays the same in every frame.

        Args:
            traces: The signals, from the top.
            feet: The feet of the stance diagram, from the top.
            size: Width and height, pixels.
            frame_time: Simulated time between frames, s.
            window: About how much time to show, s; rounded so that a frame is a whole number of columns.
            title: Above the signals that have no section; None for "Membrane potential" and their unit.
            stance_title: Above the feet.
            bands: Rows of brightness, between the signals and the feet.
            events: Whether there is a lane for events.
            scale: Size of type and lines; None for 1 at 720 pixels of height.
        """
        self._bands = tuple(bands)
        self._traces, self._feet = tuple(traces), tuple(feet)
        if title is None:
            units = sorted({trace.unit for trace in traces if not trace.section})
            title = "Membrane potential" + (f"  ({units[0]})" if len(units) == 1 else "")
        self.layout = layout = lay_out(
            traces, feet, size, title=title, stance_title=stance_title, bands=bands, events=events, scale=scale
        )  # fmt: skip
        self._frame_time = frame_time
        columns = layout.right - layout.left
        self.columns_per_frame = max(1, min(round(columns * frame_time / window), columns - _REDRAWN))
        self.window = columns / self.columns_per_frame * frame_time
        self._tick = tick_time(self.window)
        self._background = draw_background(self._traces, self._feet, layout, self.window, bands)
        self._shades = [_shades(band, lane.height) for band, lane in zip(bands, layout.bands, strict=True)]
        self._strip = self._background[:, layout.left : layout.right].copy()
        self._empty = self._strip[:, :1].copy()
        self._next = 0  # column of the ring that the next frame begins at
        self._tail = np.zeros((0, len(traces)))  # the last points of the traces, where the next line goes on
        self._last = np.zeros((0, len(traces)))  # the last sample
        self._marked = np.zeros(_REDRAWN, bool)  # which of the last columns are
        self._frames = 0

    @property
    def left_out(self) -> tuple[str, ...]:
        """Labels of the traces for which there is no room."""
        shown = {n for lane in self.layout.lanes for n in lane.rows}
        return tuple(trace.label for n, trace in enumerate(self._traces) if n not in shown)

    def advance(
        self, potentials: NDArray[np.float64], stance: NDArray[np.bool_], marks: NDArray[np.bool_] | None = None,
        levels: Sequence[NDArray[np.floating]] = (),
    ) -> None:  # fmt: skip
        """Scroll on by a frame.

        Args:
            potentials: Samples [samples, traces] evenly spaced over the time since the last frame; at least one.
            stance: Samples [samples, feet] of which feet carry load, over the same time; at least one.
            marks: Samples [samples] over the same time, true where the ground of the traces is to be pale.
            levels: For each band, samples [samples, rows] over the same time, 0 for dark to 1 for bright.
        """
        layout, count = self.layout, self.columns_per_frame
        points = column_points(potentials, self._last, count)
        line = np.concatenate([self._tail, points])
        x = _REDRAWN + (np.arange(len(line)) - len(self._tail) + 0.5) / _POINTS
        fresh = np.repeat(self._empty, _REDRAWN + count, axis=1)
        ticks = self._ticks()
        marked = self._marked = np.concatenate([self._marked[-_REDRAWN:], _columns_with(marks, count)])
        for lane in layout.lanes:
            area = fresh[lane.top : lane.top + lane.height].astype(np.float32)
            area[:, marked] += to_bytes(MARK).astype(np.float32) - to_bytes(LANE)
            area[:, ticks] = to_bytes(GRID)
            for n in reversed(lane.rows):  # the first of a lane lies on top
                y = trace_height(line[:, n], self._traces[n], lane.height, layout.scale)
                _draw_line(area, x, y, self._traces[n], layout.scale, filled=n == lane.rows[0])
            fresh[lane.top : lane.top + lane.height] = area + 0.5
        for (rows, colors), lane, values in zip(self._shades, layout.bands, levels, strict=True):
            place = slice(lane.top, lane.top + lane.height)
            fresh[place, :_REDRAWN] = self._strip[place, self._next - _REDRAWN + np.arange(_REDRAWN)]
            bright = _column_levels(values, count)[:, rows].T[..., None]  # [height, columns, 1]
            ground = np.array(LANE, np.float32)
            fresh[place, _REDRAWN:] = 255.0 * (ground + bright * (colors[:, None] - ground)) + 0.5
        loaded = stance[np.arange(count) * len(stance) // count]
        for lane in layout.stance:
            rows = slice(lane.top, lane.top + lane.height)
            fresh[rows, :_REDRAWN] = self._strip[rows, self._next - _REDRAWN + np.arange(_REDRAWN)]
            fresh[rows, ticks & (np.arange(_REDRAWN + count) >= _REDRAWN)] = to_bytes(GRID)
            fresh[rows, _REDRAWN:][:, loaded[:, lane.rows[0]]] = to_bytes(self._feet[lane.rows[0]].color)
        skip = 0 if self._frames else _REDRAWN
        columns = (self._next - _REDRAWN + np.arange(fresh.shape[1])) % self._strip.shape[1]
        self._strip[:, columns[skip:]] = fresh[:, skip:]
        self._next = (self._next + count) % self._strip.shape[1]
        self._tail, self._last = line[-_POINTS * 2 * _REDRAWN :], potentials[-1:]
        self._frames += 1

    def draw(self, picture: NDArray[np.uint8], time: float = 0.0, events: Sequence[Mark] = ()) -> None:
        """Copy the panel as it is now into a picture [height, width, 3] of its size.

        Args:
            picture: Where it goes.
            time: Now, s, for the events.
            events: What is shown in the lane of the events, if there is one.
        """
        layout = self.layout
        picture[:] = self._background
        older = self._strip.shape[1] - self._next
        for lane in layout.lanes + layout.bands + layout.stance:
            rows = slice(lane.top, lane.top + lane.height)
            picture[rows, layout.left : layout.left + older] = self._strip[rows, self._next :]
            picture[rows, layout.left + older : layout.right] = self._strip[rows, : self._next]
        if layout.events is not None:
            draw_marks(picture, layout, events, time=time, window=self.window)
        for lane in layout.lanes:
            for n in reversed(lane.rows):
                if self._frames:
                    trace = self._traces[n]
                    y = lane.top + float(trace_height(self._tail[-1, n], trace, lane.height, layout.scale))
                    draw_dot(picture, layout.right - 0.5, y, 3.4 * layout.scale, trace.color)

    def _ticks(self) -> NDArray[np.bool_]:
        """Which of the fresh columns a tick of the clock falls into."""
        per_column = self._frame_time / self.columns_per_frame
        edges = np.arange(-_REDRAWN, self.columns_per_frame + 1) * per_column + self._frames * self._frame_time
        ticks = np.floor(edges / self._tick + 1e-6)
        return ticks[1:] > ticks[:-1]


def _shades(band: Band, height: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each row of pixels of a band, the row that it shows and its colour; gaps stay dark."""
    rows = band_rows(band, height)
    colors = np.array([row.color for row in band.rows], np.float32)[rows]
    colors[rows < 0] = LANE
    return rows, colors


def _column_levels(values: NDArray[np.floating], columns: int) -> NDArray[np.float32]:
    """The brightest sample of each column [columns, rows], so that no spike is lost; nan is dark."""
    count = len(values)
    known = np.clip(np.nan_to_num(values), 0.0, 1.0).astype(np.float32)
    if count <= columns:
        return known[np.arange(columns) * count // columns]
    return np.maximum.reduceat(known, np.arange(columns) * count // columns, axis=0)


def _columns_with(marks: NDArray[np.bool_] | None, columns: int) -> NDArray[np.bool_]:
    """Which of a frame's columns [columns] a marked sample falls into; one of them at least, if there is one."""
    found = np.zeros(columns, bool)
    if marks is not None:
        places = np.flatnonzero(marks)
        found[places * columns // len(marks)] = True
        if len(marks) < columns:
            found |= marks[np.arange(columns) * len(marks) // columns]
    return found


def column_points(samples: NDArray[np.float64], last: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """Reduce a frame's samples to two points a column, so that no spike is lost.

    Args:
        samples: [samples, traces].
        last: The last sample of the frame before, [1, traces], or [0, traces] if there was none.
        columns: How many columns the frame has.

    Returns:
        Points [2 * columns, traces]: the least and greatest sample of each column, in the order in which they came; if
        there are fewer samples than points, they are joined by straight lines.
    """
    count = len(samples)
    wanted = _POINTS * columns
    if count < wanted:
        known = np.concatenate([last if len(last) else samples[:1], samples])
        at = (np.arange(wanted) + 0.5) / wanted * count
        before = np.minimum(at.astype(int), count - 1)
        share = (at - before)[:, None]
        return known[before] + share * (known[before + 1] - known[before])
    points = np.empty((wanted, samples.shape[1]))
    for column in range(columns):
        part = samples[column * count // columns : (column + 1) * count // columns]
        low, high = part.min(axis=0), part.max(axis=0)
        rising = part.argmin(axis=0) <= part.argmax(axis=0)
        points[_POINTS * column] = np.where(rising, low, high)
        points[_POINTS * column + 1] = np.where(rising, high, low)
    return points


def trace_height(
    values: NDArray[np.float64] | np.float64, trace: Trace, height: int, scale: float
) -> NDArray[np.float64]:
    """Rows, from the top of a lane, at which values stand; what is off the range or not a number stands at its end."""
    room = 0.5 * _LINE * scale + 1.0
    share = (np.nan_to_num(values, nan=trace.lo) - trace.lo) / (trace.hi - trace.lo)
    return room + (1.0 - np.clip(share, 0.0, 1.0)) * (height - 2.0 * room)


def _draw_line(
    area: NDArray[np.float32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    trace: Trace,
    scale: float,
    *,
    filled: bool,
) -> None:
    """Draw a smooth line through points (pixels; a pixel's centre is at a half) into [rows, columns, 3]."""
    rows, columns = np.arange(area.shape[0]) + 0.5, np.arange(area.shape[1]) + 0.5
    color = 255.0 * np.array(trace.color, np.float32)
    if filled:
        top = np.interp(columns, x, y)
        depth = (rows[:, None] - top) / np.maximum(area.shape[0] - top, 1.0)
        share = np.clip(rows[:, None] - top + 0.5, 0.0, 1.0) * (_FILL[0] + (_FILL[1] - _FILL[0]) * depth)
        area += share[..., None].astype(np.float32) * (color - area)
    # Distance of each pixel from the nearest of the straight pieces that come close to its column.
    first = np.searchsorted(x, columns - 2.0) - 1
    near = np.clip(first[:, None] + np.arange(4 * _POINTS + 1), 0, len(x) - 2)
    dx, dy = np.diff(x)[near], np.diff(y)[near]
    px, py = columns[:, None] - x[near], rows[:, None, None] - y[near]
    along = np.clip((px * dx + py * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    away = np.sqrt(((px - along * dx) ** 2 + (py - along * dy) ** 2).min(axis=-1))
    share = np.clip(0.5 * _LINE * scale + 0.5 - away, 0.0, 1.0)
    area += share[..., None].astype(np.float32) * (color - area)


def draw_dot(picture: NDArray[np.uint8], x: float, y: float, radius: float, color: Color) -> None:
    """Draw a dot with a soft glow."""
    reach = int(3 * radius) + 1
    left, top = int(x) - reach, int(y) - reach
    part = picture[max(top, 0) : top + 2 * reach + 1, max(left, 0) : left + 2 * reach + 1]
    rows = np.arange(part.shape[0]) + max(top, 0) + 0.5 - y
    columns = np.arange(part.shape[1]) + max(left, 0) + 0.5 - x
    away = np.hypot(rows[:, None], columns)
    share = np.maximum(np.clip(radius + 0.5 - away, 0.0, 1.0), 0.35 * np.exp(-((away / (1.7 * radius)) ** 2)))
    light = 255.0 * np.array(blend(color, (1.0, 1.0, 1.0), 0.35))
    part[:] = part + share[..., None] * (light - part) + 0.5
