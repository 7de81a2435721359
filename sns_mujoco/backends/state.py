"""Where everything that a nervous system remembers lies in one flat vector, the same for every backend.

A state taken from one backend continues in another, and the native plugin keeps exactly this vector in
`mjData.plugin_state`.
"""

from dataclasses import dataclass

import numpy as np

from sns_mujoco.backends.program import Floats, Indices, Program


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLayout:
    """Slices of the state vector of one `Program`.

    The spikes of the last steps are kept in one ring per spiking neuron, as long as its longest synaptic delay
    plus one (absent where no delay is longer than zero): the spike of step n lies at `n % ring_depth[s]`.
    """

    potential: slice  # [N] mV
    threshold: slice  # [S] mV
    spike: slice  # [S] 1.0 where the neuron spiked in the last step
    refractory: slice  # [S] steps still to be held at the reset potential
    gate: slice  # [2 * K] b of every channel, then c
    conductance: slice  # [Q] uS, of the spiking synapses
    ring: slice  # [sum of ring_depth] 1.0 where a spike is in flight
    step: slice  # [1] steps done since the reset
    ring_depth: Indices  # [S]
    ring_start: Indices  # [S], counted from the start of `ring`
    size: int

    @classmethod
    def of(cls, program: Program) -> "StateLayout":
        """Lay out the state of a program."""
        spiking = len(program.spiking_neuron)
        longest = np.zeros(spiking, np.int64)
        np.maximum.at(longest, program.spiking_source, program.spiking_delay)
        depth = np.where(longest > 0, longest + 1, 0)
        sizes = {
            "potential": program.n_neurons,
            "threshold": spiking,
            "spike": spiking,
            "refractory": spiking,
            "gate": program.initial_gate.size,
            "conductance": len(program.spiking_source),
            "ring": int(depth.sum()),
            "step": 1,
        }
        ends = np.cumsum(list(sizes.values())).tolist()
        starts = [0, *ends[:-1]]
        return cls(
            **{name: slice(a, b) for name, a, b in zip(sizes, starts, ends, strict=True)},
            ring_depth=depth.astype(np.uint32),
            ring_start=(np.cumsum(depth) - depth).astype(np.uint32),
            size=ends[-1],
        )

    def initial(self, program: Program) -> Floats:
        """State of an animal at rest at its initial potentials: float64 [size]."""
        state = np.zeros(self.size)
        state[self.potential] = program.initial_potential
        state[self.threshold] = program.initial_threshold
        state[self.gate] = program.initial_gate.ravel()
        return state

    def after_reset(self, program: Program, state: Floats) -> Floats:
        """State that follows a reset: the initial one, or what SNS-Toolbox's partial reset leaves of it."""
        fresh = self.initial(program)
        if program.reset_keeps_synapses:
            for kept in (self.conductance, self.ring, self.step):
                fresh[kept] = state[kept]
        return fresh
