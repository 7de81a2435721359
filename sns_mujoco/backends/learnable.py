"""What can be learned: quantities under the names that descriptions give them, and where they lie in a program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Edges, expand
from sns_mujoco.backends.event_arrays import order_of_events
from sns_mujoco.backends.families import NONE, ReceptorKind, Rule
from sns_mujoco.backends.junctions import junctions
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.room import NONE as NO_ROOM
from sns_mujoco.backends.room import Room
from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.network import Network
from sns_mujoco.network.neurons import Neuron, NonSpikingNeuron

Places = NDArray[np.int64]
Learnable = str | Iterable[str] | Mapping[str, Any]
Bounds = Mapping[str, tuple[float | None, float | None]]

OF_POPULATIONS = ("neurons", "spiking neurons", "channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A parameter that can be learned.

    Attributes:
        name: What descriptions call it.
        family: Whose it is: "neurons", "spiking neurons", "channels", "graded", "spiking", "junctions", "event",
            "weighted" or "inputs".
        path: The array of the program, "." before those of a family's own record.
        row: Row of that array, where it has several.
        form: How the array's entry follows from the value: "value", it is the value; "per step", dt / value; "kept",
            what is left after a step of something with this time constant; "threshold", dt / value likewise, with the
            leak rate.
        low: Least value; None: any.
    """

    name: str
    family: str
    path: str
    row: int | None = None
    form: str = "value"
    low: float | None = None


def _gates() -> list[Quantity]:
    """The parameters of the gates a, b and c, which neurons with one sodium channel call m and h."""
    made = []
    for row, names in enumerate(("am", "bh", "c")):
        for gate in names:
            made += [
                Quantity(name=f"k_{gate}", family="channels", path="gate_k", row=row, low=0.0),
                Quantity(name=f"slope_{gate}", family="channels", path="gate_slope", row=row),
                Quantity(name=f"e_{gate}", family="channels", path="gate_midpoint", row=row),
            ]
            if row > 0:
                made.append(
                    Quantity(
                        name=f"tau_max_{gate}", family="channels", path="gate_factor", row=row - 1, form="per step"
                    )
                )
    return made


QUANTITIES = (
    Quantity(name="membrane_capacitance", family="neurons", path="membrane_factor", form="per step"),
    Quantity(name="membrane_conductance", family="neurons", path="leak_conductance", low=0.0),
    Quantity(name="resting_potential", family="neurons", path="resting_potential"),
    Quantity(name="bias", family="neurons", path="bias"),
    Quantity(name="initial_value", family="neurons", path="initial_potential"),
    Quantity(
        name="threshold_time_constant", family="spiking neurons", path="threshold_factor", form="threshold"
    ),
    Quantity(name="threshold_initial_value", family="spiking neurons", path="initial_threshold"),
    Quantity(
        name="threshold_proportionality_constant", family="spiking neurons", path="threshold_proportionality"
    ),
    Quantity(name="threshold_increment", family="spiking neurons", path="threshold_increment"),
    Quantity(name="threshold_floor", family="spiking neurons", path="threshold_floor"),
    Quantity(name="reset_potential", family="spiking neurons", path="reset_potential"),
    Quantity(name="g_ion", family="channels", path="channel_conductance", low=0.0),
    Quantity(name="e_ion", family="channels", path="channel_reversal"),
    *_gates(),
    Quantity(name="max_conductance", family="graded", path="graded_conductance", low=0.0),
    Quantity(name="reversal_potential", family="graded", path="graded_reversal"),
    Quantity(name="e_lo", family="graded", path="graded_e_lo"),
    Quantity(name="e_hi", family="graded", path="graded_e_hi"),
    Quantity(name="max_conductance", family="spiking", path="spiking_conductance", low=0.0),
    Quantity(name="reversal_potential", family="spiking", path="spiking_reversal"),
    Quantity(name="time_constant", family="spiking", path="spiking_decay", form="kept"),
    Quantity(name="conductance_increment", family="spiking", path="spiking_increment", low=0.0),
    Quantity(name="conductance", family="junctions", path="junction_conductance", low=0.0),
    Quantity(name="weight", family="event", path="events.weight"),
    Quantity(name="weight", family="weighted", path="weighted.weight"),
    Quantity(name="reversal_potential", family="weighted", path="weighted.reversal"),
    Quantity(name="input_weight", family="inputs", path="input_weight"),
)  # fmt: skip
"""Everything that can be learned."""

