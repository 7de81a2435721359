"""Learning curves as pictures."""

import os
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.files import check_output_path, written_whole

COLOURS = ("#2a6f97", "#c8553d", "#588157", "#7d5ba6", "#8d6b3f")
SIZE = (6.4, 3.6)  # inches, at 100 dots an inch


def plot_curves(
    path: str | os.PathLike[str],
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    across: str,
    up: str,
    title: str = "",
    levels: Mapping[str, float] | None = None,
    logarithmic: bool = False,
) -> None:
    """Draw curves into one picture.

    Args:
        path: A `.png` or `.svg` file.
        curves: Abscissae and ordinates by what they are; a single one may have an empty name. Points without a finite
            ordinate are left out.
        across: What the abscissae are, with their unit.
        up: What the ordinates are.
        title: Heading.
        levels: Values to compare with, by name, drawn as dashed lines.
        logarithmic: Whether ordinates are drawn on a logarithmic scale.

    Raises:
        OutputPathError: The file cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    place = check_output_path(path, (".png", ".svg"))
    try:
        from matplotlib.figure import Figure  # without pyplot: no window system, no global state
    except ImportError as error:
        raise MissingDependencyError("plots need matplotlib: pip install 'sns-mujoco[plots]'") from error
    figure = Figure(SIZE, dpi=100, layout="constrained")
    axes: Any = figure.subplots()
    for colour, (name, (x, y)) in zip(cycle(COLOURS), curves.items(), strict=False):
        at, value = np.asarray(x, float), np.asarray(y, float)
        known = np.isfinite(value)
        axes.plot(at[known], value[known], color=colour, linewidth=1.6, label=name or None)
    for colour, (name, level) in zip(cycle(COLOURS[::-1]), (levels or {}).items(), strict=False):
        axes.axhline(level, color=colour, linestyle="--", linewidth=1.0, label=name)
    axes.set(xlabel=across, ylabel=up, title=title)
    if logarithmic:
        axes.set_yscale("log")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, linewidth=0.6)
    if any(curves) or levels:
        axes.legend(frameon=False)
    with written_whole(place) as partial:
        figure.savefig(partial, format=place.suffix[1:].lower())
