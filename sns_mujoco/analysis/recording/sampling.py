"""Taking samples while an animal or a population is stepped."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording.feet import FootPlace
from sns_mujoco.analysis.recording.groups import CURRENTS, GROUND, SIGNALS, Group
from sns_mujoco.analysis.recording.selection import Clock
from sns_mujoco.cosim import engine
from sns_mujoco.cosim.tape import Tape, hung, slot_of
from sns_mujoco.errors import DivergenceError

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population
    from sns_mujoco.cosim.simulation import Simulation

Floats = NDArray[np.float64]
CHUNK = 500  # physics steps that are stepped in one call at most
IN_BATCHES = frozenset({SIGNALS, CURRENTS, GROUND})
"""What is read from memory that the individuals of a batch share: it cannot be told of each."""


class Sampler(Protocol):
    """What steps and samples; rows of each clock begin with the time, s."""

    def step(self, n: int) -> list[Floats]:
        """Advance by n physics steps; the rows of each clock, [rows, W] or [rows, individuals, W]."""
        ...

    def take(self) -> list[Floats]:
        """A row of what there is now, for each clock."""
        ...


class SimulationSampler:
    """Samples an animal by tapes that its last plugin instance runs, or from outside where that knows no tapes.

    Attributes:
        lost: After a step that raised a `DivergenceError`: the rows of each clock up to the last good step.
    """

    def __init__(self, simulation: "Simulation", clocks: Sequence[Clock], feet: Sequence[FootPlace]) -> None:
        """Make a tape for every clock."""
        self._simulation = simulation
        self._periods = [clock.period for clock in clocks]
        self._slot = slot_of(simulation.model, simulation.data)
        self._tapes = [self._tape(clock, feet) for clock in clocks]
        self.lost: list[Floats] = [np.empty((0, clock.width)) for clock in clocks]

    def step(self, n: int) -> list[Floats]:
        """Advance by n physics steps, at most `CHUNK`; the rows of each clock, [rows, W].

        Raises:
            DivergenceError: See `Simulation.step`.
        """
        simulation, tapes = self._simulation, self._tapes
        for tape, period in zip(tapes, self._periods, strict=True):
            tape.load((n + period - tape.due) // period)
        began = simulation.time
        try:
            if self._slot is None:
                for _ in range(n):
                    simulation.step()
                    for tape in tapes:
                        tape.count()
            else:
                with hung(self._slot, tapes):
                    simulation.step(n)
        except DivergenceError as error:
            self.lost = [_good(tape.taken, began, error.time) for tape in tapes]
            for tape in tapes:
                tape.rewind()
            raise
        return [tape.taken for tape in tapes]

    def take(self) -> list[Floats]:
        """A row of what there is now, for each clock, [1, W]; spikes are those of the last step."""
        return [tape.take()[np.newaxis] for tape in self._tapes]

    def _tape(self, clock: Clock, feet: Sequence[FootPlace]) -> Tape:
        data = self._simulation.data
        summed = [self._addresses(group) for group in clock.groups if group.summed]
        first = 4 * len(feet) if any(group.field == GROUND for group in clock.groups) else 0
        places, counted = [np.array([data._address + engine.mirror("mjData").time.offset])], 0
        for group in clock.groups:
            if group.summed:
                places.append(-1 - first - counted - np.arange(len(group.places)))
                counted += len(group.places)
            elif group.field == GROUND:
                places.append(-1 - group.places)
            else:
                places.append(self._addresses(group))
        return Tape(
            self._simulation.model, data, np.concatenate(places).astype(np.int64), every=clock.period,
            feet=[foot.geoms for foot in feet] if first else (),
            totals=np.concatenate(summed).astype(np.int64) if summed else None,
        )  # fmt: skip

    def _addresses(self, group: Group) -> NDArray[np.int64]:
        data = self._simulation.data
        if group.field in (SIGNALS, CURRENTS):
            brains = self._simulation.brains.values()
            starts = [
                address + 8 * np.arange(len(brain.afferents))
                for brain in brains
                for address in [(brain.signals_at if group.field == SIGNALS else brain.currents_at)(data)]
            ]
            return np.concatenate([*starts, np.empty(0, np.int64)]).astype(np.int64)[group.places]
        return np.asarray(getattr(data, group.field)).ctypes.data + 8 * group.places


class PopulationSampler:
    """Samples all individuals of a population after the steps at which a sample is due."""

    def __init__(self, population: "Population", clocks: Sequence[Clock]) -> None:
        """Bind what is read.

        Raises:
            ValueError: The individuals stand at different times.
        """
        self._population, self._clocks = population, clocks
        self._time, self._timestep = 0.0, population.model.opt.timestep
        self._look_at_time()
        self._due = [clock.period for clock in clocks]
        counted = [sum(len(group.places) for group in self._summed(clock)) for clock in clocks]
        self._totals = [np.zeros((population.n, count)) for count in counted]
        for clock in clocks:  # what is bound is filled in at every step
            for group in clock.groups:
                population.data.bind(group.field)

    def step(self, n: int) -> list[Floats]:
        """Advance by n physics steps; the rows of each clock, [rows, individuals, W], nan of those that failed.

        Raises:
            ValueError: The individuals stand at different times.
        """
        self._look_at_time()
        rows: list[list[Floats]] = [[] for _ in self._clocks]
        counts = any(total.shape[1] for total in self._totals)
        while n > 0:
            steps = 1 if counts else min(n, *self._due)
            self._population.step(steps)
            n -= steps
            for _ in range(steps):
                self._time += self._timestep  # as the engine adds it up
            for k, clock in enumerate(self._clocks):
                self._totals[k] += self._read(self._summed(clock))
                self._due[k] -= steps
                if self._due[k] == 0:
                    rows[k].append(self._row(k))
                    self._due[k] = clock.period
                    self._totals[k][:] = 0.0
        shape = [(0, self._population.n, clock.width) for clock in self._clocks]
        return [np.stack(r) if r else np.empty(s) for r, s in zip(rows, shape, strict=True)]

    def take(self) -> list[Floats]:
        """A row of what there is now, for each clock, [1, individuals, W]; spikes are those of the last step."""
        self._look_at_time()
        kept = [total.copy() for total in self._totals]
        for k, clock in enumerate(self._clocks):
            self._totals[k][:] = self._read(self._summed(clock))
        rows = [self._row(k)[np.newaxis] for k in range(len(self._clocks))]
        for total, before in zip(self._totals, kept, strict=True):
            total[:] = before
        return rows

    def _look_at_time(self) -> None:
        """The time at which all stand who live.

        Raises:
            ValueError: They stand at different times.
        """
        times = self._population.time[self._population.alive]
        if times.size and np.ptp(times) != 0.0:
            raise ValueError(
                f"the individuals stand at {times.min():g} to {times.max():g} s, and a recording has one time; reset "
                "them, or put them all at one time with restore"
            )
        if times.size:
            self._time = float(times[0])

    def _row(self, k: int) -> Floats:
        clock, population = self._clocks[k], self._population
        row = np.empty((population.n, clock.width))
        row[:, 0] = self._time
        start, counted = 1, 0
        for group in clock.groups:
            width = len(group.places)
            if group.summed:
                row[:, start : start + width] = self._totals[k][:, counted : counted + width]
                counted += width
            else:
                row[:, start : start + width] = self._read([group])
            start += width
        row[~population.alive, 1:] = np.nan
        return row

    def _read(self, groups: Sequence[Group]) -> Floats:
        n = self._population.n
        found = [self._population.data.bind(group.field).reshape(n, -1)[:, group.places] for group in groups]
        return np.concatenate(found, axis=1) if found else np.empty((n, 0))

    @staticmethod
    def _summed(clock: Clock) -> list[Group]:
        return [group for group in clock.groups if group.summed]


def _good(rows: Floats, began: float, ended: float) -> Floats:
    """Rows of steps that were good.

    Where the engine reset the animal, its time began anew; and what was lived again to find the culprit may be there a
    second time.
    """
    kept, last = 0, began
    for time in rows[:, 0]:
        if not last < time <= ended:
            break
        kept, last = kept + 1, time
    return rows[:kept]
