"""Adapters between body and nervous system: afferents read the body, efferents drive it. Everything goes by name."""

from sns_mujoco.adapters.afferents import (
    Afferent,
    Command,
    ContactForce,
    JointAngle,
    JointVelocity,
    SensorChannel,
    Touch,
)
from sns_mujoco.adapters.efferents import AntagonistPair, Efferent, MotorNeuron

__all__ = [
    "Afferent",
    "AntagonistPair",
    "Command",
    "ContactForce",
    "Efferent",
    "JointAngle",
    "JointVelocity",
    "MotorNeuron",
    "SensorChannel",
    "Touch",
]
