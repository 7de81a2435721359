"""Connections between populations expanded into edges: one entry for every synapse."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.network import Network
from sns_mujoco.network.pairs import is_kept_at_zero, pairs_of
from sns_mujoco.network.sparse import SparseConnection
from sns_mujoco.network.synapses import Connection

Places = NDArray[np.int64]

FAMILIES: dict[str, tuple[str, ...]] = {
    "graded": ("max_conductance", "reversal_potential", "e_lo", "e_hi"),
    "spiking": (
        "max_conductance",
        "reversal_potential",
        "time_constant",
        "conductance_increment",
        "transmission_delay",
    ),
    "electrical": ("max_conductance",),
    "rectified": ("max_conductance",),
    "event": ("weight", "delay"),
    "weighted": ("weight", "e_lo", "e_hi"),
}
"""The families of synapses with the parameters of each edge. Further ones are looked up by `Columns`."""

SLOTTED = ("graded", "spiking")  # of which SNS-Toolbox keeps one for each pair of neurons
SHARED_OUT = ("max_conductance", "conductance_increment")  # among the source neurons of a plain synapse


@dataclass(slots=True, kw_only=True)
class Edges:
    """Synapses of one family.

    Attributes:
        source: Presynaptic neuron of each [E].
        target: Postsynaptic neuron of each [E].
        owner: Index of the connection it belongs to [E].
        entry: Which entry of that connection's values is its own [E].
        values: Parameters [E], named in `FAMILIES`.
    """

    source: Places
    target: Places
    owner: Places
    entry: Places
    values: dict[str, NDArray[np.float64]]

    def take(self, which: NDArray[Any]) -> "Edges":
        """Some of them, in the order given."""
        values = {name: value[which] for name, value in self.values.items()}
        places = {name: getattr(self, name)[which] for name in ("source", "target", "owner", "entry")}
        return Edges(**places, values=values)

    @staticmethod
    def joined(parts: "list[Edges]", names: tuple[str, ...]) -> "Edges":
        """All of several, one after the other."""

        def join(arrays: list[NDArray[Any]], kind: type) -> NDArray[Any]:
            return np.concatenate([np.empty(0, kind), *arrays])

        places = {
            name: join([getattr(p, name) for p in parts], np.int64) for name in ("source", "target", "owner", "entry")
        }
        return Edges(**places, values={name: join([p.values[name] for p in parts], np.float64) for name in names})


def expand(network: Network, dt: float, *, toolbox: bool, zeros_of: Collection[str] = ()) -> dict[str, Edges]:
    """All synapses of a network, by family and in the order in which they were described.

    Args:
        network: The network.
        dt: Neural step, ms, for delays.
        toolbox: Whether increments are not shared out among the sources, and zero conductances stay in where
            they can overwrite others.
        zeros_of: Strengths ("max_conductance", "weight", "conductance") of which a zero makes a synapse, too, where a
            connection or a list describes it; in matrices and kernels it never does.

    Returns:
        The edges of each of `FAMILIES`; electrical ones once for each pair, from source to target.

    Raises:
        TimeStepError: A delay given in ms vanishes in the step.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    wires = network.connections
    shared = Counter((wire.source, wire.destination) for wire in wires)
    members: dict[str, list[int]] = {family: [] for family in FAMILIES}
    for index, wire in enumerate(wires):
        members[wire.kind.family].append(index)
    expanded = {}
    for family, names in FAMILIES.items():
        plain = [i for i in members[family] if wires[i].kind.layout == "all"]
        parts = [_all_to_all(network, plain, names, starts, dt, toolbox=toolbox, zeros_of=zeros_of)]
        for i in sorted(set(members[family]) - set(plain)):
            crowded = toolbox and family in SLOTTED and shared[wires[i].source, wires[i].destination] > 1
            listed = wires[i].kind.layout == "list" and strength_name(wires[i].kind) in zeros_of
            parts.append(_given_one_by_one(network, i, names, starts, dt, zeros=crowded or listed))
        edges = Edges.joined(parts, names)
        if len(parts) > 1:
            edges = edges.take(np.argsort(edges.owner, kind="stable"))
        expanded[family] = edges
    return expanded


