"""Strides of many animals at once: what `sns_mujoco.analysis.gait` measures of one, for whole populations.

Feet are columns: the strides of foot f of individual i stand in column i F + f. A column's touchdowns, strides and
phases are those of `analysis.gait`, bit for bit up to the order of sums.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def debounced(standing: Bools, shortest: int) -> Bools:
    """Stance [T, C] in which a foot swings, and then stands, for so many samples at least; see `gait.stance`."""
    if shortest < 2:
        return standing
    columns = np.ascontiguousarray(standing.T)
    for state in (False, True):
        _absorb(columns, state, shortest)
    return np.ascontiguousarray(columns.T)


def _absorb(columns: Bools, state: bool, shortest: int) -> None:
    """Give intervals [C, T] of a state that are too short, and lie between two others, to what surrounds them."""
    column, edge = np.nonzero(columns[:, 1:] != columns[:, :-1])
    start, end = edge[:-1] + 1, edge[1:] + 1
    short = (column[1:] == column[:-1]) & (end - start < shortest)
    where, start, end = column[:-1][short], start[short], end[short]
    chosen = columns[where, start] == state
    where, start, end = where[chosen], start[chosen], end[chosen]
    inside = np.zeros((columns.shape[0], columns.shape[1] + 1), np.int8)
    inside[where, start] += 1
    inside[where, end] -= 1
    columns[np.cumsum(inside[:, :-1], axis=1, dtype=np.int8) > 0] = not state


@dataclass(frozen=True, slots=True, kw_only=True)
class Strides:
    """All strides, from one touchdown of a foot to its next one.

    Attributes:
        column: Whose they are [S].
        start: Sample of the touchdown that begins them [S].
        end: Sample of the touchdown that ends them [S].
    """

    column: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchdowns:
    """When feet begin their stance, in the order of columns and then of time.

    Attributes:
        column: Whose they are [K].
        time: Samples [K].
        samples: How many samples there are.
    """

    column: Ints
    time: Ints
    samples: int

    @classmethod
    def of(cls, standing: Bools) -> "Touchdowns":
        """Those of feet [T, C]."""
        column, time = np.nonzero((~standing[:-1] & standing[1:]).T)
        return cls(column=column, time=time + 1, samples=len(standing))

    def strides(self) -> Strides:
        """The strides between them."""
        same = self.column[1:] == self.column[:-1]
        return Strides(column=self.column[:-1][same], start=self.time[:-1][same], end=self.time[1:][same])

    def phases(self, foot: int, reference: int, feet: int) -> tuple[Ints, Floats]:
        """When the touchdowns of a foot fall within the strides of another one of the same individual.

        Args:
            foot: Number of the foot among the feet of its animal.
            reference: Number of the other one.
            feet: How many feet an animal has.

        Returns:
            Individuals [P], and the phases, 0 to 1 [P].
        """
        own, other = self.column % feet == foot, self.column % feet == reference
        # one clock for all: individuals follow one another
        events = self.column[own] // feet * self.samples + self.time[own]
        marks = self.column[other] // feet * self.samples + self.time[other]
        if len(marks) < 2:
            return np.empty(0, np.intp), np.empty(0)
        before = np.searchsorted(marks, events, "right") - 1
        within = (before >= 0) & (before < len(marks) - 1)
        events, before = events[within], before[within]
        begin, end = marks[before], marks[before + 1]
        same = begin // self.samples == end // self.samples
        phases = (events[same] - begin[same]) / (end[same] - begin[same])
        return events[same] // self.samples, phases


def mean_per(individual: Ints, values: Floats, n: int) -> Floats:
    """Mean of values of individuals, [n]; nan where there is none."""
    count = np.bincount(individual, minlength=n)
    total = np.bincount(individual, weights=values, minlength=n)
    return np.divide(total, count, out=np.full(n, np.nan), where=count > 0)


def mean_phases(individual: Ints, phases: Floats, n: int) -> NDArray[np.complex128]:
    """Mean of exp(2 pi i phase) of individuals, [n]; nan where there is none."""
    angles = 2.0 * np.pi * phases
    return mean_per(individual, np.cos(angles), n) + 1j * mean_per(individual, np.sin(angles), n)


def time_in_stance(standing: Bools, strides: Strides) -> Ints:
    """Samples of each stride [S] in which its foot stands [T, C]."""
    stood = np.zeros((len(standing) + 1, standing.shape[1]), np.int32)
    np.cumsum(standing, axis=0, out=stood[1:])
    return (stood[strides.end, strides.column] - stood[strides.start, strides.column]).astype(np.intp)
