"""Protocols: what is done to an animal, and when, as plain data in Python or YAML.

    protocol = Protocol([
        CurrentClamp("L1 swing", 5.0, start=1.0, stop=1.2),
        Cut("L1 swing->*", start=2.0),
        Push("torso", force=(0.0, 0.02, 0.0), start=3.0, stop=3.1),
    ])
    simulation = animal.simulation(protocol=protocol)

Every item acts from `start` to `stop`, s of simulated time, `stop=None` for until the end. Targets are names or shell
patterns. What a name means is looked up when a protocol is given to an animal, before anything runs.
"""

from sns_mujoco.protocols.body import (
    ActuatorFailure,
    Command,
    Friction,
    Gravity,
    Load,
    Push,
    SensorFailure,
    Slope,
    Torque,
)
from sns_mujoco.protocols.items import Item
from sns_mujoco.protocols.nervous import (
    BlockChannel,
    CurrentClamp,
    Cut,
    Deprive,
    Excite,
    Scale,
    Silence,
    VoltageClamp,
)
from sns_mujoco.protocols.protocol import Protocol
from sns_mujoco.protocols.waveforms import Noise, Pulses, Ramp, Samples, Sine, Step, Waveform

__all__ = [
    "ActuatorFailure",
    "BlockChannel",
    "Command",
    "CurrentClamp",
    "Cut",
    "Deprive",
    "Excite",
    "Friction",
    "Gravity",
    "Item",
    "Load",
    "Noise",
    "Protocol",
    "Pulses",
    "Push",
    "Ramp",
    "Samples",
    "Scale",
    "SensorFailure",
    "Silence",
    "Sine",
    "Slope",
    "Step",
    "Torque",
    "VoltageClamp",
    "Waveform",
]
