"""Files that are written whole or not at all, into places that are checked before anything runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def check_output(path: str | Path, suffixes: tuple[str, ...]) -> Path:
    """Make sure that a file can be written.

    Args:
        path: Where it is to go.
        suffixes: Endings that its kind can have.

    Returns:
        The path.

    Raises:
        ValueError: The ending is another.
        OSError: The folder does not exist or cannot be written, or a folder has that name.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise ValueError(f"{str(target)!r} ends in {target.suffix!r}; give a name that ends in {' or '.join(suffixes)}")
    if target.is_dir():
        raise IsADirectoryError(f"{str(target)!r} is a folder; give the name of a file")
    folder = target.parent
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {str(folder)!r} to write {target.name!r} into; make it first")
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"the folder {str(folder)!r} cannot be written; choose another place for {target.name!r}")
    return target


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A temporary file beside the target, which replaces it if all goes well and vanishes if not."""
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.partial{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
