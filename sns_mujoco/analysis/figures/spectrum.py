"""Spectrograms: which frequencies a signal has, and when."""

import os
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.figures.house import check_place, drawn, figure_of
from sns_mujoco.analysis.figures.signals import Floats, Window, find
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_OVERLAP = 0.875  # of one stretch with the next
_PADDING = 4  # how many times longer a stretch is made by zeros: a finer grid of frequencies, not a finer resolution
_DEPTH = 50.0  # dB below the strongest that is drawn
_HELD = 0.99  # share of the power that the frequencies shown hold


def spectrogram(
    recording: "xarray.Dataset", animal: Animal | None = None, channel: str | None = None, *, seconds: float = 1.0,
    highest: float | None = None, window: Window = None, ax: "Axes | None" = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw the power spectral density of a signal over time.

    Stretches of the signal, less their mean, are tapered by Hann's window and overlap by seven eighths (Welch 1967,
    IEEE Trans Audio Electroacoust 15:70); frequencies closer than about two per stretch cannot be told apart.

    Args:
        recording: A recording of one animal.
        animal: Whose; without `channel`, the first neuron of its rhythm, or else of its film.
        channel: Which signal: a neuron, or "variable:name".
        seconds: Length of a stretch, s.
        highest: Greatest frequency that is drawn, Hz; if left out, a quarter more than what holds 99 % of the power.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such channel.
        ValueError: The channel is a pattern of several or was not given, the recording is shorter than a stretch, or
            `highest` is not positive.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    if highest is not None and not highest > 0.0:
        raise ValueError(f"highest is {highest!r} Hz; give more than 0")
    signals = find(recording, [_usual(animal) if channel is None else channel], window)
    if len(signals) > 1:
        raise ValueError(f"{channel!r} is {len(signals)} channels, and a spectrogram is of one; name it")
    signal = signals[0]
    times, frequencies, density = densities(signal.times, signal.values, seconds)
    if highest is None:
        power = np.cumsum(density.sum(axis=0))
        reached = frequencies[np.searchsorted(power, _HELD * power[-1])] if power[-1] > 0.0 else frequencies[-1]
        highest = min(1.25 * max(float(reached), 4.0 / seconds), float(frequencies[-1]))
    shown = frequencies <= highest
    with drawn(ax, path, 160.0, 70.0) as axes:
        floor = density.max() * 10.0 ** (-_DEPTH / 10.0) or 1.0
        mesh = axes.pcolormesh(
            times, frequencies[shown], 10.0 * np.log10(np.maximum(density[:, shown].T, floor)), shading="nearest",
            rasterized=True,
        )  # fmt: skip
        unit = f"{signal.unit}$^2$/Hz" if signal.unit else "1/Hz"
        bar = figure_of(axes).colorbar(mesh, ax=axes, label=f"Power density (dB re 1 {unit})", pad=0.02)
        bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
        axes.set_xlabel("Time (s)")
        axes.set_ylabel("Frequency (Hz)")
        axes.set_title(signal.name if signal.variable == "potential" else f"{signal.name}, {signal.meaning}")
    return figure_of(axes)


def densities(times: Floats, values: Floats, seconds: float) -> tuple[Floats, Floats, Floats]:
    """Power spectral densities of overlapping stretches of a signal.

    Args:
        times: Evenly spaced, s [T].
        values: [T], in any unit u.
        seconds: Length of a stretch, s.

    Returns:
        Middles of the stretches, s [K]; frequencies, Hz [F]; one-sided densities, u^2/Hz [K, F], whose sum over the
        frequencies times their distance is the mean square of the stretch less its mean, tapered.

    Raises:
        ValueError: There is less of the signal than a stretch, a stretch has fewer than 8 samples, or a value is not
            finite.
    """
    period = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    size = round(seconds / period)
    if size < 8:
        raise ValueError(f"a stretch of {seconds:g} s has {size} samples, too few for a spectrum; give 8 or more")
    if len(values) < size:
        raise ValueError(
            f"the signal lasts for {len(values) * period:.3g} s, and a stretch for {seconds:g} s; take less"
        )
    if not np.isfinite(values).all():
        raise ValueError(
            "the signal has values that are not finite, so it has no spectrum; choose a window without them"
        )
    hop = max(1, round(size * (1.0 - _OVERLAP)))
    taper = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(size) / size)
    stretches = np.lib.stride_tricks.sliding_window_view(values, size)[::hop]
    calm = (stretches - stretches.mean(axis=1, keepdims=True)) * taper
    density = np.abs(np.fft.rfft(calm, n=_PADDING * size, axis=1)) ** 2 * period / (taper**2).sum()
    density[:, 1:-1] *= 2.0  # of negative frequencies, but for none and Nyquist's
    middles = times[0] + period * (hop * np.arange(len(stretches)) + 0.5 * (size - 1))
    return middles, np.asarray(np.fft.rfftfreq(_PADDING * size, period), float), density


def _usual(animal: Animal | None) -> str:
    names = [*animal.rhythm, *(r.neuron for r in animal.readouts if r.neuron)] if animal is not None else []
    if not names:
        raise ValueError("a spectrogram is of one signal; give channel='L1 swing', or 'joint_position:knee'")
    return names[0]
