"""Inputs, connections, biases and noise of a network as sparse maps, and what of them NIR cannot say."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.interop.nir.outgoing_neurons import Membrane, membrane_of
from sns_mujoco.interop.nir.sparse_maps import SparseMap, summed
from sns_mujoco.network import CurrentSynapse, DeltaSynapse, Network, SparseConnection
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.pairs import pairs_of
from sns_mujoco.network.parts import Input, Wire
from sns_mujoco.network.synapses import Connection

Source = tuple[str, int]
"""An input ("input", index), a population ("population", index), `BIAS` or `TONIC`."""
BIAS: Source = ("constant", 0)
"""What is constant from the first step on."""
TONIC: Source = ("constant", 1)
"""What neurons bring that spike in every step: from the step after on."""


@dataclass(slots=True)
class Outgoing:
    """A network on its way to NIR.

    Attributes:
        membranes: Populations that can be said, by their indices.
        links: What arrives at each of them.
        missing: What cannot be said.
    """

    membranes: dict[int, Membrane] = field(default_factory=dict)
    links: dict[int, dict[Source, SparseMap]] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)

    def lose(self, name: str, what: str) -> None:
        """Note that something cannot be said."""
        self.missing.append((name, what))


def outgoing(net: Network, dt: float) -> Outgoing:
    """All of a network that NIR can say, and what it cannot."""
    result = Outgoing()
    for index, population in enumerate(net.populations):
        membrane, lost = membrane_of(population)
        for what in lost:
            result.lose(population.name, what)
        if membrane is not None:
            result.membranes[index] = membrane
    constant = _constant_populations(net, result.membranes, dt)
    gathered: dict[int, dict[Source, list[SparseMap]]] = defaultdict(lambda: defaultdict(list))
    for index, port in enumerate(net.inputs):
        arriving = _of_input(net, port, result)
        if port.population not in result.membranes:
            result.lose(port.name, f"input {port.name!r} reaches neurons that are left out")
        elif arriving is not None:
            gathered[port.population]["input", index].append(arriving)
    for wire in net.connections:
        arriving = _of_wire(net, wire, result)
        if arriving is not None and {wire.source, wire.destination} <= set(result.membranes):
            steady = wire.source in constant
            arriving = _from_one(arriving) if steady else arriving
            gathered[wire.destination][TONIC if steady else ("population", wire.source)].append(arriving)
        elif arriving is not None:
            result.lose(wire.name, f"connection {wire.name!r} begins or ends at neurons that are left out")
    for index in constant:
        del result.membranes[index]
    for index, membrane in result.membranes.items():
        if membrane.bias.any():
            gathered[index][BIAS].append(SparseMap.constant(membrane.bias))
    for noise in net.noises:
        arriving = _of_noise(noise.kind, net.populations[noise.population].size, dt)
        if arriving is None:
            result.lose(noise.name, f"noise {noise.name!r} is random, or wanders from where it starts")
        elif noise.population in result.membranes:
            gathered[noise.population][BIAS].append(arriving)
    result.links = {
        index: {source: summed(maps) for source, maps in gathered[index].items()} for index in result.membranes
    }
    return result


def _constant_populations(net: Network, membranes: Mapping[int, Membrane], dt: float) -> set[int]:
    """Populations that spike in every step whatever happens, and are there for that: nobody reads them."""
    reached = {wire.destination for wire in net.connections} | {port.population for port in net.inputs}
    reached |= {noise.population for noise in net.noises}
    read = {output.source for output in net.outputs if output.kind in ("voltage", "spike", "threshold")}
    sources = {wire.source for wire in net.connections}
    return {
        index
        for index, membrane in membranes.items()
        if index in sources - reached - read and membrane.spikes_always(dt, net.populations[index].initial)
    }


def _of_input(net: Network, port: Input, result: Outgoing) -> SparseMap | None:
    size = net.populations[port.population].size
    tau = 0.0
    if port.through is not None:
        if not isinstance(port.through, CurrentSynapse):
            result.lose(port.name, f"input {port.name!r} comes through a conductance with a reversal potential")
            return None
        tau = float(np.asarray(port.through.time_constant))
    if port.weights is None:
        own = np.arange(size)
        return SparseMap.of(own, own if port.size == size else 0 * own, _gains(port, size), tau=tau)
    row, col = np.nonzero(port.weights)
    return SparseMap.of(row, col, port.weights[row, col] * _gains(port, len(row)), tau=tau)


def _gains(port: Input, count: int) -> NDArray[np.float64]:
    return np.full(count, 1.0 if port.through is None else float(np.asarray(port.through.weight)))


def _of_wire(net: Network, wire: Wire, result: Outgoing) -> SparseMap | None:
    kind = wire.kind.synapse if isinstance(wire.kind, SparseConnection) else wire.kind
    if not isinstance(kind, CurrentSynapse):
        result.lose(wire.name, f"connection {wire.name!r} is of {_what(kind)}")
        return None
    if kind.rise_time is not None:
        result.lose(wire.name, f"connection {wire.name!r} has currents with a rise time")
        return None
    if kind.short_term is not None:
        result.lose(wire.name, f"connection {wire.name!r} has short-term plasticity")
    if kind.plasticity is not None:
        result.lose(wire.name, f"connection {wire.name!r} learns")
    pairs = pairs_of(wire.kind, net.populations[wire.source].shape, net.populations[wire.destination].shape)
    columns = wire.kind.columns
    weight, delay, tau = (_of_entry(columns[name], pairs.entry) for name in ("weight", "delay", "time_constant"))
    return SparseMap.of(pairs.target, pairs.source, weight, delay=delay, tau=tau)


def _of_entry(values: Any, entry: NDArray[np.int64]) -> NDArray[np.float64]:
    values = np.asarray(values, float)
    return values.ravel()[entry] if values.ndim else np.full(len(entry), float(values))


def _what(kind: Connection) -> str:
    if isinstance(kind, DeltaSynapse):
        return "synapses that move the potential at once"
    return {
        "electrical": "electrical synapses",
        "rectified": "electrical synapses",
        "graded": "graded synapses, with conductances and a reversal potential",
        "weighted": "graded synapses",
        "spiking": "conductances with a reversal potential",
        "event": "conductances with a reversal potential",
    }[kind.family]


def _from_one(arriving: SparseMap) -> SparseMap:
    """Neurons that all do the same as one."""
    column = np.zeros_like(arriving.col)
    return SparseMap.of(arriving.row, column, arriving.weight, delay=arriving.delay, tau=arriving.tau)


def _of_noise(kind: OrnsteinUhlenbeckNoise, size: int, dt: float) -> SparseMap | None:
    """A constant current, or one that passes a filter from the start on; None for what is neither."""
    sigma, course, mean = (
        np.broadcast_to(np.ravel(getattr(kind, name)), (size,)) for name in ("sigma", "time_constant", "mean")
    )
    start = mean if kind.initial is None else np.broadcast_to(np.ravel(kind.initial), (size,))
    gain = np.array([-np.expm1(-dt / tau) if tau > 0 else 1.0 for tau in course.tolist()])
    filtered = np.isclose(start, gain * mean, rtol=1e-9, atol=0.0)
    if sigma.any() or not (filtered | (start == mean)).all():
        return None
    tau = np.where(filtered & (gain < 1), dt / gain, 0.0)
    weight = np.where(tau > 0, start, mean)
    return SparseMap.of(np.arange(size), np.zeros(size, np.int64), weight, tau=tau)
