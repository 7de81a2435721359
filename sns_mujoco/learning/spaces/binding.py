"""Values of genes written into the rows of a population."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.selecting import Individuals, select
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.learning.spaces.genome import Locus

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

Floats = NDArray[np.float64]
Bound = tuple[Locus, Any]  # with the parameter of the population


class Binding:
    """The parameters of a population that genes set. It does not hold the population, which shall end when it does."""

    def __init__(self, animal: str, loci: Sequence[Locus], population: "Population") -> None:
        """Find them.

        Raises:
            ParameterError: The population is of another animal, or was made of a model alone.
        """
        own = population.animal.name if population.animal is not None else animal
        if own != animal:
            raise ParameterError(
                f"the population is of {own!r}, and the space of {animal!r}; make it of that one: "
                "Population(space.base, n, space=space)"
            )
        brain, late, body = [], [], []
        for locus in loci:
            place = body if locus.of == "body" else late if locus.late else brain
            place.append((locus, _parameter(animal, locus, population)))
        self._brain: list[list[Bound]] = [bound for bound in (brain, late) if bound]
        self._body: list[Bound] = body

    def write(self, population: "Population", values: Floats, ids: Individuals | None) -> None:
        """Write values of all genes, of one individual for all [d] or of each [m, d].

        Args:
            population: The population.
            values: The values.
            ids: Of which individuals; all if left out.

        Raises:
            ParameterError: There are not as many as individuals.
            IndexError: There is no such individual.
        """
        chosen = select(ids, population.n)
        if values.ndim == 2 and len(values) != len(chosen):
            raise ParameterError(
                f"there are {len(values)} vectors for {len(chosen)} individuals; give one for each, or one for all"
            )
        whole = None if ids is None else chosen  # all at once is faster
        finish = population.body.prepared(self._given(self._body, values), whole) if self._body else None
        for bound in self._brain:
            population.rows.set_many(self._given(bound, values), whole)
        if finish is not None:
            finish()

    def _given(self, bound: list[Bound], values: Floats) -> list[tuple[Any, Floats]]:
        return [(parameter, locus.values(values)) for locus, parameter in bound]


def _parameter(animal: str, locus: Locus, population: "Population") -> Any:
    """The parameter of a population that is meant by a locus."""
    try:
        rows: Any = population.body if locus.of == "body" else population.rows
        found = rows.find(locus.quantity, locus.patterns)
    except UnknownNameError as error:
        raise ParameterError(f"the population has no {locus.quantity} as {animal!r} has it: {error}") from error
    same = found.names == locus.names and np.array_equal(np.asarray(found.values), locus.described)
    if not same:
        raise ParameterError(
            f"the {locus.quantity} of {locus.names[0]!r} is not as this space knows it of {animal!r}; make the "
            "population of the same animal and terrain: Population(space.base, n, terrain=space.terrain, space=space)"
        )
    if found.shared:
        raise ParameterError(f"{found.shared}; or make the population with space=")
    return found
