"""What there is to record in a model: names, places and units of channels."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np

from sns_mujoco.cosim.details import AfferentDetails
from sns_mujoco.errors import unknown_name

if TYPE_CHECKING:
    from sns_mujoco.cosim.simulation import Simulation

Names = Sequence[str] | None

_SENSOR_UNITS = {
    "mjSENS_TOUCH": "N", "mjSENS_CONTACT": "N", "mjSENS_FORCE": "N", "mjSENS_TORQUE": "N m",
    "mjSENS_ACTUATORFRC": "N or N m", "mjSENS_ACCELEROMETER": "m/s^2", "mjSENS_GYRO": "rad/s",
    "mjSENS_VELOCIMETER": "m/s", "mjSENS_JOINTPOS": "rad or m", "mjSENS_JOINTVEL": "rad/s or m/s",
    "mjSENS_TENDONPOS": "m", "mjSENS_TENDONVEL": "m/s", "mjSENS_FRAMEPOS": "m", "mjSENS_FRAMELINVEL": "m/s",
    "mjSENS_FRAMEANGVEL": "rad/s",
}  # fmt: skip


def text(names: Iterable[str]) -> np.ndarray:
    """Names as a coordinate."""
    return np.array(list(names), dtype=object)


def indices(places: Iterable[int]) -> np.ndarray:
    """Places as an index."""
    return np.array(list(places), dtype=int)


def some_indices(places: Iterable[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """The places that there are, and which of all there are."""
    every = list(places)
    return indices(place for place in every if place is not None), np.array([p is not None for p in every], bool)


def spread(values: np.ndarray, has: np.ndarray) -> np.ndarray:
    """Values [samples, some] of those that have any, among all [samples, all]; nan for the others."""
    every = np.full((len(values), len(has)), np.nan)
    every[:, has] = values
    return every


def afferents(simulation: "Simulation", prefix: dict[str, str]) -> dict[str, tuple[int, AfferentDetails]]:
    """Place and details of every afferent of all nervous systems, one after the other; equal ones are counted."""
    found: dict[str, tuple[int, AfferentDetails]] = {}
    for name, brain in simulation.brains.items():
        for label, known in zip(brain.afferents, brain.afferent_details, strict=True):
            unique, count = prefix[name] + label, 1
            while unique in found:
                count += 1
                unique = f"{prefix[name]}{label} ({count})"
            found[unique] = len(found), known
    return found


def joints(model: mujoco.MjModel) -> dict[str, int]:
    """Ids of the hinges and slide joints."""
    single = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
    return {model.joint(i).name: i for i in range(model.njnt) if int(model.jnt_type[i]) in single}


def sensors(model: mujoco.MjModel, own: set[int]) -> dict[str, tuple[int, str]]:
    """Address and unit of every channel of the body's sensors, but the readouts of nervous systems."""
    channels = {}
    for i in range(model.nsensor):
        address, width = int(model.sensor_adr[i]), int(model.sensor_dim[i])
        if address in own:
            continue
        name = model.sensor(i).name or f"sensor {i}"
        unit = _SENSOR_UNITS.get(mujoco.mjtSensor(model.sensor_type[i]).name, "SI")
        for k in range(width):
            channels[name if width == 1 else f"{name}[{k}]"] = (address + k, unit)
    return channels


def choose(kind: str, wanted: Names, known: dict[str, Any], *, grouped: bool = False) -> dict[str, Any]:
    """Those that are wanted, all without a choice; grouped, "acceleration" means all of its channels.

    Raises:
        UnknownNameError: A name does not exist.
    """
    if wanted is None:
        return known
    chosen = {}
    for name in wanted:
        found = {k: v for k, v in known.items() if k == name or (grouped and k.startswith(f"{name}["))}
        if not found:
            raise unknown_name(kind, name, known, "the model")
        chosen |= found
    return chosen
