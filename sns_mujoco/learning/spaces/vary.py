"""What may vary of an animal: `Vary`, plain data."""

import math
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal

from sns_mujoco.errors import ParameterError, unknown_name
from sns_mujoco.network.sides import check_sides

Scale = Literal["linear", "log"]
Relative = Literal[False, True, "difference"]
Of = Literal["brain", "body"]  # where parameters are found
Part = Literal["network", "adapters", "muscles", "body"]  # and in which description they stand
SCALES, RELATIVES = ("linear", "log"), (False, True, "difference")
FIELDS = ("quantity", "pattern", "bounds", "relative", "scale", "tie", "symmetric")


@dataclass(frozen=True, slots=True)
class Vary:
    r"""A quantity that may vary, of everything whose name matches a pattern.

        Vary("g_max", "*swing->*position", bounds=(0.5, 2.0), relative=True, scale="log")
        Vary("bias", "[LR]? trigger", bounds=(-40.0, 5.0), tie=r"^[LR]\d ")    # nA, the same in all legs
        Vary("length", "L?_tibia", bounds=(0.8, 1.2), symmetric=("L", "R"))    # of both sides

    Attributes:
        quantity: A kind of number, as descriptions call it: "max_conductance" (or "g_max"), "time_constant", "bias",
            "gain", "delay", "force", "mass", ...
        pattern: A shell pattern (`*`, `?`, `[LR]`; case-sensitive) on the names of whatever has the quantity: neurons,
            connections ("stance->swing"), inputs, adapters ("JointAngle('knee') -> stretch", or the part before the
            arrow), muscles, bodies, geoms, joints, actuators. A plain name matches itself.
        bounds: Least and greatest value, in the quantity's unit.
        relative: Whether the bounds are of a factor on the described value (True), or of what is added to it
            ("difference").
        scale: "log" spreads vectors evenly over the logarithm of the bounds, which must be above 0.
        tie: What shares one gene: nothing (None), all matches ("all"), or all whose names are the same once what this
            regular expression finds is taken out of them.
        symmetric: Prefixes of the names of left and right things, such as ("L", "R"): each and its counterpart of the
            other side share one gene, whether the pattern matches both or one of them.

    Raises:
        ParameterError: Bounds are reversed, equal, or not finite; or not above 0 with scale "log"; or a choice is none.
    """

    quantity: str
    pattern: str = "*"
    _: KW_ONLY
    bounds: tuple[float, float]
    relative: Relative = False
    scale: Scale = "linear"
    tie: str | None = None
    symmetric: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        """Check what was given."""
        for name in ("quantity", "pattern"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name):
                raise ParameterError(f"the {name} of a Vary is {getattr(self, name)!r}; give a text")
        object.__setattr__(self, "bounds", self._checked_bounds())
        for name, choices in (("scale", SCALES), ("relative", RELATIVES)):
            value = getattr(self, name)
            if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
                raise ParameterError(f"{self.label}: {name} is {value!r}; give one of {', '.join(map(repr, choices))}")
        if self.scale == "log" and self.bounds[0] <= 0.0:
            raise ParameterError(
                f"{self.label}: the bounds are {self.bounds}, and scale='log' has none at 0 or below; give bounds "
                "above 0, or scale='linear'"
            )
        if self.tie is not None:
            _check_tie(self.label, self.tie)
        if self.symmetric is not None:
            if not isinstance(self.symmetric, tuple | list) or len(self.symmetric) != 2:
                raise ParameterError(f"{self.label}: symmetric is {self.symmetric!r}; give the prefixes of both sides")
            check_sides(*self.symmetric, ParameterError)
            if not all(self.symmetric):
                raise ParameterError(f"{self.label}: symmetric is {self.symmetric!r}; give a prefix for each side")
            object.__setattr__(self, "symmetric", tuple(self.symmetric))

    @property
    def label(self) -> str:
        """How messages name it."""
        return f"Vary({self.quantity!r}, {self.pattern!r})"

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can say; what is left at its default is left out."""
        given = {name: getattr(self, name) for name in FIELDS}
        defaults = {"pattern": "*", "relative": False, "scale": "linear", "tie": None, "symmetric": None}
        kept = {name: value for name, value in given.items() if name not in defaults or value != defaults[name]}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Vary":
        """The same from plain data.

        Raises:
            ParameterError: It is no such data, or what it says makes no sense.
            UnknownNameError: It has a field that does not exist.
        """
        if not isinstance(data, Mapping):
            raise ParameterError(f"{data!r} says nothing that may vary; give an object with {', '.join(FIELDS)}")
        for name in data:
            if name not in FIELDS:
                raise unknown_name("field", name, FIELDS, "what may vary")
        for name in ("quantity", "bounds"):
            if name not in data:
                raise ParameterError(f"what may vary has no {name!r}: {dict(data)!r}")
        return cls(**data)

    def _checked_bounds(self) -> tuple[float, float]:
        try:
            if isinstance(self.bounds, str):
                raise TypeError
            low, high = (float(end) for end in self.bounds)
        except (TypeError, ValueError):
            raise ParameterError(f"{self.label}: the bounds are {self.bounds!r}; give (least, greatest)") from None
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ParameterError(f"{self.label}: the bounds are {(low, high)}; give finite numbers")
        if low >= high:
            what = "equal, so that nothing varies" if low == high else "reversed"
            raise ParameterError(f"{self.label}: the bounds {(low, high)} are {what}; give (least, greatest)")
        return low, high


def _check_tie(label: str, tie: Any) -> None:
    if not isinstance(tie, str) or not tie:
        raise ParameterError(f"{label}: tie is {tie!r}; give 'all', a regular expression, or leave it out")
    try:
        re.compile(tie)
    except re.error as error:
        raise ParameterError(f"{label}: tie {tie!r} is no regular expression: {error}; give one, or 'all'") from error