NAMES = tuple(dict.fromkeys(quantity.name for quantity in QUANTITIES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Entries of an array of the program that are learned.

    Attributes:
        quantity: What they are.
        entry: Their places in the array (in its row) [n].
        value: Which learned value each takes [n]; junctions take one at both ends.
        owner: Index of the population, connection or input of each value [m].
        names: Names of all populations, connections or inputs.
        low: Least value of each [m], -inf for none.
        high: Greatest value of each [m], inf for none.
    """

    quantity: Quantity
    entry: Places
    value: Places
    owner: Places
    names: tuple[str, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def key(self) -> str:
        """A name of its own among all chosen ones."""
        return f"{self.quantity.name}_of_{self.quantity.family.replace(' ', '_')}"


class Origins:
    """Where the entries of a program came from.

    Attributes:
        network: What the program was compiled from.
        program: The program, under textbook semantics.
        room: What the program has room for.
    """

    def __init__(self, network: Network, program: Program, room: Room = NO_ROOM) -> None:
        """Keep both; what is added to the network later is not in the program.

        Args:
            network: What the program was compiled from.
            program: The program.
            room: What it was compiled with.
        """
        self.network, self.program, self.room = network.copy(), program, room

    @cached_property
    def population(self) -> Places:
        """Population of every neuron [N]."""
        sizes = [p.size for p in self.network.populations]
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def edges(self) -> dict[str, Edges]:
        """The synapses of each family, those of chemical ones in the order of the program."""
        taken = {family: self._described[family].take(order) for family, order in self.order.items()}
        both = Edges.joined([self._described["electrical"], self._described["rectified"]], ())
        return self._described | taken | {"junctions": both}

    @cached_property
    def order(self) -> dict[str, Places]:
        """Which of a family's synapses, in the order of their description, is each of the program's."""
        described = self._described
        order = {f: np.argsort(described[f].target, kind="stable") for f in ("graded", "spiking", "weighted")}
        return order | {"event": order_of_events(described["event"])}

    @cached_property
    def _described(self) -> dict[str, Edges]:
        """The synapses of each family, in the order of their description."""
        return expand(self.network, self.program.dt, toolbox=False, zeros_of=self.room.zeros_of)

    @cached_property
    def junction(self) -> Places:
        """Which of the edges "junctions" each end of one in the program belongs to [E]."""
        numbered, first = {}, 0
        for family in ("electrical", "rectified"):
            edges = self.edges[family]
            places = np.arange(first, first + len(edges.source), dtype=float)
            numbered[family] = Edges(
                source=edges.source, target=edges.target, owner=edges.owner, entry=edges.entry,
                values={"max_conductance": places},
            )  # fmt: skip
            first += len(places)
        made = junctions(self.network, numbered["electrical"], numbered["rectified"], toolbox=False)
        return made["junction_conductance"].astype(np.int64)

    def owners(self, family: str) -> Places:
        """Population, connection or input of every entry of a family in the program."""
        if family == "neurons":
            return self.population
        if family == "spiking neurons":
            return self.population[self.program.spiking_neuron]
        if family == "channels":
            return np.repeat(self.population, np.diff(self.program.channel_row.astype(np.int64)))
        if family == "junctions":
            return self.edges["junctions"].owner[self.junction]
        if family == "inputs":
            counts = [p.size if i.weights is None else np.count_nonzero(i.weights) for i, p in self._reached()]
            return np.repeat(np.arange(len(counts)), counts)
        return self.edges[family].owner

    def names(self, family: str) -> tuple[str, ...]:
        """Names of the populations, connections or inputs that may own entries of a family."""
        if family in OF_POPULATIONS:
            return self.network.population_names
        return self.network.input_names if family == "inputs" else self.network.connection_names

    def has(self, quantity: Quantity) -> NDArray[np.bool_]:
        """Which entries of a family have a quantity: not every neuron or synapse has every parameter."""
        owner = self.owners(quantity.family)
        if quantity.family == "inputs":
            return np.ones(len(owner), bool)
        if quantity.family in OF_POPULATIONS:
            own = [_has(p.neuron, quantity.name) for p in self.network.populations]
        else:
            columns = {id(wire.kind): wire.kind for wire in self.network.connections}  # many share a description
            known = {key: quantity.name in kind.columns for key, kind in columns.items()}
            own = [known[id(wire.kind)] for wire in self.network.connections]
        return np.array(own, bool)[owner]

    def _reached(self) -> list[tuple[Any, Any]]:
        """Each input with its population."""
        return [(i, self.network.populations[i.population]) for i in self.network.inputs]


def choose(origins: Origins, learnable: Learnable, bounds: Bounds | None = None) -> list[Chosen]:
    """Find what is to be learned.

    Args:
        origins: Where the entries of the program came from.
        learnable: A name of `NAMES`, several, or a dictionary from names to the populations, connections or inputs that
            it is meant of (a name, several, or None for all).
        bounds: Least and greatest value by name, where a quantity's own bounds are not close enough.

    Raises:
        NetworkError: Nothing in the network has such a quantity, or a bound is none.
        UnknownNameError: There is no quantity, population, connection or input of that name.
    """
    if not isinstance(learnable, Iterable):
        raise NetworkError(f"learnable is {learnable!r}; give a name, several, or a dictionary from names to parts")
    wanted = dict(learnable) if isinstance(learnable, Mapping) else dict.fromkeys(_several(learnable))
    for name in (*wanted, *(bounds or {})):
        if name not in NAMES:
            raise unknown_name("learnable parameter", name, NAMES, "the table of learnable parameters")
    chosen = []
    for name, owners in wanted.items():
        of_name = [quantity for quantity in QUANTITIES if quantity.name == name]
        found = [_chosen(origins, quantity, owners, (bounds or {}).get(name)) for quantity in of_name]
        found = [part for part in found if len(part.entry)]
        _require_all(origins, name, of_name, owners, found)
        chosen += found
    return chosen


def _chosen(origins: Origins, quantity: Quantity, owners: Any, bounds: Any) -> Chosen:
    """The entries of a quantity, of some owners or of all."""
    owner = origins.owners(quantity.family)
    wanted = origins.has(quantity)
    if owners is not None:
        names = origins.names(quantity.family)
        allowed = [names.index(name) for name in _several(owners) if name in names]
        wanted &= np.isin(owner, allowed)
    entry = np.flatnonzero(wanted)
    if quantity.family == "junctions":
        kept, value = np.unique(origins.junction[entry], return_inverse=True)
        owner = origins.edges["junctions"].owner[kept]
    else:
        value, owner = np.arange(len(entry)), owner[entry]
    low, high = (np.full(len(owner), side) for side in (-np.inf, np.inf))
    low = low if quantity.low is None else np.maximum(low, quantity.low)
    if quantity.name == "weight":
        low, high = _of_weights(origins.program, quantity.family, entry)
    if bounds is not None:
        own_low, own_high = _pair(quantity.name, bounds)
        low, high = np.maximum(low, own_low), np.minimum(high, own_high)
    names = origins.names(quantity.family)
    return Chosen(quantity=quantity, entry=entry, value=value, owner=owner, names=names, low=low, high=high)


def _of_weights(program: Program, family: str, entry: Places) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of weights: conductances are not negative, and those that learn by themselves have bounds of their own."""
    low, high = np.full(len(entry), -np.inf), np.full(len(entry), np.inf)
    if family == "weighted":
        w = program.weighted
        low = np.where(w.driving[entry] == 1, 0.0, low)
        learning = w.rule[entry] != Rule.FIXED
        return np.where(learning, w.lowest[entry], low), np.where(learning, w.highest[entry], high)
    kind = program.receptors.kind[program.events.receptor[entry]]
    low = np.where(kind == ReceptorKind.CONDUCTANCE, 0.0, low)
    place = program.events.plastic[entry]
    learning = place != NONE
    low[learning], high[learning] = program.plastic.lowest[place[learning]], program.plastic.highest[place[learning]]
    return low, high


def _pair(name: str, bounds: Any) -> tuple[float, float]:
    """A pair of bounds as numbers.

    Raises:
        NetworkError: They are none, or exclude each other.
    """
    try:
        low, high = bounds
        low, high = -np.inf if low is None else float(low), np.inf if high is None else float(high)
    except (TypeError, ValueError):
        raise NetworkError(
            f"the bounds of {name!r} are {bounds!r}; give (least, greatest), None for no bound"
        ) from None
    if not low <= high:
        raise NetworkError(f"the bounds of {name!r} are {bounds!r}; the least must not be above the greatest")
    return low, high


def _has(neuron: Neuron, name: str) -> bool:
    """Whether a neuron has a quantity; those with equations of their own may call something else by the same name."""
    if not isinstance(neuron, NonSpikingNeuron):
        return name == "bias"
    return name == "initial_value" or hasattr(neuron, name)


def _several(owners: Any) -> list[Any]:
    return [owners] if isinstance(owners, str) else list(owners)


def _require_all(origins: Origins, name: str, of_name: list[Quantity], owners: Any, found: list[Chosen]) -> None:
    """Refuse owners that do not exist or have no such quantity.

    Raises:
        NetworkError: Nothing has it.
        UnknownNameError: There is no such owner.
    """
    if owners is None:
        if not found:
            raise NetworkError(f"nothing in network {origins.network.name!r} has a {name!r} that could be learned")
        return
    known = list(dict.fromkeys(n for quantity in of_name for n in origins.names(quantity.family)))
    have = {origins.names(part.quantity.family)[k] for part in found for k in np.unique(part.owner).tolist()}
    for owner in _several(owners):
        if owner not in known:
            raise unknown_name("part", owner, known, f"network {origins.network.name!r}, for learning {name!r}")
        if owner not in have:
            raise NetworkError(f"{owner!r} has no {name!r} that could be learned; leave it out")
