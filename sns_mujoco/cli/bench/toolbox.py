"""The same nervous system in SNS-Toolbox, for comparison; an optional dependency of the benchmark."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sns_mujoco.backends.program import Program
from sns_mujoco.errors import MissingDependencyError


def available() -> bool:
    """Whether SNS-Toolbox is installed."""
    from importlib.util import find_spec

    return find_spec("sns_toolbox") is not None


def compile_in_toolbox(program: Program, inputs: Sequence[str]) -> Any:
    """A program as a model of SNS-Toolbox's numpy backend: every neuron and synapse on its own.

    Args:
        program: A program of graded synapses and ion channels, without spikes or electrical junctions.
        inputs: The afferents: each becomes an input, to one neuron after the other. Every neuron's potential becomes an
            output.

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

    network = Network()
    for i, name in enumerate(program.neuron_names):
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
        network.add_neuron(neuron, name=name, initial_value=float(program.initial_potential[i]))
    targets = np.repeat(np.arange(program.n_neurons), np.diff(program.graded_row.astype(int)))
    for s, target in enumerate(targets):
        synapse = NonSpikingSynapse(
            max_conductance=float(program.graded_conductance[s]),
            reversal_potential=float(program.graded_reversal[s]),
            e_lo=float(program.graded_e_lo[s]),
            e_hi=float(program.graded_e_hi[s]),
        )
        network.add_connection(synapse, int(program.graded_source[s]), int(target))
    for k in range(len(inputs)):
        network.add_input(k % program.n_neurons)
    for name in program.neuron_names:
        network.add_output(name)
    return network.compile(dt=program.dt, backend="numpy")
