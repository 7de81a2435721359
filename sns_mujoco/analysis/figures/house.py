"""The house style of figures: sizes in millimetres, one font, quiet axes; files that are the same bytes every time.

Nothing here touches pyplot or leaves a trace in matplotlib's settings, so a figure looks the same whatever its caller
has set.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.files import check_output_path, written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE_SUFFIXES = (".pdf", ".svg", ".png")
INK, QUIET, RULE = "#23262d", "#6b7280", "#d5d9e0"
"""Of words and lines, of what is said beside, and of grids: those of the circuit diagrams."""
_MM = 1.0 / 25.4
_DPI = 200  # of .png: 1,100 pixels for a figure of 140 mm
_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: there is no machine without it
    "font.size": 8.0,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.titlesize": 9.0,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.5,
    "lines.solid_capstyle": "round",
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "image.cmap": "magma",
    "figure.constrained_layout.h_pad": 0.05,
    "figure.constrained_layout.w_pad": 0.05,
    "pdf.fonttype": 42,  # TrueType, whole letters that can be selected and searched
    "svg.fonttype": "path",  # letters as outlines: they look the same where the font is not installed
    "svg.hashsalt": "sns-mujoco",  # names inside the file, which would be random
}


@contextmanager
def style() -> Iterator[None]:
    """The house style, for as long as a figure is drawn: sizes of type, widths of lines, colours of axes.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    try:
        import matplotlib.style
    except ImportError as error:
        raise MissingDependencyError("figures need matplotlib: pip install 'sns-mujoco[plots]'") from error
    with matplotlib.style.context(["default", _STYLE]):
        yield


def canvas(
    width: float = 140.0, height: float = 80.0, *, rows: int = 1, columns: int = 1, share_x: bool = False,
    share_y: bool = False, heights: Sequence[float] | None = None, widths: Sequence[float] | None = None,
    polar: bool = False,
) -> "tuple[Figure, NDArray[Any]]":  # fmt: skip
    """An empty figure in the house style.

    Args:
        width: Of the figure, mm; journals' columns are about 85 and 180.
        height: Of the figure, mm.
        rows: Of axes.
        columns: Of axes.
        share_x: Whether the axes of a column have one x axis.
        share_y: Whether the axes of a row have one y axis.
        heights: Of the rows, as shares of one another [rows].
        widths: Of the columns, as shares of one another [columns].
        polar: Whether the axes are polar.

    Returns:
        The figure, and its axes [rows, columns], each a `matplotlib.axes.Axes`.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    with style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width * _MM, height * _MM), dpi=_DPI, layout="constrained")
        axes = figure.subplots(
            rows, columns, squeeze=False, sharex="col" if share_x else False, sharey="row" if share_y else False,
            height_ratios=heights, width_ratios=widths, subplot_kw={"projection": "polar"} if polar else None,
        )  # fmt: skip
    return figure, axes


def save(figure: "Figure", path: str | os.PathLike[str]) -> None:
    """Write a figure, whole or not at all; the same figure gives the same bytes.

    Args:
        figure: The figure.
        path: Where: .pdf or .svg (vectors, with their letters inside), or .png.

    Raises:
        OutputPathError: It cannot be written there.
    """
    place = check_output_path(path, FIGURE_SUFFIXES)
    kind = place.suffix.lower().removeprefix(".")
    silent: dict[str, Any] = {  # dates and versions would differ from one time to the next
        "pdf": {"Creator": "sns-mujoco", "Producer": None, "CreationDate": None},
        "svg": {"Creator": "sns-mujoco", "Date": None},
        "png": {"Software": None},
    }[kind]
    with style(), written_whole(place) as partial:
        figure.savefig(partial, format=kind, metadata=silent)


def check_place(path: str | os.PathLike[str] | None) -> None:
    """Refuse a place where no figure can be written, before anything is drawn; None is none to be refused.

    Raises:
        OutputPathError: It cannot be written there.
    """
    if path is not None:
        check_output_path(path, FIGURE_SUFFIXES)


@contextmanager
def drawn(
    ax: "Axes | None", path: str | os.PathLike[str] | None, width: float, height: float, *, polar: bool = False
) -> "Iterator[Axes]":
    """Axes to draw into, the caller's or those of a new figure, which is written in the end if a path is given.

    Args:
        ax: The caller's axes; None for a new figure.
        path: Where the figure is written; None to write nothing.
        width: Of a new figure, mm.
        height: Of a new figure, mm.
        polar: Whether the axes are to be polar.

    Raises:
        OutputPathError: It cannot be written there.
        ValueError: Polar axes are needed, and the caller's are not, or the other way round.
    """
    axes: Axes = canvas(width, height, polar=polar)[1][0, 0] if ax is None else ax
    if (axes.name == "polar") != polar:
        raise ValueError(
            f"the axes given are {'polar' if axes.name == 'polar' else 'not polar'}, and this figure needs "
            f"{'polar' if polar else 'ordinary'} ones; make them with figures.canvas(polar={polar})"
        )
    with style():
        yield axes
    if path is not None:
        save(figure_of(axes), path)


def figure_of(ax: "Axes") -> "Figure":
    """The figure that axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes that are drawn into stand in a figure"
    return figure
