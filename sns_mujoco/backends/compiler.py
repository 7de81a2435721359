"""Network to Program: populations and connections become flat arrays, and the semantics are settled.

Textbook semantics (the default): the membrane advances by dt / C, gates start at their steady state, parallel
synapses add up, spike increments are shared out among the source neurons like conductances, a reset resets
everything, and a step that is too large for explicit Euler is refused.

SNS-Toolbox semantics ("sns-toolbox"): the membrane advances by dt G / C, gates start with the sign of the
slope turned round, the last of several synapses on one pair replaces the others, increments are not shared
out, one channel counts as many as the largest neuron has, a reset leaves synapses and spikes in flight, and
no step is refused.
"""

from collections import Counter

import numpy as np

from sns_mujoco.backends import neuron_arrays, ports, toolbox_semantics
from sns_mujoco.backends.edges import expand, require_spiking_sources
from sns_mujoco.backends.event_arrays import families
from sns_mujoco.backends.junctions import junctions, rows
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.stability import check_stability
from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.network import Network


def compile_network(network: Network, dt: float, semantics: str) -> Program:
    """Compile a network.

    Args:
        network: The network.
        dt: Neural step, ms.
        semantics: "textbook" or "sns-toolbox".

    Raises:
        NetworkError: The network is empty, the semantics are unknown, two elements would bear one name, or
            something waits for spikes of neurons that never spike.
        TimeStepError: The step is not positive, or too large; a delay or refractory period vanishes in it.
    """
    if semantics not in ("textbook", "sns-toolbox"):
        raise NetworkError(f"semantics is {semantics!r}; give 'textbook' or 'sns-toolbox'")
    if isinstance(dt, bool) or not isinstance(dt, int | float | np.number) or not np.isfinite(dt) or dt <= 0:
        raise TimeStepError(f"dt is {dt!r}; give a positive number of ms")
    if not network.populations:
        raise NetworkError(f"network {network.name!r} has no neurons; add some")
    toolbox = semantics == "sns-toolbox"
    neurons = network.get_num_neurons()
    spikes = np.repeat([p.spikes for p in network.populations], [p.size for p in network.populations])
    spiking_index = np.cumsum(spikes) - 1

    edges = expand(network, dt, toolbox=toolbox)
    graded, spiking = edges["graded"], edges["spiking"]
    if toolbox:
        graded, spiking = toolbox_semantics.overwrite(graded, spiking, neurons)
        spiking = spiking.take(spikes[spiking.source])  # the others never conduct
    else:
        require_spiking_sources(network, spiking, spikes)
    graded, spiking = (e.take(np.argsort(e.target, kind="stable")) for e in (graded, spiking))
    labels = ports.synapse_names(network, graded), ports.synapse_names(network, spiking)
    channels = neuron_arrays.channels(network, dt, toolbox=toolbox)

    program = Program(
        dt=float(dt),
        semantics=semantics,
        exponential=False,
        reset_keeps_synapses=toolbox,
        neuron_names=neuron_arrays.neuron_names(network),
        synapse_names=(*labels[0], *labels[1]),
        **neuron_arrays.membranes(network, dt, toolbox=toolbox),
        **neuron_arrays.thresholds(network, dt),
        **channels,
        graded_row=rows(graded.target, neurons),
        graded_source=graded.source.astype(np.uint32),
        graded_conductance=graded.values["max_conductance"],
        graded_reversal=graded.values["reversal_potential"],
        graded_e_lo=graded.values["e_lo"],
        graded_e_hi=graded.values["e_hi"],
        spiking_row=rows(spiking.target, neurons),
        spiking_source=spiking_index[spiking.source].astype(np.uint32),
        spiking_conductance=spiking.values["max_conductance"],
        spiking_increment=spiking.values["conductance_increment"],
        spiking_reversal=spiking.values["reversal_potential"],
        spiking_decay=1.0 - dt / spiking.values["time_constant"],
        spiking_delay=spiking.values["transmission_delay"].astype(np.uint32),
        **junctions(network, edges["electrical"], edges["rectified"], toolbox=toolbox),
        **families(network, neurons, int(spikes.sum())),
        **ports.inputs(network),
        **ports.outputs(network, graded, spiking, labels, spiking_index, channels["channel_row"], toolbox=toolbox),
    )
    _require_unique(network, program)
    if not toolbox:
        check_stability(program)
    return program


def _require_unique(network: Network, program: Program) -> None:
    """Refuse, say, a neuron named "leg[0]" beside a population "leg"."""
    groups = {"neurons": program.neuron_names, "inputs": program.input_names, "outputs": program.output_names}
    for kind, names in groups.items():
        name, count = Counter(names).most_common(1)[0] if names else ("", 0)
        if count > 1:
            raise NetworkError(f"network {network.name!r} has {count} {kind} named {name!r}; rename one of them")
