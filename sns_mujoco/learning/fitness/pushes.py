"""Pushes: forces on a body for a while, drawn from a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import TaskError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A push that has been drawn.

    Attributes:
        begin: Frame in which it begins.
        end: Frame in which it has ended.
        force: In the world's frame, N [3].
    """

    begin: int
    end: int
    force: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A force on the centre of mass of a body, once or again and again. Times are rounded to frames.

    Attributes:
        force: Its size, N.
        at: When pushes begin, s from the beginning of the trial.
        every: Or one push in every so many seconds after settling, each at a time of its own, drawn evenly.
        duration: How long each lasts, s.
        body: On what; the torso if left out.
        direction: In the world's frame, of any length; drawn evenly among horizontal ones, for every push, if left out.

    Raises:
        TaskError: A number is not finite or positive, there are both or neither of `at` and `every`, a push is longer
            than the time from one to the next, or the direction has no length.
    """

    force: float
    at: tuple[float, ...] = ()
    every: float | None = None
    duration: float = 0.1
    body: str = ""
    direction: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        """Check it."""
        object.__setattr__(self, "at", tuple(float(time) for time in np.atleast_1d(np.asarray(self.at, float))))
        if not (np.isfinite(self.force) and self.force >= 0.0 and np.isfinite(self.duration) and self.duration > 0.0):
            raise TaskError(
                f"a push has a force of {self.force!r} N for {self.duration!r} s; give finite numbers, the first 0 or "
                "more, the second positive"
            )
        if bool(self.at) == (self.every is not None):
            raise TaskError("a push has both at and every, or neither; give times (s) or a period (s)")
        if not all(np.isfinite(time) and time >= 0.0 for time in self.at):
            raise TaskError(f"pushes are at {list(self.at)} s; give finite times, 0 or later")
        if self.every is not None and not (np.isfinite(self.every) and self.every >= self.duration):
            raise TaskError(f"a push of {self.duration:g} s comes every {self.every!r} s; give a longer period")
        if self.direction is not None:
            direction = np.asarray(self.direction, float)
            if direction.shape != (3,) or not np.isfinite(direction).all() or not np.linalg.norm(direction) > 0.0:
                raise TaskError(f"direction of a push is {self.direction!r}; give three numbers, not all 0")
            object.__setattr__(self, "direction", tuple(direction.tolist()))

    def draw(self, random: np.random.Generator, *, settle: float, seconds: float, frame: float) -> list[Window]:
        """The pushes of one life.

        Args:
            random: Where they are drawn from.
            settle: Time before pushes that come `every` so often, s.
            seconds: How long the life is, s.
            frame: Time between frames, s.
        """
        times = list(self.at)
        if self.every is not None:
            count = int((seconds - settle) / self.every + 1e-9)
            times = [settle + self.every * k + (self.every - self.duration) * random.random() for k in range(count)]
        windows = []
        for time in times:
            if self.direction is None:
                angle = 2.0 * np.pi * random.random()
                unit = np.array([np.cos(angle), np.sin(angle), 0.0])
            else:
                unit = np.asarray(self.direction) / np.linalg.norm(self.direction)
            begin = round(time / frame)
            x, y, z = (self.force * unit).tolist()
            windows.append(Window(begin=begin, end=begin + max(1, round(self.duration / frame)), force=(x, y, z)))
        return windows
