"""Parts of an observation: how large each is, between which bounds, and how it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.muscles import find_muscles

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Numbers of one kind in an observation.

    Attributes:
        size: How many.
        bounds: Least and greatest that is reported.
        read: Reads them.
    """

    size: int
    bounds: tuple[float, float]
    read: Callable[[], Array]


def joints(simulation: Simulation, names: Sequence[str]) -> list[Part]:
    """Positions (rad) and velocities (rad/s) of hinges."""
    model, data = simulation.model, simulation.data
    ids = [model.joint(name).id for name in names]
    angles, velocities = model.jnt_qposadr[ids], model.jnt_dofadr[ids]
    return [
        Part(size=len(ids), bounds=(-10.0, 10.0), read=lambda: data.qpos[angles]),
        Part(size=len(ids), bounds=(-1e3, 1e3), read=lambda: data.qvel[velocities]),
    ]


def muscles(simulation: Simulation) -> list[Part]:
    """Lengths (m), velocities of lengthening (m/s) and pulls (N) of all muscles, in the order of the actuators."""
    data = simulation.data
    ids = np.array(sorted(muscle.output for muscle in find_muscles(simulation.model).values()), int)
    return [
        Part(size=len(ids), bounds=(0.0, 10.0), read=lambda: data.actuator_length[ids]),
        Part(size=len(ids), bounds=(-1e3, 1e3), read=lambda: data.actuator_velocity[ids]),
        Part(size=len(ids), bounds=(-1e6, 1e6), read=lambda: -data.actuator_force[ids]),
    ]


def loads(simulation: Simulation, sensors: Sequence[str]) -> list[Part]:
    """Loads (N) on feet, by the names of their sensors."""
    data = simulation.data
    places = np.array([simulation.model.sensor(name).adr[0] for name in sensors], int)
    return [Part(size=len(places), bounds=(0.0, 1e3), read=lambda: data.sensordata[places])]


def trunk(simulation: Simulation, body: int, length: float) -> list[Part]:
    """A body's height (m), the direction of gravity in its frame, and in its frame its velocities.

    Those are its velocity (lengths/s) and its angular velocity (rad/s).
    """
    model, data = simulation.model, simulation.data
    kind = int(mujoco.mjtObj.mjOBJ_XBODY)

    def velocity(first: int, scale: float) -> Array:
        both = np.empty(6)  # angular, then linear
        mujoco.mj_objectVelocity(model, data, kind, body, both, 1)
        return both[first : first + 3] * scale

    return [
        Part(size=1, bounds=(-10.0, 10.0), read=lambda: data.xpos[body, 2:]),
        Part(size=3, bounds=(-1.0, 1.0), read=lambda: -data.xmat[body, 6:]),
        Part(size=3, bounds=(-1e3, 1e3), read=lambda: velocity(3, 1.0 / length)),
        Part(size=3, bounds=(-1e3, 1e3), read=lambda: velocity(0, 1.0)),
    ]


def neurons(simulation: Simulation) -> list[Part]:
    """Membrane potentials (mV) of all neurons."""
    return [Part(size=len(simulation.potentials), bounds=(-1e3, 1e3), read=lambda: simulation.potentials)]
