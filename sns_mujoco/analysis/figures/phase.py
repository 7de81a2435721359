"""Phase portraits: one signal against another."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.figures.house import QUIET, check_place, drawn, figure_of
from sns_mujoco.analysis.figures.palette import name_colors, paler
from sns_mujoco.analysis.figures.signals import Signal, Window, find
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PALEST = 0.78  # of the way to white, of the oldest part
_MOST = 4000  # points of the line
_ARROWS = 3  # in the last quarter of the line, which show the way round


def phase_plot(
    recording: "xarray.Dataset", animal: Animal | None = None, x: str | None = None, y: str | None = None, *,
    window: Window = None, ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw a signal against another; paler is earlier, arrows show the way, the dot is the end.

    Args:
        recording: A recording of one animal.
        animal: Whose; without `x` and `y`, its first two neurons of its rhythm, or else of its film.
        x: One channel: a neuron, or "variable:name" for any other variable.
        y: Another.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such channel.
        ValueError: Only one of the two is given, one is a pattern of several or was recorded at another rate, the
            window is empty, or neither they nor an animal with two neurons are given.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    if (x is None) != (y is None):
        raise ValueError(
            f"a phase plot is of two signals, got x {x!r} and y {y!r}; give both, or an animal and neither"
        )
    if x is None or y is None:
        x, y = _usual(animal)
    across, up = _one(recording, x, window), _one(recording, y, window)
    if len(across.times) != len(up.times):
        raise ValueError(
            f"{x!r} has {len(across.times)} samples and {y!r} {len(up.times)}: they were recorded at different rates; "
            "record both at one"
        )
    color = name_colors([across.name], animal)[across.name]
    with drawn(ax, path, 85.0, 80.0) as axes:
        from matplotlib.collections import LineCollection

        every = max(1, len(across.values) // _MOST)
        points = np.stack([across.values, up.values], axis=1)[::every]
        age = np.linspace(_PALEST, 0.0, max(len(points) - 1, 1))
        pieces = np.stack([points[:-1], points[1:]], axis=1)
        axes.add_collection(LineCollection(list(pieces), colors=[paler(color, share) for share in age], linewidths=0.9))
        for k in np.linspace(0.75, 0.97, _ARROWS):
            at = int(k * (len(points) - 2))
            if at > 0 and not np.array_equal(points[at], points[at + 1]):
                axes.annotate(
                    "", points[at + 1], points[at],
                    arrowprops={"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, "linewidth": 0.1},
                )  # fmt: skip
        axes.plot(*points[-1], "o", color=color, markersize=3.5)
        axes.autoscale_view()
        axes.margins(0.06)
        axes.set_xlabel(_title(across))
        axes.set_ylabel(_title(up))
        start, stop = across.times[0], across.times[-1]
        axes.set_title(f"{start:.4g} to {stop:.4g} s", loc="right", fontsize=6.5, color=QUIET, fontweight="normal")
    return figure_of(axes)


def _usual(animal: Animal | None) -> tuple[str, str]:
    """What an animal's phase plot is of when nothing is asked for."""
    names: tuple[str, ...] = ()
    if animal is not None:
        shown = (readout.neuron for readout in animal.readouts if readout.neuron)
        names = animal.rhythm if len(animal.rhythm) > 1 else tuple(shown)
    if len(names) < 2:
        raise ValueError("a phase plot is of two signals; give x and y, as in x='L1 swing', y='joint_position:L1_coxa'")
    return names[0], names[1]


def _one(recording: "xarray.Dataset", text: str, window: Window) -> Signal:
    found = find(recording, [text], window)
    if len(found) > 1:
        names = ", ".join(repr(signal.name) for signal in found[:4])
        raise ValueError(f"{text!r} is {len(found)} channels ({names} ...), and an axis shows one; name it")
    signal = found[0]
    if signal.variable in ("joint_position", "joint_velocity") and signal.unit.startswith("rad"):
        unit = signal.unit.replace("rad", "degrees")
        return replace(signal, values=np.degrees(signal.values), unit=unit)
    return signal


def _title(signal: Signal) -> str:
    what = "" if signal.variable == "potential" else f" {signal.meaning}"
    return f"{signal.name}{what}{f' ({signal.unit})' if signal.unit else ''}"
