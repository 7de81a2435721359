"""Checks of what is given for items and waveforms."""

import math
from typing import Any

import numpy as np

from sns_mujoco.errors import ProtocolError


def number(owner: str, name: str, value: Any, *, least: float = -math.inf, above: float = -math.inf) -> float:
    """A finite number within bounds.

    Args:
        owner: What it is of, for messages.
        name: What it is called.
        value: What was given.
        least: Least value that is allowed.
        above: What it must be more than.

    Raises:
        ProtocolError: It is none.
    """
    whole = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not whole or not math.isfinite(value) or value < least or value <= above:
        bound = f" of {least:g} or more" if least > -math.inf else f" above {above:g}" if above > -math.inf else ""
        raise ProtocolError(f"{owner}: {name} is {value!r}; give a finite number{bound}")
    return float(value)


def count(owner: str, name: str, value: Any, least: int = 1) -> int:
    """A whole number from `least` on.

    Raises:
        ProtocolError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ProtocolError(f"{owner}: {name} is {value!r}; give a whole number from {least} on")
    return int(value)


def text(owner: str, name: str, value: Any) -> str:
    """A text that is not empty.

    Raises:
        ProtocolError: It is none.
    """
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"{owner}: {name} is {value!r}; give a name or a shell pattern")
    return value


def choice(owner: str, name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """One of some words.

    Raises:
        ProtocolError: It is none of them.
    """
    if value not in allowed:
        raise ProtocolError(f"{owner}: {name} is {value!r}; give one of {', '.join(map(repr, allowed))}")
    return value


def vector(owner: str, name: str, value: Any) -> tuple[float, float, float]:
    """Three finite numbers.

    Raises:
        ProtocolError: They are none.
    """
    try:
        values = tuple(value)
    except TypeError:
        values = ()
    if isinstance(value, str) or len(values) != 3:
        raise ProtocolError(f"{owner}: {name} is {value!r}; give three numbers")
    x, y, z = (number(owner, f"{name}[{i}]", one) for i, one in enumerate(values))
    return x, y, z


def fraction(owner: str, name: str, value: Any) -> float:
    """A number from 0 to 1.

    Raises:
        ProtocolError: It is none.
    """
    if number(owner, name, value, least=0.0) > 1.0:
        raise ProtocolError(f"{owner}: {name} is {value!r}; give a number from 0 to 1")
    return float(value)
