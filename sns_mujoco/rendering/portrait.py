"""Phase portraits: one signal against another, with a trail that fades."""

from math import exp

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.palette import BACKGROUND, FAINT, GRID, LANE, TITLE, blend, to_bytes
from sns_mujoco.rendering.panel_layout import Trace
from sns_mujoco.rendering.panels import draw_dot
from sns_mujoco.rendering.text import draw_text, text_width

_LINE = 1.9  # width of the trail at a scale of 1
_POINTS = 10  # of a frame's samples that the trail goes through, at most
_FADES_IN = 0.45  # of the window, the time in which the trail falls to a third


class Portrait:
    """Draws one signal against another, frame by frame.

    Attributes:
        height: Of the picture, pixels.
        box: Left, top, right and bottom of the square in the picture, pixels.
    """

    def __init__(
        self, x: Trace, y: Trace, size: tuple[int, int], *, frame_time: float, window: float, scale: float = 1.0
    ) -> None:
        """Draw what stays the same in every frame.

        Args:
            x: The signal to the right, with its range.
            y: The signal upwards.
            size: Width and height of the picture, pixels.
            frame_time: Simulated time between frames, s.
            window: About how long the trail is seen, s.
            scale: Size of type and lines.
        """
        self._x, self._y, self._scale = x, y, scale
        self._fade = exp(-frame_time / (_FADES_IN * window))
        width, self.height = size
        height = self.height
        head, foot, side = round(26 * scale), round(26 * scale), round(14 * scale)
        left, right = side, width - side
        self.box = left, head, right, height - foot
        ground = np.empty((height, width, 3), np.uint8)
        ground[:] = to_bytes(BACKGROUND)
        ground[head : height - foot, left:right] = to_bytes(LANE)
        ground[(head + height - foot) // 2, left:right] = to_bytes(GRID)
        ground[head : height - foot, (left + right) // 2] = to_bytes(GRID)
        draw_text(ground, _named(y), (left, head - 8 * scale), 13 * scale, y.color)
        text = _named(x)
        draw_text(ground, text, (right, height - 9 * scale), 13 * scale, x.color, "rs")
        ends = f"{x.lo:g} to {x.hi:g}"
        if text_width(ends, 11.5 * scale) + text_width(text, 13 * scale) + 12 * scale < right - left:
            draw_text(ground, ends, (left, height - 9 * scale), 11.5 * scale, FAINT)
        self._ground = ground
        self._trail = np.zeros((height - foot - head, right - left), np.float32)
        self._color = 255.0 * np.array(blend(x.color, y.color, 0.5), np.float32)
        self._last: NDArray[np.float64] | None = None

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a pair of values stands in the picture, pixels; values off the range stand at its ends."""
        left, top, right, bottom = self.box
        room = 4.0 * self._scale
        share_x = min(max((x - self._x.lo) / (self._x.hi - self._x.lo), 0.0), 1.0)
        share_y = min(max((y - self._y.lo) / (self._y.hi - self._y.lo), 0.0), 1.0)
        return left + room + share_x * (right - left - 2 * room), bottom - room - share_y * (bottom - top - 2 * room)

    def advance(self, samples: NDArray[np.float64]) -> None:
        """Go on by a frame.

        Args:
            samples: Both signals [samples, 2] over the time since the last frame; those not finite are left out.
        """
        self._trail *= self._fade
        known = samples[np.isfinite(samples).all(axis=1)]
        known = known[np.unique(np.linspace(0, len(known) - 1, _POINTS).astype(int))] if len(known) else known
        points = np.array([self.place(x, y) for x, y in known]).reshape(-1, 2)
        if self._last is not None:
            points = np.concatenate([self._last, points])
        if len(points):
            self._draw_line(points - self.box[:2])
            self._last = points[-1:]

    def draw(self, picture: NDArray[np.uint8]) -> None:
        """Draw the portrait as it is now into a picture [height, width, 3] of its size."""
        picture[:] = self._ground
        left, top, right, bottom = self.box
        part = picture[top:bottom, left:right]
        part[:] = part + self._trail[..., None] * (self._color - part) + 0.5
        if self._last is not None:
            x, y = self._last[0]
            draw_dot(picture, float(x), float(y), 3.6 * self._scale, blend(self._x.color, TITLE, 0.3))

    def _draw_line(self, points: NDArray[np.float64]) -> None:
        """Let the trail cover a smooth line through points [points, 2], from the corner of the box."""
        reach = _LINE * self._scale
        low = np.maximum(np.floor(points.min(axis=0) - reach - 1), 0).astype(int)
        high = np.ceil(points.max(axis=0) + reach + 1).astype(int)
        part = self._trail[low[1] : high[1], low[0] : high[0]]
        starts = points[:-1] if len(points) > 1 else points
        steps = np.diff(points, axis=0) if len(points) > 1 else np.zeros((1, 2))
        rows, columns = np.arange(part.shape[0]) + low[1] + 0.5, np.arange(part.shape[1]) + low[0] + 0.5
        nearest = np.full(part.shape, np.inf)
        for (x, y), (dx, dy) in zip(starts, steps, strict=True):
            px, py = columns - x, rows[:, None] - y
            along = np.clip((px * dx + py * dy) / max(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
            np.minimum(nearest, (px - along * dx) ** 2 + (py - along * dy) ** 2, out=nearest)
        np.maximum(part, np.clip(0.5 * _LINE * self._scale + 0.5 - np.sqrt(nearest), 0.0, 1.0), out=part)


def _named(trace: Trace) -> str:
    return f"{trace.label} ({trace.unit})"
