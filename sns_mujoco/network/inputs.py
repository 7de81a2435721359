"""Checks of what comes in from outside."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse
from sns_mujoco.network.parts import Population


def check_size(name: str, size: Any, population: Population, weights: ArrayLike | None) -> int:
    """The number of elements of an input.

    Raises:
        NetworkError: It does not fit the population.
    """
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise NetworkError(f"input {name!r}: size is {size!r}; give a number of elements")
    if weights is None and size not in (1, population.size):
        raise NetworkError(
            f"input {name!r}: size is {size!r}; give 1, or {population.size} for population {population.name!r}, or "
            "weights"
        )
    return int(size)


def check_weights(name: str, weights: ArrayLike, population: Population, size: int) -> NDArray[np.float64]:
    """What each element brings to each neuron [n_neurons, size].

    Raises:
        NetworkError: They are no finite numbers, or of another shape.
    """
    array = numbers(f"input {name!r}", "weights", weights)
    if array.shape != (population.size, size):
        raise NetworkError(
            f"input {name!r}: weights have shape {array.shape}; give [n_neurons, size] = {(population.size, size)}"
        )
    array.setflags(write=False)
    return array


def check_through(name: str, synapse: Any) -> CurrentSynapse | ConductanceSynapse | None:
    """The synapse through which an input comes, or None.

    Raises:
        NetworkError: It is none, or has parts that an input would pass by.
    """
    if synapse is None:
        return None
    if not isinstance(synapse, CurrentSynapse | ConductanceSynapse):
        raise NetworkError(f"input {name!r}: through is {synapse!r}; give a CurrentSynapse or ConductanceSynapse")
    odd = [part for part in ("rise_time", "short_term", "plasticity") if getattr(synapse, part) is not None]
    odd += [part for part in ("delay",) if np.any(getattr(synapse, part))]
    odd += [part for part, value in synapse.columns.items() if np.ndim(value)]
    if odd:
        raise NetworkError(
            f"input {name!r}: through has {odd[0]} = {getattr(synapse, odd[0])!r}; give a synapse of single numbers, "
            "without rise_time, delay and plasticity"
        )
    return synapse
