"""Protocols of all individuals: each its own, applied at its own steps."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies import BodyRows
from sns_mujoco.cosim.parameters import ParameterRows
from sns_mujoco.cosim.population.rows import Rows
from sns_mujoco.cosim.rig.numbers import ChangedNumbers, put_back
from sns_mujoco.cosim.rig.plan import Plan, check, plan
from sns_mujoco.cosim.rig.rig import Rig
from sns_mujoco.cosim.rig.subject import Subject
from sns_mujoco.cosim.rig.tables import Table
from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import Item, Protocol

if TYPE_CHECKING:
    from sns_mujoco.cosim.population.numbers import Numbers
    from sns_mujoco.cosim.simulation import Simulation

Given = Protocol | Sequence[Protocol]
Ids = NDArray[Any]


def each_of(protocols: Given, n: int) -> list[Protocol]:
    """The protocol of each of n individuals.

    Raises:
        ValueError: There are more or fewer than individuals.
        TypeError: One is no protocol.
    """
    if isinstance(protocols, str | Item) or not isinstance(protocols, Iterable):
        check(protocols)
    each = [protocols] * n if isinstance(protocols, Protocol) else list(protocols)
    if len(each) != n:
        raise ValueError(f"there are {len(each)} protocols for {n} individuals; give one, or one for each")
    for protocol in each:
        check(protocol)
    return each


class _Keeper:
    """Who keeps the numbers of a population."""

    def __init__(self, numbers: "Numbers", data: Rows) -> None:
        self._numbers, self._data = numbers, data

    @property
    def rows(self) -> ParameterRows:
        return self._numbers.rows

    @property
    def body(self) -> BodyRows:
        return self._numbers.body

    def field(self, name: str) -> NDArray[Any]:
        return self._data.expand(name)


class Protocols:
    """The protocols of a population.

    A snapshot has what an individual is, not what is to be done to it: whoever takes over the state of another one goes
    on with its own protocol. What that one's protocol was doing ends, unless both have the same.

    Attributes:
        subject: What can be done something to.
    """

    def __init__(self, subject: Subject, numbers: "Numbers", data: Rows) -> None:
        """Begin, with nothing to be done.

        Args:
            subject: What can be done something to.
            numbers: The population's.
            data: Its batch.
        """
        self.subject, self._data = subject, data
        self._tables = [Table(subject.model, brain) for brain in subject.brains.values()]
        self._numbers_of, self._keeper = numbers, _Keeper(numbers, data)
        self._plans = [Plan(Protocol())] * data.nsim
        self._changed = ChangedNumbers([()] * data.nsim, self._keeper)

    @property
    def given(self) -> tuple[Protocol, ...]:
        """Those of all individuals, in their order."""
        return tuple(found.protocol for found in self._plans)

    def give(self, protocols: Given) -> None:
        """Give one to all, or one to each; nothing has changed if one cannot be done.

        Raises:
            ValueError: There are more or fewer than individuals.
            ProtocolError: One cannot be done; see `plan`.
            UnknownNameError: There is nothing of a name in one.
            TimeStepError: Times or waveforms do not fit the physics step.
            TypeError: One is no protocol.
        """
        n = self._data.nsim
        each = each_of(protocols, n)
        found: dict[Protocol, Plan] = {}
        for individual, protocol in enumerate(each):
            if protocol not in found:
                try:
                    known = plan(protocol, self.subject)
                    for table in self._tables:
                        table.check(known.rows)
                except ProtocolError as error:
                    raise ProtocolError(f"the protocol of individual {individual}: {error}") from None
                found[protocol] = known
        self._changed.undo(np.arange(n))
        self._end(range(n), [own.rows for own in self._plans])
        self._plans = [found[protocol] for protocol in each]
        self._write(range(n))
        self._changed = ChangedNumbers([own.changes for own in self._plans], self._keeper)

    def act(self, ids: Ids | None) -> int | None:
        """Make the changes of individuals' next steps; for how many steps they hold, None for any number."""
        if not self._changed:
            return None
        chosen = np.arange(self._data.nsim) if ids is None else ids.astype(np.int64)
        return self._changed.begin(self._steps(chosen), chosen)

    def rest(self, ids: Ids) -> None:
        """Put back what is changed of individuals, before they start anew."""
        self._changed.undo(ids.astype(np.int64))

    def kept(self, ids: Ids) -> list[tuple[Protocol, dict]]:
        """What individuals' protocols are doing, as plain data."""
        return [(self._plans[i].protocol, self._changed.kept(i)) for i in ids.tolist()]

    def put_back(self, kept: list[tuple[Protocol, dict]] | None, ids: Ids) -> None:
        """Let individuals that have taken over the states of others go on with their own protocols."""
        entries = [(Protocol(), {})] * len(ids) if kept is None else kept
        self._changed.forget(ids.astype(np.int64))
        others, theirs = [], []
        for individual, (protocol, numbers) in zip(ids.tolist(), entries, strict=True):
            put_back(numbers, self._keeper, individual)
            if protocol != self._plans[individual].protocol:
                others.append(individual)
                theirs.append(plan(protocol, self.subject).rows)
        self._end(others, theirs)
        self._write(ids.tolist())

    def lend(self, individual: int, alone: "Simulation") -> None:
        """Let a copy of an individual go on with its protocol."""
        rig = Rig(alone, self.subject)
        described = {
            name: owner.kept([individual])
            for name in ("rows", "body")
            if (owner := self._numbers_of.used().get(name)) is not None
        }
        rig.take(self._plans[individual], described, self._changed.kept(individual))
        alone.use(rig)

    def _steps(self, ids: Ids) -> NDArray[np.int64]:
        """Number of the physics step that each of some individuals makes next."""
        return np.rint(self._data.bind("time")[ids] / self.subject.timestep).astype(np.int64)

    def _end(self, ids: Sequence[int] | range, rows: Sequence[Any]) -> None:
        """End what rows do natively to individuals."""
        state, userdata = self._data.bind("plugin_state"), self._data.bind("userdata")
        for individual, own in zip(ids, rows, strict=True):
            for table in self._tables:
                table.clear(state[individual], userdata[individual], own)

    def _write(self, ids: Sequence[int] | range) -> None:
        """Write the tables of individuals."""
        numeric = self._data.expand("numeric_data")
        written: dict[int, list[NDArray[np.float64]]] = {}
        for individual in ids:
            found = self._plans[individual]
            if id(found) not in written:
                written[id(found)] = [table.written(found.rows) for table in self._tables]
            for table, numbers in zip(self._tables, written[id(found)], strict=True):
                numeric[individual, table.numbers] = numbers
