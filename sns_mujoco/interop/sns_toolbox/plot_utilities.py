"""Rasters of spikes, drawn with matplotlib."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.interop.toolbox_parameters import plain


def spike_raster_plot(t: ArrayLike, data: ArrayLike, colors: Sequence[str] | None = None, offset: float = 0) -> None:
    """Draw a tick for every spike into the current axes of matplotlib.

    Args:
        t: Times [T], ms.
        data: Spike outputs, [neurons, T] or [T] of a single neuron.
        colors: One for all neurons, or one for each; blue if left out.
        offset: How much higher than 1, 2, ... the rows lie.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise MissingDependencyError("spike_raster_plot draws with matplotlib; pip install matplotlib") from error
    times, rows = np.asarray(plain(t)), np.atleast_2d(plain(data))
    colors = ["blue"] if colors is None else colors
    for i, row in enumerate(rows):
        spikes = times[row[: len(times)] > 0]
        color = colors[0] if len(colors) == 1 else colors[i]
        pyplot.eventplot(spikes, lineoffsets=i + 1 + offset, colors=color, linelengths=0.8)
