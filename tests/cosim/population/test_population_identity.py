"""A population lives bit for bit as its individuals would alone, at any number of threads."""

import copy
from functools import cache

import mujoco
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco import models
from sns_mujoco.cosim.parameters import ParameterRows, ParameterTable, parameters_of
from sns_mujoco.errors import DivergenceError

N = 5


def state(simulation: sns.Simulation) -> np.ndarray:
    return simulation.snapshot().state


@cache
def described(name: str) -> tuple[mujoco.MjModel, ParameterTable]:
    animal = models.load(name)
    model = animal.build(apart=True).compile()
    return model, parameters_of(model, animal.network(), animal.adapters())


def alone(animal: models.Animal, seed: int, factors: dict[str, float]) -> sns.Simulation:
    """An individual as one animal, with values of its own."""
    model, table = described(animal.name)
    simulation = sns.Simulation(copy.copy(model))
    rows = ParameterRows(table, 1, lambda field: getattr(simulation.model, field)[None])
    for quantity, factor in factors.items():
        rows[quantity, "*"] = factor * rows[quantity, "*"]
    animal.start(simulation, seed)
    return simulation


@pytest.mark.parametrize("name", models.names())
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_every_individual_lives_as_it_would_alone(name, threads):
    rng = np.random.default_rng(3)
    animal = models.load(name)
    seeds = [11, 5, 5, 2**40, 0]
    population = sns.Population(animal, N, threads=threads)
    varied = {"g_max", "reversal_potential", "bias", "gain", "noise", "force"}.intersection(
        (*population.parameters.quantities, "g_max")
    )
    factors = {quantity: rng.uniform(0.9, 1.1, N) for quantity in sorted(varied)}
    for quantity, factor in factors.items():
        population[quantity, "*"] = factor[:, None] * population[quantity, "*"]
    population.reset(seeds=seeds)
    lives = [alone(animal, seed, {q: f[i] for q, f in factors.items()}) for i, seed in enumerate(seeds)]
    assert population.threads == min(threads, N)
    for n in (1, 20, 7):
        for command, (low, high) in animal.commands.items():
            population.commands[command] = rng.uniform(low, high, N)
            for life, value in zip(lives, population.commands[command], strict=True):
                life.commands[command] = value
        population.step(n)
        for i, life in enumerate(lives):
            life.step(n)
            np.testing.assert_array_equal(population.data.state[i], state(life))
        # a part of them begins anew, and another part alone goes on
        population.reset([3, 1], seeds=[n, 77])
        animal.start(lives[3], n)
        animal.start(lives[1], 77)
        population.step(2, [True, False, True, True, False])
        for i in (0, 2, 3):
            lives[i].step(2)
    for i, life in enumerate(lives):
        np.testing.assert_array_equal(population.data.state[i], state(life))
    assert len({row.tobytes() for row in population.data.state}) == N


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_one_that_diverges_stands_where_it_would_alone_and_disturbs_nobody(threads):
    animal = models.load("hexapod")
    population = sns.Population(animal, N, threads=threads)
    population.step(3)
    healthy = [population.simulation(i) for i in range(N)]
    population.data.qvel[1, 8] = 1e11
    population.potentials[3, 4] = np.inf
    for individual, place in ((1, "qvel"), (3, "potentials")):
        lost = population.simulation(individual)
        with pytest.raises(DivergenceError) as caught:
            lost.step(20)
        healthy[individual] = lost
        assert caught.value.time == lost.time, place
    population.step(20)
    assert population.alive.tolist() == [True, False, True, False, True]
    for i, life in enumerate(healthy):
        if i in (0, 2, 4):
            life.step(20)
        np.testing.assert_array_equal(population.data.state[i], state(life))


def test_an_individual_goes_on_alone_as_it_would_have():
    population = sns.Population("rat_hindlimbs", 3, seed=4)
    population.commands["drive"] = [0.4, 0.8, 1.0]
    population.step(50)
    alone = population.simulation(2)
    assert alone.seed == population.seeds[2]
    assert alone.commands["drive"] == 1.0
    alone.step(30)
    population.step(30)
    np.testing.assert_array_equal(state(alone), population.data.state[2])


def test_fields_of_the_new_state_are_those_of_a_single_animal():
    population = sns.Population("hexapod", 3, threads=2)
    lives = [population.simulation(i) for i in range(3)]
    population.step(5, stage=mujoco.mjtStage.mjSTAGE_VEL)
    for i, life in enumerate(lives):
        life.step(5)
        assert not np.array_equal(population.data.xpos[i], life.data.xpos)
        mujoco.mj_forward(life.model, life.data)
        np.testing.assert_array_equal(population.data.xpos[i], life.data.xpos)
        np.testing.assert_array_equal(population.data.cvel[i], life.data.cvel)


def test_a_model_with_several_nervous_systems():
    from leg import AFFERENTS, EFFERENTS, body, network

    both = sns.attach(
        sns.attach(body(), network(), AFFERENTS + EFFERENTS[:1], dt=0.5, name="first"),
        network(1.1), AFFERENTS[1:] + EFFERENTS[1:], dt=0.5, name="second",
    )  # fmt: skip
    population = sns.Population(both, 3, seeds=[4, 5, 6])
    lives = [sns.Simulation(both.compile(), seed=seed) for seed in (4, 5, 6)]
    assert set(population.brains) == {"first", "second"}
    with pytest.raises(LookupError, match=r"'first', 'second'.*\.brains"):
        _ = population.potentials
    population.step(40)
    for i, life in enumerate(lives):
        life.step(40)
        np.testing.assert_array_equal(population.data.state[i], state(life))
        assert population.potential("extensor")[i] == life.potential("extensor")
