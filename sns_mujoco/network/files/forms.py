"""How values of a type stand in a file: written, read back, and described by JSON Schema. Here, the simple types.

A `place` is where in the file a value stands ("connections[3].kind.max_conductance"); messages begin with it.
`arrays` are those in the sidecar, by place.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.files.strict_json import shown

Arrays = dict[str, NDArray]


def misfit(place: str, value: Any, wanted: str) -> NetworkError:
    """The error for a value that has no business where it stands."""
    return NetworkError(f"{place} is {shown(value)}; give {wanted}")


class Form(ABC):
    """How values of one type stand in a file.

    Attributes:
        wanted: What messages ask for.
    """

    wanted: str

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Whether a value, of Python or of JSON, is to be taken by this form and not by another one of a union."""

    @abstractmethod
    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """A value as JSON; long arrays go into `arrays`, if there are any.

        Raises:
            NetworkError: It cannot be said in JSON.
        """

    @abstractmethod
    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """A value from JSON.

        Raises:
            NetworkError: It is of another type.
            UnknownNameError: It names something that does not exist.
        """

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """What JSON it takes, as JSON Schema."""


class Plain(Form):
    """A value that JSON says as it is: fine if it fits."""

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        value = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
        return self.decode(value, place, {})

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        if not self.fits(value):
            raise misfit(place, value, self.wanted)
        return value


class Nothing(Plain):
    """None."""

    wanted = "null"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return value is None

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "null"}


class Text(Plain):
    """A text."""

    wanted = "a text"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, str)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "string"}


class Truth(Plain):
    """True or False."""

    wanted = "true or false"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, bool | np.bool_)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "boolean"}


class Whole(Plain):
    """A whole number."""

    wanted = "a whole number"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, int | np.integer) and not isinstance(value, bool)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "integer"}


class Number(Plain):
    """A finite number."""

    wanted = "a finite number"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        if type(value) is float:
            return math.isfinite(value)
        return isinstance(value, int | np.integer | np.floating) and not isinstance(value, bool) and _finite(value)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "number"}


@dataclass(frozen=True, slots=True)
class Choice(Plain):
    """One of a few texts or numbers."""

    choices: tuple[Any, ...]

    @property
    def wanted(self) -> str:
        """See `Form`."""
        return "one of " + ", ".join(map(repr, self.choices))

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return any(type(value) is type(choice) and value == choice for choice in self.choices)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"enum": list(self.choices)}


def _finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False
