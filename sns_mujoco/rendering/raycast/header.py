"""The view and the light of a frame, written into the header of the scene."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color, Look
from sns_mujoco.rendering.raycast import layout
from sns_mujoco.rendering.raycast.rows import linear

_DEFAULT_SUN = (0.45, 0.35, -0.82)
_VAST = 30.0  # times the median radius of the geoms


def write_view(w: NDArray[np.float64], drawn: mujoco.MjvScene, width: int, height: int) -> None:
    """Write where the camera of a scene stands and what it sees; perspective.

    Args:
        w: The scene.
        drawn: Filled by `mjv_updateScene`.
        width: Of the picture, pixels.
        height: Of the picture, pixels.
    """
    left, right = drawn.camera  # MuJoCo describes two eyes; a flat picture is seen from between them
    forward, up = np.array(left.forward, float), np.array(left.up, float)
    w[layout.EYE : layout.EYE + 3] = (np.array(left.pos, float) + right.pos) / 2
    w[layout.FORWARD : layout.FORWARD + 3] = forward
    w[layout.RIGHT : layout.RIGHT + 3] = np.cross(forward, up)
    w[layout.UP : layout.UP + 3] = up
    near = left.frustum_near
    pixel = (left.frustum_top - left.frustum_bottom) / near / height
    centre = (left.frustum_center + right.frustum_center) / 2 / near
    w[layout.LEFT_EDGE] = centre - pixel * width / 2
    w[layout.TOP_EDGE] = left.frustum_top / near
    w[layout.PIXEL], w[layout.NEAR] = pixel, near
    w[layout.WIDTH], w[layout.HEIGHT] = width, height


def write_light(w: NDArray[np.float64], drawn: mujoco.MjvScene, look: Look, geoms: NDArray[np.float64]) -> None:
    """Write the light of a frame; the view must be there already.

    Args:
        w: The scene.
        drawn: Filled by `mjv_updateScene`.
        look: Light and sky.
        geoms: The geom table, [geoms, layout.GEOM].
    """
    to_sun = -_sun_direction(drawn, look.sun_direction)
    sunlight = look.sun_strength * linear(look.sun)
    w[layout.TO_SUN : layout.TO_SUN + 3] = to_sun
    w[layout.SUN_BEAM : layout.SUN_BEAM + 6] = _across(to_sun)
    w[layout.SKY_BEAM : layout.SKY_BEAM + 6] = 1.0, 0.0, 0.0, 0.0, 1.0, 0.0
    w[layout.SUNLIGHT : layout.SUNLIGHT + 3] = sunlight
    w[layout.ZENITH : layout.ZENITH + 3] = linear(look.zenith)
    w[layout.HORIZON : layout.HORIZON + 3] = linear(look.horizon)
    floors = geoms[np.isin(geoms[:, layout.KIND], layout.FLOORS)]
    ground = floors[0, layout.COLOR : layout.COLOR + 3] if len(floors) else linear(look.horizon)
    w[layout.BOUNCE : layout.BOUNCE + 3] = ground * sunlight
    w[layout.AMBIENT], w[layout.FILL] = look.ambient, look.fill
    w[layout.SOFTNESS] = np.radians(look.sun_softness)
    centre, radius = _stage(drawn)
    w[layout.STAGE : layout.STAGE + 3] = centre
    w[layout.STAGE_RADIUS], w[layout.STAGE_DIMMING] = 2.0 * radius, look.stage_dimming
    away = float(np.linalg.norm(centre - w[layout.EYE : layout.EYE + 3]))
    w[layout.FOG] = look.fog * max(away, 1e-9)


def _sun_direction(drawn: mujoco.MjvScene, chosen: Color | None) -> NDArray[np.float64]:
    """Unit vector along the sunlight: the chosen one, that of the model's first light, or a default."""
    of_model = (light.dir for light in drawn.lights[: drawn.nlight] if not light.headlight)
    direction = np.array(chosen if chosen is not None else next(of_model, _DEFAULT_SUN), float)
    return direction / np.linalg.norm(direction)


def _across(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two unit vectors across a direction, [6]."""
    side = np.cross(direction, [1.0, 0.0, 0.0] if abs(direction[0]) < 0.7 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    return np.concatenate([side, np.cross(direction, side)])


def _stage(drawn: mujoco.MjvScene) -> tuple[NDArray[np.float64], float]:
    """Centre and radius of the geoms that can move, or of all geoms of finite size if none can.

    What is far larger than the others, as the belt of a treadmill, is no part of it.
    """
    geoms = [g for g in drawn.geoms[: drawn.ngeom] if g.modelrbound > 0]
    moving = [g for g in geoms if g.category == mujoco.mjtCatBit.mjCAT_DYNAMIC] or geoms
    if not moving:
        return np.zeros(3), 1.0
    largest = _VAST * float(np.median([g.modelrbound for g in moving]))
    moving = [g for g in moving if g.modelrbound <= largest]
    places = np.array([g.pos for g in moving], float)
    centre = places.mean(axis=0)
    away = np.linalg.norm(places - centre, axis=1) + [g.modelrbound for g in moving]
    return centre, float(away.max())
