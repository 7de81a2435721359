"""What a project's IDs stand for."""

from dataclasses import dataclass, field
from typing import Any

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.xml import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something with an ID.

    Attributes:
        kind: "body", "joint", "site", "muscle", "receptor", "spring", "neuron" or "missing" (known, but left out).
        name: Its name in the result.
        item: Its element.
        data: What else others need to know of it.
    """

    kind: str
    name: str
    item: Item
    data: dict[str, Any] = field(default_factory=dict)


class Parts(dict[str, Part]):
    """Parts by ID, in lower case."""

    def put(self, part: Part) -> None:
        """Register a part under its ID.

        Raises:
            AnimatLabError: The ID is missing or taken.
        """
        key = part.item.id
        if not key:
            raise AnimatLabError(f"{part.item.where} has no <ID>; export the project from AnimatLab again")
        if key in self:
            raise AnimatLabError(f"{part.item.where} has the <ID> {key!r}, which {self[key].item.where} has already")
        self[key] = part

    def find(self, key: str, who: Item, what: str) -> Part:
        """The part that something refers to.

        Raises:
            AnimatLabError: There is none.
        """
        part = self.get(key.strip().lower())
        if part is None:
            raise AnimatLabError(f"{who.where}: its {what} {key[:60]!r} is no ID of this project")
        return part
