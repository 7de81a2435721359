"""Genes made of what may vary: everything that a pattern matches, grouped by ties, each parameter of one gene alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.spaces.genes import Gene, gene
from sns_mujoco.learning.spaces.grouping import grouped, with_counterparts
from sns_mujoco.learning.spaces.sources import Sources, Target
from sns_mujoco.learning.spaces.vary import Of, Part, Vary

Floats = NDArray[np.float64]
WHOLE = ("transmission_delay",)  # quantities that are counted, and rounded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locus:
    """Parameters of one quantity that genes of one `Vary` set.

    Attributes:
        of: Whether the brain or the body has them.
        quantity: The quantity, as descriptions call it.
        patterns: What finds them, in this order.
        names: Of the parameters [k].
        parts: In which description each stands [k].
        described: Their values as described [k].
        gene: Gene of each [k].
        relative: How the gene's value makes theirs, see `Vary`.
        late: Whether they hold other parameters and are set after these: time constants of membranes are made by the
            capacitance, with the conductance held.
    """

    of: Of
    quantity: str
    patterns: tuple[str, ...]
    names: tuple[str, ...]
    parts: tuple[Part, ...]
    described: Floats
    gene: NDArray[np.int64]
    relative: bool | str
    late: bool = False

    def values(self, of_genes: Floats) -> Floats:
        """Values of the parameters [..., k], from those of all genes [..., d]."""
        own = of_genes[..., self.gene]
        if self.relative == "difference":
            own = self.described + own
        elif self.relative:
            own = self.described * own
        return np.rint(own) if self.quantity in WHOLE else own


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Genome:
    """All genes, and what they set.

    Attributes:
        genes: The genes, in the order of vectors.
        loci: What they set.
    """

    genes: tuple[Gene, ...]
    loci: tuple[Locus, ...]

    @property
    def apart(self) -> frozenset[str]:
        """Quantities whose numbers must stand apart: of the network, for those of adapters and muscles always do."""
        return frozenset(x.quantity for x in self.loci if "network" in x.parts or x.quantity == "delay")


def genome(sources: Sources, varied: Sequence[Vary]) -> Genome:
    """Genes of an animal.

    Args:
        sources: What it has.
        varied: What may vary of it.

    Raises:
        UnknownNameError: There is no such quantity, or a pattern matches nothing that has it.
        ParameterError: Bounds are beyond what physics allows, two genes would set one parameter, a gene would change
            nothing, or something has no counterpart on the other side.
    """
    genes: list[Gene] = []
    loci: list[Locus] = []
    taken: dict[Any, Vary] = {}
    labels: set[str] = set()
    for vary in varied:
        targets, patterns = _found(sources, vary)
        described: dict[str, list[float]] = {}
        for target in targets:
            _claim(target, vary, taken)
            for name, value in zip(target.parameter.names, target.parameter.values.tolist(), strict=True):
                described.setdefault(name, []).append(value)
        quantity, unit = targets[0].parameter.quantity, targets[0].parameter.unit
        place: dict[str, int] = {}
        for group in grouped(vary, list(described)):
            place |= dict.fromkeys(group.members, len(genes))
            members = [(name, value) for name in group.members for value in described[name]]
            genes.append(gene(_own(f"{quantity}: {group.label}", labels), quantity, unit, members, vary))
            _refuse_dead(genes[-1], vary)
        for target in targets:
            names = tuple(target.parameter.names)
            loci.append(
                Locus(
                    of=target.of,
                    quantity=quantity,
                    patterns=names if target.of == "body" else patterns,  # other terrains may have more of a body
                    names=names,
                    parts=target.parts,
                    described=np.array(target.parameter.values, float),
                    gene=np.array([place[name] for name in names]),
                    relative=vary.relative,
                    late=target.holds,
                )
            )
    return Genome(genes=tuple(genes), loci=tuple(loci))


def _found(sources: Sources, vary: Vary) -> tuple[list[Target], tuple[str, ...]]:
    """Everything that a `Vary` is about, with its limits checked, and the patterns that find it."""
    patterns = (vary.pattern,)
    found = sources.find(vary.quantity, patterns, vary.label)
    if vary.symmetric:
        matched = [name for target in found for name in target.parameter.names]
        wanted, alone = with_counterparts(vary, matched, sources.known(vary.quantity))
        if alone:
            raise ParameterError(
                f"{vary.label}: {alone[0]!r} has no counterpart on the other side by the prefixes {vary.symmetric}; "
                "give other prefixes, a pattern without it, or a tie"
            )
        patterns = tuple(wanted)
        found = sources.find(vary.quantity, patterns, vary.label)
    for target in found:
        if target.parameter.shared:
            raise ParameterError(f"{vary.label}: {target.parameter.shared}")
        _check_limits(vary, target.parameter)
    return found, patterns


def _check_limits(vary: Vary, parameter: Any) -> None:
    """Refuse bounds at which some parameter would be physically impossible."""
    described = np.asarray(parameter.values)
    for end in vary.bounds:
        values = described + end if vary.relative == "difference" else described * end if vary.relative else end
        values = np.broadcast_to(values, described.shape)
        low, high = np.asarray(parameter.least), np.asarray(parameter.greatest)
        wrong = (values < low) | (values > high) | (np.asarray(parameter.above) & (values == low))
        if wrong.any():
            k = int(np.argmax(wrong))
            least = f"{'more than' if parameter.above[k] else 'at least'} {low[k]:g}" if low[k] > -np.inf else ""
            most = f"at most {high[k]:g}" if high[k] < np.inf else ""
            raise ParameterError(
                f"{vary.label}: at its bound {end:g} the {parameter.quantity} of {parameter.names[k]!r} would be "
                f"{values[k]:g}; it must be {' and '.join(part for part in (least, most) if part)}"
            )


def _claim(target: Target, vary: Vary, taken: dict[Any, Vary]) -> None:
    """Note what a `Vary` sets.

    Raises:
        ParameterError: Another one sets it.
    """
    for key, name in zip(target.keys, target.parameter.names, strict=True):
        other = taken.setdefault(key, vary)
        if other is not vary:
            raise ParameterError(
                f"{other.label} and {vary.label} both set the {target.parameter.quantity} of {name!r}; make the "
                "patterns exclude each other"
            )


def _refuse_dead(made: Gene, vary: Vary) -> None:
    if vary.relative is True and not any(made.described):
        raise ParameterError(
            f"{vary.label}: the {made.quantity} of {made.members[0]!r} is 0, which no factor changes; give bounds with "
            "relative=False or relative='difference', or a pattern without it"
        )


def _own(name: str, names: set[str]) -> str:
    """A name that no other gene has."""
    own, count = name, 1
    while own in names:
        count += 1
        own = f"{name} ({count})"
    names.add(own)
    return own


def checked_varied(varied: Iterable[Vary]) -> tuple[Vary, ...]:
    """What may vary, as a tuple.

    Raises:
        ParameterError: It is nothing, or no `Vary`.
    """
    if isinstance(varied, Vary | str) or not isinstance(varied, Iterable):
        raise ParameterError(f"what may vary is {varied!r}; give a list of Vary")
    found = tuple(varied)
    for one in found:
        if not isinstance(one, Vary):
            raise ParameterError(f"{one!r} says nothing that may vary; give a Vary(quantity, pattern, bounds=...)")
    if not found:
        raise ParameterError("nothing may vary; give a Vary(quantity, pattern, bounds=...), or several")
    return found
