"""Parts of a body that light up with the signals that belong to them."""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import unknown_name
from sns_mujoco.rendering.look import Tint
from sns_mujoco.rendering.panel_layout import Trace


class Glow:
    """The geoms that traces light up, each by the strongest of its traces."""

    def __init__(self, model: mujoco.MjModel, traces: Sequence[Trace]) -> None:
        """Find the geoms.

        Raises:
            UnknownNameError: A trace names a geom that the model has not.
        """
        self._ranges = [(trace.lo, trace.hi) for trace in traces]
        self._geoms = [[find_geom(model, name) for name in trace.geoms] for trace in traces]
        lanes = {trace.lane: trace.color for trace in reversed(traces)}
        self._colors = [lanes[trace.lane] if trace.lane else trace.color for trace in traces]

    def tints(self, levels: ArrayLike) -> dict[int, Tint]:
        """Colours of the geoms, by geom id.

        Args:
            levels: The signal of each trace now [traces], in its unit; what is not finite lights nothing up.
        """
        tints: dict[int, Tint] = {}
        for (lo, hi), geoms, color, value in zip(
            self._ranges, self._geoms, self._colors, np.asarray(levels, float), strict=True
        ):
            level = min(max((float(np.nan_to_num(value, nan=lo)) - lo) / (hi - lo), 0.0), 1.0)
            strength = level * level * (3.0 - 2.0 * level)  # dark when quiet, and clearly lit when active
            for geom in geoms:
                if strength > tints.get(geom, (0.0, 0.0, 0.0, 0.0))[3]:
                    tints[geom] = (*color, strength)
        return tints


def find_geom(model: mujoco.MjModel, name: str) -> int:
    """Id of a geom.

    Raises:
        UnknownNameError: The model has none of that name.
    """
    found = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_GEOM, name)
    if found < 0:
        names = (model.geom(g).name for g in range(model.ngeom))
        raise unknown_name("geom", name, filter(None, names), "the model")
    return found
