"""What individuals have to go through: the ground, commands, pushes, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.fitness.term import AnyTerm

Schedule = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One life that every individual lives, once for each seed.

    Attributes:
        terrain: One of the animal's; its first if left out.
        terrain_seed: Seed of the terrain: the same ground for all.
        commands: Values of descending commands or probes, or what they are set to when: [(time (s), value), ...].
            What is left out stays 0; without any, they are those of the animal's `cruise`.
        seconds: How long it lasts in all, s.
        settle: How much of that is not measured at the beginning, s.
        pushes: What disturbs it.
        terms: What is measured in it, in place of what the task measures in every trial.
        weight: What it counts among the trials of its task.

    Raises:
        TaskError: A number is not finite, or makes no sense.
    """

    terrain: str | None = None
    terrain_seed: int = 0
    commands: Mapping[str, Schedule] | Mapping[str, float] | None = field(default=None)
    seconds: float = 5.0
    settle: float = 1.0
    pushes: tuple[Push, ...] = ()
    terms: tuple[AnyTerm, ...] | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Bring commands into one form, and check."""
        if not (np.isfinite(self.seconds) and np.isfinite(self.settle) and 0.0 <= self.settle < self.seconds):
            raise TaskError(
                f"a trial lasts {self.seconds!r} s, of which {self.settle!r} s settle; give finite times, and leave "
                "some to be measured"
            )
        if not (np.isfinite(self.weight) and self.weight > 0.0):
            raise TaskError(f"weight of a trial is {self.weight!r}; give a positive number")
        if isinstance(self.terrain_seed, bool) or not isinstance(self.terrain_seed, int) or self.terrain_seed < 0:
            raise TaskError(f"terrain_seed is {self.terrain_seed!r}; give a whole number, 0 or more")
        object.__setattr__(self, "pushes", tuple(self.pushes))
        if self.terms is not None:
            object.__setattr__(self, "terms", tuple(self.terms))
        self._check_pushes()
        if self.commands is not None:
            if not isinstance(self.commands, Mapping):
                raise TaskError(f"commands of a trial are {self.commands!r}; give a value or a schedule for each name")
            object.__setattr__(self, "commands", {name: _schedule(name, v) for name, v in self.commands.items()})

    def _check_pushes(self) -> None:
        """Refuse pushes that would never come."""
        for push in self.pushes:
            if push.every is not None:
                never, when = push.every > self.seconds - self.settle, f"every {push.every:g} s"
            else:
                never, when = max(push.at) >= self.seconds, f"at {max(push.at):g} s"
            if never:
                raise TaskError(
                    f"a push comes {when}; the trial lasts {self.seconds:g} s, of which {self.settle:g} s settle: let "
                    "it come earlier, or the trial last longer"
                )

    def schedules(self, cruise: Mapping[str, float]) -> dict[str, Schedule]:
        """When each command is set to what; those of `cruise` where the trial has none."""
        given = cruise if self.commands is None else self.commands
        return {name: _schedule(name, values) for name, values in given.items()}


def _schedule(name: str, values: object) -> Schedule:
    """(time, value) in the order of time; a single number holds from the beginning."""
    try:
        table = np.asarray(values, float)
    except (TypeError, ValueError):
        table = np.empty(0)
    table = np.array([[0.0, float(table)]]) if table.ndim == 0 else table
    rises = table.ndim == 2 and table.shape[1:] == (2,) and len(table) and (np.diff(table[:, 0]) > 0.0).all()
    if not rises or not np.isfinite(table).all() or table[0, 0] < 0.0:
        raise TaskError(
            f"command {name!r} is {values!r}; give a finite number, or pairs of a time (s, rising) and a value"
        )
    return tuple(zip(*table.T.tolist(), strict=True))
