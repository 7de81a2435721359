"""What is drawn anew whenever an individual of a population begins a life: `Randomisation`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.randomisation.random import Random
from sns_mujoco.learning.randomisation.shoves import Shoves

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

Floats = NDArray[np.float64]
STREAM = 0x5EED  # keeps what is drawn here apart from what an animal's start draws from the same seed


class Randomisation:
    """Quantities and pushes that are drawn anew for every individual at each of its resets.

    What is drawn follows from the seed with which the individual is reset and from nothing else, so it is the same
    wherever in a population the individual stands.

        Population("hexapod", 256, randomise=Randomisation([
            Random("mass", "torso", bounds=(0.8, 1.2)),
            Random("friction", "*_foot", bounds=(0.5, 2.0), scale="log", together=True),
            Random("gain", "JointAngle*", spread=0.1),
            Push(force=0.01, every=2.0),
        ]))

    Attributes:
        parts: What is drawn.
    """

    def __init__(self, parts: Iterable[Random | Push]) -> None:
        """Collect what is to be drawn.

        Raises:
            ParameterError: Something is neither a `Random` nor a `Push`, or there is nothing.
        """
        self.parts = tuple(parts)
        for part in self.parts:
            if not isinstance(part, Random | Push):
                raise ParameterError(f"{part!r} cannot be randomised; give Random and Push")
        if not self.parts:
            raise ParameterError("a randomisation of nothing; give at least one Random or Push")

    @property
    def quantities(self) -> frozenset[str]:
        """Names of the quantities that are drawn."""
        return frozenset(part.quantity for part in self.parts if isinstance(part, Random))

    def of(self, population: "Population") -> "Draws":
        """What draws for a population.

        Raises:
            UnknownNameError: A pattern matches nothing, or there is no such body.
            ParameterError: What may be drawn is physically impossible for the animal as it is described.
        """
        return Draws(self.parts, population)


class Draws:
    """Draws for one population, and remembers what individuals were before."""

    def __init__(self, parts: tuple[Random | Push, ...], population: "Population") -> None:
        """Find what is to be drawn."""
        self._population = population
        self._lots = [_Lot(i, p, population) for i, p in enumerate(parts) if isinstance(p, Random)]
        pushes = [(i, p) for i, p in enumerate(parts) if isinstance(p, Push)]
        self._shoves = Shoves(pushes, population, STREAM) if pushes else None

    def begin(self, ids: NDArray[np.int32], seeds: list[int]) -> None:
        """Draw for individuals that begin a life with these seeds, and write it into their numbers.

        Raises:
            ParameterError: What was drawn is physically impossible; nothing has changed then.
            TimeStepError: The neural step would be unstable with it.
        """
        changes: dict[int, tuple[Any, list]] = {}
        for lot in self._lots:
            values = lot.drawn(ids, seeds)
            changes.setdefault(id(lot.owner), (lot.owner, []))[1].append((lot.parameter, values))
        for owner, given in changes.values():
            owner.set_many(given, ids)
        for lot in self._lots:
            lot.remember(ids)

    def act(self, ids: NDArray[np.int32] | None) -> int | None:
        """Push individuals as they are to be pushed now; for how many physics steps that holds, None for ever."""
        return None if self._shoves is None else self._shoves.act(ids)

    def kept(self, ids: NDArray[np.int32]) -> list[tuple[Floats, Floats]]:
        """What individuals were before they were changed, and what they were made."""
        return [(lot.own[ids], lot.made[ids]) for lot in self._lots]

    def put_back(self, kept: list[tuple[Floats, Floats]] | None, ids: NDArray[np.int32]) -> None:
        """Take back what was kept; None for individuals as they are described."""
        for i, lot in enumerate(self._lots):
            lot.own[ids], lot.made[ids] = (lot.parameter.values,) * 2 if kept is None else kept[i]


class _Lot:
    """What is drawn of one quantity."""

    def __init__(self, place: int, random: Random, population: "Population") -> None:
        self.random, self._place = random, place
        self.owner: Any
        self.parameter: Any
        self.owner, self.parameter = population.find(random.quantity, random.pattern)
        self.own = np.tile(self.parameter.values, (population.n, 1))
        self.made = self.own.copy()
        self._check()

    def drawn(self, ids: NDArray[np.int32], seeds: list[int]) -> Floats:
        """Values of individuals [m, k], drawn from their seeds."""
        # what was changed since it was made here is what an individual is by itself
        now = self.owner.get(self.parameter, ids)
        own = self.own[ids] = np.where(now == self.made[ids], self.own[ids], now)
        values = np.empty_like(own)
        for row, seed in enumerate(seeds):
            random = np.random.default_rng((seed, STREAM, self._place))
            values[row] = self.random.applied(own[row], self.random.draw(random, len(self.parameter.names)))
        return values

    def remember(self, ids: NDArray[np.int32]) -> None:
        """Note what individuals were made."""
        self.made[ids] = self.owner.get(self.parameter, ids)

    def _check(self) -> None:
        parameter = self.parameter
        for end in self.random.ends():
            values = self.random.applied(parameter.values, np.full(len(parameter.names), end))
            wrong = np.flatnonzero((values < parameter.least) | (values > parameter.greatest))
            if wrong.size:
                k = wrong[0]
                raise ParameterError(
                    f"random {self.random.quantity!r} of {self.random.pattern!r} can make that of "
                    f"{parameter.names[k]!r} {values[k]:g}; allowed is {parameter.least[k]:g} to "
                    f"{parameter.greatest[k]:g}. Give narrower bounds, a smaller spread, or scale='log'"
                )
