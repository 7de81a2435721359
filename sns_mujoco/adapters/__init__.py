"""Adapters between body and nervous system: afferents read the body, efferents drive it. Everything goes by name."""

from sns_mujoco.adapters.afferents import Afferent, Command, SensorChannel
from sns_mujoco.adapters.conduction import VELOCITIES, conduction_delay
from sns_mujoco.adapters.contacts import ContactForce, Cutaneous, Touch
from sns_mujoco.adapters.drives import Activation, Excitation
from sns_mujoco.adapters.efferents import AntagonistPair, Efferent, MotorNeuron
from sns_mujoco.adapters.gains import Bell, Equation, Gain, LengthTension, Polynomial, Sigmoid, Table
from sns_mujoco.adapters.joints import JointAngle, JointLimit, JointVelocity
from sns_mujoco.adapters.mirroring import mirrored
from sns_mujoco.adapters.motor_pools import MotorPool, Twitch
from sns_mujoco.adapters.recruitment import Recruitment
from sns_mujoco.adapters.spindles import (
    FARMS_IA,
    FARMS_II,
    MORAUD_2016_IA,
    MORAUD_2016_II,
    PROCHAZKA_GORASSINI_1998,
    SpindleIa,
    SpindleII,
    SpindleModel,
)
from sns_mujoco.adapters.stretch_receptor import StretchReceptor
from sns_mujoco.adapters.tendons import GolgiTendonOrgan, TendonForce, TendonLength, TendonVelocity
from sns_mujoco.adapters.vestibular import AngularVelocity, LinearAcceleration, Orientation

__all__ = [
    "Activation",
    "Afferent",
    "AngularVelocity",
    "AntagonistPair",
    "Bell",
    "Command",
    "ContactForce",
    "Cutaneous",
    "Efferent",
    "Equation",
    "Excitation",
    "FARMS_IA",
    "FARMS_II",
    "Gain",
    "GolgiTendonOrgan",
    "JointAngle",
    "JointLimit",
    "JointVelocity",
    "LengthTension",
    "LinearAcceleration",
    "MORAUD_2016_IA",
    "MORAUD_2016_II",
    "MotorNeuron",
    "MotorPool",
    "Orientation",
    "PROCHAZKA_GORASSINI_1998",
    "Polynomial",
    "Recruitment",
    "SensorChannel",
    "Sigmoid",
    "SpindleII",
    "SpindleIa",
    "SpindleModel",
    "StretchReceptor",
    "Table",
    "TendonForce",
    "TendonLength",
    "TendonVelocity",
    "Touch",
    "Twitch",
    "VELOCITIES",
    "conduction_delay",
    "mirrored",
]
