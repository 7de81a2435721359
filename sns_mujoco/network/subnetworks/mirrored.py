"""A nervous system of two sides from the description of one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network import Network
from sns_mujoco.network.parts import initial_potentials
from sns_mujoco.network.sides import check_sides
from sns_mujoco.network.synapses import Connection

Commissure = tuple[Connection, str, str]


def mirrored(
    network: Network,
    left: str = "left_",
    right: str = "right_",
    commissural: Iterable[Commissure] = (),
    *,
    initial_values: Mapping[str, ArrayLike] | None = None,
    name: str | None = None,
) -> Network:
    """Two copies of a network, and what crosses the midline between them.

    Two sides that are alike in everything, their initial potentials too, stay alike for ever, even where commissures
    would make them alternate: give the right side other `initial_values` then.

    Args:
        network: One side; it stays as it is.
        left: Put before every name of the left side.
        right: Put before every name of the right side.
        commissural: (synapse, source, destination) each, by the names in `network`: from the source on each side to the
            destination on the other.
        initial_values: Potentials at the start, mV, of populations on the right side that begin otherwise than those on
            the left.
        name: Name; that of `network` if left out.

    Returns:
        A new network with everything of the left side, then of the right one, then the commissures.

    Raises:
        UnknownNameError: There is no such population.
        NetworkError: Both prefixes are the same, or a commissure is no (synapse, source, destination).
    """
    if not isinstance(network, Network):
        raise NetworkError(f"{network!r} is no network; give a Network")
    check_sides(left, right)
    other = _started(network, initial_values) if initial_values else network
    both = Network(network.name if name is None else name)
    both.add_network(network, prefix=left)
    both.add_network(other, prefix=right)
    for commissure in commissural:
        if not isinstance(commissure, tuple | list) or len(commissure) != 3:
            raise NetworkError(f"a commissure is {commissure!r}; give (synapse, source, destination)")
        synapse, source, destination = commissure
        start, end = (network.populations[network.get_population_index(place)].name for place in (source, destination))
        both.add_connection(synapse, f"{left}{start}", f"{right}{end}")
        both.add_connection(synapse, f"{right}{start}", f"{left}{end}")
    return both


def _started(network: Network, initial_values: Mapping[str, ArrayLike]) -> Network:
    """The same network with other potentials at the start."""
    for name in initial_values:
        if name not in network.population_names:
            raise unknown_name("population", name, network.population_names, f"network {network.name!r}")
    twin = network.copy()
    # in place, so that nothing else that a network may hold is lost
    for i, population in enumerate(twin._populations):
        if population.name in initial_values:
            owner, value = f"population {population.name!r}", initial_values[population.name]
            twin._populations[i] = replace(population, initial=initial_potentials(owner, value, population.size))
    return twin
