"""Parts of an observation: how large each is, between which bounds, and how it is read.

All of them read one animal or a population by the same lines: what they give has the leading dimensions of the data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.muscles import find_muscles

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Numbers of one kind in an observation.

    Attributes:
        size: How many.
        bounds: Least and greatest that is reported.
        read: Reads them, float64 [..., size]; views are allowed.
    """

    size: int
    bounds: tuple[float, float]
    read: Callable[[], Array]


def joints(life: "Simulation | Population", names: Sequence[str]) -> list[Part]:
    """Positions (rad) and velocities (rad/s) of hinges."""
    model, data = life.model, life.data
    ids = [model.joint(name).id for name in names]
    angles, velocities = model.jnt_qposadr[ids], model.jnt_dofadr[ids]
    return [
        Part(size=len(ids), bounds=(-10.0, 10.0), read=lambda: data.qpos[..., angles]),
        Part(size=len(ids), bounds=(-1e3, 1e3), read=lambda: data.qvel[..., velocities]),
    ]


def muscles(life: "Simulation | Population") -> list[Part]:
    """Lengths (m), velocities of lengthening (m/s) and pulls (N) of all muscles, in the order of the actuators."""
    data = life.data
    ids = np.array(sorted(muscle.output for muscle in find_muscles(life.model).values()), int)
    return [
        Part(size=len(ids), bounds=(0.0, 10.0), read=lambda: data.actuator_length[..., ids]),
        Part(size=len(ids), bounds=(-1e3, 1e3), read=lambda: data.actuator_velocity[..., ids]),
        Part(size=len(ids), bounds=(-1e6, 1e6), read=lambda: -data.actuator_force[..., ids]),
    ]


def loads(life: "Simulation | Population", sensors: Sequence[str]) -> list[Part]:
    """Loads (N) on feet, by the names of their sensors."""
    data = life.data
    places = np.array([life.model.sensor(name).adr[0] for name in sensors], int)
    return [Part(size=len(places), bounds=(0.0, 1e3), read=lambda: data.sensordata[..., places])]


def trunk(life: "Simulation | Population", body: int, length: float) -> list[Part]:
    """A body's height (m), the direction of gravity in its frame, and in its frame its velocities.

    Those are its velocity (lengths/s) and its angular velocity (rad/s).
    """
    data = life.data
    root = int(life.model.body_rootid[body])

    def angular() -> Array:
        return data.cvel[..., body, :3]

    def linear() -> Array:
        """MuJoCo keeps velocities as seen from the tree's centre of mass; this is the velocity of the body's origin."""
        away = data.xpos[..., body, :] - data.subtree_com[..., root, :]
        return data.cvel[..., body, 3:] + np.cross(angular(), away)

    return [
        Part(size=1, bounds=(-10.0, 10.0), read=lambda: data.xpos[..., body, 2:]),
        Part(size=3, bounds=(-1.0, 1.0), read=lambda: -data.xmat[..., body, 6:]),
        Part(size=3, bounds=(-1e3, 1e3), read=lambda: _in_frame(data.xmat[..., body, :], linear()) / length),
        Part(size=3, bounds=(-1e3, 1e3), read=lambda: _in_frame(data.xmat[..., body, :], angular())),
    ]


def _in_frame(frame: Array, vector: Array) -> Array:
    """A vector of the world [..., 3] in the frame of a body [..., 9].

    Written out, so that it is the same to the last bit for one and for many.
    """
    x, y, z = (vector[..., i, None] for i in range(3))
    return frame[..., 0:3] * x + frame[..., 3:6] * y + frame[..., 6:9] * z


def neurons(life: "Simulation | Population") -> list[Part]:
    """Membrane potentials (mV) of all neurons."""
    return [Part(size=life.potentials.shape[-1], bounds=(-1e3, 1e3), read=lambda: life.potentials)]
