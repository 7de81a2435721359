"""What must be settled before anything else of the package is imported; importing this module settles it.

MuJoCo must be there. And compiled code is kept between runs in the user's cache folder, not beside the source: there,
numba's files would outlive an uninstallation, and the folders that they leave behind hide an editable installation.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numba.core import caching

from sns_mujoco.errors import MissingDependencyError

try:
    import mujoco  # noqa: F401
except AttributeError as error:  # what `import mujoco` raises where MUJOCO_GL names a library that is not there
    raise MissingDependencyError(
        "MUJOCO_GL asks for an OpenGL library that is not installed; unset MUJOCO_GL (films then need no OpenGL), or "
        "install it: apt install libegl1 libgl1 for egl, apt install libosmesa6 for osmesa"
    ) from error

PACKAGE = Path(__file__).resolve().parent


class PackageCacheLocator(caching.UserWideCacheLocator):
    """Numba's cache in the user's cache folder, for this package alone."""

    @classmethod
    def from_function(cls, py_func, py_file):
        """Take a function of this package, if the folder can be written; leave all others to numba's own choice."""
        return super().from_function(py_func, py_file) if PACKAGE in Path(py_file).resolve().parents else None


@contextmanager
def announced() -> Iterator[None]:
    """Say on a terminal what takes so long, where something has to be compiled."""
    message = "sns-mujoco: compiling, once after an installation or an update; this takes half a minute"
    timer = threading.Timer(2.0, lambda: print(message, file=sys.stderr, flush=True))
    if sys.stderr is not None and sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


# after a folder that the user has set (NUMBA_CACHE_DIR), and before the one beside the source
caching.CacheImpl._locator_classes.insert(1, PackageCacheLocator)
