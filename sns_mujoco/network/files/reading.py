"""Files read in one go."""

import os
from pathlib import Path

from sns_mujoco.errors import NetworkError


def read(place: Path, what: str) -> bytes:
    """A whole file.

    Raises:
        FileNotFoundError: It is not there.
        NetworkError: It is something else than a file, or must not be read.
    """
    if not os.path.exists(place):
        raise FileNotFoundError(f"there is no {what} at {str(place)!r}; give the name of a file")
    if not os.path.isfile(place):
        raise NetworkError(f"it is {'a directory' if os.path.isdir(place) else 'no plain file'}; give a file")
    try:
        return place.read_bytes()
    except OSError as error:
        raise NetworkError(f"it cannot be read: {error.strerror}") from error
