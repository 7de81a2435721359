"""Recordings that are written as they come, into NetCDF or Zarr, so that memory stays as it is.

Rows are gathered for a second, then written and flushed together. What was flushed is there even if the process is
killed: only the flush itself takes a few milliseconds in which a NetCDF file is not whole; of a Zarr folder, in which
every piece is a file of its own, whatever is written whole can be read at any time.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording.storage import FORMATS, check_folder, is_time, require_zarr, write_zarr
from sns_mujoco.errors import OutputPathError, RecordingError
from sns_mujoco.files import PartialFile, check_output_path

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]
INTERVAL = 1.0  # s between flushes
MOST = 2_000_000  # bytes that are kept until then: what a full disk costs at most
SLACK = 16_384  # bytes for what a NetCDF file keeps beside the numbers of a variable
PIECE = 65_536  # bytes of a piece of a variable on the disk


class Stream:
    """A recording in a file that grows.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path, empty: "xarray.Dataset") -> None:
        """Write what is known before the first sample."""
        self.path = path
        self._times = [str(d) for d in empty.dims if is_time(str(d))]
        self._lengths = dict.fromkeys(self._times, 0)
        self._waiting: list[Sequence[Floats]] = []
        self._bytes = 0
        self._make: Callable[[Sequence[Floats]], xarray.Dataset] | None = None
        self._last = time.monotonic()
        self._open = True
        self._begin(empty)

    def append(self, rows: Sequence[Floats], make: "Callable[[Sequence[Floats]], xarray.Dataset]") -> None:
        """Add samples.

        Args:
            rows: Of each clock.
            make: What makes a dataset of them.

        Raises:
            RecordingError: They cannot be written; what was written before is kept.
        """
        if not self._open:
            raise RecordingError(f"{str(self.path)!r} is closed; record into another file")
        self._waiting.append([taken.copy() for taken in rows])
        self._bytes += sum(taken.nbytes for taken in rows)
        self._make = make
        if self._bytes > MOST or time.monotonic() - self._last > INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Have everything so far on the disk.

        Raises:
            RecordingError: It cannot be written; what was written before is kept.
        """
        if not self._waiting or self._make is None:
            return
        rows = [np.concatenate(taken) for taken in zip(*self._waiting, strict=True)]
        try:
            self._write(self._make(rows))  # stopped halfway by Ctrl-C, the same rows are written once more
        except Exception as error:  # HDF5 and Zarr raise several kinds on a full disk
            self._open, self._waiting = False, []
            self._give_up()
            raise RecordingError(
                f"{str(self.path)!r} cannot be written any more ({_reason(error)}); it holds the recording up to "
                f"{self._written} samples"
            ) from error
        self._waiting, self._bytes = [], 0
        self._last = time.monotonic()

    def close(self, notes: Mapping[str, str] | None = None) -> None:
        """Write what is left and close it.

        Args:
            notes: Attributes that are only known now.

        Raises:
            RecordingError: It cannot be written; what was written before is kept.
        """
        if self._open:
            self.flush()
            self._open = False
            self._end(notes or {})

    @property
    def _written(self) -> int:
        return self._lengths["time"]

    def _begin(self, empty: "xarray.Dataset") -> None:
        raise NotImplementedError

    def _write(self, samples: "xarray.Dataset") -> None:
        """Add samples to every variable, the times last: what has no time is not there."""
        lengths = {name: self._lengths[name] + samples.sizes[name] for name in self._times}
        names = [str(name) for name, v in samples.variables.items() if set(self._times) & set(v.dims)]
        self._reserve(samples, names)
        for name in sorted(names, key=lambda name: name in self._times):
            dimensions = [str(d) for d in samples[name].dims]
            axis = next(i for i, d in enumerate(dimensions) if d in self._times)
            own = dimensions[axis]
            place = (*(slice(None),) * axis, slice(self._lengths[own], lengths[own]))
            self._put(name, axis, lengths[own], place, samples[name].values)
        self._settle()
        self._lengths = lengths

    def _reserve(self, samples: "xarray.Dataset", names: Sequence[str]) -> None:
        raise NotImplementedError

    def _put(self, name: str, axis: int, length: int, place: tuple[slice, ...], values: Floats) -> None:
        raise NotImplementedError

    def _settle(self) -> None:
        raise NotImplementedError

    def _end(self, notes: Mapping[str, str]) -> None:
        raise NotImplementedError

    def _give_up(self) -> None:
        raise NotImplementedError

    def _pieces(self, variable: "xarray.Variable") -> tuple[int, ...] | None:
        """Sizes of the pieces that a variable is kept in; None for one that does not grow."""
        own = [str(d) for d in variable.dims]
        if not set(own) & set(self._times):
            return None
        width = int(np.prod([s for d, s in zip(own, variable.shape, strict=True) if d not in self._times]))
        rows = max(1, min(4096, PIECE // (8 * max(width, 1))))
        return tuple(rows if d in self._times else max(s, 1) for d, s in zip(own, variable.shape, strict=True))


class NetcdfStream(Stream):
    """A NetCDF file that grows."""

    def _begin(self, empty: "xarray.Dataset") -> None:
        import h5py

        pieces = {str(name): self._pieces(variable) for name, variable in empty.variables.items()}
        encoding = {
            name: {"chunksizes": sizes} for name, sizes in pieces.items() if sizes and 0 not in empty[name].shape[1:]
        }
        partial = PartialFile(self.path)
        try:
            empty.to_netcdf(partial.path, engine="h5netcdf", unlimited_dims=self._times, encoding=encoding)
            partial.keep()
        except OSError as error:
            partial.discard()
            raise OutputPathError(f"{str(self.path)!r} cannot be written: {_reason(error)}; choose another") from error
        except BaseException:
            partial.discard()
            raise
        self._file: Any = h5py.File(self.path, "r+")

    def _reserve(self, samples: "xarray.Dataset", names: Sequence[str]) -> None:
        """Have room on the disk before anything of the file is touched: one that is full halfway would be left torn."""
        most = SLACK
        for name in names:
            piece = 8 * int(np.prod(self._pieces(samples.variables[name]) or (0,)))
            most += samples[name].nbytes + 2 * piece + SLACK
        size = self.path.stat().st_size
        with self.path.open("r+b") as file:
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), size, most)
                else:
                    file.seek(size)
                    for _ in range(most // SLACK + 1):
                        file.write(bytes(SLACK))
                    file.flush()
            except OSError:
                os.truncate(self.path, size)
                raise

    def _put(self, name: str, axis: int, length: int, place: tuple[slice, ...], values: Floats) -> None:
        if values.size:  # what has no channels cannot grow, and need not
            array = self._file[name]
            array.resize(length, axis=axis)
            array[place] = values

    def _settle(self) -> None:
        self._file.flush()
        os.truncate(self.path, self._file.id.get_filesize())  # room that was reserved and not needed

    def _end(self, notes: Mapping[str, str]) -> None:
        for name, text in notes.items():
            if self._file.attrs.get(name) != text:
                self._file.attrs[name] = text
        self._file.close()

    def _give_up(self) -> None:
        try:
            self._file.close()
        except Exception:  # noqa: S110 - what failed to be written fails again; it has been told
            pass


class ZarrStream(Stream):
    """A Zarr folder that grows."""

    def _reserve(self, samples: "xarray.Dataset", names: Sequence[str]) -> None:
        pass  # every piece is a file that is written whole or not at all

    def _begin(self, empty: "xarray.Dataset") -> None:
        import zarr

        check_folder(self.path)
        if self.path.exists():
            shutil.rmtree(self.path)
        write_zarr(empty, self.path)
        self._group = zarr.open_group(self.path, mode="r+", zarr_format=2)
        for name, variable in empty.variables.items():
            pieces = self._pieces(variable)
            if pieces is not None:
                about = dict(self._group[str(name)].attrs)
                made = self._group.create_array(
                    str(name), shape=variable.shape, chunks=pieces, dtype="f8", fill_value=float("nan"), overwrite=True,
                    compressors=None, attributes=about,
                )  # fmt: skip
                assert made.shape == variable.shape

    def _put(self, name: str, axis: int, length: int, place: tuple[slice, ...], values: Floats) -> None:
        array: Any = self._group[name]
        array.resize(tuple(length if i == axis else size for i, size in enumerate(array.shape)))
        array[place] = values

    def _settle(self) -> None:
        pass

    def _end(self, notes: Mapping[str, str]) -> None:
        self._group.attrs.update(notes)

    def _give_up(self) -> None:
        pass


def open_stream(path: str | Path, empty: "xarray.Dataset") -> Stream:
    """A file that a recording is written into as it comes.

    Args:
        path: Where: .nc or .zarr.
        empty: The recording without samples.

    Raises:
        OutputPathError: It cannot be written there.
        MissingDependencyError: It is to be Zarr, and zarr is not installed.
    """
    place = Path(path)
    if place.suffix.lower() == ".zarr":
        require_zarr()
        return ZarrStream(place, empty)
    return NetcdfStream(check_output_path(place, FORMATS), empty)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).splitlines()[0]
