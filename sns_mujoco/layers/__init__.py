"""Layers of neurons and synapses for PyTorch: trained like any other module.

`NonSpikingLayer` to `NonSpikingChemicalSynapseConv` are the seven modules of SNSTorch, with its equations and names.
Spiking, electrical and gated layers and Norse's integrate-and-fire cells join them. All are stateless: a step takes
the state and returns the new one. Activities have no unit; parameters that are rates are given as the share of a step
in a time constant. `neuron_layer`, `channel_layer` and `synapse_layer` make layers from this package's descriptions.

Needs PyTorch: `pip install "sns-mujoco[torch]"`.
"""

from sns_mujoco.errors import MissingDependencyError

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise MissingDependencyError("sns_mujoco.layers needs PyTorch: pip install 'sns-mujoco[torch]'") from error

from sns_mujoco.layers.activations import ClampActivation, PiecewiseActivation
from sns_mujoco.layers.bounded import Bounded, keep_within
from sns_mujoco.layers.chemical import NonSpikingChemicalSynapseElementwise, NonSpikingChemicalSynapseLinear
from sns_mujoco.layers.convolution import NonSpikingChemicalSynapseConv
from sns_mujoco.layers.current_based import CurrentState, LIBoxCell, LICell, LIFBoxCell, LIFCell, PotentialState
from sns_mujoco.layers.described import channel_layer, neuron_layer, synapse_layer
from sns_mujoco.layers.electrical import ElectricalSynapseLinear
from sns_mujoco.layers.gated import PERSISTENT_SODIUM, Gate, GatedChannelLayer
from sns_mujoco.layers.nonspiking import AdaptiveNonSpikingLayer, NonSpikingLayer
from sns_mujoco.layers.parameters import EULER_LIMIT, Parameters, hold_parameters
from sns_mujoco.layers.spiking import SpikingLayer, SpikingState
from sns_mujoco.layers.spiking_synapse import SpikingChemicalSynapseLinear, SynapseState
from sns_mujoco.layers.surrogates import Surrogate, surrogate
from sns_mujoco.layers.unrolling import Lift, detach, unroll

__all__ = [
    "EULER_LIMIT",
    "PERSISTENT_SODIUM",
    "AdaptiveNonSpikingLayer",
    "Bounded",
    "ClampActivation",
    "CurrentState",
    "ElectricalSynapseLinear",
    "Gate",
    "GatedChannelLayer",
    "LIBoxCell",
    "LICell",
    "LIFBoxCell",
    "LIFCell",
    "Lift",
    "NonSpikingChemicalSynapseConv",
    "NonSpikingChemicalSynapseElementwise",
    "NonSpikingChemicalSynapseLinear",
    "NonSpikingLayer",
    "Parameters",
    "PiecewiseActivation",
    "PotentialState",
    "SpikingChemicalSynapseLinear",
    "SpikingLayer",
    "SpikingState",
    "Surrogate",
    "SynapseState",
    "channel_layer",
    "detach",
    "hold_parameters",
    "keep_within",
    "neuron_layer",
    "surrogate",
    "synapse_layer",
    "unroll",
]
