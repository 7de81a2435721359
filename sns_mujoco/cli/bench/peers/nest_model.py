"""NEST on one thread: `Simulate` for many steps in one call, `Run` for new input at every step.

Graded synapses are rate neurons with multiplicative coupling: excitation w s (theta_ex - V) and inhibition
-w s (theta_in + V) are a conductance with a reversal potential, and s, the ramp from e_lo to e_hi, is a transformer
beside every neuron. NEST integrates the leak exactly and the ramp comes a step later, so potentials on the way differ
from forward Euler's in the order of the step; where they come to rest they do not.
"""

import nest  # pyright: ignore[reportMissingImports]
import numpy as np

VERSION = nest.__version__


class Simulator:
    """One network."""

    def __init__(self, case):
        """Build.

        Args:
            case: The network.
        """
        self.case = case
        nest.set_verbosity("M_ERROR")
        nest.resolution = case.dt
        nest.local_num_threads = 1
        self.graded = case.kind == "nonspiking"
        self.drive, self.potential = ("mu", "rate") if self.graded else ("I_e", "V_m")
        n, beyond, weights = len(case.bias), 0, case.weight
        self.neurons = nest.Create(*_graded(case, n)) if self.graded else nest.Create(*_lif(case, n))
        self.neurons.set({self.drive: case.bias, self.potential: case.initial})
        synapse = {"synapse_model": "static_synapse", "delay": np.full(len(weights), case.dt)}
        if self.graded:
            synapse["synapse_model"] = "rate_connection_delayed"
            ramp = {"g": 1.0 / (case.e_hi - case.e_lo), "theta": float(case.e_lo), "alpha": 1.0}
            ramps = nest.Create("rate_transformer_threshold_lin", n, ramp)
            own = {"synapse_model": "rate_connection_delayed", "delay": case.dt}
            nest.Connect(self.neurons, ramps, "one_to_one", own)
            beyond, weights = n, np.where(case.reversal < case.e_lo, -weights, weights)
        first = self.neurons[0].global_id
        sources = case.source.astype(int) + first + beyond
        nest.Connect(sources, case.target.astype(int) + first, "one_to_one", synapse | {"weight": weights})

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        self.open(steps)
        return steps, self.neurons.get(self.potential), 0 if self.graded else nest.local_spike_counter

    def open(self, steps):
        """Many steps in one call."""
        nest.Simulate(steps * self.case.dt)

    def closed(self, steps):
        """One call a step, with new input."""
        dt, neurons, drive, potential, rows = self.case.dt, self.neurons, self.drive, self.potential, self.case.inputs
        with nest.RunManager():
            for k in range(steps):
                neurons.set({drive: self.case.bias + rows[k % len(rows)]})
                nest.Run(dt)
                self.y = neurons.get(potential)


def _graded(case, n):
    low, high = np.unique(case.reversal)
    coupling = {
        "mult_coupling": True,
        "g": 1.0,
        "g_ex": 1.0,
        "theta_ex": float(high),
        "g_in": 1.0,
        "theta_in": -float(low),
    }
    membrane = {"tau": float(case.capacitance), "lambda": float(case.leak), "sigma": 0.0}
    return "lin_rate_ipn", n, membrane | coupling


def _lif(case, n):
    times = {"tau_m": float(case.tau), "tau_syn_ex": float(case.tau_s), "tau_syn_in": float(case.tau_s), "t_ref": 0.0}
    levels = {"E_L": 0.0, "V_th": 1.0, "V_reset": 0.0, "C_m": float(case.tau)}
    return "iaf_psc_exp", n, times | levels
