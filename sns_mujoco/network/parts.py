"""What a `Network` is made of: records of its populations, connections, inputs and outputs."""

from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers
from sns_mujoco.network.matrices import (
    NonSpikingMatrixConnection,
    NonSpikingPatternConnection,
    SpikingMatrixConnection,
    SpikingPatternConnection,
)
from sns_mujoco.network.neurons import NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.patterns import pattern_pairs
from sns_mujoco.network.synapses import Connection, ElectricalSynapse, NonSpikingSynapse, SpikingSynapse

OutputKindName = Literal["voltage", "spike", "threshold", "gate_b", "gate_c", "conductance", "current"]
OF_NEURONS = ("voltage", "spike", "threshold", "gate_b", "gate_c")
OF_SYNAPSES = ("conductance", "current")


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
    neuron: NonSpikingNeuron
    shape: tuple[int, ...]
    color: str
    initial: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check that every parameter has one value, or one for each neuron."""
        owner = f"population {self.name!r}"
        common = ["membrane_capacitance", "membrane_conductance", "resting_potential", "bias"]
        for name in common + (list(SpikingNeuron.__slots__) if isinstance(self.neuron, SpikingNeuron) else []):
            _check_count(owner, name, getattr(self.neuron, name), self.size)
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
        return isinstance(self.neuron, SpikingNeuron)


def _check_count(owner: str, name: str, value: Any, count: int) -> None:
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


def check_fit(name: str, kind: Connection, pre: Population, post: Population) -> None:
    """Refuse a matrix or kernel that does not fit the populations.

    Raises:
        NetworkError: Says which shapes would.
    """
    if isinstance(kind, NonSpikingMatrixConnection | SpikingMatrixConnection):
        shape = np.shape(kind.max_conductance)
        if shape != (post.size, pre.size):
            raise NetworkError(
                f"connection {name!r}: the matrix has shape {shape}; give [n_destination, n_source] = "
                f"{(post.size, pre.size)}"
            )
    if isinstance(kind, NonSpikingPatternConnection | SpikingPatternConnection):
        dimensions = np.ndim(kind.max_conductance_kernel)
        if pre.shape != post.shape or len(pre.shape) != dimensions:
            raise NetworkError(
                f"connection {name!r}: a {dimensions}-D kernel needs two {dimensions}-D populations of the same "
                f"shape; {pre.name!r} is {pre.shape}, {post.name!r} is {post.shape}"
            )


def count_synapses(kind: Connection, pre: Population, post: Population) -> int:
    """Number of chemical synapses of a connection: pairs with a conductance."""
    if isinstance(kind, NonSpikingSynapse | SpikingSynapse):
        return pre.size * post.size if kind.max_conductance > 0 else 0
    if isinstance(kind, NonSpikingMatrixConnection | SpikingMatrixConnection):
        return int(np.count_nonzero(kind.max_conductance))
    if isinstance(kind, NonSpikingPatternConnection | SpikingPatternConnection):
        kernel = np.asarray(kind.max_conductance_kernel)
        entry = pattern_pairs(kernel.shape, pre.shape)[2]
        return int(np.count_nonzero(kernel.ravel()[entry]))
    assert isinstance(kind, ElectricalSynapse)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Current from outside: one element for the whole population, or one for each neuron."""

    name: str
    population: int
    size: int
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is read: of a population, or of a connection (conductance, current), by its index."""

    name: str
    source: int
    kind: OutputKindName
    channel: int
    color: str
