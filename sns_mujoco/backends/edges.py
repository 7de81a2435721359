"""Connections between populations expanded into edges: one entry for every synapse."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.network import Network, Population
from sns_mujoco.network.synapses import (
    Connection, ElectricalSynapse, NonSpikingMatrixConnection, NonSpikingPatternConnection, NonSpikingSynapse,
    SpikingMatrixConnection, SpikingPatternConnection, SpikingSynapse,
)  # fmt: skip

GRADED = ("max_conductance", "reversal_potential", "e_lo", "e_hi")
SPIKING = (
    "max_conductance", "reversal_potential", "time_constant", "conductance_increment", "transmission_delay",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Edges:
    """Synapses of one family, in the order of their description.

    Attributes:
        source: Presynaptic neuron of each [E].
        target: Postsynaptic neuron of each [E].
        owner: Index of the connection it belongs to [E].
        values: Parameters [E].
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    owner: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def take(self, which: NDArray[Any]) -> "Edges":
        """Some of them, in the order given."""
        values = {name: value[which] for name, value in self.values.items()}
        return Edges(source=self.source[which], target=self.target[which], owner=self.owner[which], values=values)


def expand(network: Network, family: str, dt: float, *, toolbox: bool) -> Edges:
    """All synapses of a family of a network.

    Args:
        network: The network.
        family: "graded", "spiking", "electrical" or "rectified".
        dt: Neural step, ms, for delays.
        toolbox: Whether entries of zero conductance stay in, and increments are not shared out among the sources.

    Returns:
        The edges; electrical ones once for each pair, from source to target.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    parts: list[Edges] = []
    for c, wire in enumerate(network.connections):
        if _family(wire.kind) != family:
            continue
        pre, post = network.populations[wire.source], network.populations[wire.destination]
        block = _block(wire.kind, pre, post, dt, wire.name, toolbox=toolbox)
        keep = np.ones(block["max_conductance"].shape, bool) if toolbox else block["max_conductance"] > 0
        target, source = np.nonzero(keep)
        parts.append(
            Edges(
                source=source + starts[wire.source],
                target=target + starts[wire.destination],
                owner=np.full(len(source), c),
                values={name: np.broadcast_to(value, keep.shape)[target, source] for name, value in block.items()},
            )
        )
    names = {"graded": GRADED, "spiking": SPIKING}.get(family, ("max_conductance",))
    return Edges(
        source=_joined([p.source for p in parts], np.int64),
        target=_joined([p.target for p in parts], np.int64),
        owner=_joined([p.owner for p in parts], np.int64),
        values={name: _joined([p.values[name] for p in parts], np.float64) for name in names},
    )


def _joined(arrays: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate(arrays).astype(dtype) if arrays else np.empty(0, dtype)


def _family(kind: Connection) -> str:
    if isinstance(kind, ElectricalSynapse):
        return "rectified" if kind.rect else "electrical"
    if isinstance(kind, NonSpikingSynapse | NonSpikingMatrixConnection | NonSpikingPatternConnection):
        return "graded"
    return "spiking"


def _block(
    kind: Connection, pre: Population, post: Population, dt: float, name: str, *, toolbox: bool
) -> dict[str, NDArray[np.float64]]:
    """Parameters of every pair [n_target, n_source] of one connection."""
    shape = (post.size, pre.size)
    if isinstance(kind, ElectricalSynapse):
        return {"max_conductance": np.full(shape, float(kind.conductance) / pre.size)}
    names = SPIKING if _family(kind) == "spiking" else GRADED
    if isinstance(kind, NonSpikingPatternConnection | SpikingPatternConnection):
        given = {n: getattr(kind, f"{n}_kernel") for n in names} | _delay(kind, dt, name, "_kernel")
        given = _with_increment(given)
        return _pattern(given, np.shape(kind.max_conductance_kernel), pre, shape)
    given = {n: getattr(kind, n) for n in names} | _delay(kind, dt, name, "")
    given = _with_increment(given)
    block = {n: np.broadcast_to(np.asarray(value, float), shape) for n, value in given.items()}
    if isinstance(kind, NonSpikingSynapse | SpikingSynapse):
        block["max_conductance"] = block["max_conductance"] / pre.size
        if "conductance_increment" in block and not toolbox:
            block["conductance_increment"] = block["conductance_increment"] / pre.size
    return block


def _with_increment(given: dict[str, Any]) -> dict[str, Any]:
    if "conductance_increment" in given and given["conductance_increment"] is None:
        given["conductance_increment"] = given["max_conductance"]
    return given


def _delay(kind: Any, dt: float, name: str, suffix: str) -> dict[str, Any]:
    """The delay in steps, where it is given in ms."""
    milliseconds = getattr(kind, f"transmission_delay_ms{suffix}", None)
    if milliseconds is None:
        return {}
    milliseconds = np.asarray(milliseconds, float)
    steps = np.floor(milliseconds / dt + 0.5)
    if ((steps == 0) & (milliseconds > 0)).any():
        raise TimeStepError(
            f"connection {name!r}: a delay of {milliseconds[(steps == 0) & (milliseconds > 0)].min():g} ms is less than "
            f"half the neural step of {dt:g} ms and would vanish; make it 0 or the step smaller"
        )
    return {"transmission_delay": steps}


def _pattern(
    given: dict[str, Any], kernel_shape: tuple[int, ...], pre: Population, shape: tuple[int, int]
) -> dict[str, NDArray[np.float64]]:
    """A kernel moved over two populations of the same shape."""
    kernels = {n: np.broadcast_to(np.asarray(value, float), kernel_shape) for n, value in given.items()}
    if all(size == 1 for size in kernel_shape):
        return {n: np.full(shape, kernel.item()) for n, kernel in kernels.items()}
    rows, columns = pre.shape if len(pre.shape) == 2 else (1, pre.shape[0])
    # outside the kernel there is no synapse: its other values only keep the arithmetic sound
    outside = {"e_hi": 1.0, "time_constant": 1.0}
    block = {n: np.full(shape, outside.get(n, 0.0)) for n in kernels}
    planes = {n: kernel.reshape((-1, kernel.shape[-1])) for n, kernel in kernels.items()}
    height, width = next(iter(planes.values())).shape
    r, c = np.divmod(np.arange(rows * columns), columns)
    for a in range(height):
        for b in range(width):
            row, column = r + a - (height - 1) // 2, c + b - (width - 1) // 2
            inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            target, source = np.flatnonzero(inside), (row * columns + column)[inside]
            for n, plane in planes.items():
                block[n][target, source] = plane[a, b]
    return block


def require_spiking_sources(network: Network, edges: Edges, spiking: NDArray[np.bool_]) -> None:
    """Refuse spiking synapses that could never conduct.

    Raises:
        NetworkError: The source of one does not spike.
    """
    silent = np.flatnonzero(~spiking[edges.source]) if len(edges.source) else np.empty(0, int)
    if silent.size:
        wire = network.connections[edges.owner[silent[0]]]
        raise NetworkError(
            f"connection {wire.name!r}: its source {network.populations[wire.source].name!r} never spikes, so a spiking "
            "synapse never conducts; use a non-spiking synapse or a SpikingNeuron"
        )
