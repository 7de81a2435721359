"""From the geoms of a MuJoCo scene to rows of the geom table."""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Tint
from sns_mujoco.rendering.raycast import layout
from sns_mujoco.rendering.raycast.shapes import Shapes

_KIND_OF = {
    int(mujoco.mjtGeom.mjGEOM_SPHERE): layout.SPHERE,
    int(mujoco.mjtGeom.mjGEOM_CAPSULE): layout.CAPSULE,
    int(mujoco.mjtGeom.mjGEOM_ELLIPSOID): layout.ELLIPSOID,
    int(mujoco.mjtGeom.mjGEOM_CYLINDER): layout.CYLINDER,
    int(mujoco.mjtGeom.mjGEOM_BOX): layout.BOX,
    int(mujoco.mjtGeom.mjGEOM_MESH): layout.MESH,
    int(mujoco.mjtGeom.mjGEOM_PLANE): layout.PLANE,
    int(mujoco.mjtGeom.mjGEOM_HFIELD): layout.TERRAIN,
}
_INVISIBLE = 0.02  # alpha at and below which a geom is not drawn
_GLOW = 0.3  # light that a fully tinted geom gives off, in units of its colour
_SAME_COLOR = 0.02


def linear(color: Sequence[float] | NDArray[np.floating]) -> NDArray[np.float64]:
    """Linear brightness of sRGB values between 0 and 1 (IEC 61966-2-1); same shape."""
    value = np.clip(np.asarray(color, float), 0.0, 1.0)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


class Rows:
    """Writes rows of the geom table for the scenes of one model."""

    def __init__(self, model: mujoco.MjModel, shapes: Shapes, floor_mirror: float) -> None:
        """Read the patterns of the model's floors and boxes.

        Args:
            model: The model.
            shapes: Where its meshes and height fields stand.
            floor_mirror: Least share of the geoms above it that a plane shows.
        """
        self._shapes, self._floor_mirror = shapes, floor_mirror
        self._patterns = [_pattern(model, texture) for texture in range(model.ntex)]

    def row(self, geom: mujoco.MjvGeom, data: mujoco.MjData, tint: Tint | None) -> NDArray[np.float64] | None:
        """The row [layout.GEOM] of one geom, or None if it cannot be seen or traced.

        Lines, arrows, labels, skins and flexes cannot be traced.

        Args:
            geom: The geom, as `mjv_updateScene` describes it.
            data: The state.
            tint: A colour that it takes on.
        """
        kind = _KIND_OF.get(int(geom.type))
        if kind is None or geom.rgba[3] <= _INVISIBLE:
            return None
        row = np.zeros(layout.GEOM)
        row[layout.KIND] = kind
        row[layout.POS : layout.POS + 3] = geom.pos
        row[layout.MAT : layout.MAT + 9] = geom.mat.ravel()
        row[layout.SIZE : layout.SIZE + 3] = geom.size
        row[layout.ALPHA] = geom.rgba[3]
        row[layout.GLOSS] = geom.specular
        row[layout.EXPONENT] = 8.0 + 120.0 * geom.shininess**2
        row[layout.EMISSION] = geom.emission
        color = np.array(geom.rgba[:3], float)
        if kind in layout.FLOORS:
            self._floor(row, geom, data)
        if kind in layout.PATTERNED:
            _lay_tiles(row, geom)
            pattern = self._patterns[geom.texid] if geom.texid >= 0 else None
            if pattern is not None:
                row[layout.COLOR_2 : layout.COLOR_2 + 3] = linear(color * pattern[0])
                color = color * pattern[1]
        if kind == layout.TERRAIN:
            self._shapes.describe_terrain(row, geom.dataid)
        elif kind == layout.MESH:
            self._shapes.describe_mesh(row, geom.dataid // 2)
        if tint is not None:
            color = color + tint[3] * (np.array(tint[:3]) - color)
            row[layout.EMISSION] += _GLOW * tint[3]
        row[layout.COLOR : layout.COLOR + 3] = linear(color)
        return row

    def _floor(self, row: NDArray[np.float64], geom: mujoco.MjvGeom, data: mujoco.MjData) -> None:
        row[layout.MIRROR] = max(geom.reflectance, self._floor_mirror)
        if geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
            # MuJoCo moves an endless plane along with the camera; its tiles must stay.
            row[layout.POS : layout.POS + 3] = data.geom_xpos[geom.objid]


def _lay_tiles(row: NDArray[np.float64], geom: mujoco.MjvGeom) -> None:
    repeat = np.array(geom.texrepeat, float)
    if geom.texid >= 0 and repeat.min() > 0.0:
        # The texture of a floor runs from -1 to 1, so a tile of a 2 by 2 checker is one repetition of a metre, or of
        # half the floor.
        uniform = geom.texuniform or geom.size.min() <= 0.0
        row[layout.TILES_X : layout.TILES_X + 2] = repeat / (1.0 if uniform else geom.size[:2])


def _pattern(model: mujoco.MjModel, texture: int) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The two colours of a flat texture if it is a 2 by 2 checker, else its mean twice; None if it is not flat."""
    if model.tex_type[texture] != mujoco.mjtTexture.mjTEXTURE_2D or model.tex_nchannel[texture] < 3:
        return None
    height, width, channels = model.tex_height[texture], model.tex_width[texture], model.tex_nchannel[texture]
    start = model.tex_adr[texture]
    pixels = model.tex_data[start : start + height * width * channels].reshape(height, width, channels)[..., :3] / 255
    top, left = height // 2, width // 2
    quarters = [
        np.median(part.reshape(-1, 3), axis=0)
        for part in (pixels[:top, :left], pixels[:top, left:], pixels[top:, :left], pixels[top:, left:])
    ]
    checker = (
        np.abs(quarters[0] - quarters[3]).max() < _SAME_COLOR and np.abs(quarters[1] - quarters[2]).max() < _SAME_COLOR
    )
    if checker:
        return quarters[0], quarters[1]
    mean = pixels.reshape(-1, 3).mean(axis=0)
    return mean, mean
