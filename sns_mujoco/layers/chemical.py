"""Graded chemical synapses between layers: SNSTorch's `NonSpikingChemicalSynapseLinear` and `...Elementwise`.

    I = sum_j G_ij act(V_j) (E_ij - V_i)

Conductances are never negative, whatever an optimiser does to their leaves.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from sns_mujoco.layers.activations import ClampActivation, make_activation
from sns_mujoco.layers.parameters import Draw, Parameters, Spec, check_last, sizes


class NonSpikingChemicalSynapseLinear(nn.Module):
    """Graded synapses from all neurons of one layer to all of another, or of the same one.

        I_i = sum_j G_ij act(V_pre_j) E_ij - V_post_i sum_j G_ij act(V_pre_j)

    `params`: conductance (0 or more), reversal, each [size_post, size_pre].
    """

    def __init__(
        self, size_pre: int, size_post: int, params: Mapping[str, Any] | None = None,
        activation: Any = ClampActivation, device: torch.device | str | None = None,
        dtype: torch.dtype | None = None, generator: torch.Generator | None = None,
    ) -> None:  # fmt: skip
        """Make the synapses.

        Args:
            size_pre: Number of presynaptic neurons.
            size_post: Number of postsynaptic neurons.
            params: Values that replace defaults: see `Parameters`.
            activation: Module or function from presynaptic potentials to shares from 0 to 1, or a class to make one.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.
            generator: Where default values are drawn from.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above.
            NetworkError: A value has a wrong shape or is out of bounds, a size is none, or the activation is no
                function.
        """
        super().__init__()
        self.size_pre, self.size_post = sizes((size_pre, size_post))
        shape, draw = (self.size_post, self.size_pre), Draw(generator, device, dtype)
        specs = {
            "conductance": Spec(draw.uniform(shape) / size_pre, 0.0),
            "reversal": Spec(4.0 * draw.uniform(shape) - 2.0),
        }
        self.params = Parameters("NonSpikingChemicalSynapseLinear", specs, params)
        self.activation = make_activation("NonSpikingChemicalSynapseLinear", activation)

    def forward(self, state_pre: Tensor, state_post: Tensor) -> Tensor:
        """Synaptic currents.

        Args:
            state_pre: Presynaptic potentials [*batch, size_pre].
            state_post: Postsynaptic potentials [*batch, size_post].

        Returns:
            Current into each postsynaptic neuron [*batch, size_post].

        Raises:
            NetworkError: A state does not end in the layer's size.
        """
        check_last("NonSpikingChemicalSynapseLinear", "state_pre", state_pre, (self.size_pre,))
        check_last("NonSpikingChemicalSynapseLinear", "state_post", state_post, (self.size_post,))
        shape = (self.size_post, self.size_pre)
        conductance, reversal = (self.params[name].expand(shape) for name in ("conductance", "reversal"))
        active = self.activation(state_pre)
        return active @ (conductance * reversal).mT - state_post * (active @ conductance.mT)

    def setup(self) -> None:
        """Bring the leaf of the conductance back to 0 or more, in place; the values always are."""
        self.params.project_()


class NonSpikingChemicalSynapseElementwise(nn.Module):
    """One graded synapse from each neuron of a layer to its counterpart in another, all alike.

        I = G act(V_pre) (E - V_post)

    `params`: conductance (0 or more), reversal, each [1]; given, they may have any shape that goes with the layers.
    """

    def __init__(
        self, params: Mapping[str, Any] | None = None, device: torch.device | str | None = None,
        dtype: torch.dtype | None = None, generator: torch.Generator | None = None,
        activation: Any = ClampActivation,
    ) -> None:  # fmt: skip
        """Make the synapses; arguments and errors as for `NonSpikingChemicalSynapseLinear`."""
        super().__init__()
        draw, given = Draw(generator, device, dtype), params or {}
        specs = {
            "conductance": Spec(_shaped(draw.uniform(1), given.get("conductance")), 0.0),
            "reversal": Spec(_shaped(2.0 * draw.uniform(1) - 1.0, given.get("reversal"))),
        }
        self.params = Parameters("NonSpikingChemicalSynapseElementwise", specs, params)
        self.activation = make_activation("NonSpikingChemicalSynapseElementwise", activation)

    def forward(self, state_pre: Tensor, state_post: Tensor) -> Tensor:
        """Synaptic currents of the shape of the two states, potentials that broadcast with each other."""
        return self.params["conductance"] * self.activation(state_pre) * (self.params["reversal"] - state_post)

    def setup(self) -> None:
        """Bring the leaf of the conductance back to 0 or more, in place; the values always are."""
        self.params.project_()


def _shaped(default: Tensor, given: Any) -> Tensor:
    """A default in the shape of what is given instead of it, where that has a shape."""
    shape = getattr(given, "shape", None)
    return default if shape is None else default.expand(torch.broadcast_shapes(default.shape, tuple(shape)))
