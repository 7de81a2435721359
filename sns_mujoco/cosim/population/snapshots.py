"""What an individual is and where it stands, kept, to go on from there again."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.population.failures import Failure

if TYPE_CHECKING:
    from sns_mujoco.cosim.population.population import Population


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSnapshot:
    """Everything that determines what individuals do next: bodies, brains, commands, noise, and their parameters.

    It is plain data, and can be sent to another process and restored in a population of the same animal.

    Attributes:
        individuals: Which they were [k].
        state: MuJoCo's integration state of each, float64 [k, S].
        fields: The fields of the model that differ between individuals, by name, [k, ...].
        described: What these numbers are called and follow from, by where it is kept.
        seeds: Seed of each one's last start [k].
        episodes: How often each was reset [k].
        failures: Of those that had failed, by place in the snapshot.
    """

    individuals: NDArray[np.int32]
    state: NDArray[np.float64]
    fields: dict[str, NDArray[Any]]
    described: dict[str, Any]
    seeds: NDArray[np.int64]
    episodes: NDArray[np.int64]
    failures: dict[int, Failure]


def take(population: "Population", chosen: NDArray[np.int32]) -> PopulationSnapshot:
    """A snapshot of some individuals."""
    data = population.data
    places = {individual: place for place, individual in enumerate(chosen.tolist())}
    return PopulationSnapshot(
        individuals=chosen,
        state=data.state[chosen],
        fields={name: data.expanded(name)[chosen] for name in data.differing()},  # type: ignore[index]
        described={name: keeper.kept(chosen) for name, keeper in population.keepers().items()},
        seeds=population.seeds[chosen],
        episodes=population.episodes[chosen],
        failures={places[i]: failure for i, failure in population.failures.items() if i in places},
    )


def put(population: "Population", snapshot: PopulationSnapshot, chosen: NDArray[np.int32]) -> None:
    """Make individuals those of a snapshot, in its order, or all of them its only one.

    Raises:
        ValueError: It is of another animal, or of more or fewer individuals.
        ParameterError: It has parameters, and the population was made from a model that tells none.
    """
    data, kept = population.data, len(snapshot.individuals)
    if kept not in (1, len(chosen)):
        raise ValueError(f"the snapshot holds {kept} individuals and is to go into {len(chosen)}; give as many ids")
    _check_fit(population, snapshot)
    if not chosen.size:
        return
    keepers = population.keepers(snapshot.described.keys())
    source = np.zeros(len(chosen), int) if kept == 1 else np.arange(kept)
    for name in {*snapshot.fields, *data.differing()}:
        owner, _, field = name.rpartition(".")
        common = getattr(population.model.opt if owner else population.model, field)
        data.expand(name)[chosen] = snapshot.fields[name][source] if name in snapshot.fields else common
    data.state[chosen] = snapshot.state[source]
    population.episodes[chosen] = snapshot.episodes[source]
    population.seeds[chosen] = snapshot.seeds[source]
    for name, keeper in keepers.items():
        for ids in chosen.reshape(-1, kept):
            keeper.put_back(snapshot.described.get(name), ids)
    for place, individual in zip(source.tolist(), chosen.tolist(), strict=True):
        failure = snapshot.failures.get(place)
        population.mark(individual, None if failure is None else replace(failure, individual=individual))
    data.refresh(np.sort(chosen))


def _check_fit(population: "Population", snapshot: PopulationSnapshot) -> None:
    sizes = snapshot.state.shape[1], population.data.nstate
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"the snapshot holds {sizes[0]} numbers an individual, the state of this animal {sizes[1]}; it was taken "
            "of another animal"
        )
    for name, values in snapshot.fields.items():
        owner, _, field = name.rpartition(".")
        shape = np.shape(getattr(population.model.opt if owner else population.model, field))
        if values.shape[1:] != shape:
            raise ValueError(
                f"the snapshot holds {values.shape[1:]} numbers of {name}, and this animal has {shape}; it was taken "
                "of another animal, or of a population whose individuals keep other numbers of their own (apart)"
            )
