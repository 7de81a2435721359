"""Layers and networks of layers over time.

A cell is anything that takes one step: a layer, or a function or module `(x, state) -> (output, state)` in which state
is a tensor, or any nest of tuples, lists and dictionaries of tensors, or None for the initial one. State is always
passed on explicitly, so a run can be cut anywhere, and gradients with it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.parameters import hold_parameters


def unroll(cell: Any, inputs: Tensor | Iterable, state: Any = None, detach_every: int | None = None) -> tuple[Any, Any]:
    """Run a cell over time; the same as calling it step after step, bit for bit, gradients included.

    The values of its parameters are worked out once, which saves time where a cell is a module.

    Args:
        cell: A layer, or a callable `(x, state) -> (output, state)`; see the module. What has a method `step`, as the
            layers have, is run by that.
        inputs: Tensor [steps, ...], or any sequence with one input for each step.
        state: State to start from; None for the initial one.
        detach_every: Number of steps after which gradients are cut (truncated backpropagation through time); None to
            keep them.

    Returns:
        The outputs of all steps, stacked [steps, ...] (each part, where an output has several), and the last state.

    Raises:
        NetworkError: There is no step, or `detach_every` is not a whole number of 1 or more.
    """
    whole = isinstance(detach_every, int) and not isinstance(detach_every, bool)
    if detach_every is not None and not (whole and detach_every >= 1):
        raise NetworkError(f"detach_every is {detach_every!r}; give a whole number of steps of 1 or more, or None")
    step: Callable = getattr(cell, "step", cell)
    outputs = []
    with hold_parameters(cell):
        for count, x in enumerate(inputs):
            if detach_every is not None and count and count % detach_every == 0:
                state = detach(state)
            output, state = step(x, state)
            outputs.append(output)
    if not outputs:
        raise NetworkError("inputs hold no step; give at least one")
    return _stacked(outputs), state


class Lift(nn.Module):
    """A cell as a module over time, as Norse has it: `Lift(cell)(inputs, state) -> (outputs, state)`."""

    def __init__(self, cell: Any, detach_every: int | None = None) -> None:
        """Wrap a cell; arguments as for `unroll`."""
        super().__init__()
        self.cell, self.detach_every = cell, detach_every

    def forward(self, inputs: Tensor | Iterable, state: Any = None) -> tuple[Any, Any]:
        """Run over the first axis of the inputs, see `unroll`."""
        return unroll(self.cell, inputs, state, self.detach_every)


def detach(state: Any) -> Any:
    """A state with the same numbers, from which no gradient flows back: the cut of truncated backpropagation."""
    return _each(Tensor.detach, state)


def _stacked(outputs: list) -> Any:
    """Outputs of all steps as one, part by part."""
    first = outputs[0]
    if isinstance(first, Tensor):
        return torch.stack(outputs)
    if isinstance(first, dict):
        return {name: _stacked([output[name] for output in outputs]) for name in first}
    parts = [_stacked(list(part)) for part in zip(*outputs, strict=True)]
    return _like(first, parts)


def _each(function: Callable[[Tensor], Tensor], state: Any) -> Any:
    """The function of every tensor in a nest."""
    if isinstance(state, Tensor):
        return function(state)
    if isinstance(state, dict):
        return {name: _each(function, part) for name, part in state.items()}
    if isinstance(state, tuple | list):
        return _like(state, [_each(function, part) for part in state])
    return state


def _like(nest: Any, parts: list) -> Any:
    """The parts in a tuple, named tuple or list, as they came."""
    return type(nest)(*parts) if hasattr(nest, "_fields") else type(nest)(parts)
