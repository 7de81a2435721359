"""Which pairs of neurons a connection joins, and with which of its values."""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.patterns import pattern_pairs
from sns_mujoco.network.synapses import Connection

Places = NDArray[np.int64]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The synapses of a connection.

    Attributes:
        source: Presynaptic neuron of each, in its population [n_synapses].
        target: Postsynaptic neuron of each [n_synapses].
        entry: Which entry of the connection's values is its own, counted row by row [n_synapses].
    """

    source: Places
    target: Places
    entry: Places

    def take(self, which: NDArray) -> "Pairs":
        """Some of them."""
        return Pairs(source=self.source[which], target=self.target[which], entry=self.entry[which])


def pairs_of(kind: Connection, source: Shape, destination: Shape, *, zeros: bool = False) -> Pairs:
    """The pairs that a connection joins, sorted by destination except for lists.

    Args:
        kind: The connection.
        source: Shape of the source population.
        destination: Shape of the destination population.
        zeros: Whether to give pairs without a synapse, too, as far as the connection speaks of them.
    """
    pairs = _spoken_of(kind, source, destination, zeros=zeros)
    return pairs if zeros or is_kept_at_zero(kind) else pairs.take(_values(kind, pairs) != 0)


def count_synapses(kind: Connection, source: Shape, destination: Shape) -> int:
    """Number of chemical synapses of a connection: pairs with a conductance or weight, and entries of lists."""
    if kind.family in ("electrical", "rectified"):
        return 0
    if kind.layout == "all":
        return prod(source) * prod(destination) if is_kept_at_zero(kind) or kind.strength != 0 else 0
    if kind.layout == "pattern":
        return len(pairs_of(kind, source, destination).entry)
    if kind.layout == "list" and (is_kept_at_zero(kind) or not np.ndim(kind.strength)):
        return len(kind.source) if is_kept_at_zero(kind) or kind.strength != 0 else 0
    return int(np.count_nonzero(kind.strength))


def is_kept_at_zero(kind: Connection) -> bool:
    """Whether a synapse of weight zero is one: where it is listed, or all have this weight and can learn another."""
    if kind.family not in ("event", "weighted"):
        return False
    return kind.layout == "list" or (kind.layout == "all" and kind.plasticity is not None)


def check_fit(name: str, kind: Connection, source: Shape, destination: Shape, populations: tuple[str, str]) -> None:
    """Refuse a matrix, kernel or list that does not fit the populations.

    Args:
        name: Name of the connection.
        kind: What it is.
        source: Shape of the source population.
        destination: Shape of the destination population.
        populations: Names of both.

    Raises:
        NetworkError: Says which shapes would fit.
    """
    if kind.layout == "matrix":
        shape, wanted = np.shape(kind.strength), (prod(destination), prod(source))
        if shape != wanted:
            raise NetworkError(
                f"connection {name!r}: the matrix has shape {shape}; give [n_destination, n_source] = {wanted}"
            )
    elif kind.layout == "pattern":
        dimensions = np.ndim(kind.strength)
        if source != destination or len(source) != dimensions:
            raise NetworkError(
                f"connection {name!r}: a {dimensions}-D kernel needs two {dimensions}-D populations of the same "
                f"shape; {populations[0]!r} is {source}, {populations[1]!r} is {destination}"
            )
    elif kind.layout == "list":
        for end, shape, population in zip(("source", "target"), (source, destination), populations, strict=True):
            places = getattr(kind, end)
            if places.size and places.max() >= prod(shape):
                raise NetworkError(
                    f"connection {name!r}: {end} names neuron {places.max()} of {population!r}, which has "
                    f"{prod(shape)}, counted from 0"
                )


def _spoken_of(kind: Connection, source: Shape, destination: Shape, *, zeros: bool) -> Pairs:
    if kind.layout == "list":
        return Pairs(source=kind.source, target=kind.target, entry=np.arange(len(kind.source)))
    if kind.layout == "pattern":
        target, first, entry = pattern_pairs(np.shape(kind.strength), source)
        return Pairs(source=first, target=target, entry=entry)
    if kind.layout == "matrix" and not zeros:
        entry = np.flatnonzero(kind.strength)
    else:
        entry = np.arange(prod(source) * prod(destination))
    target, first = np.divmod(entry, prod(source))
    return Pairs(source=first, target=target, entry=entry if kind.layout == "matrix" else np.zeros_like(entry))


def _values(kind: Connection, pairs: Pairs) -> NDArray[np.float64]:
    """The strength of each pair."""
    strength = np.asarray(kind.strength)
    return strength.ravel()[pairs.entry] if strength.ndim else np.broadcast_to(strength, pairs.entry.shape)
