"""The version of the format of network files, and how files of earlier versions are brought up to it.

The version goes up when a file that older packages wrote would be read wrongly: a key has moved or has another
meaning. A new class, or a new field whose default is what was done before, needs no new version.
"""

import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.files.strict_json import shown

NAME = "sns-mujoco network"
VERSION = 1
FORMAT = f"{NAME} {VERSION}"
WRITER = f"sns-mujoco {version('sns-mujoco')}"

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For every earlier version that is still read: makes the content of a file into what the next version has there.

Version 1 is the first, so there is none yet.
"""


def upgraded(data: Any) -> dict[str, Any]:
    """The content of a file as the present version has it.

    Args:
        data: A file of any version, read as JSON.

    Raises:
        NetworkError: It is no network, or of a version that cannot be read.
    """
    if not isinstance(data, Mapping):
        raise NetworkError(f"it is no network: it holds {shown(data)}; give an object with the format {FORMAT!r}")
    found = re.fullmatch(rf"{NAME} (\d{{1,9}})", str(data.get("format")))
    if not found:
        what = f"its format is {shown(data['format'])}" if "format" in data else "it has no 'format'"
        raise NetworkError(f"it is no network: {what}; a network's is {FORMAT!r}")
    given = int(found[1])
    if given > VERSION:
        raise NetworkError(
            f"it is of version {given}, and this sns-mujoco reads up to {VERSION}; update it: pip install --upgrade "
            "sns-mujoco"
        )
    content = dict(data)
    for step in range(given, VERSION):
        if step not in MIGRATIONS:
            raise NetworkError(f"it is of version {given}; this sns-mujoco reads {min(MIGRATIONS, default=VERSION)} on")
        try:
            content = {**MIGRATIONS[step](content), "format": f"{NAME} {step + 1}"}
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise NetworkError(f"it is of version {step}, and damaged: {error!r}") from error
    return content
