"""The parts of adapters that go by place: further numbers, curves with their code, and memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from sns_mujoco.adapters.gains import Equation, Gain
from sns_mujoco.adapters.native.layout import BEND_WIDTH, CODE_WIDTH, NONE
from sns_mujoco.backends.families import Op
from sns_mujoco.backends.program import Indices


@dataclass(slots=True)
class Store:
    """What afferents and efferents put away; see `adapters.native.layout`.

    Attributes:
        extras: Numbers, one lot after the other.
        memory: How many numbers adapters keep in the state.
        room: Physics steps that all delay lines have room for, so that delays are numbers; None: as many as there are.
        registers: How many the longest equation needs.
    """

    extras: list[float] = field(default_factory=list)
    memory: int = 0
    room: int | None = None
    registers: int = 0
    _bends: list[list[int]] = field(default_factory=list)
    _code: list[list[int]] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)

    def keep(self, numbers: Iterable[float]) -> int:
        """Place of numbers that are put away."""
        place = len(self.extras)
        self.extras += [float(number) for number in numbers]
        return place

    def remember(self, count: int) -> int:
        """Place of so many numbers of memory."""
        place = self.memory
        self.memory += count
        return place

    def line(self, steps: int) -> tuple[int, int]:
        """Physics steps in a delay line, and the place of the number that its delay is, or `NONE`."""
        return (steps, NONE) if self.room is None else (self.room, self.keep([steps]))

    def curve(self, gain: Gain | None) -> int:
        """Place of a curve, or `NONE` without one; adapters that share one share its numbers."""
        if gain is None:
            return NONE
        if id(gain) not in self._places:
            self._places[id(gain)] = len(self._bends)
            first = len(self._code)
            numbers = gain.numbers
            if isinstance(gain, Equation):
                for operation, operands in gain.instructions:
                    row = [int(Op[operation]), *operands]
                    self._code.append(row + [0] * (CODE_WIDTH - len(row)))
                self.registers = max(self.registers, len(self._code) - first)
            limits = (*(gain.limits or (0.0, 0.0)), *(gain.limit_outputs or (0.0, 0.0)))
            place = self.keep((*limits, *numbers))
            limited = int(gain.limits is not None)
            self._bends.append([int(gain.kind), limited, place, len(numbers), first, len(self._code)])
        return self._places[id(gain)]

    @property
    def curves(self) -> Indices:
        """Rows of curves, uint32 [C, BEND_WIDTH]."""
        return np.array(self._bends, np.uint32).reshape(-1, BEND_WIDTH)

    @property
    def code(self) -> Indices:
        """Instructions of equations, uint32 [I, CODE_WIDTH]."""
        return np.array(self._code, np.uint32).reshape(-1, CODE_WIDTH)
