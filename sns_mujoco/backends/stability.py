"""Whether explicit Euler can take a step: no rate times the step may exceed 2, or 1 for what must not change sign."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.program import Program, TauRule
from sns_mujoco.errors import TimeStepError


def largest_steps(program: Program) -> dict[str, float]:
    """The largest safe step, ms, for each family of states, under the name of the one that sets it.

    Membrane: 2 C / (G + all synapses and ion channels fully open + twice its junctions), by Gershgorin's
    theorem, by which the junctions count twice. Threshold: 2 tau / leak. Conductance of a spiking synapse,
    a gate with a constant time constant, a receptor, a trace, and short-term plasticity: tau, so that they decay
    without changing sign. A gate whose time constant depends on the potential needs no bound: where its tau falls below
    the step, it is taken as the step, where it is open or shut anyway. Neither have conductances that spikes leave at
    receptors, as they have no maximum, nor equations that neurons have of their own.
    """
    neurons = np.arange(program.n_neurons)
    steps: dict[str, float] = {}

    def enter(shares: NDArray[np.float64], describe: Callable[[int], str]) -> None:
        """Note the worst of one family, given what share of its limit each takes up in a step."""
        if shares.size and shares.max() > 0:
            worst = int(np.argmax(shares))
            step, name = program.dt / float(shares[worst]), describe(worst)
            steps[name] = min(step, steps.get(name, step))

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
    weighted = program.weighted
    most = np.where(weighted.driving == 1, np.maximum(weighted.weight, weighted.highest), 0.0)
    total += np.bincount(np.repeat(neurons, np.diff(weighted.row.astype(np.int64))), most, len(neurons))
    enter(program.membrane_factor * total / 2.0, lambda i: f"membrane of {names[i]!r}")
    leak = program.threshold_factor * np.abs(program.threshold_leak)
    enter(leak / 2.0, lambda i: f"threshold of {names[program.spiking_neuron[i]]!r}")
    graded = len(program.graded_source)
    enter(1.0 - program.spiking_decay, lambda i: f"conductance of synapse {program.synapse_names[graded + i]!r}")
    _enter_events(program, enter)
    enter(weighted.forget, lambda i: f"weight of synapse {program.weighted_names[i]!r}")
    matters = (program.gate_tau_rule == TauRule.CONSTANT) & (program.gate_power[1:] > 0)
    owner = np.repeat(neurons, np.diff(program.channel_row.astype(np.int64)))
    enter(np.where(matters, program.gate_factor, 0.0).max(0), lambda i: f"gate of {names[owner[i]]!r}")
    return steps


def _enter_events(program: Program, enter: Callable[[NDArray[np.float64], Callable[[int], str]], None]) -> None:
    """Note what event synapses need."""
    names, receptors, events = program.neuron_names, program.receptors, program.events
    target = np.repeat(np.arange(program.n_neurons), np.diff(receptors.row.astype(np.int64)))
    for kept in (receptors.decay, receptors.rise):
        enter(_decaying(kept), lambda i: f"receptor of {names[target[i]]!r}")
    short = np.flatnonzero(events.short_term != NONE)
    for kept in (program.short_term.facilitation, program.short_term.depression):
        enter(_decaying(kept), lambda i: f"short-term plasticity of synapse {program.event_names[short[i]]!r}")
    plastic = program.plastic
    for kept in (
        plastic.keep_pre, plastic.keep_post, plastic.keep_slow_pre, plastic.keep_slow_post, plastic.keep_eligibility,
    ):  # fmt: skip
        enter(_decaying(kept), lambda i: f"trace of synapse {program.event_names[plastic.event[i]]!r}")


def _decaying(kept: NDArray[np.float64]) -> NDArray[np.float64]:
    """What share of a time constant a step is; 0 where nothing is kept, which is meant so."""
    return np.where(kept == 0.0, 0.0, 1.0 - kept)


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
