"""A network as the content of a file, and back."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, SnsError, unknown_name
from sns_mujoco.network.files.annotations import decode_fields
from sns_mujoco.network.files.forms import Arrays, misfit
from sns_mujoco.network.files.notes import annotations
from sns_mujoco.network.files.sections import SECTIONS, Section, section_fields
from sns_mujoco.network.files.strict_json import shown
from sns_mujoco.network.files.versions import FORMAT, upgraded
from sns_mujoco.network.network import Network

MOST_NEURONS = 10_000_000
KEYS = ("format", "written_by", "name", "annotations", "arrays", *SECTIONS)


def network_to_dict(network: Network) -> dict[str, Any]:
    """A network as plain data that JSON can say: dicts, lists, texts, numbers; see FORMAT.md.

    Args:
        network: Any network, also of a subclass of `Network`, of which the parts are kept.

    Returns:
        A new dict, in which every array is a list, however long.

    Raises:
        NetworkError: It has a description that no file can hold; names it.
    """
    return encode_network(network, None)


def network_from_dict(data: Mapping[str, Any]) -> Network:
    """A network from plain data, as `network_to_dict` makes it; of an earlier version, too.

    Args:
        data: The plain data; it stays as it is.

    Raises:
        NetworkError: It is no network, of a newer version, or something in it is wrong; names the place.
        UnknownNameError: A population, field or class of a name does not exist.
    """
    return decode_network(upgraded(data), {})


def encode_network(network: Network, arrays: Arrays | None) -> dict[str, Any]:
    """A network as the content of a file; where there are `arrays`, long ones go there."""
    if not isinstance(network, Network):
        raise NetworkError(f"{shown(network)} is no network; give a Network")
    names = {title: [entry.name for entry in getattr(network, title)] for title in SECTIONS}
    data: dict[str, Any] = {"format": FORMAT, "name": network.name}
    for title, section in SECTIONS.items():
        entries = getattr(network, title)
        data[title] = [_encode(e, title, section, f"{title}[{k}]", names, arrays) for k, e in enumerate(entries)]
    return data


def decode_network(data: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> Network:
    """A network from the content of a file of the present version, and its long arrays."""
    try:
        return _decode(data, arrays)
    except RecursionError:
        raise NetworkError("it is nested too deeply") from None


def _encode(
    entry: Any, title: str, section: Section, place: str, names: Mapping[str, list[str]], arrays: Arrays | None
) -> dict[str, Any]:
    encoded = {}
    for name, field in section_fields(title).items():
        value = getattr(entry, name)
        if name in section.refers:
            value = names[section.refers[name](entry)][value]
        elif name in section.uniform:
            value = _one_for_all(value)
        encoded[name] = field.form.encode(value, f"{place}.{name}", arrays)
    return encoded


def _one_for_all(values: NDArray[np.float64]) -> Any:
    """One number where all are the same, to the bit."""
    return values[0] if (values.view(np.int64) == values[:1].view(np.int64)).all() else values


def _decode(data: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> Network:
    if not data.keys() <= set(KEYS):
        raise unknown_name("key", next(key for key in data if key not in KEYS), KEYS, "the file")
    name, written_by = data.get("name"), data.get("written_by", "")
    if not isinstance(name, str) or not isinstance(written_by, str):
        raise misfit(*(("name", name) if not isinstance(name, str) else ("written_by", written_by)), "a text")
    annotations(data)
    network = Network(name)
    room = MOST_NEURONS
    for title, section in SECTIONS.items():
        entries = data.get(title, [])
        if not isinstance(entries, list):
            raise misfit(title, entries, "a list")
        for k, entry in enumerate(entries):
            place = f"{title}[{k}]"
            if not isinstance(entry, dict):
                raise misfit(place, entry, "an object")
            given = decode_fields(entry, section_fields(title), place, arrays)
            if title == "populations":
                room -= _count(given["shape"], room, place)
            try:
                section.add(network, **{section.argument(name): value for name, value in given.items()})
            except SnsError as error:
                raise type(error)(f"{place}: {error}") from error
    return network


def _count(shape: tuple[int, ...], room: int, place: str) -> int:
    """Number of neurons of a population, which must not be more than there is room for."""
    count = math.prod(shape)
    if count > room:
        raise NetworkError(
            f"{place}.shape is {list(shape)}; a file may describe {MOST_NEURONS:,} neurons in all: build larger "
            "networks by a program"
        )
    return count
