"""An individual of a population, the animal of its vector, and that animal from a file live the same, bit for bit."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco import ParameterSpace, Population, Simulation, Vary
from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.spaces import save_individual

CASES = {
    "antagonist_joint": (
        "ground",
        500,
        [
            Vary("g_max", "* RG->*", bounds=(0.5, 2.0), relative=True, scale="log", symmetric=("flexor", "extensor")),
            Vary("e_lo", "* Ib->*", bounds=(-4.0, 1.0), relative="difference"),
            Vary("membrane_conductance", "* motor", bounds=(0.8, 1.2), tie="all"),
            Vary("time_constant", "* motor", bounds=(4.0, 12.0)),
            Vary("g_ion", "flexor RG*", bounds=(0.9, 1.1), relative=True, tie="all"),
            Vary("gain", "GolgiTendonOrgan*", bounds=(10.0, 30.0), tie="all"),
            Vary("range_high", "SpindleIa('flexor')*", bounds=(0.8, 1.5), relative=True),
            Vary("output_high", "*-> flexor", bounds=(0.7, 1.0)),
            Vary("delay", "Spindle*", bounds=(0.0, 12.0)),
            Vary("delay", "MotorNeuron('* motor')*", bounds=(0.5, 2.0), relative=True, tie="all"),
            Vary("force", bounds=(0.7, 1.3), relative=True),
            Vary("optimal_length", bounds=(0.95, 1.05), relative=True, tie="all"),
            Vary("mass", "limb", bounds=(0.2, 0.4)),
            Vary("length", "limb", bounds=(0.9, 1.1)),
            Vary("damping", "hip", bounds=(0.01, 0.03)),
        ],
    ),
    "hexapod": (
        "flat",
        100,
        [
            Vary("g_max", "L? hold->L? trigger", bounds=(0.05, 1.0), symmetric=("L", "R")),
            Vary("bias", "[LR]? trigger", bounds=(-40.0, 5.0), tie=r"^[LR]"),
            Vary("time_constant", "[LR]? load trend", bounds=(60.0, 400.0), scale="log", tie="all"),
            Vary("gain", "AntagonistPair('L? levator'*", bounds=(0.8, 1.2), relative=True, symmetric=("L", "R")),
            Vary("noise", "JointAngle*", bounds=(0.0, 0.02), tie="all"),
            Vary("length", "L?_tibia", bounds=(0.9, 1.1), symmetric=("L", "R")),
            Vary("kp", "*_femur", bounds=(0.7, 1.4), relative=True, scale="log", tie="all"),
            Vary("friction", "*_foot", bounds=(0.6, 1.5), tie="all"),
        ],
    ),
    "rat_hindlimbs": (
        "treadmill",
        400,
        [
            Vary("tau_max_h", "*RG_*", bounds=(0.7, 1.4), relative=True, tie="all"),
            Vary("g_max", "L_*->L_MN_*", bounds=(0.5, 1.5), relative=True, symmetric=("L_", "R_"), tie="hip|knee"),
            Vary("gain", "StretchReceptor('L_*", bounds=(0.8, 1.2), relative=True, symmetric=("L_", "R_")),
            Vary("slope", "MotorNeuron*", bounds=(0.1, 0.14), tie="all"),
            Vary("force", "L_*", bounds=(0.9, 1.1), relative=True, symmetric=("L_", "R_")),
            Vary("kse", "L_*", bounds=(0.9, 1.1), relative=True, tie="all"),
            Vary("mass", "?_foot", bounds=(0.9, 1.1), relative=True, tie="all"),
            Vary("length", "L_foot", bounds=(0.95, 1.05), symmetric=("L_", "R_")),
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def case(request):
    terrain, steps, varied = CASES[request.param]
    space = ParameterSpace(request.param, varied, terrain=terrain)
    return space, steps


def lived(animal, terrain: str, seed: int, steps: int, commands) -> Simulation:
    simulation = Simulation(animal.build(terrain=terrain))
    animal.start(simulation, seed)
    for name, value in commands.items():
        simulation.commands[name] = value
    simulation.step(steps)
    return simulation


def test_an_individual_is_the_animal_of_its_vector(case, tmp_path):
    space, steps = case
    animal, seeds = space.base, [3, 8, 1]
    vectors = np.vstack([space.sample(2, seed=4), space.origin])
    with Population(animal, 3, terrain=space.terrain, space=space, threads=1) as population:
        space.apply(population, vectors)
        population.reset(seeds=seeds)
        for name, value in animal.cruise.items():
            population.commands[name] = value
        population.step(steps)
        assert population.alive.all()
        save_individual(tmp_path / "one.json", space, vectors[1])
        animals = [space.animal(vectors[0]), load(tmp_path / "one.json"), animal]
        for individual, (one, seed) in enumerate(zip(animals, seeds, strict=True)):
            alone = lived(one, space.terrain, seed, steps, animal.cruise)
            assert (population.data.qpos[individual] == alone.data.qpos).all()
            assert (population.potentials[individual] == alone.potentials).all()
        assert len({row.tobytes() for row in population.potentials}) == 3


def test_values_in_the_rows_are_those_of_the_vector(case):
    space, _ = case
    vector = space.sample(1, seed=9)[0]
    with Population(space.base, 3, terrain=space.terrain, space=space, threads=1) as population:
        before = population.snapshot()
        space.apply(population, vector, [2, 0])
        for change in space.changes(vector):
            values = population[change.quantity, change.name].reshape(3, -1)
            assert values[0] == pytest.approx(change.value, rel=1e-14)  # C / g of a time constant is rounded
            assert (values[2] == values[0]).all()
        space.apply(population, space.origin)
        for quantity in {change.quantity for change in space.changes(vector)}:
            described = population[quantity, "*"]
            assert (described == described[1]).all()
        population.restore(before)


def test_vectors_that_do_not_fit_a_population_change_nothing(case):
    space, _ = case
    with Population(space.base, 2, terrain=space.terrain, space=space, threads=1) as population:
        quantities = sorted({locus.quantity for locus in space._loci})
        before = [population[quantity, "*"] for quantity in quantities]
        with pytest.raises(ParameterError, match="3 vectors for 2 individuals"):
            space.apply(population, space.sample(3, seed=1))
        with pytest.raises(IndexError, match="no individual 2"):
            space.apply(population, space.sample(1, seed=1), [2])
        with pytest.raises(ParameterError, match="has 1.2 for gene"):
            space.apply(population, space.origin * 0 + 1.2)
        for quantity, values in zip(quantities, before, strict=True):
            assert (population[quantity, "*"] == values).all()


def test_a_population_of_something_else_is_refused():
    space = ParameterSpace("antagonist_joint", [Vary("bias", "drive", bounds=(-1, 1))])
    with Population("rat_hindlimbs", 1, threads=1, apart=True) as population:
        with pytest.raises(ParameterError, match="is of 'rat_hindlimbs', and the space of 'antagonist_joint'"):
            space.apply(population, space.origin)
    other = replace(space.base, network=ParameterSpace(space.base, space.varied).animal([1.0]).network)
    with Population(other, 1, threads=1, space=space) as population:
        with pytest.raises(ParameterError, match="bias of 'drive' is not as this space knows it"):
            space.apply(population, space.origin)
    with Population("antagonist_joint", 1, threads=1, apart=False) as population:
        with pytest.raises(ParameterError, match="shares its number.*make the population with space="):
            space.apply(population, space.origin)
    with Population(load("antagonist_joint").build(), 1, threads=1) as population:
        with pytest.raises(ParameterError, match="made from a model, which does not tell"):
            space.apply(population, space.origin)


def test_an_individual_of_an_individual_keeps_what_it_was(tmp_path):
    first = ParameterSpace("antagonist_joint", [Vary("mass", "limb", bounds=(0.2, 0.4)), Vary("force", bounds=(20, 90)),
                                                Vary("g_max", "*->*", bounds=(0.5, 2), relative=True)])  # fmt: skip
    save_individual(tmp_path / "a.json", first, first.sample(1, seed=1)[0])
    second = ParameterSpace(str(tmp_path / "a.json"), [Vary("length", "limb", bounds=(0.9, 1.1)),
                                                       Vary("bias", "* motor", bounds=(-1, 1))])  # fmt: skip
    vector = second.sample(1, seed=2)[0]
    save_individual(tmp_path / "b.json", second, vector)
    (tmp_path / "a.json").unlink()
    loaded = load(tmp_path / "b.json")
    here, there = (lived(one, "free", 0, 300, {"drive": 0.5}) for one in (second.animal(vector), loaded))
    assert (here.data.qpos == there.data.qpos).all()
    model = loaded.build().compile()
    assert model.body("limb").mass[0] != 0.3
    assert model.numeric_data.tobytes() == second.animal(vector).build().compile().numeric_data.tobytes()


def test_a_space_does_not_keep_populations_alive():
    space = ParameterSpace("antagonist_joint", [Vary("bias", "drive", bounds=(-1, 1)), Vary("mass", bounds=(0.1, 1))])
    population = Population("antagonist_joint", 2, threads=1, space=space)
    space.apply(population, space.origin)
    population.close()
    gone = weakref.ref(population)
    del population
    gc.collect()
    assert gone() is None
