"""The stimulator's place in a model."""

from dataclasses import dataclass
from typing import Any

import mujoco

from sns_mujoco.cosim.rig.layout import HEAD, ROW
from sns_mujoco.cosim.rig.stimulator import PLUGIN_NAME, register
from sns_mujoco.errors import AttachError

LESIONED = frozenset({"max_conductance", "conductance_increment", "weight", "conductance", "g_ion"})
"""Quantities of which every synapse and channel of a rigged animal has its own, since protocols change them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RigRoom:
    """How much a protocol may have for which there is room in a model.

    Attributes:
        rows: What is natively done, counted once for each neuron, afferent ... that it is done to.
        samples: Samples of all waveforms.
    """

    rows: int = 1024
    samples: int = 4096

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("rows", "samples"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise AttachError(f"the room of a rig has {name} = {value!r}; give a whole number from 0 on")


def rig_room(rig: Any) -> RigRoom | None:
    """The room that is asked for, or None.

    Raises:
        AttachError: It is neither True or False nor a room.
    """
    if isinstance(rig, bool):
        return RigRoom() if rig else None
    if not isinstance(rig, RigRoom):
        raise AttachError(f"rig is {rig!r}; give True, False or a RigRoom(rows=..., samples=...)")
    return rig


def stimulator_name(system: str) -> str:
    """Name of the stimulator of a nervous system."""
    return f"{system}/stimulator"


def add_stimulator(spec: mujoco.MjSpec, system: str, room: RigRoom) -> None:
    """Add a stimulator to a body, behind the nervous system that it belongs to."""
    register()
    name = stimulator_name(system)
    spec.add_numeric(name=name, size=HEAD + ROW * room.rows + room.samples, data=[0.0])
    spec.activate_plugin(PLUGIN_NAME)
    spec.add_plugin(name=name, plugin_name=PLUGIN_NAME, active=True).config = {
        "system": system, "rows": str(room.rows), "samples": str(room.samples),
    }  # fmt: skip
    # a sensor without numbers: MuJoCo forgets instances to which nothing refers when it copies a description
    sensor = spec.add_sensor(name=name, type=mujoco.mjtSensor.mjSENS_PLUGIN)
    sensor.plugin.name, sensor.plugin.plugin_name, sensor.plugin.active = name, PLUGIN_NAME, True
