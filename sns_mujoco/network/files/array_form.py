"""How numbers and arrays of them stand in a file."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.files.forms import Arrays, Form, Number, misfit
from sns_mujoco.network.files.strict_json import shown

INLINE = 1000  # numbers; longer arrays go to the sidecar
DEEPEST = 8  # dimensions of an array
STORED = {"f": "<f8", "i": "<i8", "u": "<u8", "b": "|b1"}  # kinds of numbers, and as which they lie in the sidecar
NUMBER = Number()


class Numbers(Form):
    """A number, or an array of numbers: rows in rows, or the name of an array in the sidecar."""

    wanted = "a finite number or rows of them"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        if isinstance(value, dict):
            return value.keys() == {"array"}
        return isinstance(value, list | tuple | np.ndarray) or NUMBER.fits(value)

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        if type(value) is float and math.isfinite(value):
            return value
        try:
            array = np.asarray(value)
        except ValueError:  # rows of different length
            raise misfit(place, value, self.wanted) from None
        if array.dtype.kind not in STORED or not np.isfinite(array).all():
            raise misfit(place, value, self.wanted)
        if arrays is None or array.size <= INLINE:
            return array.tolist()
        arrays[place] = np.ascontiguousarray(array, STORED[array.dtype.kind])
        return {"array": place}

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        if NUMBER.fits(value):
            return value
        if isinstance(value, list):
            return _array(value, place)
        if not isinstance(value, dict) or value.keys() != {"array"} or not isinstance(value["array"], str):
            raise misfit(place, value, self.wanted)
        if value["array"] not in arrays:
            raise NetworkError(
                f"{place} is the array {shown(value['array'])}, which is not there; arrays in a sidecar are read with "
                "the file that belongs to it"
            )
        return arrays[value["array"]]

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"$ref": "#/$defs/numbers"}


def _array(value: list[Any], place: str) -> NDArray:
    """Rows in rows as an array."""
    _check_entries(value, place, DEEPEST)
    try:
        array = np.array(value)
    except ValueError:
        raise NetworkError(f"{place} has rows of different length; give all the same") from None
    if array.dtype.kind not in STORED or not np.isfinite(array).all():
        raise misfit(place, value, Numbers.wanted)
    return array


def _check_entries(value: list[Any], place: str, depth: int) -> None:
    """Refuse rows that hold anything but numbers (or, in arrays of truths, nothing but these)."""
    kinds = set(map(type, value))
    if kinds <= {float, int} or kinds == {bool}:
        return
    for k, entry in enumerate(value):
        if isinstance(entry, list) and depth > 1:
            _check_entries(entry, f"{place}[{k}]", depth - 1)
        elif not NUMBER.fits(entry):
            raise misfit(f"{place}[{k}]", entry, NUMBER.wanted)
