"""Two synapses between the same two neurons."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sns_mujoco.diagnosis.circuit import Circuit
from sns_mujoco.diagnosis.findings import Finding
from sns_mujoco.diagnosis.subject import Nerves, Subject
from sns_mujoco.network import Network
from sns_mujoco.network.pairs import pairs_of

CHEMICAL = ("graded", "spiking", "weighted", "receptor")


def parallel(subject: Subject) -> Iterator[Finding]:
    """Find chemical synapses that share their two neurons.

    In a network with the semantics of SNS-Toolbox all but the last are lost: an error. Otherwise they add up: a
    warning where they are of one kind and sign, as one of them most likely should have gone elsewhere; else a note.
    """
    for nerves in subject.nerves:
        if nerves.semantics == "sns-toolbox" and nerves.network is not None:
            yield from _lost(nerves, nerves.network)
        else:
            yield from _added(nerves)


def _added(nerves: Nerves) -> Iterator[Finding]:
    circuit, edges = nerves.circuit, nerves.circuit.edges
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k, (source, target, kind) in enumerate(zip(edges.source, edges.target, edges.kind, strict=True)):
        if kind in CHEMICAL:
            pairs[int(source), int(target)].append(k)
    names = _names(nerves.network) if nerves.network is not None else {}
    for (source, target), own in pairs.items():
        if len(own) < 2:
            continue
        kinds = [(edges.kind[k], _acts(circuit, k)) for k in own]
        alike = len(set(kinds)) < len(kinds)
        listed = "; ".join(_described(circuit, k) for k in own)
        called = names.get((source, target), [])
        yield Finding(
            check="parallel-synapses", severity="warning" if alike else "note",
            place=f"{circuit.names[source]} -> {circuit.names[target]}",
            message=f"{len(own)} synapses join these neurons and add up"
            + (f" ({', '.join(map(repr, called))})" if len(called) == len(own) else "") + f": {listed}."
            + (" SNS-Toolbox would keep only the last." if edges.kind[own[0]] in ("graded", "spiking") else ""),
            remedy="Let one of them go where it was meant to, or make one of the two." if alike else "",
        )  # fmt: skip


def _lost(nerves: Nerves, network: Network) -> Iterator[Finding]:
    neurons = nerves.circuit.names
    for (source, target), names in _names(network).items():
        if len(names) > 1:
            yield Finding(
                check="parallel-synapses", severity="error", place=f"{neurons[source]} -> {neurons[target]}",
                message=f"{len(names)} synapses join these neurons ({', '.join(map(repr, names))}), and with the "
                f"semantics of SNS-Toolbox only the last one, {names[-1]!r}, is there.",
                remedy="Attach with semantics='textbook', where they add up, or take the others out.",
            )  # fmt: skip


def _names(network: Network) -> dict[tuple[int, int], list[str]]:
    """Names of the chemical connections by source and target."""
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for wire in network.connections:
        if wire.kind.family in ("electrical", "rectified"):
            continue
        pairs = pairs_of(wire.kind, network.populations[wire.source].shape, network.populations[wire.destination].shape)
        ends = zip((pairs.source + starts[wire.source]).tolist(), (pairs.target + starts[wire.destination]).tolist(),
                   strict=True)  # fmt: skip
        for pair in ends:
            found[pair].append(wire.name)
    return found


def _acts(circuit: Circuit, k: int) -> int:
    """Whether a synapse excites (1), inhibits (-1) or shunts (0)."""
    edges = circuit.edges
    if np.isnan(edges.reversal[k]):
        return int(np.sign(edges.strength[k]))
    return int(np.sign(round(float(edges.reversal[k] - circuit.rest[edges.target[k]]), 6)))


def _described(circuit: Circuit, k: int) -> str:
    edges = circuit.edges
    strength = "" if np.isinf(edges.strength[k]) else f"{edges.strength[k]:.4g} "
    if np.isnan(edges.reversal[k]):
        return f"{edges.kind[k]}, {strength}nA"
    return f"{edges.kind[k]}, {strength}uS to {edges.reversal[k]:.4g} mV"
