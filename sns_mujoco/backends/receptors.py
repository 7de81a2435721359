"""Where spikes arrive: event synapses of the same time course on one neuron share a receptor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Edges
from sns_mujoco.backends.factors import kept, rising
from sns_mujoco.backends.families import ReceptorKind, Receptors
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse
from sns_mujoco.network.network import Network
from sns_mujoco.network.synapses import Connection

Places = NDArray[np.int64]
SHARED = -1  # owner of the receptors that are shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a spike leaves behind.

    Attributes:
        kind: Current, conductance or jump.
        reversal: mV.
        time_constant: ms.
        rise_time: ms; 0: none.
        owner: The connection to which such receptors belong alone, because it is read or nothing is shared; or
            `SHARED`.
        entry: The entry of that connection to which they belong alone; or `SHARED`.
    """

    kind: ReceptorKind
    reversal: float = 0.0
    time_constant: float = 0.0
    rise_time: float = 0.0
    owner: int = SHARED
    entry: int = SHARED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """All receptors of a network.

    Attributes:
        receptors: As in the program.
        of_edge: The receptor of each event synapse [E].
        of_input: The receptors of each input that goes through some, by its index [n_neurons].
        of_connection: The receptors of each connection that is read, by its index [n_destination].
    """

    receptors: Receptors
    of_edge: Places
    of_input: dict[int, Places]
    of_connection: dict[int, Places]


def sites(network: Network, edges: Edges, dt: float, *, exponential: bool, own: bool = False) -> Sites:
    """Find the receptors of a network.

    Args:
        network: The network.
        edges: Its event synapses.
        dt: Neural step, ms.
        exponential: Whether they decay exactly.
        own: Whether every connection, or entry with values of its own, has receptors of its own. What arrives at one
            neuron is then added up in another order, which the last digits show.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    courses: dict[Course, int] = {}
    read = {output.source for output in network.outputs if output.kind in ("conductance", "current")}
    read = {index for index in read if network.connections[index].kind.family == "event"}
    course = _courses_of_edges(network, edges, read, courses, own=own)
    reached = {}
    for index in sorted(read):
        wire = network.connections[index]
        first = int(_courses(wire.kind, index, courses, apart=own)[0])
        reached["connection", index] = (_neurons(network, wire.destination, starts), first)
    for index, entry in enumerate(network.inputs):
        if entry.through is not None:
            first = int(_courses(entry.through, SHARED, courses)[0])
            reached["input", index] = (_neurons(network, entry.population, starts), first)
    count = max(len(courses), 1)
    keys = [edges.target * count + course, *(neurons * count + first for neurons, first in reached.values())]
    found, place = np.unique(np.concatenate(keys), return_inverse=True)
    places = np.split(place, np.cumsum([len(key) for key in keys])[:-1])
    by_kind: dict[str, dict[int, Places]] = {"connection": {}, "input": {}}
    for (what, index), own_places in zip(reached, places[1:], strict=True):
        by_kind[what][index] = own_places
    return Sites(
        receptors=_receptors(
            list(courses), found // count, found % count, int(starts[-1]), dt, exponential=exponential
        ),
        of_edge=places[0],
        of_input=by_kind["input"],
        of_connection=by_kind["connection"],
    )


def _neurons(network: Network, population: int, starts: Places) -> Places:
    return starts[population] + np.arange(network.populations[population].size)


def _courses_of_edges(
    network: Network, edges: Edges, read: set[int], courses: dict[Course, int], *, own: bool
) -> Places:
    """The time course of each event synapse [E]."""
    of_wire = np.zeros(len(network.connections), np.int64)
    various = []
    known: dict[int, Places] = {}  # by description, which many wires may share
    for index, wire in enumerate(network.connections):
        if wire.kind.family == "event":
            if index in read or own:
                found = _courses(wire.kind, index, courses, apart=own)
            else:
                found = known.get(id(wire.kind))
                found = known[id(wire.kind)] = _courses(wire.kind, SHARED, courses) if found is None else found
            of_wire[index] = found[0]
            if len(found) > 1:
                various.append((index, found))
    course = of_wire[edges.owner]
    for index, found in various:
        places = np.flatnonzero(edges.owner == index)
        course[places] = found[edges.entry[places]]
    return course


def _courses(kind: Connection, owner: int, courses: dict[Course, int], *, apart: bool = False) -> Places:
    """The time course of each entry of a connection, or the one that all of them have; `apart`: no two share one."""
    synapse: Any = kind.synapse if kind.layout == "list" else kind
    columns = kind.columns
    sort = ReceptorKind.JUMP
    if isinstance(synapse, CurrentSynapse):
        sort = ReceptorKind.CURRENT
    elif isinstance(synapse, ConductanceSynapse):
        sort = ReceptorKind.CONDUCTANCE
    names = ("reversal_potential", "time_constant", "rise_time")
    given = [np.ravel(0.0 if columns.get(name) is None else columns[name]) for name in names]
    table = np.stack(np.broadcast_arrays(*given), axis=1)
    rows, place = table, np.arange(len(table))
    if len(table) > 1 and not apart:
        rows, place = np.unique(table, axis=0, return_inverse=True)
    numbers = []
    for entry, (reversal, time_constant, rise_time) in enumerate(rows.tolist()):
        course = Course(
            kind=sort,
            reversal=reversal,
            time_constant=time_constant,
            rise_time=rise_time,
            owner=owner,
            entry=entry if apart else SHARED,
        )
        numbers.append(courses.setdefault(course, len(courses)))
    own = np.array(numbers, np.int64)
    return own if len(own) == 1 else own[np.ravel(place)]


def _receptors(
    courses: Sequence[Course], neuron: Places, course: Places, neurons: int, dt: float, *, exponential: bool
) -> Receptors:
    """The arrays of receptors, given the neuron and the time course of each, sorted by neuron."""
    tau = np.array([c.time_constant for c in courses], float)
    rise = np.array([c.rise_time for c in courses], float)
    two_stage = rise > 0
    coupling, gain = rising(np.where(two_stage, tau, 1.0), np.where(two_stage, rise, 1.0), dt, exponential=exponential)
    by_course = {
        "kind": np.array([c.kind for c in courses], np.uint32),
        "reversal": np.array([c.reversal for c in courses], float),
        "decay": kept(tau, dt, exponential=exponential),
        "rise": np.where(two_stage, kept(rise, dt, exponential=exponential), 0.0),
        "coupling": np.where(two_stage, coupling, 0.0),
        "gain": np.where(two_stage, gain, 1.0),
        "two_stage": two_stage.astype(np.uint32),
    }
    return Receptors(
        row=np.append(0, np.cumsum(np.bincount(neuron, minlength=neurons))).astype(np.uint32),
        **{name: value[course] for name, value in by_course.items()},
    )
