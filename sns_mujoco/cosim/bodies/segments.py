"""A segment of a limb made longer or shorter: what lies along it moves, and it keeps its thickness."""

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

_GEOM = mujoco.mjtGeom
RODS = (_GEOM.mjGEOM_CAPSULE, _GEOM.mjGEOM_CYLINDER)
SOLIDS = (_GEOM.mjGEOM_ELLIPSOID, _GEOM.mjGEOM_BOX)
FIXED = (_GEOM.mjGEOM_SPHERE,)  # they move along and keep their size
SHORTEST = 1e-9  # m; with less than this between its ends a body has no direction

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def stretchable(body: Any) -> bool:
    """Whether a body of a description is a segment with a direction: see `direction`."""
    return _obstacle(body) is None


def direction(body: Any) -> Vector:
    """Unit vector along a segment [3]: to where the next one begins, or for the last one to what lies farthest."""
    end = _end(body)
    return end / np.linalg.norm(end)


def stretch(body: Any, factor: float) -> None:
    """Make a segment longer by a factor, in its description.

    Whatever has a place on it - joints, geoms, sites, the next segment, its centre of mass where that is given - moves
    along its direction by the factor and stays as far beside it as it was, so that lines of pull keep their distance.
    Geoms grow along it alone; spheres stay as they are. Masses that are given stay, and their inertia grows as the mass
    is spread.

    Args:
        body: An `MjsBody`; it is changed.
        factor: Of its length.
    """
    along = direction(body)
    matrix = np.eye(3) + (factor - 1.0) * np.outer(along, along)
    for geom in body.geoms:
        _stretch_geom(geom, matrix)
    for part in (*body.joints, *body.sites, *body.bodies):
        part.pos = matrix @ part.pos
    if body.explicitinertial:
        _stretch_inertia(body, matrix)


def _end(body: Any) -> Vector:
    """The far end of a segment, from its origin [3]."""
    if body.bodies:
        return np.array(body.bodies[0].pos)
    places = [*(end for geom in body.geoms for end in _ends(geom)), *(np.array(site.pos) for site in body.sites)]
    return max(places, key=lambda place: float(np.linalg.norm(place)), default=np.zeros(3))


def _obstacle(body: Any) -> str | None:
    """Why a body cannot be stretched."""
    if len(body.bodies) > 1:
        return "several bodies hang on it, so that it has no one direction"
    if not np.linalg.norm(_end(body)) > SHORTEST:
        return "nothing lies away from its origin"
    parts = (*body.geoms, *body.joints, *body.sites, *body.bodies)
    if any(part.frame is not None for part in parts):
        return "parts of it stand in a frame of their own"
    if any(geom.type not in (*RODS, *SOLIDS, *FIXED) for geom in body.geoms):
        return "it has a mesh or another shape that cannot be stretched"
    return None


def _ends(geom: Any) -> tuple[Vector, ...]:
    """Where a geom ends along itself, or its centre."""
    if np.isfinite(geom.fromto[0]):
        return np.array(geom.fromto[:3]), np.array(geom.fromto[3:])
    centre = np.array(geom.pos)
    if geom.type not in RODS:
        return (centre,)
    half = geom.size[1] * _axes(geom)[:, 2]
    return centre - half, centre + half


def _axes(geom: Any) -> Matrix:
    """Axes of a geom, as columns [3, 3], in those of its body."""
    return _rotation(geom.quat, geom.alt, geom.compiler)


def _rotation(quat: Any, other: Any, compiler: Any) -> Matrix:
    """The matrix [3, 3] of an orientation, in whichever of MuJoCo's ways it is described."""
    if other.type != mujoco.mjtOrientation.mjORIENTATION_QUAT:
        quat = mujoco.MjSpec.resolve_orientation(
            degree=compiler.degree, sequence=compiler.eulerseq, orientation=other
        )  # fmt: skip
    matrix = np.empty(9)
    mujoco.mju_quat2Mat(matrix, np.asarray(quat, float) / np.linalg.norm(quat))
    return matrix.reshape(3, 3)


def _stretch_geom(geom: Any, matrix: Matrix) -> None:
    if np.isfinite(geom.fromto[0]) or geom.type in RODS:
        geom.fromto = np.concatenate([matrix @ end for end in _ends(geom)])
        return
    if geom.type in SOLIDS:
        geom.size = np.array(geom.size) * np.linalg.norm(matrix @ _axes(geom), axis=0)
    geom.pos = matrix @ geom.pos


def _stretch_inertia(body: Any, matrix: Matrix) -> None:
    """The inertia of the same mass, spread along the segment: second moments S of its mass become M S M'."""
    if np.isfinite(body.fullinertia[0]):
        xx, yy, zz, xy, xz, yz = body.fullinertia
        inertia = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    else:
        axes = _rotation(body.iquat, body.ialt, body.compiler)
        inertia = axes @ np.diag(body.inertia) @ axes.T
    moments = 0.5 * np.trace(inertia) * np.eye(3) - inertia
    moments = matrix @ moments @ matrix.T
    inertia = np.trace(moments) * np.eye(3) - moments
    body.fullinertia = inertia[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]
    body.inertia, body.iquat, body.ialt.type = np.zeros(3), [1, 0, 0, 0], mujoco.mjtOrientation.mjORIENTATION_QUAT
    body.ipos = matrix @ body.ipos
