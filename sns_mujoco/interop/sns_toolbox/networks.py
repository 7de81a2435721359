"""Networks under SNS-Toolbox's names: `Network`, and the subnetworks that come with it."""

from sns_mujoco.interop.sns_toolbox.network import Network
from sns_mujoco.interop.sns_toolbox.subnetworks import (
    AdditionNetwork,
    DifferentiatorNetwork,
    DivisionNetwork,
    IntegratorNetwork,
    MultiplicationNetwork,
)

__all__ = [
    "AdditionNetwork",
    "DifferentiatorNetwork",
    "DivisionNetwork",
    "IntegratorNetwork",
    "MultiplicationNetwork",
    "Network",
]
