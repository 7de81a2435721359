"""Terms of how the trunk is carried: tilt, heave, stability, survival, smoothness."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness import senses
from sns_mujoco.learning.fitness.term import Better, Floats, Meter, Term, ratio


class Carriage:
    """Mean tilt of the trunk, and mean and variance of its height, while individuals live."""

    def __init__(self, population: Any, term: str, seconds: float) -> None:
        """Follow a population for so long (s)."""
        self._seconds = seconds
        body = senses.torso(population, term)
        self._upright, self._height = population.data.xmat[:, body, 8], population.data.xpos[:, body, 2]
        self._time, self._tilt, self._mean, self._square = (np.zeros(population.n) for _ in range(4))

    def observe(self, dt: Floats) -> None:
        """See `Meter.observe`."""
        self._time += dt
        self._tilt += np.arccos(np.clip(self._upright, -1.0, 1.0)) * dt
        # Welford's update (West 1979, Commun ACM 22:532): a sum of squares would lose the heave of a tall animal.
        apart = self._height - self._mean
        self._mean += ratio(apart * dt, self._time, 0.0)
        self._square += apart * (self._height - self._mean) * dt

    @property
    def lived(self) -> Floats:
        """Share of the time before a fall, [n]."""
        return np.minimum(self._time / self._seconds, 1.0)

    @property
    def tilt(self) -> Floats:
        """Mean angle between the trunk's and the world's vertical, rad [n]."""
        return ratio(self._tilt, self._time, 0.0)

    @property
    def heave(self) -> Floats:
        """Standard deviation of the height, m [n]."""
        return np.sqrt(np.maximum(ratio(self._square, self._time, 0.0), 0.0))


@dataclass(frozen=True, kw_only=True)
class Carried(Term):
    """A term that is known from how the trunk is carried."""

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _Trunk(self, population, seconds)

    def read(self, carriage: Carriage, length: float) -> Floats:
        """The quantity [n] from how the trunk was carried, and the body length, m."""
        raise NotImplementedError


class _Trunk:
    def __init__(self, term: Carried, population: Any, seconds: float) -> None:
        self._term, self._length = term, population.animal.length
        self._carriage = Carriage(population, term.name, seconds)
        self.observe = self._carriage.observe

    def value(self) -> Floats:
        return self._term.read(self._carriage, self._length)


@dataclass(frozen=True, kw_only=True)
class Tilt(Carried):
    """Mean angle between the trunk's and the world's vertical, rad; after a fall it counts as a right angle."""

    kind: ClassVar[str] = "tilt"
    unit: ClassVar[str] = "rad"
    better: ClassVar[Better | None] = "less"

    def read(self, carriage: Carriage, length: float) -> Floats:
        """See `Carried.read`."""
        return carriage.lived * carriage.tilt + (1.0 - carriage.lived) * (np.pi / 2)


@dataclass(frozen=True, kw_only=True)
class Heave(Carried):
    """Standard deviation of the trunk's height before a fall, body lengths."""

    kind: ClassVar[str] = "heave"
    unit: ClassVar[str] = "body lengths"
    better: ClassVar[Better | None] = "less"

    def read(self, carriage: Carriage, length: float) -> Floats:
        """See `Carried.read`."""
        return carriage.heave / length


@dataclass(frozen=True, kw_only=True)
class Stability(Carried):
    """How steadily the trunk is carried: 1 for one that stays level and at one height, towards 0 as it tilts or heaves.

    1 / (1 + (tilt / `tilt`)^2 + (heave / `heave`)^2), of the mean tilt and the standard deviation of the height before
    a fall, times the share of the time before it. A measure of this package: tilt or heave alone halves it at the value
    that is given here.

    Attributes:
        tilt: rad.
        heave: Body lengths.
    """

    kind: ClassVar[str] = "stability"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    tilt: float = 0.2
    heave: float = 0.03

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: Tilt or heave is not positive.
        """
        Term.__post_init__(self)
        for what in ("tilt", "heave"):
            if not (np.isfinite(getattr(self, what)) and getattr(self, what) > 0.0):
                raise TaskError(f"{what} of {self.name!r} is {getattr(self, what)!r}; give a positive number")

    def read(self, carriage: Carriage, length: float) -> Floats:
        """See `Carried.read`."""
        tilt, heave = carriage.tilt / self.tilt, carriage.heave / (length * self.heave)
        return carriage.lived / (1.0 + tilt * tilt + heave * heave)


@dataclass(frozen=True, kw_only=True)
class Survival(Term):
    """Share of the measured time that passes before a fall; 1 for whoever does not fall (`Animal.fallen`).

    What an animal survives stands in its trials: pushes, terrain, commands.
    """

    kind: ClassVar[str] = "survival"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _Upright(population.n, round(seconds / frame))


class _Upright:
    def __init__(self, n: int, frames: int) -> None:
        self._lived, self._frames = np.zeros(n), frames

    def observe(self, dt: Floats) -> None:
        self._lived += dt > 0.0

    def value(self) -> Floats:
        return self._lived / self._frames


@dataclass(frozen=True, kw_only=True)
class Smoothness(Term):
    """Smoothness of the trunk's motion: minus the logarithm of its dimensionless squared jerk.

    -ln(T^3 / v^2 * integral of |d^2 v / dt^2|^2 dt), with the velocity of the trunk's origin in space, its duration T
    and its greatest speed v: the log dimensionless jerk of Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112,
    here with derivatives over frames. A longer run has more jerk: compare runs of equal duration. It is `least` for
    whoever falls, or moves slower than a thousandth of its body length a second.

    Attributes:
        least: Value of those that have none.
    """

    kind: ClassVar[str] = "smoothness"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    least: float = -30.0

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _Jerk(self, population, round(seconds / frame), frame)


class _Jerk:
    def __init__(self, term: Smoothness, population: Any, frames: int, frame: float) -> None:
        self._term, self._frames, self._frame = term, frames, frame
        self._still = 1e-3 * population.animal.length
        self._place = population.data.xpos[:, senses.torso(population, term.name)]
        self._places: list[Floats] = []  # the last ones, newest last
        self._squared, self._fastest, self._lived = (np.zeros(population.n) for _ in range(3))

    def observe(self, dt: Floats) -> None:
        self._places = [*self._places[-3:], self._place.copy()]
        alive = dt > 0.0
        self._lived += alive
        if len(self._places) > 1:
            speed = np.sqrt(_square(self._places[-1] - self._places[-2])) / self._frame
            np.maximum(self._fastest, speed, out=self._fastest, where=alive)
        if len(self._places) == 4:
            a, b, c, d = self._places
            jerk = (d - c - 2.0 * (c - b) + (b - a)) / self._frame**3
            self._squared += _square(jerk) * dt

    def value(self) -> Floats:
        duration = self._frames * self._frame
        moving = (self._lived == self._frames) & (self._fastest > self._still) & (self._squared > 0.0)
        fastest = np.where(moving, self._fastest, 1.0)
        jerk = duration**3 / (fastest * fastest) * np.where(moving, self._squared, 1.0)
        return np.where(moving, np.maximum(-np.log(jerk), self._term.least), self._term.least)


def _square(vectors: Floats) -> Floats:
    return vectors[:, 0] * vectors[:, 0] + vectors[:, 1] * vectors[:, 1] + vectors[:, 2] * vectors[:, 2]
