"""Checks that all descriptions share."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError

Bound = float | None


def numbers(
    owner: str, name: str, value: Any, *, least: Bound = None, above: Bound = None, most: Bound = None
) -> NDArray[np.float64]:
    """A parameter as finite float64 numbers, in a read-only array of its own.

    Raises:
        NetworkError: It is not numeric, not finite, or out of bounds.
    """
    if type(value) is float or type(value) is int:  # what most of perhaps 100,000 descriptions give
        fits = (
            (least is None or value >= least) and (above is None or value > above) and (most is None or value <= most)
        )
        if fits and _is_finite(value):
            return np.array(float(value))
    try:
        given = np.asarray(value)
    except ValueError:  # rows of different length
        given = np.asarray(None)
    if given.dtype.kind not in "iuf":
        raise NetworkError(f"{owner}: {name} is {value!r}; give a number or an array of numbers")
    array = np.array(given, dtype=float)
    array.setflags(write=False)
    if array.size:
        _check_bounds(f"{owner}: {name}", array.min(), array.max(), least, above, most)
    return array


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def _check_bounds(what: str, lowest: float, highest: float, least: Bound, above: Bound, most: Bound) -> None:
    """Refuse what is not finite (of which NaN is both the lowest and the highest) or out of bounds."""
    for value in (lowest, highest):
        if not math.isfinite(value):
            raise NetworkError(f"{what} is {value:g}; it must be finite")
    if least is not None and lowest < least:
        raise NetworkError(f"{what} is {lowest:g}; it must be {least:g} or more")
    if above is not None and lowest <= above:
        raise NetworkError(f"{what} is {lowest:g}; it must be more than {above:g}")
    if most is not None and highest > most:
        raise NetworkError(f"{what} is {highest:g}; it must be {most:g} or less")


def number(owner: str, name: str, value: Any, *, least: Bound = None, above: Bound = None, most: Bound = None) -> float:
    """A parameter as one finite number.

    Raises:
        NetworkError: It is not one number, not finite, or out of bounds.
    """
    array = numbers(owner, name, value, least=least, above=above, most=most)
    if array.shape:
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


def text(owner: str, name: str, value: Any) -> str:
    """A parameter as a text that is not empty.

    Raises:
        NetworkError: It is not.
    """
    if not isinstance(value, str) or not value:
        raise NetworkError(f"{owner}: {name} is {value!r}; give a text")
    return value


def truth(owner: str, name: str, value: Any) -> bool:
    """A parameter as True or False.

    Raises:
        NetworkError: It is neither.
    """
    if not isinstance(value, bool | np.bool_):
        raise NetworkError(f"{owner}: {name} is {value!r}; give True or False")
    return bool(value)
