"""Quantities that are drawn for one population: what individuals are by themselves, and what was drawn around it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.parameters import ParameterRows
from sns_mujoco.errors import ParameterError, SnsError
from sns_mujoco.learning.randomisation.random import Random
from sns_mujoco.learning.spaces.limits import copies, is_quick, told
from sns_mujoco.learning.spaces.sources import Target

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

Floats = NDArray[np.float64]


class Lot:
    """What is drawn of one quantity.

    Attributes:
        random: How it is drawn.
        of_body: Whether the body has it; otherwise the brain.
        parameter: What is drawn.
        own: What each individual is by itself [n, k].
        made: What it was made [n, k].
    """

    def __init__(self, place: int, random: Random, population: "Population", stream: int) -> None:
        """Find what is drawn, with its place among all that is, of which and of `stream` its seeds are made.

        Raises:
            UnknownNameError: There is no such thing.
            ParameterError: What may be drawn is physically impossible for the animal as it is described.
        """
        self.random, self._place, self._stream = random, place, stream
        self.parameter: Any
        self._owner: Any
        self._owner, self.parameter = population.find(random.quantity, random.pattern)
        if self.parameter.shared:
            raise ParameterError(f"{self.label}: {self.parameter.shared}")
        self.of_body = not isinstance(self._owner, ParameterRows)
        self.own = np.tile(self.parameter.values, (population.n, 1))
        self.made = self.own.copy()
        self._check()

    @property
    def label(self) -> str:
        """How messages name it."""
        return f"random {self.random.quantity!r} of {self.random.pattern!r}"

    def drawn(self, ids: NDArray[np.int32], seeds: list[int]) -> Floats:
        """Values of individuals [m, k], drawn from their seeds."""
        # what was changed since it was made here is what an individual is by itself
        now = self._owner.get(self.parameter, ids)
        own = self.own[ids] = np.where(now == self.made[ids], self.own[ids], now)
        values = np.empty_like(own)
        for row, seed in enumerate(seeds):
            random = np.random.default_rng((seed, self._stream, self._place))
            values[row] = self.random.applied(own[row], self.random.draw(random, len(self.parameter.names)))
        return values

    def remember(self, ids: NDArray[np.int32]) -> None:
        """Note what individuals were made."""
        self.made[ids] = self._owner.get(self.parameter, ids)

    def ends(self) -> Floats:
        """The least and the greatest that may be drawn around what is described [2, k]."""
        count = len(self.parameter.names)
        return np.stack([self.random.applied(self.parameter.values, np.full(count, x)) for x in self.random.ends()])

    def _check(self) -> None:
        parameter = self.parameter
        for values in self.ends():
            wrong = (values < parameter.least) | (values > parameter.greatest)
            wrong |= parameter.above & (values == parameter.least)
            if wrong.any():
                k = int(np.argmax(wrong))
                least = f"more than {parameter.least[k]:g}" if parameter.above[k] else f"{parameter.least[k]:g}"
                raise ParameterError(
                    f"{self.label} can make that of {parameter.names[k]!r} {values[k]:g}; allowed is {least} to "
                    f"{parameter.greatest[k]:g}. Give narrower bounds, a smaller spread, or scale='log'"
                )


def refuse_impossible(lots: Sequence[Lot], population: "Population") -> None:
    """Try what may be drawn at its ends, so that no reset is refused later.

    Raises:
        ParameterError: Two draw the same thing; or the animal as it is described could not be with what they draw.
    """
    taken: dict[Any, Lot] = {}
    for lot in lots:
        keys = Target(of="body" if lot.of_body else "brain", parameter=lot.parameter).keys
        for key, name in zip(keys, lot.parameter.names, strict=True):
            other = taken.setdefault(key, lot)
            if other is not lot:
                raise ParameterError(
                    f"{other.label} and {lot.label} both draw the {lot.parameter.quantity} of {name!r}; make the "
                    "patterns exclude each other"
                )
    body = [(lot.parameter, lot.ends()) for lot in lots if lot.of_body]
    # all least, all greatest, and all as fast as they can be
    brain = [(x.parameter, x.ends()[[0, 1, 0 if is_quick(x.parameter.quantity) else 1]]) for x in lots if not x.of_body]
    try:
        for end in (0, 1) if body else ():
            population.body.prepared([(parameter, ends[end]) for parameter, ends in body], [0])
        if brain:
            ParameterRows(population.parameters, 3, copies(population.model, 3)).set_many(brain)
    except SnsError as error:
        raise ParameterError(
            f"what is drawn would make an impossible individual at its ends: {told(error)}; give narrower bounds or a "
            "smaller spread, or give the animal a shorter neural step"
        ) from error
