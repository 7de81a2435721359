"""Colours and small drawings that the figures of experiments share; the house style is that of `analysis.figures`."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.analysis.figures.house import INK, QUIET, RULE
from sns_mujoco.experiments.statistics import mean_and_margin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ACCENT", "COOL", "INK", "QUIET", "RULE", "with_margin"]

ACCENT, COOL = "#c1440e", "#2b6f8a"


def with_margin(
    axes: "Axes", x: ArrayLike, values: ArrayLike, color: Any, *, label: str | None = None, marker: str = "o"
) -> None:
    """Draw means over seeds, a dot for each seed, and the band of 95 % confidence where several seeds tell one.

    The axes are as high as the dots ask for: bands of few seeds are wider than that, and run out of sight.

    Args:
        axes: Where.
        x: Places [X].
        values: Values [X, seeds].
        color: Of the line and the band.
        label: For a legend.
        marker: Of each mean; "" for none.
    """
    places, given = np.asarray(x, float), np.asarray(values, float)
    mean, margin = mean_and_margin(given)
    if given.shape[1] > 1 and marker:
        axes.plot(np.repeat(places, given.shape[1]), given.ravel(), ".", ms=3.0, color=color, alpha=0.45, mew=0)
    axes.plot(places, mean, marker=marker, ms=2.5, color=color, label=label)
    if np.isfinite(margin).any():
        from matplotlib.collections import FillBetweenPolyCollection

        band = FillBetweenPolyCollection("x", places, mean - margin, mean + margin, color=color, alpha=0.18, lw=0)
        axes.add_collection(band, autolim=False)
