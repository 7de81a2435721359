"""The arrays of a `Program` that describe weighted graded synapses: without driving force, with a sigmoid, learning."""

from typing import Any

import numpy as np

from sns_mujoco.backends.edges import Columns, Edges
from sns_mujoco.backends.factors import gained
from sns_mujoco.backends.families import Curve, Rule, Weighted
from sns_mujoco.backends.junctions import rows
from sns_mujoco.network.graded_synapses import GradedConductanceSynapse
from sns_mujoco.network.network import Network
from sns_mujoco.network.plasticity import Hebb, Oja

RULES = {type(None): Rule.FIXED, Hebb: Rule.HEBB, Oja: Rule.OJA}


def weighted_arrays(network: Network, edges: Edges, neurons: int, dt: float, *, exponential: bool) -> Weighted:
    """The synapses, sorted by target.

    Args:
        network: The network.
        edges: Its weighted graded synapses, sorted as in the program.
        neurons: Number of neurons.
        dt: Neural step, ms.
        exponential: Whether learning follows its equation exactly while activities stand still.
    """
    kinds: dict[int, Any] = {index: network.connections[index].kind for index in np.unique(edges.owner).tolist()}
    synapses = {index: kind.synapse if kind.layout == "list" else kind for index, kind in kinds.items()}

    def of_wire(values: dict[int, int]) -> np.ndarray:
        """One number for each connection, as one for each of its synapses."""
        table = np.zeros(max(kinds, default=0) + 1, np.uint32)
        for index, value in values.items():
            table[index] = value
        return table[edges.owner]

    rule = of_wire({index: RULES[type(synapse.plasticity)] for index, synapse in synapses.items()})
    driving = of_wire({i: isinstance(synapse, GradedConductanceSynapse) for i, synapse in synapses.items()})
    sigmoid = of_wire({index: synapse.curve == "sigmoid" for index, synapse in synapses.items()})

    def where(mask: np.ndarray, name: str, default: Any) -> np.ndarray:
        """A parameter that some of them have."""
        values = np.full(len(mask), default, float)
        chosen = edges.take(np.flatnonzero(mask))
        own = np.unique(chosen.owner).tolist()
        values[mask != 0] = Columns(chosen, {index: kinds[index].columns for index in own})[name]
        return values

    learns = rule != Rule.FIXED
    midpoint, slope = opening(edges.values["e_lo"], edges.values["e_hi"], sigmoid)
    forget = where(learns, "forget", 0.0)
    step = gained(forget, dt, exponential=exponential)
    post_lo, post_hi = where(learns, "post_lo", 0.0), where(learns, "post_hi", 1.0)
    return Weighted(
        row=rows(edges.target, neurons),
        source=edges.source.astype(np.uint32),
        weight=edges.values["weight"],
        driving=driving,
        reversal=where(driving, "reversal_potential", 0.0),
        curve=np.where(sigmoid, Curve.SIGMOID, Curve.RAMP).astype(np.uint32),
        midpoint=midpoint,
        slope=slope,
        rule=rule,
        rate=step * where(learns, "rate", 0.0),
        forget=step * forget,
        post_midpoint=post_lo,
        post_slope=1.0 / (post_hi - post_lo),
        lowest=where(learns, "w_min", edges.values["weight"]),
        highest=where(learns, "w_max", edges.values["weight"]),
    )


def opening(e_lo: Any, e_hi: Any, sigmoid: Any) -> tuple[np.ndarray, np.ndarray]:
    """Midpoint (mV) and slope (1/mV) of what opens a synapse: a sigmoid, or a ramp."""
    span = e_hi - e_lo
    span = np.where(span == 0, 1.0, span)  # of a synapse without weight
    return np.where(sigmoid, e_lo + span / 2, e_lo), np.where(sigmoid, 4.0, 1.0) / span
