"""What descriptions of synapses and of their plasticity have in common: parameters that are one number or one each."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers, settle

Bounds = Mapping[str, Mapping[str, float]]
"""Names of parameters, and what `checks.numbers` is to ask of each."""


class Described:
    """A description whose `BOUNDS` name the parameters that every synapse has its own value of.

    Attributes:
        BOUNDS: The parameters with their bounds.
        OPTIONAL: Those that may be left out (None).
    """

    __slots__ = ()
    BOUNDS: ClassVar[Bounds] = {}
    OPTIONAL: ClassVar[frozenset[str]] = frozenset()

    @property
    def label(self) -> str:
        """How messages name this description."""
        return type(self).__name__

    @property
    def columns(self) -> dict[str, Any]:
        """Its parameters by name: numbers, or arrays with one value for each synapse."""
        return {name: getattr(self, name) for name in self.BOUNDS}


def checked(
    label: str, given: Mapping[str, Any], bounds: Bounds, optional: frozenset[str], suffix: str = ""
) -> dict[str, NDArray | None]:
    """Parameters as finite numbers within their bounds.

    Raises:
        NetworkError: One is not; names it, with the suffix that it bears in its description.
    """
    return {
        name: None if value is None and name in optional else numbers(label, name + suffix, value, **bounds[name])
        for name, value in given.items()
    }


def require_shape(
    label: str, columns: Mapping[str, Any], shape: tuple[int, ...], suffix: str = "", like: str = "conductances"
) -> None:
    """Refuse parameters that are neither one number nor have one value for each synapse.

    Raises:
        NetworkError: Names the parameter.
    """
    for name, value in columns.items():
        if value is not None and np.shape(value) not in ((), shape):
            wanted = f"{shape} like the {like}, or a number" if shape else "one number"
            raise NetworkError(f"{label}: {name}{suffix} has shape {np.shape(value)}; give {wanted}")


def settle_columns(description: Any, columns: Mapping[str, Any], suffix: str = "") -> None:
    """Keep checked parameters in a frozen description."""
    for name, value in columns.items():
        if value is not None:
            settle(description, name + suffix, value)
