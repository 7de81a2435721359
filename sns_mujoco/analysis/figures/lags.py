"""Polar plots of phase lags: each event of a foot or neuron within the cycles of a reference."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait, rhythm
from sns_mujoco.analysis.families import Color
from sns_mujoco.analysis.figures.house import QUIET, check_place, drawn, figure_of
from sns_mujoco.analysis.figures.palette import name_colors
from sns_mujoco.analysis.figures.signals import Window, find
from sns_mujoco.analysis.figures.stance import standing
from sns_mujoco.analysis.gait import circular
from sns_mujoco.errors import unknown_name
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Events = dict[str, NDArray[np.intp]]
Kind = Literal["feet", "neurons", "joints"]
STILL = {"neurons": 1.0, "joints": float(np.radians(1.0))}  # mV, rad: what moves less has no rhythm
_OUTER = 1.0  # radius of the ring that stands for a mean vector of length 1


def polar_lags(
    recording: "xarray.Dataset", animal: Animal, of: Kind | Sequence[str] | None = None, *,
    reference: str | None = None, window: Window = None, ax: "Axes | None" = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw phase lags as directions: a dot for each event, an arrow for their mean.

    Feet are compared by their touchdowns, neurons and joints by their onsets (`analysis.rhythm`). An arrow's length is
    that of the mean vector: 1, the ring, for a fixed lag, 0 for none (Batschelet 1981, Circular Statistics in Biology).
    Phases run clockwise from the top, as on a clock; 0 is in phase with the reference.

    Args:
        recording: A recording of one animal.
        animal: Whose.
        of: "feet", "neurons" (those of its rhythm), "joints" (those that its reports give), or channels by name; if
            left out, its feet where they stride, else neurons, else joints.
        reference: What the others are compared with; the first if left out.
        window: From when to when, s; all if left out.
        ax: Polar axes to draw into, of `canvas(polar=True)`; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such foot, neuron, joint or reference.
        ValueError: The reference makes no whole cycle, or the window is empty.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    events = _events(recording, animal, of, window)
    first = next(iter(events)) if reference is None else reference
    if first not in events:
        raise unknown_name("reference", first, events, "what is drawn")
    if len(events[first]) < 2:
        raise ValueError(
            f"{first!r} makes no whole cycle; record the animal for longer, or take another reference or of='neurons'"
        )
    others = [name for name in events if name != first]
    colors = name_colors(others, animal)
    with drawn(ax, path, 80.0, 72.0 + 4.2 * len(others), polar=True) as axes:
        _clock_face(axes, first)
        for k, name in enumerate(others):
            _lag(axes, gait.phases(events[name], events[first]), name, colors[name], _OUTER + 0.09 * (k + 1))
        axes.set_rlim(0.0, _OUTER + 0.09 * (len(others) + 1))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), handlelength=0.8)
    return figure_of(axes)


def _events(recording: "xarray.Dataset", animal: Animal, of: Kind | Sequence[str] | None, window: Window) -> Events:
    """When the cycles of each begin, as samples."""
    if of is None:
        of = _usual(recording, animal, window)
    if of == "feet":
        known = standing(recording, animal, window)
        return {foot: gait.touchdowns(known.stands[:, k]) for k, foot in enumerate(known.feet)}
    if of in ("neurons", "joints"):
        names = animal.rhythm if of == "neurons" else animal.joints
        if len(names) < 2:
            raise ValueError(
                f"{animal.name!r} names {len(names)} {of} for its rhythm; name channels, as in of=['L1 *']"
            )
        channels: Sequence[str] = names if of == "neurons" else [f"joint_position:{name}" for name in names]
    else:
        channels = [of] if isinstance(of, str) else of
    signals = find(recording, channels, window)
    still = {"potential": STILL["neurons"], "joint_position": STILL["joints"]}
    return {s.name: rhythm.onsets(s.values, least=still.get(s.variable, 0.0)) for s in signals}


def _usual(recording: "xarray.Dataset", animal: Animal, window: Window) -> Kind:
    if len(animal.feet) > 1:
        known = standing(recording, animal, window)
        if len(gait.touchdowns(known.stands[:, 0])) > 1:
            return "feet"
    return "neurons" if len(animal.rhythm) > 1 else "joints" if len(animal.joints) > 1 else "feet"


def _clock_face(ax: "Axes", reference: str) -> None:
    ax.set_theta_zero_location("N")  # pyright: ignore[reportAttributeAccessIssue]
    ax.set_theta_direction(-1)  # pyright: ignore[reportAttributeAccessIssue]
    ax.set_xticks(2 * np.pi * np.arange(0, 1, 0.125), ["0", "", "0.25", "", "0.5", "", "0.75", ""])
    ax.set_yticks([0.5, _OUTER], ["", ""])
    ax.spines["polar"].set_visible(False)
    ax.plot([0.0, 0.0], [0.0, _OUTER], color=QUIET, linewidth=0.8, zorder=2)
    ax.set_title(f"Phase after {reference}", fontsize=8.0, fontweight="normal")


def _lag(ax: "Axes", phases: NDArray[np.floating], name: str, color: Color, ring: float) -> None:
    """The events of one on a ring of its own, and their mean as an arrow from the centre."""
    if not phases.size:
        ax.plot([], [], "o", color=color, label=f"{name}  no event")
        return
    mean, length = circular.mean(phases), circular.resultant(phases)
    ax.plot(2 * np.pi * phases, np.full(len(phases), ring), "o", color=color, markersize=2.6, alpha=0.55, mew=0)
    ax.annotate(
        "", (2 * np.pi * mean, length), (0.0, 0.0),
        arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    ax.plot([], [], "o", color=color, label=f"{name}  {mean:.2f}, length {length:.2f}, n = {len(phases)}")
