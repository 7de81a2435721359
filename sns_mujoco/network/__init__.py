"""What a nervous system is: neurons, synapses, and networks of them, as plain data."""

from sns_mujoco.network.matrices import (
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    SpikingMatrixConnection,
    SpikingPatternConnection,
)
from sns_mujoco.network.network import Network
from sns_mujoco.network.neurons import (
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    SpikingNeuron,
)
from sns_mujoco.network.synapses import (
    ElectricalSynapse,
    NonSpikingModulationSynapse,
    NonSpikingSynapse,
    NonSpikingTransmissionSynapse,
    SpikingSynapse,
    SpikingTransmissionSynapse,
)

__all__ = [
    "ElectricalSynapse",
    "Network",
    "NonSpikingMatrixConnection",
    "NonSpikingModulationSynapse",
    "NonSpikingNeuron",
    "NonSpikingNeuronWithGatedChannels",
    "NonSpikingNeuronWithPersistentSodiumChannel",
    "NonSpikingPatternConnection",
    "NonSpikingSynapse",
    "NonSpikingTransmissionSynapse",
    "SpikingMatrixConnection",
    "SpikingNeuron",
    "SpikingPatternConnection",
    "SpikingSynapse",
    "SpikingTransmissionSynapse",
]
