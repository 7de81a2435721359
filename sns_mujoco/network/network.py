"""`Network`: a nervous system as plain data. Populations, connections, inputs and outputs, all by name.

Its methods are those of SNS-Toolbox, so that its users are at home. What differs: names are unique (a second
neuron of the same default name gets a number, a given name that is taken is refused), parallel synapses add
up, and its parts are only read: what is added stays as it is.
"""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import text, truth
from sns_mujoco.network.contents import Contents
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse
from sns_mujoco.network.inputs import check_size, check_through, check_weights
from sns_mujoco.network.merging import arrow, renamed
from sns_mujoco.network.neurons import Neuron
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.pairs import check_fit
from sns_mujoco.network.parts import (
    OF_NEURONS,
    OF_NOISE,
    OF_SYNAPSES,
    Input,
    Noise,
    Output,
    OutputKindName,
    Population,
    Wire,
    check_counts,
    initial_potentials,
)
from sns_mujoco.network.readable import check_neurons, check_synapses
from sns_mujoco.network.synapses import Connection

if TYPE_CHECKING:
    from sns_mujoco.backends.model import Model
    from sns_mujoco.backends.program import Program
    from sns_mujoco.network.pictures.activity import Activity, Scale
    from sns_mujoco.network.pictures.groups import Group

Semantics = Literal["textbook", "sns-toolbox"]
Integrator = Literal["euler", "exponential"]


