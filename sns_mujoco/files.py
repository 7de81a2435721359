"""Files that are written whole or not at all, into places that are checked before anything runs."""

import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sns_mujoco.errors import OutputPathError


def check_output_path(path: str | os.PathLike[str], suffixes: Collection[str]) -> Path:
    """Refuse a place where a file cannot be written, before any work is done for it.

    Args:
        path: Where the file shall be; a file that is there already is replaced in the end.
        suffixes: What its name may end in, lower case, with the dot.

    Returns:
        The path.

    Raises:
        OutputPathError: The suffix is none of these, the path is a directory, or its directory is missing or cannot be
            written to.
    """
    place = Path(path)
    folder = place.parent
    if place.is_dir():
        raise OutputPathError(f"{str(place)!r} is a directory; give the name of a file in it")
    if place.suffix.lower() not in suffixes:
        allowed = ", ".join(suffixes)
        raise OutputPathError(f"{str(place)!r} ends in {place.suffix or 'nothing'!r}; it may end in {allowed}")
    if not folder.is_dir():
        what = "is not a directory" if folder.exists() else "does not exist"
        raise OutputPathError(f"{str(place)!r} cannot be written: {str(folder)!r} {what}; make it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputPathError(f"{str(place)!r} cannot be written: no permission in {str(folder)!r}; choose another")
    return place


def is_partial(path: Path) -> bool:
    """Whether a file is one in the making, by its name: where no process writes it any more, its process was killed."""
    return re.fullmatch(r"\..+-[a-z0-9_]{8}\.(csv|json|mp4|nc|npz|nwb|png)", path.name) is not None


class PartialFile:
    """A file in the making beside its final place, so that moving it there takes no time and cannot half-succeed."""

    def __init__(self, place: Path) -> None:
        """Make an empty file beside `place`, with the same suffix.

        Raises:
            OutputPathError: The directory takes no new file.
        """
        self._place = place
        try:
            handle, name = tempfile.mkstemp(prefix=f".{place.stem}-", suffix=place.suffix, dir=place.parent)
        except OSError as error:
            raise OutputPathError(f"{str(place)!r} cannot be written: {error.strerror}; choose another") from error
        os.close(handle)
        self.path = Path(name)

    def keep(self, *, durable: bool = False) -> None:
        """Move the finished file to its place.

        Args:
            durable: Whether to wait until it is there for good, even if the machine fails the next moment.
        """
        umask = os.umask(0)
        os.umask(umask)
        self.path.chmod(0o666 & ~umask)  # temporary files are private, films are not
        if durable:
            _flush(self.path)
        self.path.replace(self._place)
        if durable and os.name == "posix":  # elsewhere a folder cannot be opened, and a move needs no such thing
            _flush(self._place.parent)

    def discard(self) -> None:
        """Leave nothing behind."""
        with suppress(FileNotFoundError):
            self.path.unlink()


@contextmanager
def written_whole(place: Path, *, durable: bool = False) -> Iterator[Path]:
    """A file to write into, which takes its place if all goes well and vanishes if not.

    Args:
        place: Where it shall be.
        durable: Whether to wait until it is there for good, even if the machine fails the next moment.
    """
    partial = PartialFile(place)
    try:
        yield partial.path
        partial.keep(durable=durable)
    except BaseException:
        partial.discard()
        raise


def _flush(place: Path) -> None:
    """Have everything of a file or a folder on its disk."""
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
