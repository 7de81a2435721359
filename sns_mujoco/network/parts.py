"""What a `Network` is made of: records of its populations, connections, inputs and outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse
from sns_mujoco.network.neurons import Neuron
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.synapses import Connection

OutputKindName = Literal[
    "voltage", "spike", "threshold", "gate_b", "gate_c", "variable", "conductance", "current", "weight", "noise"
]
OF_NEURONS = ("voltage", "spike", "threshold", "gate_b", "gate_c", "variable")
OF_SYNAPSES = ("conductance", "current", "weight")
OF_NOISE = ("noise",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Neurons of one kind: a single one, a row, or a grid.

    Attributes:
        name: Its name.
        neuron: Their kind.
        shape: (n,) or (rows, columns).
        color: Colour in pictures.
        initial: Membrane potentials at the start [n], mV.
    """

    name: str
    neuron: Neuron
    shape: tuple[int, ...]
    color: str
    initial: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check that every parameter has one value, or one for each neuron."""
        owner = f"population {self.name!r}"
        check_counts(owner, self.neuron.per_neuron, self.size)
        for name, value in self.neuron.channels.items():
            if value.shape[1] not in (1, self.size):
                raise NetworkError(
                    f"{owner}: {name} has values for {value.shape[1]} neurons; there are {self.size}: give one for "
                    "all, or one for each"
                )
        if self.initial.shape != (self.size,):
            raise NetworkError(
                f"{owner}: initial_value has shape {self.initial.shape}; give one, or one for each of the "
                f"{self.size} neurons"
            )

    @property
    def size(self) -> int:
        """Number of neurons."""
        return prod(self.shape)

    @property
    def spikes(self) -> bool:
        """Whether its neurons can spike."""
        return self.neuron.spikes


def check_counts(owner: str, parameters: Mapping[str, Any], count: int) -> None:
    """Refuse parameters that have neither one value nor one for each neuron.

    Raises:
        NetworkError: Names the parameter.
    """
    for name, value in parameters.items():
        if np.ndim(value) and np.size(value) != count:
            raise NetworkError(
                f"{owner}: {name} has {np.size(value)} values for {count} neurons; give one, or one for each"
            )


def initial_potentials(owner: str, value: Any, count: int) -> NDArray[np.float64]:
    """Potentials at the start [n], mV, from one number or one for each neuron.

    Raises:
        NetworkError: They are no finite numbers.
    """
    array = numbers(owner, "initial_value", value)
    if array.size == 1:
        array = np.full(count, array.item())
    array = array.ravel()
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A connection from one population to another, by their indices.

    Attributes:
        name: Its name.
        kind: Its synapses.
        source: Presynaptic population.
        destination: Postsynaptic one.
        view_label: Whether pictures show its name.
    """

    name: str
    kind: Connection
    source: int
    destination: int
    view_label: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A source of noise of its own for every neuron of a population.

    Attributes:
        name: Its name.
        kind: What it is.
        population: Index of the population.
    """

    name: str
    kind: OrnsteinUhlenbeckNoise
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What comes in from outside.

    Attributes:
        name: Its name.
        population: Index of the population that it reaches.
        size: Number of elements: without weights one for the whole population, or one for each neuron.
        color: Colour in pictures.
        weights: [n_neurons, size] what each element brings to each neuron, or None.
        through: The synapse through which it comes, or None where it is a current.
    """

    name: str
    population: int
    size: int
    color: str
    weights: NDArray[np.float64] | None = None
    through: CurrentSynapse | ConductanceSynapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is read of a population, a connection (conductance, current, weight) or a source of noise, by its index."""

    name: str
    source: int
    kind: OutputKindName
    channel: int
    color: str
    variable: str | None = None
