"""`Item`: what every part of a protocol has."""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that is done for a while.

    Attributes:
        start: When it begins, s of simulated time: at the first physics step that does not begin before it.
        stop: When it has ended, s: the first physics step that does not begin before it is without it; None for never.

    Raises:
        ProtocolError: It ends before it starts, or a number is not finite.
    """

    word: ClassVar[str]
    """What it is called in files."""
    target: ClassVar[str]
    """Name of the field that names what it is done to."""

    start: float = 0.0
    stop: float | None = None

    def __post_init__(self) -> None:
        """Check times and target."""
        object.__setattr__(self, "start", checks.number(self.label, "start", self.start, least=0.0))
        if self.stop is not None:
            object.__setattr__(self, "stop", checks.number(self.label, "stop", self.stop))
            if self.stop <= self.start:
                raise ProtocolError(
                    f"{self.label} stops at {self.stop:g} s and starts at {self.start:g} s; give a later stop"
                )
        if self.target:
            checks.text(self.label, self.target, getattr(self, self.target))

    @property
    def pattern(self) -> str:
        """Name or shell pattern of what it is done to; "" where that is the whole world."""
        return getattr(self, self.target) if self.target else ""

    @property
    def label(self) -> str:
        """What messages call it, as "Cut('a->b')"."""
        name = type(self).__name__
        return f"{name}({getattr(self, self.target)!r})" if self.target else name

    @property
    def summary(self) -> str:
        """A few words on what is done, as in a figure: "5 nA into L1 swing"."""
        return self.label

    def acts(self, time: float) -> bool:
        """Whether it is under way at a time, s."""
        return self.start <= time and (self.stop is None or time < self.stop)
