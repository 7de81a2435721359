"""Terms of getting somewhere: speed, distance, straightness, Froude number."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness import senses
from sns_mujoco.learning.fitness.term import Better, Floats, Meter, Term, ratio


class Path:
    """Where individuals began, where they are, and how long their way was."""

    def __init__(self, population: Any, every: float) -> None:
        """Follow a population.

        Args:
            population: A `Population`.
            every: Time between the corners of the path whose length is taken, s: shorter than a turn of the path,
                longer than the sway of a stride.
        """
        self._population, self._every = population, every
        self.first = np.zeros((population.n, 2))
        self.last = np.zeros((population.n, 2))
        self.length = np.zeros(population.n)
        self._corner = np.zeros((population.n, 2))
        self._since = np.zeros(population.n)
        self._begun = False

    def observe(self, dt: Floats) -> None:
        """See `Meter.observe`."""
        here = senses.place(self._population)
        if not self._begun:
            self.first[:] = self.last[:] = self._corner[:] = here
            self._begun = True
            return
        np.copyto(self.last, here, where=(dt > 0.0)[:, None])
        self._since += dt
        turning = self._since > self._every * (1 - 1e-9)
        self.length += np.where(turning, _distance(self._corner, self.last), 0.0)
        np.copyto(self._corner, self.last, where=turning[:, None])
        self._since[turning] = 0.0

    @property
    def progress(self) -> Floats:
        """Way along the world's x axis, m [n]; animals start facing that way."""
        return self.last[:, 0] - self.first[:, 0]

    @property
    def distance(self) -> Floats:
        """Straight distance between both ends, m [n]."""
        return _distance(self.first, self.last)

    @property
    def way(self) -> Floats:
        """Length of the path, m [n], with what comes after its last corner."""
        return self.length + _distance(self._corner, self.last)


def _distance(a: Floats, b: Floats) -> Floats:
    apart = b - a
    return np.sqrt(apart[:, 0] * apart[:, 0] + apart[:, 1] * apart[:, 1])


@dataclass(frozen=True, kw_only=True)
class Travelled(Term):
    """A term that is known from the path alone."""

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        senses.check_moves(population, self.name)
        path = Path(population, self.corners)
        return _Read(path, lambda: self.read(path, population.animal.length, seconds))

    @property
    def corners(self) -> float:
        """Time between corners of the path, s; without end where its length is of no interest."""
        return np.inf

    def read(self, path: Path, length: float, seconds: float) -> Floats:
        """The quantity [n] from a path; length of the body, m, and time that was measured, s."""
        raise NotImplementedError


class _Read:
    def __init__(self, path: Path, value: Any) -> None:
        self.observe, self.value = path.observe, value


@dataclass(frozen=True, kw_only=True)
class Speed(Travelled):
    """Mean speed forward, body lengths/s: progress along the world's x axis over the whole time that is measured.

    Whoever falls stays where it fell while the time goes on. On a treadmill the belt counts (`Animal.place`).
    """

    kind: ClassVar[str] = "speed"
    unit: ClassVar[str] = "body lengths/s"
    better: ClassVar[Better | None] = "more"

    def read(self, path: Path, length: float, seconds: float) -> Floats:
        """See `Travelled.read`."""
        return path.progress / (length * seconds)


@dataclass(frozen=True, kw_only=True)
class Distance(Travelled):
    """Straight distance between the beginning and the end, body lengths, in whatever direction."""

    kind: ClassVar[str] = "distance"
    unit: ClassVar[str] = "body lengths"
    better: ClassVar[Better | None] = "more"

    def read(self, path: Path, length: float, seconds: float) -> Floats:
        """See `Travelled.read`."""
        return path.distance / length


@dataclass(frozen=True, kw_only=True)
class Straightness(Travelled):
    """Straight distance between both ends over the length of the path: 1 for a straight line, 0 for a closed loop.

    The straightness index of Batschelet (1981, Circular Statistics in Biology). It is 0 for whoever does not leave its
    place, by less than a hundredth of its body length.

    Attributes:
        every: Time between the corners of the path, s: longer than a stride, whose sway is no detour.
    """

    kind: ClassVar[str] = "straightness"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    every: float = 0.25

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: The time between corners is not positive.
        """
        Term.__post_init__(self)
        if not (np.isfinite(self.every) and self.every > 0.0):
            raise TaskError(f"{self.name!r} takes a corner every {self.every!r} s; give a positive number")

    @property
    def corners(self) -> float:
        """Time between corners of the path, s."""
        return self.every

    def read(self, path: Path, length: float, seconds: float) -> Floats:
        """See `Travelled.read`."""
        way = path.way
        return ratio(path.distance, np.where(way > 0.01 * length, way, 0.0), 0.0)


@dataclass(frozen=True, kw_only=True)
class Froude(Term):
    """Froude number v^2 / (g h): of the mean speed forward v, gravity g, and height of the hip h.

    Animals of different size that move with equal Froude numbers tend to move in similar ways; most walk below 0.5
    (Alexander & Jayes 1983, J Zool 201:135). It is 0 for whoever does not get forward.

    Attributes:
        hip_height: h, m; the mean height of the torso's origin while it is measured if left out, which is right on
            level ground at 0 only.
    """

    kind: ClassVar[str] = "froude"
    unit: ClassVar[str] = "1"
    better: ClassVar[Better | None] = "more"

    hip_height: float | None = None

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            TaskError: The height is not positive.
        """
        Term.__post_init__(self)
        if self.hip_height is not None and not (np.isfinite(self.hip_height) and self.hip_height > 0.0):
            raise TaskError(f"hip_height of {self.name!r} is {self.hip_height!r} m; give a positive number")

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`."""
        return _FroudeMeter(self, population, seconds)


class _FroudeMeter:
    def __init__(self, term: Froude, population: Any, seconds: float) -> None:
        self._term, self._seconds = term, seconds
        senses.check_moves(population, term.name)
        self._path = Path(population, np.inf)
        self._height = None if term.hip_height else population.data.xpos[:, senses.torso(population, term.name), 2]
        self._gravity = float(np.linalg.norm(population.model.opt.gravity))
        self._sum, self._time = np.zeros(population.n), np.zeros(population.n)

    def observe(self, dt: Floats) -> None:
        self._path.observe(dt)
        if self._height is not None:
            self._sum += self._height * dt
            self._time += dt

    def value(self) -> Floats:
        speed = np.maximum(self._path.progress, 0.0) / self._seconds
        height = self._term.hip_height or ratio(self._sum, self._time, 0.0)
        return ratio(speed * speed, self._gravity * np.broadcast_to(height, speed.shape), 0.0)
