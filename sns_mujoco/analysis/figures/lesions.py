"""Tables of lesions: one a row, what became of the animal in the columns."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.figures.house import INK, QUIET, check_place, drawn, figure_of
from sns_mujoco.analysis.figures.signals import Floats
from sns_mujoco.errors import unknown_name

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _COLUMN, _NAMES = 4.2, 19.0, 45.0  # mm
_PALE = 0.55  # change, as a share of the intact value, above which letters are white


def lesion_table(
    results: "xarray.Dataset", measures: Sequence[str] | None = None, *, most: int = 30, ax: "Axes | None" = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw what lesions do: a row for each in the order of the results, a column for each measure.

    Cells show values, and their colour the change from the intact animal: orange below, violet above, deepest where it
    reaches the intact value itself.

    Args:
        results: One dimension of lesions, with their names as its coordinate, and for each measure a variable over it,
            with `units`, `long_name` and the value of the intact animal as `intact` among its attributes. Further
            dimensions, as of seeds, are averaged over, without what is nan.
        measures: Which variables, in this order; all that have an `intact` value if left out.
        most: Rows that are drawn; the first ones.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such measure.
        ValueError: There is no measure with an intact value, or no lesion, or `most` is less than 1.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    known = [str(name) for name, array in results.data_vars.items() if "intact" in array.attrs and array.ndim]
    for name in measures or ():
        if name not in known:
            raise unknown_name("measure with an intact value", name, known, "the results")
    chosen = known if measures is None else list(measures)
    if not chosen or most < 1:
        raise ValueError(f"{len(chosen)} measures and at most {most} rows make no table; give one of each at least")
    dimension = str(results[chosen[0]].dims[0])
    names = [str(name) for name in results[dimension].values[:most]]
    if not names:
        raise ValueError(f"the results have no {dimension}: nothing was cut")
    columns = [_means(results[name].isel({dimension: slice(most)}), dimension) for name in chosen]
    intact = [float(results[name].attrs["intact"]) for name in chosen]
    with drawn(ax, path, _NAMES + _COLUMN * len(chosen), 16.0 + _ROW * (len(names) + 1)) as axes:
        changes = np.stack([_changes(column, whole) for column, whole in zip(columns, intact, strict=True)], axis=1)
        shown = np.vstack([np.zeros(len(chosen)), changes])
        axes.imshow(np.ma.masked_invalid(shown), cmap="PuOr", vmin=-1.15, vmax=1.15, aspect="auto")
        for k, (column, whole) in enumerate(zip(columns, intact, strict=True)):
            for row, value in enumerate([whole, *column]):
                dark = abs(np.nan_to_num(shown[row, k])) > _PALE
                told = "none" if np.isnan(value) else f"{value:.3g}"
                color = "white" if dark else QUIET if np.isnan(value) else INK
                axes.text(k, row, told, ha="center", va="center", fontsize=6.5, color=color)
        axes.set_yticks(range(len(names) + 1), ["intact", *names], fontsize=6.5)
        axes.set_xticks(range(len(chosen)), [_heading(results[name]) for name in chosen], fontsize=6.5)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for side in ("bottom", "left"):
            axes.spines[side].set_visible(False)
        axes.axhline(0.5, color=QUIET, linewidth=0.7)
        left = results.sizes[dimension] - len(names)
        if left > 0:
            axes.set_xlabel(f"and {left} more", fontsize=6.5, color=QUIET)
    return figure_of(axes)


def _means(array: "xarray.DataArray", dimension: str) -> Floats:
    others = [dim for dim in array.dims if dim != dimension]
    return np.asarray((array.mean(others, skipna=True) if others else array).values, float)


def _changes(values: Floats, intact: float) -> Floats:
    """Changes as shares of the intact value, or of the largest change where that is 0."""
    scale = abs(intact) or float(np.nanmax(np.abs(values - intact), initial=0.0)) or 1.0
    return np.clip((values - intact) / scale, -1.0, 1.0)


def _heading(array: "xarray.DataArray") -> str:
    words, unit = str(array.attrs.get("long_name", array.name)), str(array.attrs.get("units", ""))
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) > 13:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line, *([f"({unit})"] if unit not in ("", "1") else [])])
