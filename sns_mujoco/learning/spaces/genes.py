"""One number of a vector: what it is called, what it moves, and between which values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.learning.spaces.vary import Relative, Scale, Vary

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gene:
    """One gene: a number between two bounds that one parameter has, or several share.

    Attributes:
        name: Its name, its own within a space.
        quantity: What kind of number it is.
        unit: Unit of the quantity.
        members: Names of what has the parameters that it sets.
        described: Their values as the animal is described.
        bounds: Least and greatest value of the gene.
        relative: Whether the gene is a factor on what is described (True), is added to it ("difference"), or is the
            value itself (False).
        scale: "linear" or "log".
        origin: Value of the gene that is closest to the described animal, within the bounds.
    """

    name: str
    quantity: str
    unit: str
    members: tuple[str, ...]
    described: tuple[float, ...]
    bounds: tuple[float, float]
    relative: Relative
    scale: Scale
    origin: float

    @property
    def exact(self) -> bool:
        """Whether the described animal has this gene at `origin`: no value is out of bounds, and tied ones agree."""
        return all(self.of_member(self.origin, value) == value for value in self.described)

    def of_member(self, value: float, described: float) -> float:
        """The value of a parameter, from that of the gene and the described one."""
        if self.relative == "difference":
            return described + value
        return described * value if self.relative else value

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: enough to read a vector without the animal."""
        return {
            "name": self.name, "quantity": self.quantity, "unit": self.unit, "bounds": list(self.bounds),
            "relative": self.relative, "scale": self.scale, "origin": self.origin, "members": list(self.members),
            "described": list(self.described),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Gene":
        """The same from plain data.

        Raises:
            KeyError: Something is missing.
        """
        given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
        return cls(**{field.name: given[field.name] for field in fields(cls)})


def gene(name: str, quantity: str, unit: str, members: Sequence[tuple[str, float]], vary: Vary) -> Gene:
    """A gene of some parameters, given as names with described values."""
    described = [float(value) for _, value in members]
    return Gene(
        name=name,
        quantity=quantity,
        unit=unit,
        members=tuple(member for member, _ in members),
        described=tuple(described),
        bounds=vary.bounds,
        relative=vary.relative,
        scale=vary.scale,
        origin=_origin(described, vary),
    )


def _origin(described: Sequence[float], vary: Vary) -> float:
    if vary.relative == "difference":
        middle = 0.0
    elif vary.relative:
        middle = 1.0
    elif len(set(described)) == 1:
        middle = float(described[0])
    elif vary.scale == "log" and min(described) > 0.0:
        middle = float(np.exp(np.mean(np.log(described))))
    else:
        middle = float(np.mean(described))
    return min(max(middle, vary.bounds[0]), vary.bounds[1])
