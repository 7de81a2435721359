"""What users give for parameters: patterns of names, and values of individuals."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import ParameterError


def patterns_in(pattern: str | Sequence[str]) -> list[str]:
    """One pattern or several, as a list.

    Raises:
        ParameterError: It is no text, and no list of texts.
    """
    patterns = [pattern] if isinstance(pattern, str) or not isinstance(pattern, Sequence) else list(pattern)
    if not patterns or not all(isinstance(one, str) for one in patterns):
        raise ParameterError(f"the pattern is {pattern!r}; give a text, or a list of texts")
    return patterns


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name matches a shell pattern, or is it: names may have brackets."""
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)


def filled(quantity: str, given: ArrayLike, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Values of individuals [n, k], from what can be broadcast to that.

    Raises:
        ParameterError: It cannot, or is no numbers.
    """
    try:
        values = np.asarray(given, float)
    except (TypeError, ValueError):
        raise ParameterError(f"{quantity!r} is given as {given!r}; give numbers") from None
    try:
        return np.broadcast_to(values, shape)
    except ValueError:
        raise ParameterError(
            f"{quantity!r} is given as an array of shape {values.shape}; give what can be broadcast to {shape}: "
            "individuals, values"
        ) from None
