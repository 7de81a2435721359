"""A space is tried at its bounds, so that no individual of it is refused later."""

import re
from collections.abc import Callable, Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies import BodyRows
from sns_mujoco.cosim.parameters import ParameterRows
from sns_mujoco.errors import ParameterError, SnsError
from sns_mujoco.learning.spaces.genes import Gene
from sns_mujoco.learning.spaces.genome import Locus
from sns_mujoco.learning.spaces.sources import Sources

# What makes a neural step too long when it is small; everything else does so when it is great.
QUICK = ("capacitance", "time_constant", "tau", "rise_time", "threshold_leak")


def refuse_impossible(sources: Sources, loci: Sequence[Locus], genes: Sequence[Gene]) -> None:
    """Build individuals at the bounds: all least, all greatest, and all as fast as they can be.

    Raises:
        ParameterError: One of them is unstable in its neural step, or its body cannot be built.
    """
    low, high = (np.array([gene.bounds[end] for gene in genes]) for end in (0, 1))
    quick = np.array([is_quick(gene.quantity) for gene in genes])
    corners = np.stack([low, high, np.where(quick, low, high)])
    try:
        if any(locus.of == "body" for locus in loci):
            rows = BodyRows(sources.body, sources.model, len(corners), copies(sources.model, len(corners)))
            rows.set_many([(rows.find(x.quantity, x.patterns), x.values(corners)) for x in loci if x.of == "body"])
        brain = ParameterRows(sources.tables["brain"], len(corners), copies(sources.model, len(corners)))
        for late in (False, True):
            chosen = [locus for locus in loci if locus.of == "brain" and locus.late == late]
            brain.set_many([(brain.find(x.quantity, x.patterns), x.values(corners)) for x in chosen])
    except SnsError as error:
        raise ParameterError(
            f"an individual of this space would be impossible, with genes at their bounds: {told(error)}; narrow the "
            "bounds, or give the animal a shorter neural step"
        ) from error


def is_quick(quantity: str) -> bool:
    """Whether what has a quantity is the faster the smaller that is."""
    return any(word in quantity for word in QUICK)


def told(error: SnsError) -> str:
    """What an error says, without the number of an individual that was only a trial."""
    return re.sub(r"\s*(of |for )?individual \d+(: )?", "", str(error))


def copies(model: mujoco.MjModel, n: int) -> Callable[[str], NDArray]:
    """What binds a field of a model to n copies of it, as `Batch.expand` does."""
    made: dict[str, NDArray] = {}

    def bind(name: str) -> NDArray:
        if name not in made:
            made[name] = np.repeat(np.asarray(getattr(model, name))[None], n, axis=0)
        return made[name]

    return bind
