"""A lock on a folder that its holder's death releases, however it dies."""

import os
import socket
import sys
from pathlib import Path

from sns_mujoco.errors import OutputPathError, RunFolderError

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 1 << 30, os.SEEK_SET)  # beyond the text, which others may then still read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A folder that is ours alone until `release`, or until this process ends: the system sees to that."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            RunFolderError: Another run holds it.
            OutputPathError: The folder takes no file.
        """
        place = folder / "lock"
        try:
            self._handle: int | None = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputPathError(f"{str(place)!r} cannot be written: {error.strerror}; choose another") from error
        try:
            _take(self._handle)
        except OSError:
            holder = os.pread(self._handle, 200, 0).decode(errors="replace") if hasattr(os, "pread") else ""
            os.close(self._handle)
            raise RunFolderError(
                f"{str(folder)!r} is in use by another run{f' ({holder})' if holder else ''}; wait for it, stop it, or "
                "choose another folder"
            ) from None
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, f"process {os.getpid()} on {socket.gethostname()}".encode())

    def release(self) -> None:
        """Let others in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
