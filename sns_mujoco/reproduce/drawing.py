"""What the figures of published experiments share: ours in colour, what was published in ink."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sns_mujoco.analysis.figures.house import INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OURS, OTHER = "#c2452d", "#2f6fb0"
"""Our measurements, and a second series of them."""
PUBLISHED, FAINT = INK, QUIET
"""What the source has, and what stands behind."""


def label(axes: "Axes", x: str, y: str, title: str = "") -> None:
    """Name the axes, with units."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if title:
        axes.set_title(title)


def band(axes: "Axes", low: float, high: float, text: str = "") -> None:
    """Shade a published range of the y axis."""
    axes.axhspan(low, high, color=PUBLISHED, alpha=0.12, lw=0, label=text or None)


def bursts(axes: "Axes", times: Sequence[tuple[float, float]], row: float, color: str, alpha: float = 1.0) -> None:
    """Draw bursts (begin, end) as bars of one row, as in a stance diagram."""
    axes.broken_barh(
        [(begin, end - begin) for begin, end in times], (row - 0.35, 0.7), facecolors=color, alpha=alpha, lw=0
    )
