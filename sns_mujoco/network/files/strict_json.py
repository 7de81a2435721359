"""JSON, written so that people can compare it and read so that nothing doubtful gets in.

A number that is not finite or too large, and an object that has a key twice, become `Unusable`: the walk through the
file that follows knows the place where they stand, which the parser does not.
"""

import json
import math
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sns_mujoco.errors import NetworkError

LOWEST, HIGHEST = -(2**63), 2**64 - 1
LONGEST = len(str(LOWEST))  # digits of a whole number
HINTS = {b"PK": "it is an archive, perhaps a saved state (load_state) or a sidecar", b"<": "it looks like XML"}


@dataclass(frozen=True, slots=True)
class Unusable:
    """What JSON can say and no description can mean."""

    text: str


def parse(data: bytes) -> Any:
    """Read JSON.

    Args:
        data: A whole file.

    Raises:
        NetworkError: It is no JSON; says where it goes wrong.
    """
    hint = next((f"; {text}" for start, text in HINTS.items() if data.lstrip().startswith(start)), "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NetworkError(f"it is no JSON file: byte {error.start} is no UTF-8 text{hint}") from None
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=Unusable
        )  # fmt: skip
    except json.JSONDecodeError as error:
        if not text[error.pos :].strip():
            raise NetworkError(f"it ends too early, in line {error.lineno}: it was cut off or is empty") from None
        raise NetworkError(f"it is no JSON: {error.msg} in line {error.lineno}, column {error.colno}{hint}") from None
    except RecursionError:
        raise NetworkError("it is nested too deeply") from None


def render(data: Mapping[str, Any]) -> bytes:
    """Write JSON as UTF-8: every entry of the lists of the outermost object in a line of its own."""
    try:
        return _text(data, ascii_only=False).encode()
    except UnicodeEncodeError:  # half a character in a name, which only an escape can say
        return _text(data, ascii_only=True).encode()


def shown(value: Any) -> str:
    """A value as a message shows it: in one short line."""
    if isinstance(value, Unusable):
        return value.text
    try:
        return reprlib.repr(value)
    except ValueError:  # whole numbers of more than some 4,000 digits
        return "a number too long to show"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Unusable:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    return Unusable(f"an object that has {reprlib.repr(twice)} twice")


def _float(text: str) -> float | Unusable:
    value = float(text)
    return value if math.isfinite(value) else Unusable(f"{_short(text)} (too large)")


def _int(text: str) -> int | Unusable:
    value = int(text) if len(text) <= LONGEST else HIGHEST + 1
    return value if LOWEST <= value <= HIGHEST else Unusable(f"{_short(text)} (too large)")


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:20]}... ({len(text)} characters)"


def _text(data: Mapping[str, Any], *, ascii_only: bool) -> str:
    write = json.JSONEncoder(ensure_ascii=ascii_only, allow_nan=False).encode
    entries = []
    for name, value in data.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"    {write(row)}" for row in value)
            entries.append(f"  {write(name)}: [\n{rows}\n  ]")
        else:
            entries.append(f"  {write(name)}: {write(value)}")
    return "{\n" + ",\n".join(entries) + "\n}\n"
