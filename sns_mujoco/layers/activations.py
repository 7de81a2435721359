"""How far a presynaptic potential opens a graded synapse: from 0, shut, to 1, fully open."""

import math
from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError

Activation = Callable[[Tensor], Tensor]


class ClampActivation(nn.Module):
    """clamp(x, 0, 1): for networks whose activity runs from 0 to 1."""

    def forward(self, x: Tensor) -> Tensor:
        """From potentials of any shape to shares from 0 to 1."""
        return torch.clamp(x, 0, 1)


class PiecewiseActivation(nn.Module):
    """clamp((x - min_val) / (max_val - min_val), 0, 1): SNS-Toolbox's ramp from e_lo to e_hi."""

    def __init__(self, min_val: float = 0.0, max_val: float = 1.0) -> None:
        """Set the ramp.

        Args:
            min_val: Potential below which the synapse is shut.
            max_val: Potential above which it is fully open; less than min_val makes a falling ramp.

        Raises:
            NetworkError: They are equal, or not finite.
        """
        super().__init__()
        if not (math.isfinite(min_val) and math.isfinite(max_val)) or min_val == max_val:
            raise NetworkError(
                f"PiecewiseActivation: the ramp runs from {min_val} to {max_val}; give two different finite numbers"
            )
        self.min_val, self.inv_range = float(min_val), 1.0 / (max_val - min_val)

    def forward(self, x: Tensor) -> Tensor:
        """From potentials of any shape to shares from 0 to 1."""
        return torch.clamp((x - self.min_val) * self.inv_range, 0, 1)

    def extra_repr(self) -> str:
        """The ramp."""
        return f"min_val={self.min_val:g}, max_val={self.min_val + 1.0 / self.inv_range:g}"


def make_activation(owner: str, activation: Any) -> Activation:
    """An activation from what a layer was given: a module or a function, or a class to make one from.

    Raises:
        NetworkError: It is none of these.
    """
    made = activation() if isinstance(activation, type) else activation
    if not callable(made):
        raise NetworkError(
            f"{owner}: activation is {activation!r}; give a function or a module, such as ClampActivation"
        )
    return cast(Activation, made)
