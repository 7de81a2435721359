"""Parallel synapses as SNS-Toolbox's iterative backend has them: each by itself, so they add up.

The other backends of SNS-Toolbox keep one for each pair of neurons.
"""

from dataclasses import replace

import numpy as np

from sns_mujoco.backends.edges import expand
from sns_mujoco.backends.junctions import ALWAYS, INWARD, OUTWARD, rows
from sns_mujoco.backends.ports import synapse_names
from sns_mujoco.backends.program import Program
from sns_mujoco.network import Network


def with_parallel_synapses(program: Program, network: Network) -> Program:
    """A program of SNS-Toolbox's semantics with all synapses of its network."""
    edges = expand(network, program.dt, toolbox=True)
    neurons = program.n_neurons
    families = {}
    for name in ("graded", "spiking"):
        family = edges[name].take(edges[name].values["max_conductance"] > 0)
        if name == "spiking":
            family = family.take(np.isin(family.source, program.spiking_neuron))  # the others never conduct
        families[name] = family.take(np.argsort(family.target, kind="stable"))
    graded, spiking = families["graded"], families["spiking"]

    both, one = edges["electrical"], edges["rectified"]
    target = np.concatenate([both.target, both.source, one.target, one.source])
    other = np.concatenate([both.source, both.target, one.source, one.target])
    ways = [2 * len(both.source), len(one.source), len(one.source)]
    rule = np.repeat(np.array([ALWAYS, INWARD, OUTWARD], np.uint32), ways)
    conductance = np.concatenate([family.values["max_conductance"] for family in (both, both, one, one)])
    order = np.argsort(target, kind="stable")
    order = order[(target != other)[order]]  # those of a neuron with itself carry nothing

    return replace(
        program,
        graded_row=rows(graded.target, neurons),
        graded_source=graded.source.astype(np.uint32),
        graded_conductance=graded.values["max_conductance"],
        graded_reversal=graded.values["reversal_potential"],
        graded_e_lo=graded.values["e_lo"],
        graded_e_hi=graded.values["e_hi"],
        spiking_row=rows(spiking.target, neurons),
        spiking_source=np.searchsorted(program.spiking_neuron, spiking.source).astype(np.uint32),
        spiking_conductance=spiking.values["max_conductance"],
        spiking_increment=spiking.values["conductance_increment"],
        spiking_reversal=spiking.values["reversal_potential"],
        spiking_decay=1.0 - program.dt / spiking.values["time_constant"],
        spiking_delay=spiking.values["transmission_delay"].astype(np.uint32),
        junction_row=rows(target[order], neurons),
        junction_other=other[order].astype(np.uint32),
        junction_conductance=conductance[order],
        junction_rule=rule[order],
        synapse_names=(*synapse_names(network, graded), *synapse_names(network, spiking)),
    )
