"""The same nervous system in SNS-Toolbox, for comparison; an optional dependency of the benchmark."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.program import Program
from sns_mujoco.errors import MissingDependencyError


def available() -> bool:
    """Whether SNS-Toolbox is installed."""
    from importlib.util import find_spec

    return find_spec("sns_toolbox") is not None


@dataclass(frozen=True, slots=True)
class Models:
    """A network as one model of SNS-Toolbox or several that know nothing of each other, stepped one after the other.

    Attributes:
        parts: The models, each with the inputs that are its own.
        inputs: Of all.
    """

    parts: tuple[tuple[Any, NDArray[np.intp]], ...]
    inputs: int

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Step all of them with currents [inputs], nA; gives their outputs, mV."""
        if len(self.parts) == 1:
            return self.parts[0][0](x)
        return np.concatenate([model(x[own]) for model, own in self.parts])


def ways(program: Program, *, inputs: int, outputs: int) -> list[Models]:
    """The ways to run a program in SNS-Toolbox: as one model, and as two where it falls apart.

    Args:
        program: As `compile_in_toolbox` takes it.
        inputs: Inputs of all models together; shared out evenly.
        outputs: Outputs of all models together; shared out evenly.

    Raises:
        MissingDependencyError: SNS-Toolbox is not installed.
        ValueError: The program has what the conversion does not know.
    """
    found = []
    for groups in ([np.arange(program.n_neurons)], _halves(program)):
        if groups:
            own_inputs = np.array_split(np.arange(inputs), len(groups))
            own_outputs = [len(part) for part in np.array_split(np.arange(outputs), len(groups))]
            models = [
                compile_in_toolbox(program, inputs=len(own), outputs=count, neurons=neurons)
                for neurons, own, count in zip(groups, own_inputs, own_outputs, strict=True)
            ]
            found.append(Models(tuple(zip(models, own_inputs, strict=True)), inputs))
    return found


def _halves(program: Program) -> list[NDArray[np.intp]]:
    """Two groups of neurons without synapses between them, neither below a third of all; nothing if there are none."""
    group = np.arange(program.n_neurons)
    sources, targets = program.graded_source.astype(int), _targets(program)
    for source, target in zip(sources, targets, strict=True):
        if group[source] != group[target]:
            group[group == group[source]] = group[target]
    halves: list[list[int]] = [[], []]
    for label in sorted(set(group), key=lambda label: -int((group == label).sum())):
        min(halves, key=len).extend(np.flatnonzero(group == label))
    return [np.sort(half) for half in halves] if min(map(len, halves)) > program.n_neurons / 3 else []


def _targets(program: Program) -> NDArray[np.intp]:
    """Target of each graded synapse."""
    return np.repeat(np.arange(program.n_neurons), np.diff(program.graded_row.astype(int)))


def compile_in_toolbox(
    program: Program, *, inputs: int, outputs: int | None = None, neurons: NDArray[np.intp] | None = None
) -> Any:
    """A program as a model of SNS-Toolbox's numpy backend: every neuron and synapse on its own.

    Gates whose time constant is constant become such with one that depends on the potential, which is all it knows, and
    of several synapses between the same two neurons it keeps the last: the time of a step is what matters here.

    Args:
        program: A program of graded synapses and ion channels, without spikes or electrical junctions.
        inputs: Number of inputs, to one neuron after the other.
        outputs: Number of neurons, from the last one back, whose potential becomes an output; all if left out.
        neurons: Those that are to be in it, without synapses from others; all if left out.

    Raises:
        MissingDependencyError: SNS-Toolbox is not installed.
        ValueError: The program has what this conversion does not know.
    """
    if not available():
        raise MissingDependencyError("SNS-Toolbox is not installed; pip install 'sns-mujoco[sns-toolbox]'")
    if len(program.spiking_neuron) or len(program.junction_other):
        raise ValueError("only networks of graded synapses and ion channels are compared with SNS-Toolbox")
    from sns_toolbox.connections import NonSpikingSynapse  # pyright: ignore[reportMissingImports]
    from sns_toolbox.networks import Network  # pyright: ignore[reportMissingImports]
    from sns_toolbox.neurons import NonSpikingNeuron, NonSpikingNeuronWithGatedChannels  # pyright: ignore[reportMissingImports]

    chosen = np.arange(program.n_neurons) if neurons is None else neurons
    places = {int(i): k for k, i in enumerate(chosen)}
    network = Network()
    for i in chosen:
        conductance = float(program.leak_conductance[i])
        common = {
            "membrane_capacitance": float(program.dt / program.membrane_factor[i]),
            "membrane_conductance": conductance,
            "resting_potential": float(program.resting_potential[i]),
            "bias": float(program.bias[i]),
        }
        channels = slice(program.channel_row[i], program.channel_row[i + 1])
        if channels.start == channels.stop:
            neuron = NonSpikingNeuron(**common)
        else:
            gates = {}
            for z, gate in enumerate("abc"):
                gates[f"pow_{gate}"] = program.gate_power[z, channels].tolist()
                gates[f"k_{gate}"] = program.gate_k[z, channels].tolist()
                gates[f"slope_{gate}"] = program.gate_slope[z, channels].tolist()
                gates[f"e_{gate}"] = program.gate_midpoint[z, channels].tolist()
                if z:
                    gates[f"tau_max_{gate}"] = (program.dt / program.gate_factor[z - 1, channels]).tolist()
            neuron = NonSpikingNeuronWithGatedChannels(
                g_ion=program.channel_conductance[channels].tolist(),
                e_ion=program.channel_reversal[channels].tolist(),
                **gates,
                **common,
            )
        network.add_neuron(neuron, name=program.neuron_names[i], initial_value=float(program.initial_potential[i]))
    for s, target in enumerate(_targets(program)):
        if int(target) in places:
            synapse = NonSpikingSynapse(
                max_conductance=float(program.graded_conductance[s]),
                reversal_potential=float(program.graded_reversal[s]),
                e_lo=float(program.graded_e_lo[s]),
                e_hi=float(program.graded_e_hi[s]),
            )
            network.add_connection(synapse, places[int(program.graded_source[s])], places[int(target)])
    for k in range(inputs):
        network.add_input(k % len(chosen))
    for k in range(len(chosen) if outputs is None else outputs):
        network.add_output(len(chosen) - 1 - k % len(chosen))
    return network.compile(dt=program.dt, backend="numpy")
