"""Checks that all descriptions share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError


def numbers(owner: str, name: str, value: Any, *, least: float | None = None, above: float | None = None) -> NDArray:
    """A parameter as finite float64 numbers, in a read-only array of its own.

    Raises:
        NetworkError: It is not numeric, not finite, or out of bounds.
    """
    try:
        given = np.asarray(value)
    except ValueError:  # rows of different length
        given = np.asarray(None)
    if given.dtype.kind not in "iuf":
        raise NetworkError(f"{owner}: {name} is {value!r}; give a number or an array of numbers")
    array = np.array(given, dtype=float)
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
    array.setflags(write=False)
    return array


def number(owner: str, name: str, value: Any, *, least: float | None = None, above: float | None = None) -> float:
    """A parameter as one finite number.

    Raises:
        NetworkError: It is not one number, not finite, or out of bounds.
    """
    array = numbers(owner, name, value, least=least, above=above)
    if array.ndim:
        raise NetworkError(f"{owner}: {name} has shape {array.shape}; give one number")
    return float(array)


def whole_numbers(owner: str, name: str, value: Any) -> NDArray[np.int64]:
    """A parameter as whole numbers of zero or more.

    Raises:
        NetworkError: It is not.
    """
    array = numbers(owner, name, value, least=0.0)
    broken = array != np.round(array)
    if broken.any():
        raise NetworkError(f"{owner}: {name} is {array[broken].flat[0]:g}; give whole steps")
    return array.astype(np.int64)


def settle(description: Any, name: str, value: Any) -> None:
    """Keep a checked parameter in a frozen description: a number, or an array that no one else can change."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
        value = value.item() if value.ndim == 0 else value
    object.__setattr__(description, name, value)
