"""Networks of SNS-Toolbox, read.

The package itself is not needed: its `Network` is a record of lists and dictionaries (`params`, `populations`,
`inputs`, `outputs`, `connections`), and that is what is read.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from sns_mujoco.errors import NetworkError, SnsError
from sns_mujoco.interop.toolbox_differences import Difference, SnsToolboxWarning, differences, listed
from sns_mujoco.interop.toolbox_parameters import entry, initial_potentials, read_connection, read_neuron
from sns_mujoco.network import Network

PARTS = ("populations", "inputs", "outputs", "connections")
SHOWN = 20  # lines of a warning


def from_sns_toolbox(network: Any, *, report: list[Difference] | None = None) -> Network:
    """Read a network of SNS-Toolbox 1.5.

    Populations, initial potentials, connections (matrices, patterns, ion channels and all), inputs, outputs, names and
    colours are kept, parallel synapses too. `compile()` then computes what the textbook says, and
    `compile(semantics="sns-toolbox")` the numbers of SNS-Toolbox. Where these differ for this very network is said in a
    warning, or in a report: above all which parallel synapses SNS-Toolbox had overwritten. What depends on the step
    cannot be said here: textbook semantics refuses a step that is unstable, and its gates do not overshoot where their
    time constant falls below the step.

    Names that repeat are numbered. Connections without a name of their own are called "source->destination".

    Args:
        network: A `sns_toolbox.networks.Network`, or one of `sns_mujoco.interop.sns_toolbox.networks`.
        report: A list to which the differences are appended, instead of a warning.

    Returns:
        The network; the one given stays as it is.

    Raises:
        NetworkError: It is no such network, it lacks something, or a parameter makes no sense (a negative
            conductance, a synapse whose e_lo and e_hi are the same).

    Warns:
        SnsToolboxWarning: Without a report, if there is anything to say.
    """
    if isinstance(network, Network) or not all(isinstance(getattr(network, part, None), list) for part in PARTS):
        raise NetworkError(
            f"{network!r} is no network of SNS-Toolbox; give a sns_toolbox.networks.Network (of a compiled model: the "
            "network that it was compiled from)"
        )
    told: list[Difference] = []
    with _named("the network"):
        net = Network(entry("the network", getattr(network, "params", None), "name") or "Network")
    _add_populations(net, network.populations, told)
    _add_connections(net, network.connections, told)
    _add_ports(net, network.inputs, network.outputs, told)
    told += differences(net)
    if report is not None:
        report += told
    elif told:
        lines = [f"- {difference.message}" for difference in told[:SHOWN]]
        if len(told) > SHOWN:
            lines.append(f"- and {len(told) - SHOWN} more; from_sns_toolbox(network, report=[]) fills a list with all")
        told_of = f"network {net.name!r} was read from SNS-Toolbox; for its numbers, compile(semantics='sns-toolbox'):"
        warnings.warn("\n".join([told_of, *lines]), SnsToolboxWarning, stacklevel=2)
    return net


def _add_populations(net: Network, populations: list[Any], told: list[Difference]) -> None:
    names = _numbered("population", _names("population", populations), "Neuron", told)
    for name, population in zip(names, populations, strict=True):
        owner = f"population {name!r} of the network from SNS-Toolbox"
        with _named(owner):
            kind = read_neuron(owner, entry(owner, population, "type"))
            shape = np.ravel(entry(owner, population, "shape")).tolist()
            color = entry(owner, population, "color") or kind.color
            net.add_population(kind, shape, name, color, initial_potentials(owner, population))


def _add_connections(net: Network, connections: list[Any], told: list[Difference]) -> None:
    kinds, ends, arrows = [], [], []
    given = _names("connection", connections)
    for name, connection in zip(given, connections, strict=True):
        owner = f"connection {name!r} of the network from SNS-Toolbox"
        with _named(owner):
            source, destination = (_place(net, entry(owner, connection, end)) for end in ("source", "destination"))
        ends.append((source, destination))
        arrows.append(f"{net.population_names[source]}->{net.population_names[destination]}")
        with _named(f"connection {name!r}, {arrows[-1]}, of the network from SNS-Toolbox"):
            kinds.append(read_connection(owner, connection))
    own = [name if name != kind.name else "" for name, kind in zip(given, kinds, strict=True)]
    names = _numbered("connection", own, arrows, told)
    for name, kind, (source, destination), connection in zip(names, kinds, ends, connections, strict=True):
        with _named(f"connection {name!r} of the network from SNS-Toolbox"):
            net.add_connection(kind, source, destination, name, bool(connection.get("view", False)))


def _add_ports(net: Network, inputs: list[Any], outputs: list[Any], told: list[Difference]) -> None:
    for name, port in zip(_numbered("input", _names("input", inputs), "Input", told), inputs, strict=True):
        owner = f"input {name!r} of the network from SNS-Toolbox"
        with _named(owner):
            place = _place(net, entry(owner, port, "destination"))
            net.add_input(place, entry(owner, port, "size"), name, entry(owner, port, "color"))
    for name, port in zip(_numbered("output", _names("output", outputs), "Output", told), outputs, strict=True):
        owner = f"output {name!r} of the network from SNS-Toolbox"
        with _named(owner):
            place = _place(net, entry(owner, port, "source"))
            net.add_output(place, name, bool(entry(owner, port, "spiking")), entry(owner, port, "color"))


def _names(kind: str, records: Iterable[Any]) -> list[str]:
    return [
        str(entry(f"{kind} {i} of the network from SNS-Toolbox", record, "name")) for i, record in enumerate(records)
    ]


def _place(net: Network, index: Any) -> int:
    """A population by its index; SNS-Toolbox also takes -1 for the last one of an input."""
    return net.get_population_index(net.get_num_populations() - 1 if index == -1 else index)


def _numbered(kind: str, given: list[str], fallback: str | list[str], told: list[Difference]) -> list[str]:
    """Unique names in the place of some that repeat or are empty; the first of each keeps its own."""
    fallbacks = [fallback] * len(given) if isinstance(fallback, str) else fallback
    wanted = [name or other for name, other in zip(given, fallbacks, strict=True)]
    taken, used, last = set(wanted), set(), Counter()
    names = []
    for name in wanted:
        unique = name
        while unique in used or (unique != name and unique in taken):
            last[name] += 1
            unique = f"{name}_{last[name]}"
        used.add(unique)
        names.append(unique)
    for name, count in Counter(filter(None, given)).items():
        if count > 1:
            new = [ours for ours, theirs in zip(names, given, strict=True) if theirs == name]
            message = f"the name {name!r} of {count} {kind}s repeats; they are numbered: {listed(new)}"
            told.append(Difference(kind="renamed", names=tuple(new), message=message))
    return names


@contextmanager
def _named(owner: str) -> Iterator[None]:
    """Let what is refused name the part of the network it belongs to."""
    try:
        yield
    except NetworkError as error:
        if owner in str(error):
            raise
        raise NetworkError(f"{owner}: {error}") from error
    except SnsError:
        raise
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise NetworkError(f"{owner} cannot be read: {error}") from error
