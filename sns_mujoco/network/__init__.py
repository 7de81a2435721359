"""What a nervous system is: neurons, synapses, and networks of them, as plain data."""

from sns_mujoco.network.equation_neurons import EquationNeuron
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse, DeltaSynapse
from sns_mujoco.network.gated_neurons import (
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
)
from sns_mujoco.network.graded_synapses import GradedConductanceSynapse, GradedCurrentSynapse, SigmoidSynapse
from sns_mujoco.network.matrices import (
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    SpikingMatrixConnection,
    SpikingPatternConnection,
)
from sns_mujoco.network.network import Network
from sns_mujoco.network.neuron_models import (
    AdaptiveExponentialNeuron,
    FitzHughNagumoNeuron,
    HodgkinHuxleyNeuron,
    IzhikevichNeuron,
    MorrisLecarNeuron,
    PoissonNeuron,
    RateNeuron,
)
from sns_mujoco.network.neurons import LIFNeuron, NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.plasticity import STDP, Hebb, Oja, RewardSTDP, TripletSTDP, TsodyksMarkram
from sns_mujoco.network.sparse import SparseConnection
from sns_mujoco.network.synapses import (
    ElectricalSynapse,
    NonSpikingModulationSynapse,
    NonSpikingSynapse,
    NonSpikingTransmissionSynapse,
    SpikingSynapse,
    SpikingTransmissionSynapse,
)

__all__ = [
    "AdaptiveExponentialNeuron",
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
    "PoissonNeuron",
    "RateNeuron",
    "RewardSTDP",
    "STDP",
    "SigmoidSynapse",
    "SparseConnection",
    "SpikingMatrixConnection",
    "SpikingNeuron",
    "SpikingPatternConnection",
    "SpikingSynapse",
    "SpikingTransmissionSynapse",
    "TripletSTDP",
    "TsodyksMarkram",
]
