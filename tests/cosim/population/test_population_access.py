"""What a population shows by name, and what it refuses."""

import copy
import pickle

import mujoco
import numpy as np
import pytest
from leg import animal as leg

import sns_mujoco as sns
from sns_mujoco.errors import AttachError, UnknownNameError
from sns_mujoco.learning.randomisation import Push


@pytest.fixture
def population():
    return sns.Population("antagonist_joint", 4, threads=2)


def test_names_shapes_and_live_views(population):
    n, brain = population.n, population.brain
    assert len(population) == n == 4
    potentials, time, hip = population.potentials, population.time, population.data.joint("hip").qpos
    foot, rg = population.sensor("foot"), population.potential("extensor RG")
    assert potentials.shape == (n, len(brain.neuron_names)) and hip.shape == (n, 1) and foot.shape == (n, 1)
    before = potentials.copy()
    population.commands["drive"] = 0.5
    population.step(10)
    np.testing.assert_allclose(time, 10 * population.model.opt.timestep)
    assert not np.array_equal(before, potentials)
    np.testing.assert_array_equal(rg, potentials[:, brain.neuron("extensor RG")])
    np.testing.assert_array_equal(foot[:, 0], population.data.sensor("foot").data[:, 0])


def test_a_field_that_the_animal_has_nothing_of_is_empty():
    population = sns.Population("hexapod", 2)
    assert population.data.act.shape == (2, 0) and population.data.mocap_pos.shape == (2, 0, 3)


def test_commands_are_set_together_or_one_by_one(population):
    population.commands["drive"] = 0.5
    assert population.commands["drive"].tolist() == [0.5] * 4
    population.commands["drive"] = [0, 0.1, 0.2, 0.3]
    population.commands["drive"][2] = 1.0
    assert population.commands["drive"].tolist() == [0, 0.1, 1.0, 0.3]
    assert list(population.commands) == list(population.animal.simulation().commands)
    assert len(population.commands) == len(list(population.commands))
    with pytest.raises(TypeError, match="set it to 0"):
        del population.commands["drive"]


def test_a_field_that_is_asked_for_late_is_not_zero(population):
    population.step(5)
    alone = population.simulation(1)
    place = population.data.body("limb").xipos
    np.testing.assert_array_equal(place[1], alone.data.body("limb").xipos)
    population.reset([1], seeds=[9])
    population.animal.start(alone, 9)
    np.testing.assert_array_equal(place[1], alone.data.body("limb").xipos)


def test_seeds_are_drawn_from_the_populations_seed_and_from_how_often_each_was_reset():
    one, same, other = (sns.Population("antagonist_joint", 3, seed=seed) for seed in (1, 1, 2))
    first = one.seeds.tolist()
    assert first == same.seeds.tolist() and len({*first, *other.seeds.tolist()}) == 6
    one.reset([2, 0])
    assert one.seeds[1] == first[1] and len({*one.seeds.tolist(), *first}) == 5
    same.reset([0])
    same.reset([2])
    assert one.seeds.tolist() == same.seeds.tolist()
    np.testing.assert_array_equal(one.data.state, same.data.state)


def test_seeds_that_are_given_are_those_of_the_animal(population):
    population.reset(seeds=np.arange(4))
    for i in range(4):
        alone = population.animal.simulation(seed=i)
        np.testing.assert_array_equal(population.data.state[i], alone.snapshot().state)


def test_names_that_do_not_exist(population):
    with pytest.raises(UnknownNameError, match="no command named 'drve'.*'drive'"):
        population.commands["drve"] = 1.0
    with pytest.raises(UnknownNameError, match="no neuron named 'extensor RGG'.*'extensor RG'"):
        population.potential("extensor RGG")
    with pytest.raises(UnknownNameError, match="no sensor named 'fot'.*'foot'"):
        population.sensor("fot")
    with pytest.raises(UnknownNameError, match="no animal named 'hexapodd'.*'hexapod'"):
        sns.Population("hexapodd", 2)
    with pytest.raises(UnknownNameError, match="no terrain named 'moon'"):
        sns.Population("hexapod", 2, terrain="moon")


