"""How active neurons and synapses are, from 0 to 1, for the colours of a picture."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.contents import Contents
from sns_mujoco.network.parts import Population
from sns_mujoco.network.pictures.describe import resting, strengths

Activity = Mapping[str, ArrayLike] | ArrayLike
Scale = Mapping[str, tuple[float, float]] | tuple[float, float] | None

_RANGE = 20.0  # mV; R, the range of potentials in which networks are designed


def potentials_of(network: Contents, activity: Activity) -> list[NDArray[np.float64] | None]:
    """Membrane potentials of each population [n], mV; None for those that are not given.

    Raises:
        NetworkError: Another number of values, or one that is not finite.
        UnknownNameError: There is no such population.
    """
    populations = network.populations
    if isinstance(activity, Mapping):
        _check_names("population", activity, network.population_names, network)
        return [
            _values(f"activity of {p.name!r}", activity[p.name], p.size) if p.name in activity else None
            for p in populations
        ]
    values = _values("activity", activity, sum(p.size for p in populations), several=True)
    ends = np.cumsum([p.size for p in populations])
    return list(np.split(values, ends[:-1])) if len(populations) else []


def ranges_of(network: Contents, scale: Scale) -> list[tuple[float, float]]:
    """For each population the potentials that are drawn as 0 and 1, mV.

    Those given; else where its graded synapses begin to open and are open; else from rest to its threshold, or 20 mV
    above rest.

    Raises:
        NetworkError: A range is no two finite numbers, the first below the second.
        UnknownNameError: There is no such population.
    """
    populations = network.populations
    if scale is not None and not isinstance(scale, Mapping):
        return [_range("scale", scale)] * len(populations)
    given = {name: _range(f"scale of {name!r}", value) for name, value in (scale or {}).items()}
    _check_names("population", given, network.population_names, network)
    ramps: dict[int, list[float]] = {}
    for wire in network.connections:
        for name in ("e_lo", "e_hi"):
            value = wire.kind.columns.get(name)
            if value is not None and np.size(value):
                ramps.setdefault(wire.source, []).extend((float(np.min(value)), float(np.max(value))))
    return [
        given.get(p.name) or ((min(ramps[i]), max(ramps[i])) if i in ramps else _own_range(p))
        for i, p in enumerate(populations)
    ]


def fractions(
    potentials: Sequence[NDArray[np.float64] | None], ranges: Sequence[tuple[float, float]]
) -> list[NDArray[np.float64] | None]:
    """Activity of each population [n], 0 to 1; None where it is not known."""
    return [
        None if values is None else np.clip((values - low) / (high - low), 0.0, 1.0)
        for values, (low, high) in zip(potentials, ranges, strict=True)
    ]


def openings(network: Contents, conductances: Mapping[str, Any] | Sequence[Any]) -> list[float | None]:
    """How far open each connection is, 0 to 1: its largest conductance now over the largest it may have.

    Args:
        network: The network.
        conductances: For connections by name, or for all in order, one value or one for each synapse, uS.

    Raises:
        NetworkError: Another number of connections, or values that are no finite numbers.
        UnknownNameError: There is no such connection.
    """
    wires = network.connections
    if not isinstance(conductances, Mapping):
        if isinstance(conductances, str) or len(conductances) != len(wires):
            raise NetworkError(
                f"conductances has {len(conductances)} values; give one for each of the {len(wires)} connections, or a "
                "dictionary by their names"
            )
        conductances = dict(zip(network.connection_names, conductances, strict=True))
    _check_names("connection", conductances, network.connection_names, network)
    found: list[float | None] = []
    for wire in wires:
        if wire.name not in conductances:
            found.append(None)
            continue
        value = np.asarray(conductances[wire.name])
        values = _values(f"conductance of {wire.name!r}", value, max(value.size, 1))
        most = float(np.abs(strengths(wire.kind)).max(initial=0.0))
        if wire.kind.layout == "all" and wire.kind.family in ("graded", "spiking"):
            most /= network.populations[wire.source].size  # shared between the synapses of a neuron
        found.append(float(np.clip(np.abs(values).max() / most, 0.0, 1.0)) if most else 0.0)
    return found


def _check_names(kind: str, given: Iterable[str], known: Iterable[str], network: Contents) -> None:
    names = set(known)
    for name in given:
        if name not in names:
            raise unknown_name(kind, name, known, f"network {network.name!r}")


def _values(what: str, given: Any, count: int, *, several: bool = False) -> NDArray[np.float64]:
    try:
        values = np.asarray(given, dtype=float).ravel()
    except (TypeError, ValueError):
        raise NetworkError(f"{what} is {given!r}; give numbers") from None
    if values.size != count and (several or values.size != 1):
        raise NetworkError(f"{what} has {values.size} values; give one for each of the {count} neurons")
    if not np.isfinite(values).all():
        place = int(np.flatnonzero(~np.isfinite(values))[0])
        raise NetworkError(f"{what} is {values[place]:g} at neuron {place}; potentials must be finite")
    return np.broadcast_to(values, (count,))


def _range(what: str, given: Any) -> tuple[float, float]:
    try:
        low, high = (float(value) for value in given)
    except (TypeError, ValueError):
        raise NetworkError(f"{what} is {given!r}; give two potentials, mV, the lower first") from None
    if not (np.isfinite([low, high]).all() and low < high):
        raise NetworkError(f"{what} is {low:g} to {high:g}; give two finite potentials, mV, the lower first")
    return low, high


def _own_range(population: Population) -> tuple[float, float]:
    rest = float(resting(population).mean())
    for name in ("threshold_initial_value", "threshold"):
        threshold = getattr(population.neuron, name, None)
        if threshold is not None and np.mean(threshold) > rest:
            return rest, float(np.mean(threshold))
    return rest, rest + _RANGE
