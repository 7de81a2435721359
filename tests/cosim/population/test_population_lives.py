"""Whatever is done to a population, in whatever order, each individual is as one animal to which the same is done."""

import copy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import sns_mujoco as sns
from sns_mujoco import models
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.errors import DivergenceError

N = 4
ANIMAL = models.load("antagonist_joint")
MODEL = ANIMAL.build(apart=True).compile()
some = st.lists(st.integers(0, N - 1), unique=True)
events = st.one_of(
    st.tuples(st.just("step"), some, st.integers(1, 9)),
    st.tuples(st.just("reset"), some, st.integers(0, 99)),
    st.tuples(st.just("command"), some, st.floats(0, 1)),
    st.tuples(st.just("branch"), some, st.integers(0, N - 1)),
    st.tuples(st.just("lose"), some, st.integers(0, 1)),
    st.tuples(st.just("change"), some, st.floats(-1, 1)),
    st.tuples(st.just("back"), some, st.just(0)),
)


class Alone:
    """The same individuals, one simulation each."""

    def __init__(self, seeds: list[int]) -> None:
        self.lives = [sns.Simulation(copy.copy(MODEL)) for _ in seeds]
        self.alive = [True] * N
        for i, seed in enumerate(seeds):
            self.reset([i], seed - i)
        self.kept = [self.one(i) for i in range(N)]

    def one(self, i: int) -> tuple:
        life = self.lives[i]
        return copy.copy(life.model), life.snapshot(), self.alive[i]

    def become(self, i: int, one: tuple) -> None:
        model, state, self.alive[i] = one
        self.lives[i] = sns.Simulation(copy.copy(model))
        self.lives[i].restore(state)

    def step(self, ids: list[int], n: int) -> None:
        for i in ids:
            if self.alive[i]:
                try:
                    with quiet():
                        self.lives[i].step(n)
                except DivergenceError:
                    self.alive[i] = False

    def reset(self, ids: list[int], seed: int) -> None:
        for i in ids:
            ANIMAL.start(self.lives[i], seed + i)
            self.alive[i] = True


@settings(max_examples=20, deadline=None)
@given(st.lists(events, min_size=3, max_size=12), st.integers(1, 3))
def test_any_order_of_events(happenings, threads):
    seeds = [3, 4, 5, 6]
    population = sns.Population(ANIMAL, N, seeds=seeds, threads=threads)
    owner, bias = population.find("bias", "extensor RG")
    alone = Alone(seeds)
    kept = population.snapshot()
    for what, ids, number in happenings:
        if what == "step":
            population.step(number, ids)
            alone.step(ids, number)
        elif what == "reset":
            population.reset(ids, seeds=[number + i for i in ids])
            alone.reset(ids, number)
        elif what == "command":
            population.commands["drive"][ids] = number
            for i in ids:
                alone.lives[i].commands["drive"] = number
        elif what == "branch":
            population.branch(number, ids)
            source = alone.one(number)
            for i in ids:
                alone.become(i, source)
        elif what == "lose":
            for i in ids:
                (population.data.qvel if number else population.potentials)[i, 0] = 1e15 if number else np.nan
                life = alone.lives[i]
                (life.data.qvel if number else life.potentials)[0] = 1e15 if number else np.nan
        elif what == "change":
            owner.set(bias, number, ids)
            for i in ids:
                alone.lives[i].model.numeric_data[:] = population.data.expand("numeric_data")[i]
        else:
            population.restore(population.snapshot(ids), ids)
            if not ids:
                population.restore(kept)
                for i in range(N):
                    alone.become(i, alone.kept[i])
    for i in range(N):
        np.testing.assert_array_equal(population.data.state[i], alone.lives[i].snapshot().state)
    assert population.alive.tolist() == alone.alive
    assert sorted(population.failures) == np.flatnonzero(~population.alive).tolist()
