"""Where the textbook and SNS-Toolbox 1.5 make different numbers of one and the same network.

`sns_mujoco.backends.compiler` says what the two semantics are. Here a network is asked which of their differences
concern it, and where.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    SpikingSynapse,
)
from sns_mujoco.network.parts import Wire

UNITS = {
    "max_conductance": "uS", "conductance": "uS", "reversal_potential": "mV", "e_lo": "mV", "e_hi": "mV",
    "time_constant": "ms", "transmission_delay": "steps", "conductance_increment": "uS",
}  # fmt: skip
"""Parameters of synapses that messages show, with their units."""


class SnsToolboxWarning(UserWarning):
    """What a reader of a network from SNS-Toolbox should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something about a network that was read from SNS-Toolbox.

    Attributes:
        kind: "overwritten" (parallel synapses of which SNS-Toolbox kept one), "shared reversal", "time constant",
            "gate start", "channels", "increment", "silent", "reset"; or "renamed".
        names: Connections, populations or outputs that it is about.
        message: What it is, with numbers.
    """

    kind: str
    names: tuple[str, ...]
    message: str


def differences(network: Network) -> list[Difference]:
    """All that textbook semantics computes otherwise than SNS-Toolbox for this network, whatever the step."""
    return [
        *_overwritten(network),
        *_shared_reversals(network),
        *_time_constants(network),
        *_gate_starts(network),
        *_channels(network),
        *_increments(network),
        *_silent(network),
        *_reset(network),
    ]


def listed(names: Iterable[str]) -> str:
    """Names as a message shows them."""
    quoted = [repr(name) for name in names]
    return ", ".join(quoted[:5]) + (f" and {len(quoted) - 5} more" if len(quoted) > 5 else "")


def _overwritten(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox keeps one slot for each pair of neurons and family of synapse."""
    slots: dict[Any, list[Wire]] = defaultdict(list)
    for wire in network.connections:
        family = _family(wire)
        # a gap junction that does not rectify has no direction
        pair = frozenset((wire.source, wire.destination)) if family == "electrical" else (wire.source, wire.destination)
        slots[family, pair].append(wire)
    for (family, _), wires in slots.items():
        last = wires[-1]
        for wire in wires[:-1]:
            yield Difference(
                kind="overwritten",
                names=(wire.name, last.name),
                message=f"connection {wire.name!r} ({_numbers(wire)}) was overwritten by {last.name!r} "
                f"({_numbers(last)}): SNS-Toolbox keeps one {family} synapse of a pair; textbook semantics adds "
                "them up",
            )


