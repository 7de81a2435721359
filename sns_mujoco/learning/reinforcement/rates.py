"""How fast each learned parameter moves: learning rates in proportion to what is usual for its quantity.

A step of 0.001 is a lot for a conductance of 0.1 uS and nothing for a potential of 20 mV. So every group of parameters
has a scale, by which the learning rate is multiplied: 20 for what is in mV or nA, the working range of a neuron, and
for other quantities their mean value at the start.
"""

from typing import Any

from torch import nn

from sns_mujoco.adapters.afferents import GAIN
from sns_mujoco.backends.learned import Learned

IN_THE_WORKING_RANGE = {
    "bias", "resting_potential", "initial_value", "reversal_potential", "e_lo", "e_hi", "e_ion", "e_a", "e_b", "e_c",
    "e_m", "e_h", "threshold_initial_value", "threshold_increment", "threshold_floor", "reset_potential",
}  # fmt: skip


def parameter_groups(module: nn.Module, learning_rate: float) -> list[dict[str, Any]]:
    """Parameters of a module for an optimiser of torch, one group for each scale.

    Args:
        module: Has `Learned` parameters of a nervous system, others, or both. Others have the scale 1.
        learning_rate: At the scale 1.

    Returns:
        Groups with "params", "lr" and "scale".
    """
    scales: dict[int, float] = {}
    for part in module.modules():
        if isinstance(part, Learned):
            for key, leaf in part.leaves.items():
                mean = float(leaf.detach().abs().mean()) or 1.0
                known = part.chosen[key].quantity.name in IN_THE_WORKING_RANGE
                scales[id(leaf)] = GAIN if known else mean
    groups: dict[float, list[nn.Parameter]] = {}
    for parameter in module.parameters():
        groups.setdefault(scales.get(id(parameter), 1.0), []).append(parameter)
    return [{"params": found, "lr": learning_rate * scale, "scale": scale} for scale, found in groups.items()]
