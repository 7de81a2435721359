"""Stance of the feet: over time, and over the stride of one of them (Hildebrand 1965, Science 150:701-708)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait
from sns_mujoco.analysis.families import Color
from sns_mujoco.analysis.figures import lanes
from sns_mujoco.analysis.figures.house import INK, check_place, drawn, figure_of
from sns_mujoco.analysis.figures.marks import shade
from sns_mujoco.analysis.figures.palette import name_colors, paler
from sns_mujoco.analysis.figures.signals import Floats, Window, find, one_life
from sns_mujoco.errors import unknown_name
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BOUNCE = 0.03  # s: a foot that is off the ground for less has not swung


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which feet stood when.

    Attributes:
        feet: Names of the feet [F].
        times: Simulated times, s [T].
        stands: Whether each foot stood [T, F].
    """

    feet: tuple[str, ...]
    times: Floats
    stands: NDArray[np.bool_]


def standing(recording: "xarray.Dataset", animal: Animal, window: Window = None) -> Standing:
    """Which feet of an animal stood when, by the load on them; a foot off the ground for less than 30 ms has not swung.

    Raises:
        ValueError: The animal has no feet, or there is no sample in the window.
        UnknownNameError: The load on a foot was not recorded.
    """
    if not animal.feet:
        raise ValueError(f"{animal.name!r} has no feet; give Animal(feet=...) the sensors of their load")
    recording = one_life(recording)
    if "foot_load" in recording:
        loads = find(recording, [f"foot_load:{foot.name}" for foot in animal.feet], window)
    else:
        loads = find(recording, [f"sensor:{foot.sensor}" for foot in animal.feet], window)
    times = loads[0].times
    load = np.stack([signal.values for signal in loads], axis=1)
    period = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    brief = max(1, round(BOUNCE / period))
    stands = gait.stance(load, animal.stance_load, gap=brief, shortest=brief)
    return Standing(feet=tuple(foot.name for foot in animal.feet), times=times, stands=stands)


def stance_diagram(
    recording: "xarray.Dataset", animal: Animal, *, window: Window = None, ax: "Axes | None" = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw when each foot carried load, a bar for each stance.

    Args:
        recording: A recording of one animal.
        animal: Whose, for its feet.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        ValueError: The animal has no feet, or the window is empty.
        UnknownNameError: The load on a foot was not recorded.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    known = standing(recording, animal, window)
    colors = name_colors(known.feet, animal)
    headings = [""] * len(known.feet)
    with drawn(ax, path, 160.0, lanes.height_of(headings, lanes.BAR_HEIGHT)) as axes:
        rows = lanes.stack(axes, headings)
        lanes.ground(axes, rows)
        bars = gait.stance_bars(known.stands, known.feet, known.times)
        for foot, row in zip(known.feet, rows, strict=True):
            spans = [(start, end - start) for start, end in bars[foot].tolist()]
            axes.broken_barh(spans, (row.foot, row.height), color=colors[foot], linewidth=0)
            lanes.label(axes, row, foot, color=colors[foot])
        lanes.clock(axes, known.times)
        shade(axes, recording, animal)
    return figure_of(axes)


def hildebrand(
    recording: "xarray.Dataset", animal: Animal, *, reference: str | None = None, window: Window = None,
    ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw the mean stance of each foot over the stride of one of them.

    A bar begins at the circular mean of the foot's touchdowns within the strides of the reference and lasts for its
    mean duty factor; the whiskers at its ends are one standard deviation of the touchdowns and of the duty factors.
    Behind it, darker where more strides agree, stands the share of strides in which the foot stood.

    Args:
        recording: A recording of one animal.
        animal: Whose, for its feet.
        reference: The foot whose stride is meant; the first if left out.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        ValueError: The animal has no feet, the window is empty, or the reference made no stride in it.
        UnknownNameError: There is no such foot, or the load on one was not recorded.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    known = standing(recording, animal, window)
    reference = known.feet[0] if reference is None else reference
    strides = strides_of(known, reference, animal)
    means = gait.mean_stride(known.stands, known.feet, reference=reference)
    colors = name_colors(known.feet, animal)
    headings = [""] * len(known.feet)
    with drawn(ax, path, 110.0, lanes.height_of(headings, 1.4 * lanes.BAR_HEIGHT)) as axes:
        rows = lanes.stack(axes, headings)
        lanes.ground(axes, rows)
        for k, (foot, row) in enumerate(zip(known.feet, rows, strict=True)):
            told = _share(axes, known, strides, k, row, colors[foot])
            if np.isfinite(means[foot].onset) and np.isfinite(means[foot].duty_factor):
                told = _mean_bar(axes, means[foot], row, colors[foot])
            lanes.label(axes, row, foot, told, colors[foot])
        axes.set_xlim(0.0, 1.0)
        axes.set_xlabel(f"Phase of the stride of {reference} ({len(strides)} strides)")
    return figure_of(axes)


def strides_of(known: Standing, reference: str, animal: Animal) -> list[tuple[int, int]]:
    """First sample of each stride of the foot that others are compared with, and of the next one.

    Raises:
        UnknownNameError: There is no such foot.
        ValueError: It made no stride.
    """
    if reference not in known.feet:
        raise unknown_name("foot", reference, known.feet, f"animal {animal.name!r}")
    strides = gait.undisturbed(gait.touchdowns(known.stands[:, known.feet.index(reference)]), None)
    if not strides:
        raise ValueError(
            f"{reference!r} made no whole stride from {known.times[0]:g} to {known.times[-1]:g} s; record it for "
            "longer, or take another foot as the reference"
        )
    return strides


def _share(
    ax: "Axes", known: Standing, strides: Sequence[tuple[int, int]], foot: int, row: lanes.Row, color: Color
) -> str:  # fmt: skip
    """In which share of the strides the foot stood, at each phase, as an area; returns what to say without a bar."""
    at = np.linspace(0.0, 1.0, 201)
    places = [np.minimum((a + at * (b - a)).astype(int), b - 1) for a, b in strides]
    share = np.mean([known.stands[place, foot] for place in places], axis=0)
    ax.fill_between(
        at, row.foot, row.foot + row.height * share, color=paler(color, 0.65), linewidth=0, step="mid", zorder=1
    )
    return "it stood" if share.min() == 1.0 else "it swung" if share.max() == 0.0 else "no whole stride"


def _mean_bar(ax: "Axes", bar: gait.Bar, row: lanes.Row, color: Color) -> str:
    """The mean stance and its spread; returns the duty factor in words."""
    foot_of_bar, thick = row.foot + 0.28 * row.height, 0.44 * row.height
    for begin in (bar.onset - 1.0, bar.onset):
        ax.broken_barh([(begin, bar.duty_factor)], (foot_of_bar, thick), color=color, linewidth=0, zorder=2)
        for at, width in ((begin, bar.onset_spread), (begin + bar.duty_factor, bar.duty_spread)):
            if np.isfinite(width):
                width = min(width, 0.5)
                ax.plot([at - width, at + width], [row.middle, row.middle], color=INK, linewidth=0.8, zorder=3)
    return f"duty factor {bar.duty_factor:.2f}"
