"""`Network`: a nervous system as plain data. Populations, connections, inputs and outputs, all by name.

Its methods are those of SNS-Toolbox, so that its users are at home. What differs: names are unique (a second neuron of
the same default name gets a number, a given name that is taken is refused), and parallel synapses add up.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.checks import numbers
from sns_mujoco.network.neurons import NonSpikingNeuron, SpikingNeuron, channels_of
from sns_mujoco.network.synapses import (
    Connection, NonSpikingMatrixConnection, NonSpikingPatternConnection, SpikingMatrixConnection,
    SpikingPatternConnection,
)  # fmt: skip

if TYPE_CHECKING:
    from sns_mujoco.backends.model import Model
    from sns_mujoco.backends.program import Program

OutputKindName = Literal["voltage", "spike", "threshold", "gate_b", "gate_c", "conductance", "current"]
OF_NEURONS = ("voltage", "spike", "threshold", "gate_b", "gate_c")
OF_SYNAPSES = ("conductance", "current")
Semantics = Literal["textbook", "sns-toolbox"]


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

    @property
    def size(self) -> int:
        """Number of neurons."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A connection from one population to another, by their indices."""

    name: str
    kind: Connection
    source: int
    destination: int


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


class Network:
    """A nervous system.

    Attributes:
        name: Its name.
        populations: In order; neurons are numbered through them.
        connections: In order.
        inputs: In order; their elements make up the input vector.
        outputs: In order; their elements make up the output vector.
    """

    def __init__(self, name: str = "Network") -> None:
        """Begin an empty nervous system."""
        self.name = name
        self.populations: list[Population] = []
        self.connections: list[Wire] = []
        self.inputs: list[Input] = []
        self.outputs: list[Output] = []

    def __repr__(self) -> str:
        """Say what is in it."""
        return (
            f"Network({self.name!r}: {self.get_num_neurons()} neurons in {len(self.populations)} populations, "
            f"{len(self.connections)} connections, {len(self.inputs)} inputs, {len(self.outputs)} outputs)"
        )

    def add_neuron(
        self, neuron_type: NonSpikingNeuron, name: str | None = None, color: str | None = None,
        initial_value: float | None = None,
    ) -> None:  # fmt: skip
        """Add a single neuron; see `add_population`."""
        self.add_population(neuron_type, (1,), name, color, initial_value)

    def add_population(
        self, neuron_type: NonSpikingNeuron, shape: int | Sequence[int], name: str | None = None,
        color: str | None = None, initial_value: ArrayLike | None = None,
    ) -> None:  # fmt: skip
        """Add neurons of one kind.

        Args:
            neuron_type: Their kind; parameters may be arrays with one value for each neuron.
            shape: Number of neurons, or rows and columns.
            name: Name; that of the kind if left out.
            color: Colour in pictures; that of the kind if left out.
            initial_value: Membrane potential at the start, mV: one, or one for each neuron; the resting potential if
                left out.

        Raises:
            NetworkError: The name is taken, the shape is no shape, or a parameter has another number of values.
        """
        if not isinstance(neuron_type, NonSpikingNeuron):
            raise NetworkError(f"{neuron_type!r} is no neuron; give a description such as NonSpikingNeuron()")
        name = self._new_name("population", name, neuron_type.name, [p.name for p in self.populations])
        sizes = np.atleast_1d(np.asarray(shape))
        if sizes.size not in (1, 2) or sizes.dtype.kind not in "iu" or (sizes < 1).any():
            raise NetworkError(f"population {name!r}: shape is {shape!r}; give the number of neurons, or rows and columns")
        shape = tuple(int(size) for size in sizes)
        owner = f"population {name!r}"
        for parameter in neuron_parameters(neuron_type):
            per_neuron(owner, parameter, getattr(neuron_type, parameter), prod(shape))
        value = neuron_type.resting_potential if initial_value is None else initial_value
        self.populations.append(
            Population(
                name=name,
                neuron=neuron_type,
                shape=shape,
                color=neuron_type.color if color is None else color,
                initial=per_neuron(owner, "initial_value", value, prod(shape)),
            )
        )

    def add_connection(
        self, connection_type: Connection, source: int | str, destination: int | str, name: str | None = None
    ) -> None:
        """Connect two populations.

        Args:
            connection_type: The kind of synapses.
            source: Name or index of the presynaptic population.
            destination: Name or index of the postsynaptic one.
            name: Name; "source->destination" if left out, with a number if that is taken.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: The name is taken, or a matrix or pattern does not fit the populations.
        """
        if not isinstance(connection_type, Connection):
            raise NetworkError(f"{connection_type!r} is no connection; give a description such as NonSpikingSynapse()")
        pre, post = self.get_population_index(source), self.get_population_index(destination)
        arrow = f"{self.populations[pre].name}->{self.populations[post].name}"
        name = self._new_name("connection", name, arrow, [c.name for c in self.connections])
        self._check_fit(name, connection_type, self.populations[pre], self.populations[post])
        self.connections.append(Wire(name=name, kind=connection_type, source=pre, destination=post))

    def add_input(self, dest: int | str, size: int = 1, name: str | None = None, color: str = "white") -> None:
        """Let current in from outside.

        Args:
            dest: Name or index of a population.
            size: 1: the same current (nA) to every neuron of it; otherwise its number of neurons.
            name: Name; "Input" if left out, with a number if that is taken.
            color: Colour in pictures.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: The size does not fit, or the name is taken.
        """
        population = self.get_population_index(dest)
        name = self._new_name("input", name, "Input", self.input_names)
        neurons = self.populations[population].size
        if size not in (1, neurons):
            raise NetworkError(
                f"input {name!r}: size is {size!r}; give 1, or {neurons} for population "
                f"{self.populations[population].name!r}"
            )
        self.inputs.append(Input(name=name, population=population, size=int(size), color=color))

    def add_output(
        self, source: int | str, name: str | None = None, spiking: bool = False, color: str = "white", *,
        kind: OutputKindName | None = None, channel: int = 0,
    ) -> None:  # fmt: skip
        """Read something out.

        Args:
            source: Name or index of a population; for a conductance or current, of a connection.
            name: Name; "Output" if left out, with a number if that is taken.
            spiking: The same as kind="spike".
            color: Colour in pictures.
            kind: "voltage" (mV), "spike" (1 in the steps with a spike), "threshold" (mV), "gate_b" or "gate_c" (0 to
                1), one element for each neuron; "conductance" (uS) or "current" (nA), one for each synapse.
            channel: Which ion channel's gate.

        Raises:
            UnknownNameError: There is no such population or connection.
            NetworkError: The population has no such thing to read, or the name is taken.
        """
        kind = kind or ("spike" if spiking else "voltage")
        name = self._new_name("output", name, "Output", self.output_names)
        if kind in OF_SYNAPSES:
            index = _find("connection", source, [c.name for c in self.connections], self.name)
        elif kind in OF_NEURONS:
            index = self.get_population_index(source)
            neuron = self.populations[index].neuron
            gates = channels_of(neuron)
            if kind == "threshold" and not isinstance(neuron, SpikingNeuron):
                raise NetworkError(f"output {name!r}: {self.populations[index].name!r} does not spike, so it has no threshold")
            if kind in ("gate_b", "gate_c") and (gates is None or not 0 <= channel < len(gates["g_ion"])):
                raise NetworkError(f"output {name!r}: {self.populations[index].name!r} has no ion channel {channel}")
        else:
            raise NetworkError(f"output {name!r}: kind is {kind!r}; give one of {', '.join(OF_NEURONS + OF_SYNAPSES)}")
        self.outputs.append(Output(name=name, source=index, kind=kind, channel=int(channel), color=color))

    def add_network(
        self, network: "Network", color: str | None = None, suffix: str = "", *, prefix: str = ""
    ) -> None:
        """Add everything of another network, with its names between a prefix and a suffix.

        Raises:
            NetworkError: A name is taken; nothing has been added then.
        """
        before = len(self.populations), len(self.connections), len(self.inputs), len(self.outputs)

        def renamed(kind: str, name: str, taken: Iterable[str]) -> str:
            return self._new_name(kind, f"{prefix}{name}{suffix}", "", list(taken))

        populations = [
            replace(p, name=renamed("population", p.name, [q.name for q in self.populations]), color=color or p.color)
            for p in network.populations
        ]
        connections = []
        for c in network.connections:
            arrow = f"{network.populations[c.source].name}->{network.populations[c.destination].name}"
            name = f"{prefix}{c.name}{suffix}"
            if c.name.startswith(arrow):  # a name given by default follows its populations' new names
                source, destination = populations[c.source].name, populations[c.destination].name
                name = f"{source}->{destination}{c.name[len(arrow) :]}"
            name = self._new_name("connection", name, "", [d.name for d in self.connections])
            connections.append(
                replace(c, name=name, source=c.source + before[0], destination=c.destination + before[0])
            )
        inputs = [
            replace(i, name=renamed("input", i.name, self.input_names), population=i.population + before[0])
            for i in network.inputs
        ]
        outputs = [
            replace(
                o,
                name=renamed("output", o.name, self.output_names),
                source=o.source + (before[1] if o.kind in OF_SYNAPSES else before[0]),
            )
            for o in network.outputs
        ]
        self.populations += populations
        self.connections += connections
        self.inputs += inputs
        self.outputs += outputs

    def copy(self) -> "Network":
        """An independent copy."""
        return copy.deepcopy(self)

    def to_program(self, dt: float = 0.1, semantics: Semantics = "textbook") -> "Program":
        """The flat arrays that every backend steps; see `compile`."""
        from sns_mujoco.backends.compiler import compile_network

        return compile_network(self, dt, semantics)

    def compile(
        self, dt: float = 0.1, backend: Literal["numba", "numpy"] = "numba", semantics: Semantics = "textbook"
    ) -> "Model":
        """Make it ready to be stepped.

        Args:
            dt: Neural step, ms.
            backend: "numba", the fast one, or "numpy", the readable reference.
            semantics: "textbook", or "sns-toolbox" to get the numbers of SNS-Toolbox with its peculiarities (see
                `sns_mujoco.backends.compiler`).

        Returns:
            A model: `y = model(x)` advances it by one step.

        Raises:
            TimeStepError: The step is too large for explicit Euler; the message has the largest safe one.
            NetworkError: The network is empty, or an argument is unknown.
        """
        program = self.to_program(dt, semantics)
        if backend == "numba":
            from sns_mujoco.backends.numba_backend import NumbaModel

            return NumbaModel(program)
        if backend == "numpy":
            from sns_mujoco.backends.numpy_backend import NumpyModel

            return NumpyModel(program)
        raise NetworkError(f"backend is {backend!r}; give 'numba' or 'numpy'")

    @property
    def population_names(self) -> tuple[str, ...]:
        """Names of the populations, in order."""
        return tuple(p.name for p in self.populations)

    @property
    def connection_names(self) -> tuple[str, ...]:
        """Names of the connections, in order."""
        return tuple(c.name for c in self.connections)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in order."""
        return tuple(i.name for i in self.inputs)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in order."""
        return tuple(o.name for o in self.outputs)

    def get_population_index(self, name: int | str) -> int:
        """Index of a population by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return _find("population", name, self.population_names, self.name)

    def get_connection_index(self, name: int | str) -> int:
        """Index of a connection by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return _find("connection", name, self.connection_names, self.name)

    def get_input_index(self, name: int | str) -> int:
        """Index of an input by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return _find("input", name, self.input_names, self.name)

    def get_output_index(self, name: int | str) -> int:
        """Index of an output by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return _find("output", name, self.output_names, self.name)

    def get_num_neurons(self) -> int:
        """Number of neurons."""
        return sum(p.size for p in self.populations)

    def get_num_populations(self) -> int:
        """Number of populations."""
        return len(self.populations)

    def get_num_connections(self) -> int:
        """Number of connections."""
        return len(self.connections)

    def get_num_inputs(self) -> int:
        """Number of inputs."""
        return len(self.inputs)

    def get_num_inputs_actual(self) -> int:
        """Number of elements of the input vector."""
        return sum(i.size for i in self.inputs)

    def get_num_outputs(self) -> int:
        """Number of outputs."""
        return len(self.outputs)

    def get_num_outputs_actual(self) -> int:
        """Number of elements of the output vector."""
        return len(self.to_program(dt=1e-6).output_names) if self.outputs else 0

    def _new_name(self, kind: str, name: str | None, default: str, taken: Sequence[str]) -> str:
        if name is None:
            name, number = default, 0
            while name in taken:
                number += 1
                name = f"{default}_{number}"
            return name
        if not isinstance(name, str) or not name:
            raise NetworkError(f"the name of a {kind} is {name!r}; give a text")
        if name in taken:
            raise NetworkError(f"network {self.name!r} has a {kind} named {name!r} already; give another name")
        return name

    def _check_fit(self, name: str, kind: Connection, pre: Population, post: Population) -> None:
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


