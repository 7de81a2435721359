"""Electrical synapses (gap junctions) between layers."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from sns_mujoco.layers.parameters import Draw, Parameters, Spec, check_last, sizes


class ElectricalSynapseLinear(nn.Module):
    """Electrical synapses between all neurons of one layer and all of another.

        into post i:  sum_j G_ij (V_pre_j - V_post_i),    into pre j:  sum_i G_ij (V_post_i - V_pre_j)

    Rectified, a synapse conducts only while V_pre_j > V_post_i (SNS-Toolbox 1.5, Nourse et al. 2023, Biomimetics
    8(2):247). `params`: conductance (0 or more) [size_post, size_pre]. Within one layer, give it as both sides and add
    the two currents; G_ij and G_ji are then two synapses.
    """

    def __init__(
        self, size_pre: int, size_post: int, params: Mapping[str, Any] | None = None, rect: bool = False,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
    ) -> None:  # fmt: skip
        """Make the synapses.

        Args:
            size_pre: Number of neurons on one side.
            size_post: Number of neurons on the other side.
            params: Values that replace defaults: see `Parameters`.
            rect: Whether current flows only from pre to post.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.
            generator: Where default values are drawn from.

        Raises:
            UnknownNameError: `params` has another name than `conductance`.
            NetworkError: A value has a wrong shape or is out of bounds, or a size is none.
        """
        super().__init__()
        self.size_pre, self.size_post = sizes((size_pre, size_post))
        self.rect = rect
        default = Draw(generator, device, dtype).uniform((self.size_post, self.size_pre)) / size_pre
        self.params = Parameters("ElectricalSynapseLinear", {"conductance": Spec(default, 0.0)}, params)

    def forward(self, state_pre: Tensor, state_post: Tensor) -> tuple[Tensor, Tensor]:
        """Currents into both sides.

        Args:
            state_pre: Potentials [*batch, size_pre].
            state_post: Potentials [*batch, size_post].

        Returns:
            Current into each neuron, [*batch, size_pre] and [*batch, size_post].

        Raises:
            NetworkError: A state does not end in the layer's size.
        """
        check_last("ElectricalSynapseLinear", "state_pre", state_pre, (self.size_pre,))
        check_last("ElectricalSynapseLinear", "state_post", state_post, (self.size_post,))
        conductance = self.params["conductance"].expand(self.size_post, self.size_pre)
        if self.rect:
            flow = conductance * torch.relu(state_pre.unsqueeze(-2) - state_post.unsqueeze(-1))
            return -flow.sum(-2), flow.sum(-1)
        into_pre = state_post @ conductance - state_pre * conductance.sum(0)
        return into_pre, state_pre @ conductance.mT - state_post * conductance.sum(1)
