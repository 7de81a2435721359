"""Vectors: every gene between 0 and 1, and back to its values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.spaces.genes import Gene

Floats = NDArray[np.float64]


class Coding:
    """How values of genes are written as numbers from 0 to 1: by their bounds and scale.

    Attributes:
        origin: The vector that is closest to the described animal [d].
    """

    def __init__(self, genes: Sequence[Gene]) -> None:
        """Take bounds, scales and described values of all genes."""
        self._genes = genes
        self._bounds = np.array([gene.bounds for gene in genes]).T
        self._log = np.array([gene.scale == "log" for gene in genes])
        self._ends = self._scaled(self._bounds)
        self._described = np.array([gene.origin for gene in genes])
        self.origin = self._unit(self._described)
        self.origin.flags.writeable = False

    def to_unit(self, values: Floats) -> Floats:
        """Vectors [..., d] of values [..., d].

        Raises:
            ParameterError: A value is out of bounds, or not finite.
        """
        low, high = self._bounds
        wrong = ~((values >= low) & (values <= high))
        if wrong.any():
            place = tuple(np.argwhere(wrong)[0])
            gene = self._genes[place[-1]]
            raise ParameterError(
                f"gene {gene.name!r} is given {values[place]:g}; give {gene.bounds[0]:g} to {gene.bounds[1]:g}"
            )
        return np.where(values == self._described, self.origin, self._unit(values))

    def to_values(self, vectors: Floats) -> Floats:
        """Values [..., d] of vectors [..., d]; at the bounds and at the origin these, to the bit."""
        values = self._ends[0] + vectors * (self._ends[1] - self._ends[0])
        values = np.where(self._log, np.exp(np.where(self._log, values, 0.0)), values)
        low, high = self._bounds
        values = np.where(vectors == 0.0, low, np.where(vectors == 1.0, high, np.clip(values, low, high)))
        return np.where(vectors == self.origin, self._described, values)

    def _unit(self, values: Floats) -> Floats:
        return np.clip((self._scaled(values) - self._ends[0]) / (self._ends[1] - self._ends[0]), 0.0, 1.0)

    def _scaled(self, values: Floats) -> Floats:
        return np.where(self._log, np.log(np.where(self._log, values, 1.0)), values)


def checked(vectors: Any, genes: Sequence[Gene]) -> Floats:
    """Vectors as float64 [d] or [m, d].

    Raises:
        ParameterError: They are of another shape, or a number is not between 0 and 1; names the gene.
    """
    given = shaped(vectors, genes)
    wrong = ~((given >= 0.0) & (given <= 1.0))
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0])
        row = "the vector" if len(place) == 1 else f"vector {place[0]}"
        raise ParameterError(
            f"{row} has {given[place]:g} for gene {genes[place[-1]].name!r}; vectors go from 0 (least) to 1 "
            "(greatest): make them with .to_vector, or .clip them"
        )
    return given


def shaped(vectors: Any, genes: Sequence[Gene]) -> Floats:
    """Vectors as float64 [d] or [m, d], of whatever numbers.

    Raises:
        ParameterError: They are of another shape, or no numbers.
    """
    try:
        given = np.asarray(vectors, float)
    except (TypeError, ValueError):
        raise ParameterError(f"a vector is {vectors!r}; give numbers of shape ({len(genes)},)") from None
    if given.ndim not in (1, 2) or given.shape[-1] != len(genes):
        raise ParameterError(
            f"vectors have shape {given.shape}; this space has {len(genes)} genes: give ({len(genes)},), or "
            f"(m, {len(genes)}) for m individuals"
        )
    return given


def folded(vectors: Floats) -> Floats:
    """Numbers on the line reflected at 0 and 1 until they are between."""
    return 1.0 - np.abs(1.0 - np.mod(vectors, 2.0))
