"""Protocols in YAML files."""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from sns_mujoco.errors import ProtocolError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.protocols.plain import from_plain, to_plain
from sns_mujoco.protocols.protocol import Protocol

SUFFIXES = (".yaml", ".yml")


class _Loader(yaml.SafeLoader):
    """YAML without surprises: an entry that is there twice is an error, and 1e-3 is a number."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    known: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ProtocolError(f"line {key_node.start_mark.line + 1} has the entry {key!r}; give a word")
        if key in known:
            raise ProtocolError(f"line {key_node.start_mark.line + 1} has {key!r} a second time; leave one out")
        known[key] = loader.construct_object(value_node, deep=True)
    return known


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+"), list("-+0123456789")
)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class _Dumper(yaml.SafeDumper):
    """Numbers in the shortest form that reads back as the same."""


def _number(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    text = repr(value)
    if "e" in text and "." not in text:  # YAML takes 1e-05 for a text
        text = text.replace("e", ".0e")
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


_Dumper.add_representer(float, _number)


def to_yaml(protocol: Protocol) -> str:
    """See `Protocol.to_yaml`."""
    return yaml.dump(to_plain(protocol), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def save(protocol: Protocol, path: str | os.PathLike[str]) -> None:
    """See `Protocol.save`."""
    with written_whole(check_output_path(path, SUFFIXES)) as partial:
        partial.write_text(to_yaml(protocol), encoding="utf-8")


def load(path: str | os.PathLike[str]) -> Protocol:
    """See `Protocol.load`."""
    place = Path(path)
    if not place.is_file():
        raise FileNotFoundError(f"there is no file {str(place)!r}; give the path of a protocol")
    try:
        plain = yaml.load(place.read_text(encoding="utf-8"), _Loader)
    except (yaml.YAMLError, ValueError) as error:  # the second of bytes, numbers or dates that make no sense
        if isinstance(error, ProtocolError):
            raise ProtocolError(f"{str(place)!r}: {error}") from None
        raise ProtocolError(f"{str(place)!r} is no YAML: {error}") from None
    except RecursionError:
        raise ProtocolError(f"{str(place)!r} has entries within entries without end; give a list of items") from None
    return from_plain(plain, place.parent)
