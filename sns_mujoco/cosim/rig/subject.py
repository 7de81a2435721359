"""`Subject`: what a protocol can be done to, by name."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.cosim.bodies import BodyTable
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.parameters import ParameterTable, parameters_of
from sns_mujoco.cosim.parameters.given import matches
from sns_mujoco.cosim.rig.adding import stimulator_name
from sns_mujoco.cosim.rig.described import Described
from sns_mujoco.errors import ProtocolError, unknown_name
from sns_mujoco.network import Network
from sns_mujoco.network.parts import Population
from sns_mujoco.protocols import Item


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of a nervous system is.

    Attributes:
        brain: Name of the nervous system.
        index: Of the neuron, the afferent ...
    """

    brain: str
    index: int


class Subject:
    """An animal's model, to look up what protocols name.

    Attributes:
        model: The model as it was described, with its stimulators.
        brains: Its nervous systems by name.
        timestep: Physics step, s.
        known: What has been looked up already.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        brains: dict[str, Brain],
        described: Described | None,
        table: Callable[[], ParameterTable] | None = None,
    ) -> None:
        """Look at a model.

        Args:
            model: As it was described.
            brains: Its nervous systems.
            described: What it was made from, if that is known.
            table: Gives the parameters of the nervous system, where they are at hand.

        Raises:
            ProtocolError: It has no stimulator.
        """
        self.model, self.described, self._table = model, described, table
        self.brains = {
            name: brain
            for name, brain in brains.items()
            if mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_NUMERIC, stimulator_name(name)) >= 0
        }
        if not self.brains:
            raise ProtocolError(
                "the model has no stimulator, which applies protocols; build the animal with rig=True, as in "
                "animal.simulation(rig=True), animal.simulation(protocol=...) or attach(..., rig=True)"
            )
        self.timestep = float(model.opt.timestep)
        self.known: dict[Any, Any] = {}

    @cached_property
    def table(self) -> ParameterTable | None:
        """Parameters of the nervous system by name, if the network is known."""
        if self.described is None or len(self.brains) != 1:
            return None
        if self._table is not None:
            return self._table()
        return parameters_of(self.model, self.described.network, self.described.adapters)

    @cached_property
    def body(self) -> BodyTable | None:
        """Parameters of the body by name, if it is known."""
        return None if self.described is None or self.described.body is None else BodyTable(self.described.body)

    @property
    def network(self) -> Network | None:
        """The network, if it is known; of several nervous systems it is not."""
        return None if self.described is None or len(self.brains) != 1 else self.described.network

    def population(self, place: Place) -> tuple[int, Population, int]:
        """The population of a neuron: its number, itself, and which of its neurons it is; the network must be known."""
        assert self.network is not None
        index = place.index
        for number, population in enumerate(self.network.populations):
            if index < population.size:
                return number, population, index
            index -= population.size
        raise AssertionError(place)

    def neurons(self, item: Item) -> dict[str, Place]:
        """Neurons that an item names."""
        known = {
            self._prefix(b) + name: Place(b.name, i)
            for b in self.brains.values()
            for i, name in enumerate(b.neuron_names)
        }
        return {name: known[name] for name in chosen("neuron", item, known, self._bare)}

    def _prefix(self, brain: Brain) -> str:
        """What stands before the names in a nervous system where there are several, as in recordings."""
        return f"{brain.name}/" if len(self.brains) > 1 else ""

    def _bare(self, name: str) -> str:
        """A name without that."""
        prefixes = (self._prefix(brain) for brain in self.brains.values())
        return next((name.removeprefix(p) for p in prefixes if name.startswith(p)), name)

    def commands(self, item: Item) -> dict[str, int]:
        """Commands that an item names, and their places in userdata."""
        known = {name: place for brain in self.brains.values() for name, place in brain.commands.items()}
        return {name: known[name] for name in chosen("command", item, known)}

    def afferents(self, item: Item) -> dict[str, Place]:
        """Afferents that an item names: by their whole name, else by what they read, else by what they feed."""
        known: dict[str, Place] = {}
        other: tuple[dict[str, list[str]], dict[str, list[str]]] = {}, {}
        for brain in self.brains.values():
            seen: Counter[str] = Counter()
            for index, (name, details) in enumerate(zip(brain.afferents, brain.afferent_details, strict=True)):
                seen[name] += 1
                name = self._prefix(brain) + (name if seen[name] == 1 else f"{name} ({seen[name]})")
                known[name] = Place(brain.name, index)
                for short in (details.label, details.source):
                    other[0].setdefault(short, []).append(name)
                for short in (details.to, *details.targets):
                    other[1].setdefault(short, []).append(name)
        found = [n for n in known if matches(n, [item.pattern]) or matches(self._bare(n), [item.pattern])]
        for names in other:
            if not found:
                found = [name for short, own in names.items() if matches(short, [item.pattern]) for name in own]
        if not found:
            raise unknown_name("afferent", item.pattern, [*known, *other[0], *other[1]], f"the model, for {item.label}")
        return {name: known[name] for name in dict.fromkeys(found)}

    def actuators(self, item: Item) -> dict[str, int]:
        """Actuators that an item names, and their ids."""
        return self._objects("actuator", item, mujoco.mjtObj.mjOBJ_ACTUATOR, self.model.nactuator)

    def bodies(self, item: Item) -> dict[str, int]:
        """Bodies that an item names, and their ids; the world is none."""
        return self._objects("body", item, mujoco.mjtObj.mjOBJ_BODY, self.model.nbody, first=1)

    def hinges(self, item: Item) -> dict[str, int]:
        """Hinges and slides that an item names, and their degrees of freedom."""
        kinds = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
        named = self._named(mujoco.mjtObj.mjOBJ_JOINT, self.model.njnt)
        known = {
            name: int(self.model.jnt_dofadr[j]) for name, j in named.items() if int(self.model.jnt_type[j]) in kinds
        }
        return {name: known[name] for name in chosen("hinge or slide", item, known)}

    def geoms(self, item: Item) -> np.ndarray:
        """Ids of geoms that touch something and that an item names; "*" is all of them, with a name or without."""
        model = self.model
        touching = np.flatnonzero((model.geom_contype != 0) | (model.geom_conaffinity != 0))
        if item.pattern == "*":
            return touching
        named = self._named(mujoco.mjtObj.mjOBJ_GEOM, model.ngeom)
        known = {name: i for name, i in named.items() if i in touching}
        return np.array([known[name] for name in chosen("geom that touches something", item, known)])

    def system_of(self, actuator: str) -> Brain | None:
        """The last nervous system that drives an actuator, or None."""
        driving = [b for b in self.brains.values() if any(e.drives == actuator for e in b.efferent_details)]
        return driving[-1] if driving else None

    def _objects(self, what: str, item: Item, kind: mujoco.mjtObj, count: int, first: int = 0) -> dict[str, int]:
        known = self._named(kind, count, first)
        return {name: known[name] for name in chosen(what, item, known)}

    def _named(self, kind: mujoco.mjtObj, count: int, first: int = 0) -> dict[str, int]:
        return {n: i for i in range(first, count) if (n := mujoco.mj_id2name(self.model, kind, i))}


def chosen(
    what: str, item: Item, known: Iterable[str], bare: Callable[[str], str] = lambda name: name
) -> list[str]:  # fmt: skip
    """Names that an item's pattern matches; that of a population matches its neurons.

    Args:
        what: What they are, for the message.
        item: The item.
        known: All names.
        bare: Makes of a name the one that may be given in its place.

    Raises:
        UnknownNameError: None does; the closest are suggested.
    """
    names = list(known)
    found = [
        name
        for name in names
        if any(matches(given, [item.pattern]) for one in {name, bare(name)} for given in {one, one.split("[")[0]})
    ]
    if not found:
        raise unknown_name(what, item.pattern, names, f"the model, for {item.label}")
    return found
