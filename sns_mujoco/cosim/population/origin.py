"""What a population is made from."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.parameters.forms import ALIASES, QUANTITIES
from sns_mujoco.cosim.rig.adding import RigRoom
from sns_mujoco.cosim.rig.described import Described
from sns_mujoco.cosim.simulation import compiled
from sns_mujoco.network import Network

if TYPE_CHECKING:
    from sns_mujoco.cosim.population.population import Population
    from sns_mujoco.models import Animal


ATTACHED = QUANTITIES | ALIASES.keys() | {"delay", "transmission_delay"}  # which `attach` can keep apart


class Space(Protocol):
    """What a population needs to know of a parameter space: which numbers individuals are to have of their own."""

    @property
    def apart(self) -> Collection[str]:
        """Quantities, as `attach` takes them."""
        ...

    @property
    def greatest_delay(self) -> float | None:
        """Room for delays, ms; None without any that differ."""
        ...


class Draws(Protocol):
    """What draws numbers and pushes for a population, see `sns_mujoco.learning.randomisation.randomisation.Draws`."""

    def begin(self, ids: NDArray[np.int32], seeds: list[int]) -> None:
        """Draw for individuals that begin a life."""
        ...

    def act(self, ids: NDArray[np.int32] | None) -> int | None:
        """Push individuals; for how many physics steps that holds."""
        ...

    def kept(self, ids: NDArray[np.int32]) -> Any:
        """What is known of individuals."""
        ...

    def put_back(self, kept: Any, ids: NDArray[np.int32]) -> None:
        """Take it back."""
        ...


class Randomising(Protocol):
    """What is drawn anew at every reset, see `sns_mujoco.learning.randomisation.Randomisation`."""

    @property
    def quantities(self) -> Collection[str]:
        """Quantities that are drawn."""
        ...

    def greatest_delay(self, animal: "Animal") -> float | None:
        """Room for delays that are drawn, ms; None without any."""
        ...

    def of(self, population: "Population") -> Draws:
        """What draws for a population."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a population is made from.

    Attributes:
        animal: The animal, or None.
        terrain: Name of its terrain, or None.
        model: Body and nervous system.
        body: The body without its nervous system, or None where only a model was given.
        network: The network as it is described, or None where only a model was given.
        adapters: Its adapters.
        described: All of that for protocols, or None where only a model was given.
    """

    animal: "Animal | None"
    terrain: str | None
    model: mujoco.MjModel
    body: mujoco.MjSpec | None = None
    network: Network | None = None
    adapters: Sequence[Afferent | Efferent] = ()
    described: Described | None = None

    @classmethod
    def of(
        cls,
        animal: Any,
        terrain: str | None,
        seed: int,
        *,
        apart: bool | Collection[str] | None = None,
        greatest_delay: float | None = None,
        space: Space | None = None,
        randomise: Randomising | None = None,
        network: Network | None = None,
        adapters: Sequence[Afferent | Efferent] = (),
        rig: bool | RigRoom = False,
    ) -> "Origin":
        """Build an animal, of which the name may be given, or take a body with a nervous system as it is.

        The arguments are those of `Population`.

        Raises:
            UnknownNameError: There is no such animal or terrain.
            ValueError: What goes with an animal was given with a model, or the reverse.
            TypeError: It is neither an animal nor a model, or what is given as a space, as a randomisation or as
                `apart` is none.
            AttachError: The nervous system does not fit the model.
        """
        from sns_mujoco.models import load

        _refuse_others(space, randomise)
        if isinstance(animal, mujoco.MjModel | mujoco.MjSpec):
            _refuse("a model", "which is as it was attached", "an animal", terrain=terrain, apart=apart, space=space,
                    greatest_delay=greatest_delay)  # fmt: skip
            _refuse("a model", "which is as it was attached", "an animal", rig=rig or None)
            described = Described.of(network, adapters) if isinstance(network, Network) else None
            return cls(
                animal=None, terrain=None, model=compiled(animal), network=network, adapters=adapters,
                described=described,
            )  # fmt: skip
        animal = load(animal)
        _refuse("an animal", "which has its own", "a model", network=network, adapters=adapters or None)
        if greatest_delay is None:
            needed = [] if space is None else [space.greatest_delay]
            needed += [] if randomise is None else [randomise.greatest_delay(animal)]
            greatest_delay = max((room for room in needed if room is not None), default=None)
        room = {} if greatest_delay is None else {"greatest_delay": greatest_delay}
        own = _wanted(apart, space, randomise)
        model = animal.build(terrain=terrain, seed=seed, apart=own, rig=rig, **room).compile()
        terrain = terrain or animal.terrains[0]
        body, nerves, wires = animal.body(terrain, seed), animal.network(), animal.adapters()
        return cls(
            animal=animal, terrain=terrain, model=model, body=body, network=nerves, adapters=wires,
            described=Described.of(nerves, wires, body),
        )  # fmt: skip


def _refuse_others(space: Any, randomise: Any) -> None:
    if space is not None and not hasattr(space, "apart"):
        raise TypeError(f"space is {space!r}; give a ParameterSpace(animal, [Vary(...), ...])")
    if randomise is not None and not hasattr(randomise, "quantities"):
        raise TypeError(f"randomise is {randomise!r}; give a Randomisation([Random(...), Push(...), ...])")


def _refuse(what: str, why: str, other: str, **options: Any) -> None:
    for name, value in options.items():
        if value is not None:
            raise ValueError(f"{name} is {value!r} for {what}, {why}; give it with {other} only")


def _wanted(
    apart: bool | Collection[str] | None, space: Space | None, randomise: Randomising | None
) -> bool | Collection[str]:
    """Quantities of the nervous system and its adapters that are to stand apart."""
    if apart is True or (apart is None and space is None):
        return True
    if isinstance(apart, str):
        return apart  # which `attach` refuses
    found = {*(apart or ()), *(space.apart if space is not None else ())}
    if randomise is not None:
        found |= ATTACHED.intersection(randomise.quantities)
    return found


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
