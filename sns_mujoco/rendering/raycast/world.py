"""The scene of each frame, as the kernels read it."""

from collections.abc import Mapping

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Look, Quality, Tint
from sns_mujoco.rendering.raycast import culling, layout
from sns_mujoco.rendering.raycast.header import write_light, write_view
from sns_mujoco.rendering.raycast.rows import Rows
from sns_mujoco.rendering.raycast.shapes import Shapes, light_terrain

_LEAST_RISE = 0.1  # of the sun: below it, long penumbrae end early
_OCCLUSION_SHARE = 1.6  # a geom darkens what is up to this many of its radii away, see `visibility`


class World:
    """One model's scene array and lists, brought up to date frame by frame.

    Attributes:
        w: The scene, as `layout` describes it.
        lists: The lists of geoms.
    """

    def __init__(self, model: mujoco.MjModel, width: int, height: int, quality: Quality, look: Look) -> None:
        """Read what stays the same in every frame.

        Args:
            model: The model.
            width: Of the picture, pixels.
            height: Of the picture, pixels.
            quality: How much work goes into a frame.
            look: Light and sky.
        """
        self._size, self._quality, self._look = (width, height), quality, look
        self._shapes = Shapes(model)
        self._rows = Rows(model, self._shapes, look.floor_mirror)
        self._tiles = -(-width // layout.TILE) * -(-height // layout.TILE)
        self._lit: set[int] = set()
        self.w = np.concatenate([np.zeros(layout.HEADER), self._shapes.table])
        self.lists = np.zeros(0, np.uint32)

    def update(self, drawn: mujoco.MjvScene, data: mujoco.MjData, tints: Mapping[int, Tint]) -> None:
        """Write a frame.

        Args:
            drawn: Filled by `mjv_updateScene`.
            data: The state that filled it.
            tints: By geom id.
        """
        geoms = self._write_geoms(drawn, data, tints)
        w = self.w
        write_view(w, drawn, *self._size)
        write_light(w, drawn, self._look, geoms)
        w[layout.OCCLUSION] = self._quality.occlusion
        planes = geoms[geoms[:, layout.KIND] == layout.PLANE]
        w[layout.MIRROR_POINT : layout.MIRROR_NORMAL + 3] = 0.0
        if len(planes) and self._quality.mirror:
            w[layout.MIRROR_POINT : layout.MIRROR_POINT + 3] = planes[0, layout.POS : layout.POS + 3]
            w[layout.MIRROR_NORMAL : layout.MIRROR_NORMAL + 3] = planes[0, layout.MAT + 2 : layout.MAT + 9 : 3]
        for n in np.flatnonzero(geoms[:, layout.KIND] == layout.TERRAIN):
            place = int(w[layout.GEOMS]) + int(n) * layout.GEOM
            if int(w[place + layout.RELIEF]) not in self._lit:
                self._lit.add(int(w[place + layout.RELIEF]))
                light_terrain(w, place)
        self._write_lists(len(geoms))

    def _write_geoms(
        self, drawn: mujoco.MjvScene, data: mujoco.MjData, tints: Mapping[int, Tint]
    ) -> NDArray[np.float64]:
        rows = []
        for geom in drawn.geoms[: drawn.ngeom]:
            of_model = geom.objtype == mujoco.mjtObj.mjOBJ_GEOM
            row = self._rows.row(geom, data, tints.get(geom.objid) if of_model else None)
            if row is not None:
                rows.append(row)
        first = layout.HEADER + len(self._shapes.table)
        last = first + len(rows) * layout.GEOM
        if len(self.w) < last:
            self.w = np.concatenate([self.w[:first], np.zeros(last - first)])
        self.w[layout.GEOMS], self.w[layout.GEOM_COUNT] = first, len(rows)
        geoms = self.w[first:last].reshape(len(rows), layout.GEOM)
        if rows:
            geoms[:] = rows
        return geoms

    def _write_lists(self, geoms: int) -> None:
        """Lists of the tiles, of the mirror images in them, and of the sun's and the sky's beam, in this order."""
        w, cells = self.w, layout.CELLS**2
        length = geoms + 1
        wanted = 2 * (self._tiles + cells) * length
        if len(self.lists) != wanted:
            self.lists = np.zeros(wanted, np.uint32)
        self.lists[::length] = 0
        w[layout.LIST_LENGTH], w[layout.TILE_LISTS] = length, 0
        w[layout.MIRROR_LISTS] = self._tiles * length
        w[layout.SUN_LISTS] = 2 * self._tiles * length
        w[layout.SKY_LISTS] = (2 * self._tiles + cells) * length
        scene, lists = w.ctypes.data, self.lists.ctypes.data
        culling.list_tiles(scene, lists)
        widening = w[layout.SOFTNESS] / max(w[layout.TO_SUN + 2], _LEAST_RISE)
        culling.list_beam(scene, lists, int(w[layout.SUN_LISTS]), layout.SUN_BEAM, widening, 0.0)
        culling.list_beam(scene, lists, int(w[layout.SKY_LISTS]), layout.SKY_BEAM, 0.0, _OCCLUSION_SHARE)
