"""What is drawn anew for every life: from its seed alone, around what the individual is by itself."""

import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.learning.randomisation import Push, Random, Randomisation

BODY = Random("mass", "torso", bounds=(0.8, 1.2))
FEET = Random("friction", "*_foot", bounds=(0.5, 2.0), scale="log", together=True)
BRAIN = Random("bias", "*", spread=0.05, relative=False)


def test_each_is_drawn_within_its_bounds_and_for_itself():
    population = sns.Population("hexapod", 40, randomise=Randomisation([BODY, FEET, BRAIN]))
    described = sns.Population("hexapod", 1)
    mass = population["mass", "torso"] / described["mass", "torso"]
    assert 0.8 < mass.min() < 0.9 and 1.1 < mass.max() < 1.2 and len(np.unique(mass)) == 40
    friction = population["friction", "*_foot"] / described["friction", "*_foot"]
    assert 0.5 < friction.min() < 0.7 and 1.4 < friction.max() < 2.0
    np.testing.assert_allclose(friction, friction[:, :1] @ np.ones((1, 6)))
    bias = population["bias", "*"] - described["bias", "*"]
    assert bias.std() == pytest.approx(0.05, rel=0.1) and np.abs(bias).max() <= 0.15 + 1e-12
    population.step(20)
    assert population.alive.all() and len(np.unique(population.data.qpos[:, 2])) == 40


def test_what_is_drawn_follows_from_the_seed_alone():
    randomise = Randomisation([BODY, BRAIN, Push(force=0.004, every=0.05, duration=0.02)])
    one = sns.Population("hexapod", 3, seeds=[4, 5, 6], randomise=randomise, threads=2)
    other = sns.Population("hexapod", 2, seeds=[8, 6], randomise=randomise)
    other.reset([0], seeds=[5])
    for _ in range(4):
        one.step(40)
        other.step(40)
    np.testing.assert_array_equal(one.data.state[[1, 2]], other.data.state)
    np.testing.assert_array_equal(one["mass", "torso"][[1, 2]], other["mass", "torso"])
    first = one["bias", "*"].copy()
    one.reset([0, 1])
    again = one["bias", "*"]
    assert not np.array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[2], again[2])


def test_it_is_around_what_the_individual_is_by_itself():
    population = sns.Population("hexapod", 2, randomise=Randomisation([Random("g_max", "*", bounds=(0.9, 1.1))]))
    described = population.find("g_max", "*")[1].values
    for seed in range(5):
        population.reset(seeds=[seed, seed])
        share = population["g_max", "*"] / described
        assert 0.9 <= share.min() < 0.92 and 1.08 < share.max() <= 1.1
    population["g_max", "*"] = np.array([[0.5], [2.0]]) * described
    for seed in range(3):
        population.reset(seeds=[seed, seed])
        share = population["g_max", "*"] / described
        np.testing.assert_allclose(share[1] / share[0], 4.0)
        assert 0.45 <= share[0].min() and share[0].max() <= 0.55
    kept = population.snapshot([0])
    population.restore(kept, [1])
    population.reset(seeds=[9, 9])
    np.testing.assert_array_equal(*population["g_max", "*"])


def test_only_what_is_drawn_stands_apart_where_nothing_else_is_to():
    muscles = Random("force", "*", spread=0.1)
    population = sns.Population("rat_hindlimbs", 2, apart=False, randomise=Randomisation([muscles]))
    assert len(np.unique(population["force", "*"])) == population["force", "*"].size > 2
    with pytest.raises(ParameterError, match="apart"):
        population["g_max", "*"] = 1.0
    brain = sns.Population("rat_hindlimbs", 2, apart=False, randomise=Randomisation([Random("g_max", spread=0.1)]))
    assert not np.array_equal(*brain["g_max", "*"])


def test_pushes_come_at_times_of_their_own_and_are_part_of_the_state():
    push = Push(force=0.01, every=0.1, duration=0.03, body="torso")
    population = sns.Population("hexapod", 4, randomise=Randomisation([push]), seed=3)
    torso = population.model.body("torso").id
    forces = []
    for _ in range(300):
        population.step(1)
        forces.append(population.data.xfrc_applied[:, torso].copy())
    size = np.linalg.norm(np.array(forces), axis=2)
    assert set(np.unique(size.round(9))) == {0.0, 0.01}
    pushed = size > 0
    assert pushed.reshape(3, 100, 4).sum(axis=1).tolist() == [[30] * 4] * 3
    assert len({tuple(column) for column in pushed.T}) == 4
    at_once = sns.Population("hexapod", 4, randomise=Randomisation([push]), seed=3)
    at_once.step(130)
    kept = at_once.snapshot([2])
    at_once.step(170)
    np.testing.assert_array_equal(population.data.state, at_once.data.state)
    at_once.restore(kept, [0])
    at_once.step(170, [0])
    np.testing.assert_array_equal(at_once.data.state[0], at_once.data.state[2])


def test_pushes_at_given_times():
    push = Push(force=0.01, at=(0.01, 0.05), duration=0.01, direction=(0, 2, 0))
    population = sns.Population("hexapod", 2, randomise=Randomisation([push]))
    torso, times = population.model.body("torso").id, []
    for step in range(80):
        population.step(1)
        if population.data.xfrc_applied[0, torso].any():
            assert population.data.xfrc_applied[0, torso].tolist() == [0, 0.01, 0, 0, 0, 0]
            times.append(step)
    assert times == [*range(10, 20), *range(50, 60)]


