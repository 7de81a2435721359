# ruff: noqa: D102 (what the methods do is said once, in the protocol)
"""torch's version of the operations: any device, float32 or float64, differentiable."""

from collections.abc import Callable

import torch
from torch import Tensor

BOUND = {torch.float32: 60.0, torch.float64: 300.0}
"""Largest exponent of a gate: beyond it a gate is open or shut to every digit, and its square stays finite."""


class TorchOperations:
    """torch's. See `Operations`.

    Steps, seeds and times are counted in float64 and int64 whatever the dtype, because float32 cannot count far.
    """  # which documents the methods

    where = staticmethod(torch.where)
    clip = staticmethod(torch.clip)
    minimum = staticmethod(torch.minimum)
    maximum = staticmethod(torch.maximum)
    exp = staticmethod(torch.exp)
    expm1 = staticmethod(torch.expm1)
    log = staticmethod(torch.log)
    sqrt = staticmethod(torch.sqrt)
    sin = staticmethod(torch.sin)
    cos = staticmethod(torch.cos)
    tanh = staticmethod(torch.tanh)
    floor = staticmethod(torch.floor)

    def __init__(self, dtype: torch.dtype, spike: Callable[[Tensor], Tensor], *, detach_reset: bool) -> None:
        """Keep what depends on the model.

        Args:
            dtype: Of everything but counts.
            spike: Margin to spikes, with a surrogate gradient.
            detach_reset: Whether resets pass no gradient to the spikes that cause them.
        """
        self.dtype, self.spikes, self.detach_reset = dtype, spike, detach_reset
        self._below_one = 1.0 - torch.finfo(dtype).eps / 2.0

    def zeros(self, like: Tensor, size: int) -> Tensor:
        return like.new_zeros((*like.shape[:-1], size))

    def gather(self, values: Tensor, index: Tensor) -> Tensor:
        if values.ndim == 1:
            return values.index_select(0, index)
        return values.gather(-1, index.expand(*values.shape[:-1], -1))  # on the CPU four times faster for batches

    def add_at(self, total: Tensor, index: Tensor, values: Tensor) -> Tensor:
        return total.index_add(-1, index, values)

    def assign(self, values: Tensor, index: Tensor, new: Tensor) -> Tensor:
        return values.index_copy(-1, index, new.to(values.dtype).expand(*values.shape[:-1], len(index)))

    def take(self, values: Tensor, place: Tensor) -> Tensor:
        return values.gather(-1, place)

    def put(self, values: Tensor, place: Tensor, new: Tensor) -> Tensor:
        return values.scatter(-1, place, new)

    def concatenate(self, parts: list[Tensor]) -> Tensor:
        return torch.cat(parts, -1)

    def real(self, values: Tensor) -> Tensor:
        return values.to(self.dtype)

    def unit(self, values: Tensor) -> Tensor:
        return values.to(self.dtype).clamp(max=self._below_one)

    def counts(self, values: Tensor) -> Tensor:
        return values.to(torch.float64)

    def integers(self, values: Tensor) -> Tensor:
        return values.to(torch.int64)

    def switch(self, spike: Tensor, there: Tensor, elsewhere: Tensor) -> Tensor:
        if self.detach_reset or not spike.requires_grad:
            return torch.where(spike > 0.0, there, elsewhere)
        return spike * there + (1.0 - spike) * elsewhere

    def exponential(self, values: Tensor) -> Tensor:
        return torch.exp(values.clamp(-BOUND[self.dtype], BOUND[self.dtype]))
