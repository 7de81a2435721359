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
        owner: The connection to which such receptors belong alone, because it is read; or `SHARED`.
    """

    kind: ReceptorKind
    reversal: float = 0.0
    time_constant: float = 0.0
    rise_time: float = 0.0
    owner: int = SHARED


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


def sites(network: Network, edges: Edges, dt: float, *, exponential: bool) -> Sites:
    """Find the receptors of a network.

    Args:
        network: The network.
        edges: Its event synapses.
        dt: Neural step, ms.
        exponential: Whether they decay exactly.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    courses: dict[Course, int] = {}
    read = {output.source for output in network.outputs if output.kind in ("conductance", "current")}
    read = {index for index in read if network.connections[index].kind.family == "event"}
    course = _courses_of_edges(network, edges, read, courses)
    reached = {}
    for index in sorted(read):
        wire = network.connections[index]
        own = int(_courses(wire.kind, index, courses)[0])
        reached["connection", index] = (_neurons(network, wire.destination, starts), own)
    for index, entry in enumerate(network.inputs):
        if entry.through is not None:
            own = int(_courses(entry.through, SHARED, courses)[0])
            reached["input", index] = (_neurons(network, entry.population, starts), own)
    count = max(len(courses), 1)
    keys = [edges.target * count + course, *(neurons * count + own for neurons, own in reached.values())]
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


def _courses_of_edges(network: Network, edges: Edges, read: set[int], courses: dict[Course, int]) -> Places:
    """The time course of each event synapse [E]."""
    of_wire = np.zeros(len(network.connections), np.int64)
    various = []
    known: dict[int, Places] = {}  # by description, which many wires may share
    for index, wire in enumerate(network.connections):
        if wire.kind.family == "event":
            if index in read:
                own = _courses(wire.kind, index, courses)
            else:
                own = known.get(id(wire.kind))
                own = known[id(wire.kind)] = _courses(wire.kind, SHARED, courses) if own is None else own
            of_wire[index] = own[0]
            if len(own) > 1:
                various.append((index, own))
    course = of_wire[edges.owner]
    for index, own in various:
        places = np.flatnonzero(edges.owner == index)
        course[places] = own[edges.entry[places]]
    return course


def _courses(kind: Connection, owner: int, courses: dict[Course, int]) -> Places:
    """The time course of each entry of a connection, or the one that all of them have."""
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
    rows, place = np.unique(table, axis=0, return_inverse=True) if len(table) > 1 else (table, np.zeros(1, np.int64))
    numbers = []
    for reversal, time_constant, rise_time in rows.tolist():
        course = Course(kind=sort, reversal=reversal, time_constant=time_constant, rise_time=rise_time, owner=owner)
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
