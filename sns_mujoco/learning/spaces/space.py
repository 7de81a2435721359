"""`ParameterSpace`: what may vary of an animal, as vectors of numbers from 0 to 1."""

import weakref
from collections.abc import Iterable, Mapping
from functools import cached_property
from numbers import Real
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.errors import ParameterError, unknown_name
from sns_mujoco.learning.spaces import digests, tables
from sns_mujoco.learning.spaces.binding import Binding
from sns_mujoco.learning.spaces.genome import checked_varied, genome
from sns_mujoco.learning.spaces.limits import refuse_impossible
from sns_mujoco.learning.spaces.sources import Sources, room_for_delays
from sns_mujoco.learning.spaces.variant import Change, variant
from sns_mujoco.learning.spaces.vary import Vary
from sns_mujoco.learning.spaces.vectors import Coding, checked, folded, shaped

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population
    from sns_mujoco.cosim.selecting import Individuals
    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]
FORMAT = "sns-mujoco parameter space 1"
SPREAD = 0.1  # of samples around a vector, in widths of the bounds


class ParameterSpace:
    """What may vary of an animal: its genes, and individuals as vectors of them.

        space = ParameterSpace("hexapod", [Vary("g_max", "*hold->*trigger", bounds=(0.05, 1.0), tie="all")])
        vectors = space.sample(32, seed=1)  # [32, 1]: each gene from 0 (its least value) to 1 (its greatest)
        population = Population(space.base, 32, space=space)
        space.apply(population, vectors)
        seventh = space.animal(vectors[7])  # to run, to film, to examine, to make an environment of

    An individual of the population and the animal made of the same vector live the same, bit for bit.

    Attributes:
        base: The animal as it is described.
        terrain: The terrain on which the parts of its body were looked up.
        varied: What may vary.
        genes: The genes, in the order of vectors.
        apart: Quantities of the network that individuals have of their own, as `attach(apart=...)` takes them.
        greatest_delay: Room that delays need, ms, as `attach(greatest_delay=...)` takes it; None where none vary.
    """

    def __init__(
        self, animal: "Animal | str | PathLike[str]", varied: Iterable[Vary], *, terrain: str | None = None
    ) -> None:
        """Find everything that may vary.

        Args:
            animal: An animal, or what `sns_mujoco.models.load` finds one by.
            varied: What may vary of it.
            terrain: One of its terrains, where parts of its body depend on that; its first if left out.

        Raises:
            UnknownNameError: There is no such animal, terrain or quantity, or a pattern matches nothing that has it.
            ParameterError: Bounds go beyond what physics or the neural step allows, two genes set one parameter, a gene
                would change nothing, or nothing may vary.
        """
        self.varied = checked_varied(varied)
        from sns_mujoco.models import load

        animal = load(animal)
        self.base = animal
        self.terrain = animal.terrains[0] if terrain is None else terrain
        self.greatest_delay = room_for_delays(animal, self.varied)
        sources = Sources(animal, self.terrain, self.greatest_delay)
        found = genome(sources, self.varied)
        refuse_impossible(sources, found.loci, found.genes)
        self.genes, self._loci = found.genes, found.loci
        self.apart = found.apart
        self._coding = Coding(self.genes)
        self._bindings: weakref.WeakKeyDictionary[Population, Binding] = weakref.WeakKeyDictionary()

    @property
    def size(self) -> int:
        """Number of genes, d."""
        return len(self.genes)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the genes."""
        return tuple(gene.name for gene in self.genes)

    @property
    def values(self) -> dict[str, float]:
        """Values of the genes at `origin`, by name."""
        return {gene.name: gene.origin for gene in self.genes}

    @property
    def origin(self) -> Floats:
        """The vector of the described animal [d], or the closest where values are out of bounds or tied ones differ."""
        return self._coding.origin

    def to_vector(self, values: Mapping[str, ArrayLike] | None = None) -> Floats:
        """The vector of values of genes.

        Args:
            values: Values by name of the gene, each a number, or for m individuals an array [m]; genes that are left
                out are as in `origin`.

        Returns:
            Float64 [d], or [m, d] where a value is an array.

        Raises:
            UnknownNameError: There is no such gene.
            ParameterError: A value is out of bounds or no finite number.
        """
        if not isinstance(values, Mapping | None):
            raise ParameterError(f"values of genes are {values!r}; give a dict of values by name")
        given = dict(values or {})
        for name in given:
            if name not in self.names:
                raise unknown_name("gene", name, self.names, f"the parameter space of {self.base.name!r}")
        try:
            columns = [np.asarray(given.get(gene.name, gene.origin), float) for gene in self.genes]
        except (TypeError, ValueError):
            raise ParameterError(f"values of genes are {given!r}; give numbers, or arrays [m]") from None
        shapes = {column.shape for column in columns} - {()}
        if len(shapes) > 1 or any(len(shape) > 1 for shape in shapes):
            raise ParameterError(f"values of genes have the shapes {sorted(shapes)}; give numbers, or arrays [m]")
        return self._coding.to_unit(np.stack(np.broadcast_arrays(*columns), axis=-1))

    def from_vector(self, vector: ArrayLike) -> dict[str, Any]:
        """Values of all genes by name: numbers of a vector [d], arrays [m] of vectors [m, d].

        Raises:
            ParameterError: It is none of this space.
        """
        values = self._coding.to_values(self.checked(vector))
        return dict(zip(self.names, values.tolist() if values.ndim == 1 else values.T.copy(), strict=True))

    def checked(self, vectors: ArrayLike) -> Floats:
        """Vectors of this space, float64 [d] or [m, d].

        Raises:
            ParameterError: They have another shape, or a number that is not between 0 and 1.
        """
        return checked(vectors, self.genes)

    def clip(self, vectors: ArrayLike) -> Floats:
        """Vectors [d] or [m, d] with every number brought between 0 and 1.

        Raises:
            ParameterError: They have another shape, or a number is nan.
        """
        return self.checked(np.clip(shaped(vectors, self.genes), 0.0, 1.0))

    def sample(self, m: int, *, seed: int, around: ArrayLike | None = None, spread: float = SPREAD) -> Floats:
        """Draw vectors.

        Args:
            m: How many.
            seed: Seed of the draw.
            around: A vector [d] to draw around; if left out, the whole space is drawn from evenly.
            spread: Standard deviation around it, 1 being from bound to bound; what goes beyond 0 or 1 is reflected.

        Returns:
            Float64 [m, d].

        Raises:
            ParameterError: `around` is no vector of this space.
            ValueError: m is no whole number above 0, the seed is none, or the spread is negative or not finite.
        """
        shape = counted(m, "m, the number of vectors,", 1), self.size
        if not isinstance(spread, Real) or not 0.0 <= spread < np.inf:
            raise ValueError(f"spread is {spread!r}; give a number of 0 or more")
        rng = np.random.default_rng(checked_seed(seed))
        if around is None:
            return rng.random(shape)
        return folded(self._one(around) + spread * rng.standard_normal(shape))

    def apply(self, population: "Population", vectors: ArrayLike, ids: "Individuals | None" = None) -> None:
        """Give individuals of a population the parameters of vectors; their states stay as they are.

        Args:
            population: Of the same animal, its individuals having these numbers of their own: `space=` of `Population`
                sees to that.
            vectors: One for each individual [m, d], or one for all of them [d].
            ids: The individuals, as indices in the order of the vectors or as a mask [n]; all if left out.

        Raises:
            ParameterError: The vectors are none of this space or not as many as the individuals, or the population is
                of something else; nothing has changed then.
            IndexError: There is no such individual.
        """
        vectors = self.checked(vectors)
        if population not in self._bindings:
            self._bindings[population] = Binding(self.base.name, self._loci, population)
        self._bindings[population].write(population, self._coding.to_values(vectors), ids)

    def animal(self, vector: ArrayLike) -> "Animal":
        """The animal with the parameters of a vector [d].

        Raises:
            ParameterError: The vector is none of this space.
        """
        return variant(self.base, self.changes(vector), terrain=self.terrain)

    def changes(self, vector: ArrayLike) -> tuple[Change, ...]:
        """Everything that a vector [d] sets, number by number.

        Raises:
            ParameterError: The vector is none of this space.
        """
        of_genes = self._coding.to_values(self._one(vector))
        return tuple(
            Change(of=part, quantity=locus.quantity, name=name, value=value)
            for locus in sorted(self._loci, key=lambda locus: locus.late)
            for part, name, value in zip(locus.parts, locus.names, locus.values(of_genes).tolist(), strict=True)
        )

    def table(self, vector: ArrayLike | None = None) -> list[dict[str, Any]]:
        """The genes, one dict each: name, quantity, unit, what is described, bounds, scale, members.

        Args:
            vector: An individual [d] whose values to add, as "value".
        """
        return tables.rows(self.genes, None if vector is None else self._coding.to_values(self._one(vector)))

    def describe(self, vector: ArrayLike | None = None) -> str:
        """The genes as a table for people; with a vector [d], also that individual's values."""
        return tables.text(str(self), self.genes, None if vector is None else self._coding.to_values(self._one(vector)))

    def __str__(self) -> str:
        """What it is, in a line."""
        parameters = sum(len(locus.names) for locus in self._loci)
        return f"parameter space of {self.base.name!r}: {self.size} genes, which set {parameters} parameters"

    def __repr__(self) -> str:
        """The same."""
        return f"<{self}>"

    def _repr_html_(self) -> str:
        return tables.html(str(self), self.genes)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what gives a vector its meaning: nervous system, adapters, and genes with all that is in them."""
        base = self.base
        return digests.of_space(base.name, base.dt, base.network(), base.adapters(), self.genes)

    def to_dict(self) -> dict[str, Any]:
        """The space as plain data that JSON can say; enough to read a vector by, even without the animal."""
        from sns_mujoco.models import reference

        return {
            "format": FORMAT,
            "animal": reference(self.base),
            "name": self.base.name,
            "terrain": self.terrain,
            "vary": [vary.to_dict() for vary in self.varied],
            "genes": [gene.to_dict() for gene in self.genes],
            "digest": self.digest,
        }

    @classmethod
    def from_dict(cls, animal: "Animal | str | PathLike[str]", data: Mapping[str, Any]) -> "ParameterSpace":
        """The space that was written down, of the animal that it was written down of.

        Args:
            animal: The animal, or what `sns_mujoco.models.load` finds it by.
            data: What `to_dict` gave.

        Raises:
            ParameterError: It is no such data, or vectors mean something else with this animal: says what differs.
            UnknownNameError: The animal has not what varies.
        """
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            given = data.get("format") if isinstance(data, Mapping) else data
            raise ParameterError(f"it is no parameter space of format {FORMAT!r} but {given!r}; is it a newer one?")
        missing = {"vary", "genes", "digest", "terrain"} - data.keys()
        if missing:
            raise ParameterError(f"the parameter space is damaged: it has no {sorted(missing)[0]!r}")
        if not isinstance(data["vary"], list):
            raise ParameterError(f"the parameter space is damaged: 'vary' is {data['vary']!r}, and no list")
        space = cls(animal, [Vary.from_dict(entry) for entry in data["vary"]], terrain=data["terrain"])
        if space.digest != data["digest"]:
            raise ParameterError(
                f"vectors of the space that was written down mean something else with {space.base.name!r} as it is "
                f"now: {digests.difference(space.genes, data['genes'])}; take the animal that they were made with, or "
                "make a new space of this one"
            )
        return space

    def _one(self, vector: ArrayLike) -> Floats:
        """One vector [d]."""
        given = self.checked(vector)
        if given.ndim != 1:
            raise ParameterError(f"vectors of shape {given.shape} are given; give one, of shape ({self.size},)")
        return given
