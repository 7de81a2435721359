"""Traces: signals over time, one below the other."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.families import Color
from sns_mujoco.analysis.figures import lanes
from sns_mujoco.analysis.figures.house import check_place, drawn, figure_of
from sns_mujoco.analysis.figures.marks import shade
from sns_mujoco.analysis.figures.palette import name_colors, paler
from sns_mujoco.analysis.figures.signals import Signal, Window, find, thinned
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LANES = 40
_FILL = 0.16  # opacity of the area below a trace
_DASH = ((), (3.0, 1.2), (1.0, 1.0))  # of the first, second and third line of a lane


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    heading: str
    labels: tuple[str, ...]
    signals: tuple[Signal, ...]
    colors: tuple[Color, ...]
    low: float
    high: float


def traces(
    recording: "xarray.Dataset", animal: Animal | None = None, channels: Sequence[str] | None = None, *,
    window: Window = None, ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw signals over time, each in its lane, with the range that the lane spans beside it.

    Args:
        recording: A recording of one animal.
        animal: Whose; without `channels`, what its film shows is drawn, over the same ranges at least, in its lanes.
        channels: Which signals: names or shell patterns of neurons ("L1 *"), or "variable:pattern" for any other
            variable of the recording ("muscle_force:L_*", "joint_position").
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such channel.
        ValueError: The window is empty, there are too many channels, or neither animal nor channels are given and the
            recording has many neurons.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    if channels is None and animal is not None:
        found = _readouts(recording, animal, window)
    else:
        found = _lane_each(find(recording, ["*"] if channels is None else channels, window), animal)
    if len(found) > MOST_LANES:
        raise ValueError(
            f"{len(found)} traces are more than the {MOST_LANES} that a page holds; name some, as in channels=['L1 *']"
            + ("" if animal else ", or give the animal for those that its film shows")
        )
    headings = [lane.heading for lane in found]
    with drawn(ax, path, 160.0, lanes.height_of(headings)) as axes:
        rows = lanes.stack(axes, headings)
        lanes.ground(axes, rows)
        for lane, row in zip(found, rows, strict=True):
            _draw(axes, lane, row)
        times = found[0].signals[0].times
        lanes.clock(axes, times)
        shade(axes, recording, animal)
    return figure_of(axes)


def _draw(ax: "Axes", lane: _Lane, row: lanes.Row) -> None:
    for k, (signal, color) in enumerate(zip(lane.signals, lane.colors, strict=True)):
        times, values = thinned(signal.times, signal.values)
        y = row.foot + row.height * (values - lane.low) / (lane.high - lane.low)
        if not k:
            ax.fill_between(times, row.foot, y, color=color, alpha=_FILL, linewidth=0)
        ax.plot(times, y, color=color, dashes=_DASH[k % len(_DASH)], label=f"{signal.variable} {signal.name}")
    unit = lane.signals[0].unit
    span = f"{lane.low:.3g} to {lane.high:.3g}{' ' + unit if unit else ''}"
    lanes.label(ax, row, " / ".join(dict.fromkeys(lane.labels)), span, lane.colors[0])


def _readouts(recording: "xarray.Dataset", animal: Animal, window: Window) -> list[_Lane]:
    """What a film of the animal shows; antagonists, which share a lane there, do here."""
    together: dict[str, list[int]] = {}
    for n, readout in enumerate(animal.readouts):
        together.setdefault(readout.lane or f"{n}", []).append(n)
    colors = name_colors([readout.neuron or readout.joint for readout in animal.readouts], animal)
    found = []
    for members in together.values():
        own = [animal.readouts[n] for n in members]
        texts = [readout.neuron or f"joint_position:{readout.joint}" for readout in own]
        signals = [_in_degrees(signal) for text in texts for signal in find(recording, [text], window)]
        shades = [colors[signal.name] for signal in signals]
        repeated = [color in shades[:k] for k, color in enumerate(shades)]
        values = np.concatenate([signal.values for signal in signals])
        found.append(
            _Lane(
                heading=own[0].section,
                labels=tuple(readout.label for readout in own),
                signals=tuple(signals),
                colors=tuple(paler(c, 0.35) if again else c for c, again in zip(shades, repeated, strict=True)),
                low=min(own[0].range[0], float(np.nanmin(values))),
                high=max(own[0].range[1], float(np.nanmax(values))),
            )
        )
    return found


def _lane_each(signals: Sequence[Signal], animal: Animal | None) -> list[_Lane]:
    """Every signal in a lane of its own, those of a variable over one range, so that they can be compared."""
    colors = name_colors([signal.name for signal in signals], animal)
    spans: dict[tuple[str, str], tuple[float, float]] = {}
    for signal in signals:
        finite = signal.values[np.isfinite(signal.values)]
        if finite.size:
            low, high = spans.get((signal.variable, signal.unit), (np.inf, -np.inf))
            span = min(low, float(finite.min())), max(high, float(finite.max()))
            spans[signal.variable, signal.unit] = span
    found = []
    several = len({signal.variable for signal in signals}) > 1
    for signal in signals:
        low, high = spans.get((signal.variable, signal.unit), (0.0, 1.0))
        high = high if high > low else low + 1.0
        found.append(
            _Lane(
                heading=signal.meaning.capitalize() if several else "",
                labels=(signal.name,),
                signals=(signal,),
                colors=(colors[signal.name],),
                low=low,
                high=high,
            )
        )
    return found


def _in_degrees(signal: Signal) -> Signal:
    """Angles as films show them."""
    if signal.variable != "joint_position":
        return signal
    return replace(signal, values=np.degrees(signal.values), unit="degrees")
