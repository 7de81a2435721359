"""Building blocks: subnetworks designed from what they are to do.

Functional subnetworks compute with potentials above rest (`arithmetic`, `products`, `calculus`, `filters`, `vision`;
Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). Oscillators take a wanted period and wanted phase lags
(`half_centre`, `adaptive`, `coupled`). Reflex arcs are motifs with named inputs and outputs (`reflexes`), and
`mirrored` makes two sides of one. Each is a `Network`, to be run by itself or put into a larger one:

    net.add_network(HalfCentreNetwork(800.0), prefix="hip ")

Every one works at any resting potential and any range R.
"""

from sns_mujoco.network.subnetworks.adaptive import AdaptiveHalfCentreNetwork
from sns_mujoco.network.subnetworks.arithmetic import (
    AdditionNetwork,
    ModulationNetwork,
    SubtractionNetwork,
    TransmissionNetwork,
)
from sns_mujoco.network.subnetworks.calculus import DifferentiatorNetwork, IntegratorNetwork
from sns_mujoco.network.subnetworks.coupled import ChainNetwork, CoupledOscillatorsNetwork, RingNetwork
from sns_mujoco.network.subnetworks.filters import BandPassNetwork, LowPassNetwork
from sns_mujoco.network.subnetworks.half_centre import HalfCentreNetwork
from sns_mujoco.network.subnetworks.mirrored import mirrored
from sns_mujoco.network.subnetworks.products import DivisionNetwork, MultiplicationNetwork
from sns_mujoco.network.subnetworks.reflexes import (
    AntagonistNetwork,
    AutogenicInhibitionNetwork,
    ReciprocalInhibitionNetwork,
    RecurrentInhibitionNetwork,
    StretchReflexNetwork,
)
from sns_mujoco.network.subnetworks.rhythm import onsets, phase_lag
from sns_mujoco.network.subnetworks.vision import MotionDetectorNetwork, PatternNetwork, difference_of_gaussians

__all__ = [
    "AdaptiveHalfCentreNetwork",
    "AdditionNetwork",
    "AntagonistNetwork",
    "AutogenicInhibitionNetwork",
    "BandPassNetwork",
    "ChainNetwork",
    "CoupledOscillatorsNetwork",
    "DifferentiatorNetwork",
    "DivisionNetwork",
    "HalfCentreNetwork",
    "IntegratorNetwork",
    "LowPassNetwork",
    "ModulationNetwork",
    "MotionDetectorNetwork",
    "MultiplicationNetwork",
    "PatternNetwork",
    "ReciprocalInhibitionNetwork",
    "RecurrentInhibitionNetwork",
    "RingNetwork",
    "StretchReflexNetwork",
    "SubtractionNetwork",
    "TransmissionNetwork",
    "difference_of_gaussians",
    "mirrored",
    "onsets",
    "phase_lag",
]
