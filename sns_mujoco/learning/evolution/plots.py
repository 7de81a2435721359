"""The course of a run in pictures."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.errors import MissingDependencyError

if TYPE_CHECKING:
    import xarray

INK, BEST, MIDDLE, NOISE = "#333333", "#c1440e", "#2b6f8a", "#8a8a8a"
MOST_NAMES = 40  # of genes that are written out
MOST_TERMS = 6  # that are drawn


def progress_picture(history: "xarray.Dataset", title: str) -> bytes:
    """Fitness, its terms and the genes over generations, as PNG.

    Args:
        history: As `History.dataset` makes it, of at least one generation.
        title: What stands above.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    figure = _figure((11.0, 7.0))
    terms = [str(name) for name in history["term"].values[:MOST_TERMS]]
    grid = figure.add_gridspec(2 if terms else 1, 2, width_ratios=(1.15, 1.0))
    figure.suptitle(title, color=INK, fontsize=12)
    _fitness(figure.add_subplot(grid[0, 0]), history)
    if terms:
        _terms(grid[1, 0], history, terms)
    _genes(figure, figure.add_subplot(grid[:, 1]), history)
    return _png(figure)


def map_picture(archive: "xarray.Dataset", title: str) -> bytes:
    """The grid of MAP-Elites over its first two measures, as PNG: the best of each cell, over all others.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    fitness = archive["fitness"]
    names = fitness.dims[:2]
    best = fitness.max([name for name in fitness.dims if name not in names]) if fitness.ndim > 2 else fitness
    figure = _figure((7.0, 5.5))
    axes = figure.add_subplot()
    axes.set_title(title, color=INK, fontsize=12)
    if len(names) == 2:
        x, y = (archive[name].values for name in names)
        mesh = axes.pcolormesh(x, y, best.values.T, shading="nearest", cmap="viridis")
        figure.colorbar(mesh, ax=axes, label="fitness")
        axes.set(xlabel=str(names[0]), ylabel=str(names[1]))
    else:
        axes.plot(archive[names[0]], best, "o-", color=BEST, ms=3)
        axes.set(xlabel=str(names[0]), ylabel="fitness")
    return _png(figure)


def _fitness(axes: Any, history: "xarray.Dataset") -> None:
    x = history["generation"].values
    lowest, lower, median, upper, highest = history["fitness"].values.T
    best, error = history["best_fitness"].values, history["best_error"].values
    axes.fill_between(x, lower, upper, color=MIDDLE, alpha=0.25, lw=0, label="middle half")
    axes.plot(x, median, color=MIDDLE, lw=1.4, label="median")
    axes.plot(x, highest, ".", color=BEST, ms=3, alpha=0.6, label="best of the generation")
    if error.any():
        axes.fill_between(x, best - error, best + error, color=BEST, alpha=0.15, lw=0)
    axes.plot(x, best, color=BEST, lw=1.8, drawstyle="steps-post", label="best so far")
    seen = np.concatenate([lower, best - error, best + error, highest])  # the worst may be far below
    seen = seen[np.isfinite(seen)]
    margin = 0.05 * max(float(np.ptp(seen)), 1e-3 * float(np.abs(seen).max()), 1e-9)
    axes.set_ylim(seen.min() - margin, seen.max() + margin)
    axes.set(ylabel="fitness")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    _plain(axes, x)


def _terms(place: Any, history: "xarray.Dataset", names: Sequence[str]) -> None:
    """Each term in a strip of its own, for they have their own units."""
    x = history["generation"].values
    strips = place.subgridspec(len(names), 1, hspace=0.0).subplots(squeeze=False)[:, 0]
    for axes, name in zip(strips, names, strict=True):
        axes.plot(x, history["term_median"].sel(term=name), color=MIDDLE, lw=1.0)
        axes.plot(x, history["term_best"].sel(term=name), color=BEST, lw=1.4)
        axes.set_title(name, fontsize=8, color=INK, loc="left", pad=2)
        axes.tick_params(labelsize=7, labelbottom=axes is strips[-1])
        _plain(axes, x)
    strips[-1].set_xlabel("generation")


def _genes(figure: Any, axes: Any, history: "xarray.Dataset") -> None:
    genes = history.sizes["gene"]
    values = history["gene_mean"].values.T
    image = axes.imshow(
        values, aspect="auto", vmin=0.0, vmax=1.0, cmap="RdYlBu_r", interpolation="nearest",
        extent=(-0.5, values.shape[1] - 0.5, genes - 0.5, -0.5),
    )  # fmt: skip
    axes.set_title("mean of the genes, within their bounds", fontsize=9, color=INK)
    axes.set(xlabel="generation")
    if genes <= MOST_NAMES:
        size = 7 if genes <= 25 else 5
        axes.set_yticks(range(genes), [_short(str(name)) for name in history["gene"].values], fontsize=size)
    else:
        axes.set(ylabel="gene")
    axes.xaxis.get_major_locator().set_params(integer=True)
    figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02)


def _short(name: str) -> str:
    return name if len(name) <= 36 else f"{name[:20]}…{name[-15:]}"


def _plain(axes: Any, x: np.ndarray) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.2)
    axes.set_xlim(-0.5, max(float(x[-1]), 1.0) + 0.5)
    axes.xaxis.get_major_locator().set_params(integer=True)


def _figure(size: tuple[float, float]) -> Any:
    try:
        from matplotlib.figure import Figure  # without pyplot: no window system, no global state
    except ImportError as error:
        raise MissingDependencyError("plots need matplotlib: pip install 'sns-mujoco[plots]'") from error
    return Figure(figsize=size, dpi=110, layout="constrained")


def _png(figure: Any) -> bytes:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()
