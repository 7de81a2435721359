"""Where everything that a nervous system remembers lies in one flat vector, the same for every backend.

A state taken from one backend continues in another, and the native plugin keeps exactly this vector in
`mjData.plugin_state`.
"""

from dataclasses import dataclass

import numpy as np

from sns_mujoco.backends.families import Rule
from sns_mujoco.backends.program import Floats, Indices, Program


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLayout:
    """Slices of the state vector of one `Program`; what does not start at zero comes first, the seed last.

    The spikes of the last steps are kept in one ring per spiking neuron, as long as its longest synaptic delay
    plus one (absent where no delay is longer than zero): the spike of step n lies at `n % ring_depth[s]`.

    What changes at events only is brought up to date when it is next needed: `plastic_time` and `short_time` say to
    the start of which step the traces, the eligibility and the resources hold.
    """

    potential: slice  # [N] mV
    threshold: slice  # [S] mV
    gate: slice  # [2 * K] b of every channel, then c
    variables: slice  # one group of equations after the other, [variables, count] each
    weight: slice  # [L] of the plastic event synapses
    graded_weight: slice  # of the weighted graded synapses that learn, in order
    noise: slice  # [Z] nA
    use: slice  # [T] u
    resource: slice  # [T] x
    spike: slice  # [S] 1.0 where the neuron spiked in the last step
    refractory: slice  # [S] steps still to be held at the reset potential
    conductance: slice  # [Q] uS, of the spiking synapses
    receptor: slice  # [2 * R] value g of every receptor, then rising stage h
    trace_pre: slice  # [L]
    trace_post: slice  # [L]
    slow_pre: slice  # [L]
    slow_post: slice  # [L]
    eligibility: slice  # [L]
    plastic_time: slice  # [L] step
    short_time: slice  # [T] step
    ring: slice  # [sum of ring_depth] 1.0 where a spike is in flight
    step: slice  # [1] steps done since the reset
    seed: slice  # [1] of the random numbers, a whole number of 0 or more
    ring_depth: Indices  # [S]
    ring_start: Indices  # [S], counted from the start of `ring`
    learning: Indices  # places in `weighted` of the synapses behind graded_weight
    initial_size: int  # length of the part that does not start at zero
    size: int

    @classmethod
    def of(cls, program: Program) -> "StateLayout":
        """Lay out the state of a program."""
        spiking = len(program.spiking_neuron)
        longest = np.zeros(spiking, np.int64)
        np.maximum.at(longest, program.spiking_source, np.maximum(program.spiking_delay, program.spiking_room))
        events = program.events
        sources = np.repeat(np.arange(spiking), np.diff(events.row.astype(np.int64)))
        np.maximum.at(longest, sources, events.delay)
        depth = np.where(longest > 0, longest + 1, 0)
        learning = np.flatnonzero(program.weighted.rule != Rule.FIXED)
        short, plastic = len(program.short_term.use), len(program.plastic.event)
        starting = {
            "potential": program.n_neurons,
            "threshold": spiking,
            "gate": program.initial_gate.size,
            "variables": sum(group.initial.size for group in program.equations),
            "weight": plastic,
            "graded_weight": len(learning),
            "noise": len(program.noise.neuron),
            "use": short,
            "resource": short,
        }
        sizes = starting | {
            "spike": spiking,
            "refractory": spiking,
            "conductance": len(program.spiking_source),
            "receptor": 2 * len(program.receptors.kind),
            "trace_pre": plastic,
            "trace_post": plastic,
            "slow_pre": plastic,
            "slow_post": plastic,
            "eligibility": plastic,
            "plastic_time": plastic,
            "short_time": short,
            "ring": int(depth.sum()),
            "step": 1,
            "seed": 1,
        }
        ends = np.cumsum(list(sizes.values())).tolist()
        starts = [0, *ends[:-1]]
        return cls(
            **{name: slice(a, b) for name, a, b in zip(sizes, starts, ends, strict=True)},
            ring_depth=depth.astype(np.uint32),
            ring_start=(np.cumsum(depth) - depth).astype(np.uint32),
            learning=learning.astype(np.uint32),
            initial_size=sum(starting.values()),
            size=ends[-1],
        )

    def initial(self, program: Program, seed: int = 0) -> Floats:
        """State of an animal at rest at its initial potentials: float64 [size]."""
        state = np.zeros(self.size)
        state[self.potential] = program.initial_potential
        state[self.threshold] = program.initial_threshold
        state[self.gate] = program.initial_gate.ravel()
        state[self.variables] = np.concatenate([np.empty(0), *(group.initial.ravel() for group in program.equations)])
        state[self.weight] = program.events.weight[program.plastic.event]
        state[self.graded_weight] = program.weighted.weight[self.learning]
        state[self.noise] = program.noise.initial
        state[self.use] = program.short_term.initial_use
        state[self.resource] = program.short_term.initial_resource
        state[self.seed] = seed
        return state

    def after_reset(self, program: Program, state: Floats, seed: int | None = None) -> Floats:
        """State that follows a reset: the initial one, or what SNS-Toolbox's partial reset leaves of it.

        The seed stays as it was unless one is given.
        """
        fresh = self.initial(program, int(state[self.seed][0]) if seed is None else seed)
        if program.reset_keeps_synapses:
            for kept in (self.conductance, self.receptor, self.ring, self.step):
                fresh[kept] = state[kept]
        return fresh
