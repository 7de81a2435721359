"""Counts that users give."""

from typing import Any

import numpy as np


def counted(value: Any, what: str, least: int) -> int:
    """A whole number from `least` on.

    Raises:
        ValueError: It is none; names `what` it is.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{what} is {value!r}; give a whole number from {least} on")
    return int(value)
