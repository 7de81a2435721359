"""What was kept of individuals goes on bit for bit, in the same place or in another."""

import pickle

import leg
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.errors import ParameterError

ADAPTERS = leg.AFFERENTS + leg.EFFERENTS


@pytest.fixture
def population():
    population = sns.Population("antagonist_joint", 4, threads=2, seed=5)
    population.data.expand("body_mass")[:, 1:] *= np.array([1.0, 1.1, 0.9, 1.2])[:, None]
    population.data.set_const()
    population.commands["drive"] = [0.3, 0.5, 0.7, 1.0]
    population.step(40)
    return population


def test_all_goes_on_as_before(population):
    kept = population.snapshot()
    population.step(30)
    first = population.data.state.copy()
    population.reset()
    population.data.body("limb").mass = 3.0
    population.restore(kept)
    population.step(30)
    np.testing.assert_array_equal(first, population.data.state)
    np.testing.assert_array_equal(population.seeds, kept.seeds)


def test_a_part_goes_on_in_other_places(population):
    kept = population.snapshot([3, 1])
    population.step(30)
    first = population.data.state[[3, 1]].copy()
    population.restore(kept, [0, 2])
    population.step(30, [0, 2])
    np.testing.assert_array_equal(first, population.data.state[[0, 2]])


def test_it_goes_on_in_another_population_that_may_be_in_another_process(population):
    kept = pickle.loads(pickle.dumps(population.snapshot([2])))
    other = sns.Population("antagonist_joint", 3)
    other.restore(kept, [1])
    population.step(30)
    other.step(30)
    np.testing.assert_array_equal(other.data.state[1], population.data.state[2])
    np.testing.assert_array_equal(other.data.expand("body_mass")[0], other.model.body_mass)


def test_a_branch_is_a_copy_in_state_and_body(population):
    population.branch(3, [0, 1])
    population.step(30)
    np.testing.assert_array_equal(population.data.state[[0, 1]], population.data.state[[3, 3]])
    np.testing.assert_array_equal(population.data.expand("body_mass")[0], population.data.expand("body_mass")[3])
    assert population.seeds[0] == population.seeds[3]
    population.commands["drive"][0] = 0.0
    population.step(30)
    assert not np.array_equal(population.data.state[0], population.data.state[3])


def test_a_snapshot_keeps_who_had_failed(population):
    population.data.qvel[1, 0] = np.nan
    good = population.snapshot([0])
    population.step(2)
    failed = population.snapshot()
    population.reset()
    population.restore(failed)
    assert population.alive.tolist() == [True, False, True, True]
    population.restore(failed, [3, 2, 1, 0])
    assert population.alive.tolist() == [True, True, False, True] and population.failures[2].individual == 2
    population.restore(good, [2])
    assert population.alive.all()


def test_snapshots_that_do_not_fit(population):
    with pytest.raises(ValueError, match="2 individuals and is to go into 3; give as many ids"):
        population.restore(population.snapshot([0, 1]), [1, 2, 3])
    with pytest.raises(ValueError, match="taken of another animal"):
        population.restore(sns.Population("hexapod", 4).snapshot())
    told, untold = (
        sns.Population(sns.attach(leg.body(), leg.network(), ADAPTERS, dt=0.5, apart=True), 2, seed=seed, **parameters)
        for seed, parameters in ((1, {"network": leg.network(), "adapters": ADAPTERS}), (2, {}))
    )
    told["bias", "*"] = 1.0
    before = untold.data.state.copy()
    with pytest.raises(ParameterError, match="give network= and adapters="):
        untold.restore(told.snapshot())
    np.testing.assert_array_equal(untold.data.state, before)
    with pytest.raises(IndexError, match="no individual 4"):
        population.branch(4, [0])
    with pytest.raises(IndexError, match="no individual 9"):
        population.simulation(9)
