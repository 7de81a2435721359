"""What was done to a network on its way from or to NIR, as a list for its reader."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sns_mujoco.errors import NetworkError

SHOWN = 12
"""How many entries a warning shows."""
HARMLESS = ("latency", "folded", "shape", "added", "metadata")
"""Kinds that are no difference: they say how the same thing is written here, or there."""


class NirWarning(UserWarning):
    """What the reader of a network from NIR, or the writer of one to it, should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NirNote:
    """Something about a network that was read from or written to NIR.

    Attributes:
        kind: Read: "latency" (steps that an output is late), "folded" (nodes that became synapses), "shape", "added"
            (ports at loose ends), "metadata"; and, as differences, "timing" (a path that arrives earlier or later than
            where all layers are computed within a step), "start" (how the network begins), "input" (one to be given in
            several places), "rounded" (a delay), "unused". Written: "missing" (what NIR cannot say, and has been left
            out), "start", "timing".
        names: Nodes, populations or connections that it is about.
        message: What it is, with numbers.
        steps: How many steps it is about ("latency"), else None.
    """

    kind: str
    names: tuple[str, ...]
    message: str
    steps: int | None = None

    @property
    def harmless(self) -> bool:
        """Whether it is no difference."""
        return self.kind in HARMLESS


def tell(heading: str, notes: list[NirNote], report: list[NirNote] | None) -> None:
    """Put notes into a report, or warn of those that are a difference."""
    if report is not None:
        report += notes
        return
    differences = [note.message for note in notes if not note.harmless]
    if differences:
        warnings.warn(f"{heading}\n{lines(differences)}\nreport=[] is filled with all of it", NirWarning, stacklevel=3)


def refuse(heading: str, problems: Sequence[str], remedy: str) -> NetworkError:
    """The error that lists everything which stands in the way."""
    return NetworkError("\n".join([heading, *(f"- {problem}" for problem in problems), remedy]))


def lines(messages: Sequence[str]) -> str:
    """Messages one below the other, the first of them where there are many."""
    shown = [f"- {message}" for message in messages[:SHOWN]]
    return "\n".join([*shown, f"- and {len(messages) - SHOWN} more"] if len(messages) > SHOWN else shown)


def listed(names: Iterable[object]) -> str:
    """Names in a row, the first of them where there are many."""
    every = [repr(name) for name in names]
    return ", ".join([*every[:SHOWN], f"and {len(every) - SHOWN} more"] if len(every) > SHOWN else every)


def plural(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
