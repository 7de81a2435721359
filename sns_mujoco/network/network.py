"""`Network`: a nervous system as plain data. Populations, connections, inputs and outputs, all by name.

Its methods are those of SNS-Toolbox, so that its users are at home. What differs: names are unique (a second
neuron of the same default name gets a number, a given name that is taken is refused), parallel synapses add
up, and its parts are only read: what is added stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import text, truth
from sns_mujoco.network.contents import Contents
from sns_mujoco.network.neurons import NonSpikingNeuron
from sns_mujoco.network.parts import (
    OF_NEURONS,
    OF_SYNAPSES,
    Input,
    Output,
    OutputKindName,
    Population,
    Wire,
    check_fit,
    initial_potentials,
)
from sns_mujoco.network.synapses import Connection, ElectricalSynapse

if TYPE_CHECKING:
    from sns_mujoco.backends.model import Model
    from sns_mujoco.backends.program import Program

Semantics = Literal["textbook", "sns-toolbox"]


class Network(Contents):
    """A nervous system.

    Attributes:
        name: Its name.
    """

    def add_neuron(
        self,
        neuron_type: NonSpikingNeuron,
        name: str | None = None,
        color: str | None = None,
        initial_value: float | None = None,
    ) -> None:
        """Add a single neuron; see `add_population`."""
        self.add_population(neuron_type, (1,), name, color, initial_value)

    def add_population(
        self,
        neuron_type: NonSpikingNeuron,
        shape: int | Sequence[int],
        name: str | None = None,
        color: str | None = None,
        initial_value: ArrayLike | None = None,
    ) -> None:
        """Add neurons of one kind.

        Args:
            neuron_type: Their kind; parameters may be arrays with one value for each neuron.
            shape: Number of neurons, or rows and columns.
            name: Name; that of the kind if left out, with a number if that is taken.
            color: Colour in pictures; that of the kind if left out.
            initial_value: Membrane potential at the start, mV: one, or one for each neuron; the resting
                potential if left out.

        Raises:
            NetworkError: The name is taken, the shape is no shape, or a parameter has another number of
                values.
        """
        if not isinstance(neuron_type, NonSpikingNeuron):
            raise NetworkError(f"{neuron_type!r} is no neuron; give a description such as NonSpikingNeuron()")
        name = self._population_names.choose(name, neuron_type.name)
        owner = f"population {name!r}"
        try:
            sizes = np.atleast_1d(np.asarray(shape))
        except ValueError:  # rows of different length
            sizes = np.empty(0)
        if sizes.ndim != 1 or sizes.size not in (1, 2) or sizes.dtype.kind not in "iu" or (sizes < 1).any():
            raise NetworkError(f"{owner}: shape is {shape!r}; give the number of neurons, or rows and columns")
        value = neuron_type.resting_potential if initial_value is None else initial_value
        population = Population(
            name=name,
            neuron=neuron_type,
            shape=tuple(int(size) for size in sizes),
            color=neuron_type.color if color is None else text(owner, "color", color),
            initial=initial_potentials(owner, value, int(sizes.prod())),
        )
        self._population_names.add(name)
        self._populations.append(population)

    def add_connection(
        self,
        connection_type: Connection,
        source: int | str,
        destination: int | str,
        name: str | None = None,
        view_label: bool = False,
    ) -> None:
        """Connect two populations.

        Args:
            connection_type: The kind of synapses.
            source: Name or index of the presynaptic population.
            destination: Name or index of the postsynaptic one.
            name: Name; "source->destination" if left out, with a number if that is taken.
            view_label: Whether pictures show the name.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: The name is taken, or a matrix or pattern does not fit the populations.
        """
        if not isinstance(connection_type, Connection):
            raise NetworkError(f"{connection_type!r} is no connection; give a description such as NonSpikingSynapse()")
        pre, post = self._population_names.find(source), self._population_names.find(destination)
        name = self._connection_names.choose(name, _arrow(self._populations, pre, post))
        check_fit(name, connection_type, self._populations[pre], self._populations[post])
        wire = Wire(
            name=name,
            kind=connection_type,
            source=pre,
            destination=post,
            view_label=truth(f"connection {name!r}", "view_label", view_label),
        )
        self._connection_names.add(name)
        self._connections.append(wire)

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
        index = self._population_names.find(dest)
        name = self._input_names.choose(name, "Input")
        population = self._populations[index]
        if isinstance(size, bool) or size not in (1, population.size):
            raise NetworkError(
                f"input {name!r}: size is {size!r}; give 1, or {population.size} for population {population.name!r}"
            )
        self._input_names.add(name)
        self._inputs.append(Input(name=name, population=index, size=int(size), color=color))

    def add_output(
        self,
        source: int | str,
        name: str | None = None,
        spiking: bool = False,
        color: str = "white",
        *,
        kind: OutputKindName | None = None,
        channel: int = 0,
    ) -> None:
        """Read something out.

        Args:
            source: Name or index of a population; for a conductance or current, of a connection.
            name: Name; "Output" if left out, with a number if that is taken.
            spiking: The same as kind="spike".
            color: Colour in pictures.
            kind: "voltage" (mV), "spike" (1 in the steps with a spike), "threshold" (mV), "gate_b" or
                "gate_c" (0 to 1), one element for each neuron; "conductance" (uS) or "current" (nA), one for
                each synapse.
            channel: Which ion channel's gate.

        Raises:
            UnknownNameError: There is no such population or connection.
            NetworkError: The population or connection has no such thing to read, or the name is taken.
        """
        name = self._output_names.choose(name, "Output")
        if truth(f"output {name!r}", "spiking", spiking) and kind not in (None, "spike"):
            raise NetworkError(f"output {name!r}: it is to be both spiking and kind {kind!r}; give one of them")
        kind = kind or ("spike" if spiking else "voltage")
        if kind in OF_SYNAPSES:
            index = self._connection_names.find(source)
            wire = self._connections[index]
            if isinstance(wire.kind, ElectricalSynapse):
                raise NetworkError(
                    f"output {name!r}: connection {wire.name!r} is electrical; only chemical synapses have a {kind} to "
                    "read: read the potentials at both ends"
                )
        elif kind in OF_NEURONS:
            index = self._population_names.find(source)
            self._check_readable(name, self._populations[index], kind, channel)
        else:
            raise NetworkError(f"output {name!r}: kind is {kind!r}; give one of {', '.join(OF_NEURONS + OF_SYNAPSES)}")
        self._output_names.add(name)
        self._outputs.append(Output(name=name, source=index, kind=kind, channel=int(channel), color=color))

    def _check_readable(self, output: str, population: Population, kind: str, channel: int) -> None:
        if kind == "threshold" and not population.spikes:
            raise NetworkError(
                f"output {output!r}: {population.name!r} does not spike, so it has no threshold; read its voltage"
            )
        if kind in ("gate_b", "gate_c"):
            count = len(population.neuron.channels.get("g_ion", ()))
            if not isinstance(channel, int | np.integer) or not 0 <= channel < count:
                allowed = f"give 0 to {count - 1}" if count else "only gated neurons do"
                raise NetworkError(f"output {output!r}: {population.name!r} has no ion channel {channel!r}; {allowed}")

    def add_network(
        self, network: "Network", color: str | None = None, suffix: str | None = None, *, prefix: str = ""
    ) -> None:
        """Add everything of another network, with its names between a prefix and a suffix.

        Connections that were named after their populations follow the new names of these.

        Args:
            network: What to add; it stays as it is.
            color: Colour for its populations; their own if left out.
            suffix: Put behind every name of it.
            prefix: Put before every name of it.

        Raises:
            NetworkError: A name is taken; nothing has been added then.
        """
        if not isinstance(network, Network):
            raise NetworkError(f"{network!r} is no network; give a Network")
        suffix = suffix or ""
        first_population, first_connection = len(self._populations), len(self._connections)
        populations = [
            replace(p, name=f"{prefix}{p.name}{suffix}", color=color or p.color) for p in network.populations
        ]
        connections = []
        for c in network.connections:
            arrow, name = _arrow(network.populations, c.source, c.destination), f"{prefix}{c.name}{suffix}"
            by_default = re.fullmatch(re.escape(arrow) + r"(_\d+)?", c.name)
            if by_default:
                name = _arrow(populations, c.source, c.destination) + (by_default[1] or "")
            source, destination = c.source + first_population, c.destination + first_population
            connections.append(replace(c, name=name, source=source, destination=destination))
        inputs = [
            replace(i, name=f"{prefix}{i.name}{suffix}", population=i.population + first_population)
            for i in network.inputs
        ]
        outputs = [
            replace(
                o,
                name=f"{prefix}{o.name}{suffix}",
                source=o.source + (first_connection if o.kind in OF_SYNAPSES else first_population),
            )
            for o in network.outputs
        ]
        remedy = f"give {network.name!r} a prefix or suffix"
        self._population_names.require_free([p.name for p in populations], remedy)
        self._connection_names.require_free([c.name for c in connections], remedy)
        self._input_names.require_free([i.name for i in inputs], remedy)
        self._output_names.require_free([o.name for o in outputs], remedy)
        self._population_names.extend([p.name for p in populations])
        self._connection_names.extend([c.name for c in connections])
        self._input_names.extend([i.name for i in inputs])
        self._output_names.extend([o.name for o in outputs])
        self._populations += populations
        self._connections += connections
        self._inputs += inputs
        self._outputs += outputs

    def copy(self) -> "Network":
        """An independent copy."""
        twin = Network(self.name)
        twin.add_network(self)
        return twin

    def to_program(self, dt: float = 0.01, semantics: Semantics = "textbook") -> "Program":
        """The flat arrays that every backend steps; see `compile`."""
        from sns_mujoco.backends.compiler import compile_network

        return compile_network(self, dt, semantics)

    def compile(
        self,
        dt: float = 0.01,
        backend: Literal["numba", "numpy"] = "numba",
        device: Literal["cpu"] = "cpu",
        *,
        semantics: Semantics = "textbook",
    ) -> "Model":
        """Make it ready to be stepped.

        Args:
            dt: Neural step, ms.
            backend: "numba", the fast one, or "numpy", the readable reference.
            device: Where it runs; both backends run on the "cpu".
            semantics: "textbook", or "sns-toolbox" to get the numbers of SNS-Toolbox with its peculiarities
                (see `sns_mujoco.backends.compiler`).

        Returns:
            A model: `y = model(x)` advances it by one step.

        Raises:
            TimeStepError: The step is too large for explicit Euler; the message has the largest safe one.
            NetworkError: The network is empty, or an argument is unknown.
        """
        if backend not in ("numba", "numpy"):
            raise NetworkError(f"backend is {backend!r}; give 'numba' or 'numpy'")
        if device != "cpu":
            raise NetworkError(f"device is {device!r}; the backend {backend!r} runs on the 'cpu'")
        program = self.to_program(dt, semantics)
        if backend == "numba":
            from sns_mujoco.backends.numba_backend import NumbaModel

            return NumbaModel(program)
        from sns_mujoco.backends.numpy_backend import NumpyModel

        return NumpyModel(program)


def _arrow(populations: Sequence[Population], source: int, destination: int) -> str:
    """What a connection is called that is given no name."""
    return f"{populations[source].name}->{populations[destination].name}"
