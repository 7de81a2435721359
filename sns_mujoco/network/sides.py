"""The rule by which the two sides of an animal are named: a prefix before every name of the side that is described."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from sns_mujoco.errors import NetworkError

Described = TypeVar("Described")


def check_sides(left: str, right: str, error: type[Exception] = NetworkError) -> None:
    """Refuse prefixes that do not tell the sides apart.

    Raises:
        NetworkError: They are the same, or no text (or the error that is given).
    """
    if not isinstance(left, str) or not isinstance(right, str):
        raise error(f"left and right are {left!r} and {right!r}; give texts")
    if left == right:
        raise error(f"left and right are both {left!r}; give different prefixes")


def on_side(item: Described, prefix: str, names: frozenset[str]) -> Described:
    """A copy of a dataclass with the prefix before what stands in its fields `names`."""
    described: Any = item
    present = {field.name for field in fields(described)} & names
    return replace(described, **{field: f"{prefix}{getattr(item, field)}" for field in present})
