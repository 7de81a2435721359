"""What a change of some parameters comes to, worked out once: which numbers follow, and what has to be checked."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sns_mujoco.cosim.parameters.checks import Check, Membrane
from sns_mujoco.cosim.parameters.columns import Column, Floats, Places
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.cosim.parameters.rules import Rule
from sns_mujoco.cosim.parameters.table import Parameter, ParameterTable, Part
from sns_mujoco.errors import ParameterError


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Values of a column for some numbers.

    Attributes:
        column: The column.
        pick: Which of its values each takes [n].
        changed: Which of these are among the changed ones [c].
        staged: Where in the staged values of the column each of those is [c].
    """

    column: Column
    pick: Places
    changed: Places
    staged: Places


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Some numbers of a rule that follow from changed values.

    Attributes:
        rule: The rule.
        number: Which of its numbers [n].
        taken: Values of each of its columns.
        constants: Further arguments [n] each.
        source: Which of the n goes to each place [m].
        place: The places [m].
    """

    rule: Rule
    number: Places
    taken: tuple[Taken, ...]
    constants: tuple[Floats, ...]
    source: Places
    place: Places


@dataclass(frozen=True, slots=True, eq=False)
class Membranes:
    """Membranes that a change may make too fast.

    Attributes:
        neuron: The neurons [a].
        factor: Makes dt / C of each, in their order.
        terms: Make conductances, each with how much it counts.
        order: Sorts all of them by neuron.
        first: Where those of each neuron begin [a].
    """

    neuron: Places
    factor: Work
    terms: tuple[tuple[Work, float], ...]
    order: Places
    first: Places


class Plan:
    """What a change of some parameters comes to.

    Attributes:
        changed: Columns that change, and which values of each, ascending.
        places: For each parameter, its parts: the column (or ratio), the place of its values among the changed ones of
            the column, and which of the parameter's values they are.
        work: Numbers that follow.
        checks: What must hold.
        membranes: Membranes to look at, if any.
    """

    def __init__(self, table: ParameterTable, parameters: tuple[Parameter, ...]) -> None:
        """Work it out.

        Raises:
            ParameterError: A value would be set twice.
        """
        self.parameters = parameters  # kept alive, as plans are found by identity
        self.changed = _changed(parameters)
        self.places = [
            [(part, np.searchsorted(self.changed[base(part.column)], _index(part))) for part in parameter.parts]
            for parameter in parameters
        ]
        self.work = [work for rule in table.rules if (work := self._work(rule, _affected(rule, self.changed)))]
        self.checks = [found for check in table.checks if (found := self._check(check)) is not None]
        self.membranes = None if table.membrane is None else self._membranes(table.membrane)

    def _taken(self, columns: Iterable[Column], picks: Iterable[Places], which: Places) -> tuple[Taken, ...]:
        found = []
        for column, pick in zip(columns, picks, strict=True):
            own, index = pick[which], self.changed.get(column, np.empty(0, np.int64))
            changed = np.flatnonzero(np.isin(own, index))
            found.append(Taken(column, own, changed, np.searchsorted(index, own[changed])))
        return tuple(found)

    def _work(self, rule: Rule, which: Places) -> Work | None:
        if not len(which):
            return None
        inverse = np.full(len(rule.picks[0]), -1)
        inverse[which] = np.arange(len(which))
        source = inverse[rule.source]
        kept = source >= 0
        return Work(
            rule, which, self._taken(rule.columns, rule.picks, which), tuple(c[which] for c in rule.constants),
            source[kept], rule.place[kept],
        )  # fmt: skip

    def _check(self, check: Check) -> tuple[Check, tuple[Taken, ...]] | None:
        which = _affected(check, self.changed)
        return (check, self._taken(check.columns, check.picks, which)) if len(which) else None

    def _membranes(self, membrane: Membrane) -> Membranes | None:
        touched = np.zeros(len(membrane.names), bool)
        touched[membrane.neuron[_affected(membrane.factor, self.changed)]] = True
        for rule, neuron, _ in membrane.terms:
            touched[neuron[_affected(rule, self.changed)]] = True
        there = np.flatnonzero(touched[membrane.neuron])
        factor = self._work(membrane.factor, there)
        if factor is None:
            return None
        neurons = membrane.neuron[there]
        chosen = np.zeros(len(touched), bool)
        chosen[neurons] = True
        terms, targets = [], []
        for rule, neuron, weight in membrane.terms:
            which = np.flatnonzero(chosen[neuron])
            work = self._work(rule, which)
            if work is not None:
                terms.append((work, weight))
                targets.append(neuron[which])
        target = np.concatenate(targets)
        order = np.argsort(target, kind="stable")
        return Membranes(neurons, factor, tuple(terms), order, np.searchsorted(target[order], neurons))


def base(column: Column | Ratio) -> Column:
    """The column whose values change."""
    return column.over if isinstance(column, Ratio) else column


def _index(part: Part) -> Places:
    return part.column.over_index[part.index] if isinstance(part.column, Ratio) else part.index


def _changed(parameters: tuple[Parameter, ...]) -> dict[Column, Places]:
    """Which values of which columns change.

    Raises:
        ParameterError: One does so twice.
    """
    found: dict[Column, list[Places]] = {}
    for parameter in parameters:
        for part in parameter.parts:
            found.setdefault(base(part.column), []).append(_index(part))
    changed = {}
    for column, parts in found.items():
        index, count = np.unique(np.concatenate(parts), return_counts=True)
        if (count > 1).any():
            name = column.names[int(index[np.argmax(count > 1)])]
            raise ParameterError(f"{column.quantity!r} of {name!r} is set twice at once; name it once")
        changed[column] = index
    return changed


def _affected(rule: Rule | Check, changed: dict[Column, Places]) -> Places:
    """Which numbers of a rule follow from changed values."""
    hit = np.zeros(len(rule.picks[0]), bool)
    for column, pick in zip(rule.columns, rule.picks, strict=True):
        if column in changed:
            hit |= np.isin(pick, changed[column])
    return np.flatnonzero(hit)
