"""Bodies that differ from individual to individual: `BodyRows`."""

from collections.abc import Callable, Sequence
from typing import Any

import mujoco
import mujoco.batch
import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.bodies.changes import changed_body, check
from sns_mujoco.cosim.bodies.quantities import BodyParameter, BodyTable, unpainted
from sns_mujoco.cosim.bodies.variants import Variants
from sns_mujoco.cosim.parameters.given import filled
from sns_mujoco.cosim.selecting import Individuals, select

Floats = NDArray[np.float64]
Bind = Callable[[str], NDArray]
Given = tuple[BodyParameter, ArrayLike]


class BodyRows:
    """Numbers of the body of n individuals, under the names of `BODY_QUANTITIES`.

    An individual whose body changes is compiled, and what differs from the described model is written into the
    individual's own numbers: its results are those of a model made of the changed body, bit for bit. Individuals alike
    are compiled once.

    Attributes:
        table: What is described.
        n: Number of individuals.
    """

    def __init__(self, body: mujoco.MjSpec, model: mujoco.MjModel, n: int, bind: Bind) -> None:
        """Begin with n described bodies.

        Args:
            body: The description of the body, without its nervous system.
            model: The body with its nervous system, as the individuals are stepped.
            n: Number of individuals.
            bind: Gives the numbers [n, ...] of a field of `MjModel`, to be written to, as `Batch.expand` does.
        """
        self.table = BodyTable(body)
        self.n = n
        self._body, self._bind = unpainted(body), bind
        self._variants = Variants(self.table, model)
        self._values: dict[tuple[str, str], Floats] = {}
        self._touched: dict[str, NDArray[np.bool_]] = {}  # numbers of each field that some body has had otherwise

    def find(self, quantity: str, pattern: str | Sequence[str] = "*") -> BodyParameter:
        """See `BodyTable.find`."""
        return self.table.find(quantity, pattern)

    def __getitem__(self, key: tuple[str, str | Sequence[str]]) -> Floats:
        """Values of a quantity [n, k] of the parts that match a pattern; a copy."""
        return self.get(self.find(*key))

    def __setitem__(self, key: tuple[str, str | Sequence[str]], values: ArrayLike) -> None:
        """Set a quantity of the parts that match a pattern, of all individuals; see `set`."""
        self.set(self.find(*key), values)

    def get(self, parameter: BodyParameter, ids: Individuals | None = None) -> Floats:
        """Values [m, k] of a parameter, of some individuals or of all; a copy."""
        rows = select(ids, self.n)
        values = np.tile(parameter.values, (len(rows), 1))
        for column, name in enumerate(parameter.names):
            own = self._values.get((parameter.quantity, name))
            if own is not None:
                values[:, column] = own[rows]
        return values

    def set(self, parameter: BodyParameter, values: ArrayLike, ids: Individuals | None = None) -> None:
        """Set one parameter of some individuals; see `set_many`."""
        self.set_many([(parameter, values)], ids)

    def set_many(self, given: Sequence[Given], ids: Individuals | None = None) -> None:
        """Set parameters of some individuals, whose bodies are then compiled.

        Args:
            given: Parameters with their values, broadcast to [m, k].
            ids: The m individuals, as indices or a mask [n]; all if left out.

        Raises:
            ParameterError: A value is not finite or not possible, or the body cannot be built or cannot differ so, or
                values have the wrong shape;
                nothing has changed then.
            IndexError: There is no such individual.
        """
        self.prepared(given, ids)()

    def prepared(self, given: Sequence[Given], ids: Individuals | None = None) -> Callable[[], None]:
        """The same, but nothing changes until what it returns is called, which cannot fail."""
        rows = select(ids, self.n)
        wanted = self._wanted(given, rows)
        table = np.stack(list(wanted.values()), axis=1) if wanted else np.zeros((len(rows), 0))
        kinds, which = np.unique(table, axis=0, return_inverse=True)
        made = [self._fields(dict(zip(wanted, kind.tolist(), strict=True))) for kind in kinds]

        def finish() -> None:
            for name in set().union(*made):
                self._touch(name, np.any([self._differs(name, fields) for fields in made], axis=0))
            for name, touched in self._touched.items():
                array = self._bind(name).reshape(self.n, -1)
                described: NDArray = getattr(self._variants.model, name)
                for kind, fields in enumerate(made):
                    own = rows[np.ravel(which) == kind]
                    array[np.ix_(own, touched)] = np.ravel(fields.get(name, described))[touched]
            for key, values in wanted.items():
                self._own(key)[rows] = values

        return finish

    def kept(self, ids: Individuals | None = None) -> dict[str, Any]:
        """What some individuals have, as plain data: values by quantity and name, and which numbers they reach."""
        rows = select(ids, self.n)
        return {"values": {key: values[rows] for key, values in self._values.items()}, "touched": dict(self._touched)}

    def put_back(self, kept: dict[str, Any] | None, ids: Individuals | None = None) -> None:
        """Take back values of individuals, None for the described ones; the numbers of the model stay as they are."""
        rows = select(ids, self.n)
        kept = kept or {"values": {}, "touched": {}}
        for name, touched in kept["touched"].items():
            self._touch(name, touched)
        for key in {*self._values, *kept["values"]}:
            self._own(key)[rows] = kept["values"].get(key, self.table.value(*key))

    def _touch(self, name: str, touched: NDArray[np.bool_]) -> None:
        """Note numbers of a field that are this class's to write; others may belong to muscles."""
        self._touched[name] = self._touched.get(name, np.zeros_like(touched)) | touched

    def _differs(self, name: str, fields: dict[str, NDArray]) -> NDArray[np.bool_]:
        """Which numbers of a field are, to the bit, other than described."""
        described = np.asarray(getattr(self._variants.model, name))
        size = described.itemsize
        own, other = (np.ascontiguousarray(x).view(np.uint8) for x in (fields.get(name, described), described))
        return (own.reshape(-1, size) != other.reshape(-1, size)).any(axis=1)

    def _own(self, key: tuple[str, str]) -> Floats:
        """Values of a part's quantity [n], to be written to."""
        return self._values.setdefault(key, np.full(self.n, self.table.value(*key)))

    def _wanted(self, given: Sequence[Given], rows: NDArray[np.int32]) -> dict[tuple[str, str], Floats]:
        """Values [m] of everything that differs or differed in some individual, checked."""
        wanted = {key: values[rows] for key, values in self._values.items()}
        for parameter, values in given:
            columns = filled(parameter.quantity, values, (len(rows), len(parameter.names)))
            for name, column in zip(parameter.names, columns.T, strict=True):
                for value in np.unique(column).tolist():
                    check(parameter.quantity, name, value)
                wanted[parameter.quantity, name] = column
        return wanted

    def _fields(self, changes: dict[tuple[str, str], float]) -> dict[str, NDArray]:
        """Fields of the model in which a changed body differs."""
        direct = {key: value for key, value in changes.items() if self._variants.is_direct(key[0])}
        compiled = {key: value for key, value in changes.items() if key not in direct}
        made = {}
        if any(value != self.table.value(*key) for key, value in compiled.items()):
            made = self._variants.fields(changed_body(self._body, compiled, self.table))
        return self._variants.written(made, direct)
