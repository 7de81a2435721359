"""Whether explicit Euler can take a step: its largest rate times the step must stay below 2 (below 1 for decays)."""

import numpy as np

from sns_mujoco.backends.program import Program
from sns_mujoco.errors import TimeStepError


def largest_rates(program: Program) -> dict[str, float]:
    """Fastest rate (1/ms) of each family of states with the neuron it belongs to, divided by its limit.

    For a membrane: (G + all synapses and ion channels fully open + twice its junctions) / C, which bounds the eigenvalue
    of its own potential (the junctions count twice by Gershgorin's theorem), over 2. For a threshold: leak / tau, over
    2. For the conductance of a spiking synapse and for a gate with a constant time constant: 1 / tau, over 1, so that
    they decay without changing sign. A gate whose time constant depends on the potential has no bound of this kind:
    it is fastest far from its midpoint.
    """
    n = program.n_neurons
    total = program.leak_conductance.copy()
    families = (
        (program.graded_row, program.graded_conductance, 1.0),
        (program.spiking_row, program.spiking_conductance, 1.0),
        (program.junction_row, program.junction_conductance, 2.0),
        (program.channel_row, program.channel_conductance, 1.0),
    )
    for row, conductance, weight in families:
        target = np.repeat(np.arange(n), np.diff(row.astype(np.int64)))
        total += weight * np.bincount(target, conductance, n)
    rates: dict[str, float] = {}

    def enter(values: np.ndarray, limit: float, describe: list[str]) -> None:
        worst = int(np.argmax(values))
        rates[describe[worst]] = float(values[worst]) / program.dt / limit

    enter(program.membrane_factor * total, 2.0, [f"membrane of {name!r}" for name in program.neuron_names])
    if len(program.spiking_neuron):
        leak = program.threshold_factor * np.abs(program.threshold_leak)
        enter(leak, 2.0, [f"threshold of {program.neuron_names[i]!r}" for i in program.spiking_neuron])
    if len(program.spiking_decay):
        names = program.synapse_names[len(program.graded_source) :]
        enter(1.0 - program.spiking_decay, 1.0, [f"conductance of synapse {name!r}" for name in names])
    constant = np.where(program.gate_constant_tau == 1, program.gate_factor, 0.0)
    if constant.any():
        target = np.repeat(np.arange(n), np.diff(program.channel_row.astype(np.int64)))
        enter(constant.max(0), 1.0, [f"gate of {program.neuron_names[i]!r}" for i in target])
    return rates


def check_stability(program: Program) -> None:
    """Refuse a step that is too large.

    Raises:
        TimeStepError: Names what is too fast, and the largest safe step.
    """
    rates = largest_rates(program)
    culprit = max(rates, key=rates.__getitem__)
    safe = 1.0 / rates[culprit]
    if program.dt > safe * (1 + 1e-9):
        digits = 10.0 ** np.floor(np.log10(safe) - 2)
        rounded = np.floor(safe / digits) * digits
        raise TimeStepError(
            f"a neural step of {program.dt:g} ms is unstable: the {culprit} can change too fast; the largest safe step is "
            f"{rounded:.4g} ms"
        )
