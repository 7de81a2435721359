"""Parameters of a compiled model that a script changes, carried over into its program."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.program import Program
from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.sns_toolbox.matrices import PORTS

Floats = NDArray[np.float64]
Places = tuple[NDArray[np.int64], NDArray[np.int64]]

NEURON = {
    "V_0": "initial_potential", "V_rest": "resting_potential", "g_m": "leak_conductance", "i_b": "bias",
    "time_factor_membrane": "membrane_factor",
}  # fmt: skip
THRESHOLD = {
    "theta_0": "initial_threshold", "m": "threshold_proportionality", "time_factor_threshold": "threshold_factor",
    "theta_leak": "threshold_leak", "theta_increment": "threshold_increment", "theta_floor": "threshold_floor",
    "V_reset": "reset_potential",
}  # fmt: skip
GRADED = {
    "g_max_non": "graded_conductance", "del_e": "graded_reversal", "e_lo": "graded_e_lo", "e_hi": "graded_e_hi",
}  # fmt: skip
SPIKING = {
    "g_max_spike": "spiking_conductance", "g_increment": "spiking_increment", "del_e": "spiking_reversal",
    "time_factor_synapse": "spiking_decay",
}  # fmt: skip
JUNCTIONS = ("g_electrical", "g_rectified")
CHANNEL = {"g_ion": "channel_conductance", "e_ion": "channel_reversal"}
GATES = {
    "pow": ("gate_power", "abc"), "k": ("gate_k", "abc"), "slope": ("gate_slope", "abc"), "e": ("gate_midpoint", "abc"),
    "tau_max": ("gate_factor", "bc"),
}  # fmt: skip
ROWS = {f"{name}_{z}": (field, row) for name, (field, gates) in GATES.items() for row, z in enumerate(gates)}
ROWS |= {"b_gate_0": ("initial_gate", 0), "c_gate_0": ("initial_gate", 1)}
"""Fields of the program that have a row for each gate, and which row it is."""


def with_parameter(program: Program, name: str, value: Floats) -> Program:
    """A program with another parameter and the same wiring.

    A parameter of which SNS-Toolbox keeps a copy that it does not use (c_m, tau_theta, tau_syn, spike_delays) changes
    nothing.

    Args:
        program: The program.
        name: Name of the parameter in SNS-Toolbox.
        value: What it shall be, of the right shape.

    Raises:
        NetworkError: It is not finite, or needs other wiring.
    """
    if not np.isfinite(value).all():
        raise NetworkError(f"{name} of the model is not finite; give finite numbers")
    if name in PORTS:
        raise NetworkError(f"{name} of the model is fixed; change the inputs and outputs of the network and compile it")
    fields: dict[str, Any] = {}
    if name in NEURON:
        fields[NEURON[name]] = value
    if name in THRESHOLD:
        fields[THRESHOLD[name]] = value[program.spiking_neuron]
    if name in GRADED:
        fields[GRADED[name]] = value[graded_places(program)]
    if name in SPIKING:
        own = value[spiking_places(program)]
        fields[SPIKING[name]] = 1.0 - own if name == "time_factor_synapse" else own
    if name in JUNCTIONS:
        fields["junction_conductance"] = _junctions(program, name, value)
    fields |= _channels(program, name, value)
    _require_wired(program, name, value)
    return replace(program, **fields)


def graded_places(program: Program) -> Places:
    """Destination and source of every graded synapse."""
    return _targets(program.graded_row), program.graded_source.astype(np.int64)


def spiking_places(program: Program) -> Places:
    """Destination and source of every spiking synapse."""
    return _targets(program.spiking_row), program.spiking_neuron[program.spiking_source].astype(np.int64)


def channel_places(program: Program) -> Places:
    """Number and neuron of every ion channel."""
    neuron = _targets(program.channel_row)
    return np.arange(len(neuron)) - program.channel_row[neuron].astype(np.int64), neuron


def _junctions(program: Program, name: str, value: Floats) -> Floats:
    """Conductances of all junctions; those that rectify are kept under their destination and source."""
    target, other = _targets(program.junction_row), program.junction_other.astype(np.int64)
    mine = program.junction_rule == 0 if name == "g_electrical" else program.junction_rule > 0
    turned = program.junction_rule == 2
    row, column = np.where(turned, other, target), np.where(turned, target, other)
    return np.where(mine, value[row, column], program.junction_conductance)


def _channels(program: Program, name: str, value: Floats) -> dict[str, Floats]:
    if name in CHANNEL:
        return {CHANNEL[name]: value[channel_places(program)]}
    if name not in ROWS:
        return {}
    field, row = ROWS[name]
    array = getattr(program, field).copy()
    own = value[channel_places(program)]
    array[row] = program.dt / own if field == "gate_factor" else own
    return {field: array}


def _require_wired(program: Program, name: str, value: Floats) -> None:
    """Refuse a conductance where there is no synapse."""
    wired = np.eye(len(value), dtype=bool) if name in JUNCTIONS else np.zeros(value.shape, bool)
    if name == "g_max_non":
        wired[graded_places(program)] = True
    elif name == "g_max_spike":
        wired[spiking_places(program)] = True
    elif name in JUNCTIONS:
        target, other = _targets(program.junction_row), program.junction_other.astype(np.int64)
        mine = program.junction_rule == (0 if name == "g_electrical" else 1)
        wired[target[mine], other[mine]] = True
    else:
        return
    missing = np.argwhere((value != 0) & ~wired)
    if len(missing):
        destination, source = (program.neuron_names[i] for i in missing[0])
        raise NetworkError(
            f"{name} of the model: there is no such synapse from {source!r} to {destination!r}; connect them in the "
            "network, with any conductance above 0, and compile it"
        )


def _targets(row: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(row) - 1), np.diff(row.astype(np.int64)))
