"""What is given to the torch backend, checked before it reaches torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from sns_mujoco.backends.model import Floats, floats
from sns_mujoco.backends.vectorised.torch_operations import BOUND
from sns_mujoco.errors import NetworkError


def usable_device(device: Any) -> torch.device:
    """A device that is there.

    Raises:
        NetworkError: torch does not know it, or this machine does not have it.
    """
    try:
        place = torch.device(device)
    except (RuntimeError, TypeError):
        raise NetworkError(f"device is {device!r}; give 'cpu', 'cuda', 'cuda:1', 'mps' or another of torch") from None
    try:
        float(torch.zeros((), device=place))
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).split(". ")[0].splitlines()[0] if str(error) else type(error).__name__
        raise NetworkError(f"device {device!r} cannot be used here ({reason}); take device='cpu'") from None
    return place


def usable_dtype(dtype: Any) -> torch.dtype:
    """A dtype that potentials can be computed in.

    Raises:
        NetworkError: It is neither float64 nor float32.
    """
    if dtype not in BOUND:
        raise NetworkError(f"dtype is {dtype!r}; give torch.float64 or torch.float32")
    return dtype


def batch_dimensions(shape: Any) -> tuple[int, ...]:
    """A batch's shape as a tuple.

    Raises:
        NetworkError: It is not made of whole numbers of 0 or more.
    """
    sizes = tuple(shape) if isinstance(shape, Sequence) and not isinstance(shape, str) else (shape,)
    if any(isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 0 for n in sizes):
        raise NetworkError(f"batch_shape is {shape!r}; give a whole number, or several")
    return tuple(int(n) for n in sizes)


def seeds(seed: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """A seed for each of a batch: float64 [*shape].

    Raises:
        NetworkError: They are no whole numbers of 0 or more, or of another shape.
    """
    given = floats("seed", seed)
    if given.shape not in ((), shape) or (given < 0).any() or (given != np.floor(given)).any():
        raise NetworkError(f"seed is {seed!r}; give one whole number of 0 or more, or one for each of {shape}")
    return np.broadcast_to(given, shape).copy()
