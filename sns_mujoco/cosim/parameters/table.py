"""`ParameterTable`: what may differ between the individuals of a population, found by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sns_mujoco.cosim.assembly import DELAYS
from sns_mujoco.cosim.parameters.checks import Check, Membrane
from sns_mujoco.cosim.parameters.columns import Column, Floats, Places
from sns_mujoco.cosim.parameters.forms import ALIASES, DELAY
from sns_mujoco.cosim.parameters.given import matches, patterns_in
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.cosim.parameters.rules import Rule
from sns_mujoco.cosim.parameters.units import unit_of
from sns_mujoco.errors import unknown_name


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The values of one column that a parameter has.

    Attributes:
        column: The column.
        index: Which of its values [m].
        first: Place of the first of them among the parameter's.
    """

    column: Column | Ratio
    index: Places
    first: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameter:
    """One quantity of everything that a pattern names.

    Attributes:
        quantity: The quantity, as descriptions call it.
        names: What has each value: the name of a neuron or population, connection, adapter ..., with an index where its
            description has several values [k].
        unit: Unit of the values; "" where it has none, or one that depends on what has it.
        values: As described [k].
        least: Least value that is physically possible [k], -inf for any.
        greatest: Greatest one [k], inf for any.
        above: Where the least value itself is not possible [k].
        shared: Why it cannot differ between individuals, with the remedy; "" where it can.
    """

    quantity: str
    names: tuple[str, ...]
    unit: str
    values: Floats
    least: Floats
    greatest: Floats
    above: np.ndarray
    shared: str
    parts: tuple[Part, ...] = field(repr=False)

    def __len__(self) -> int:
        """Number of values, k."""
        return len(self.names)


class ParameterTable:
    """The parameters of a nervous system inside a model, with its adapters and muscles.

    Attributes:
        columns: All described values, one column a quantity and kind of thing that has it.
        rules: How the model's numbers follow from them.
        checks: What values must not be together.
        membrane: What forward Euler asks of membranes; None under exponential Euler.
    """

    def __init__(
        self,
        columns: Iterable[Column | Ratio],
        rules: Iterable[Rule],
        checks: Iterable[Check],
        membrane: Membrane | None,
    ) -> None:
        """Collect what `parameters_of` found."""
        self.columns, self.rules, self.checks = tuple(columns), tuple(rules), tuple(checks)
        self.membrane = membrane

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of all quantities that something has."""
        return tuple(dict.fromkeys(column.quantity for column in self.columns))

    def names(self, quantity: str) -> tuple[str, ...]:
        """Names of all that has a quantity.

        Raises:
            UnknownNameError: Nothing has such a quantity; the closest names are suggested.
        """
        return tuple(name for column in self._of(quantity) for name in column.names)

    def find(self, quantity: str, pattern: str | Sequence[str] = "*") -> Parameter:
        """A quantity of everything that one of some patterns names.

        Args:
            quantity: Its name, as descriptions call it; "g_max" is "max_conductance".
            pattern: Shell pattern (`fnmatch`, upper and lower case differ) of the names of what has it, or several. A
                plain name matches itself, and that of a population or connection all its values.

        Raises:
            UnknownNameError: Nothing has such a quantity, or nothing that has it matches; the closest are suggested.
            ParameterError: The pattern is no text.
        """
        patterns = patterns_in(pattern)
        columns = self._of(quantity)
        parts, count = [], 0
        for column in columns:
            index = column.choose(lambda name: matches(name, patterns))
            if len(index):
                parts.append(Part(column, index, count))
                count += len(index)
        if not parts:
            owners = dict.fromkeys(owner for column in columns for owner in column.owners)
            raise unknown_name(
                f"{columns[0].quantity} of anything", patterns[0] if len(patterns) == 1 else patterns, owners,
                "the table of parameters",
            )  # fmt: skip
        name = columns[0].quantity
        units = {unit_of(name, part.column.kind) for part in parts}
        return Parameter(
            quantity=name,
            names=tuple(part.column.names[i] for part in parts for i in part.index.tolist()),
            unit=units.pop() if len(units) == 1 else "",
            values=np.concatenate([part.column.values[part.index] for part in parts]),
            least=np.concatenate([part.column.least[part.index] for part in parts]),
            greatest=np.concatenate([part.column.greatest[part.index] for part in parts]),
            above=np.concatenate([part.column.above[part.index] for part in parts]),
            shared=next((text for part in parts if (text := _refusal(part))), ""),
            parts=tuple(parts),
        )

    def _of(self, quantity: str) -> list[Column | Ratio]:
        wanted = ALIASES.get(quantity, quantity)
        found = [column for column in self.columns if column.quantity == wanted]
        if not found:
            raise unknown_name("quantity", quantity, self.quantities, "the table of parameters")
        return found


def _refusal(part: Part) -> str:
    """Why a value of a part cannot be changed; "" where all can."""
    shared = part.index[part.column.shared[part.index]]
    if not len(shared):
        return ""
    quantity, name = part.column.quantity, part.column.names[int(shared[0])]
    room = ", greatest_delay=..." if quantity in DELAYS | {DELAY} else ""
    return (
        f"{quantity!r} of {name!r} shares its number with others; attach the nervous system with apart="
        f"{{{quantity!r}, ...}}{room}, and it can differ between individuals"
    )
