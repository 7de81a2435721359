"""What a network holds, and how it is looked up and counted."""

from typing import TypeVar

from sns_mujoco.network.checks import text
from sns_mujoco.network.names import Names
from sns_mujoco.network.pairs import count_synapses
from sns_mujoco.network.parts import OF_NEURONS, OF_NOISE, Input, Noise, Output, Population, Wire

Part = TypeVar("Part")


class Contents:
    """The parts of a network, in the order in which they were added, to be read only.

    Attributes:
        name: Its name.
    """

    def __init__(self, name: str = "Network") -> None:
        """Begin an empty nervous system."""
        self.name = text("Network", "name", name)
        self._populations: list[Population] = []
        self._connections: list[Wire] = []
        self._inputs: list[Input] = []
        self._outputs: list[Output] = []
        self._noises: list[Noise] = []
        owner = f"network {name!r}"
        self._population_names = Names("population", owner)
        self._connection_names = Names("connection", owner)
        self._input_names = Names("input", owner)
        self._output_names = Names("output", owner)
        self._noise_names = Names("noise", owner)
        self._seen: dict[str, tuple] = {}

    def __repr__(self) -> str:
        """Say what is in it."""
        return (
            f"Network({self.name!r}: {self.get_num_neurons()} neurons in {len(self._populations)} populations, "
            f"{len(self._connections)} connections, {len(self._inputs)} inputs, {len(self._outputs)} outputs)"
        )

    @property
    def populations(self) -> tuple[Population, ...]:
        """The populations, in order; neurons are numbered through them."""
        return self._as_seen("populations", self._populations)

    @property
    def connections(self) -> tuple[Wire, ...]:
        """The connections, in order."""
        return self._as_seen("connections", self._connections)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs, in order; their elements make up the input vector."""
        return self._as_seen("inputs", self._inputs)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The outputs, in order; their elements make up the output vector."""
        return self._as_seen("outputs", self._outputs)

    @property
    def noises(self) -> tuple[Noise, ...]:
        """The sources of noise, in order."""
        return self._as_seen("noises", self._noises)

    @property
    def population_names(self) -> tuple[str, ...]:
        """Names of the populations, in order."""
        return tuple(self._population_names)

    @property
    def connection_names(self) -> tuple[str, ...]:
        """Names of the connections, in order."""
        return tuple(self._connection_names)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in order."""
        return tuple(self._input_names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in order."""
        return tuple(self._output_names)

    @property
    def noise_names(self) -> tuple[str, ...]:
        """Names of the sources of noise, in order."""
        return tuple(self._noise_names)

    def get_population_index(self, name: int | str) -> int:
        """Index of a population by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._population_names.find(name)

    def get_connection_index(self, name: int | str) -> int:
        """Index of a connection by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._connection_names.find(name)

    def get_input_index(self, name: int | str) -> int:
        """Index of an input by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._input_names.find(name)

    def get_output_index(self, name: int | str) -> int:
        """Index of an output by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._output_names.find(name)

    def get_noise_index(self, name: int | str) -> int:
        """Index of a source of noise by its name; an index is passed on.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._noise_names.find(name)

    def get_num_neurons(self) -> int:
        """Number of neurons."""
        return sum(p.size for p in self._populations)

    def get_num_populations(self) -> int:
        """Number of populations."""
        return len(self._populations)

    def get_num_connections(self) -> int:
        """Number of connections."""
        return len(self._connections)

    def get_num_inputs(self) -> int:
        """Number of inputs."""
        return len(self._inputs)

    def get_num_inputs_actual(self) -> int:
        """Number of elements of the input vector."""
        return sum(i.size for i in self._inputs)

    def get_num_outputs(self) -> int:
        """Number of outputs."""
        return len(self._outputs)

    def get_num_outputs_actual(self) -> int:
        """Number of elements of the output vector."""
        return sum(self._output_size(o) for o in self._outputs)

    def _as_seen(self, kind: str, parts: list[Part]) -> tuple[Part, ...]:
        """Parts as no one can change them; made anew only after one has been added, as there may be 100,000."""
        if len(self._seen.get(kind, ())) != len(parts):
            self._seen[kind] = tuple(parts)
        return self._seen[kind] if parts else ()

    def _output_size(self, output: Output) -> int:
        if output.kind in OF_NEURONS:
            return self._populations[output.source].size
        if output.kind in OF_NOISE:
            return self._populations[self._noises[output.source].population].size
        wire = self._connections[output.source]
        if wire.kind.family == "event" and output.kind != "weight":
            return self._populations[wire.destination].size
        return count_synapses(
            wire.kind, self._populations[wire.source].shape, self._populations[wire.destination].shape
        )
