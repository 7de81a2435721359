"""`plan`: a protocol held against an animal, before anything runs."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sns_mujoco.cosim.rig.adding import RigRoom
from sns_mujoco.cosim.rig.changes import Change, changes_of
from sns_mujoco.cosim.rig.layout import ROW
from sns_mujoco.cosim.rig.rows import Row, rows_of
from sns_mujoco.cosim.rig.subject import Subject
from sns_mujoco.errors import ProtocolError
from sns_mujoco.network import Network
from sns_mujoco.protocols import Item, Protocol, Samples

FEW, MANY = 8, 256  # rows of an item with a name, which may be that of a population, and with a pattern


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a protocol does to one animal.

    Attributes:
        protocol: The protocol.
        rows: What is done natively.
        changes: What is changed between native stretches.
    """

    protocol: Protocol
    rows: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()


def check(protocol: Any) -> None:
    """Refuse what is no protocol.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(protocol, Protocol):
        raise TypeError(f"the protocol is {protocol!r}; give a Protocol([...]), or Protocol.load of a file")


def plan(protocol: Protocol, subject: Subject) -> Plan:
    """Look up all names of a protocol and check all that can be wrong.

    Raises:
        UnknownNameError: There is nothing of a name; the closest are suggested.
        ProtocolError: It cannot be done, or two things at once cannot.
        TimeStepError: Times or waveforms do not fit the physics step.
        TypeError: It is no protocol.
    """
    check(protocol)
    found = [_looked_up(item, place, subject) for place, item in enumerate(protocol)]
    rows = tuple(row for own, _ in found for row in own)
    _refuse_overlaps(rows)
    return Plan(protocol, rows, tuple(change for _, own in found for change in own))


def _looked_up(item: Item, place: int, subject: Subject) -> tuple[tuple[Row, ...], tuple[Change, ...]]:
    """Rows and changes of an item, kept for the next plan that has it."""
    key = (item, place)
    if key not in subject.known:
        subject.known[key] = tuple(rows_of(item, place, subject)), tuple(changes_of(item, subject))
    return subject.known[key]


def _refuse_overlaps(rows: Iterable[Row]) -> None:
    """Refuse two clamps on one neuron at a time, two settings of one command ..."""
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        if row.exclusive is not None:
            groups.setdefault(row.exclusive, []).append(row)
    for (what, *_), members in groups.items():
        members.sort(key=lambda row: row.start)
        for before, after in zip(members, members[1:], strict=False):
            if after.start < before.stop:
                raise ProtocolError(
                    f"{before.item.label} and {after.item.label} are two {what} of {after.name!r} at once, from "
                    f"{after.item.start:g} s on; let one end before the other starts"
                )


def table_size(rows: Iterable[Row]) -> tuple[int, int]:
    """Rows and samples that a table needs."""
    rows = list(rows)
    return len(rows), sum(len(samples) for samples in {row.samples for row in rows})


def filled(rows: Iterable[Row]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of rows [R, ROW], and of their samples; equal samples stand there once."""
    places: dict[tuple[float, ...], int] = {}
    samples: list[float] = []
    written = []
    for row in rows:
        if row.samples not in places:
            places[row.samples] = len(samples)
            samples += row.samples
        written.append(row.written(places[row.samples]))
    return np.array(written, float).reshape(-1, ROW), np.array(samples)


def room_for(protocols: Iterable[Protocol], network: Network) -> RigRoom:
    """Room for the greatest of some protocols, and for what is then done by hand.

    How many afferents or bodies a pattern matches is not known before there is a model: every pattern gets room for
    many, and for all neurons of the network.
    """
    sizes = {population.name: population.size for population in network.populations}
    many = max(MANY, sum(sizes.values()))
    rows = samples = 0
    for protocol in protocols:
        check(protocol)
        widths = [
            many if any(c in "*?[" for c in item.pattern) else max(FEW, sizes.get(item.pattern, 0)) for item in protocol
        ]
        rows = max(rows, sum(widths))
        waves = {value for item in protocol for value in _values(item) if isinstance(value, Samples)}
        samples = max(samples, sum(len(wave.samples) for wave in waves))
    return RigRoom(rows=rows, samples=samples)


def _values(item: Item) -> list[Any]:
    return [getattr(item, field.name) for field in fields(item)]
