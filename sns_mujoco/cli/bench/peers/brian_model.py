"""Brian2: C++ standalone for many steps in one call, cython with a network operation for new input at every step."""

import time

import brian2 as b2  # pyright: ignore[reportMissingImports]
import numpy as np

VERSION = b2.__version__

GRADED_NEURONS = """
dv/dt = (-leak*v + bias + x + current)/capacitance : 1
bias : 1 (constant)
x : 1
current : 1
"""
GRADED_SYNAPSES = """
g : 1 (constant)
reversal : 1 (constant)
current_post = g*clip((v_pre - e_lo)/(e_hi - e_lo), 0, 1)*(reversal - v_post) : 1 (summed)
"""
SPIKING_NEURONS = """
dv/dt = (bias + x + current - v)/tau : 1
dcurrent/dt = -current/tau_s : 1
bias : 1 (constant)
x : 1
count : integer
"""


class Simulator:
    """One network on one of Brian2's devices."""

    def __init__(self, case, device):
        """Build and compile.

        Args:
            case: The network.
            device: "cpp_standalone" or "cython".
        """
        self.case = case
        self.standalone = device == "cpp_standalone"
        b2.defaultclock.dt = case.dt * b2.ms
        if self.standalone:
            self.folder = f"brian2-{case.kind}"
            b2.set_device("cpp_standalone", directory=self.folder, build_on_run=False)
        else:
            b2.prefs.codegen.target = "cython"
        self.neurons, synapses = _describe(case)
        self.network = b2.Network(self.neurons, synapses)
        if self.standalone:
            self.network.run(case.built_steps * case.dt * b2.ms)
            b2.device.build(compile=True, run=False, directory=self.folder)
            return
        self.rows, self.calls, self.times = case.inputs, 0, []
        self.operation = b2.NetworkOperation(self._exchange, when="start")

    def _exchange(self):
        """What a controller does between steps: fetch the potentials, hand over the next input."""
        self.times.append(time.process_time())
        self.y = self.v.copy()
        self.x[:] = self.rows[self.calls % len(self.rows)]
        self.calls += 1

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, spikes."""
        if self.standalone:
            b2.device.run()
            steps = self.case.built_steps
        else:
            self.network.run(steps * self.case.dt * b2.ms)
        spikes = np.sum(self.neurons.count[:]) if self.case.kind == "spiking" else 0
        return steps, self.neurons.v[:], spikes

    def open(self, _):
        """Run the compiled program for as long as it was built for; Brian2 says how long its loop took."""
        b2.device.run()
        return self.case.built_steps, b2.device._last_run_time

    def closed(self, steps):
        """Run with new input in every step: the time from the first step on, without what `run` does before it."""
        if self.operation not in self.network.objects:
            self.network.add(self.operation)
        self.v = self.neurons.variables["v"].get_value()
        self.x = self.neurons.variables["x"].get_value()
        self.times.clear()
        self.network.run((steps + 1) * self.case.dt * b2.ms)
        return steps, self.times[-1] - self.times[0]


def _describe(case):
    n = len(case.bias)
    if case.kind == "nonspiking":
        scope = {name: getattr(case, name) for name in ("leak", "e_lo", "e_hi")}
        scope["capacitance"] = case.capacitance * b2.ms
        neurons = b2.NeuronGroup(n, GRADED_NEURONS, method="euler", namespace=scope)
        synapses = b2.Synapses(neurons, neurons, GRADED_SYNAPSES, namespace=scope)
    else:
        scope = {"tau": case.tau * b2.ms, "tau_s": case.tau_s * b2.ms}
        neurons = b2.NeuronGroup(
            n, SPIKING_NEURONS, threshold="v > 1", reset="v = 0; count += 1", method="euler", namespace=scope
        )
        synapses = b2.Synapses(neurons, neurons, "w : 1 (constant)", on_pre="current_post += w")
    synapses.connect(i=case.source.astype(int), j=case.target.astype(int))
    if case.kind == "nonspiking":
        synapses.g, synapses.reversal = case.weight, case.reversal
    else:
        synapses.w = case.weight
    neurons.v, neurons.bias = case.initial, case.bias
    return neurons, synapses
