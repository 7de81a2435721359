"""Nodes of NIR as neurons of this package: G = 1 / r, C = tau / r, one unit of potential is 1 mV, of input 1 nA."""

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.interop.nir.folding import Graph
from sns_mujoco.network.neurons import Neuron, NonSpikingNeuron, SpikingNeuron

Reset = Literal["value", "value-late", "subtract", "subtract-late"]
RESETS = get_args(Reset)


def neuron_of(graph: Graph, name: str, bias: NDArray[np.float64], reset: Reset) -> Neuron:
    """The neurons of a node.

    Args:
        graph: The graph.
        name: The node; an output: neurons whose potential is their input, a step later.
        bias: Constant current of each, nA.
        reset: What a spike does to the potential.

    Raises:
        TimeStepError: A time constant is too short for the step.
        NetworkError: A reset after the leak is asked for where nothing is left after a step.
    """
    kind = graph.nodes[name].kind
    common: dict[str, Any] = {"name": name, "bias": _plain(bias)}
    if kind in ("Output", "Threshold"):
        common |= {"membrane_capacitance": graph.dt, "membrane_conductance": 1.0}
        if kind == "Output":
            return NonSpikingNeuron(**common)
        threshold = _plain(graph.values(name, "threshold"))
        return SpikingNeuron(
            **common, threshold_initial_value=threshold, threshold_floor=threshold, reset_potential=0.0
        )
    common |= _membrane(graph, name)
    if kind in ("I", "LI", "CubaLI"):
        return NonSpikingNeuron(**common)
    threshold, potential = graph.values(name, "v_threshold"), graph.values(name, "v_reset")
    if reset == "subtract-late":
        kept = _kept(graph, name)
        potential = threshold - (threshold - potential) / kept
    return SpikingNeuron(
        **common,
        threshold_initial_value=_plain(threshold),
        threshold_floor=_plain(threshold),
        reset_potential=_plain(potential),
        reset_mode="subtract" if reset.startswith("subtract") else "value",
        refractory_period=graph.dt if reset == "value-late" else 0.0,
    )


def _membrane(graph: Graph, name: str) -> dict[str, Any]:
    """Capacitance, conductance and resting potential."""
    resistance = graph.values(name, "r")
    resistance = np.where(resistance > 0, resistance, 1.0)  # others are factors of the weights
    tau = _time_constant(graph, name)
    if tau is None:
        time_unit = graph.dt if graph.jumps else graph.time_unit
        return {"membrane_capacitance": _plain(time_unit / resistance), "membrane_conductance": 0.0}
    if (tau < graph.dt / 2).any():
        raise TimeStepError(
            f"NIR node {name!r} ({graph.nodes[name].kind}) has a time constant of {tau.min():g} ms, which is unstable "
            f"at the step of {graph.dt:g} ms; take a shorter step, or, if the graph is not in seconds as NIR wants it "
            "(Norse 1.1 divides by 1000 unless told to_nir(..., dt=1)), give its time_unit"
        )
    return {
        "membrane_capacitance": _plain(tau / resistance),
        "membrane_conductance": _plain(1 / resistance),
        "resting_potential": _plain(graph.values(name, "v_leak")),
    }


def _time_constant(graph: Graph, name: str) -> NDArray[np.float64] | None:
    """Time constant of each membrane, ms; None for perfect integrators."""
    key = next((key for key in ("tau", "tau_mem") if key in graph.nodes[name].values), None)
    return None if key is None else graph.values(name, key) * graph.time_unit


def _kept(graph: Graph, name: str) -> NDArray[np.float64]:
    """What is left of a potential after a step."""
    tau = _time_constant(graph, name)
    if tau is None:
        return np.ones(graph.size(name))
    if (tau <= graph.dt).any():
        raise NetworkError(
            f"NIR node {name!r} has a time constant of {tau.min():g} ms, no more than the step, after which nothing is "
            "left to be reset; give reset='subtract'"
        )
    return 1 - graph.dt / tau


def _plain(values: Any) -> Any:
    """One number where all are the same, else an array."""
    values = np.asarray(values, float)
    return float(values.flat[0]) if values.size and (values == values.flat[0]).all() else values
