"""NIR files, which are HDF5, read without trusting them.

Only plain numbers and texts inside the file are read: no links to other files, no virtual or external data, nothing
that declares to be larger than any network that could be run, and nothing that refers to itself.
"""

import os
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from sns_mujoco.errors import NetworkError, SnsError
from sns_mujoco.interop.nir.hdf5_heaps import has_sound_heaps

MOST_BYTES = 2**32
MOST_ENTRIES = 200_000
DEEPEST = 40
KNOWN_VERSION = 1
"""The first number of the versions of NIR that are read."""


def read_nir_file(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a NIR file: the dictionary of its outermost node.

    Args:
        path: An HDF5 file as `nir.write` makes it.

    Raises:
        NetworkError: There is no such file, it is damaged, of another format, or of a newer version.
    """
    owner = f"NIR file {os.fspath(path)!r}"
    try:
        if not has_sound_heaps(path):
            raise NetworkError(f"{owner} is damaged: its texts cannot be read")
        with h5py.File(path, "r") as file:
            node = file.get("node")
            if not isinstance(node, h5py.Group):
                raise NetworkError(f"{owner} has no group 'node'; give a file that was written by nir.write")
            _check_version(owner, file)
            return _Reader(owner).group(node, 0)
    except SnsError:
        raise
    except FileNotFoundError as error:
        raise NetworkError(f"{owner} does not exist") from error
    except IsADirectoryError as error:
        raise NetworkError(f"{owner} is a directory; give the file in it") from error
    except Exception as error:  # damaged bytes make the HDF5 library raise all sorts of errors
        raise NetworkError(f"{owner} is damaged, or not in HDF5 format: {error}") from error


def _check_version(owner: str, file: h5py.File) -> None:
    """Refuse files of a later generation; files without a version are older than versions."""
    entry = file.get("version")
    if not isinstance(entry, h5py.Dataset):
        return
    written = entry[()]
    version = written.decode() if isinstance(written, bytes) else str(written)
    first = version.split(".")[0]
    if not first.isdigit() or int(first) > KNOWN_VERSION:
        raise NetworkError(f"{owner} is of NIR version {version}; versions up to {KNOWN_VERSION}.x are read")


@dataclass(slots=True)
class _Reader:
    """Reads groups into dictionaries, and counts what it has read."""

    owner: str
    size: int = 0
    entries: int = 0

    def group(self, group: h5py.Group, depth: int) -> dict[str, Any]:
        if depth > DEEPEST:
            raise NetworkError(f"{self.owner}: its groups contain one another, or are more than {DEEPEST} deep")
        content: dict[str, Any] = {}
        for name in map(str, group):
            self.entries += 1
            if self.entries > MOST_ENTRIES:
                raise NetworkError(
                    f"{self.owner} has more than {MOST_ENTRIES} entries, or its groups contain themselves"
                )
            place = f"{group.name}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise NetworkError(f"{self.owner}: {place} is a link; only what is in the file itself is read")
            item = group[name]
            if isinstance(item, h5py.Group):
                content[name] = self.group(item, depth + 1)
            elif isinstance(item, h5py.Dataset):
                content[name] = self.dataset(place, item)
            else:
                raise NetworkError(f"{self.owner}: {place} is neither a group nor data")
        return content

    def dataset(self, place: str, item: h5py.Dataset) -> Any:
        if item.is_virtual or item.external:
            raise NetworkError(f"{self.owner}: {place} lies in other files; only what is in the file itself is read")
        text = h5py.check_string_dtype(item.dtype) is not None
        if not text and item.dtype.kind not in "iufb":
            raise NetworkError(f"{self.owner}: {place} is of type {item.dtype}; numbers and texts are read")
        self.size += (item.size or 0) * item.dtype.itemsize
        if self.size > MOST_BYTES:
            raise NetworkError(f"{self.owner} declares more than {MOST_BYTES / 2**30:g} GiB of data; this is the most")
        value = item[()]
        if not text:
            return value
        if isinstance(value, np.ndarray):
            return np.array([_decoded(entry) for entry in value.ravel()], dtype=object).reshape(value.shape)
        return _decoded(value)


def _decoded(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
