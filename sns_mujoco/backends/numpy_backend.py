"""The readable reference: one step in numpy, each line an equation of `program.py`.

Sums run in the order of the arrays (`np.add.at` adds one after the other), so runs reproduce.
"""

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.model import Floats, Model
from sns_mujoco.backends.program import OutputKind, Program, TauRule


class NumpyModel(Model):
    """A nervous system stepped by numpy."""

    def __init__(self, program: Program) -> None:
        """Start at the initial state."""
        super().__init__(program)
        p, s = program, self.layout
        self._graded_target = _targets(p.graded_row)
        self._spiking_target = _targets(p.spiking_row)
        self._junction_target = _targets(p.junction_row)
        self._channel_target = _targets(p.channel_row)
        self._v, self._theta = self._state[s.potential], self._state[s.threshold]
        self._spike, self._refractory = self._state[s.spike], self._state[s.refractory]
        self._gate = self._state[s.gate].reshape(2, -1)
        self._conductance, self._ring, self._clock = (
            self._state[s.conductance],
            self._state[s.ring],
            self._state[s.step],
        )

        self._silent = np.zeros(p.n_neurons)
        self._outputs = []
        for kind in np.unique(p.output_kind):
            elements = np.flatnonzero(p.output_kind == kind)
            self._outputs.append((OutputKind(kind), elements, p.output_index[elements]))

    def _run(self, x: Floats, y: Floats) -> None:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a lost potential shows in the results
            for row, out in zip(x, y, strict=True):
                self._step(row, out)

    def _step(self, x: Floats, y: Floats) -> None:
        p, v = self.program, self._v
        applied = np.zeros(p.n_neurons)
        np.add.at(applied, p.input_neuron, x[p.input_element])

        # graded and spiking chemical synapses
        total = np.zeros(p.n_neurons)
        open_share = np.clip((v[p.graded_source] - p.graded_e_lo) * (1.0 / (p.graded_e_hi - p.graded_e_lo)), 0.0, 1.0)
        graded = p.graded_conductance * open_share
        graded_current = graded * (p.graded_reversal - v[self._graded_target])
        np.add.at(total, self._graded_target, graded_current)
        self._conductance *= p.spiking_decay
        spiking_current = self._conductance * (p.spiking_reversal - v[self._spiking_target])
        np.add.at(total, self._spiking_target, spiking_current)

        if len(p.junction_other):
            np.add.at(total, self._junction_target, self._junction_currents())
        if len(p.channel_conductance):
            np.add.at(total, self._channel_target, self._channel_currents())

        new = v + p.membrane_factor * (p.bias + applied + total - p.leak_conductance * (v - p.resting_potential))
        if len(p.spiking_neuron):
            self._fire(new)
        self._clock += 1.0
        self._v[:] = new
        self._read(y, graded, graded_current, spiking_current)

    def _junction_currents(self) -> Floats:
        """Current of every electrical junction."""
        p, v = self.program, self._v
        difference = v[p.junction_other] - v[self._junction_target]
        conducts = np.choose(p.junction_rule, [np.full(difference.shape, True), difference > 0, difference < 0])
        return np.where(conducts, p.junction_conductance * difference, 0.0)

    def _channel_currents(self) -> Floats:
        """Current of every ion channel, after its gates b and c have been advanced."""
        p, at = self.program, self._v[self._channel_target]
        scaled = p.gate_k * np.exp(p.gate_slope * (p.gate_midpoint - at))
        steady = 1.0 / (1.0 + scaled)
        rate = np.where(
            p.gate_tau_rule == TauRule.CONSTANT, p.gate_factor, p.gate_factor / (steady[1:] * np.sqrt(scaled[1:]))
        )
        rate = np.where((p.gate_tau_rule == TauRule.LIMITED) & ~(rate < 1.0), 1.0, rate)
        self._gate += rate * (steady[1:] - self._gate)
        gates = steady[0] ** p.gate_power[0] * self._gate[0] ** p.gate_power[1] * self._gate[1] ** p.gate_power[2]
        return p.channel_conductance * gates * (p.channel_reversal - at)

    def _fire(self, new: Floats) -> None:
        """Thresholds, spikes, resets and the spikes' arrival at synapses."""
        p, s = self.program, self.program.spiking_neuron
        theta = self._theta + p.threshold_factor * (
            p.threshold_leak * (p.initial_threshold - self._theta)
            + p.threshold_proportionality * (self._v[s] - p.resting_potential[s])
        )
        held = self._refractory > 0
        spike = (new[s] > theta) & ~held
        self._refractory -= held
        self._refractory[spike] = p.refractory_steps[spike]
        new[s] = np.where(spike | held, p.reset_potential, new[s])
        self._theta[:] = np.where(spike, theta + np.maximum(p.threshold_increment, p.threshold_floor - theta), theta)
        self._spike[:] = spike

        now = int(self._clock[0])
        depth, start = self.layout.ring_depth.astype(np.int64), self.layout.ring_start.astype(np.int64)
        lines = depth > 0
        self._ring[start[lines] + now % depth[lines]] = spike[lines]
        arriving = spike[p.spiking_source].astype(float)
        late = np.flatnonzero(p.spiking_delay > 0)
        source = p.spiking_source[late]
        arriving[late] = self._ring[start[source] + (now - p.spiking_delay[late].astype(np.int64)) % depth[source]]
        self._conductance += np.where(
            arriving > 0, np.minimum(p.spiking_increment, p.spiking_conductance - self._conductance), 0.0
        )

    def _read(self, y: Floats, graded: Floats, graded_current: Floats, spiking_current: Floats) -> None:
        """Put every output element in its place."""
        sources = {
            OutputKind.VOLTAGE: self._v,
            OutputKind.SPIKE: self._spike,
            OutputKind.THRESHOLD: self._theta,
            OutputKind.GATE_B: self._gate[0],
            OutputKind.GATE_C: self._gate[1],
            OutputKind.GRADED_CONDUCTANCE: graded,
            OutputKind.GRADED_CURRENT: graded_current,
            OutputKind.SPIKING_CONDUCTANCE: self._conductance,
            OutputKind.SPIKING_CURRENT: spiking_current,
            OutputKind.ZERO: self._silent,
        }
        for kind, elements, index in self._outputs:
            y[elements] = sources[kind][index]


def _targets(row: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The neuron to which each entry of a sorted family belongs."""
    return np.repeat(np.arange(len(row) - 1), np.diff(row.astype(np.int64)))
