"""Columns and rules made of single values and numbers, as adapters and muscles have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sns_mujoco.cosim.parameters.checks import Check
from sns_mujoco.cosim.parameters.columns import Column, Floats, Given
from sns_mujoco.cosim.parameters.rules import NUMBERS, Rule

Make = Callable[..., Floats]


@dataclass(frozen=True, slots=True)
class Value:
    """A described value: the kind of thing and the quantity that it belongs to, and the index of its owner."""

    kind: str
    quantity: str
    owner: int


class Collected:
    """Values, the numbers that follow from them, and what must hold of them; in the end columns, rules and checks."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._shared: set[tuple[str, str]] = set()
        self._given: dict[tuple[str, str], list[Given]] = {}
        self._numbers: dict[tuple[Make, str, tuple[tuple[str, str], ...], int], list[tuple]] = {}
        self._checks: dict[tuple[Make, str, tuple[tuple[str, str], ...]], list[tuple[Value, ...]]] = {}

    def value(
        self,
        kind: str,
        quantity: str,
        owner: int,
        name: str,
        value: float,
        *,
        bounds: Mapping[str, float] | None = None,
        label: str = "",
        shared: bool = False,
    ) -> Value:
        """Enter a described value; `shared`: it cannot be changed."""
        if shared:
            self._shared.add((kind, quantity))
        given = Given(owner=owner, name=name, value=float(value), bounds=bounds, label=label)
        self._given.setdefault((kind, quantity), []).append(given)
        return Value(kind, quantity, owner)

    def has(self, value: Value) -> bool:
        """Whether a value has been entered."""
        return any(given.owner == value.owner for given in self._given.get((value.kind, value.quantity), ()))

    def number(
        self, place: int, make: Make, *values: Value, constants: tuple[float, ...] = (), field: str = NUMBERS
    ) -> None:
        """Enter a number of the model that `make` makes of some values and constants."""
        kinds = tuple((value.kind, value.quantity) for value in values)
        self._numbers.setdefault((make, field, kinds, len(constants)), []).append((values, constants, place))

    def check(self, wrong: Make, text: str, *values: Value) -> None:
        """Enter what must not be."""
        kinds = tuple((value.kind, value.quantity) for value in values)
        self._checks.setdefault((wrong, text, kinds), []).append(values)

    def columns(self) -> dict[tuple[str, str], Column]:
        """All columns by kind and quantity."""
        counts: dict[str, int] = {}
        for (kind, _), given in self._given.items():
            counts[kind] = max(counts.get(kind, 0), *(one.owner + 1 for one in given))
        columns = {(kind, q): Column(q, kind, given, counts[kind]) for (kind, q), given in self._given.items()}
        for key in self._shared:
            columns[key].shared[:] = True
        return columns

    def rules(self, columns: Mapping[tuple[str, str], Column]) -> list[Rule]:
        """All rules: numbers of the same kind together."""
        found = []
        for (make, field, kinds, count), entries in self._numbers.items():
            found.append(
                Rule(
                    columns=tuple(columns[kind] for kind in kinds),
                    picks=_picks(columns, kinds, [values for values, _, _ in entries]),
                    make=make,
                    constants=tuple(np.array([own[k] for _, own, _ in entries]) for k in range(count)),
                    field=field,
                    source=np.arange(len(entries)),
                    place=np.array([place for _, _, place in entries], np.int64),
                )
            )
        return found

    def checks(self, columns: Mapping[tuple[str, str], Column]) -> list[Check]:
        """All checks."""
        return [
            Check(
                columns=tuple(columns[kind] for kind in kinds),
                picks=_picks(columns, kinds, entries),
                wrong=wrong,
                text=text,
            )
            for (wrong, text, kinds), entries in self._checks.items()
        ]


def _picks(
    columns: Mapping[tuple[str, str], Column], kinds: tuple[tuple[str, str], ...], entries: list[tuple[Value, ...]]
) -> tuple[np.ndarray, ...]:
    """Which value of each column belongs to each entry."""
    found = []
    for k, kind in enumerate(kinds):
        owner = np.array([values[k].owner for values in entries], np.int64)
        found.append(columns[kind].at(owner, np.zeros(len(owner), np.int64)))
    return tuple(found)