def _shared_reversals(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox keeps one reversal potential for the graded and the spiking synapse of a pair."""
    pairs: dict[tuple[int, int], dict[str, Wire]] = defaultdict(dict)
    for wire in network.connections:
        if not isinstance(wire.kind, ElectricalSynapse):
            families = pairs[wire.source, wire.destination]
            families.pop(_family(wire), None)  # so that the families stand in the order of their last connections
            families[_family(wire)] = wire
    for wires in pairs.values():
        if len(wires) == 2:
            first, last = wires.values()
            if not np.array_equal(_reversal(first), _reversal(last)):
                yield Difference(
                    kind="shared reversal",
                    names=(first.name, last.name),
                    message=f"connection {first.name!r} was computed with the reversal potential of {last.name!r}, "
                    f"{_number(_reversal(last))} mV instead of {_number(_reversal(first))} mV: SNS-Toolbox keeps one "
                    "for the graded and the spiking synapses of a pair; textbook semantics takes each one's own",
                )


def _time_constants(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox advances by dt G / C instead of dt / C."""
    groups: dict[tuple[float, float], list[str]] = defaultdict(list)
    for p in network.populations:
        conductance = float(np.asarray(p.neuron.membrane_conductance))
        if conductance != 1:
            groups[float(np.asarray(p.neuron.membrane_capacitance)), conductance].append(p.name)
    for (capacitance, conductance), names in groups.items():
        if conductance:
            textbook = capacitance / conductance
            what = (
                f"with a time constant of C / G^2 = {textbook / conductance:.6g} ms; textbook semantics with C / G = "
            )
            what += f"{textbook:.6g} ms"
        else:
            what = "not at all; textbook semantics integrates its currents"
        yield Difference(
            kind="time constant",
            names=tuple(names),
            message=f"{listed(names)} with a membrane conductance of {conductance:g} uS: SNS-Toolbox advances by "
            f"dt G / C, so {what}",
        )


def _gate_starts(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox starts gates with the sign of the slope turned round."""
    for p in network.populations:
        channels = p.neuron.channels
        for z in "bc" if channels else "":
            k, slope, midpoint, power = (channels[f"{name}_{z}"] for name in ("k", "slope", "e", "pow"))
            distance = slope * (p.initial - midpoint)
            with np.errstate(over="ignore"):  # far from its midpoint a gate is open or shut
                theirs, steady = 1 / (1 + k * np.exp(distance)), 1 / (1 + k * np.exp(-distance))
            apart = np.argwhere((power > 0) & (theirs != steady))
            if len(apart):
                at = tuple(apart[0])
                yield Difference(
                    kind="gate start",
                    names=(p.name,),
                    message=f"gate {z} of {p.name!r} starts at {theirs[at]:.6g} in SNS-Toolbox, which turns the sign "
                    f"of the slope round there; textbook semantics starts it at its steady state, {steady[at]:.6g}",
                )


def _channels(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox pads every gated neuron to the largest number of channels by repeating its only one."""
    counts = {p.name: len(p.neuron.channels["g_ion"]) for p in network.populations if p.neuron.channels}
    most = max(counts.values(), default=0)
    single = [name for name, count in counts.items() if count == 1 < most]
    between = [name for name, count in counts.items() if 1 < count < most]
    if single:
        yield Difference(
            kind="channels",
            names=tuple(single),
            message=f"the only ion channel of {listed(single)} counts {most} times in SNS-Toolbox, because another "
            f"neuron has {most} of them; textbook semantics counts it once",
        )
    if between:
        yield Difference(
            kind="channels",
            names=tuple(between),
            message=f"SNS-Toolbox cannot compile {listed(between)} beside a neuron with {most} ion channels; textbook "
            "semantics can",
        )


def _increments(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox shares the conductance of a connection out among its sources, but not the increment."""
    for wire in network.connections:
        sources = network.populations[wire.source].size
        if isinstance(wire.kind, SpikingSynapse) and sources > 1:
            whole, kind = wire.kind.max_conductance, wire.kind
            increment = whole if kind.conductance_increment is None else kind.conductance_increment
            yield Difference(
                kind="increment",
                names=(wire.name,),
                message=f"each spike of the {sources} sources of {wire.name!r} adds {increment:g} uS in SNS-Toolbox, "
                f"up to {whole / sources:.6g} uS; textbook semantics shares the increment out too: "
                f"{increment / sources:.6g} uS",
            )


def _silent(network: Network) -> Iterator[Difference]:
    """What waits for spikes of neurons that never spike; textbook semantics refuses to compile it."""
    spikes = [p.spikes for p in network.populations]
    remedy = "never spikes: SNS-Toolbox computes zero; textbook semantics refuses it, so leave it out for that"
    for wire in network.connections:
        if _family(wire) == "spiking" and not spikes[wire.source]:
            message = f"the source of the spiking connection {wire.name!r} {remedy}"
            yield Difference(kind="silent", names=(wire.name,), message=message)
    for output in network.outputs:
        if output.kind == "spike" and not spikes[output.source]:
            message = f"the population whose spikes the output {output.name!r} reads {remedy}"
            yield Difference(kind="silent", names=(output.name,), message=message)


def _reset(network: Network) -> Iterator[Difference]:
    """SNS-Toolbox's reset leaves synapses as they are."""
    names = tuple(wire.name for wire in network.connections if _family(wire) == "spiking")
    if names:
        yield Difference(
            kind="reset",
            names=names,
            message="reset() of SNS-Toolbox leaves the conductances and delayed spikes of spiking synapses as they "
            "are; with textbook semantics it resets them too",
        )


def _family(wire: Wire) -> str:
    kind = wire.kind
    if isinstance(kind, ElectricalSynapse):
        return "rectified" if kind.rect else "electrical"
    graded = isinstance(kind, NonSpikingSynapse | NonSpikingMatrixConnection | NonSpikingPatternConnection)
    return "graded" if graded else "spiking"


def _reversal(wire: Wire) -> Any:
    kind: Any = wire.kind
    return kind.reversal_potential_kernel if hasattr(kind, "reversal_potential_kernel") else kind.reversal_potential


def _numbers(wire: Wire) -> str:
    """The parameters of a connection, for a message."""
    kind: Any = wire.kind
    shown = []
    for name, unit in UNITS.items():
        value = getattr(kind, name, getattr(kind, f"{name}_kernel", None))
        if value is not None:
            shown.append(f"{name} {_number(value)} {unit}")
    return ", ".join(shown)


def _number(value: Any) -> str:
    array = np.asarray(value, float)
    lowest, highest = array.min(), array.max()
    return f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"
