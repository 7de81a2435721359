"""The fast backend: the compiled step over flat buffers."""

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.backends.model import Floats, Model, floats
from sns_mujoco.backends.native.entry import call, publish, run
from sns_mujoco.backends.native.pack import pack
from sns_mujoco.backends.program import Program


class NumbaModel(Model):
    """A nervous system stepped by compiled code."""

    def __init__(self, program: Program) -> None:
        """Start at the initial state."""
        super().__init__(program)
        packed = pack(program)
        self._structure, self._parameters = packed.structure, packed.parameters
        self._work = np.zeros(packed.scratch)
        self._n_outputs = program.n_outputs
        publish()

    def __call__(self, x: ArrayLike | None = None) -> Floats:
        """Advance by one step; see `Model`. Written out because half a microsecond counts here."""
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
        run(self._structure, self._parameters, self._state, self._work, x, y)
