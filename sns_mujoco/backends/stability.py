"""Whether explicit Euler can take a step: no rate times the step may exceed 2, or 1 for what must not change sign."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.program import Program, TauRule
from sns_mujoco.errors import TimeStepError


def largest_steps(program: Program) -> dict[str, float]:
    """The largest safe step, ms, for each family of states, under the name of the one that sets it.

    Membrane: 2 C / (G + all synapses and ion channels fully open + twice its junctions), by Gershgorin's
    theorem, by which the junctions count twice. Threshold: 2 tau / leak. Conductance of a spiking synapse,
    and a gate with a constant time constant: tau, so that they decay without changing sign. A gate whose time
    constant depends on the potential needs no bound: where its tau falls below the step, it is taken as the step,
    where it is open or shut anyway.
    """
    neurons = np.arange(program.n_neurons)
    steps: dict[str, float] = {}

    def enter(shares: NDArray[np.float64], describe: Callable[[int], str]) -> None:
        """Note the worst of one family, given what share of its limit each takes up in a step."""
        if shares.size and shares.max() > 0:
            worst = int(np.argmax(shares))
            steps[describe(worst)] = program.dt / float(shares[worst])

    names = program.neuron_names
    total = program.leak_conductance.copy()
    for row, conductance, weight in (
        (program.graded_row, program.graded_conductance, 1.0),
        (program.spiking_row, program.spiking_conductance, 1.0),
        (program.junction_row, program.junction_conductance, 2.0),
        (program.channel_row, program.channel_conductance, 1.0),
    ):
        target = np.repeat(neurons, np.diff(row.astype(np.int64)))
        total += weight * np.bincount(target, conductance, len(neurons))
    enter(program.membrane_factor * total / 2.0, lambda i: f"membrane of {names[i]!r}")
    leak = program.threshold_factor * np.abs(program.threshold_leak)
    enter(leak / 2.0, lambda i: f"threshold of {names[program.spiking_neuron[i]]!r}")
    synapses = program.synapse_names[len(program.graded_source) :]
    enter(1.0 - program.spiking_decay, lambda i: f"conductance of synapse {synapses[i]!r}")
    matters = (program.gate_tau_rule == TauRule.CONSTANT) & (program.gate_power[1:] > 0)
    owner = np.repeat(neurons, np.diff(program.channel_row.astype(np.int64)))
    enter(np.where(matters, program.gate_factor, 0.0).max(0), lambda i: f"gate of {names[owner[i]]!r}")
    return steps


def check_stability(program: Program) -> None:
    """Refuse a step that is too large.

    Raises:
        TimeStepError: Names what is too fast, and the largest safe step.
    """
    steps = largest_steps(program)
    if not steps:
        return
    culprit = min(steps, key=steps.__getitem__)
    safe = steps[culprit]
    if program.dt > safe * (1 + 1e-9):
        digit = 10.0 ** (np.floor(np.log10(safe)) - 3)
        raise TimeStepError(
            f"a neural step of {program.dt:g} ms is unstable: the {culprit} can change too fast; the largest safe step "
            f"is {np.floor(safe / digit * (1 + 1e-9)) * digit:.4g} ms"
        )
