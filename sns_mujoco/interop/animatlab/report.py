"""What became of a project: everything that is not exactly as AnimatLab has it, item by item."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["unsupported", "approximated", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that a reader of an imported project should know.

    Attributes:
        kind: "unsupported": it is not in the result; "approximated": it is, with a difference; "note": how the same
            thing is said here.
        what: What it is, in AnimatLab's words ("Joint", "Synapse", ...).
        name: Its name.
        id: Its ID in the file, or "".
        why: The reason, with numbers.
    """

    kind: Kind
    what: str
    name: str
    id: str
    why: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.kind}: {self.what} {self.name!r}: {self.why}" + (f" [{self.id}]" if self.id else "")


class Report(list[Entry]):
    """All entries, in the order of the file."""

    def add(self, kind: Kind, what: str, name: str, why: str, id: str = "") -> None:
        """Put down one thing."""
        self.append(Entry(kind=kind, what=what, name=name, id=id, why=why))

    def of(self, kind: Kind) -> list[Entry]:
        """The entries of one kind."""
        return [entry for entry in self if entry.kind == kind]

    def __str__(self) -> str:
        """One line each; equal ones are counted."""
        lines: dict[tuple[str, str, str], list[str]] = {}
        for entry in self:
            lines.setdefault((entry.kind, entry.what, entry.why), []).append(entry.name)
        return "\n".join(
            f"{kind}: {what} {', '.join(map(repr, names[:6]))}{f' and {len(names) - 6} more' if len(names) > 6 else ''}"
            f": {why}"
            for (kind, what, why), names in lines.items()
        )
