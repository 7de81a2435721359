"""The readable reference: the vectorised step in numpy, each line an equation of `program.py`.

Sums run in the order of the arrays (`np.add.at` adds one after the other), so runs reproduce.
"""

import numpy as np

from sns_mujoco.backends.model import Floats, Model
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.vectorised.arrays import arrays, parts
from sns_mujoco.backends.vectorised.operations import NumpyOperations
from sns_mujoco.backends.vectorised.step import prepared, step


class NumpyModel(Model):
    """A nervous system stepped by numpy."""

    def __init__(self, program: Program) -> None:
        """Start at the initial state."""
        super().__init__(program)
        self._arrays = prepared(arrays(program, self.layout))
        self._parts = {name: self._state[place] for name, place in parts(self.layout).items()}

    def _run(self, x: Floats, y: Floats) -> None:
        xp, state = NumpyOperations(), self._parts
        with np.errstate(all="ignore"):  # a lost potential shows in the results
            for row, out in zip(x, y, strict=True):
                state, out[:] = step(xp, self._arrays, state, row)
        for name, part in self._parts.items():
            part[:] = state[name]
