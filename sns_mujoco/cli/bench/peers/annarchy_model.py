"""ANNarchy on one thread: `simulate` for many steps in one call, `step` for new input at every step."""

import ANNarchy as ann  # pyright: ignore[reportMissingImports]
import numpy as np
from scipy import sparse

VERSION = ann.__release__


class Simulator:
    """One network."""

    def __init__(self, case):
        """Build and compile.

        Args:
            case: The network.
        """
        self.case = case
        self.graded = case.kind == "nonspiking"
        self.network = ann.Network(dt=case.dt)
        self.network.config(num_threads=1)
        self.neurons = self.network.create(geometry=len(case.bias), neuron=_graded(case) if self.graded else _lif(case))
        if self.graded:
            # two kinds of synapses, each with one reversal potential, so that it is no number of every synapse
            for place, reversal in enumerate(np.unique(case.reversal)):
                self._connect(f"kind{place}", case.reversal == reversal, _graded_synapse(case, reversal))
        else:
            self._connect("exc", slice(None), None)
            self.spikes = self.network.monitor(self.neurons, "spike", start=False)
        self.network.compile(directory=f"annarchy-{case.kind}", silent=True)
        self.variable = "r" if self.graded else "v"
        self.neurons.bias = case.bias
        setattr(self.neurons, self.variable, case.initial)

    def _connect(self, target, which, synapse):
        case, n = self.case, len(self.case.bias)
        places = case.source[which].astype(int), case.target[which].astype(int)
        weights = sparse.csc_matrix((case.weight[which], places), shape=(n, n))
        options = {} if synapse is None else {"synapse": synapse}
        self.network.connect(self.neurons, self.neurons, target, **options).from_sparse(weights, storage_format="csr")

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        if self.graded:
            self.open(steps)
            return steps, self.neurons.r, 0
        self.spikes.start()
        self.open(steps)
        counted = sum(len(times) for times in self.spikes.get("spike").values())
        self.spikes.stop()
        return steps, self.neurons.v, counted

    def open(self, steps):
        """Many steps in one call."""
        # half a step less: the number of steps is rounded up
        self.network.simulate((steps - 0.5) * self.case.dt)

    def closed(self, steps):
        """One call a step, with new input."""
        network, neurons, rows, variable = self.network, self.neurons, self.case.inputs, self.variable
        for k in range(steps):
            neurons.x = rows[k % len(rows)]
            network.step()
            self.y = getattr(neurons, variable)


def _local(value=0.0):
    return ann.Parameter(value, locality="local")


def _graded(case):
    return ann.Neuron(
        parameters={
            "capacitance": float(case.capacitance), "leak": float(case.leak), "bias": _local(), "x": _local(),
        },
        equations=["capacitance * dr/dt = -leak * r + bias + x + sum(kind0) + sum(kind1)"],
    )  # fmt: skip


def _graded_synapse(case, reversal):
    # its `clip` becomes branches that potentials mispredict; this is clip((V - low) / span, 0, 1) without any
    share = "0.5 * (1.0 + abs((pre.r - low) / span) - abs((pre.r - low) / span - 1.0))"
    return ann.Synapse(
        parameters={"low": float(case.e_lo), "span": float(case.e_hi - case.e_lo), "reversal": float(reversal)},
        psp=f"w * {share} * (reversal - post.r)",
    )


def _lif(case):
    return ann.Neuron(
        parameters={"tau": float(case.tau), "tau_s": float(case.tau_s), "bias": _local(), "x": _local()},
        equations=["tau * dv/dt = bias + x + g_exc - v", "tau_s * dg_exc/dt = -g_exc"],
        spike="v > 1.0",
        reset="v = 0.0",
    )
