"""An animal with other numbers: the same in everything else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import mujoco

from sns_mujoco.cosim.bodies import BodyTable, changed_body
from sns_mujoco.cosim.parameters import changed_muscles, written_into
from sns_mujoco.learning.spaces.vary import Part
from sns_mujoco.network import Network

if TYPE_CHECKING:
    from sns_mujoco.adapters import Afferent, Efferent
    from sns_mujoco.models import Animal


BRAIN = ("network", "adapters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A number that is other than the animal describes.

    Attributes:
        of: In which description it stands: of the network, the adapters, the muscles or the body.
        quantity: What kind of number it is.
        name: What has it.
        value: Its value.
    """

    of: Part
    quantity: str
    name: str
    value: float

    def to_list(self) -> list[Any]:
        """Plain data."""
        return [self.of, self.quantity, self.name, self.value]

    @classmethod
    def from_list(cls, data: Sequence[Any]) -> "Change":
        """The same from plain data.

        Raises:
            ValueError: It is no such data.
        """
        of, quantity, name, value = data
        if of not in get_args(Part) or not isinstance(quantity, str) or not isinstance(name, str):
            known = ", ".join(get_args(Part))
            raise ValueError(f"{list(data)!r} is no change, which is [one of {known}; quantity, name, value]")
        return cls(of=of, quantity=quantity, name=name, value=float(value))


@dataclass(frozen=True, slots=True)
class ChangedBody:
    """What `Animal.body` is of an animal whose body was changed. Parts that a terrain has not are left alone there."""

    body: Any
    changes: tuple[Change, ...]

    def __call__(self, terrain: str, seed: int) -> mujoco.MjSpec:
        """The body on a terrain."""
        spec = self.body(terrain, seed)
        table = BodyTable(spec)
        there = [c for c in self.changes if c.of != "body" or c.name in table.names(c.quantity)]
        return _changed(spec, there)


@dataclass(frozen=True, slots=True)
class Copies:
    """What `Animal.network` is of an animal whose network was changed: a copy each time, so that nobody shares it."""

    network: Network

    def __call__(self) -> Network:
        """The network."""
        return self.network.copy()


@dataclass(frozen=True, slots=True)
class Same:
    """What `Animal.adapters` is of an animal whose adapters were changed."""

    adapters: tuple["Afferent | Efferent", ...]

    def __call__(self) -> "list[Afferent | Efferent]":
        """The adapters."""
        return list(self.adapters)


def variant(
    animal: "Animal", changes: Sequence[Change], *, network: Network | None = None, terrain: str | None = None
) -> "Animal":
    """An animal with other numbers.

    Args:
        animal: What it is besides.
        changes: The numbers; of several of one thing the last one holds.
        network: Its network, if that is another; changes of the brain are made in it.
        terrain: Where the parts of its body that change were looked up; they must be there.

    Raises:
        UnknownNameError: Something that changes does not exist.
        ParameterError: A value is impossible.
    """
    of_network = [(change.quantity, change.name, change.value) for change in changes if change.of in BRAIN]
    of_body = tuple(change for change in changes if change.of not in BRAIN)
    made = animal
    if network is not None or of_network:
        network = network or animal.network()
        adapters = animal.adapters()
        if of_network:
            network, adapters = written_into(network, adapters, of_network)
        made = replace(made, network=Copies(network), adapters=Same(tuple(adapters)))
    if of_body:
        _changed(animal.body(terrain or animal.terrains[0], 0), of_body)  # so that it is refused here
        made = replace(made, body=ChangedBody(animal.body, of_body))
    return made


def _changed(body: mujoco.MjSpec, changes: Sequence[Change]) -> mujoco.MjSpec:
    """A body with other muscles and other numbers of its parts."""
    muscles = [(change.quantity, change.name, change.value) for change in changes if change.of == "muscles"]
    spec = changed_muscles(body, muscles) if muscles else body
    return changed_body(spec, {(c.quantity, c.name): c.value for c in changes if c.of == "body"})
