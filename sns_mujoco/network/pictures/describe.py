"""What neurons and connections of all kinds have in common, for pictures and lists.

A synapse with a reversal potential is judged by it, against the resting potential of its destination; others by the
sign of their weight. So kinds that are added later are drawn and listed without a change here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network.event_synapses import DeltaSynapse
from sns_mujoco.network.neurons import Neuron
from sns_mujoco.network.pairs import count_synapses, pairs_of
from sns_mujoco.network.parts import Population, Wire
from sns_mujoco.network.plasticity import TsodyksMarkram
from sns_mujoco.network.synapses import Connection

Sign = Literal["excitation", "inhibition", "modulation", "mixed", "electrical", "rectified", "unknown"]
Facts = dict[str, tuple[float, float, str]]
"""For short names of parameters their smallest and largest value, and their unit."""

_AT_REST = 1e-6  # mV; closer than this, a reversal potential is the resting potential
_SHORT = {
    "membrane_capacitance": ("C", "nF"),
    "membrane_conductance": ("G", "uS"),
    "resting_potential": ("rest", "mV"),
    "bias": ("bias", "nA"),
    "threshold_initial_value": ("threshold", "mV"),
    "threshold_floor": ("floor", "mV"),
    "reset_potential": ("reset", "mV"),
    "refractory_period": ("refractory", "ms"),
    "max_conductance": ("G", "uS"),
    "conductance": ("G", "uS"),
    "reversal_potential": ("E", "mV"),
    "e_lo": ("e_lo", "mV"),
    "e_hi": ("e_hi", "mV"),
    "time_constant": ("tau", "ms"),
    "rise_time": ("rise", "ms"),
    "delay": ("delay", "ms"),
    "transmission_delay_ms": ("delay", "ms"),
    "transmission_delay": ("delay", "steps"),
}
_ALWAYS = (
    "membrane_capacitance", "membrane_conductance", "resting_potential", "threshold_initial_value", "max_conductance",
    "conductance", "reversal_potential", "weight",
)  # fmt: skip
_MOST_FACTS = 6


def resting(population: Population) -> NDArray[np.float64]:
    """Resting potential of each neuron [n], mV."""
    rest = np.asarray(population.neuron.resting_potential, float).ravel()
    return np.broadcast_to(rest, (population.size,))


def strengths(kind: Connection) -> NDArray[np.float64]:
    """Conductances or weights of a connection, as it has them: a number, or one for each pair."""
    return np.asarray(kind.columns.get(_one(kind).STRENGTH, 0.0), float)


def strength(kind: Connection) -> float:
    """The largest conductance or weight, without its sign."""
    values = np.abs(strengths(kind))
    return float(values.max()) if values.size else 0.0


def unit(kind: Connection) -> str:
    """Unit of the strength: conductances in uS, currents in nA, jumps of the potential in mV."""
    if "reversal_potential" in kind.columns or kind.family in ("electrical", "rectified"):
        return "uS"
    return "mV" if isinstance(_one(kind), DeltaSynapse) else "nA"


def sign(kind: Connection, source: Population, destination: Population) -> Sign:
    """What a connection does to its destination."""
    if kind.family == "electrical":
        return "electrical"
    if kind.family == "rectified":
        return "rectified"
    columns, values = kind.columns, strengths(kind)
    if "reversal_potential" in columns:
        found = _beyond_rest(kind, np.asarray(columns["reversal_potential"], float), source, destination)
    elif _one(kind).STRENGTH == "weight":
        values = values if values.any() else np.asarray(columns.get("w_max", 0.0), float)  # what may yet be learned
        found = np.unique(np.sign(values[values != 0])).tolist()
        if not found:
            return "unknown"
    else:
        return "unknown"
    if len(found) > 1:
        return "mixed"
    return "modulation" if not found or found[0] == 0 else "excitation" if found[0] > 0 else "inhibition"


def _beyond_rest(
    kind: Connection, reversal: NDArray[np.float64], source: Population, destination: Population
) -> list[float]:
    """What there is among all synapses: 1 for a reversal potential above the rest of its neuron, -1 below, 0 at it."""
    own = destination.neuron.resting_potential
    if isinstance(own, int | float) and not reversal.ndim:  # most of perhaps 100,000 connections
        beyond = float(reversal) - own
        return [0.0 if abs(beyond) <= _AT_REST else float(np.sign(beyond))]
    rest = resting(destination)
    if reversal.ndim or (kind.layout != "all" and np.ptp(rest) > 0):
        pairs = pairs_of(kind, source.shape, destination.shape)
        reversal = reversal.ravel()[pairs.entry] if reversal.ndim else reversal
        rest = rest[pairs.target]
    differences = reversal - rest
    return np.unique(np.where(np.abs(differences) <= _AT_REST, 0.0, np.sign(differences))).tolist()


def learning(kind: Connection) -> Literal["", "learns", "short-term"]:
    """Whether the weights learn, or only tire and recover."""
    one = _one(kind)
    if getattr(one, "plasticity", None) is not None:
        return "learns"
    return "short-term" if isinstance(getattr(one, "short_term", None), TsodyksMarkram) else ""


def synapse_count(wire: Wire, populations: Sequence[Population]) -> int:
    """Number of synapses of a connection; of an electrical one, number of joined pairs."""
    pre, post = populations[wire.source], populations[wire.destination]
    if wire.kind.family not in ("electrical", "rectified"):
        return count_synapses(wire.kind, pre.shape, post.shape)
    if wire.kind.layout != "all":
        return len(pairs_of(wire.kind, pre.shape, post.shape).entry)
    if wire.source == wire.destination:
        return pre.size * (pre.size - 1) // (2 if wire.kind.family == "electrical" else 1)
    return pre.size * post.size


def kind_name(kind: Connection) -> str:
    """The class of the synapses, that of a list's entries too, and how they learn."""
    one = _one(kind)
    rules = [
        type(part).__name__ for part in (getattr(one, "short_term", None), getattr(one, "plasticity", None)) if part
    ]
    name = type(one).__name__ + ("" if one is kind else " list")
    return f"{name} with {' and '.join(rules)}" if rules else name


