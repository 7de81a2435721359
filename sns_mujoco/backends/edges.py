"""Connections between populations expanded into edges: one entry for every synapse."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.matrices import (
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    SpikingMatrixConnection,
    SpikingPatternConnection,
)
from sns_mujoco.network.network import Network
from sns_mujoco.network.parts import Wire
from sns_mujoco.network.patterns import pattern_pairs
from sns_mujoco.network.synapses import Connection, ElectricalSynapse, NonSpikingSynapse, SpikingSynapse

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
}
"""The families of synapses with the parameters of each edge."""


@dataclass(slots=True, kw_only=True)
class Edges:
    """Synapses of one family.

    Attributes:
        source: Presynaptic neuron of each [E].
        target: Postsynaptic neuron of each [E].
        owner: Index of the connection it belongs to [E].
        values: Parameters [E], named in `FAMILIES`.
    """

    source: Places
    target: Places
    owner: Places
    values: dict[str, NDArray[np.float64]]

    def take(self, which: NDArray[Any]) -> "Edges":
        """Some of them, in the order given."""
        values = {name: value[which] for name, value in self.values.items()}
        return Edges(source=self.source[which], target=self.target[which], owner=self.owner[which], values=values)

    @staticmethod
    def joined(parts: "list[Edges]", names: tuple[str, ...]) -> "Edges":
        """All of several, one after the other."""

        def join(arrays: list[NDArray[Any]], kind: type) -> NDArray[Any]:
            return np.concatenate([np.empty(0, kind), *arrays])

        return Edges(
            source=join([p.source for p in parts], np.int64),
            target=join([p.target for p in parts], np.int64),
            owner=join([p.owner for p in parts], np.int64),
            values={name: join([p.values[name] for p in parts], np.float64) for name in names},
        )


def expand(network: Network, dt: float, *, toolbox: bool) -> dict[str, Edges]:
    """All synapses of a network, by family and in the order in which they were described.

    Args:
        network: The network.
        dt: Neural step, ms, for delays.
        toolbox: Whether increments are not shared out among the sources, and zero conductances stay in where
            they can overwrite others.

    Returns:
        The edges of each of `FAMILIES`; electrical ones once for each pair, from source to target.

    Raises:
        TimeStepError: A delay given in ms vanishes in the step.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    wires = network.connections
    shared = Counter((wire.source, wire.destination) for wire in wires)
    families: dict[str, list[int]] = {family: [] for family in FAMILIES}
    for index, wire in enumerate(wires):
        families[_family(wire.kind)].append(index)
    expanded = {}
    for family, members in families.items():
        names = FAMILIES[family]
        plain = [
            i for i in members if isinstance(wires[i].kind, NonSpikingSynapse | SpikingSynapse | ElectricalSynapse)
        ]
        parts = [_all_to_all(network, plain, names, starts, dt, toolbox=toolbox)]
        for i in sorted(set(members) - set(plain)):
            crowded = toolbox and shared[wires[i].source, wires[i].destination] > 1
            parts.append(_given_one_by_one(network, i, names, starts, dt, zeros=crowded))
        edges = Edges.joined(parts, names)
        expanded[family] = edges.take(np.argsort(edges.owner, kind="stable"))
    return expanded


def _family(kind: Connection) -> str:
    if isinstance(kind, ElectricalSynapse):
        return "rectified" if kind.rect else "electrical"
    if isinstance(kind, NonSpikingSynapse | NonSpikingMatrixConnection | NonSpikingPatternConnection):
        return "graded"
    return "spiking"


def _all_to_all(
    network: Network, members: list[int], names: tuple[str, ...], starts: Places, dt: float, *, toolbox: bool
) -> Edges:
    """The pairs of plain synapses, all connections at once: most networks are made of many small ones."""
    wires = [network.connections[i] for i in members]
    pre = np.array([wire.source for wire in wires], np.int64)
    post = np.array([wire.destination for wire in wires], np.int64)
    sizes = np.diff(starts)
    count = sizes[pre] * sizes[post]
    which = np.repeat(np.arange(len(wires)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    target, source = np.divmod(within, sizes[pre][which])
    given = [_parameters(wire, dt) for wire in wires]
    values = {name: np.array([g[name] for g in given], float) for name in names}
    for name in ("max_conductance",) if toolbox else ("max_conductance", "conductance_increment"):
        if name in values:
            values[name] = values[name] / sizes[pre]
    edges = Edges(
        source=source + starts[pre][which],
        target=target + starts[post][which],
        owner=np.array(members, np.int64)[which],
        values={name: value[which] for name, value in values.items()},
    )
    return edges if toolbox else edges.take(edges.values["max_conductance"] > 0)


def _given_one_by_one(
    network: Network, index: int, names: tuple[str, ...], starts: Places, dt: float, *, zeros: bool
) -> Edges:
    """The pairs of a matrix or pattern; those of zero conductance stay in if they are wanted."""
    wire = network.connections[index]
    pre, post = network.populations[wire.source], network.populations[wire.destination]
    given = {name: np.asarray(value, float) for name, value in _parameters(wire, dt).items()}
    conductance = given["max_conductance"]
    if isinstance(wire.kind, NonSpikingPatternConnection | SpikingPatternConnection):
        target, source, entry = pattern_pairs(conductance.shape, pre.shape)
    else:
        target, source = np.nonzero(np.ones_like(conductance, bool) if zeros else conductance)
        entry = target * pre.size + source
    values = {name: _entries(given[name], entry) for name in names}
    if zeros and isinstance(wire.kind, NonSpikingPatternConnection):
        # SNS-Toolbox writes a pattern's whole block, with zeros beyond the kernel
        beyond = np.setdiff1d(np.arange(pre.size * post.size), target * pre.size + source)
        target, source = np.append(target, beyond // pre.size), np.append(source, beyond % pre.size)
        values = {name: np.append(value, np.zeros(len(beyond))) for name, value in values.items()}
    edges = Edges(
        source=source + starts[wire.source],
        target=target + starts[wire.destination],
        owner=np.full(len(source), index),
        values=values,
    )
    return edges if zeros else edges.take(edges.values["max_conductance"] > 0)


def _entries(value: NDArray[np.float64], entry: Places) -> NDArray[np.float64]:
    """The entries of a matrix or kernel, or as often the one number that stands for all."""
    return np.full(len(entry), value) if value.ndim == 0 else value.ravel()[entry]


def _parameters(wire: Wire, dt: float) -> dict[str, Any]:
    """Parameters of a connection under the names of `FAMILIES`, delays in steps."""
    kind: Any = wire.kind
    if isinstance(kind, ElectricalSynapse):
        return {"max_conductance": kind.conductance}
    suffix = "_kernel" if isinstance(kind, NonSpikingPatternConnection | SpikingPatternConnection) else ""
    given = {name: getattr(kind, name + suffix) for name in FAMILIES[_family(kind)]}
    if isinstance(kind, SpikingSynapse | SpikingMatrixConnection | SpikingPatternConnection):
        if given["conductance_increment"] is None:
            given["conductance_increment"] = given["max_conductance"]
        milliseconds = getattr(kind, "transmission_delay_ms" + suffix)
        if milliseconds is not None:
            given["transmission_delay"] = whole_steps(milliseconds, dt, f"connection {wire.name!r}: a delay")
    return given


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
    """Refuse spiking synapses that could never conduct.

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
