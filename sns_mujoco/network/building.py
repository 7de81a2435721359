"""How parts come into a network: populations, connections, noise, inputs and outputs, each checked as it is added."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import text, truth
from sns_mujoco.network.contents import Contents
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse
from sns_mujoco.network.inputs import check_size, check_through, check_weights
from sns_mujoco.network.merging import arrow
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


class Builder(Contents):
    """A network while its parts are added."""

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
