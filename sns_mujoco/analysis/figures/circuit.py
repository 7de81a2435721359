"""Circuit diagrams as figures: the picture of `Network.to_svg`, drawn by matplotlib to stand beside other figures."""

import os
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.figures.house import QUIET, check_place, drawn, figure_of
from sns_mujoco.analysis.figures.signals import find
from sns_mujoco.analysis.figures.svg_artists import draw_svg, size_of
from sns_mujoco.backends.neuron_arrays import neuron_names
from sns_mujoco.models import Animal
from sns_mujoco.network import Network

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDEST = 180.0  # mm
_PER_PIXEL = 0.2  # mm, of small circuits
_POINTS = 72.0 / 25.4  # in a mm


def circuit(
    what: Animal | Network, recording: "xarray.Dataset | None" = None, *, at: float | None = None,
    ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw the circuit of an animal or a network, see `sns_mujoco.network.pictures.to_svg` for the signs.

    Args:
        what: The animal or the network.
        recording: Of the animal, to colour its neurons by their potentials at one moment.
        at: That moment, s of simulated time; the last of the recording if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: The recording has no potentials, or not those of this network's neurons.
        ValueError: A moment is given without a recording, or is outside of it.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    network = what.network() if isinstance(what, Animal) else what
    if recording is None and at is not None:
        raise ValueError(f"at is {at:g} s, but there is no recording to take potentials from; give one too")
    activity, moment = ({}, 0.0) if recording is None else _activity(recording, network, at)
    svg = network.to_svg(activity=activity) if activity else network.to_svg()
    width, height = size_of(svg)
    scale = min(_PER_PIXEL, WIDEST / width)  # mm a pixel
    with drawn(ax, path, scale * width, scale * height) as axes:
        axes.set_xlim(0.0, width)
        axes.set_ylim(height, 0.0)
        axes.set_aspect("equal")
        axes.axis("off")
        if ax is None:
            figure_of(axes).set_layout_engine("none")
            axes.set_position((0.0, 0.0, 1.0, 1.0))
        else:
            figure_of(axes).draw_without_rendering()  # only now it is known how large the axes are
            room = axes.get_window_extent()
            scale = min(room.width / width, room.height / height) / figure_of(axes).dpi * 25.4
        draw_svg(axes, svg, scale * _POINTS)
        if activity:
            axes.text(
                width - 34.0, 34.0, f"{moment:.4g} s", ha="right", va="baseline", color=QUIET,
                fontsize=10.0 * scale * _POINTS, zorder=3.0,
            )  # fmt: skip
    return figure_of(axes)


def _activity(
    recording: "xarray.Dataset", network: Network, at: float | None
) -> tuple[dict[str, list[float]], float]:  # fmt: skip
    """Potentials of each population at one moment, mV, and which moment that is, s."""
    names = neuron_names(network)
    signals = {signal.name: signal for signal in find(recording, [f"potential:{name}" for name in names])}
    times = signals[names[0]].times
    sample = len(times) - 1 if at is None else int(np.abs(times - at).argmin())
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    if at is not None and not times[0] - step <= at <= times[-1] + step:
        raise ValueError(f"at is {at:g} s, and the recording is from {times[0]:g} to {times[-1]:g} s")
    values = iter(float(signals[name].values[sample]) for name in names)
    return {p.name: [next(values) for _ in range(p.size)] for p in network.populations}, float(times[sample])
