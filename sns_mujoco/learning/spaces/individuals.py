"""One animal out of a parameter space in a file: a network's file that also says what else is not as described.

`Network.load` reads its nervous system, as it does any network's; the annotation "individual" holds the rest: which
animal it is, the space with its genes, the vector, and what of adapters, muscles and body is other than the animal
describes.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, ParameterError
from sns_mujoco.learning.spaces.digests import of_network
from sns_mujoco.learning.spaces.variant import Change, variant
from sns_mujoco.network import Network
from sns_mujoco.network.files import load_annotations, load_network, save_network

if TYPE_CHECKING:
    from sns_mujoco.learning.spaces.space import ParameterSpace
    from sns_mujoco.models import Animal

KEY = "individual"
FORMAT = "sns-mujoco individual 1"


@dataclass(frozen=True, kw_only=True)
class Individual:
    """What the file of an individual holds.

    Attributes:
        path: Where it lies.
        network: Its nervous system.
        base: What `sns_mujoco.models.load` takes to find the animal that it is an individual of.
        name: Name of that animal.
        space: The parameter space, as `ParameterSpace.from_dict` takes it.
        vector: Its vector, float64 [d].
        values: Value of every gene by name.
        changes: What of adapters, muscles and body is other than the animal describes, in the order of the spaces that
            it came through.
        extra: What else was saved with it.
        edited: Whether its network has been changed since it was saved, so that it is not that of the vector.
    """

    path: Path
    network: Network
    base: str
    name: str
    space: dict[str, Any]
    vector: NDArray[np.float64]
    values: dict[str, float]
    changes: tuple[tuple[Change, ...], ...]
    extra: dict[str, Any] = field(default_factory=dict)
    edited: bool = False

    def animal(self, base: "Animal") -> "Animal":
        """The individual as an animal.

        Args:
            base: The animal that it is an individual of.

        Raises:
            ParameterError: That is another one.
            UnknownNameError: Something of adapters, muscles or body that it changes does not exist.
        """
        if base.name != self.name:
            raise ParameterError(f"{str(self.path)!r} is an individual of {self.name!r}; it was given {base.name!r}")
        animal = base
        for changes in self.changes:
            animal = variant(animal, changes, terrain=self.space.get("terrain"))
        return variant(animal, (), network=self.network, terrain=self.space.get("terrain"))

    @cached_property
    def summary(self) -> str:
        """What it is, in a line."""
        numbers = [f"{key} {value:.4g}" for key, value in self.extra.items() if isinstance(value, int | float)]
        told = ", ".join([f"{len(self.vector)} genes", *numbers[:4]])
        edited = "; its network was edited after it was saved" if self.edited else ""
        return f"{self.name}, the individual of {self.path} ({told}){edited}"


def save_individual(
    path: str | os.PathLike[str], space: "ParameterSpace", vector: ArrayLike, *, extra: Mapping[str, Any] | None = None
) -> None:
    """Write an individual into a file that `sns_mujoco.models.load` and every command take instead of a name.

    Args:
        path: Where to, ending in .json; a file that is there is replaced.
        space: The space that the vector is one of.
        vector: The vector [d].
        extra: What else to keep with it, such as fitness or the seed, as JSON can say it.

    Raises:
        ParameterError: The vector is none of the space.
        NetworkError: Something extra is nothing that JSON can say.
        OutputPathError: It cannot be written there.
    """
    from sns_mujoco.models import individual, reference

    before: Individual | None = individual(space.base)
    base = before.base if before else reference(space.base)
    stages = list(before.changes) if before else []
    stages.append(tuple(change for change in space.changes(vector) if change.of != "network"))
    network = space.animal(vector).network()
    save_network(
        network,
        path,
        annotations={
            KEY: {
                "format": FORMAT,
                "name": space.base.name,
                "animal": base,
                "network_sha256": of_network(network),
                "vector": space.checked(vector),
                "values": space.from_vector(vector),
                "changes": [[change.to_list() for change in stage] for stage in stages],
                "extra": dict(extra or {}),
                "space": space.to_dict(),
            }
        },
    )


def load_individual(path: str | os.PathLike[str]) -> Individual:
    """Read the file of an individual; `sns_mujoco.models.load` makes it an animal.

    Args:
        path: The file, as `save_individual` wrote it. Nothing in it is executed.

    Raises:
        FileNotFoundError: It is not there, or its sidecar is not.
        NetworkError: It is no network's file, or damaged.
        ParameterError: It is a network's file without an individual, or of a newer version, or damaged.
    """
    place = Path(path)
    found = load_annotations(place).get(KEY)
    if found is None:
        raise ParameterError(
            f"{str(place)!r} is the file of a network alone, which has no body; attach it to one, or give the file of "
            "an individual, as save_individual and sns-mujoco evolve write it"
        )
    network = load_network(place)
    try:
        return _individual(place, network, found)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, NetworkError):
            raise
        raise ParameterError(f"{str(place)!r}: what it says of its individual is damaged: {error}") from error


def _individual(place: Path, network: Network, data: dict[str, Any]) -> Individual:
    if data["format"] != FORMAT:
        raise ValueError(f"its format is {data['format']!r}, and this sns-mujoco reads {FORMAT!r}; is it a newer one?")
    space = data["space"]
    vector = np.array(data["vector"], float)
    if not isinstance(space, dict) or vector.shape != (len(space["genes"]),):
        raise ValueError(f"the vector has shape {vector.shape}, which is not that of its space")
    return Individual(
        path=place,
        network=network,
        base=str(data["animal"]),
        name=str(data["name"]),
        space=space,
        vector=vector,
        values={str(name): float(value) for name, value in data["values"].items()},
        changes=tuple(tuple(Change.from_list(change) for change in stage) for stage in data["changes"]),
        extra=dict(data["extra"]),
        edited=data["network_sha256"] != of_network(network),
    )
