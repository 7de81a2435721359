"""`Protocol`: all that is done to an animal, as data."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import checks
from sns_mujoco.protocols.items import Item


@dataclass(frozen=True, slots=True)
class Protocol:
    """Items, each of which acts from its start to its stop. The order counts for the seeds of noise only.

    Attributes:
        items: All of them.
        name: A name for figures and files.

    Raises:
        ProtocolError: Something in it is no item.
    """

    items: tuple[Item, ...] = ()
    name: str = ""

    def __init__(self, items: Iterable[Item] = (), name: str = "") -> None:
        """Take items."""
        if isinstance(items, Item):
            raise ProtocolError(f"the items are {items!r}; give a list of them, as in Protocol([...])")
        items = tuple(items)
        for item in items:
            if not isinstance(item, Item):
                raise ProtocolError(f"{item!r} is no item of a protocol; give those of sns_mujoco.protocols")
        if not isinstance(name, str):
            raise ProtocolError(f"the name of a protocol is {name!r}; give a text")
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "name", name)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        """Iterate over items."""
        return iter(self.items)

    def __add__(self, other: "Protocol") -> "Protocol":
        """Both together."""
        if not isinstance(other, Protocol):
            return NotImplemented
        return Protocol(self.items + other.items, self.name or other.name)

    def shifted(self, seconds: float) -> "Protocol":
        """The same so many seconds later (or earlier).

        Raises:
            ProtocolError: Something would start before 0.
        """
        late = checks.number("the shift", "seconds", seconds)
        moved = [
            replace(item, start=item.start + late, stop=None if item.stop is None else item.stop + late)
            for item in self.items
        ]
        return Protocol(moved, self.name)

    def at(self, time: float) -> tuple[Item, ...]:
        """Items that are under way at a time, s."""
        return tuple(item for item in self.items if item.acts(time))

    @property
    def times(self) -> tuple[float, ...]:
        """When something begins or ends, s, in order."""
        ends = {item.start for item in self.items} | {item.stop for item in self.items if item.stop is not None}
        return tuple(sorted(ends))

    @property
    def digest(self) -> str:
        """What tells it from other protocols: SHA-256 of its items; the name does not count."""
        text = json.dumps(self.to_dict()["items"], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Plain data: dicts, lists, texts and numbers."""
        from sns_mujoco.protocols.plain import to_plain

        return to_plain(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], *, folder: str | os.PathLike[str] = ".") -> "Protocol":
        """A protocol from plain data.

        Args:
            plain: As `to_dict` makes it, or as written by hand.
            folder: From which paths of files of samples count.

        Raises:
            ProtocolError: It is no protocol; the message says where.
            FileNotFoundError: A file of samples is missing.
        """
        from sns_mujoco.protocols.plain import from_plain

        return from_plain(plain, Path(folder))

    def to_yaml(self) -> str:
        """The text of its file."""
        from sns_mujoco.protocols.yaml_files import to_yaml

        return to_yaml(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a `.yaml` file, whole or not at all.

        Raises:
            OutputPathError: It cannot be written there.
        """
        from sns_mujoco.protocols.yaml_files import save

        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Protocol":
        """Read it from a `.yaml` file.

        Raises:
            FileNotFoundError: There is no such file, or no file of samples that it names.
            ProtocolError: It is damaged or no protocol; the message says where.
        """
        from sns_mujoco.protocols.yaml_files import load

        return load(path)