@pytest.mark.parametrize(
    ("n", "options", "message"),
    [
        (0, {}, "the number of individuals, is 0; give a whole number from 1 on"),
        (-3, {}, "is -3"),
        (2.5, {}, "is 2.5"),
        (True, {}, "is True"),
        (3, {"threads": -1}, "threads is -1"),
        (3, {"seeds": [1, 2]}, "2 seeds for 3 individuals"),
        (2, {"seeds": [1, -2]}, "seed is -2"),
        (2, {"seed": 2**53}, "seed is 9007199254740992"),
        (2, {"seed": None}, "seed is None"),
        (2, {"seed": np.nan}, "seed is nan"),
        (2, {"seeds": 7}, "the seeds are 7; give a list of 2"),
        (2, {"seeds": [1, np.inf]}, "seed is inf"),
    ],
)
def test_populations_that_cannot_be(n, options, message):
    with pytest.raises(ValueError, match=message):
        sns.Population("antagonist_joint", n, **options)


@pytest.mark.parametrize(
    ("animal", "options", "message"),
    [
        (None, {}, "the animal is None; give its name, a file, or an Animal"),
        ("antagonist_joint", {"space": [sns.Vary("g_max", bounds=(0, 1))]}, r"give a ParameterSpace\(animal"),
        ("antagonist_joint", {"randomise": [Push(force=1.0, at=0.1)]}, r"give a Randomisation\(\["),
        ("antagonist_joint", {"apart": "g_max"}, "apart is 'g_max'; give True, False, or a collection"),
    ],
)
def test_what_is_of_another_kind_is_named(animal, options, message):
    with pytest.raises(TypeError, match=message):
        sns.Population(animal, 2, **options)


def test_a_model_is_taken_as_it_is():
    with pytest.raises(AttachError, match="no nervous system"):
        sns.Population(mujoco.MjModel.from_xml_string("<mujoco/>"), 2)
    for option in ({"terrain": "flat"}, {"apart": True}, {"greatest_delay": 5.0}):
        with pytest.raises(ValueError, match="for a model, which is as it was attached; give it with an animal only"):
            sns.Population(leg(), 2, **option)
    with pytest.raises(ValueError, match="network is .* for an animal, which has its own"):
        sns.Population("hexapod", 2, network=sns.Network("other"))
    population = sns.Population(leg(), 2, seeds=[7, 8])
    assert population.animal is None and population.terrain is None
    np.testing.assert_array_equal(population.data.state[1], sns.Simulation(leg(), seed=8).snapshot().state)


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([0, 4], IndexError, "no individual 4 in a population of 4; give 0 to 3"),
        (-1, IndexError, "no individual -1"),
        ([1, 1], ValueError, "twice"),
        ([0.5], ValueError, "give indices or a mask"),
        ([True, False], ValueError, r"mask of individuals has shape \(2,\)"),
        ([[0]], ValueError, "give indices"),
    ],
)
def test_individuals_that_are_not_there(population, ids, error, message):
    before = population.data.state.copy()
    for act in (population.step, population.reset):
        with pytest.raises(error, match=message):
            act(**{"ids": ids})
    np.testing.assert_array_equal(before, population.data.state)


def test_values_that_make_no_sense(population):
    for steps in (0, -1, 2.0):
        with pytest.raises(ValueError, match="the number of steps, is"):
            population.step(steps)
    with pytest.raises(ValueError, match="'drive' is set to .*nan.*finite"):
        population.commands["drive"] = [0.0, np.nan, 0.0, 0.0]
    with pytest.raises(ValueError, match=r"shape \(3,\); give \(4,\)"):
        population.commands["drive"] = [0.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="'drive' is set to 'full'; give finite numbers"):
        population.commands["drive"] = "full"
    with pytest.raises(ValueError, match="1 seeds for 2"):
        population.reset([0, 1], seeds=[3])
    for several in ([0, 1], [], True, 1.0):
        with pytest.raises(ValueError, match="the individual is .*; give one index"):
            population.simulation(several)
        with pytest.raises(ValueError, match="the individual is .*; give one index"):
            population.branch(several, [2, 3])


def test_nobody_is_nobody(population):
    before = population.data.state.copy()
    population.step(3, [])
    population.reset([])
    np.testing.assert_array_equal(before, population.data.state)


def test_a_closed_population_says_so():
    with sns.Population("antagonist_joint", 2) as population:
        population.step()
    for act in (
        population.step,
        population.reset,
        population.snapshot,
        lambda: population.simulation(0),
        lambda: population["g_max", "*"],
        lambda: population.body,
        lambda: population.commands,
    ):
        with pytest.raises(RuntimeError, match="the population is closed; make another one"):
            act()
    population.close()


def test_a_population_is_no_value_to_be_copied(population):
    for act in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="snapshot"):
            act(population)
        with pytest.raises(TypeError, match="snapshot"):
            act(population.data)
