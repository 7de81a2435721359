"""Muscles as a film shows them: bellies on their tendons, which light up as they pull."""

from collections.abc import Mapping
from math import sqrt

import mujoco
import numpy as np

from sns_mujoco.errors import unknown_name
from sns_mujoco.muscles import find_muscles
from sns_mujoco.rendering.look import Color, Tint

GLOW = 0.35  # light that a fully tinted muscle gives off, in units of its colour
BELLY = 0.36  # half the length of a belly, in lengths of the straight piece of path that it lies on
THICKNESS = 2.6  # radius of a belly, in radii of its tendon
_UNPAINTED = np.full(3, 0.5, np.float32)  # MuJoCo's colour of a tendon that has been given none
_RESTING: Color = (0.55, 0.36, 0.34)
_PULLING: Color = (1.0, 0.30, 0.20)


class Muscles:
    """The muscles of a model, and how hard they pull."""

    def __init__(self, model: mujoco.MjModel, colors: Mapping[str, Color] | None = None) -> None:
        """Find the muscles.

        Args:
            model: The model.
            colors: Colours that muscles take on as they pull, by the name of their tendon; red for the others.

        Raises:
            UnknownNameError: There is no tendon of a name in `colors`.
        """
        self._muscles = [
            (model.tendon(muscle.tendon).id, muscle.output, muscle.force)
            for muscle in find_muscles(model).values()
            if muscle.tendon is not None
        ]
        known = [model.tendon(t).name for t in range(model.ntendon)]
        self._colors = {}
        for name, color in (colors or {}).items():
            if name not in known:
                raise unknown_name("tendon", name, filter(None, known), "the model")
            self._colors[known.index(name)] = color

    def tints(self, data: mujoco.MjData) -> dict[int, Tint]:
        """Colours of all muscles, by tendon id, stronger with the root of the share of their peak force.

        Most movements need a tenth of that force; the root lets it be seen.

        Args:
            data: The state, with its forces up to date.
        """
        tints: dict[int, Tint] = {}
        for tendon, output, peak in self._muscles:
            share = min(max(-float(data.actuator_force[output]) / peak, 0.0), 1.0)
            tints[tendon] = (*self._colors.get(tendon, _PULLING), sqrt(share))
        return tints


def draw_muscles(drawn: mujoco.MjvScene, tints: Mapping[int, Tint]) -> None:
    """Paint the muscles of a scene and give each a belly on the longest straight piece of its path.

    Args:
        drawn: Filled by `mjv_updateScene`; bellies are added to it while there is room.
        tints: Colours of the muscles in this frame, by tendon id.
    """
    pieces: dict[int, list[mujoco.MjvGeom]] = {}
    for geom in drawn.geoms[: drawn.ngeom]:
        if geom.objtype == mujoco.mjtObj.mjOBJ_TENDON and geom.objid in tints:
            pieces.setdefault(geom.objid, []).append(geom)
    for tendon, path in pieces.items():
        for geom in path:
            _paint(geom, tints[tendon])
        _add_belly(drawn, max(path, key=lambda geom: geom.size[2]))


def _add_belly(drawn: mujoco.MjvScene, piece: mujoco.MjvGeom) -> None:
    """Keep the proportions of the belly, so that a muscle grows slender as it is stretched."""
    if drawn.ngeom >= drawn.maxgeom:
        return
    half, width = BELLY * 2.0 * float(piece.size[2]), THICKNESS * float(piece.size[0])
    belly = drawn.geoms[drawn.ngeom]
    mujoco.mjv_initGeom(
        belly, int(mujoco.mjtGeom.mjGEOM_ELLIPSOID), np.array((width, width, half)), piece.pos.astype(float),
        piece.mat.ravel().astype(float), piece.rgba,
    )  # fmt: skip
    belly.objtype, belly.objid, belly.category = piece.objtype, piece.objid, piece.category
    belly.emission, belly.specular, belly.shininess = piece.emission, piece.specular, piece.shininess
    drawn.ngeom += 1


def _paint(geom: mujoco.MjvGeom, tint: Tint) -> None:
    color = np.array(geom.rgba[:3])
    if np.array_equal(color, _UNPAINTED):
        color = np.array(_RESTING, np.float32)
    geom.rgba[:3] = color + tint[3] * (np.array(tint[:3], np.float32) - color)
    geom.emission += GLOW * tint[3]
