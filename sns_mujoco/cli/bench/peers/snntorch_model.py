"""snnTorch's `Leaky` with sparse recurrent weights (CSR) and an exponential current: a Python loop either way.

snnTorch scales no current by dt / tau and resets a potential in the step after its spike, so its potentials right after
a spike differ and are compared by the rate.
"""

import numpy as np
import snntorch  # pyright: ignore[reportMissingImports]
import torch  # pyright: ignore[reportMissingImports]

VERSION = snntorch.__version__


class Simulator:
    """One network, without gradients; float32, as the cell makes its spikes so."""

    def __init__(self, case):
        """Build.

        Args:
            case: The network.
        """
        torch.set_grad_enabled(False)
        torch.set_num_threads(1)
        self.case, n = case, len(case.bias)
        step = case.dt / case.tau
        places = torch.tensor(np.stack([case.target.astype(int), case.source.astype(int)]))
        self.weights = torch.sparse_coo_tensor(places, _single(case.weight * step), (n, n)).to_sparse_csr()
        self.cell = snntorch.Leaky(beta=1.0 - step, threshold=1.0, reset_mechanism="zero")
        self.keep = 1.0 - case.dt / case.tau_s
        self.current, self.spikes = torch.zeros(n), torch.zeros(n)
        self.potential = _single(case.initial)
        self.bias = _single(case.bias * step)
        self.rows = ((case.bias + case.inputs) * step).astype(np.float32)

    def _step(self, x):
        self.current = self.keep * self.current + torch.mv(self.weights, self.spikes)
        self.spikes, self.potential = self.cell(self.current + x, self.potential)

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        counted = 0.0
        for _ in range(steps):
            self._step(self.bias)
            counted += float(self.spikes.sum())
        return steps, self.potential.numpy(), counted

    def open(self, steps):
        """Many steps in one call."""
        for _ in range(steps):
            self._step(self.bias)

    def closed(self, steps):
        """One call a step, with new input."""
        rows = self.rows
        for k in range(steps):
            self._step(torch.from_numpy(rows[k % len(rows)]))
            self.y = self.spikes.numpy()


def _single(array):
    return torch.tensor(array, dtype=torch.float32)
