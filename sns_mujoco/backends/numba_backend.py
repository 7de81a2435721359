"""The fast backend: the compiled step over flat buffers."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.backends.model import Floats, Model, floats
from sns_mujoco.backends.native.entry import call, phase, publish, run
from sns_mujoco.backends.native.pack import pack
from sns_mujoco.backends.native.sections import THREADS
from sns_mujoco.backends.native.step import BEGIN, END, SHARE
from sns_mujoco.backends.program import Program
from sns_mujoco.errors import NetworkError

SHARED_FROM = 300_000  # graded synapses from which a second thread is worth its 30 microseconds a step


class NumbaModel(Model):
    """A nervous system stepped by compiled code.

    Attributes:
        threads: Threads that share a step; the results are the same, bit for bit, for every number of them.
    """

    def __init__(self, program: Program, threads: int | None = None) -> None:
        """Start at the initial state.

        Args:
            program: What to step.
            threads: Threads that share the graded synapses of a step; if left out, one, and the machine's for networks
                of more than `SHARED_FROM` of them.

        Raises:
            NetworkError: The number of threads is none.
        """
        super().__init__(program)
        if threads is None:
            threads = min(os.cpu_count() or 1, THREADS) if len(program.graded_source) >= SHARED_FROM else 1
        if isinstance(threads, bool) or not isinstance(threads, int | np.integer) or not 1 <= threads <= THREADS:
            raise NetworkError(f"threads is {threads!r}; give a whole number from 1 to {THREADS}")
        publish()
        packed = pack(program)
        self._structure, self._parameters = packed.structure, packed.parameters
        self._work = np.zeros(packed.scratch)
        self._n_outputs = program.n_outputs
        self.threads = int(threads)
        self._pool = ThreadPoolExecutor(self.threads - 1, "sns_mujoco") if self.threads > 1 else None

    def __call__(self, x: ArrayLike | None = None) -> Floats:
        """Advance by one step; see `Model`. Written out because half a microsecond counts here."""
        if self._pool is not None:
            return super().__call__(x)
        if x is None:
            row = self._silence
        else:
            # one layout only: every other one would be compiled anew
            plain = type(x) is np.ndarray and x.dtype == np.float64 and x.flags.carray
            row = x if plain else floats("x", x)
            if row.shape != self._silence.shape:
                return super().__call__(x)  # which says what is wrong
        y = np.empty(self._n_outputs)
        if not call(self._structure, self._parameters, self._state, self._work, row, y):
            return super().__call__(x)  # which says what is wrong
        return y

    def _run(self, x: Floats, y: Floats) -> None:
        if self._pool is None:
            run(self._structure, self._parameters, self._state, self._work, x, y)
            return
        for row, out in zip(x, y, strict=True):
            self._phase(row, out, BEGIN, 0)
            others = [self._pool.submit(self._phase, row, out, SHARE, k) for k in range(1, self.threads)]
            self._phase(row, out, SHARE, 0)
            for other in others:
                other.result()
            self._phase(row, out, END, 0)

    def _phase(self, x: Floats, y: Floats, which: int, thread: int) -> None:
        phase(self._structure, self._parameters, self._state, self._work, x, y, which, thread, self.threads)
