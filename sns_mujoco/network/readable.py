"""What can be read of a population or a connection."""

import numpy as np

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.event_synapses import ConductanceSynapse, DeltaSynapse
from sns_mujoco.network.neurons import SpikingNeuron
from sns_mujoco.network.parts import Population, Wire

COURSE = ("reversal_potential", "time_constant", "rise_time")


def check_neurons(output: str, population: Population, kind: str, channel: int, variable: str | None) -> None:
    """Refuse to read what neurons do not have.

    Raises:
        NetworkError: They have no threshold, gate or variable of their own.
        UnknownNameError: They have no variable of that name.
    """
    neuron = population.neuron
    if (variable is not None) != (kind == "variable"):
        raise NetworkError(f"output {output!r}: kind is {kind!r} and variable {variable!r}; give both, or neither")
    if kind == "threshold" and not isinstance(neuron, SpikingNeuron):
        why = "does not spike, so it has no threshold" if not population.spikes else "has no moving threshold"
        raise NetworkError(f"output {output!r}: {population.name!r} {why}; read its voltage")
    if kind in ("gate_b", "gate_c"):
        count = len(neuron.channels.get("g_ion", ()))
        if not isinstance(channel, int | np.integer) or not 0 <= channel < count:
            allowed = f"give 0 to {count - 1}" if count else "only gated neurons do"
            raise NetworkError(f"output {output!r}: {population.name!r} has no ion channel {channel!r}; {allowed}")
    if kind == "variable" and variable not in neuron.variables:
        raise unknown_name("variable", variable, neuron.variables, f"{population.name!r}, for output {output!r}")


def check_synapses(output: str, wire: Wire, kind: str) -> None:
    """Refuse to read what synapses do not have.

    Raises:
        NetworkError: Says what can be read instead.
    """
    synapse = wire.kind.synapse if wire.kind.layout == "list" else wire.kind
    family = wire.kind.family
    refused = f"output {output!r}: connection {wire.name!r}"
    if family in ("electrical", "rectified"):
        raise NetworkError(
            f"{refused} is electrical; only chemical synapses have a {kind} to read: read the potentials at both ends"
        )
    if kind == "weight":
        if family not in ("event", "weighted"):
            raise NetworkError(f"{refused} is a {type(synapse).__name__}, which has no weight; read its conductance")
    elif family == "weighted":
        raise NetworkError(f"{refused} is a {type(synapse).__name__}; read its weight, or the potentials at both ends")
    elif isinstance(synapse, DeltaSynapse):
        raise NetworkError(f"{refused} moves potentials at once, without a {kind}; read its weight, or the potentials")
    elif family == "event":
        if kind == "conductance" and not isinstance(synapse, ConductanceSynapse):
            raise NetworkError(f"{refused} brings a current, not a conductance; read its current")
        columns = wire.kind.columns.items()
        various = [name for name, value in columns if name in COURSE and np.ndim(value)]
        if various:
            raise NetworkError(
                f"{refused} has synapses of various {various[0]} and no common {kind}; make a connection of each"
            )
