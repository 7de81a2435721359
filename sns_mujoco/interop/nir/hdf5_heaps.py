"""A look at the texts in an HDF5 file before the HDF5 library reads them.

Texts lie in global heap collections (HDF5 File Format Specification 3.0, III.E). The library (HDF5 1.14) walks through
one from object to object and never returns where a damaged one leads to an object without size, so such files are
sorted out first.
"""

import mmap
import os
import struct

SIGNATURE = b"GCOL\x01"  # with the only version there is
HEADER = struct.Struct("<8xQ")  # of a collection: signature, version, reserved; its size
OBJECT = struct.Struct("<HHIQ")  # index, references, reserved; its size


def has_sound_heaps(path: str | os.PathLike[str]) -> bool:
    """Whether a walk through every heap collection of a file comes to its end."""
    if os.path.getsize(path) == 0:
        return True  # which cannot be mapped, and has none
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = content.find(SIGNATURE)
        while start >= 0:
            if not _is_sound(content, start):
                return False
            start = content.find(SIGNATURE, start + 1)
    return True


def _is_sound(content: mmap.mmap, start: int) -> bool:
    place = start + HEADER.size
    if place > len(content):
        return False
    end = start + HEADER.unpack_from(content, start)[0]
    if end > len(content):
        return False
    while place + OBJECT.size <= end:
        index, _, _, size = OBJECT.unpack_from(content, place)
        if index == 0:  # the free space, which counts its own header
            return OBJECT.size <= size <= end - place
        place += OBJECT.size + (size + 7) // 8 * 8
    return place <= end
