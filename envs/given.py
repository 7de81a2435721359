"""What users give to environments: actions, seeds, masks of those to reset; and what they are told together."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import VectorEnv
from numpy.typing import NDArray

from .parts import Array

Info = dict[str, Any]
Flags = NDArray[np.bool_]


def checked_action(action: Any, shape: tuple[int, ...], names: Sequence[str]) -> Array:
    """An action of one environment, or a row of it for each of many, as numbers.

    Args:
        action: What was given.
        shape: Its shape, [names] or [environments, names].
        names: What its numbers are.

    Raises:
        ValueError: It has another shape, or is not finite.
    """
    try:
        values = np.asarray(action, float)
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.shape != shape or not np.isfinite(values).all():
        many = f"an array of shape {shape}: for each environment " if len(shape) > 1 else ""
        meant = f" ({', '.join(names)})" if names else ""
        raise ValueError(f"the action is {_shown(action, values)}; give {many}{len(names)} finite numbers{meant}")
    return values


def _shown(action: Any, values: Array) -> str:
    if values.size <= 8:
        return repr(action)
    wrong = "" if np.isfinite(values).all() else ", not all of them finite"
    return f"an array of shape {values.shape}{wrong}"


def seeds_for(seed: "int | Sequence[int | None] | None", n: int) -> list[int | None]:
    """Seeds of n environments: one more for each further one, or those of a list.

    Raises:
        ValueError: There are not n.
    """
    if seed is None or isinstance(seed, int | np.integer):
        return [None if seed is None else int(seed) + i for i in range(n)]
    seeds = list(seed)
    if len(seeds) != n:
        raise ValueError(f"there are {len(seeds)} seeds for {n} environments; give one for each")
    return [int(one) if isinstance(one, np.integer) else one for one in seeds]


def reset_mask(options: Mapping[str, Any] | None, n: int) -> Flags:
    """Which of n environments are to be reset, by options["reset_mask"]; all without it.

    Raises:
        ValueError: The mask has another shape, or is empty.
        TypeError: It is no array of bool.
    """
    if not options or "reset_mask" not in options:
        return np.ones(n, bool)
    mask = options["reset_mask"]
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        raise TypeError(f"options['reset_mask'] is {mask!r}; give a numpy array of bool")
    if mask.shape != (n,) or not mask.any():
        raise ValueError(f"options['reset_mask'] is {mask!r}; give an array of shape ({n},) with a True in it")
    return mask


def refuse_closed(envs: VectorEnv) -> None:
    """Refuse environments that were closed.

    Raises:
        ClosedEnvironmentError: They were.
    """
    if envs.closed:
        raise ClosedEnvironmentError(f"{envs} is closed; make another one")


def batched(info: Mapping[str, NDArray[Any]], held: Flags) -> Info:
    """Information on some environments in the form of Gymnasium's vector environments."""
    told: Info = {}
    for key, values in info.items():
        told[key] = np.zeros(values.shape, values.dtype)
        told[key][held] = values[held]
        told[f"_{key}"] = held.copy()
    return told
