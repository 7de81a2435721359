"""Many states of one network in one call of compiled code."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.backends.model import Floats, floats, named_inputs, require_finite
from sns_mujoco.backends.native.entry import publish, run
from sns_mujoco.backends.native.lanes import WIDTH, runner
from sns_mujoco.backends.native.pack import pack
from sns_mujoco.backends.native.pack_graded import taps_of
from sns_mujoco.backends.program import OutputKind, Program
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.errors import NetworkError

TOGETHER = 64  # states whose lanes lie side by side


class NumbaBatch:
    """States of one network, stepped together: `y = batch(x)` with x [B, M] and y [B, O].

    Every state goes its own way, with the same bits as in a model of its own, whatever the number of threads.

    Attributes:
        program: What it steps.
        layout: Where everything lies in a state.
        choice: Which backend it has, and why, where `Network.compile` made it.
        size: Number of states, B.
        threads: Threads that share them.
    """

    def __init__(self, program: Program, size: int, threads: int | None = None) -> None:
        """Start every state at the initial one, with seeds 0, 1, 2 and so on.

        Args:
            program: What to step.
            size: Number of states.
            threads: Threads that share them; the machine's, but no more than it takes, if left out.

        Raises:
            NetworkError: A number is not a positive whole one.
        """
        for name, value in (("batch", size), ("threads", 1 if threads is None else threads)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise NetworkError(f"{name} is {value!r}; give a whole number of 1 or more")
        self.program, self.layout, self.size = program, StateLayout.of(program), int(size)
        self._groups = [
            _Lanes(program, self.layout, count) if _fits_lanes(program) else _OneByOne(program, self.layout, count)
            for count in _shares(self.size)
        ]
        self.threads = min(threads or os.cpu_count() or 1, len(self._groups))
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.reset()

    def __call__(self, x: ArrayLike | None = None) -> Floats:
        """Advance every state by one step.

        Args:
            x: Input [B, M], nA; zero if left out.

        Returns:
            Output after the step [B, O], float64.

        Raises:
            NetworkError: x has another shape, or is not finite.
        """
        wanted = (self.size, self.program.n_inputs)
        rows = np.zeros(wanted) if x is None else floats("x", x)
        if rows.shape != wanted:
            raise NetworkError(f"x has shape {rows.shape}; give {wanted}: {named_inputs(self.program)}")
        return self._advance(rows[None])[0]

    def run(self, x: ArrayLike) -> Floats:
        """Advance every state by many steps.

        Args:
            x: Input of every step and state [T, B, M], nA.

        Returns:
            Output after every step [T, B, O], float64.

        Raises:
            NetworkError: x has another shape, or is not finite.
            DivergenceError: A potential is no longer finite at the end.
        """
        rows = floats("x", x)
        wanted = (self.size, self.program.n_inputs)
        if rows.ndim != 3 or rows.shape[1:] != wanted:
            raise NetworkError(f"x has shape {rows.shape}; give [steps, {wanted[0]}, {wanted[1]}]")
        y = self._advance(rows)
        for group in self._groups:
            if not np.isfinite(group.potentials).all():
                lost = next(state for state in group.states if not np.isfinite(state[self.layout.potential]).all())
                require_finite(self.program, lost[self.layout.potential], lost[self.layout.step][0])
        return y

    def reset(self, seeds: ArrayLike | None = None) -> None:
        """Set every state to the initial one; seeds [B] are 0, 1, 2 and so on if left out."""
        given = np.arange(self.size) if seeds is None else np.asarray(seeds)
        if given.shape != (self.size,) or given.dtype.kind not in "iu" or (given < 0).any():
            raise NetworkError(f"seeds is {seeds!r}; give {self.size} whole numbers of 0 or more")
        self.states = np.stack([self.layout.initial(self.program, int(seed)) for seed in given])

    @property
    def states(self) -> Floats:
        """Everything that is remembered, a copy [B, state]; each as `StateLayout` says."""
        return np.concatenate([group.states for group in self._groups])

    @states.setter
    def states(self, value: ArrayLike) -> None:
        rows = floats("states", value)
        if rows.shape != (self.size, self.layout.size):
            raise NetworkError(f"states has shape {rows.shape}; give {(self.size, self.layout.size)}")
        first = 0
        for group in self._groups:
            group.states = rows[first : first + group.size]
            first += group.size

    @property
    def potentials(self) -> Floats:
        """Membrane potentials, a copy [B, N], mV."""
        return self.states[:, self.layout.potential]

    def _advance(self, x: Floats) -> Floats:
        if not np.isfinite(x).all():
            bad = self.program.input_names[int(np.argwhere(~np.isfinite(x))[0][2])]
            raise NetworkError(f"x is not finite at input {bad!r}; give finite currents")
        y = np.empty((*x.shape[:2], self.program.n_outputs))
        ends = np.cumsum([group.size for group in self._groups]).tolist()
        parts = [slice(end - group.size, end) for end, group in zip(ends, self._groups, strict=True)]
        jobs = [(group, x[:, part], y[:, part]) for group, part in zip(self._groups, parts, strict=True)]
        if self._pool is None:
            for group, own, out in jobs:
                group.run(own, out)
        else:
            list(self._pool.map(lambda job: job[0].run(job[1], job[2]), jobs))
        return y


def _shares(size: int) -> list[int]:
    return [min(TOGETHER, size - first) for first in range(0, size, TOGETHER)]


def _fits_lanes(program: Program) -> bool:
    """Whether the network has nothing that must be looked at state by state."""
    p = program
    absent = (p.spiking_neuron, p.receptors.kind, p.weighted.source, p.noise.neuron, p.equations)
    return not p.exponential and not any(map(len, absent)) and bool((p.output_kind == OutputKind.VOLTAGE).all())


class _Lanes:
    """Up to `TOGETHER` states with their lanes side by side."""

    def __init__(self, program: Program, layout: StateLayout, size: int) -> None:
        p, lanes = program, -(-size // WIDTH) * WIDTH
        self.size, self._layout, self._lanes = size, layout, lanes
        self._rest = np.zeros((size, layout.size))  # what of the states has no lanes: clock and seed
        taps, tap = taps_of(p)
        low, high = p.graded_e_lo[taps], p.graded_e_hi[taps]
        self._total = np.zeros((p.n_neurons, lanes))
        self._activation = np.zeros((len(taps), lanes))
        self._arguments = (
            (p.membrane_factor, p.leak_conductance, p.resting_potential, p.bias),
            (p.input_element, p.input_neuron, p.input_weight, p.output_index),
            (
                p.graded_row, p.graded_source[taps], low, 1.0 / (high - low), tap.astype(np.uint32),
                p.graded_conductance, p.graded_reversal,
            ),
            (p.junction_row, p.junction_other, p.junction_rule, p.junction_conductance),
            (
                p.channel_row, p.channel_conductance, p.channel_reversal, p.gate_power, p.gate_k, p.gate_slope,
                p.gate_midpoint, p.gate_factor, p.gate_tau_rule,
            ),
        )  # fmt: skip

    def run(self, x: Floats, y: Floats) -> None:
        runner()(self._v, self._gate, self._total, self._activation, x, y, *self._arguments)
        self._rest[:, self._layout.step] += len(x)

    @property
    def potentials(self) -> Floats:
        return self._v

    @property
    def states(self) -> Floats:
        states = self._rest.copy()
        states[:, self._layout.potential] = self._v[:, : self.size].T
        states[:, self._layout.gate] = self._gate[:, : self.size].T
        return states

    @states.setter
    def states(self, value: Floats) -> None:
        self._rest[:] = value
        spare = ((0, 0), (0, self._lanes - self.size))  # lanes without a state follow the last one
        self._v = np.pad(value[:, self._layout.potential].T, spare, mode="edge")
        self._gate = np.pad(value[:, self._layout.gate].T, spare, mode="edge")


class _OneByOne:
    """Up to `TOGETHER` states, each stepped on its own."""

    def __init__(self, program: Program, layout: StateLayout, size: int) -> None:
        publish()
        self.size, self._packed = size, pack(program)
        self._work = np.zeros(self._packed.scratch)
        self._states, self._potential = np.zeros((size, layout.size)), layout.potential

    def run(self, x: Floats, y: Floats) -> None:
        for k, state in enumerate(self._states):
            out = np.empty((len(x), y.shape[2]))
            own = np.ascontiguousarray(x[:, k])
            run(self._packed.structure, self._packed.parameters, state, self._work, own, out)
            y[:, k] = out

    @property
    def potentials(self) -> Floats:
        return self._states[:, self._potential]

    @property
    def states(self) -> Floats:
        return self._states.copy()

    @states.setter
    def states(self, value: Floats) -> None:
        self._states[:] = value