def _all_to_all(
    network: Network,
    members: list[int],
    names: tuple[str, ...],
    starts: Places,
    dt: float,
    *,
    toolbox: bool,
    zeros_of: Collection[str],
) -> Edges:
    """The pairs of plain synapses, all connections at once: most networks are made of many small ones."""
    wires = [network.connections[i] for i in members]
    first = {id(wire.kind): wire for wire in reversed(wires)}  # many share a description
    given = {key: parameters(wire.kind, dt, wire.name) for key, wire in first.items()}
    there = {
        key: toolbox or wire.kind.STRENGTH in zeros_of or is_kept_at_zero(wire.kind) or wire.kind.strength != 0
        for key, wire in first.items()
    }
    pre = np.array([wire.source for wire in wires], np.int64)
    post = np.array([wire.destination for wire in wires], np.int64)
    sizes = np.diff(starts)
    count = sizes[pre] * sizes[post] * np.array([there[id(wire.kind)] for wire in wires], np.int64)
    which = np.repeat(np.arange(len(wires)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    target, source = np.divmod(within, sizes[pre][which])
    values = {name: np.array([given[id(wire.kind)][name] for wire in wires], float) for name in names}
    for name in SHARED_OUT[:1] if toolbox else SHARED_OUT:
        if name in values:
            values[name] = values[name] / sizes[pre]
    return Edges(
        source=source + starts[pre][which],
        target=target + starts[post][which],
        owner=np.array(members, np.int64)[which],
        entry=np.zeros(len(which), np.int64),
        values={name: value[which] for name, value in values.items()},
    )


def _given_one_by_one(
    network: Network, index: int, names: tuple[str, ...], starts: Places, dt: float, *, zeros: bool
) -> Edges:
    """The pairs of a matrix, pattern or list; those of zero conductance stay in if they are wanted."""
    wire = network.connections[index]
    pre, post = network.populations[wire.source], network.populations[wire.destination]
    pairs = pairs_of(wire.kind, pre.shape, post.shape, zeros=zeros)
    given = parameters(wire.kind, dt, wire.name)
    source, target, entry = pairs.source, pairs.target, pairs.entry
    values = {name: values_at(given[name], entry) for name in names}
    if zeros and wire.kind.layout == "pattern":
        # SNS-Toolbox writes a pattern's whole block, with zeros beyond the kernel
        beyond = np.setdiff1d(np.arange(pre.size * post.size), target * pre.size + source)
        target, source = np.append(target, beyond // pre.size), np.append(source, beyond % pre.size)
        entry = np.append(entry, np.zeros_like(beyond))
        values = {name: np.append(value, np.zeros(len(beyond))) for name, value in values.items()}
    return Edges(
        source=source + starts[wire.source],
        target=target + starts[wire.destination],
        owner=np.full(len(source), index),
        entry=entry,
        values=values,
    )


def strength_name(kind: Connection) -> str:
    """Name of the parameter which is zero where there is no synapse."""
    return kind.synapse.STRENGTH if isinstance(kind, SparseConnection) else kind.STRENGTH


def values_at(value: Any, entry: Places) -> NDArray[np.float64]:
    """Some entries of a parameter, or as often the one number that stands for all."""
    array = np.asarray(value, float)
    return np.full(len(entry), array) if array.ndim == 0 else array.ravel()[entry]


def parameters(kind: Connection, dt: float, name: str) -> dict[str, Any]:
    """Parameters of a connection, those of `FAMILIES` among them, with delays in steps.

    Raises:
        TimeStepError: A delay given in ms vanishes in the step.
    """
    given = kind.columns
    what = f"connection {name!r}: a delay"
    if kind.family in ("electrical", "rectified"):
        return {"max_conductance": given["conductance"]}
    if kind.family == "spiking":
        if given["conductance_increment"] is None:
            given["conductance_increment"] = given["max_conductance"]
        if given["transmission_delay_ms"] is not None:
            given["transmission_delay"] = whole_steps(given["transmission_delay_ms"], dt, what)
    elif kind.family == "event":
        given["delay"] = whole_steps(given["delay"], dt, what)
    return given


class Columns:
    """Parameters of edges that only some connections have: short-term plasticity, learning, time courses."""

    def __init__(self, edges: Edges, given: Mapping[int, Mapping[str, Any]]) -> None:
        """Look up `given`, the parameters of each connection by its index, for some edges of these connections."""
        self._edges, self._given = edges, given

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """A parameter of each edge [E]."""
        owner = self._edges.owner
        table = np.zeros(int(owner.max(initial=-1)) + 1)
        own = {}
        for index, columns in self._given.items():
            if np.ndim(columns[name]):
                own[index] = np.ravel(columns[name])
            elif index < len(table):
                table[index] = columns[name]
        values = table[owner]
        for index, value in own.items():
            places = np.flatnonzero(owner == index)
            values[places] = value[self._edges.entry[places]]
        return values


def whole_steps(milliseconds: Any, dt: float, what: str) -> NDArray[np.float64]:
    """A duration as the nearest number of neural steps.

    Raises:
        TimeStepError: A duration that is not zero would vanish.
    """
    duration = np.asarray(milliseconds, float)
    steps = np.floor(duration / dt + 0.5)
    gone = (steps == 0) & (duration > 0)
    if gone.any():
        raise TimeStepError(
            f"{what} of {duration[gone].min():g} ms is less than half the neural step of {dt:g} ms and would vanish; "
            f"make it 0, or the step at most {2 * duration[gone].min():g} ms"
        )
    return steps


def require_spiking_sources(network: Network, edges: Edges, spiking: NDArray[np.bool_]) -> None:
    """Refuse synapses that wait for spikes that never come.

    Raises:
        NetworkError: The source of one does not spike.
    """
    silent = np.flatnonzero(~spiking[edges.source])
    if silent.size:
        wire = network.connections[edges.owner[silent[0]]]
        raise NetworkError(
            f"connection {wire.name!r}: its source {network.populations[wire.source].name!r} never spikes, so a "
            "spiking synapse never conducts; use a non-spiking synapse or a SpikingNeuron"
        )
