"""Terms of what moving costs: mechanical work of the actuators, and the cost of transport."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness import senses
from sns_mujoco.learning.fitness.term import Better, Floats, Meter, Term, ratio
from sns_mujoco.learning.fitness.travel import Path

Work = Literal["positive", "absolute"]


class Labour:
    """Mechanical work of all actuators, added up.

    The power of an actuator is its force times the velocity of its length: torque times angular velocity for a motor at
    a hinge, tension times velocity of shortening for a muscle. What pulls on a muscle's tendon counts as a whole, its
    passive force too. The power is sampled once a frame.
    """

    def __init__(self, population: Any, work: Work) -> None:
        """Follow a population."""
        self._force, self._velocity = population.data.actuator_force, population.data.actuator_velocity
        self._absolute = work == "absolute"
        self.total = np.zeros(population.n)

    def observe(self, dt: Floats) -> None:
        """See `Meter.observe`."""
        power = self._force * self._velocity
        power = np.abs(power, out=power) if self._absolute else np.maximum(power, 0.0, out=power)
        self.total += power.sum(axis=1) * dt


@dataclass(frozen=True, kw_only=True)
class CostOfTransport(Term):
    """Mechanical cost of transport: work of the actuators over weight times progress, E / (m g d).

    The dimensionless form of the cost of transport of Tucker (1975, Am Sci 63:413), of mechanical and not of metabolic
    energy. d is the progress along the world's x axis; whoever makes none, or goes backwards, has the cost `most`.

    Attributes:
        work: "positive" counts only what actuators put into the body, "absolute" also what they take out of it.
        most: Greatest value, which keeps the fitness of those that stand still finite.
    """

    kind: ClassVar[str] = "cost_of_transport"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "less"

    work: Work = "positive"
    most: float = 20.0

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: `work` is another word, or `most` is not positive.
        """
        Term.__post_init__(self)
        _check_work(self.name, self.work)
        if not (np.isfinite(self.most) and self.most > 0.0):
            raise TaskError(f"most of {self.name!r} is {self.most!r}; give a positive number")

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _Transport(self, population)


class _Transport:
    def __init__(self, term: CostOfTransport, population: Any) -> None:
        self._most = term.most
        self._weight = senses.weight(population, senses.torso(population, term.name))
        self._path, self._labour = Path(population, np.inf), Labour(population, term.work)

    def observe(self, dt: Floats) -> None:
        self._path.observe(dt)
        self._labour.observe(dt)

    def value(self) -> Floats:
        cost = ratio(self._labour.total, self._weight * self._path.progress, self._most)
        return np.minimum(cost, self._most)


@dataclass(frozen=True, kw_only=True)
class Power(Term):
    """Mean mechanical power of all actuators, W, over the time for which an animal lived upright.

    Attributes:
        work: "positive" counts only what actuators put into the body, "absolute" also what they take out of it.
    """

    kind: ClassVar[str] = "power"
    unit: ClassVar[str] = "W"
    better: ClassVar[Better | None] = "less"

    work: Work = "positive"

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: `work` is another word.
        """
        Term.__post_init__(self)
        _check_work(self.name, self.work)

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _MeanPower(population, self.work)


class _MeanPower:
    def __init__(self, population: Any, work: Work) -> None:
        self._labour, self._time = Labour(population, work), np.zeros(population.n)

    def observe(self, dt: Floats) -> None:
        self._labour.observe(dt)
        self._time += dt

    def value(self) -> Floats:
        return ratio(self._labour.total, self._time, 0.0)


def _check_work(name: str, work: str) -> None:
    if work not in ("positive", "absolute"):
        raise TaskError(f"work of {name!r} is {work!r}; it can be 'positive' or 'absolute'")
