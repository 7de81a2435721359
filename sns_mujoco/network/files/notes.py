"""What a file of a network holds besides it, under "annotations": plain data by name, which loading passes over.

Other programs, and other parts of this one, keep there what belongs to the network: where it came from, what it scored.
"""

from collections.abc import Mapping
from typing import Any

from sns_mujoco.network.files.forms import Nothing, Number, Text, Truth, misfit

SIMPLE = (Nothing(), Text(), Truth(), Number())
WANTED = "texts, finite numbers, true, false, null, and lists or objects of these"


def plain(value: Any, place: str) -> Any:
    """A value as JSON says it, numpy's numbers and arrays and tuples included.

    Raises:
        NetworkError: JSON cannot say it; names the place.
    """
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise misfit(place, value, "an object with texts as keys")
        return {name: plain(entry, f"{place}.{name}") for name, entry in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(entry, f"{place}[{k}]") for k, entry in enumerate(value)]
    if not any(form.fits(value) for form in SIMPLE):
        raise misfit(place, value, WANTED)
    return value


def annotations(data: Mapping[str, Any]) -> dict[str, Any]:
    """The annotations in the content of a file.

    Raises:
        NetworkError: They are no object, or hold something that no number is.
    """
    found = data.get("annotations", {})
    if not isinstance(found, dict):
        raise misfit("annotations", found, "an object")
    return plain(found, "annotations")
