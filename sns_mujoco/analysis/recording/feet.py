"""Where the feet of an animal are in its model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mujoco
import numpy as np

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

_SITE = int(mujoco.mjtObj.mjOBJ_SITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPlace:
    """A foot in a model.

    Attributes:
        name: Its name.
        load: Index in `mjData.sensordata` of its load, N.
        site: Id of the site of the sensor that feels it; -1 where the sensor has none.
        geoms: Ids of the geoms of the body that the site belongs to: it stands on them.
    """

    name: str
    load: int
    site: int
    geoms: tuple[int, ...]


def feet_of(animal: "Animal | None", model: mujoco.MjModel) -> list[FootPlace]:
    """The feet of an animal; none of one that has none or is not known."""
    places = []
    for foot in animal.feet if animal is not None else ():
        sensor = model.sensor(foot.sensor)
        site = int(sensor.objid[0]) if int(sensor.objtype[0]) == _SITE else -1
        geoms = np.flatnonzero(np.asarray(model.geom_bodyid) == model.site_bodyid[site]) if site >= 0 else ()
        places.append(
            FootPlace(name=foot.name, load=int(sensor.adr[0]), site=site, geoms=tuple(int(geom) for geom in geoms))
        )
    return places
