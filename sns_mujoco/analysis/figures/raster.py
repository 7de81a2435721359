"""Rasters: a tick for each spike; of neurons without spikes, a bar for each burst."""

import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.families import families_in, families_of
from sns_mujoco.analysis.figures import lanes
from sns_mujoco.analysis.figures.house import check_place, drawn, figure_of
from sns_mujoco.analysis.figures.marks import shade
from sns_mujoco.analysis.figures.palette import name_colors
from sns_mujoco.analysis.figures.signals import Signal, Window, find
from sns_mujoco.analysis.rhythm import EXTREMES, LEVELS
from sns_mujoco.errors import unknown_name
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STILL = 1.0  # mV: a potential that moves less has no bursts
MOST_ROWS = 400
_LABELLED = 60  # rows that have room for their names


def raster(
    recording: "xarray.Dataset", animal: Animal | None = None, neurons: Sequence[str] | None = None, *,
    window: Window = None, ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw when neurons were active.

    A neuron that spikes has a tick at the end of each physics step in which it did, as far as the recording's rate
    tells. One that does not has a bar for each burst: from where its potential rises through the upper of two levels
    (65 % of its range) to where it falls through the lower (35 %), as `analysis.rhythm` tells cycles.

    Args:
        recording: A recording of one animal.
        animal: Whose; without `neurons`, those of its film are drawn.
        neurons: Names or shell patterns; without an animal, all if left out.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such neuron.
        ValueError: The window is empty, or there are more than 400 neurons.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    if neurons is None:
        neurons = [r.neuron for r in animal.readouts if r.neuron] if animal is not None else ["*"]
    spiking = set(recording["spikes"].coords["spiking_neuron"].values) if "spikes" in recording else set()
    potentials = _named(recording, neurons, window)
    if len(potentials) > MOST_ROWS:
        raise ValueError(f"{len(potentials)} neurons are more than {MOST_ROWS}; name some, as in neurons=['L1 *']")
    spikes = {s.name: s for s in find(recording, [f"spikes:{n}" for n in potentials if n in spiking], window)}
    colors = name_colors(list(potentials), animal)
    height = max(30.0, lanes.FRAME + (3.6 if len(potentials) <= _LABELLED else 1.0) * len(potentials))
    with drawn(ax, path, 160.0, height) as axes:
        rows = lanes.stack(axes, [""] * len(potentials))
        for (name, signal), row in zip(potentials.items(), rows, strict=True):
            if name in spikes:
                times = spikes[name].times[spikes[name].values > 0]
                axes.vlines(times, row.foot, row.foot + row.height, color=colors[name], linewidth=0.7)
            else:
                bars = [(signal.times[a], signal.times[b] - signal.times[a]) for a, b in bursts(signal.values)]
                axes.broken_barh(bars, (row.foot, row.height), color=colors[name], linewidth=0)
            if len(potentials) <= _LABELLED:
                lanes.label(axes, row, name, color=colors[name])
        if len(potentials) > _LABELLED:
            _label_families(axes, rows, list(potentials), animal)
        times = next(iter(potentials.values())).times
        lanes.clock(axes, times)
        shade(axes, recording, animal)
    return figure_of(axes)


def _label_families(ax: "Axes", rows: Sequence[lanes.Row], names: list[str], animal: Animal | None) -> None:
    """Where there is no room for names, those of families, in the middle of neighbours that share one."""
    families = families_of(names) if animal is None else families_in(animal, names)
    colors = name_colors(names, animal)
    edges = [0, *(k for k in range(1, len(names)) if families[k] != families[k - 1]), len(names)]
    for first, end in pairwise(edges):
        if families[first]:
            middle = rows[(first + end - 1) // 2]
            room = replace(middle, room=middle.room * (end - first))
            lanes.label(ax, room, families[first], color=colors[names[first]])


def bursts(potential: NDArray[np.float64]) -> list[tuple[int, int]]:
    """First and last sample of each burst of a potential [T], mV."""
    low, high = np.nanpercentile(potential, EXTREMES)
    if not high - low > STILL:
        return []
    lower, upper = (low + level * (high - low) for level in LEVELS)
    state = np.where(potential > upper, 1, np.where(potential < lower, -1, 0))
    decided = np.flatnonzero(state)
    active = np.zeros(len(potential), bool)
    if decided.size:  # between the levels it is what it was
        last = np.maximum.accumulate(np.where(state != 0, np.arange(len(state)), -1))
        active = np.where(last >= 0, state[last] > 0, state[decided[0]] > 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _named(recording: "xarray.Dataset", neurons: Sequence[str], window: Window) -> dict[str, Signal]:
    if "potential" not in recording:
        raise unknown_name("variable", "potential", map(str, recording.data_vars), "the recording")
    return {signal.name: signal for signal in find(recording, [f"potential:{name}" for name in neurons], window)}
