"""Checks that every adapter shares. Messages name the adapter by its class and what it is attached to."""

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any

from sns_mujoco.errors import AttachError


def finite(label: str, name: str, value: Any) -> None:
    """Refuse what is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise AttachError(f"{label}: {name} is {value!r}; give a finite number")


def not_negative(label: str, name: str, value: Any) -> None:
    """Refuse what is not a finite number of zero or more."""
    finite(label, name, value)
    if value < 0:
        raise AttachError(f"{label}: {name} is {value!r}; it cannot be negative")


def positive(label: str, name: str, value: Any) -> None:
    """Refuse what is not a finite number above zero."""
    finite(label, name, value)
    if value <= 0:
        raise AttachError(f"{label}: {name} is {value!r}; it must be above 0")


def whole(label: str, name: str, value: Any) -> None:
    """Refuse what is not a whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise AttachError(f"{label}: {name} is {value!r}; give a whole number from 1")


def pair(label: str, name: str, value: Any, meaning: str) -> None:
    """Refuse what is not two finite numbers."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AttachError(f"{label}: {name} is {value!r}; give two numbers ({meaning})")
    for number in value:
        finite(label, name, number)


def ends(label: str, name: str, value: Any) -> None:
    """Refuse a range that is not two different finite numbers."""
    pair(label, name, value, "lo, hi")
    if value[0] == value[1]:
        raise AttachError(f"{label}: {name} is {value!r}; its two ends must differ")


def ascending(label: str, name: str, value: Any) -> None:
    """Refuse what is not two finite numbers, the lower one first."""
    pair(label, name, value, "lower, upper")
    if value[0] >= value[1]:
        raise AttachError(f"{label}: {name} is {value!r}; give the lower one first")


def named(label: str, what: str, value: Any) -> None:
    """Refuse a name that is no text."""
    if not isinstance(value, str) or not value:
        raise AttachError(f"{label}: {what} is {value!r}; give its name")


def one_of(label: str, name: str, value: Any, allowed: Iterable[str]) -> None:
    """Refuse what is not one of some texts."""
    known = list(allowed)
    if value not in known:
        raise AttachError(f"{label}: {name} is {value!r}; give {', '.join(map(repr, known[:-1]))} or {known[-1]!r}")