def facts(description: Neuron | Connection) -> Facts:
    """Key parameters: first what matters always, then what differs from the default."""
    defaults = _defaults(type(description))
    if isinstance(description, Neuron):
        columns: Mapping[str, Any] = {name: getattr(description, name) for name in defaults}
    else:
        columns = description.columns
        defaults = _defaults(type(_one(description)))
    found: Facts = {}
    for name in sorted(columns, key=lambda name: _ALWAYS.index(name) if name in _ALWAYS else len(_ALWAYS)):
        value, default = columns[name], defaults.get(name, defaults.get(f"{name}_kernel", MISSING))
        if isinstance(value, bool) or not isinstance(value, int | float | np.ndarray) or not np.size(value):
            continue
        one = isinstance(value, int | float)
        known = name not in _ALWAYS and default is not MISSING and default is not None
        if known and (value == default if one else np.all(value == default)):
            continue
        short, measure = _SHORT.get(name, (name, "ms" if name.startswith("tau_") else ""))
        if name == "weight" and not isinstance(description, Neuron):
            measure = unit(description)
        if short not in found and len(found) < _MOST_FACTS:
            low, high = (value, value) if one else (np.min(value), np.max(value))
            found[short] = (float(low), float(high), measure)
    return found


def merged_facts(many: Sequence[Facts]) -> Facts:
    """Key parameters of several, as the ranges that hold them all."""
    merged: Facts = {}
    for one in many:
        for name, (low, high, measure) in one.items():
            if name in merged:
                low, high = min(low, merged[name][0]), max(high, merged[name][1])
            merged[name] = (low, high, measure)
    return merged


def facts_text(known: Facts) -> str:
    """Key parameters in words: "C 5 nF, G 1 uS, rest -60..-40 mV"."""
    parts = []
    for name, (low, high, measure) in known.items():
        number = f"{low:.4g}" if low == high else f"{low:.4g}..{high:.4g}"
        parts.append(f"{name} {number} {measure}".rstrip())
    return ", ".join(parts)


def _one(kind: Connection) -> Any:
    """What a single synapse of a connection is: of a list, its entry."""
    return getattr(kind, "synapse", kind)


@lru_cache(maxsize=256)
def _defaults(cls: type) -> dict[str, Any]:
    return {field.name: field.default for field in fields(cls)} if is_dataclass(cls) else {}
