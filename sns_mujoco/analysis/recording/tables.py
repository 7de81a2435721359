"""Recordings as CSV: a row a sample, a column a channel."""

import csv
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING

from sns_mujoco.analysis.recording.storage import is_time
from sns_mujoco.files import check_output_path, written_whole

if TYPE_CHECKING:
    import xarray

ROWS = 4096  # that are turned into text at once


def export_csv(recording: "xarray.Dataset", path: str | Path) -> list[Path]:
    """Write a recording as CSV, whole or not at all.

    The first line names the columns, "potential[L1 trigger] (mV)"; numbers have all their digits. Of a population the
    first column is the individual. What was recorded at a rate of its own goes into a file of its own beside,
    "walk_50Hz.csv" beside "walk.csv".

    Args:
        recording: The recording; if loaded lazily, it is read in pieces.
        path: A file ending in .csv.

    Returns:
        The files.

    Raises:
        OutputPathError: It cannot be written there, or the name ends in something else.
    """
    place = check_output_path(path, (".csv",))
    written = []
    for time in [str(d) for d in recording.dims if is_time(str(d))]:
        target = place if time == "time" else place.with_stem(f"{place.stem}_{time.removeprefix('time_')}")
        names = [str(name) for name, variable in recording.data_vars.items() if time in variable.dims]
        with written_whole(target) as temporary, temporary.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(_lines(recording[names], time))
        written.append(target)
    return written


def _lines(part: "xarray.Dataset", time: str) -> Iterator[list[object]]:
    individuals = "individual" in part.dims
    labels = [_columns(variable, time) for variable in part.data_vars.values()]
    yield [*(["individual"] if individuals else []), "time (s)", *chain.from_iterable(labels)]
    for one in range(part.sizes["individual"]) if individuals else [None]:
        own = part if one is None else part.isel(individual=one)
        for start in range(0, part.sizes[time], ROWS):
            piece = own.isel({time: slice(start, start + ROWS)})
            rows = len(piece[time])
            arrays = [v.transpose(time, ...).values.reshape(rows, -1).tolist() for v in piece.data_vars.values()]
            for at, *values in zip(piece[time].values.tolist(), *arrays, strict=True):
                yield [*([] if one is None else [one]), at, *chain.from_iterable(values)]


def _columns(variable: "xarray.DataArray", time: str) -> list[str]:
    names = [variable[d].values.tolist() for d in variable.dims if d not in (time, "individual")]
    unit = variable.attrs.get("units", "1")
    return [f"{variable.name}[{', '.join(map(str, label))}] ({unit})" for label in product(*names)]
