"""`ParameterRows`: the described values of the individuals of a population, and the model's numbers that follow."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.parameters.checks import ROUNDING
from sns_mujoco.cosim.parameters.columns import Column, Floats, Places
from sns_mujoco.cosim.parameters.given import filled, patterns_in
from sns_mujoco.cosim.parameters.plans import Plan, Taken, Work, base
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.cosim.parameters.table import Parameter, ParameterTable
from sns_mujoco.cosim.selecting import Individuals, select
from sns_mujoco.errors import ParameterError, TimeStepError

Bind = Callable[[str], NDArray[Any]]
Change = tuple[Parameter, ArrayLike]
CHUNK = 1 << 20  # conductances that are looked at in one go


class ParameterRows:
    """What differs between individuals: described values, and the model's numbers that follow from them.

        rows = ParameterRows(table, n, batch.expand)
        rows["g_max", "stance->swing"] = np.linspace(0.5, 2.0, n)[:, None]

    Reading gives a copy. A write is refused as a whole or done as a whole.

    Attributes:
        table: What there is.
        n: Number of individuals.
    """

    def __init__(self, table: ParameterTable, n: int, bind: Bind) -> None:
        """Begin with every individual as it is described.

        Args:
            table: What there is.
            n: Number of individuals.
            bind: Gives an array [n, ...], to be written into, of a field of the model: `Batch.expand`. It is called
                when a parameter is first written whose numbers are there.
        """
        self.table, self.n = table, n
        self._bind = bind
        self._values: dict[Column, Floats] = {}
        self._fields: dict[str, Floats] = {}
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._found: dict[Any, Parameter] = {}

    def __getitem__(self, key: tuple[str, str | Sequence[str]]) -> Floats:
        """Values [n, k] of a quantity of all that a pattern names; see `ParameterTable.find`."""
        return self.get(self._parameter(key))

    def __setitem__(self, key: tuple[str, str | Sequence[str]], values: ArrayLike) -> None:
        """Set a quantity of all that a pattern names, of all individuals; see `set`."""
        self.set(self._parameter(key), values)

    def get(self, parameter: Parameter, ids: Individuals | None = None) -> Floats:
        """Values [n, k] of a parameter, of some individuals [n] or of all."""
        rows = self._rows(ids)
        out = np.empty((self.n if rows is None else len(rows), len(parameter)))
        for part in parameter.parts:
            column = part.column
            if isinstance(column, Ratio):
                over = self._gathered(column.over, column.over_index[part.index], rows)
                value = over / self._gathered(column.under, column.under_index[part.index], rows)
            else:
                value = self._gathered(column, part.index, rows)
            out[:, part.first : part.first + len(part.index)] = value
        return out

    def set(self, parameter: Parameter, values: ArrayLike, ids: Individuals | None = None) -> None:
        """Set a parameter.

        Args:
            parameter: From `ParameterTable.find`.
            values: What can be broadcast to [n, k].
            ids: Individuals, as indices or a mask [n]; all if left out.

        Raises:
            IndexError: There is no such individual.
            ParameterError: A value is not finite, beyond what is physically possible, or does not fit another one; the
                parameter is shared by all; the shape is wrong.
            TimeStepError: The neural step would be unstable.
        """
        self.set_many([(parameter, values)], ids)

    def find(self, quantity: str, pattern: str | Sequence[str] = "*") -> Parameter:
        """A parameter; see `ParameterTable.find`."""
        return self.table.find(quantity, pattern)

    def set_many(self, changes: Sequence[Change], ids: Individuals | None = None) -> None:
        """Set several parameters at once: what they must not be together is looked at in the end; see `set`."""
        rows = self._rows(ids)
        parameters = tuple(parameter for parameter, _ in changes)
        for parameter in parameters:
            if parameter.shared:
                raise ParameterError(parameter.shared)
        key = tuple(map(id, parameters))
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = Plan(self.table, parameters)
        staged = self._staged(plan, changes, rows)
        self._require_fit(plan, staged, rows)
        made = [self._made(work, staged, rows) for work in plan.work]
        for work in plan.work:
            self._require_stable(work, staged, rows)
        if plan.membranes is not None:
            self._require_slow(plan, staged, rows)
        for work, numbers in zip(plan.work, made, strict=True):
            if len(work.place):
                self._write(self._field(work.rule.field), rows, work.place, numbers[:, work.source])
        for column, index in plan.changed.items():
            if column not in self._values:
                self._values[column] = np.tile(column.values, (self.n, 1))
            self._write(self._values[column], rows, index, staged[column])

    def kept(self, ids: Individuals | None = None) -> list[Floats | None]:
        """Described values of some individuals, or of all: for each column [n, m], or None where none was changed."""
        rows = self._rows(ids)
        changed = [self._values.get(base(column)) for column in self.table.columns]
        return [None if values is None else values[slice(None) if rows is None else rows].copy() for values in changed]

    def put_back(self, kept: Sequence[Floats | None] | None, ids: Individuals | None = None) -> None:
        """Take back described values of individuals, None for those described; the model's numbers stay as they are."""
        rows = self._rows(ids)
        kept = [None] * len(self.table.columns) if kept is None else kept
        for column, values in zip(map(base, self.table.columns), kept, strict=True):
            if values is None and column not in self._values:
                continue
            own = self._values.setdefault(column, np.tile(column.values, (self.n, 1)))
            own[slice(None) if rows is None else rows] = column.values if values is None else values

    def _parameter(self, key: tuple[str, str | Sequence[str]]) -> Parameter:
        quantity, pattern = key
        known = (quantity, tuple(patterns_in(pattern)))
        if known not in self._found:
            self._found[known] = self.table.find(quantity, pattern)
        return self._found[known]

    def _rows(self, ids: Individuals | None) -> Places | None:
        """Individuals as indices; None for all."""
        return None if ids is None else select(ids, self.n).astype(np.int64)

    def _gathered(self, column: Column, index: Places, rows: Places | None) -> Floats:
        """Values of a column now: [n, m], or [1, m] where all individuals are as described."""
        own = self._values.get(column)
        if own is None:
            return column.values[None, index]
        return own[:, index] if rows is None else own[rows[:, None], index]

    def _staged(self, plan: Plan, changes: Sequence[Change], rows: Places | None) -> dict[Column, Floats]:
        """The values that columns are to have, as far as they change [n, m]."""
        count = self.n if rows is None else len(rows)
        staged = {column: np.empty((count, len(index))) for column, index in plan.changed.items()}
        for (parameter, given), places in zip(changes, plan.places, strict=True):
            values = _allowed(parameter, given, count, rows)
            for part, at in places:
                own = values[:, part.first : part.first + len(part.index)]
                if isinstance(part.column, Ratio):
                    under = part.column.under
                    if under in plan.changed:
                        raise ParameterError(
                            f"{parameter.quantity!r} and {under.quantity!r} are set at once, and one holds the other; "
                            "set them one after the other"
                        )
                    own = own * self._gathered(under, part.column.under_index[part.index], rows)
                staged[base(part.column)][:, at] = own
        return staged

    def _taken(self, taken: Taken, staged: dict[Column, Floats], rows: Places | None) -> Floats:
        """Values of a column as they will be [n, m]."""
        if len(taken.changed) == len(taken.pick):
            return staged[taken.column][:, taken.staged]
        values = self._gathered(taken.column, taken.pick, rows)
        if len(taken.changed):
            new = staged[taken.column]
            values = np.array(np.broadcast_to(values, (len(new), len(taken.pick))))
            values[:, taken.changed] = new[:, taken.staged]
        return values

    def _made(self, work: Work, staged: dict[Column, Floats], rows: Places | None) -> Floats:
        """Numbers that follow [n, m]."""
        return work.rule.make(*(self._taken(taken, staged, rows) for taken in work.taken), *work.constants)

    def _require_fit(self, plan: Plan, staged: dict[Column, Floats], rows: Places | None) -> None:
        for check, taken in plan.checks:
            wrong = check.wrong(*(self._taken(one, staged, rows) for one in taken))
            if wrong.any():
                row, k = np.argwhere(wrong)[0]
                name = taken[0].column.names[int(taken[0].pick[k])]
                raise ParameterError(f"{name!r} of individual {_who(rows, row)}: {check.text}")

    def _require_stable(self, work: Work, staged: dict[Column, Floats], rows: Places | None) -> None:
        """Refuse what forward Euler cannot step.

        Raises:
            TimeStepError: Names what is too fast.
        """
        rule = work.rule
        if rule.share is None or rule.refusal is None:
            return
        share = rule.share(*(self._taken(taken, staged, rows) for taken in work.taken), *work.constants)
        if (share > 1.0 + ROUNDING).any():
            row, k = np.argwhere(share > 1.0 + ROUNDING)[0]
            refusal = rule.refusal(int(work.number[k]), float(share[row, k]))
            raise TimeStepError(f"individual {_who(rows, row)}: {refusal}")

    def _require_slow(self, plan: Plan, staged: dict[Column, Floats], rows: Places | None) -> None:
        """Refuse membranes that forward Euler cannot step.

        Raises:
            TimeStepError: Names the neuron.
        """
        membranes, membrane = plan.membranes, self.table.membrane
        assert membranes is not None and membrane is not None
        count = self.n if rows is None else len(rows)
        everyone = np.arange(self.n) if rows is None else rows
        size = max(1, CHUNK // max(1, len(membranes.order)))
        for start in range(0, count, size):
            some = everyone[start : start + size]
            now = {column: values[start : start + size] for column, values in staged.items()}
            parts = [weight * self._made(work, now, some) for work, weight in membranes.terms]
            parts = [np.broadcast_to(part, (len(some), part.shape[-1])) for part in parts]
            total = np.add.reduceat(np.concatenate(parts, axis=1)[:, membranes.order], membranes.first, axis=1)
            share = self._made(membranes.factor, now, some) * total / 2.0
            if (share > 1.0 + ROUNDING).any():
                row, k = np.argwhere(share > 1.0 + ROUNDING)[0]
                refusal = membrane.refusal(int(membranes.neuron[k]), float(share[row, k]))
                raise TimeStepError(f"individual {some[row]}: {refusal}")

    def _field(self, name: str) -> Floats:
        """A field of the model, its numbers in a row [n, numbers]."""
        if name not in self._fields:
            bound = self._bind(name)
            flat = bound.reshape(self.n, -1)
            assert np.shares_memory(flat, bound)
            self._fields[name] = flat
        return self._fields[name]

    @staticmethod
    def _write(into: Floats, rows: Places | None, index: Places, values: Floats) -> None:
        if rows is None:
            into[:, index] = values
        else:
            into[rows[:, None], index] = values


def _who(rows: Places | None, row: int) -> int:
    return int(row) if rows is None else int(rows[row])


def _allowed(parameter: Parameter, given: ArrayLike, count: int, rows: Places | None) -> Floats:
    """Values [n, k] of a parameter, where they are such.

    Raises:
        ParameterError: Names what has a value that cannot be, the individual, and what is allowed.
    """
    values = filled(parameter.quantity, given, (count, len(parameter)))
    fits = np.isfinite(values) & (values <= parameter.greatest)
    fits &= np.where(parameter.above, values > parameter.least, values >= parameter.least)
    if not fits.all():
        row, k = np.argwhere(~fits)[0]
        raise ParameterError(
            f"{parameter.quantity!r} of {parameter.names[k]!r} is {values[row, k]:g} for individual {_who(rows, row)}; "
            f"give {_bounds(parameter, int(k))}"
        )
    return values


def _bounds(parameter: Parameter, k: int) -> str:
    least, greatest = float(parameter.least[k]), float(parameter.greatest[k])
    if least == -np.inf and greatest == np.inf:
        return "a finite number"
    parts = [] if least == -np.inf else [f"more than {least:g}" if parameter.above[k] else f"{least:g} or more"]
    parts += [] if greatest == np.inf else [f"{greatest:g} or less"]
    return ", ".join(parts)
