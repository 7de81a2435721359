"""What is drawn anew whenever an individual of a population begins a life: `Randomisation`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.randomisation.lots import Lot, refuse_impossible
from sns_mujoco.learning.randomisation.random import Random
from sns_mujoco.learning.randomisation.shoves import Shoves
from sns_mujoco.learning.spaces.sources import room_for_delays

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population
    from sns_mujoco.models import Animal

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
        if not isinstance(parts, Iterable):
            raise ParameterError(f"{parts!r} is no list; give a list of Random and Push")
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

    def greatest_delay(self, animal: "Animal") -> float | None:
        """Room that delays need which may be drawn for an animal as it is described, ms; None where none are drawn."""
        return room_for_delays(animal, [part.varying() for part in self.parts if isinstance(part, Random)])

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
        self._lots = [Lot(i, p, population, STREAM) for i, p in enumerate(parts) if isinstance(p, Random)]
        refuse_impossible(self._lots, population)
        pushes = [(i, p) for i, p in enumerate(parts) if isinstance(p, Push)]
        self._shoves = Shoves(pushes, population, STREAM) if pushes else None

    def begin(self, ids: NDArray[np.int32], seeds: list[int]) -> None:
        """Draw for individuals that begin a life with these seeds, and write it into their numbers.

        Raises:
            ParameterError: What was drawn is physically impossible; nothing has changed then.
            TimeStepError: The neural step would be unstable with it.
        """
        body, brain = [], []
        for lot in self._lots:
            (body if lot.of_body else brain).append((lot.parameter, lot.drawn(ids, seeds)))
        finish = self._population.body.prepared(body, ids) if body else None
        if brain:
            self._population.rows.set_many(brain, ids)
        if finish is not None:
            finish()
        for lot in self._lots:
            lot.remember(ids)

    def act(self, ids: NDArray[np.int32] | None) -> int | None:
        """Push individuals as they are to be pushed now; for how many physics steps that holds, None for ever."""
        return None if self._shoves is None else self._shoves.act(ids)

    def kept(self, ids: NDArray[np.int32]) -> dict[Random, tuple[Floats, Floats]]:
        """What individuals were before they were changed, and what they were made, by what is drawn."""
        return {lot.random: (lot.own[ids], lot.made[ids]) for lot in self._lots}

    def put_back(self, kept: dict[Random, tuple[Floats, Floats]] | None, ids: NDArray[np.int32]) -> None:
        """Take back what was kept; what was not drawn there is what individuals are by themselves."""
        for lot in self._lots:
            lot.own[ids], lot.made[ids] = (kept or {}).get(lot.random, (lot.parameter.values,) * 2)
