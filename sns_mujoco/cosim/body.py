"""A body to work on: where nervous systems and muscles are put."""

from pathlib import Path

import mujoco

from sns_mujoco.errors import AttachError

Body = mujoco.MjSpec | str | Path


def load_body(body: Body) -> mujoco.MjSpec:
    """A body to work on that is nobody else's.

    Raises:
        FileNotFoundError: There is no such MJCF file.
        AttachError: MuJoCo cannot read it; the message is MuJoCo's.
    """
    if isinstance(body, mujoco.MjSpec):
        return body.copy()
    try:
        if isinstance(body, str) and body.lstrip().startswith("<"):
            return mujoco.MjSpec.from_string(body)
        path = Path(body)
        if not path.is_file():
            raise FileNotFoundError(f"there is no body at {str(path)!r}; give an MJCF file, MJCF text or an MjSpec")
        return mujoco.MjSpec.from_file(str(path))
    except ValueError as error:
        raise AttachError(f"MuJoCo cannot read the body: {error}") from error
