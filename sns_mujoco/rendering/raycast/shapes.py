"""Meshes and height fields of a model as the ray caster wants them: flat tables that stay the same in every frame."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.raycast import layout
from sns_mujoco.rendering.raycast.terrain import bake_light

_SUN_RAYS = 8
_SUN_SPREAD = 0.06  # radians: hides the steps between grid points
_HOLLOW = 0.45  # share of the sky light that the deepest hollows of a height field lose
_AROUND = 3  # grid points on each side that say how deep a hollow is
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


class Shapes:
    """The tables of all meshes and height fields of one model.

    Attributes:
        table: All of them, one after the other; the first stands at `layout.HEADER` in the scene.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        """Read the meshes and height fields as they are now."""
        self._model = model
        parts: list[NDArray[np.float64]] = []
        place = layout.HEADER
        self._reliefs, self._boxes, self._triangles = [], [], []
        for tables, places, build in (
            (model.nhfield, self._reliefs, _relief),
            (model.nmesh, self._boxes, _boxes),
            (model.nmesh, self._triangles, _triangles),
        ):
            for n in range(tables):
                part = build(model, n)
                places.append(place)
                parts.append(part.ravel())
                place += part.size
        self.table = np.concatenate(parts) if parts else np.zeros(0)

    def describe_terrain(self, row: NDArray[np.float64], field: int) -> None:
        """Complete the row of a geom that shows a height field."""
        half_x, half_y, top, base = self._model.hfield_size[field]
        row[layout.SIZE : layout.SIZE + 3] = half_x, half_y, max(top, base)
        row[layout.RELIEF] = self._reliefs[field]
        row[layout.ROWS], row[layout.COLS] = self._model.hfield_nrow[field], self._model.hfield_ncol[field]
        row[layout.TOP], row[layout.BASE] = top, base

    def describe_mesh(self, row: NDArray[np.float64], mesh: int) -> None:
        """Complete the row of a geom that shows a mesh."""
        row[layout.BOXES], row[layout.TRIANGLES] = self._boxes[mesh], self._triangles[mesh]
        root = self.table[self._boxes[mesh] - layout.HEADER :][: layout.NODE]
        centre, half, _ = np.split(root, (layout.BOX_HALF, layout.BOX_PAST))
        row[layout.SIZE : layout.SIZE + 3] = np.abs(centre) + half


def light_terrain(w: NDArray[np.float64], geom: int) -> None:
    """Work out how much sunlight reaches each point of the height field of a geom.

    Args:
        w: The scene, with header, shapes and geoms.
        geom: Place of the geom.
    """
    frame = w[geom + layout.MAT : geom + layout.MAT + 9].reshape(3, 3)
    rays = _cone(w[layout.TO_SUN : layout.TO_SUN + 3] @ frame)
    half, points = w[geom + layout.SIZE :][:2], w[geom + layout.ROWS :][1::-1]
    lift = 0.04 * float(np.min(half / (points - 1)))
    bake_light(w.ctypes.data, geom, rays.ctypes.data, len(rays), lift)


def _relief(model: mujoco.MjModel, field: int) -> NDArray[np.float64]:
    """Table [grid points, layout.POINT] of a height field, in full sun."""
    rows, cols, start = model.hfield_nrow[field], model.hfield_ncol[field], model.hfield_adr[field]
    half_x, half_y, top, _ = model.hfield_size[field]
    height = top * model.hfield_data[start : start + rows * cols].reshape(rows, cols).astype(float)
    highest = height.copy()
    highest[:-1, :-1] = np.maximum.reduce([height[:-1, :-1], height[1:, :-1], height[:-1, 1:], height[1:, 1:]])
    slope_y, slope_x = np.gradient(height, 2 * half_y / (rows - 1), 2 * half_x / (cols - 1))
    table = np.ones((rows * cols, layout.POINT))
    for column, values in (
        (layout.HILL, height),
        (layout.SLOPE_X, slope_x),
        (layout.SLOPE_Y, slope_y),
        (layout.SKY, _openness(height)),
        (layout.CELL_TOP, highest),
    ):
        table[:, column] = values.ravel()
    return table


def _boxes(model: mujoco.MjModel, mesh: int) -> NDArray[np.float64]:
    """Table [boxes, layout.NODE] of a mesh: MuJoCo's tree, in the order in which a walk meets the boxes."""
    nodes = slice(model.mesh_bvhadr[mesh], model.mesh_bvhadr[mesh] + model.mesh_bvhnum[mesh])
    bounds = model.bvh_aabb[nodes].reshape(-1, 6)
    children, faces = model.bvh_child[nodes].reshape(-1, 2), model.bvh_nodeid[nodes].ravel()
    table = np.zeros((len(bounds), layout.NODE))
    row_of, rows = np.zeros(len(bounds), np.int64), 0
    waiting = [(0, False)]
    while waiting:
        node, passed = waiting.pop()
        if passed:
            table[row_of[node], layout.BOX_PAST] = rows
            continue
        table[rows] = *bounds[node], 0.0, faces[node]
        row_of[node] = rows
        rows += 1
        waiting.append((node, True))
        waiting += [(int(child), False) for child in children[node] if child >= 0]
    return table


def _triangles(model: mujoco.MjModel, mesh: int) -> NDArray[np.float64]:
    """Table [triangles, layout.TRIANGLE] of a mesh."""
    faces = slice(model.mesh_faceadr[mesh], model.mesh_faceadr[mesh] + model.mesh_facenum[mesh])
    corners = model.mesh_vert[model.mesh_vertadr[mesh] + model.mesh_face[faces]]
    normals = model.mesh_normal[model.mesh_normaladr[mesh] + model.mesh_facenormal[faces]]
    return np.hstack([corners.reshape(-1, 9), normals.reshape(-1, 9)]).astype(float)


def _cone(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors [_SUN_RAYS, 3] spread evenly about an axis."""
    side = np.cross(axis, [1.0, 0.0, 0.0] if abs(axis[0]) < 0.7 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    turn = _GOLDEN_ANGLE * np.arange(_SUN_RAYS)[:, None]
    off = _SUN_SPREAD * np.sqrt((np.arange(_SUN_RAYS)[:, None] + 0.5) / _SUN_RAYS)
    rays = axis + off * (np.cos(turn) * side + np.sin(turn) * np.cross(axis, side))
    return rays / np.linalg.norm(rays, axis=1, keepdims=True)


def _openness(height: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the sky light at each point of a height field, for the eye: hollows dark, hills bright.

    How far a point lies below the mean of its surroundings stands for how much of the sky they hide.
    """
    mean = height
    for axis in range(2):
        padded = np.pad(mean, [(_AROUND + 1, _AROUND) if axis == a else (0, 0) for a in range(2)], mode="edge")
        total = np.cumsum(padded, axis=axis)
        size = 2 * _AROUND + 1
        mean = (
            np.take(total, range(size, total.shape[axis]), axis) - np.take(total, range(total.shape[axis] - size), axis)
        ) / size
    depth = mean - height
    spread = 2.0 * float(depth.std())
    return np.ones_like(height) if spread == 0.0 else 1.0 - _HOLLOW * np.clip(0.5 + 0.5 * depth / spread, 0.0, 1.0)
