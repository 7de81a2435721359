"""What terms look at in a population, resolved once: live arrays with one row an individual."""

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import TaskError, unknown_name

Floats = NDArray[np.float64]


def torso(population: Any, term: str) -> int:
    """Id of the body that carries the legs.

    Raises:
        TaskError: The animal has none: it does not move about.
    """
    animal = population.animal
    if not animal.torso:
        raise TaskError(
            f"the term {term!r} needs an animal with a torso, and {animal.name!r} has none; name the body that carries "
            "the legs as the torso of the animal"
        )
    return int(population.model.body(animal.torso).id)


def check_moves(population: Any, term: str) -> None:
    """Refuse an animal that has no place that changes.

    Raises:
        TaskError: It has none.
    """
    if not population.animal.moves:
        raise TaskError(f"the term {term!r} needs an animal that moves about, and {population.animal.name!r} does not")


def place(population: Any) -> Floats:
    """Where individuals are on their ground, m (x, y) [n, 2], a copy; on a treadmill the belt counts."""
    x, y = population.animal.whereabouts(population)
    return np.stack((np.asarray(x, float), np.asarray(y, float)), axis=-1)


def weight(population: Any, body: int) -> Floats:
    """Weight (N) of what moves with a body: of all bodies of its kinematic tree, [n]."""
    model = population.model
    own = np.flatnonzero(model.body_rootid == model.body_rootid[body])
    masses = population.data.expanded("body_mass")
    masses = np.broadcast_to(model.body_mass, (population.n, model.nbody)) if masses is None else masses
    gravity = float(np.linalg.norm(model.opt.gravity))
    return np.ascontiguousarray(masses[:, own]).sum(axis=1) * gravity


def loads(population: Any) -> tuple[Floats, NDArray[np.intp]]:
    """Live sensor data [n, all], and where the loads (N) of the animal's feet are in it.

    Raises:
        TaskError: The animal has no feet that feel their load.
    """
    animal, model = population.animal, population.model
    if not animal.feet:
        raise TaskError(f"{animal.name!r} has no feet that feel their load; its gait cannot be measured")
    places = np.array([int(model.sensor(foot.sensor).adr[0]) for foot in animal.feet])
    return population.data.sensordata, places


def hinges(population: Any, joints: tuple[str, ...]) -> tuple[Floats, NDArray[np.intp]]:
    """Live positions [n, all], and where those of joints of one degree of freedom (rad or m) are in them.

    Raises:
        UnknownNameError: There is no such joint.
    """
    model = population.model
    single = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
    known = {model.joint(j).name: int(model.jnt_qposadr[j]) for j in range(model.njnt) if model.jnt_type[j] in single}
    for name in joints:
        if name not in known:
            raise unknown_name("joint with one degree of freedom", name, known, f"animal {population.animal.name!r}")
    return population.data.qpos, np.array([known[name] for name in joints])
