"""Checks that all descriptions share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError


def numbers(owner: str, name: str, value: Any, *, least: float | None = None, above: float | None = None) -> NDArray:
    """A parameter as finite float64 numbers.

    Raises:
        NetworkError: It is not numeric, not finite, or out of bounds.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise NetworkError(f"{owner}: {name} is {value!r}; give a number or an array of numbers") from None
    bad = ~np.isfinite(array)
    allowed = "finite"
    if least is not None:
        bad |= array < least
        allowed = f"{least:g} or more"
    if above is not None:
        bad |= array <= above
        allowed = f"more than {above:g}"
    if bad.any():
        raise NetworkError(f"{owner}: {name} is {array[bad].flat[0]:g}; it must be {allowed}")
    return array


def whole_numbers(owner: str, name: str, value: Any) -> NDArray[np.int64]:
    """A parameter as whole numbers of zero or more.

    Raises:
        NetworkError: It is not.
    """
    array = numbers(owner, name, value, least=0.0)
    if (array != np.round(array)).any():
        raise NetworkError(f"{owner}: {name} is {array[array != np.round(array)].flat[0]:g}; give whole steps")
    return array.astype(np.int64)
