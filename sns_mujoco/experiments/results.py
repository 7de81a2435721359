"""What an experiment gives: numbers, a table, a figure and a few sentences, and a folder that holds them all."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sns_mujoco.errors import OutputPathError

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Row = dict[str, Any]
Variable = tuple[tuple[str, ...], Any, str, str]
"""Dimensions, values, unit and long name."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of an experiment.

    Attributes:
        config: What was asked, and with which versions: plain data.
        animal: The animal, for the colours of its neurons; None of a neuron alone.
    """

    kind: ClassVar[str]
    config: Mapping[str, Any]
    animal: "Animal | None" = None

    def to_dataset(self) -> "xarray.Dataset":
        """All numbers, with names and units."""
        raise NotImplementedError

    def table(self) -> list[Row]:
        """The result as rows of a table, each a dict from column to value."""
        raise NotImplementedError

    def summary(self) -> str:
        """What was found, in a few lines."""
        raise NotImplementedError

    def draw(self) -> "Figure":
        """A figure of it."""
        raise NotImplementedError

    def plot(self, path: str | PathLike[str] | None = None) -> "Figure":
        """A figure, of matplotlib.

        Args:
            path: Where it is written as well, if anywhere: .pdf, .svg or .png.

        Raises:
            MissingDependencyError: matplotlib is not installed.
            OutputPathError: It cannot be written there.
        """
        from sns_mujoco.analysis import figures

        with figures.style():
            figure = self.draw()
        if path is not None:
            figures.save(figure, path)
        return figure

    def to_csv(self) -> str:
        """The table as text with commas."""
        return written(self.table())

    def save(self, folder: str | PathLike[str]) -> list[Path]:
        """Write all of it into a new folder, which is there whole or not at all.

        The files are results.nc, table.csv, summary.txt, config.json, figure.png and figure.pdf.

        Args:
            folder: The folder; it must not exist yet, or be empty.

        Returns:
            The files.

        Raises:
            OutputPathError: It cannot be made, or there is something in it.
            MissingDependencyError: matplotlib is not installed.
        """
        place = check_folder(folder)
        try:
            making = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        except OSError as error:
            raise OutputPathError(f"{str(place)!r} cannot be made: {error.strerror}; choose another") from error
        try:
            self.to_dataset().to_netcdf(making / "results.nc", engine="h5netcdf")
            (making / "table.csv").write_text(self.to_csv(), encoding="utf-8")
            (making / "summary.txt").write_text(self.summary() + "\n", encoding="utf-8")
            (making / "config.json").write_text(
                json.dumps(plain(self.config), indent=2, allow_nan=False) + "\n", encoding="utf-8"
            )
            for name in ("figure.png", "figure.pdf"):
                self.plot(making / name)
            making.chmod(0o755)
            if place.exists():
                place.rmdir()  # it is empty
            making.rename(place)
        except OSError as error:
            raise OutputPathError(f"{str(place)!r} cannot be written: {error.strerror or error}") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return sorted(place.iterdir())

    def _dataset(
        self, variables: Mapping[str, Variable], coordinates: Mapping[str, tuple[Any, str, str]]
    ) -> "xarray.Dataset":
        """A dataset of named variables, and of coordinates as values with unit and long name."""
        import xarray

        return xarray.Dataset(
            {
                name: (dimensions, values, {"units": unit, "long_name": meaning})
                for name, (dimensions, values, unit, meaning) in variables.items()
            },
            coords={
                name: (name, np.asarray(values), {"units": unit, "long_name": meaning})
                for name, (values, unit, meaning) in coordinates.items()
            },
            attrs={"experiment": self.kind, "config": json.dumps(plain(self.config), sort_keys=True)},
        )


def check_folder(folder: str | PathLike[str]) -> Path:
    """Refuse a place where no new folder can be, before any work is done for it.

    Raises:
        OutputPathError: There is something in it, or it cannot be made.
    """
    place = Path(folder)
    if not place.absolute().parent.is_dir():
        raise OutputPathError(f"{str(place)!r} cannot be made: {str(place.parent)!r} is no folder; make it first")
    if place.exists() and not place.is_dir():
        raise OutputPathError(f"{str(place)!r} is a file; give the name of a folder that is new or empty")
    if place.is_dir() and any(place.iterdir()):
        raise OutputPathError(f"{str(place)!r} has something in it; choose a folder that is new or empty")
    return place.absolute()


def written(rows: Sequence[Row]) -> str:
    """Rows as text with commas; their columns are those of the first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _short(value) for name, value in row.items()})
    return text.getvalue()


def _short(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else value


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
