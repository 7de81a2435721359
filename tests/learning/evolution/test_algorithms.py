import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from sns_mujoco.errors import UnknownNameError
from sns_mujoco.learning.evolution import ALGORITHMS, Beginning, CmaEs, evolve
from sns_mujoco.learning.evolution.generation import generation_of
from sns_mujoco.learning.evolution.optimiser import checked

from .toy import GENES, Toy


def beginning(**changes):
    toy = Toy()
    usual = {"size": GENES, "start": np.full(GENES, 0.5), "sigma": 0.2, "popsize": 12, "seed": 3}
    return Beginning(**(usual | {"measures": toy.measures} | changes))


def generations(algorithm, count, toy=None, **changes):
    """What an algorithm asks for, generation after generation."""
    optimiser, toy = ALGORITHMS[algorithm](beginning(**changes)), toy or Toy()
    asked = []
    for number in range(count):
        vectors = checked(optimiser.ask(), changes.get("size", GENES), algorithm)
        asked.append(vectors)
        optimiser.tell(vectors, generation_of(number, vectors, toy.evaluate(vectors, seed=1, generation=number), 0.0))
    return asked, optimiser


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_an_algorithm_asks_the_same_again_and_leaves_the_global_random_numbers_alone(algorithm):
    np.random.seed(5)
    before = np.random.get_state()[1].copy()
    once, _ = generations(algorithm, 12)
    assert np.array_equal(np.random.get_state()[1], before)
    np.random.seed(6)
    again, _ = generations(algorithm, 12)
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
    others, _ = generations(algorithm, 12, seed=4)
    assert not np.array_equal(once[1], others[1])


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
@pytest.mark.parametrize("edge", [0.0, 0.5, 1.0])
def test_an_algorithm_begins_with_its_start_and_stays_within_the_space(algorithm, edge):
    start = np.full(GENES, edge)
    asked, _ = generations(algorithm, 8, start=start, sigma=0.9)
    assert asked[0][0] == pytest.approx(start, abs=1e-12)
    assert all(len(vectors) == 12 for vectors in asked)
    everything = np.concatenate(asked)
    assert everything.min() >= 0.0 and everything.max() <= 1.0
    assert everything.std(0).min() > 0.01  # no gene is stuck at the edge


def test_cma_es_finds_the_top_of_a_noisy_hill_that_random_search_does_not():
    asked, optimiser = generations("cma-es", 60)
    assert np.abs(optimiser.favourite - Toy.best).max() < 0.12
    assert np.abs(asked[-1].mean(0) - Toy.best).max() < 0.12
    drawn, _ = generations("random", 60)
    closest = min(np.abs(vectors - Toy.best).max(1).min() for vectors in drawn)
    assert closest > np.abs(optimiser.favourite - Toy.best).max()


def test_cma_es_starts_anew_with_more_individuals_once_it_has_converged():
    notes = []
    optimiser, toy = CmaEs(GENES, start=np.full(GENES, 0.5), sigma=0.2, popsize=8, seed=0), Toy(noise=0.0)
    sizes = set()
    for number in range(250):
        vectors = optimiser.ask()
        sizes.add(len(vectors))
        optimiser.tell(vectors, generation_of(number, vectors, toy.evaluate(vectors, seed=0, generation=number), 0.0))
        notes += [optimiser.notes] if optimiser.notes else []
    assert sizes == {8, 16} or sizes == {8, 16, 32}
    assert "starts anew with 16 individuals (tol" in notes[0]


@pytest.mark.parametrize("start", [0.0, 0.5, 1.0])
def test_cma_es_bears_a_single_gene(start):
    optimiser = CmaEs(1, start=np.array([start]), sigma=1.0, popsize=8, seed=0)
    for number in range(40):
        vectors = optimiser.ask()
        hill = type("Hill", (), {"fitness": -np.abs(vectors[:, 0] - 0.3)})
        optimiser.tell(vectors, generation_of(number, vectors, hill, 0.0))
    assert np.abs(vectors[:, 0] - 0.3).min() < 0.01


