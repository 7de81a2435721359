"""Synthetic nervous systems that live inside MuJoCo physics.

Describe a network (`sns_mujoco.network`), attach it to a body by naming joints, sensors and actuators
(`sns_mujoco.adapters`, `attach`), and step both as one MuJoCo model (`Simulation`, `mujoco.mj_step`,
`mujoco.batch.Batch`, `mujoco.rollout`). Importing this package registers the engine plugins that step nervous
systems and muscles, and the Gymnasium environments.
"""

from sns_mujoco import _first as _first
from sns_mujoco.analysis.recording.storage import load as load_recording
from sns_mujoco.analysis.recording.storage import save as save_recording
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.brain import Brain, find_brains
from sns_mujoco.cosim.plugin import register as _register_plugin
from sns_mujoco.cosim.population import Population, PopulationSnapshot
from sns_mujoco.cosim.rig.adding import RigRoom
from sns_mujoco.cosim.rig.stimulator import register as _register_stimulator
from sns_mujoco.cosim.simulation import Simulation, Snapshot
from sns_mujoco.diagnosis import doctor
from sns_mujoco.envs import register as _register_environments
from sns_mujoco.envs.wrapping import wrap
from sns_mujoco.envs.wrapping_vector import wrap_vec
from sns_mujoco.learning.spaces import ParameterSpace, Vary
from sns_mujoco.muscles import add_muscles, find_muscles
from sns_mujoco.muscles.plugin import register as _register_muscles
from sns_mujoco.network import (
    STDP,
    AdaptiveExponentialNeuron,
    ConductanceSynapse,
    CurrentSynapse,
    DeltaSynapse,
    ElectricalSynapse,
    EquationNeuron,
    FitzHughNagumoNeuron,
    GradedConductanceSynapse,
    GradedCurrentSynapse,
    Hebb,
    HodgkinHuxleyNeuron,
    IzhikevichNeuron,
    LIFNeuron,
    MorrisLecarNeuron,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingModulationSynapse,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    NonSpikingTransmissionSynapse,
    Oja,
    OrnsteinUhlenbeckNoise,
    PoissonNeuron,
    RateNeuron,
    RewardSTDP,
    SigmoidSynapse,
    SparseConnection,
    SpikingMatrixConnection,
    SpikingNeuron,
    SpikingPatternConnection,
    SpikingSynapse,
    SpikingTransmissionSynapse,
    TripletSTDP,
    TsodyksMarkram,
)
from sns_mujoco.protocols import Protocol

__all__ = [
    "AdaptiveExponentialNeuron",
    "Brain",
    "ConductanceSynapse",
    "CurrentSynapse",
    "DeltaSynapse",
    "ElectricalSynapse",
    "EquationNeuron",
    "FitzHughNagumoNeuron",
    "GradedConductanceSynapse",
    "GradedCurrentSynapse",
    "Hebb",
    "HodgkinHuxleyNeuron",
    "IzhikevichNeuron",
    "LIFNeuron",
    "MorrisLecarNeuron",
    "Network",
    "NonSpikingMatrixConnection",
    "NonSpikingModulationSynapse",
    "NonSpikingNeuron",
    "NonSpikingNeuronWithGatedChannels",
    "NonSpikingNeuronWithPersistentSodiumChannel",
    "NonSpikingPatternConnection",
    "NonSpikingSynapse",
    "NonSpikingTransmissionSynapse",
    "Oja",
    "OrnsteinUhlenbeckNoise",
    "ParameterSpace",
    "PoissonNeuron",
    "Population",
    "PopulationSnapshot",
    "Protocol",
    "RateNeuron",
    "RewardSTDP",
    "RigRoom",
    "STDP",
    "SigmoidSynapse",
    "Simulation",
    "Snapshot",
    "SparseConnection",
    "SpikingMatrixConnection",
    "SpikingNeuron",
    "SpikingPatternConnection",
    "SpikingSynapse",
    "SpikingTransmissionSynapse",
    "TripletSTDP",
    "TsodyksMarkram",
    "Vary",
    "add_muscles",
    "attach",
    "doctor",
    "find_brains",
    "find_muscles",
    "load_recording",
    "save_recording",
    "wrap",
    "wrap_vec",
]

with _first.announced():
    _register_plugin()
    _register_muscles()
    _register_stimulator()
_register_environments()
