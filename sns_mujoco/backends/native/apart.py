"""Numbers that stay apart in the packed buffers, and where each of them stands there.

`pack` keeps numbers once where neurons or synapses have the same; who wants to give each individual of a population its
own needs a place for each. So a program is packed with marks in the place of such numbers: every mark is another
number, so nothing of theirs is shared, and where a mark comes out, its number belongs. What packing works out of two
numbers (`DERIVED`) stands beside one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.entries import entries, with_entries
from sns_mujoco.backends.native.pack import Packed
from sns_mujoco.backends.native.pack_graded import inverse_widths
from sns_mujoco.backends.native.sections import Number
from sns_mujoco.backends.program import Floats, Program

Places = NDArray[np.int64]

FIRST_MARK = -(2.0**52)  # each further one is the next whole number below
COUNTED = "spiking_delay"  # whole numbers, which stand apart where the program has room for others
RAMP = ("graded_e_lo", "graded_e_hi")  # both or none stay apart
DERIVED = {"ramp_inverse": RAMP, "event_weight": ("events.weight", "receptors.gain")}
"""What packing works out, under names like those of arrays of the program, and the arrays that it takes."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Where numbers of one array of the program stand among the packed ones; a number may stand in several places.

    Attributes:
        entry: Which number of the array [m].
        place: Its place among the parameters and the initial state behind them [m].
    """

    entry: Places
    place: Places


class Marked:
    """A program with marks in the place of the numbers that are to stay apart.

    Attributes:
        program: With the marks.
    """

    def __init__(self, program: Program, paths: Iterable[str]) -> None:
        """Mark all numbers of some arrays.

        Args:
            program: With its numbers.
            paths: Of the arrays, as in `entries.py`.
        """
        self._numbers = {path: entries(program, path) for path in paths}
        self._starts = np.cumsum([0, *(len(numbers) for numbers in self._numbers.values())])
        marks = {
            path: FIRST_MARK - np.arange(start, start + len(numbers))
            for start, (path, numbers) in zip(self._starts.tolist(), self._numbers.items(), strict=False)
        }
        self._original = program
        self.program = with_entries(program, marks)

    def unmarked(self, packed: Packed, initial: Floats) -> tuple[Floats, dict[str, Spots]]:
        """Put the numbers into the places of their marks.

        Args:
            packed: What the marked program was packed to, possibly with further inputs.
            initial: Its initial state.

        Returns:
            Parameters and initial state, one behind the other, and where the numbers of each array stand in it.
        """
        numbers = np.append(packed.parameters, initial)
        derived = {}
        if RAMP[0] in self._numbers:
            derived["ramp_inverse"] = self._ramps(packed, numbers)
        if not self._numbers.keys().isdisjoint(DERIVED["event_weight"]):
            section = packed.sections[Number.EVENT_WEIGHT]
            derived["event_weight"] = Spots(
                np.arange(section.stop - section.start), np.arange(section.start, section.stop)
            )
        for name, spots in derived.items():
            numbers[spots.place] = self.derived[name][spots.entry]
        ahead = FIRST_MARK - numbers
        places = np.flatnonzero((ahead >= 0.0) & (ahead < self._starts[-1]))  # what lies beyond is a number as it is
        mark = ahead[places].astype(np.int64)
        spots = {}
        for path, start in zip(self._numbers, self._starts.tolist(), strict=False):
            own = (mark >= start) & (mark < start + len(self._numbers[path]))
            spots[path] = Spots(mark[own] - start, places[own])
        numbers[places] = np.concatenate([np.empty(0), *self._numbers.values()])[mark]
        if self._original.spiking_room:
            # each is a group of its own, sorted by source
            fan = np.argsort(self._original.spiking_source, kind="stable")
            derived[COUNTED] = Spots(fan, packed.sections[Number.LATE_DELAY].start + np.arange(len(fan)))
        return numbers, spots | derived

    @cached_property
    def derived(self) -> dict[str, Floats]:
        """What packing works out, by the names of `DERIVED`, each number in the order of the program's."""
        p = self._original
        return {
            "ramp_inverse": inverse_widths(p.graded_e_lo, p.graded_e_hi),
            "event_weight": p.receptors.gain[p.events.receptor] * p.events.weight,
        }

    def _ramps(self, packed: Packed, numbers: Floats) -> Spots:
        """Where the inverse widths of ramps stand: in the order of their lower ends."""
        lower, inverse = packed.sections[Number.RAMP_LO], packed.sections[Number.RAMP_INVERSE]
        start = self._starts[list(self._numbers).index(RAMP[0])]
        entry = (FIRST_MARK - numbers[lower]).astype(np.int64) - start
        return Spots(entry, np.arange(inverse.start, inverse.stop))
