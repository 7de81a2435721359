"""What all experiments are told alike: the animal, its ground, its commands, its seeds."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from os import PathLike
from typing import TYPE_CHECKING, Any

from sns_mujoco.cosim.brain import find_brains
from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.population.origin import processors
from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.errors import ExperimentError, unknown_name

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

Seeds = int | Sequence[int]
PACKAGES = ("sns-mujoco", "mujoco", "numpy", "numba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Under which conditions an experiment is made.

    Attributes:
        animal: The animal.
        terrain: What it lives on.
        terrain_seed: Seed of the terrain.
        commands: Value of each command.
        settle: Simulated time before anything is done or measured, s.
        seeds: Of the poses and noises, one for each repetition.
        threads: Threads that step the animals.
    """

    animal: "Animal"
    terrain: str
    terrain_seed: int
    commands: dict[str, float]
    settle: float
    seeds: tuple[int, ...]
    threads: int

    @classmethod
    def of(
        cls, animal: "Animal | str | PathLike[str]", *, terrain: str | None = None, terrain_seed: int = 0,
        commands: Mapping[str, float] | None = None, settle: float, seeds: Seeds, threads: int = 0,
    ) -> "Setting":  # fmt: skip
        """Check what a user gave.

        Args:
            animal: What `sns_mujoco.models.load` takes.
            terrain: One of its terrains; the first if left out.
            terrain_seed: Seed of the terrain.
            commands: Commands and probes that differ from what it cruises at.
            settle: See above.
            seeds: How many, from 0 on; or which.
            threads: 0 for as many as there are processors for this process.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: A number is out of bounds.
        """
        from sns_mujoco.models import load

        animal = load(animal)
        if terrain is not None and terrain not in animal.terrains:
            raise unknown_name("terrain", terrain, animal.terrains, f"animal {animal.name!r}")
        return cls(
            animal=animal,
            terrain=terrain or animal.terrains[0],
            terrain_seed=checked_seed(terrain_seed),
            commands=animal.cruise | _checked(animal, commands or {}),
            settle=positive(settle, "settle", "s"),
            seeds=_seeds(seeds),
            threads=counted(threads, "threads", 0) or processors(),
        )

    @property
    def grounded(self) -> bool:
        """Whether it stands or moves on ground."""
        return self.animal.grounded(self.terrain)

    @property
    def walks(self) -> bool:
        """Whether it moves over ground, so that it has a speed."""
        return self.grounded and self.animal.moves

    def must_walk(self, what: str) -> None:
        """Refuse an animal that does not move over ground.

        Raises:
            ExperimentError: It does not.
        """
        if not self.walks:
            able = [name for name in self.animal.terrains if self.animal.moves and self.animal.grounded(name)]
            remedy = f"choose the terrain {' or '.join(map(repr, able))}" if able else "choose an animal that walks"
            raise ExperimentError(
                f"{what} is of animals that move over ground, and {self.animal.name!r} on {self.terrain!r} does not; "
                f"{remedy}"
            )

    def rhythm(self, given: str | Sequence[str] | None = None) -> tuple[str, ...]:
        """Neurons whose bursts tell the rhythm, the first of them its phase.

        Args:
            given: Those that a user named; the animal's own if left out: those of its `rhythm`, or else the neuron of
                its first readout.

        Raises:
            UnknownNameError: There is no such neuron.
            ExperimentError: The animal names none.
        """
        animal = self.animal
        readouts = [readout.neuron for readout in animal.readouts if readout.neuron]
        names = (given,) if isinstance(given, str) else tuple(given or animal.rhythm or readouts[:1])
        if not names:
            raise ExperimentError(
                f"{animal.name!r} names no neurons of its rhythm; name the neuron whose bursts tell it (reference=)"
            )
        return self.named(names)

    def named(self, names: Sequence[str]) -> tuple[str, ...]:
        """Neurons that a user named, each once.

        Raises:
            UnknownNameError: There is no such neuron.
        """
        known = self.neurons
        for name in names:
            if name not in known:
                raise unknown_name("neuron", name, known, f"animal {self.animal.name!r}")
        return tuple(dict.fromkeys(names))

    @property
    def neurons(self) -> tuple[str, ...]:
        """Names of all neurons of the animal."""
        return tuple(self.animal.network().to_program(dt=self.animal.dt).neuron_names)

    def motor_neurons(self) -> tuple[str, ...]:
        """Names of the neurons that drive actuators."""
        brain = find_brains(self.animal.build(terrain=self.terrain, seed=self.terrain_seed).compile())
        terms = [name for only in brain.values() for efferent in only.efferent_details for name, _ in efferent.terms]
        known = set(self.neurons)
        return tuple(name for name in dict.fromkeys(terms) if name in known)

    def described(self) -> dict[str, Any]:
        """What makes the experiment again, as plain data, with versions."""
        from sns_mujoco.models import reference

        return {
            "animal": reference(self.animal) or self.animal.name,
            "terrain": self.terrain,
            "terrain_seed": self.terrain_seed,
            "commands": dict(self.commands),
            "settle_s": self.settle,
            "seeds": list(self.seeds),
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """Versions that a result may depend on."""
    return {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}}


def positive(value: Any, what: str, unit: str, *, zero: bool = False) -> float:
    """A positive finite number.

    Args:
        value: What was given.
        what: What it is, for the error.
        unit: Its unit.
        zero: Whether it may be 0.

    Raises:
        ValueError: It is none.
    """
    number = isinstance(value, int | float) or hasattr(value, "dtype")
    if not number or not (0.0 < float(value) < float("inf") or (zero and value == 0)):
        raise ValueError(f"{what} is {value!r} {unit}; give {'0 or more' if zero else 'more than 0'}")
    return float(value)


def _seeds(given: Seeds) -> tuple[int, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        found = tuple(checked_seed(seed) for seed in given)
        if not found or len(set(found)) < len(found):
            raise ValueError(f"seeds are {given!r}; give at least one, and each once")
        return found
    return tuple(range(counted(given, "seeds, how many repetitions,", 1)))


def _checked(animal: "Animal", commands: Mapping[str, float]) -> dict[str, float]:
    known = animal.commands | animal.probes
    for name, value in commands.items():
        if name not in known:
            raise unknown_name("command", name, known, f"animal {animal.name!r}")
        low, high = known[name]
        if not low <= value <= high:
            raise ValueError(f"{name} is {value!r}; give {low:g} to {high:g}")
    return {name: float(value) for name, value in commands.items()}
