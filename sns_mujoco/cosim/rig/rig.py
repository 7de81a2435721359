"""`Rig`: the protocol of a single animal, and what is done to it while it lives."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.cosim.rig.alone import Alone
from sns_mujoco.cosim.rig.layout import MEMORY, Head, Memory
from sns_mujoco.cosim.rig.numbers import ChangedNumbers, Numbers, put_back
from sns_mujoco.cosim.rig.plan import Plan, plan
from sns_mujoco.cosim.rig.rows import Row
from sns_mujoco.cosim.rig.subject import Subject
from sns_mujoco.cosim.rig.tables import Table
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.protocols import (
    Command,
    CurrentClamp,
    Cut,
    Item,
    Protocol,
    Push,
    Silence,
)

if TYPE_CHECKING:
    from sns_mujoco.cosim.simulation import Simulation

ONE = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Channel:
    """Something that a protocol does, as a number that can be recorded.

    Attributes:
        name: What is done and to what, as "current into L1 swing".
        unit: Its unit.
        place: Its place in `mjData.plugin_state`: what was done in the last step.
    """

    name: str
    unit: str
    place: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was being done to an animal when a snapshot of it was taken.

    Attributes:
        given: The protocol that it had.
        by_hand: What was done by hand until then.
        rows: What the state of the stimulators is of.
    """

    given: Protocol
    by_hand: tuple[Item, ...]
    rows: tuple[Row, ...]


