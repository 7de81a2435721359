"""Rays through the ray caster's kernels, one by one, for comparison with MuJoCo's own."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import QUALITIES, Look
from sns_mujoco.rendering.raycast import layout
from sns_mujoco.rendering.raycast.layout import COUNTS, DOUBLES, INT, kernel
from sns_mujoco.rendering.raycast.visibility import nearest_hit
from sns_mujoco.rendering.raycast.world import World


@kernel(DOUBLES, COUNTS, DOUBLES, INT, DOUBLES)
def _cast(w, lists, rays, count, out):
    """Distance and place of the geom for each ray [count, 6]: origin, then direction."""
    for n in range(count):
        r = 6 * n
        t, g, _ = nearest_hit(
            w, lists, 0, True, rays[r], rays[r + 1], rays[r + 2], rays[r + 3], rays[r + 4], rays[r + 5], 0.0, np.inf
        )
        out[2 * n] = t
        out[2 * n + 1] = g


def cast(model: mujoco.MjModel, data: mujoco.MjData, rays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance [rays] at which each ray [rays, 6] enters a geom of the model, infinity if it meets none."""
    drawn = mujoco.MjvScene(model, 100)
    everything = mujoco.mjtCatBit.mjCAT_ALL.value
    camera = mujoco.MjvCamera()
    mujoco.mjv_updateScene(model, data, mujoco.MjvOption(), None, camera, everything, drawn)
    world = World(model, 64, 64, QUALITIES["draft"], Look())
    world.update(drawn, data, {})
    first, count = int(world.w[layout.GEOMS]), int(world.w[layout.GEOM_COUNT])
    every = np.array([count, *range(first, first + count * layout.GEOM, layout.GEOM)], np.uint32)
    rays, out = np.ascontiguousarray(rays), np.zeros((len(rays), 2))
    _cast(world.w.ctypes.data, every.ctypes.data, rays.ctypes.data, len(rays), out.ctypes.data)
    return out[:, 0]
