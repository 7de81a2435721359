"""Pushes that come in an individual's life: when each begins and ends follows from its seed and the time alone."""

from typing import TYPE_CHECKING

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError, unknown_name
from sns_mujoco.learning.fitness.pushes import Push

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

NEVER = np.iinfo(np.int64).max


class Shoves:
    """All pushes of a population. The force on a body that is pushed is written here and nowhere else."""

    def __init__(self, pushes: list[tuple[int, Push]], population: "Population", stream: int) -> None:
        """Prepare pushes, each with its place among what is drawn, of which and of `stream` its seeds are made.

        Raises:
            UnknownNameError: There is no such body.
            ParameterError: None is named, and the animal has no torso.
        """
        self._population = population
        self._dt = float(population.model.opt.timestep)
        self._plans = [_Plan(push, place, stream, population, self._dt) for place, push in pushes]
        self._bodies = sorted({plan.body for plan in self._plans})

    def act(self, ids: NDArray[np.int32] | None) -> int:
        """Write the forces of now; after how many physics steps some change."""
        population = self._population
        rows = np.arange(population.n) if ids is None else ids
        step = np.rint(population.time[rows] / self._dt).astype(np.int64)
        applied = population.data.bind("xfrc_applied")
        applied[np.ix_(rows, self._bodies)] = 0.0
        wait = NEVER
        for plan in self._plans:
            begin, end, force, until = plan.at(rows, step)
            now = (begin <= step[:, None]) & (step[:, None] < end)
            applied[rows, plan.body, :3] += (now[..., None] * force).sum(axis=1)
            following = np.where(begin > step[:, None], begin, np.where(end > step[:, None], end, NEVER))
            following = np.minimum(following.min(axis=1, initial=NEVER), until)
            wait = min(wait, int((following - step).min()))
        return wait


class _Plan:
    """When and how a push acts on every individual, in physics steps; those of one period are known at a time."""

    def __init__(self, push: Push, place: int, stream: int, population: "Population", dt: float) -> None:
        self._push, self._place, self._stream, self._population, self._dt = push, place, stream, population, dt
        name = push.body or (population.animal.torso if population.animal is not None else "")
        if not name:
            raise ParameterError("a push names no body, and the animal has no torso; give it one")
        self.body = mujoco.mj_name2id(population.model, mujoco.mjtObj.mjOBJ_BODY, name)
        if self.body < 0:
            bodies = [population.model.body(i).name for i in range(1, population.model.nbody)]
            raise unknown_name("body", name, bodies, "the animal")
        self._period = max(1, round(push.every / dt)) if push.every is not None else NEVER
        width = len(push.at) or 1
        self._begin, self._end = np.zeros((2, population.n, width), np.int64)
        self._force = np.zeros((population.n, width, 3))
        self._seed, self._turn = np.full((2, population.n), -1, np.int64)

    def at(self, rows: NDArray, step: NDArray[np.int64]) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        """Beginnings and ends [m, W], forces [m, W, 3], N, and until when they are known [m]."""
        turn = step // self._period
        seeds = self._population.seeds[rows]
        stale = np.flatnonzero((seeds != self._seed[rows]) | (turn != self._turn[rows]))
        for i in stale.tolist():
            self._draw(int(rows[i]), int(seeds[i]), int(turn[i]))
        until = NEVER if self._period == NEVER else (turn + 1) * self._period
        return self._begin[rows], self._end[rows], self._force[rows], np.broadcast_to(until, step.shape)

    def _draw(self, individual: int, seed: int, turn: int) -> None:
        random = np.random.default_rng((seed, self._stream, self._place, turn))
        windows = self._push.draw(random, settle=0.0, seconds=self._push.every or 0.0, frame=self._dt)
        first = 0 if self._period == NEVER else turn * self._period
        for column, window in enumerate(windows):
            self._begin[individual, column] = first + window.begin
            self._end[individual, column] = first + window.end
            self._force[individual, column] = window.force
        self._seed[individual], self._turn[individual] = seed, turn