class Rig:
    """What is done to one animal.

        rig = simulation.rig
        rig.inject("L1 swing", 5.0)
        simulation.run(0.2)
        rig.release("L1 swing")
        rig.log.save("what_i_did.yaml")

    What is done by hand becomes part of the protocol, from the present step on, so that `log` replays it to the bit.
    When the animal goes back in time, what was done by hand after that is forgotten.

    Attributes:
        subject: What can be done something to, by name.
    """

    def __init__(self, simulation: "Simulation", subject: Subject | None = None) -> None:
        """Find the stimulators of an animal.

        Args:
            simulation: The animal.
            subject: What it was described as, if its model is another one by now.

        Raises:
            ProtocolError: Its model has none.
        """
        self._simulation = simulation
        model = simulation.model
        self.subject = subject or Subject(copy.copy(model), simulation.brains, simulation.described)
        self._tables = [Table(model, brain) for brain in self.subject.brains.values()]
        self._keeper = Alone(model, self.subject)
        self._given = Protocol()
        self._by_hand: list[Item] = []
        self._plan = Plan(self._given)
        self._numbers = ChangedNumbers([()], self._keeper)
        self._last = 0

    @property
    def protocol(self) -> Protocol:
        """The protocol, with what was done by hand; setting one replaces both, and what acts now acts from now on."""
        return Protocol((*self._given.items, *self._by_hand), self._given.name)

    @protocol.setter
    def protocol(self, protocol: Protocol) -> None:
        found = plan(protocol, self.subject)
        for table in self._tables:
            table.check(found.rows)
        simulation = self._simulation
        self._numbers.undo(ONE)
        for table in self._tables:
            table.clear(simulation.data.plugin_state, simulation.data.userdata, self._plan.rows)
        self._given, self._by_hand = protocol, []
        self._use(found)

    @property
    def log(self) -> Protocol:
        """What was and is done, with absolute times: given to the same animal at its start, it does the same again."""
        return self.protocol

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What is done natively, as numbers that can be recorded; of a clamp the current that it takes, nA."""
        found = []
        words = {"nA": "current into", "N m": "torque on"}
        for table in self._tables:
            for k, row in enumerate(table.of(self._plan.rows)):
                what = words.get(row.unit) if row.unit != "1" else type(row.item).__name__
                if what is not None:
                    unit = row.unit
                    place = table.state.start + MEMORY * k + int(Memory.OUTPUT)
                    found.append(Channel(f"{what} {row.name}", unit, place))
        return tuple(found)

    @property
    def done(self) -> Done:
        """What is being done now."""
        return Done(self._given, tuple(self._by_hand), self._plan.rows)

    def go_back(self, done: Done | None) -> None:
        """Go on from a snapshot, whose state the animal has by now.

        Args:
            done: What was being done then; None where it had no rig.
        """
        numeric = self._simulation.model.numeric_data
        if not self._plan.rows and any(numeric[table.numbers][Head.USED] for table in self._tables):
            return  # the model came with what is done, as from a file
        step = self._step
        same = done is not None and done.given == self._given
        items = done.by_hand if done is not None and same else [i for i in self._by_hand if i.start < self._now]
        self._plan = replace(self._plan, rows=() if done is None else done.rows)
        self._hand(list(items))
        self._last = step

    def begin(self, n: int) -> int:
        """Be ready for the next n steps of the animal, or for as many as can be made natively; that many."""
        step = self._step
        if step < self._last:
            self._forget(step)
        if self._numbers:
            n = min(n, self._numbers.begin(np.array([step]), ONE))
        self._last = step + n
        return n

    def rest(self) -> None:
        """Put back what is changed of the model, before the animal starts anew."""
        self._numbers.undo(ONE)

    def branch(self, simulation: "Simulation") -> "Rig":
        """The rig of a copy of the animal."""
        other = Rig(simulation, self.subject)
        other.take(self._plan, self._keeper.kept(), self._numbers.kept(0))
        other._given, other._by_hand = self._given, list(self._by_hand)
        return other

    def take(self, found: Plan, described: Mapping[str, Any], numbers: Numbers) -> None:
        """Go on where the animal stands, its model as it was changed until now.

        Args:
            found: What is done.
            described: What numbers of the model are called and follow from, by where they are kept.
            numbers: What they are without any change by a protocol.
        """
        for name, kept in described.items():
            getattr(self._keeper, name).put_back(kept)
        put_back(numbers, self._keeper, 0)
        self._given = found.protocol
        self._use(found)
        self._last = self._step

    def inject(self, neuron: str, current: float) -> None:
        """Let a current into neurons from now on, in the place of one that was let in by hand before.

        Args:
            neuron: Name or shell pattern.
            current: nA; 0 ends it.

        Raises:
            UnknownNameError: There is no such neuron.
            ProtocolError: The current is no finite number.
        """
        new = CurrentClamp(neuron, current, start=self._now)
        self._hand([*self._without(neuron, CurrentClamp), *([new] if new.current != 0.0 else [])])

    def silence(self, neuron: str) -> None:
        """Silence neurons from now on, see `Silence`.

        Raises:
            UnknownNameError: There is no such neuron.
            ProtocolError: They are clamped already.
        """
        self._hand([*self._by_hand, Silence(neuron, start=self._now)])

    def release(self, neuron: str) -> None:
        """End the currents that were injected by hand, and let go what was silenced by hand.

        Args:
            neuron: As it was named then.

        Raises:
            UnknownNameError: Nothing was done by hand to a neuron of that name.
        """
        self._end("neuron", neuron, CurrentClamp, Silence)

    def cut(self, synapse: str) -> None:
        """Cut synapses from now on.

        Raises:
            UnknownNameError: There are none of that name.
        """
        self._hand([*self._by_hand, Cut(synapse, start=self._now)])

    def restore(self, synapse: str) -> None:
        """Let synapses that were cut conduct again.

        Raises:
            UnknownNameError: None were cut by that name.
        """
        self._end("synapse", synapse, Cut)

    def push(
        self, body: str, force: tuple[float, float, float], seconds: float = 0.1, *, frame: str = "world"
    ) -> None:  # fmt: skip
        """Push bodies for a while.

        Args:
            body: Name or shell pattern.
            force: N (x, y, z).
            seconds: How long.
            frame: "world" or "heading", see `Push`.

        Raises:
            UnknownNameError: There is no such body.
            ProtocolError: A number is not finite, or the time not positive.
        """
        self._hand([*self._by_hand, Push(body, force, frame=frame, start=self._now, stop=self._now + seconds)])

    def set_command(self, name: str, value: float) -> None:
        """Set a descending command from now on.

        Raises:
            UnknownNameError: There is no such command.
            ProtocolError: The value is no finite number, or the protocol sets the command now.
        """
        new = Command(name, value, start=self._now)
        self._hand([*self._without(name, Command), new])

    def do(self, item: Item) -> None:
        """Do anything that a protocol can have; a start before now is now.

        Raises:
            UnknownNameError: There is nothing of the name.
            ProtocolError: It cannot be done.
        """
        self._hand([*self._by_hand, replace(item, start=max(item.start, self._now))])

    @property
    def _step(self) -> int:
        """The step that the animal makes next, counted from 0."""
        return round(self._simulation.data.time / self.subject.timestep)

    @property
    def _now(self) -> float:
        return self._step * self.subject.timestep

    def _without(self, pattern: str, *kinds: type[Item]) -> list[Item]:
        """What was done by hand, what still acts of some kinds on a target being ended now."""
        now, kept = self._now, []
        for item in self._by_hand:
            if type(item) in kinds and item.pattern == pattern and (item.stop is None or item.stop > now):
                if item.start >= now:  # it has never acted
                    continue
                item = replace(item, stop=now)
            kept.append(item)
        return kept

    def _end(self, what: str, name: str, *kinds: type[Item]) -> None:
        """End what was done by hand.

        Raises:
            UnknownNameError: It was not done.
        """
        left = self._without(name, *kinds)
        if left == self._by_hand:
            raise UnknownNameError(
                f"nothing is done by hand to the {what} {name!r}; name it as it was named when it was done"
            )
        self._hand(left)

    def _hand(self, items: list[Item]) -> None:
        """Have done other things by hand; what goes on goes on as it is."""
        found = plan(Protocol((*self._given.items, *items), self._given.name), self.subject)
        if not all(table.fits(found.rows) for table in self._tables):  # what is over needs no room
            found = replace(found, rows=tuple(row for row in found.rows if row.stop >= self._step))
        for table in self._tables:
            table.check(found.rows)
        self._by_hand = items
        self._move(found)

    def _forget(self, step: int) -> None:
        """Leave out what was done by hand from a step on, to which the animal has gone back."""
        time = step * self.subject.timestep
        self._hand([item for item in self._by_hand if item.start < time])

    def _move(self, found: Plan) -> None:
        """Go on with another plan: rows that both have keep their state."""
        data = self._simulation.data
        for table in self._tables:
            before, after = table.of(self._plan.rows), table.of(found.rows)
            pairs = zip(before, after, strict=False)
            same = next((k for k, (row, new) in enumerate(pairs) if row is not new), min(len(before), len(after)))
            state = data.plugin_state[table.state].reshape(-1, MEMORY)[same:]
            going_on = {_key(row) for row in after[same:]}
            told = {}
            for row, own in zip(before[same:], state, strict=False):
                if _key(row) in going_on:
                    told[_key(row)] = own.copy()
                    own[:] = 0.0  # so that nothing returns to what it was
            table.clear(data.plugin_state, data.userdata, before, same)
            for row, own in zip(after[same:], state, strict=False):
                own[:] = told.get(_key(row), 0.0)
        kept = self._numbers.kept(0)
        put_back(kept, self._keeper, 0)
        self._use(found)

    def _use(self, found: Plan) -> None:
        """Write the tables of a plan, and begin with its changes, of which none is made now."""
        self._plan = found
        numeric = self._simulation.model.numeric_data
        for table in self._tables:
            numeric[table.numbers] = table.written(found.rows)
        self._numbers = ChangedNumbers([found.changes], self._keeper)


def _key(row: Row) -> tuple:
    """What tells that a row of two plans is the same, whenever it is to stop."""
    return row.brain, row.kind, row.target, row.start, row.numbers, row.factor, row.samples
