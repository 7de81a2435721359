"""Norse's `LIFCell` equations with sparse recurrent weights (CSR): a Python loop over steps either way.

A spike that is put in before a step is what others put in after the step before, so all see the same currents.
"""

import norse  # pyright: ignore[reportMissingImports]
import numpy as np
import torch  # pyright: ignore[reportMissingImports]
from norse.torch.functional.lif import (  # pyright: ignore[reportMissingImports]
    LIFFeedForwardState,
    LIFParameters,
    lif_feed_forward_step,
)

VERSION = norse.__version__


class Simulator:
    """One network, float64, without gradients."""

    def __init__(self, case):
        """Build.

        Args:
            case: The network.
        """
        torch.set_grad_enabled(False)
        torch.set_num_threads(1)
        torch.set_default_dtype(torch.float64)
        self.case, n = case, len(case.bias)
        places = torch.tensor(np.stack([case.target.astype(int), case.source.astype(int)]))
        self.weights = torch.sparse_coo_tensor(places, torch.tensor(case.weight), (n, n)).to_sparse_csr()
        self.parameters = LIFParameters(
            tau_syn_inv=torch.tensor(1e3 / case.tau_s),
            tau_mem_inv=torch.tensor(1e3 / case.tau),
            v_leak=torch.zeros(()),
            v_th=torch.ones(()),
            v_reset=torch.zeros(()),
        )
        self.spikes = torch.zeros(n)
        self.state = LIFFeedForwardState(v=torch.tensor(case.initial), i=torch.zeros(n))
        self.bias = torch.tensor(case.bias)
        # what is put in decays like a spike: a constant current is kept up by what it loses in a step
        self.keep = case.dt / case.tau_s
        self.state = LIFFeedForwardState(v=self.state.v, i=(1.0 - self.keep) * self.bias)

    def _step(self, x):
        arriving = torch.mv(self.weights, self.spikes)
        self.spikes, self.state = lif_feed_forward_step(
            arriving + self.keep * x, self.state, self.parameters, dt=self.case.dt / 1e3
        )

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        counted = 0.0
        for _ in range(steps):
            self._step(self.bias)
            counted += float(self.spikes.sum())
        return steps, self.state.v.numpy(), counted

    def open(self, steps):
        """Many steps in one call."""
        for _ in range(steps):
            self._step(self.bias)

    def closed(self, steps):
        """One call a step, with new input."""
        rows = self.case.inputs + self.case.bias
        for k in range(steps):
            self._step(torch.from_numpy(rows[k % len(rows)]))
            self.y = self.spikes.numpy()
