"""Where the tables of stimulators stand in a model, and their states in `mjData`."""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.rig.adding import RigRoom, stimulator_name
from sns_mujoco.cosim.rig.layout import HEAD, MEMORY, ROW, Head, Kind, Memory
from sns_mujoco.cosim.rig.plan import filled, table_size
from sns_mujoco.cosim.rig.rows import Row
from sns_mujoco.errors import ProtocolError


class Table:
    """The table of one stimulator.

    Attributes:
        brain: The nervous system that it belongs to.
        room: How much it holds.
        numbers: Slice of `numeric_data`.
        state: Slice of `plugin_state`.
    """

    def __init__(self, model: mujoco.MjModel, brain: Brain) -> None:
        """Find it in a model."""
        name = stimulator_name(brain.name)
        self.brain = brain
        field = model.numeric(name)
        instance = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_PLUGIN, name)
        rows = int(model.plugin_statenum[instance]) // MEMORY
        first, size = int(model.numeric_adr[field.id]), int(model.numeric_size[field.id])
        self.room = RigRoom(rows=rows, samples=size - HEAD - ROW * rows)
        self.numbers = slice(first, first + size)
        start = int(model.plugin_stateadr[instance])
        self.state = slice(start, start + int(model.plugin_statenum[instance]))

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Those of a plan's rows that are in this table, in their order."""
        return [row for row in rows if row.brain == self.brain.name]

    def fits(self, rows: Sequence[Row]) -> bool:
        """Whether there is room for rows."""
        needed = table_size(self.of(rows))
        return needed[0] <= self.room.rows and needed[1] <= self.room.samples

    def check(self, rows: Sequence[Row]) -> None:
        """Refuse what there is no room for.

        Raises:
            ProtocolError: Says how much room is needed.
        """
        if not self.fits(rows):
            needed = table_size(self.of(rows))
            raise ProtocolError(
                f"the protocol needs {needed[0]} rows and {needed[1]} samples, and the model has room for "
                f"{self.room.rows} and {self.room.samples}; build it with "
                f"rig=RigRoom(rows={max(needed[0], self.room.rows)}, samples={max(needed[1], self.room.samples)})"
            )

    def written(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        """The numbers of the table with these rows; those of other tables among them are left out."""
        own, samples = filled(self.of(rows))
        numbers = np.zeros(self.numbers.stop - self.numbers.start)
        numbers[Head.USED] = len(own)
        numbers[HEAD : HEAD + own.size] = own.ravel()
        first = HEAD + ROW * self.room.rows
        numbers[first : first + len(samples)] = samples
        return numbers

    def clear(
        self, state: NDArray[np.float64], userdata: NDArray[np.float64], rows: Sequence[Row], first: int = 0
    ) -> None:
        """End what rows are doing: commands return, electrodes bring nothing; and forget their state.

        Args:
            state: `plugin_state`, changed in place.
            userdata: `userdata`, changed in place.
            rows: Of the plan that the state is of.
            first: From which of them on.
        """
        memory = state[self.state].reshape(-1, MEMORY)[first:]
        for own, row in zip(memory, self.of(rows)[first:], strict=False):
            if row.kind == Kind.COMMAND and own[Memory.MARK] and userdata[row.target] == own[Memory.WRITTEN]:
                userdata[row.target] = own[Memory.KEPT]
            elif row.kind == Kind.CURRENT:
                userdata[row.target] = 0.0
        memory[:] = 0.0