class Network(Contents):
    """A nervous system.

    Attributes:
        name: Its name.
    """

    def add_neuron(
        self,
        neuron_type: Neuron,
        name: str | None = None,
        color: str | None = None,
        initial_value: float | None = None,
    ) -> None:
        """Add a single neuron; see `add_population`."""
        self.add_population(neuron_type, (1,), name, color, initial_value)

    def add_population(
        self,
        neuron_type: Neuron,
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
        if not isinstance(neuron_type, Neuron):
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
        name = self._connection_names.choose(name, arrow(self._populations, pre, post))
        ends = self._populations[pre], self._populations[post]
        check_fit(name, connection_type, ends[0].shape, ends[1].shape, (ends[0].name, ends[1].name))
        wire = Wire(
            name=name,
            kind=connection_type,
            source=pre,
            destination=post,
            view_label=truth(f"connection {name!r}", "view_label", view_label),
        )
        self._connection_names.add(name)
        self._connections.append(wire)

    def add_noise(self, population: int | str, kind: OrnsteinUhlenbeckNoise, name: str | None = None) -> None:
        """Let a noisy current into every neuron of a population, each its own.

        Args:
            population: Name or index of a population.
            kind: The noise; parameters may be arrays with one value for each neuron.
            name: Name; "Noise" if left out, with a number if that is taken.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: It is no noise, has another number of values, or the name is taken.
        """
        if not isinstance(kind, OrnsteinUhlenbeckNoise):
            raise NetworkError(f"{kind!r} is no noise; give a description such as OrnsteinUhlenbeckNoise()")
        index = self._population_names.find(population)
        name = self._noise_names.choose(name, "Noise")
        check_counts(f"noise {name!r}", kind.per_neuron, self._populations[index].size)
        self._noise_names.add(name)
        self._noises.append(Noise(name=name, kind=kind, population=index))

    def add_input(
        self,
        dest: int | str,
        size: int = 1,
        name: str | None = None,
        color: str = "white",
        *,
        weights: ArrayLike | None = None,
        through: CurrentSynapse | ConductanceSynapse | None = None,
    ) -> None:
        """Let something in from outside: currents, or what comes through a synapse.

        Args:
            dest: Name or index of a population.
            size: Number of elements. Without weights 1, the same to every neuron of it, or its number of neurons.
            name: Name; "Input" if left out, with a number if that is taken.
            color: Colour in pictures.
            weights: [n_neurons, size]: what an input of 1 at each element brings to each neuron, nA (or how many
                spikes of the synapse that it comes through); 1 if left out.
            through: A synapse with one stage and without delay or plasticity, in which every element adds weight times
                its value to what spikes have left there, in each step and before that step's current: an input of 1 is
                a spike in each step.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: The size does not fit, the weights are no finite numbers of that shape, a synapse cannot let
                it through, or the name is taken.
        """
        index = self._population_names.find(dest)
        name = self._input_names.choose(name, "Input")
        population = self._populations[index]
        entry = Input(
            name=name,
            population=index,
            size=check_size(name, size, population, weights),
            color=color,
            weights=None if weights is None else check_weights(name, weights, population, int(size)),
            through=check_through(name, through),
        )
        self._input_names.add(name)
        self._inputs.append(entry)

    def add_output(
        self,
        source: int | str,
        name: str | None = None,
        spiking: bool = False,
        color: str = "white",
        *,
        kind: OutputKindName | None = None,
        channel: int = 0,
        variable: str | None = None,
    ) -> None:
        """Read something out.

        Args:
            source: Name or index of a population; for a conductance, current or weight, of a connection; for noise, of
                a source of noise.
            name: Name; "Output" if left out, with a number if that is taken.
            spiking: The same as kind="spike".
            color: Colour in pictures.
            kind: "voltage" (mV), "spike" (1 in the steps with a spike), "threshold" (mV), "gate_b" or
                "gate_c" (0 to 1), "variable" or "noise" (nA), one element for each neuron; "conductance" (uS),
                "current" (nA) or "weight", one for each synapse. The conductance and current of an event synapse are
                those of all synapses of the connection together, one element for each neuron of its destination.
            channel: Which ion channel's gate.
            variable: Which variable of a neuron with equations of its own; kind is "variable" then.

        Raises:
            UnknownNameError: There is no such population, connection, noise or variable.
            NetworkError: The population or connection has no such thing to read, or the name is taken.
        """
        name = self._output_names.choose(name, "Output")
        if truth(f"output {name!r}", "spiking", spiking) and kind not in (None, "spike"):
            raise NetworkError(f"output {name!r}: it is to be both spiking and kind {kind!r}; give one of them")
        kind = kind or ("spike" if spiking else "voltage" if variable is None else "variable")
        if kind in OF_SYNAPSES:
            index = self._connection_names.find(source)
            check_synapses(name, self._connections[index], kind)
        elif kind in OF_NEURONS:
            index = self._population_names.find(source)
            check_neurons(name, self._populations[index], kind, channel, variable)
        elif kind in OF_NOISE:
            index = self._noise_names.find(source)
        else:
            allowed = ", ".join(OF_NEURONS + OF_SYNAPSES + OF_NOISE)
            raise NetworkError(f"output {name!r}: kind is {kind!r}; give one of {allowed}")
        self._output_names.add(name)
        self._outputs.append(
            Output(name=name, source=index, kind=kind, channel=int(channel), color=color, variable=variable)
        )

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
        parts = renamed(network, self, lambda name: f"{prefix}{name}{suffix or ''}", color)
        added = {
            "populations": (self._population_names, self._populations),
            "connections": (self._connection_names, self._connections),
            "inputs": (self._input_names, self._inputs),
            "outputs": (self._output_names, self._outputs),
            "noises": (self._noise_names, self._noises),
        }
        for what, (names, _) in added.items():
            names.require_free(
                [part.name for part in getattr(parts, what)], f"give {network.name!r} a prefix or suffix"
            )
        for what, (names, own) in added.items():
            names.extend([part.name for part in getattr(parts, what)])
            own += getattr(parts, what)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a `.json` file that can be read and compared; large arrays go into a file beside it.

        Raises:
            OutputPathError: The file cannot be written there.
            NetworkError: A description is not one of this package's, nor registered.
        """
        from sns_mujoco.network.files import save_network

        save_network(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> "Network":
        """Read a network from a file.

        Raises:
            FileNotFoundError: There is no such file.
            NetworkError: It is damaged, of another format, or of a newer version; the message says where.
        """
        from sns_mujoco.network.files import load_network

        return load_network(path)

    def to_svg(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        activity: "Activity | None" = None,
        scale: "Scale" = None,
        conductances: Mapping[str, Any] | Sequence[Any] | None = None,
        group: "Group" = None,
    ) -> str:
        """A circuit diagram, readable for a hundred neurons; see `sns_mujoco.network.pictures.to_svg`.

        Args:
            path: A `.svg` file to write it to as well.
            activity: Membrane potentials, mV, to colour the neurons by: [N], or by population.
            scale: Lowest and highest potential of the colours, mV; from the synapses if left out.
            conductances: Of connections, by name or in order, to draw the closed ones pale.
            group: How names fall into groups: chosen if left out, False for none, a separator, a mapping or a function.

        Returns:
            SVG.
        """
        from sns_mujoco.network.pictures import to_svg

        return to_svg(self, path, activity=activity, scale=scale, conductances=conductances, group=group)

    def to_mermaid(self, *, group: "Group" = None) -> str:
        """A Mermaid flowchart; see `sns_mujoco.network.pictures.to_mermaid`."""
        from sns_mujoco.network.pictures import to_mermaid

        return to_mermaid(self, group=group)

    def _repr_svg_(self) -> str:
        """What notebooks show."""
        return self.to_svg()

    def __str__(self) -> str:
        """What is in it, as a table."""
        from sns_mujoco.network.pictures import summary

        return summary(self)

    def copy(self) -> "Network":
        """An independent copy."""
        twin = Network(self.name)
        twin.add_network(self)
        return twin

    def to_program(
        self, dt: float = 0.01, semantics: Semantics = "textbook", integrator: Integrator = "euler"
    ) -> "Program":
        """The flat arrays that every backend steps; see `compile`."""
        from sns_mujoco.backends.compiler import compile_network

        return compile_network(self, dt, semantics, integrator)

    def compile(
        self,
        dt: float = 0.01,
        backend: Literal["numba", "numpy", "torch", "sparse", "auto"] = "numba",
        device: Any = "cpu",
        *,
        semantics: Semantics = "textbook",
        integrator: Integrator = "euler",
        **options: Any,
    ) -> "Model | Any":
        """Make it ready to be stepped.

        Args:
            dt: Neural step, ms.
            backend: "numba", the fast one; "numpy", the readable reference; "torch", batched and differentiable, or
                "sparse", the same for large networks; or "auto", the fastest measured that can do what is asked for.
            device: Where it runs: "cpu", or for torch also another of its devices.
            semantics: "textbook", or "sns-toolbox" to get the numbers of SNS-Toolbox with its peculiarities
                (see `sns_mujoco.backends.compiler`).
            integrator: "euler", forward Euler, as SNS-Toolbox and Norse have it; or "exponential", exponential Euler:
                exact for leaky membranes whose conductances and currents stand still, and for all that only decays;
                stable at every step.
            **options: Of the backends of torch: dtype, learnable, bounds, surrogate, detach_reset; see `TorchModel`.

        Returns:
            A `Model`, or with torch a `TorchModel`: `y = model(x)` advances it by one step. Its `choice` says which
            backend it has, and why.

        Raises:
            TimeStepError: The step is too large for explicit Euler; the message has the largest safe one.
            NetworkError: The network is empty, or an argument is unknown.
            UnknownNameError: What is to be learned does not exist.
            MissingDependencyError: torch is asked for and not installed.
        """
        from sns_mujoco.backends.choose import make_model

        return make_model(self.to_program(dt, semantics, integrator), backend, device, network=self, **options)
