"""Nengo's reference simulator: `run_steps` for many steps in one call, `step` for new input at every step.

A spike is 1 / dt for one step, and the synapse a low-pass filter of unit gain: a transform of w tau_s makes it a
current that jumps by w. Nengo finds spikes between steps, so they are compared by their rate.
"""

import nengo  # pyright: ignore[reportMissingImports]
import numpy as np
from scipy import sparse

VERSION = nengo.__version__


class Simulator:
    """One network."""

    def __init__(self, case):
        """Build.

        Args:
            case: The network.
        """
        self.case, n = case, len(case.bias)
        self.x, self.y, self.spikes = np.zeros(n), np.zeros(n), None
        places = case.target.astype(int), case.source.astype(int)
        weights = sparse.coo_matrix((case.weight * case.tau_s / 1e3, places), shape=(n, n)).tocsr()
        kind = nengo.LIF(tau_rc=case.tau / 1e3, tau_ref=0.0, initial_state={"voltage": case.initial})
        with nengo.Network() as network:
            neurons = nengo.Ensemble(n, 1, neuron_type=kind, gain=np.ones(n), bias=case.bias).neurons
            transform = nengo.Sparse((n, n), init=weights)
            nengo.Connection(neurons, neurons, transform=transform, synapse=case.tau_s / 1e3)
            given = nengo.Node(lambda t: self.x, size_out=n)
            nengo.Connection(given, neurons, synapse=None)
            nengo.Connection(neurons, nengo.Node(self._fetch, size_in=n), synapse=None)
        self.simulator = nengo.Simulator(network, dt=case.dt / 1e3, progress_bar=False)

    def _fetch(self, _, spikes):
        self.y = spikes

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        counted = 0
        for _ in range(steps):
            self.simulator.step()
            counted += np.count_nonzero(self.y)
        return steps, np.full(len(self.x), np.nan), counted

    def open(self, steps):
        """Many steps in one call."""
        self.simulator.run_steps(steps, progress_bar=False)

    def closed(self, steps):
        """One call a step, with new input."""
        rows = self.case.inputs
        for k in range(steps):
            self.x = rows[k % len(rows)]
            self.simulator.step()
