"""What there is to record in a model: names, places and units of channels."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

import mujoco
import numpy as np

from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.details import AfferentDetails
from sns_mujoco.errors import unknown_name

Names = Sequence[str] | None
Thing = TypeVar("Thing")

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


def afferents(brains: dict[str, Brain], prefix: dict[str, str]) -> dict[str, AfferentDetails]:
    """Details of every afferent of all nervous systems, one after the other; equal ones are counted."""
    return distinct(
        (prefix[name] + label, known)
        for name, brain in brains.items()
        for label, known in zip(brain.afferents, brain.afferent_details, strict=True)
    )


def distinct(named: Iterable[tuple[str, Thing]]) -> dict[str, Thing]:
    """Things by name; the second of a name is called "name (2)"."""
    found: dict[str, Thing] = {}
    for name, thing in named:
        unique, count = name, 1
        while unique in found:
            count += 1
            unique = f"{name} ({count})"
        found[unique] = thing
    return found


def actuators(model: mujoco.MjModel, addresses: np.ndarray, counts: np.ndarray) -> dict[str, int]:
    """Where the controls or outputs of every actuator are; of one that has several, each by its number."""
    found = {}
    for i in range(model.nactuator):
        name = model.actuator(i).name or f"actuator {i}"
        for k in range(int(counts[i])):
            found[name if counts[i] == 1 else f"{name}[{k}]"] = int(addresses[i]) + k
    return found


def joints(model: mujoco.MjModel) -> dict[str, int]:
    """Ids of the hinges and slide joints; those without a name are called by their number."""
    single = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
    return {model.joint(i).name or f"joint {i}": i for i in range(model.njnt) if int(model.jnt_type[i]) in single}


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


def choose(kind: str, wanted: Names, known: Iterable[str], *, grouped: bool = False) -> list[str]:
    """Those that are wanted, all without a choice.

    Args:
        kind: What they are, for the message.
        wanted: Names or shell patterns, in the order that is wanted.
        known: All names.
        grouped: Whether "acceleration" means all of "acceleration[0]", "acceleration[1]", ...

    Raises:
        UnknownNameError: There is none of that name, and none that a pattern describes.
    """
    names = list(known)
    if wanted is None:
        return names
    if isinstance(wanted, str):
        raise TypeError(f"{kind}s are given as {wanted!r}; give a list of names or patterns, as [{wanted!r}]")
    chosen: dict[str, None] = {}
    for name in wanted:
        found = [k for k in names if k == name or (grouped and k.startswith(f"{name}["))]
        found = found or [k for k in names if fnmatchcase(k, name)]
        if not found:
            raise unknown_name(kind, name, names, "the model")
        chosen |= dict.fromkeys(found)
    return list(chosen)
