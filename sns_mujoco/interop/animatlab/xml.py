"""AnimatLab's XML: parsed safely, and read with errors that say where.

No document type, and so no entity, is ever expanded; a file is limited in size and depth. Numbers must be finite.
"""

import math
import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sns_mujoco.errors import AnimatLabError

LARGEST = 64 * 1024 * 1024  # bytes of a project
DEEPEST = 200  # levels of elements
LARGEST_NUMBER = 1e30


class Item:
    """An element with its way there, for messages. Names of children are compared as AnimatLab does: exactly.

    Attributes:
        element: The element.
        where: What messages call it.
    """

    __slots__ = ("element", "where")

    def __init__(self, element: ET.Element, where: str) -> None:
        """Begin with an element; `where` is what messages call it."""
        self.element, self.where = element, where

    @property
    def tag(self) -> str:
        """Name of the element."""
        return self.element.tag

    @property
    def id(self) -> str:
        """The `ID`, in lower case, or "" where it has none."""
        return (self.element.findtext("ID") or "").strip().lower()

    @property
    def name(self) -> str:
        """The `Name`, or else the `ID`."""
        return (self.element.findtext("Name") or "").strip() or self.id

    def has(self, tag: str) -> bool:
        """Whether there is such a child."""
        return self.element.find(tag) is not None

    def text(self, tag: str, default: str | None = None) -> str:
        """Text of a child.

        Raises:
            AnimatLabError: There is none, and no default.
        """
        found = self.element.findtext(tag)
        if found is None or (not found.strip() and default is not None):
            if default is None:
                raise AnimatLabError(f"{self.where} has no <{tag}>; export the project from AnimatLab again")
            return default
        return found.strip()

    def number(
        self,
        tag: str,
        default: float | None = None,
        *,
        above: float | None = None,
        least: float | None = None,
        most: float | None = None,
    ) -> float:
        """A number that a child holds.

        Raises:
            AnimatLabError: There is none, it is not finite, or out of bounds.
        """
        if default is not None and not (self.element.findtext(tag) or "").strip():
            return default
        value = finite(self.text(tag), f"{self.where}: <{tag}>")
        if above is not None and not value > above:
            raise AnimatLabError(f"{self.where}: <{tag}> is {value:g}; it must be above {above:g}")
        if least is not None and value < least:
            raise AnimatLabError(f"{self.where}: <{tag}> is {value:g}; it cannot be below {least:g}")
        if most is not None and value > most:
            raise AnimatLabError(f"{self.where}: <{tag}> is {value:g}; up to {most:g} is read")
        return value

    def whole(self, tag: str, default: int) -> int:
        """A whole number that a child holds.

        Raises:
            AnimatLabError: It is none.
        """
        value = self.number(tag, float(default))
        if value != int(value):
            raise AnimatLabError(f"{self.where}: <{tag}> is {value:g}; give a whole number")
        return int(value)

    def flag(self, tag: str, default: bool) -> bool:
        """True or False, in AnimatLab's spelling.

        Raises:
            AnimatLabError: It is neither.
        """
        found = (self.element.findtext(tag) or "").strip().lower()
        if not found:
            return default
        if found not in ("true", "false", "1", "0"):
            raise AnimatLabError(f"{self.where}: <{tag}> is {found!r}; give True or False")
        return found in ("true", "1")

    def vector(self, tag: str, default: tuple[float, ...] | None = None, axes: str = "xyz") -> tuple[float, ...]:
        """Numbers that the attributes of a child hold.

        Raises:
            AnimatLabError: One is missing or not finite.
        """
        child = self.element.find(tag)
        if child is None:
            if default is None:
                raise AnimatLabError(f"{self.where} has no <{tag}>; export the project from AnimatLab again")
            return default
        values = []
        for axis in axes:
            given = child.get(axis, child.get(axis.upper()))
            if given is None:
                raise AnimatLabError(f"{self.where}: <{tag}> has no {axis!r}; export the project from AnimatLab again")
            values.append(finite(given, f"{self.where}: <{tag}> {axis}"))
        return tuple(values)

    def child(self, tag: str) -> "Item | None":
        """A child, or None."""
        found = self.element.find(tag)
        return None if found is None else Item(found, f"{self.where}, {tag}")

    def need(self, tag: str) -> "Item":
        """A child.

        Raises:
            AnimatLabError: There is none.
        """
        found = self.child(tag)
        if found is None:
            raise AnimatLabError(f"{self.where} has no <{tag}>; export the project from AnimatLab again")
        return found

    def children(self, tag: str | None = None) -> Iterator["Item"]:
        """Those in an element of this name, or its own; each is called by its name."""
        parent = self.element if tag is None else self.element.find(tag)
        for index, element in enumerate(parent if parent is not None else ()):
            item = Item(element, "")
            label = repr(item.name) if item.name else f"number {index + 1} of {self.where}"
            item.where = f"{element.tag} {label}"
            yield item


def finite(text: Any, what: str) -> float:
    """A finite number from text.

    Raises:
        AnimatLabError: It is none.
    """
    try:
        value = float(str(text).strip().replace("_", "x"))  # Python's own digits with _ are no numbers here
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_NUMBER:
        raise AnimatLabError(f"{what} is {str(text)[:40]!r}; give a finite number")
    return value


class _Plain(ET.TreeBuilder):
    """Builds the tree, and refuses document types before anything in them is read."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Called by the parser at the start of a document type."""
        raise AnimatLabError("it declares a document type, which AnimatLab never does; such files are not read")


def parse(path: str | os.PathLike[str]) -> ET.Element:
    """The root of an XML file.

    Raises:
        FileNotFoundError: There is no such file.
        AnimatLabError: It is too large, too deep, no XML, or declares a document type.
    """
    place = Path(path)
    try:
        size = place.stat().st_size
        if size > LARGEST:
            raise AnimatLabError(f"{str(place)!r} has {size} bytes; projects of up to {LARGEST} are read")
        data = place.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no AnimatLab project at {str(place)!r}") from None
    except (OSError, ValueError) as error:
        raise AnimatLabError(f"{str(place)!r} cannot be read: {error}") from None
    try:
        root = _parsed(data)
    except AnimatLabError as error:
        raise AnimatLabError(f"{str(place)!r}: {error}") from None
    _check_depth(root, str(place))
    return root


def _parsed(data: bytes) -> ET.Element:
    try:
        return ET.fromstring(data, ET.XMLParser(target=_Plain()))
    except (ET.ParseError, ValueError, LookupError) as error:
        reason = str(error)
    if b"\x00" not in data[:200]:  # Windows' own letters in a file that does not say so
        try:
            text = data.decode("cp1252")
            return ET.fromstring(text.encode("utf-8"), ET.XMLParser(target=_Plain(), encoding="utf-8"))
        except (ET.ParseError, ValueError, LookupError):
            pass
    raise AnimatLabError(f"it is not well-formed XML ({reason}); it may be truncated: export it from AnimatLab again")


def _check_depth(root: ET.Element, name: str) -> None:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise AnimatLabError(f"{name!r} nests elements deeper than {DEEPEST} levels; AnimatLab's projects do not")