def test_cma_es_bears_generations_in_which_all_fail_alike():
    optimiser = CmaEs(GENES, start=np.full(GENES, 0.5), sigma=0.2, popsize=8, seed=0)
    for number in range(15):
        vectors = optimiser.ask()
        flat = type("Flat", (), {"fitness": np.full(8, np.nan)})
        optimiser.tell(vectors, generation_of(number, vectors, flat, 0.0))
        assert len(vectors) == 8 and np.isfinite(vectors).all() and not optimiser.notes
    assert vectors.std(0).min() > 0.02


def test_cma_es_is_the_same_on_any_number_of_threads():
    """With 150 genes, BLAS sums in another order on two threads than on one."""
    asked = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            wide = {"size": 150, "start": np.full(150, 0.5), "popsize": 24}
            asked.append(generations("cma-es", 12, toy=type("Wide", (), {"evaluate": _wide})(), **wide)[0][-1])
    assert np.array_equal(*asked)


def test_many_genes_take_the_diagonal_form():
    asked, optimiser = generations(
        "cma-es", 3, toy=type("Wide", (), {"evaluate": _wide})(), size=400, start=np.full(400, 0.5)
    )
    assert optimiser._es.opts["CMA_diagonal"] is True
    assert asked[2].shape == (12, 400)


def _wide(self, vectors, *, seed, generation):
    return type("E", (), {"fitness": -(vectors**2 * np.arange(vectors.shape[1])).sum(1)})


def test_map_elites_keeps_the_best_of_each_cell():
    asked, optimiser = generations("map-elites", 40, toy=Toy(noise=0.0), popsize=20)
    archive = optimiser.tables["archive"]
    everything = np.concatenate(asked)
    fitness = -((everything - Toy.best) ** 2).sum(1)
    best = np.full((5, 4), np.nan)
    for (x, y), f in zip(everything[:, :2], fitness, strict=True):
        cell = min(int(x * 5 + 1e-6), 4), min(int(y * 4 + 1e-6), 3)
        best[cell] = np.fmax(best[cell], f)
    assert archive["fitness"].dims == ("x", "y")
    np.testing.assert_allclose(archive["fitness"].values, best)
    assert np.isfinite(best).sum() > 12
    assert optimiser.status == f"{np.isfinite(best).sum()} of 20 cells"
    elite = archive.sel(x=0.1, y=0.125, method="nearest")
    assert fitness[(everything == elite["vector"].values).all(1)][0] == pytest.approx(float(elite["fitness"]))


def test_map_elites_takes_no_failed_individual_and_subtracts_the_error():
    optimiser = ALGORITHMS["map-elites"](beginning())
    vectors = optimiser.ask()
    told = Toy(noise=0.25).evaluate(vectors, seed=0, generation=0)
    told.failed[:-1] = True
    optimiser.tell(vectors, generation_of(0, vectors, told, 0.0))
    archive = optimiser.tables["archive"]
    assert int(np.isfinite(archive["fitness"]).sum()) == 1
    assert float(archive["fitness"].max()) == pytest.approx(told.fitness[-1])
    assert float(optimiser._archive.data("objective")[0]) == pytest.approx(told.fitness[-1] - 0.25)


def test_mistakes_are_named():
    with pytest.raises(UnknownNameError, match="no algorithm named 'cmaes'.*did you mean 'cma-es'"):
        evolve(evaluator=Toy(), algorithm="cmaes")
    with pytest.raises(ValueError, match="popsize is 1; CMA-ES compares"):
        evolve(evaluator=Toy(), popsize=1)
    with pytest.raises(ValueError, match="the task has no measures; add some"):
        ALGORITHMS["map-elites"](beginning(measures=()))
    with pytest.raises(ValueError, match=r"asked for vectors of shape \(3,\).*ask \(m, 6\)"):
        checked([1, 2, 3], 6, "Mine")
    with pytest.raises(ValueError, match="Mine asked for genes from 0 to 1.5; they run from 0 to 1: clip them"):
        checked([[0.0, 1.5]], 2, "Mine")
