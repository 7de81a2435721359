"""What a run was asked to do: all that its result depends on."""

import hashlib
import json
import operator
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.errors import RunFolderError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run's result depends on. Threads, workers and interruptions are not among it.

    Attributes:
        animal: What `sns_mujoco.models.load` takes to find it, "" for one that only a program has; None where a user's
            own evaluator knows what it tries.
        task: What it is to do, as plain data; None likewise.
        space: Digest of the parameter space.
        algorithm: Name in `ALGORITHMS`, or what a user's own is called.
        generations: How many.
        popsize: Individuals a generation; None for what the algorithm holds for good.
        seed: Of all random numbers.
        start: Vector where the search starts.
        sigma: First step size, as a share of a gene's range.

    Raises:
        ValueError: A number is out of bounds.
    """

    animal: str | None
    task: Mapping[str, Any] | None
    space: str
    algorithm: str
    generations: int
    popsize: int | None
    seed: int
    start: tuple[float, ...]
    sigma: float

    def __post_init__(self) -> None:
        """Refuse what cannot run."""
        object.__setattr__(self, "generations", whole("generations", self.generations))
        if self.popsize is not None:
            object.__setattr__(self, "popsize", whole("popsize", self.popsize))
        object.__setattr__(self, "seed", checked_seed(self.seed))
        if not 0.0 < self.sigma <= 1.0:
            raise ValueError(f"sigma is {self.sigma:g}; it is a share of a gene's range: give more than 0, at most 1")

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self) | {"start": list(self.start)}

    @property
    def digest(self) -> str:
        """SHA-256 of them all, which tells whether a file of them was changed."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Settings":
        """The settings that `data` came from.

        Raises:
            ValueError: Something is missing, or is not known.
        """
        known = {field.name for field in fields(cls)}
        if set(data) != known:
            raise ValueError(f"settings have {sorted(data)} instead of {sorted(known)}")
        values: dict[str, Any] = {**data, "start": tuple(map(float, data["start"]))}
        return cls(**values)

    def refuse_others(self, where: str, **given: Any) -> None:
        """Refuse to go on with a run under other settings than its own.

        Args:
            where: What the run is called.
            **given: What it is asked for now; None for what is left to the run.

        Raises:
            RunFolderError: Something differs.
        """
        for name, value in given.items():
            own = getattr(self, name)
            if value is not None and value != own:
                shown = name in ("task", "space", "start")
                difference = "another than" if shown else f"{value!r}; it is {own!r} in"
                raise RunFolderError(
                    f"{name} is {difference} the run in {where!r}: leave it out to go on with that run, or begin "
                    "another with --out"
                )


def whole(name: str, number: Any) -> int:
    """A number of things as a whole one, at least 1.

    Raises:
        ValueError: It is none.
    """
    try:
        found = 0 if isinstance(number, bool) else operator.index(number)
    except TypeError:
        found = 0
    if found < 1:
        raise ValueError(f"{name} is {number!r}; give a whole number, at least 1")
    return found
