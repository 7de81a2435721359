"""Events in the panel: what was done to the animal, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.palette import LANE, TITLE, blend, to_bytes
from sns_mujoco.rendering.panel_layout import PanelLayout
from sns_mujoco.rendering.text import draw_text, text_width

EVENT: Color = (0.88, 0.78, 0.52)
"""Of the bars of events: no neuron has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that is done for a while.

    Attributes:
        label: What it is, in a few words.
        start: When it begins, s of simulated time.
        stop: When it ends, s.
    """

    label: str
    start: float
    stop: float = inf

    def acts(self, time: float) -> bool:
        """Whether it is under way at a time, s."""
        return self.start <= time < self.stop

    @property
    def passes(self) -> bool:
        """Whether it ends: what lasts for ever marks no time but its beginning."""
        return self.stop < inf


def marks_of(protocol: Protocol | None) -> list[Mark]:
    """What a protocol does, as marks."""
    items = protocol.items if protocol is not None else ()
    return [Mark(label=item.summary, start=item.start, stop=inf if item.stop is None else item.stop) for item in items]


def draw_marks(
    picture: NDArray[np.uint8], layout: PanelLayout, marks: Sequence[Mark], *, time: float, window: float
) -> None:
    """Draw bars from the start to the end of each event, its words on it or beside it, and a line down through all.

    Only what has room is labelled.

    Args:
        picture: The panel [height, width, 3], changed.
        layout: Where the lane of the events stands.
        marks: The events; those outside the window are left out.
        time: Now, s.
        window: Time that the strip spans, s.
    """
    lane = layout.events
    assert lane is not None
    left, right, scale = layout.left, layout.right, layout.scale
    picture[lane.top : lane.top + lane.height, left:right] = to_bytes(LANE)
    per_second = (right - left) / window
    shown = [mark for mark in marks if mark.start < time and mark.stop > time - window]
    shown.sort(key=lambda mark: mark.start)
    taken = float(left)  # up to where words stand
    for mark in shown:
        begin = right - (time - mark.start) * per_second
        end = right - max(time - mark.stop, 0.0) * per_second
        first, last = max(round(begin), left), min(max(round(end), round(begin) + 2), right)
        if last <= left:
            continue
        bar = picture[lane.top : lane.top + lane.height, first:last]
        bar[:] = 0.6 * bar + 0.4 * 0.55 * 255.0 * np.array(EVENT)
        if begin >= left:
            column = min(round(begin), right - 1)
            line = picture[lane.top : layout.axis, column]
            line[:] = 0.6 * line + 0.4 * 255.0 * np.array(EVENT)
            picture[lane.top : lane.top + lane.height, column : column + 2] = to_bytes(EVENT)
        width = text_width(mark.label, 12 * scale)
        x = max(first + 6 * scale, taken)
        if x + width > right - 6 * scale:
            x = begin - 6 * scale - width  # before its beginning, where there is no room behind
        if x >= max(taken, left) - 0.5:
            place = x, lane.top + lane.height / 2
            draw_text(picture, mark.label, place, 12 * scale, blend(EVENT, TITLE, 0.6), "lm")
            taken = x + width + 12 * scale
