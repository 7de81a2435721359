"""Checks of what is given for items and waveforms."""

import math
import reprlib
from collections.abc import Mapping, Set
from typing import Any

import numpy as np

from sns_mujoco.errors import ProtocolError

_brief = reprlib.Repr()  # looks at a few of many: a file may be made to be longer than memory
_brief.maxlist = _brief.maxtuple = _brief.maxdict = 8
_brief.maxstring = _brief.maxother = 60


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
    try:
        found = float(value) if is_number(value) else math.nan
    except OverflowError:  # of a whole number with hundreds of digits
        found = math.inf
    if not math.isfinite(found) or found < least or found <= above:
        bound = f" of {least:g} or more" if least > -math.inf else f" above {above:g}" if above > -math.inf else ""
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give a finite number{bound}")
    return found


def is_number(value: Any) -> bool:
    """Whether something is a whole or a real number; True and False are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def short(thing: Any) -> str:
    """Something as it is written, cut where that is long."""
    text = _brief.repr(thing)
    return text if len(text) <= 60 else f"{text[:57]}..."


def count(owner: str, name: str, value: Any, least: int = 1) -> int:
    """A whole number from `least` on.

    Raises:
        ProtocolError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give a whole number from {least} on")
    number(owner, name, value)
    return int(value)


def text(owner: str, name: str, value: Any) -> str:
    """A text that is not empty.

    Raises:
        ProtocolError: It is none.
    """
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give a name or a shell pattern")
    return value


def choice(owner: str, name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """One of some words.

    Raises:
        ProtocolError: It is none of them.
    """
    if value not in allowed:
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give one of {', '.join(map(repr, allowed))}")
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
    if isinstance(value, str | Mapping | Set) or len(values) != 3:
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give three numbers")
    x, y, z = (number(owner, f"{name}[{i}]", one) for i, one in enumerate(values))
    return x, y, z


def fraction(owner: str, name: str, value: Any) -> float:
    """A number from 0 to 1.

    Raises:
        ProtocolError: It is none.
    """
    if number(owner, name, value, least=0.0) > 1.0:
        raise ProtocolError(f"{owner}: {name} is {short(value)}; give a number from 0 to 1")
    return float(value)
