"""The wiring of a nervous system inside a model, and where the numbers of its adapters stand."""

from dataclasses import dataclass

import mujoco
import numpy as np

from sns_mujoco.adapters.native.layout import (
    BEND_WIDTH,
    CODE_WIDTH,
    FACTOR_WIDTH,
    LIMITS,
    MOTOR_NUMBERS,
    MOTOR_WIDTH,
    RAMP_WIDTH,
    ROW_WIDTH,
    TERM_WIDTH,
    Bend,
    Row,
    padded,
)
from sns_mujoco.cosim.block import HEADER, Wire
from sns_mujoco.cosim.brain import Brain, attribute
from sns_mujoco.cosim.parameters.columns import Places


@dataclass(frozen=True, slots=True)
class Wired:
    """The wiring of a nervous system inside a model; see `block.py`.

    Attributes:
        counts: The header [len(Wire)].
        afferents: Rows of afferents [A, ROW_WIDTH].
        motors: Rows of motor terms [T, MOTOR_WIDTH].
        curves: Rows of curves [C, BEND_WIDTH].
        numbers: Place in `numeric_data` where the numbers of the nervous system begin.
    """

    counts: Places
    afferents: Places
    motors: Places
    curves: Places
    numbers: int

    def ramp(self, number: int, afferent: int) -> int:
        """Place of a number (`Ramp`) of an afferent."""
        return self._ramps + padded(len(self.afferents)) * number + afferent

    def factor(self, number: int, term: int) -> int:
        """Place of a number (`Factor`) of a term."""
        return self._factors + FACTOR_WIDTH * term + number

    def gain(self, number: int, motor: int) -> int:
        """Place of one of the three numbers of a motor term."""
        return self._gains + padded(len(self.motors)) * number + motor

    def base(self, slot: int) -> int:
        """Place of the control of a driven actuator while its motor neurons rest."""
        return self._limits + slot

    def extra(self, place: int) -> int:
        """Place of one of the further numbers."""
        return self._limits + 3 * self._count(Wire.SLOTS) + place

    def curve(self, curve: int, parameter: int) -> int:
        """Place of a parameter of a curve."""
        return self.extra(int(self.curves[curve, Bend.EXTRA]) + LIMITS + parameter)

    def term(self, afferent: int, rank: int) -> int:
        """One of the terms of an afferent, counted through all of them."""
        return int(self.afferents[afferent, Row.FIRST]) + rank

    def _count(self, wire: Wire) -> int:
        return int(self.counts[wire])

    @property
    def _ramps(self) -> int:
        return self.numbers + self._count(Wire.PARAMETERS) + self._count(Wire.INITIAL) + 2

    @property
    def _factors(self) -> int:
        return self._ramps + RAMP_WIDTH * padded(len(self.afferents))

    @property
    def _gains(self) -> int:
        return self._factors + FACTOR_WIDTH * self._count(Wire.TERMS)

    @property
    def _limits(self) -> int:
        return self._gains + MOTOR_NUMBERS * padded(len(self.motors))


def read_wiring(model: mujoco.MjModel, brain: Brain) -> Wired:
    """The wiring of a nervous system, from the configuration of its plugin instance."""
    wiring = np.array(attribute(model, brain, "wiring").split(), np.int64)
    counts, rest = wiring[:HEADER], wiring[HEADER:]

    def table(start: int, rows: Wire, width: int) -> Places:
        return rest[start : start + int(counts[rows]) * width].reshape(-1, width)

    afferents = table(0, Wire.AFFERENTS, ROW_WIDTH)
    at = afferents.size + TERM_WIDTH * int(counts[Wire.TERMS])
    motors = table(at, Wire.MOTORS, MOTOR_WIDTH)
    curves = len(rest) - CODE_WIDTH * int(counts[Wire.CODE]) - BEND_WIDTH * int(counts[Wire.CURVES])
    field = model.numeric(brain.name)
    return Wired(counts, afferents, motors, table(curves, Wire.CURVES, BEND_WIDTH), int(model.numeric_adr[field.id]))
