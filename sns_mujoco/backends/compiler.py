"""Network to Program: populations and connections become flat arrays, and the semantics are settled.

Textbook semantics (the default): the membrane advances by dt / C, gates start at their steady state, parallel
synapses add up, spike increments are shared out among the source neurons like conductances, a reset resets
everything, and a step that is too large for explicit Euler is refused.

SNS-Toolbox semantics ("sns-toolbox"): the membrane advances by dt G / C, gates start with the sign of the
slope turned round, the last of several synapses on one pair replaces the others, increments are not shared
out, one channel counts as many as the largest neuron has, a reset leaves synapses and spikes in flight, and
no step is refused. What SNS-Toolbox does not have means the same under both.
"""

from collections import Counter

import numpy as np

from sns_mujoco.backends import neuron_arrays, ports, toolbox_semantics
from sns_mujoco.backends.edges import Edges, expand, require_spiking_sources
from sns_mujoco.backends.equation_arrays import groups
from sns_mujoco.backends.event_arrays import event_arrays, order_of_events
from sns_mujoco.backends.factors import kept
from sns_mujoco.backends.junctions import junctions, rows
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.receptors import sites
from sns_mujoco.backends.room import NONE as NO_ROOM
from sns_mujoco.backends.room import Room
from sns_mujoco.backends.stability import check_stability
from sns_mujoco.backends.weighted_arrays import weighted_arrays
from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.network.network import Network


def compile_network(
    network: Network,
    dt: float,
    semantics: str,
    integrator: str = "euler",
    *,
    room: Room = NO_ROOM,
) -> Program:
    """Compile a network.

    Args:
        network: The network.
        dt: Neural step, ms.
        semantics: "textbook" or "sns-toolbox".
        integrator: "euler" or "exponential".
        room: For other numbers than the described ones.

    Raises:
        NetworkError: The network is empty, the semantics or the integrator are unknown or do not go together, two
            elements would bear one name, or something waits for spikes of neurons that never spike.
        UnknownNameError: A modulator does not exist.
        TimeStepError: The step is not positive, or too large; a delay or refractory period vanishes in it.
    """
    toolbox, exponential = _settled(semantics, integrator)
    if isinstance(dt, bool) or not isinstance(dt, int | float | np.number) or not np.isfinite(dt) or dt <= 0:
        raise TimeStepError(f"dt is {dt!r}; give a positive number of ms")
    if not network.populations:
        raise NetworkError(f"network {network.name!r} has no neurons; add some")
    neurons = network.get_num_neurons()
    names = neuron_arrays.neuron_names(network)
    spikes = np.repeat([p.spikes for p in network.populations], [p.size for p in network.populations])
    spiking_index = np.where(spikes, np.cumsum(spikes) - 1, -1)

    edges = expand(network, dt, toolbox=toolbox, zeros_of=room.zeros_of)
    graded, spiking, event, weighted = edges["graded"], edges["spiking"], edges["event"], edges["weighted"]
    if toolbox:
        graded, spiking = toolbox_semantics.overwrite(graded, spiking, neurons)
        spiking = spiking.take(spikes[spiking.source])  # the others never conduct
    else:
        require_spiking_sources(network, spiking, spikes)
    require_spiking_sources(network, event, spikes)
    order = order_of_events(event)
    families = {name: _by_target(network, e) for name, e in zip(
        ("graded", "spiking", "weighted"), (graded, spiking, weighted), strict=True
    )} | {"event": ports.Family.sorted(network, event, order)}  # fmt: skip
    graded, spiking = families["graded"].edges, families["spiking"].edges
    receptors = sites(network, event, dt, exponential=exponential, own=room.own_receptors)
    channels = neuron_arrays.channels(network, dt, toolbox=toolbox)
    coded = groups(network, spiking_index, dt, exponential=exponential)
    layout = ports.Layout(
        families=families,
        sites=receptors,
        spiking_index=spiking_index,
        channel_row=channels["channel_row"],
        variable=lambda population, name: coded.places(network, population, name),
        toolbox=toolbox,
    )

    program = Program(
        dt=float(dt),
        semantics=semantics,
        exponential=exponential,
        reset_keeps_synapses=toolbox,
        neuron_names=names,
        synapse_names=ports.synapse_names(network, Edges.joined([graded, spiking], ())),
        event_names=families["event"].names,
        weighted_names=families["weighted"].names,
        **neuron_arrays.membranes(network, dt, toolbox=toolbox),
        **neuron_arrays.thresholds(network, dt, exponential=exponential),
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
        spiking_decay=kept(spiking.values["time_constant"], dt, exponential=exponential),
        spiking_delay=spiking.values["transmission_delay"].astype(np.uint32),
        spiking_room=room.delay if len(spiking.source) else 0,
        **junctions(network, edges["electrical"], edges["rectified"], toolbox=toolbox),
        receptors=receptors.receptors,
        **event_arrays(
            network,
            families["event"].edges,
            receptors.of_edge[order],
            spiking_index,
            names,
            dt,
            exponential=exponential,
        ),
        weighted=weighted_arrays(network, families["weighted"].edges, neurons, dt, exponential=exponential),
        noise=neuron_arrays.noise(network, dt),
        equations=coded.equations,
        **ports.inputs(network, receptors),
        **ports.outputs(network, layout),
    )
    _require_unique(network, program)
    if not toolbox and not exponential:
        check_stability(program)
    return program


def _settled(semantics: str, integrator: str) -> tuple[bool, bool]:
    """Whether the semantics are SNS-Toolbox's, and whether the integrator is exponential Euler."""
    if semantics not in ("textbook", "sns-toolbox"):
        raise NetworkError(f"semantics is {semantics!r}; give 'textbook' or 'sns-toolbox'")
    if integrator not in ("euler", "exponential"):
        raise NetworkError(f"integrator is {integrator!r}; give 'euler' or 'exponential'")
    toolbox, exponential = semantics == "sns-toolbox", integrator == "exponential"
    if toolbox and exponential:
        raise NetworkError(
            "integrator is 'exponential', but the numbers of SNS-Toolbox are those of forward Euler; give "
            "integrator='euler', or semantics='textbook'"
        )
    return toolbox, exponential


def _by_target(network: Network, edges: Edges) -> ports.Family:
    return ports.Family.sorted(network, edges, np.argsort(edges.target, kind="stable"))


def _require_unique(network: Network, program: Program) -> None:
    """Refuse, say, a neuron named "leg[0]" beside a population "leg"."""
    groups = {"neurons": program.neuron_names, "inputs": program.input_names, "outputs": program.output_names}
    for kind, names in groups.items():
        if len(set(names)) < len(names):
            name, count = Counter(names).most_common(1)[0]
            raise NetworkError(f"network {network.name!r} has {count} {kind} named {name!r}; rename one of them")
