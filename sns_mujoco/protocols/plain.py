"""Protocols as plain data, and back.

    {"name": "push", "items": [{"push": {"body": "torso", "force": [0, 0.02, 0], "start": 3, "stop": 3.1}}]}

Every item is its word with its fields; a waveform is its word with its fields, too. What has its default is left out.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from sns_mujoco.errors import ProtocolError, unknown_name
from sns_mujoco.protocols import body, nervous
from sns_mujoco.protocols.checks import short
from sns_mujoco.protocols.items import Item
from sns_mujoco.protocols.protocol import Protocol
from sns_mujoco.protocols.waveforms import WAVEFORMS, Samples, Waveform

ITEMS: tuple[type[Item], ...] = (
    nervous.CurrentClamp, nervous.Excite, nervous.VoltageClamp, nervous.Silence, nervous.Cut, nervous.Scale,
    nervous.BlockChannel, nervous.Deprive, body.Command, body.SensorFailure, body.ActuatorFailure, body.Push,
    body.Torque, body.Friction, body.Load, body.Gravity, body.Slope,
)  # fmt: skip
_ITEMS = {kind.word: kind for kind in ITEMS}
_TIMES = ("start", "stop")  # they come last
_WAVES = {kind.word: kind for kind in WAVEFORMS}


def to_plain(protocol: Protocol) -> dict[str, Any]:
    """See `Protocol.to_dict`."""
    return {"name": protocol.name, "items": [_plain(item) for item in protocol.items]}


def _plain(thing: Any) -> Any:
    if isinstance(thing, Item | Waveform):
        told = {}
        for field in sorted(fields(thing), key=lambda field: field.name in _TIMES):  # type: ignore[arg-type]
            value = getattr(thing, field.name)
            if field.default is MISSING or value != field.default:
                told[field.name] = _plain(value)
        return {thing.word: told}
    return list(thing) if isinstance(thing, tuple) else thing


def from_plain(plain: Any, folder: Path) -> Protocol:
    """See `Protocol.from_dict`."""
    if not isinstance(plain, Mapping) or not isinstance(plain.get("items"), list):
        raise ProtocolError(f"a protocol is {short(plain)}; give a name and a list of items")
    for key in plain.keys() - {"name", "items"}:
        raise unknown_name("entry", key, ("name", "items"), "a protocol")
    items = [_item(entry, f"item {place}", folder) for place, entry in enumerate(plain["items"], 1)]
    return Protocol(items, "" if plain.get("name") is None else plain["name"])


def _item(entry: Any, where: str, folder: Path) -> Item:
    word, given = _worded(entry, where, "push")
    if word not in _ITEMS:
        raise unknown_name("item", word, _ITEMS, f"protocols, for {where}")
    values = {
        key: _wave(value, f"{where}, {key}", folder) if isinstance(value, Mapping) else value
        for key, value in given.items()
    }
    return _made(_ITEMS[word], values, where)


def _wave(entry: Mapping[str, Any], where: str, folder: Path) -> Waveform:
    word, given = _worded(entry, where, "ramp")
    if word not in _WAVES:
        raise unknown_name("waveform", word, _WAVES, f"protocols, for {where}")
    if word == Samples.word and isinstance(given.get("samples"), str):
        given = {**given, "samples": folder / given["samples"]}
    return _made(_WAVES[word], given, where)


def _worded(entry: Any, where: str, example: str) -> tuple[str, Mapping[str, Any]]:
    """A word and the fields that it has."""
    if isinstance(entry, Mapping) and len(entry) == 1:
        ((word, given),) = entry.items()
        if isinstance(word, str) and isinstance(given, Mapping) and all(isinstance(key, str) for key in given):
            return word, given
    raise ProtocolError(f"{where} is {short(entry)}; give a word with its fields, as in '{example}: {{...}}'")


def _made(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    """One of a kind, from its fields."""
    known = {field.name: field for field in fields(kind)}
    for name in values:
        if name not in known:
            raise unknown_name("field", name, known, f"{kind.word!r}, for {where}")
    for name, field in known.items():
        if field.default is MISSING and name not in values:
            raise ProtocolError(f"{where}: {kind.word!r} has no {name}; give one")
    try:
        return kind(**values)
    except ProtocolError as error:
        raise ProtocolError(f"{where}: {error}") from None
