"""What a term of a fitness is: a named quantity that is measured while animals live, and how good its values are."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import TaskError

Floats = NDArray[np.float64]

Better = Literal["more", "less"]


class Meter(Protocol):
    """What measures one quantity of all individuals of a population during one trial."""

    def observe(self, dt: Floats) -> None:
        """Take in the population's present state, once a frame.

        Args:
            dt: Time since the last observation, s [n]. It is 0 in the first call, which marks the moment from which is
                measured, and from then on for individuals that have fallen or failed: what they do does not count.
        """
        ...

    def value(self) -> Floats:
        """The quantity, [n]."""
        ...


@runtime_checkable
class AnyTerm(Protocol):
    """A term of a fitness, one of ours or a user's own.

    A user's own may also have `merit(values [n]) -> [n]`: how good these values are, greater is better. Without it a
    value is its own merit.
    """

    @property
    def name(self) -> str:
        """What it is called in results."""
        ...

    @property
    def weight(self) -> float:
        """What its merit is multiplied with in the fitness."""
        ...

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """Get ready to measure: resolve names and bind arrays. Called after a reset, before the first step.

        Args:
            population: A `Population`.
            seconds: For how long will be measured, s.
            frame: Time between observations, s.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Term:
    """What the terms of this package have in common.

    Attributes:
        name: What it is called in results.
        weight: What its merit is multiplied with in the fitness, 0 or more; with 0 it is only measured.
        target: The value that is wanted, where one is; else more or less of it is better, as the class says.
    """

    kind: ClassVar[str]
    unit: ClassVar[str]
    better: ClassVar[Better | None] = None

    name: str = ""
    weight: float = 1.0
    target: float | None = None

    def __post_init__(self) -> None:
        """Give it the name of its kind, and check it.

        Raises:
            TaskError: The weight is negative or not finite, the target is not finite, or one is needed.
        """
        object.__setattr__(self, "name", self.name or self.kind)
        if not (np.isfinite(self.weight) and self.weight >= 0.0):
            raise TaskError(
                f"weight of {self.name!r} is {self.weight!r}; give a finite number, 0 or more: the term itself knows "
                "whether more or less of it is better"
            )
        if self.target is not None and not np.isfinite(self.target):
            raise TaskError(f"target of {self.name!r} is {self.target!r}; give a finite number ({self.unit})")
        if self.weight and self.target is None and self.better is None:
            raise TaskError(
                f"{self.name!r} has no target, and neither more nor less of it is better as such; give a target "
                f"({self.unit}), or the weight 0 to measure it only"
            )

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        raise NotImplementedError

    def merit(self, values: Floats) -> Floats:
        """How good values [n] are; greater is better.

        With a target: minus the distance from it, as a share of the target (or as it is, if that is 0). Else the value
        where more is better, and minus the value where less is.
        """
        if self.target is not None:
            return -np.abs(values - self.target) / (abs(self.target) or 1.0)
        return -values if self.better == "less" else values


def ratio(above: Floats, below: Floats, otherwise: float) -> Floats:
    """Quotient [n]; `otherwise` where nothing is below."""
    return np.divide(above, below, out=np.full(np.shape(below), otherwise), where=below > 0.0)
