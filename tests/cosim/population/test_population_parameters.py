"""Every individual has parameters of its own, by name, and is what an animal described so would be."""

import leg
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.errors import ParameterError, TimeStepError, UnknownNameError


@pytest.fixture
def population():
    return sns.Population("hexapod", 4, threads=2)


def test_an_individual_is_what_an_animal_described_so_would_be():
    adapters = leg.AFFERENTS + leg.EFFERENTS
    spec = sns.attach(leg.body(), leg.network(), adapters, dt=0.5, name="brain", apart=True)
    population = sns.Population(spec, 3, seeds=[1, 2, 3], network=leg.network(), adapters=adapters)
    strengths = np.array([0.5, 1.0, 1.7])
    population["g_max", "*"]  # reading changes nothing
    for synapse in ("extensor->flexor", "flexor->extensor"):
        population["g_max", synapse] = 0.17 * strengths[:, None]
    population.step(200)
    for i, strength in enumerate(strengths):
        alone = sns.Simulation(leg.animal(strength=strength), seed=i + 1)
        alone.step(200)
        np.testing.assert_array_equal(population.data.qpos[i], alone.data.qpos)
        np.testing.assert_array_equal(population.potentials[i], alone.potentials)


def test_values_are_those_described_until_they_are_set(population):
    described = {
        (name, value)
        for name, value in zip(population.parameters.names("bias"), population["bias", "*"][0], strict=True)
    }
    assert len(described) == population["bias", "*"].shape[1] > 1
    population["bias", "drive"] = 0.25
    population["bias", "L1*"] = np.linspace(0, 1, 4)[:, None]
    assert population["bias", "drive"].tolist() == [[0.25]] * 4
    np.testing.assert_array_equal(population["bias", "L1*"][:, 0], np.linspace(0, 1, 4))
    copy = population["bias", "drive"]
    copy[:] = 9.0
    assert population["bias", "drive"].tolist() == [[0.25]] * 4


def test_bodies_differ_too(population):
    light, heavy = population["mass", "torso"][0, 0], 2 * population["mass", "torso"][0, 0]
    population["mass", "torso"] = [[light], [light], [heavy], [heavy]]
    population.reset(seeds=[5] * 4)
    population.step(300)
    np.testing.assert_array_equal(population.data.state[0], population.data.state[1])
    np.testing.assert_array_equal(population.data.state[2], population.data.state[3])
    assert population.data.qpos[2, 2] < population.data.qpos[0, 2]
    alone = population.simulation(2)
    assert alone.model.body("torso").mass == heavy
    assert population.model.body("torso").mass == light
    assert population["mass", "torso"][3, 0] == heavy
    with pytest.raises(UnknownNameError, match="no body with a mass named 'torsoo'.*'torso'"):
        population["mass", "torsoo"] = 1.0


def test_names_and_values_are_kept_in_snapshots_and_branches(population):
    population["bias", "drive"] = [[0.0], [0.1], [0.2], [0.3]]
    population["mass", "torso"] = np.array([[1.0], [1.1], [1.2], [1.3]]) * population["mass", "torso"]
    masses = population["mass", "torso"][:, 0]
    kept = population.snapshot()
    population.branch(3, [0, 1])
    assert population["bias", "drive"][:, 0].tolist() == [0.3, 0.3, 0.2, 0.3]
    assert population["mass", "torso"][:, 0].tolist() == [masses[3], masses[3], masses[2], masses[3]]
    other = sns.Population("hexapod", 4)
    other.restore(kept, [3, 2, 1, 0])
    assert other["bias", "drive"][:, 0].tolist() == [0.3, 0.2, 0.1, 0.0]
    assert other["mass", "torso"][:, 0].tolist() == masses[::-1].tolist()
    population.restore(kept)
    population.step(30)
    other.step(30)
    np.testing.assert_array_equal(population.data.state, other.data.state[::-1])
    population.restore(sns.Population("hexapod", 1).snapshot(), [2])
    assert population["bias", "drive"][2, 0] == population.find("bias", "drive")[1].values[0]
    assert population["mass", "torso"][2, 0] == population.find("mass", "torso")[1].values[0]
    assert population.data.body("torso").mass[2] == population.model.body("torso").mass


def test_what_cannot_be_changes_nothing(population):
    before = population.data.expand("numeric_data").copy()
    with pytest.raises(ParameterError, match="finite"):
        population["bias", "drive"] = np.nan
    with pytest.raises(ParameterError, match="-1"):
        population["g_max", "*"] = -1.0
    with pytest.raises(TimeStepError):
        population["membrane_capacitance", "drive"] = 1e-9
    with pytest.raises(ValueError):
        population["bias", "drive"] = np.zeros((3, 1))
    np.testing.assert_array_equal(before, population.data.expand("numeric_data"))


def test_questions_that_are_none(population):
    for key in ("g_max", 3, ("g_max", "*", "*")):
        with pytest.raises(ParameterError, match="give a quantity and a pattern"):
            population[key]
        with pytest.raises(ParameterError, match="give a quantity and a pattern"):
            population[key] = 1.0
    for quantity in ("g_max", "mass"):
        with pytest.raises(ParameterError, match="the pattern is 3; give a text"):
            population[quantity, 3]


def test_values_and_individuals_that_make_no_sense_are_named_for_brains_and_bodies(population):
    for quantity, name in (("bias", "drive"), ("mass", "torso")):
        before = population[quantity, name]
        with pytest.raises(ParameterError, match=rf"'{quantity}' is given as an array of shape \(3,\); .*\(4, 1\)"):
            population[quantity, name] = np.ones(3)
        with pytest.raises(ParameterError, match=f"'{quantity}' is given as 'much'; give numbers"):
            population[quantity, name] = "much"
        owner, parameter = population.find(quantity, name)
        for ids, error in (([-1], IndexError), ([4], IndexError), ([1, 1], ValueError), ([1.5], ValueError)):
            with pytest.raises(error, match="individual"):
                owner.set(parameter, 1.0, ids)
        np.testing.assert_array_equal(population[quantity, name], before)


def test_names_that_do_not_exist(population):
    with pytest.raises(UnknownNameError, match="'g_maks'.*g_max|'g_maks'.*max_conductance"):
        population["g_maks", "*"] = 1.0
    with pytest.raises(UnknownNameError, match="no quantity named 'massa'.*'mass'"):
        population["massa", "torso"]
    with pytest.raises(UnknownNameError, match="'drve'.*'drive'"):
        population["bias", "drve"]


def test_shared_numbers_cannot_differ():
    population = sns.Population("hexapod", 2, apart=False)
    with pytest.raises(ParameterError, match="apart"):
        population["g_max", "*"] = 0.1
    some = sns.Population("hexapod", 2, apart={"max_conductance"})
    some["g_max", "*"] = 0.1
    assert (some["g_max", "*"] == 0.1).all()


def test_a_model_alone_tells_no_parameters():
    population = sns.Population(leg.animal(), 2)
    with pytest.raises(ParameterError, match="give network= and adapters="):
        population["g_max", "*"]
    with pytest.raises(ParameterError, match="make it from an animal"):
        _ = population.body
