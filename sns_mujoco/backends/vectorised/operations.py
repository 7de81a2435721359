# ruff: noqa: D102 (what both classes do is said once, in the protocol)
"""The operations that the vectorised step is written in, and numpy's version of them.

Arrays are [..., size]: the last axis counts neurons, synapses and so on, any axes before it are a batch. Arithmetic,
comparisons and indexing of the last axis are the arrays' own.
"""

import math
from typing import Any, Protocol

import numpy as np

Array = Any  # of the backend: np.ndarray or torch.Tensor


class Operations(Protocol):
    """What a backend provides: elementwise functions, and what differs between numpy and torch or has gradients."""

    # elementwise functions of arrays; annotated as loosely as numpy and torch are
    where: Any
    clip: Any  # what is not a number stays so
    minimum: Any
    maximum: Any
    exp: Any
    expm1: Any
    log: Any
    sqrt: Any
    sin: Any
    cos: Any
    tanh: Any
    floor: Any

    def zeros(self, like: Array, size: int) -> Array:
        """Zeros [..., size] with the batch dimensions of another array."""
        ...

    def gather(self, values: Array, index: Array) -> Array:
        """values[..., index], with one index for the whole batch."""
        ...

    def add_at(self, total: Array, index: Array, values: Array) -> Array:
        """The total with each value added at its index, one after the other."""
        ...

    def assign(self, values: Array, index: Array, new: Array) -> Array:
        """The values with new ones at an index."""
        ...

    def take(self, values: Array, place: Array) -> Array:
        """Values at places [..., n] that may differ within the batch."""
        ...

    def put(self, values: Array, place: Array, new: Array) -> Array:
        """The values with new ones at places that may differ within the batch."""
        ...

    def concatenate(self, parts: list[Array]) -> Array:
        """Parts one after the other along the last axis."""
        ...

    def real(self, values: Array) -> Array:
        """Counts, truth values or float64 in the floating point type of the computation."""
        ...

    def unit(self, values: Array) -> Array:
        """Numbers between 0 and 1, both excluded, in the floating point type of the computation."""
        ...

    def counts(self, values: Array) -> Array:
        """Whole numbers in float64, in which steps are counted at every precision."""
        ...

    def integers(self, values: Array) -> Array:
        """Whole numbers as int64."""
        ...

    def spikes(self, margin: Array, /) -> Array:
        """1.0 where the margin is above 0, else 0.0; with a surrogate gradient where there are gradients."""
        ...

    def switch(self, spike: Array, there: Array, elsewhere: Array) -> Array:
        """`there` where there is a spike, else `elsewhere`; gradients flow into the spike unless resets are cut off."""
        ...

    def exponential(self, values: Array, /) -> Array:
        """exp; bounded where there are gradients, so that no branch of a gate becomes infinite."""
        ...


class NumpyOperations:
    """numpy's; float64 throughout. See `Operations`."""  # which documents the methods

    where = staticmethod(np.where)
    clip = staticmethod(np.clip)
    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)
    exp = exponential = staticmethod(np.exp)
    expm1 = staticmethod(np.expm1)
    sqrt = staticmethod(np.sqrt)
    sin = staticmethod(np.sin)
    cos = staticmethod(np.cos)
    tanh = staticmethod(np.tanh)
    floor = staticmethod(np.floor)

    def zeros(self, like: Array, size: int) -> Array:
        return np.zeros((*like.shape[:-1], size))

    def gather(self, values: Array, index: Array) -> Array:
        return values[..., index]

    def add_at(self, total: Array, index: Array, values: Array) -> Array:
        total = total.copy()
        np.add.at(total, (..., index), values)  # pyright: ignore[reportArgumentType]
        return total

    def assign(self, values: Array, index: Array, new: Array) -> Array:
        values = values.copy()
        values[..., index] = new
        return values

    def take(self, values: Array, place: Array) -> Array:
        return np.take_along_axis(values, place, -1)

    def put(self, values: Array, place: Array, new: Array) -> Array:
        values = values.copy()
        np.put_along_axis(values, place, new, -1)
        return values

    def concatenate(self, parts: list[Array]) -> Array:
        return np.concatenate(parts, -1)

    def real(self, values: Array) -> Array:
        return np.asarray(values, float)

    counts = unit = real

    def integers(self, values: Array) -> Array:
        return np.asarray(values, np.int64)

    def spikes(self, margin: Array, /) -> Array:
        return (margin > 0.0).astype(float)

    def switch(self, spike: Array, there: Array, elsewhere: Array) -> Array:
        return np.where(spike > 0.0, there, elsewhere)

    def log(self, values: Array) -> Array:
        # numpy's own may differ in the last digit from the C library's, and with it random numbers from the compiled
        return _logarithm(values)


@np.vectorize(otypes=[float])
def _logarithm(value: float) -> float:
    return math.log(value) if value > 0.0 else -math.inf if value == 0.0 else math.nan
