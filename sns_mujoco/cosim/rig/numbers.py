"""`ChangedNumbers`: what protocols change of individuals' numbers, done and undone at the exact step."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies import BodyRows
from sns_mujoco.cosim.parameters import ParameterRows
from sns_mujoco.cosim.rig.changes import Change

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Numbers = Mapping[tuple[str, str], Mapping[str | int, float]]  # by owner and quantity, and by name
FAR = np.int64(2**62)  # steps


class Owner(Protocol):
    """Who keeps the numbers of individuals."""

    @property
    def rows(self) -> ParameterRows:
        """Those of nervous systems."""
        ...

    @property
    def body(self) -> BodyRows:
        """Those of bodies."""
        ...

    def field(self, name: str) -> NDArray[Any]:
        """A field of the model, [n, ...], to be written to."""
        ...


class _Quantity:
    """One quantity of all that some protocol changes it of: how it is read and written."""

    def __init__(self, owner: str, quantity: str, names: Sequence[str | int], keeper: Owner) -> None:
        self.names, self._owner, self._quantity, self._keeper = list(names), owner, quantity, keeper
        self.column = {name: k for k, name in enumerate(self.names)}
        if owner != "field":
            kept: Any = getattr(keeper, owner)
            self._parameter = kept.find(quantity, self.names)
            self.column = {name: k for k, name in enumerate(self._parameter.names)}

    def get(self, ids: Ids) -> Floats:
        """Values [m, k] now, a copy."""
        if self._owner == "field":
            return self._flat()[np.ix_(ids, self.names)].copy()  # type: ignore[arg-type]
        return getattr(self._keeper, self._owner).get(self._parameter, ids)

    def set(self, values: Floats, ids: Ids) -> None:
        """Write values [m, k]."""
        if self._owner == "field":
            self._flat()[np.ix_(ids, self.names)] = values  # type: ignore[arg-type]
        else:
            getattr(self._keeper, self._owner).set(self._parameter, values, ids)

    def _flat(self) -> NDArray[Any]:
        found = self._keeper.field(self._quantity)
        flat = found.reshape(len(found), -1)
        assert np.shares_memory(flat, found)
        return flat


class ChangedNumbers:
    """The changes of n individuals.

    While nothing is changed of an individual's quantity, its values are its own, and anyone may set them. What they are
    when the first change comes is kept, and put back when the last one ends.
    """

    def __init__(self, changes: Sequence[Sequence[Change]], keeper: Owner) -> None:
        """Begin, with nothing changed.

        Args:
            changes: Those of each individual, in the order of its protocol.
            keeper: Who has the numbers.
        """
        self._changes, self.n = changes, len(changes)
        names: dict[tuple[str, str], dict[str | int, None]] = {}
        for change in {id(change): change for own in changes for change in own}.values():
            names.setdefault((change.owner, change.quantity), {}).update(dict.fromkeys(change.names))
        self._quantities = {key: _Quantity(*key, [*found], keeper) for key, found in names.items()}
        self._base: dict[tuple[str, str], Floats] = {
            key: np.zeros((self.n, len(quantity.names))) for key, quantity in self._quantities.items()
        }
        self._made: dict[tuple[str, str], list[list[int]]] = {  # places of changes that are made, by individual
            key: [[] for _ in range(self.n)] for key in self._quantities
        }
        edges = [sorted({edge for change in own for edge in (change.start, change.stop)}) for own in changes]
        self._edges = np.full((self.n, max(map(len, edges), default=0) + 1), FAR)
        for row, own in zip(self._edges, edges, strict=True):
            row[: len(own)] = [min(edge, FAR) for edge in own]
        self._phase = np.full(self.n, -1)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._quantities)

    def begin(self, steps: Ids, ids: Ids) -> int:
        """Make the changes that individuals have in the physics steps that they begin.

        Args:
            steps: Number of that step of each of them [m].
            ids: Which individuals [m].

        Returns:
            For how many steps these hold.
        """
        phase = (self._edges[ids] <= steps[:, None]).sum(axis=1)
        moved = phase != self._phase[ids]
        if moved.any():
            wanted = [
                tuple(p for p, change in enumerate(self._changes[i]) if change.start <= step < change.stop)
                for i, step in zip(ids[moved].tolist(), steps[moved].tolist(), strict=True)
            ]
            self._make(ids[moved], wanted)
            self._phase[ids[moved]] = phase[moved]
        return int((self._edges[ids, phase] - steps).min())

    def undo(self, ids: Ids) -> None:
        """Put back what individuals have without any change."""
        self._make(ids, [()] * len(ids))
        self._phase[ids] = -1

    def forget(self, ids: Ids) -> None:
        """Take it that nothing is changed of individuals, whose numbers have become others."""
        for made in self._made.values():
            for i in ids.tolist():
                made[i] = []
        self._phase[ids] = -1

    def _make(self, ids: Ids, wanted: Sequence[tuple[int, ...]]) -> None:
        # fields of the model follow from the body, so what is changed of them is taken back before a body changes
        nothing: list[tuple[int, ...]] = [()] * len(ids)
        for owners, acting in (("field", nothing), ("rows body", wanted), ("field", wanted)):
            for key in self._quantities:
                if key[0] in owners.split():
                    self._set(key, ids, acting)

    def _set(self, key: tuple[str, str], ids: Ids, wanted: Sequence[tuple[int, ...]]) -> None:
        """Make the changes of one quantity those that are wanted."""
        quantity, made = self._quantities[key], self._made[key]
        own: list[int] = []
        rows: list[Floats] = []
        for i, acting in zip(ids.tolist(), wanted, strict=True):
            after = [place for place in acting if self._is_of(key, self._changes[i][place])]
            if after == made[i]:
                continue
            if not made[i]:
                self._base[key][i] = quantity.get(np.array([i]))[0]
            values = self._base[key][i].copy()
            for place in after:
                change = self._changes[i][place]
                columns = [quantity.column[name] for name in change.names]
                values[columns] = change.make(values[columns])
            made[i] = after
            own.append(i)
            rows.append(values)
        if own:
            quantity.set(np.array(rows), np.array(own))

    @staticmethod
    def _is_of(key: tuple[str, str], change: Change) -> bool:
        return (change.owner, change.quantity) == key

    def kept(self, individual: int) -> dict[tuple[str, str], dict[str | int, float]]:
        """What an individual has without the changes that are made now, by quantity and name."""
        told = {}
        for key, quantity in self._quantities.items():
            if self._made[key][individual]:
                values = self._base[key][individual].tolist()
                told[key] = {name: values[column] for name, column in quantity.column.items()}
        return told


def put_back(kept: Numbers, keeper: Owner, individual: int) -> None:
    """Give an individual what another one, whose numbers it has taken over, has without any change."""
    ids = np.array([individual])
    for (owner, name), values in kept.items():
        quantity = _Quantity(owner, name, [*values], keeper)
        row = np.empty((1, len(quantity.column)))
        for of, column in quantity.column.items():
            row[0, column] = values[of]
        quantity.set(row, ids)
