"""Arrays in `.npz` archives, read without trusting them: nothing is unpickled, and nothing is larger than the file.

Only what `numpy.savez` writes is taken: not compressed, so that no small file can unpack into a huge one.
"""

import math
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, SnsError

ALLOWED = ("<f8", "<i8", "<u8", "|u1", "|b1")


def pack(arrays: Mapping[str, NDArray]) -> bytes:
    """An archive of arrays; the same arrays make the same bytes."""
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, NDArray]:
    """The arrays of an archive, by name, read-only.

    Raises:
        NetworkError: It is damaged, or no archive of plain arrays.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.compress_type != ZIP_STORED for member in members):
                raise NetworkError("it is compressed; only archives as numpy.savez writes them are read")
            if sum(member.file_size for member in members) > len(data):
                raise NetworkError("it is damaged: it says that it holds more than it does")
            return {member.filename.removesuffix(".npy"): _array(archive.read(member)) for member in members}
    except SnsError:
        raise
    except (
        Exception
    ) as error:  # damaged bytes make the readers of zip archives and of headers raise all sorts of errors
        raise NetworkError(f"it is no archive of arrays, or damaged: {error}") from error


def _array(data: bytes) -> NDArray:
    """One array, from a `.npy` file whose header is as long, and whose content as large, as it says."""
    file = BytesIO(data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise NetworkError("it holds something else than plain arrays")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.str not in ALLOWED:
        raise NetworkError(f"it holds an array of {dtype}; plain numbers are read")
    fits = all(0 <= size <= len(data) for size in shape)
    if not fits or math.prod(shape) * dtype.itemsize != len(data) - file.tell():
        raise NetworkError(f"it is damaged: an array of shape {shape} is not as large as that")
    array = np.frombuffer(data, dtype, offset=file.tell())
    return array.reshape(shape, order="F" if by_columns else "C")
