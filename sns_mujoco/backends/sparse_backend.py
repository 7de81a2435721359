"""The sparse backend: torch, with sums over synapses as products of sparse matrices, for large networks."""

from typing import Any

from sns_mujoco.backends.program import Program
from sns_mujoco.backends.torch_backend import TorchModel
from sns_mujoco.backends.vectorised import sparse
from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.step import Sums


class SparseModel(TorchModel):
    """A nervous system stepped by torch with sparse matrices; everything else is as in `TorchModel`."""

    def _arrays_of(self, program: Program, learned: set[str]) -> Arrays:
        made = super()._arrays_of(program, learned)
        sparse.add_patterns(made)
        own: dict[str, Any] = {"spiking": sparse.spiking}
        if not learned & {"graded_e_lo", "graded_e_hi"}:  # ramps that learn apart cannot be shared
            own["graded"] = sparse.graded
        if not len(program.short_term.use) and not len(program.plastic.event):
            sparse.add_event_pattern(made)
            own["events"] = sparse.events
        self.sums = Sums(**own)
        return made

    def _prepared(self, base: Arrays) -> Arrays:
        return sparse.with_values(super()._prepared(base))
