"""Values of parameters as descriptions, for files and for single animals: `written_into` and `changed_muscles`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.backends.compiler import compile_network
from sns_mujoco.backends.learnable import Origins
from sns_mujoco.backends.room import Room
from sns_mujoco.backends.writing_back import described_with
from sns_mujoco.cosim.assembly import STRENGTHS
from sns_mujoco.cosim.parameters.columns import ALL, Column
from sns_mujoco.cosim.parameters.described import columns
from sns_mujoco.cosim.parameters.families import families
from sns_mujoco.cosim.parameters.forms import ALIASES
from sns_mujoco.cosim.parameters.of_adapters import CURVES, Adapter, names_of
from sns_mujoco.cosim.parameters.of_muscles import BOUNDS, DAMPING, GAINS, NAMES, TIMES
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.errors import MuscleError, unknown_name
from sns_mujoco.muscles import MuscleInfo, find_muscles
from sns_mujoco.muscles.plugin import NUMBERS
from sns_mujoco.network.network import Network
from sns_mujoco.network.sparse import SparseConnection

Change = tuple[str, str, float]
FIELDS = {quantity: name for name, quantity in NAMES.items()}
ENDS = {"low": 0, "high": 1}
SIGMOID = {"midpoint": 0, "slope": 1}
SHORTEST = 1e-3  # ms: a step in which no delay vanishes


def written_into(
    network: Network, adapters: Sequence[Adapter], changes: Iterable[Change]
) -> tuple[Network, list[Adapter]]:
    """The network and the adapters with other values of their parameters.

    Args:
        network: The network; it stays as it is.
        adapters: The adapters.
        changes: Quantity, name and value of each change, both named as by `Parameter`; they are made in this order, of
            which time constants take notice: C = tau G.

    Raises:
        UnknownNameError: Nothing of that name has the quantity.
        NetworkError: A value makes no sense in the network.
        AttachError: A value makes no sense in an adapter.
    """
    written = _Written(network)
    kinds = ([a for a in adapters if isinstance(a, kind)] for kind in (Afferent, Efferent))
    named = {name: adapter for members in kinds for name, adapter in zip(names_of(members), members, strict=True)}
    of_adapters: dict[str, dict[str, float]] = {}
    for quantity, name, value in changes:
        quantity = ALIASES.get(quantity, quantity)
        there = written.take(quantity, name, float(value))
        if name in named and _has(named[name], quantity):
            of_adapters.setdefault(name, {})[quantity] = float(value)
        elif not there:
            raise unknown_name(f"{quantity} of anything", name, written.names(quantity), f"network {network.name!r}")
    made = {id(named[name]): _adapter(named[name], own) for name, own in of_adapters.items()}
    return written.network(), [made.get(id(adapter), adapter) for adapter in adapters]


class _Written:
    """Changes of a network on their way into its descriptions."""

    def __init__(self, network: Network) -> None:
        room = Room(zeros_of=frozenset(STRENGTHS))
        program = compile_network(network, SHORTEST, "textbook", "exponential", room=room)
        origins = Origins(network, program, room)
        self._network = network
        self._columns = columns(origins, families(origins))
        self._values: dict[Column, dict[int, float]] = {}
        self._places = {key: {name: i for i, name in enumerate(column.names)} for key, column in self._columns.items()}

    def names(self, quantity: str) -> list[str]:
        """Names of all that has a quantity."""
        wanted = "membrane_capacitance" if quantity == "time_constant" else quantity
        return [name for (_, own), places in self._places.items() if own in (quantity, wanted) for name in places]

    def take(self, quantity: str, name: str, value: float) -> bool:
        """Take a change; whether there is something that it changes."""
        there = False
        for (kind, own), places in self._places.items():
            if own == quantity and name in places:
                self._values.setdefault(self._columns[kind, own], {})[places[name]] = value
                there = True
        keys = [("populations", f"membrane_{what}") for what in ("capacitance", "conductance")]
        if quantity == "time_constant" and keys[0] in self._columns:
            over, under = (self._columns[key] for key in keys)
            ratio = Ratio(quantity, over, under)
            if name in ratio.names:
                place = ratio.names.index(name)
                held = int(ratio.under_index[place])
                conductance = self._values.get(under, {}).get(held, float(under.values[held]))
                self._values.setdefault(over, {})[int(ratio.over_index[place])] = value * conductance
                there = True
        return there

    def network(self) -> Network:
        """A copy of the network with all of them."""
        twin = self._network.copy()
        members: dict[str, list[Any]] = {
            "populations": twin._populations, "channels": twin._populations, "connections": twin._connections,
            "inputs": twin._inputs, "noises": twin._noises,
        }  # fmt: skip
        found: dict[tuple[str, int], dict[str, dict[int, float]]] = {}
        for column, values in self._values.items():
            kind = "populations" if column.kind == "channels" else column.kind
            for index, value in values.items():
                own = found.setdefault((kind, int(column.owner[index])), {})
                own.setdefault(column.quantity, {})[int(column.place[index])] = value
        for (kind, owner), own in found.items():
            members[kind][owner] = _part(twin, kind, members[kind][owner], own)
        twin._seen.clear()
        return twin


def _part(network: Network, kind: str, part: Any, changes: Mapping[str, Mapping[int, float]]) -> Any:
    """A population, connection, input or noise with other values of some quantities."""
    match kind:
        case "populations":
            own = {q: _changed(getattr(part.neuron, q), v) for q, v in changes.items() if q != "initial_value"}
            initial = _changed(part.initial, changes.get("initial_value", {}))
            return replace(part, neuron=described_with(part.neuron, own), initial=initial)
        case "connections":
            columns = part.kind.columns
            return replace(part, kind=_connection(part.kind, {q: _changed(columns[q], v) for q, v in changes.items()}))
        case "inputs":
            weights, (values,) = part.weights, changes.values()
            if weights is None:
                size = network.populations[part.population].size
                weights = np.zeros((size, part.size))
                own = [values.get(i, 1.0) for i in range(size)]
                weights[np.arange(size), np.arange(size) * (part.size > 1)] = own
                return replace(part, weights=weights)
            return replace(part, weights=_changed(weights, values))
    columns = part.kind.columns
    return replace(part, kind=replace(part.kind, **{q: _changed(columns[q], v) for q, v in changes.items()}))


def _changed(given: Any, values: Mapping[int, float]) -> Any:
    """A described value, a number or an array, with other numbers in some places."""
    if not values:
        return given
    if ALL in values:
        return values[ALL]
    array = np.array(given, float)
    array.reshape(-1)[list(values)] = list(values.values())
    return array


def _connection(kind: Any, changes: Mapping[str, Any]) -> Any:
    """A kind of connection with other values of some quantities."""
    if not isinstance(kind, SparseConnection):
        return _synapse(kind, changes)
    listed = {q: value for q, value in changes.items() if q in kind.parameters}
    synapse = _synapse(kind.synapse, {q: value for q, value in changes.items() if q not in listed})
    return SparseConnection(synapse, kind.source, kind.target, {**kind.parameters, **listed}, name=kind.name)


def _synapse(kind: Any, changes: Mapping[str, Any]) -> Any:
    """A synapse with other parameters, its own or those of its plasticity."""
    names = {field.name for field in fields(kind)}
    own: dict[str, Any] = {}
    rules: dict[str, dict[str, Any]] = {}
    for quantity, value in changes.items():
        name = next((n for n in (quantity, f"{quantity}_kernel") if n in names), None)
        if name is not None:
            own[name] = value
        else:
            parts = ("short_term", "plasticity")
            part = next(p for p in parts if quantity in getattr(getattr(kind, p, None), "BOUNDS", ()))
            rules.setdefault(part, {})[quantity] = value
    own |= {part: replace(getattr(kind, part), **given) for part, given in rules.items()}
    return described_with(kind, own)


def _has(adapter: Adapter, quantity: str) -> bool:
    """Whether an adapter has a quantity."""
    name, _, end = quantity.rpartition("_")
    if quantity in CURVES:
        return adapter.curve is not None
    if end in ENDS and name in ("range", "output"):
        return getattr(adapter, name, None) is not None
    if quantity in SIGMOID:
        return getattr(adapter, "sigmoid", None) is not None
    if quantity.startswith("spindle_"):
        return hasattr(adapter, "model")
    return hasattr(adapter, FIELDS.get(quantity, quantity))


def _adapter(adapter: Adapter, values: Mapping[str, float]) -> Adapter:
    """An adapter with other values of its quantities."""
    changes: dict[str, Any] = {}
    for quantity, value in values.items():
        name, _, end = quantity.rpartition("_")
        if quantity in CURVES:
            curve = changes.get("curve", adapter.curve)
            changes["curve"] = replace(curve, **{quantity.removeprefix("curve_"): value})
        elif end in ENDS and name in ("range", "output"):
            changes[name] = _with_end(changes.get(name, getattr(adapter, name)), ENDS[end], value)
        elif quantity in SIGMOID:
            pair = changes.get("sigmoid", getattr(adapter, "sigmoid", None))
            changes["sigmoid"] = _with_end(pair, SIGMOID[quantity], value)
        elif quantity.startswith("spindle_"):
            model: Any = changes.get("model", getattr(adapter, "model", None))
            changes["model"] = replace(model, **{quantity.removeprefix("spindle_"): value})
        else:
            changes[FIELDS.get(quantity, quantity)] = value
    return replace(adapter, **changes)


def _with_end(pair: Any, place: int, value: float) -> tuple[float, float]:
    """A pair of numbers with another one in its place."""
    return (value, pair[1]) if place == 0 else (pair[0], value)


def changed_muscles(spec: mujoco.MjSpec, changes: Iterable[Change]) -> mujoco.MjSpec:
    """A body with other values of its muscles' parameters.

    Args:
        spec: The body, with muscles; it stays as it is.
        changes: Quantity, name of the muscle and value of each change, named as by `Parameter`.

    Raises:
        UnknownNameError: There is no such muscle, or it has no such quantity.
        MuscleError: A value makes no sense.
    """
    copy = spec.copy()
    model = spec.copy().compile()
    muscles = find_muscles(model)
    numerics = {numeric.name: numeric for numeric in copy.numerics}
    for quantity, name, value in changes:
        if name not in muscles:
            raise unknown_name("muscle", name, muscles, "the body")
        muscle, field = muscles[name], FIELDS.get(quantity, quantity)
        _require_possible(muscle, field, value)
        actuator = copy.actuator(name)
        if field in muscle.places:
            group = int(np.searchsorted(model.numeric_adr, muscle.places[field], side="right")) - 1
            numeric = numerics[model.numeric(group).name]
            data = list(numeric.data)
            data[muscle.places[field] - int(model.numeric_adr[group])] = float(value)
            numeric.data = data
        elif field in TIMES and field in muscle.parameters:
            actuator.dynprm[TIMES.index(field)] = value
        elif field in GAINS and muscle.kind == "mujoco":
            actuator.gainprm[GAINS.index(field)] = value
            actuator.biasprm[GAINS.index(field)] = value
        else:
            known = (*NUMBERS.get(muscle.kind, ()), *TIMES)
            raise unknown_name("quantity", quantity, (NAMES.get(one, one) for one in known), f"muscle {name!r}")
    return copy


def _require_possible(muscle: MuscleInfo, field: str, value: float) -> None:
    bounds = DAMPING.get(muscle.kind, {}) if field == "damping" else BOUNDS.get(field, {})
    fits = np.isfinite(value) and value >= bounds.get("least", -np.inf) and value <= bounds.get("most", np.inf)
    if not fits or value <= bounds.get("above", -np.inf):
        least = bounds.get("above", bounds.get("least", -np.inf))
        raise MuscleError(
            f"{field} of muscle {muscle.name!r} is {value!r}; give a finite number "
            f"{'above' if 'above' in bounds else 'from'} {least:g}"
        )