def test_a_failure_between_pushes_is_found_at_its_time():
    population = sns.Population("hexapod", 3, randomise=Randomisation([Push(force=0.01, every=0.02, duration=0.01)]))
    population.step(5)
    population.data.qvel[1, 8] = 1e15
    population.step(100)
    assert population.alive.tolist() == [True, False, True] and population.failures[1].time == pytest.approx(0.005)
    assert population.time[[0, 2]] == pytest.approx(0.105)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "bounds and a spread, or neither"),
        ({"bounds": (1, 2), "spread": 0.1}, "bounds and a spread, or neither"),
        ({"bounds": (2, 1)}, "the lesser first"),
        ({"bounds": (1, 1)}, "the lesser first"),
        ({"bounds": (1, np.inf)}, "finite"),
        ({"bounds": 3}, "give two numbers"),
        ({"bounds": (0, 1), "scale": "log"}, "give positive ones"),
        ({"spread": 0.0}, "finite positive"),
        ({"spread": np.nan}, "finite positive"),
        ({"spread": 0.1, "scale": "log", "relative": False}, "leave relative True"),
        ({"spread": 0.1, "scale": "cubic"}, "give 'linear' or 'log'"),
        ({"spread": "much"}, "finite positive"),
        ({"bounds": "12"}, "give two numbers"),
        ({"pattern": 3, "spread": 0.1}, "are texts"),
    ],
)
def test_distributions_that_make_no_sense(options, message):
    with pytest.raises(ParameterError, match=message):
        Random("mass", **options)


@pytest.mark.parametrize(
    ("part", "error", "message"),
    [
        (Random("mass", "torso", spread=0.5), ParameterError, "can make that of 'torso' -.*smaller spread"),
        (Random("mass", "trunk", spread=0.1), UnknownNameError, "'trunk'.*'torso'"),
        (Random("weight", spread=0.1), UnknownNameError, "no quantity named 'weight'"),
        (Push(force=1.0, at=0.1, body="trso"), UnknownNameError, "no body named 'trso'.*'torso'"),
        (Random("membrane_capacitance", "drive", spread=1 / 3), ParameterError, "0; allowed is more than 0"),
        (Random("membrane_capacitance", "drive", bounds=(0.001, 1)), ParameterError, "at its ends: a neural step of"),
    ],
)
def test_what_an_animal_does_not_have(part, error, message):
    with pytest.raises(error, match=message):
        sns.Population("hexapod", 2, randomise=Randomisation([part]))


def test_nothing_and_no_such_thing():
    with pytest.raises(ParameterError, match="of nothing"):
        Randomisation([])
    with pytest.raises(ParameterError, match="'mass' cannot be randomised"):
        Randomisation(["mass"])
    with pytest.raises(ParameterError, match="is no list; give a list of Random and Push"):
        Randomisation(BODY)


@pytest.mark.parametrize("apart", [None, False])
def test_delays_get_the_room_that_they_need(apart):
    later = Random("delay", "Spindle*", bounds=(1.0, 3.0))
    population = sns.Population("antagonist_joint", 8, apart=apart, randomise=Randomisation([later]))
    described = population.find("delay", "Spindle*")[1].values
    share = population["delay", "Spindle*"] / described
    assert 1.0 <= share.min() < share.max() <= 3.0 and share.max() > 2.0
    with pytest.raises(ParameterError, match="attach .* with apart={'delay', ...}, greatest_delay=..."):
        sns.Population("antagonist_joint", 1)["delay", "Spindle*"] = 1.0


@pytest.mark.parametrize(("one", "other"), [("mass", "mass"), ("time_constant", "membrane_capacitance")])
def test_what_would_be_drawn_twice_is_refused(one, other):
    parts = [Random(one, "*", bounds=(0.9, 1.1)), Random(other, "torso" if one == "mass" else "drive", spread=0.01)]
    with pytest.raises(ParameterError, match=rf"random '{one}' of '\*' and random '{other}' of .* both draw"):
        sns.Population("hexapod", 1, randomise=Randomisation(parts))


def test_individuals_of_a_population_that_draws_something_else_can_be_taken():
    one = sns.Population("hexapod", 2, randomise=Randomisation([BODY, BRAIN]))
    other = sns.Population("hexapod", 2, randomise=Randomisation([FEET, BRAIN, BODY]))
    other.restore(one.snapshot([1]), [0])
    for quantity, name in (("mass", "torso"), ("bias", "*"), ("friction", "*_foot")):
        np.testing.assert_array_equal(other[quantity, name][0], one[quantity, name][1])
    one.step(20)
    other.step(20)
    np.testing.assert_array_equal(other.data.state[0], one.data.state[1])
    other.reset([0], seeds=[9])  # around what it was before it was drawn
    described = sns.Population("hexapod", 1)["mass", "torso"]
    assert 0.8 <= other["mass", "torso"][0] / described[0] <= 1.2

    with pytest.raises(ParameterError, match="names no body, and the animal has no torso"):
        sns.Population("antagonist_joint", 2, randomise=Randomisation([Push(force=1.0, at=0.1)]))
