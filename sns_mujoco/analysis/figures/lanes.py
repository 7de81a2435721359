"""Lanes: rows of a figure over one clock, each with its label at the left, as in films."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.families import Color
from sns_mujoco.analysis.figures.house import INK, QUIET, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANE_HEIGHT = 8.5  # mm, of a lane with a trace
BAR_HEIGHT = 5.0  # mm, of a lane with bars
HEAD = 0.62  # of a lane, for the heading above a section
FRAME = 14.0  # mm, for the axis below and the title above
_TWO_LINES = 14.0  # points that they need
_UP, _DOWN = 3.6, -4.6  # points, of the two from the middle of the lane
_LABEL_AT = -0.012  # where labels end, as a share of the width of the axes


@dataclass(frozen=True, slots=True)
class Row:
    """Where a lane stands.

    Attributes:
        foot: Of the lane, in lanes from the top, downward and so negative.
        room: Height of a whole lane on paper, about, points.
        height: Of what stands in it, in lanes.
    """

    foot: float
    room: float
    height: float = 0.82

    @property
    def middle(self) -> float:
        """Half-way up."""
        return self.foot + 0.5 * self.height


def stack(ax: "Axes", headings: Iterable[str]) -> list[Row]:
    """Put lanes below each other, with headings above those that begin a section.

    Args:
        ax: The axes, whose y axis then counts lanes.
        headings: Of each lane, what its section is called; "" for none. Equal ones that follow one another are one.
    """
    headings = list(headings)
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes that are drawn into stand in a figure"
    lanes = height_of(headings, 1.0) - FRAME
    room = ax.get_window_extent().height / figure.dpi * 72.0 / lanes
    rows, here, before = [], 0.0, ""
    for heading in headings:
        if heading and heading != before:
            here -= HEAD
            ax.text(
                0.0, here + 0.16, heading, transform=ax.get_yaxis_transform(), fontsize=7.5, color=INK,
                fontweight="bold",
            )  # fmt: skip
        before = heading
        here -= 1.0
        rows.append(Row(here, room))
    ax.set_ylim(here - 0.1, 0.1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return rows


def height_of(headings: Iterable[str], lane: float = LANE_HEIGHT) -> float:
    """Height of a figure with such lanes, mm."""
    total, before = 0.0, ""
    for heading in headings:
        total += 1.0 + (HEAD if heading and heading != before else 0.0)
        before = heading
    return total * lane + FRAME


def label(ax: "Axes", row: Row, text: str, below: str = "", color: Color | str = INK) -> None:
    """Say what a lane is, and in small letters below what is to be known of it, where there is room for two lines."""
    below = below if row.room >= _TWO_LINES else ""
    font = min(7.5, max(3.5, row.room))
    for words, up, size, shade in ((text, _UP if below else 0.0, font, color), (below, _DOWN, 5.8, QUIET)):
        if words:
            ax.annotate(
                words, (_LABEL_AT, row.middle), (0.0, up), xycoords=ax.get_yaxis_transform(),
                textcoords="offset points", ha="right", va="center", fontsize=size, color=shade,
                annotation_clip=False,
            )  # fmt: skip


def ground(ax: "Axes", rows: Iterable[Row]) -> None:
    """The line that each lane stands on."""
    for row in rows:
        ax.axhline(row.foot, color=RULE, linewidth=0.6, zorder=0)


def clock(ax: "Axes", times: NDArray[np.float64]) -> None:
    """The axis of simulated time below all lanes, s; a sample [T] ends the time that it stands for."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1e-3
    ax.set_xlim(float(times[0]) - step, float(times[-1]))
    ax.set_xlabel("Time (s)")
