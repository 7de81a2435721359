"""What was done in a life: told in a few words while it goes on, and kept as a protocol."""

from dataclasses import dataclass

from sns_mujoco.protocols import Protocol

_MERGED = 0.5  # s of simulated time within which further moves of one slider are told as one


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, as the page tells it.

    Attributes:
        time: When, s.
        what: In a few words.
        topic: What it was done to; deeds that follow one another closely on one topic are told as one. "" for none.
    """

    time: float
    what: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A life in which something was done.

    Attributes:
        seed: Its seed.
        protocol: What was done; given to a new simulation of the same seed and terrain, it replays.
    """

    seed: int
    protocol: Protocol


def tell(deeds: list[Deed], deed: Deed) -> None:
    """Add a deed to those that were told, in the place of the last one where it only goes on."""
    if deeds and deed.topic and deeds[-1].topic == deed.topic and deed.time - deeds[-1].time <= _MERGED:
        deeds[-1] = deed
    else:
        deeds.append(deed)