def neuron_parameters(neuron: NonSpikingNeuron) -> list[str]:
    """Names of the parameters of a kind of neuron that may differ from neuron to neuron."""
    common = ["membrane_capacitance", "membrane_conductance", "resting_potential", "bias"]
    return common + (list(SpikingNeuron.__slots__) if isinstance(neuron, SpikingNeuron) else [])


def per_neuron(owner: str, name: str, value: Any, count: int) -> NDArray[np.float64]:
    """A parameter with one value for each neuron [count]; None stays out.

    Raises:
        NetworkError: It has another number of values.
    """
    if value is None:
        return np.empty(0)
    array = numbers(owner, name, value)
    if array.size not in (1, count) or (array.ndim > 1 and array.size != count):
        raise NetworkError(f"{owner}: {name} has {array.size} values for {count} neurons; give one, or one for each")
    return np.broadcast_to(array.ravel(), (count,)).copy()


def _find(kind: str, name: Any, names: Sequence[str], network: str) -> int:
    if isinstance(name, int | np.integer) and not isinstance(name, bool):
        if not 0 <= name < len(names):
            raise unknown_name(kind, int(name), names, f"network {network!r} with {len(names)} of them, counted from 0")
        return int(name)
    if name not in names:
        raise unknown_name(kind, name, names, f"network {network!r}")
    return list(names).index(name)
