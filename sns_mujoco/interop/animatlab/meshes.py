"""Mesh files that AnimatLab's projects refer to: the vertices of .obj, .stl and ASCII .osg files."""

import re
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.xml import LARGEST, Item

READABLE = (".obj", ".stl", ".osg")
MOST = 100_000  # vertices


def find_mesh(given: str, folder: Path, item: Item) -> Path:
    """The file of a mesh: where the project says, or by its name beside the project.

    Raises:
        AnimatLabError: There is none, or of a format that is not read.
    """
    names = PureWindowsPath(given.replace("/", "\\"))
    parts = [part for part in names.parts if part not in (names.anchor, "..", ".")]
    candidates = [folder.joinpath(*parts[i:]) for i in range(len(parts))] if not names.anchor else []
    candidates += [folder / names.name] if names.name else []
    found = next((place for place in candidates if _is_file(place)), None)
    if found is None:
        raise AnimatLabError(
            f"{item.where}: its mesh {given[:200]!r} is not beside the project, in {str(folder)!r}; copy it there"
        )
    if found.suffix.lower() not in READABLE:
        raise AnimatLabError(
            f"{item.where}: its mesh {found.name!r} is of a format that is not read; convert it to one of "
            f"{', '.join(READABLE)} under the name that the project has for it"
        )
    return found


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except (OSError, ValueError):
        return False


def vertices(place: Path, item: Item) -> NDArray[np.float64]:
    """Vertices of a mesh [n, 3], in the file's unit.

    Raises:
        AnimatLabError: The file is damaged, too large, or flat.
    """
    try:
        if place.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        data = place.read_bytes()
        points = {".obj": _obj, ".stl": _stl, ".osg": _osg}[place.suffix.lower()](data)
    except (OSError, ValueError) as error:
        raise AnimatLabError(f"{item.where}: its mesh {place.name!r} cannot be read: {error}") from None
    points = np.unique(points, axis=0) if len(points) else points
    if len(points) < 4 or len(points) > MOST or not np.isfinite(points).all() or np.ptp(points, axis=0).min() <= 0:
        raise AnimatLabError(f"{item.where}: its mesh {place.name!r} is no solid of 4 to {MOST} vertices")
    return points


def _rows(rows: list[Any]) -> NDArray[np.float64]:
    return np.array(rows, float).reshape(-1, 3)


def _obj(data: bytes) -> NDArray[np.float64]:
    lines = (line.split() for line in data.decode("utf-8", "replace").splitlines())
    return _rows([line[1:4] for line in lines if len(line) >= 4 and line[0] == "v"])


def _stl(data: bytes) -> NDArray[np.float64]:
    count = int.from_bytes(data[80:84], "little")
    if len(data) == 84 + 50 * count:
        layout = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")])
        return np.frombuffer(data, layout, count, 84)["corners"].reshape(-1, 3).astype(float)
    lines = (line.split() for line in data.decode("utf-8", "replace").splitlines())
    return _rows([line[1:4] for line in lines if len(line) == 4 and line[0] == "vertex"])


def _osg(data: bytes) -> NDArray[np.float64]:
    text = data.decode("utf-8", "replace")
    if "MatrixTransform" in text:
        raise ValueError("it has transforms inside, which are not read; save it with its vertices moved")
    found = re.findall(r"VertexArray\s+(?:UniqueID\s+\S+\s+)?Vec3Array\s+\d+\s*\{([^}]*)\}", text)
    return _rows([row.split() for block in found for row in block.strip().splitlines() if len(row.split()) == 3])
