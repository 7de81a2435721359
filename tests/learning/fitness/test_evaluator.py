"""The evaluator on living animals: the same bits however lives are split, failures, falls, pushes, seeds."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco import Simulation
from sns_mujoco.errors import ParameterError, SnsError, TaskError, UnknownNameError
from sns_mujoco.learning.fitness import (
    WORST,
    CostOfTransport,
    DutyFactor,
    Evaluator,
    Measure,
    Power,
    Push,
    Speed,
    StrideFrequency,
    Survival,
    TargetTrajectory,
    Task,
    Trial,
)
from sns_mujoco.learning.randomisation import Random
from sns_mujoco.learning.spaces import Vary

JOINT = "antagonist_joint"


@dataclass(frozen=True)
class Seen:
    """A user's own term: what a function says of the population at the end."""

    what: Any
    name: str = "seen"
    weight: float = 1.0

    def begin(self, population, seconds, frame):
        return Seeing(self.what, population)


class Seeing:
    def __init__(self, what, population):
        self._what, self._population = what, population

    def observe(self, dt):
        pass

    def value(self):
        return self._what(self._population)


def angle(population):
    return population.data.joint("hip").qpos[:, 0]


def seeds(population):
    return np.array(population.seeds, float)


VARY = (
    Vary("max_conductance", "drive->* RG", bounds=(0.5, 2.0), relative=True, scale="log"),
    Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),
)
TRIALS = (
    Trial(terrain="ground", commands={"drive": 0.5}, seconds=1.0, settle=0.3),
    Trial(terrain="free", commands={"drive": [(0.0, 1.0), (0.5, 0.0)], "flex": 0.3}, seconds=0.8, settle=0.0,
          pushes=(Push(force=3.0, every=0.2, body="limb"),)),
    Trial(terrain="ground", commands={"drive": 1.0}, seconds=0.5, settle=0.1, weight=2.0),
)  # fmt: skip
TASK = Task(
    vary=VARY,
    trials=TRIALS,
    terms=(
        Power(), StrideFrequency(target=1.0), DutyFactor(target=0.6), Seen(angle),
        TargetTrajectory(joints=("hip",), at=(0.0, 1.0), targets=(0.0, 0.5)),
    ),
    measures=(Measure(name="duty_factor", bounds=(0.0, 1.0)),),
    seeds=2,
)  # fmt: skip


def same(a, b, rows=slice(None)):
    """Whether two evaluations are equal to the bit; `rows` of the second."""
    pairs = [(a.fitness, b.fitness), (a.error, b.error), (a.measures, b.measures), (a.fell, b.fell)]
    pairs += [(a.terms[name], b.terms[name]) for name in b.terms]
    return a.terms.keys() == b.terms.keys() and all(
        np.array_equal(one, other[rows], equal_nan=True) for one, other in pairs
    )


@pytest.fixture(scope="module")
def evaluator():
    with Evaluator(JOINT, TASK, threads=1) as made:
        yield made


@pytest.fixture(scope="module")
def vectors(evaluator):
    return evaluator.space.sample(5, seed=3)


@pytest.fixture(scope="module")
def whole(evaluator, vectors):
    return evaluator.evaluate(vectors, seed=7, generation=4)


@pytest.mark.parametrize("threads, rows", [(1, 3), (2, 4), (2, 256), (1, 1)])
def test_the_bits_do_not_depend_on_how_lives_are_split(whole, vectors, threads, rows):
    with Evaluator(JOINT, TASK, threads=threads, rows=rows) as other:
        split = other.evaluate(vectors, seed=7, generation=4)
    assert same(split, whole) and split.steps == whole.steps
    assert len(np.unique(whole.fitness)) == 5


def test_the_bits_do_not_depend_on_the_others_or_on_what_was_before(evaluator, whole, vectors):
    evaluator.evaluate(vectors[::-1], seed=1, generation=0)
    assert same(evaluator.evaluate(vectors[3:4], seed=7, generation=4), whole, slice(3, 4))
    assert same(evaluator.evaluate(vectors[[4, 0]], seed=7, generation=4), whole, [4, 0])
    assert same(evaluator.evaluate(vectors[0], seed=7, generation=4), whole, slice(0, 1))


def test_an_individual_lives_as_its_animal_does(evaluator, vectors):
    task = replace(TASK, trials=TRIALS[:1], terms=(Seen(angle), Seen(seeds, name="seeds", weight=0.0)), seeds=1,
                   measures=())  # fmt: skip
    with Evaluator(JOINT, task) as made:
        evaluation = made.evaluate(vectors, seed=1, generation=0)
    for vector, expected, seed in zip(vectors, evaluation.terms["seen"], evaluation.terms["seeds"], strict=True):
        animal = evaluator.space.animal(vector)
        simulation = Simulation(animal.build(terrain="ground"))
        animal.start(simulation, int(seed))
        simulation.commands["drive"] = 0.5
        simulation.step(1000)
        assert simulation.data.joint("hip").qpos[0] == expected
    assert len(np.unique(evaluation.terms["seeds"])) == 1  # all meet the same


def test_every_generation_has_fresh_seeds_or_none_has(evaluator, whole, vectors):
    assert not same(evaluator.evaluate(vectors, seed=7, generation=5), whole)
    assert not same(evaluator.evaluate(vectors, seed=8, generation=4), whole)
    with Evaluator(JOINT, replace(TASK, fresh_seeds=False, trials=TRIALS[:1])) as steady:
        first = steady.evaluate(vectors, seed=7, generation=0)
        assert same(steady.evaluate(vectors, seed=7, generation=9), first)
        assert not same(steady.evaluate(vectors, seed=6, generation=0), first)


def test_fitness_is_the_sum_of_weighted_merits(vectors):
    def one(population):
        return np.where(np.arange(population.n) < population.n, 1.0, 0.0)

    trials = (
        Trial(seconds=0.1, settle=0.05, terms=(Seen(one, weight=3.0), Seen(lambda p: 2 * one(p), name="two"))),
        Trial(seconds=0.1, settle=0.05, weight=3.0),
    )
    task = Task(vary=VARY, trials=trials, terms=(Seen(lambda p: 5 * one(p)),), seeds=2)
    with Evaluator(JOINT, task) as made:
        evaluation = made.evaluate(vectors[:2], seed=0, generation=0)
    assert evaluation.fitness.tolist() == [(3.0 + 2.0 + 3 * 5.0) / 4] * 2
    assert evaluation.terms["seen"].tolist() == [(1.0 + 3 * 5.0) / 4] * 2
    assert evaluation.terms["two"].tolist() == [2.0] * 2  # of the one trial that has it
    assert evaluation.error.tolist() == [0.0] * 2


def test_seeds_are_summed_up_as_the_task_says(vectors):
    task = Task(vary=VARY, trials=(Trial(seconds=0.1, settle=0.05),), terms=(Seen(lambda p: seeds(p) % 1000),), seeds=4)
    seen = []

    def noting(population):
        seen[:] = (seeds(population) % 1000)[:4].tolist()
        return seeds(population) % 1000

    by = {}
    for aggregate in ("mean", "worst", "mean - std"):
        with Evaluator(JOINT, replace(task, aggregate=aggregate, terms=(Seen(noting),))) as made:
            by[aggregate] = made.evaluate(vectors[0], seed=0, generation=0)
    assert by["mean"].fitness[0] == pytest.approx(np.mean(seen))
    assert by["worst"].fitness[0] == np.min(seen)
    assert by["mean - std"].fitness[0] == pytest.approx(np.mean(seen) - np.std(seen, ddof=1))
    assert all(e.error[0] == pytest.approx(np.std(seen, ddof=1) / 2) for e in by.values())
    with Evaluator(JOINT, replace(task, seeds=1)) as made:
        alone = made.evaluate(vectors[0], seed=0, generation=0)
    assert np.isfinite(alone.fitness[0]) and np.isnan(alone.error[0])


# failures


def test_an_individual_that_diverges_is_the_worst_and_leaves_the_others(capfd):
    vary = (Vary("kp", "foot", bounds=(1.0, 1e12), relative=True, scale="log"), *VARY[1:])
    task = replace(TASK, vary=vary, trials=TRIALS[:1])
    with Evaluator(JOINT, task, rows=3) as made:
        good = np.vstack([made.space.origin, made.space.origin])
        good[1, 1] = 0.7
        alone = made.evaluate(good, seed=0, generation=0)
        wild = made.space.origin.copy()
        wild[0] = 1.0
        three = made.evaluate([good[0], wild, good[1]], seed=0, generation=0)
        again = made.evaluate(good, seed=0, generation=0)
    assert three.failed.tolist() == [False, True, False] and not alone.failed.any()
    assert three.fitness[1] == WORST and "diverged" in three.reasons[1] and list(three.reasons) == [1]
    assert np.isnan(three.terms["power"][1]) and three.measures[1] == 0.0
    assert same(alone, three, [0, 2]) and same(again, alone)
    assert not any(capfd.readouterr())


def test_parameters_that_cannot_be_are_the_worst_and_leave_the_others(evaluator, whole, vectors, monkeypatch):
    apply = evaluator.space.apply

    def refusing(population, given, ids=None):
        if (given[:, 0] == vectors[2, 0]).any():
            raise ParameterError("the neural step is too long for it")
        apply(population, given, ids)

    monkeypatch.setattr(evaluator.space, "apply", refusing)
    evaluation = evaluator.evaluate(vectors, seed=7, generation=4)
    assert evaluation.failed.tolist() == [False, False, True, False, False]
    assert evaluation.reasons == {2: "the neural step is too long for it"} and evaluation.fitness[2] == WORST
    others = [0, 1, 3, 4]
    assert np.array_equal(evaluation.fitness[others], whole.fitness[others])
    assert evaluation.steps < whole.steps


def test_a_term_that_is_no_number_fails_its_individual_alone(vectors):
    def odd(population):
        return np.where(np.arange(population.n) == 1, np.nan, 1.0)

    with Evaluator(JOINT, replace(TASK, trials=TRIALS[2:], terms=(Seen(odd),), seeds=1, measures=())) as made:
        evaluation = made.evaluate(vectors[:3], seed=0, generation=0)
    assert evaluation.fitness.tolist() == [1.0, WORST, 1.0]
    assert evaluation.reasons == {1: "the term 'seen' is not a finite number"}


# the hexapod: falls and pushes

LEGS = (Vary("max_conductance", "?? hold->?? trigger", bounds=(0.5, 2.0), relative=True, scale="log", tie="all"),)


def test_pushes_let_animals_fall_and_whoever_lies_costs_nothing():
    calm = Trial(seconds=0.6, settle=0.2)
    rough = replace(calm, pushes=(Push(force=0.6, every=0.2, duration=0.05),))
    task = Task(vary=LEGS, trials=(calm,), terms=(Survival(), Speed(), CostOfTransport(weight=0.1)), seeds=3)
    with Evaluator("hexapod", task) as made:
        quiet = made.evaluate(made.space.origin, seed=0, generation=0)
    with Evaluator("hexapod", replace(task, trials=(rough,))) as made:
        pushed = made.evaluate(made.space.origin, seed=0, generation=0)
        elsewhere = made.evaluate(made.space.origin, seed=0, generation=1)
    assert quiet.fell[0] == 0.0 and quiet.terms["survival"][0] == 1.0 and quiet.steps == 3 * 600
    assert pushed.fell[0] > 0.0 and pushed.terms["survival"][0] < 1.0 and pushed.steps < quiet.steps
    assert not pushed.failed.any()
    assert elsewhere.terms["survival"][0] != pushed.terms["survival"][0]


def test_commands_follow_their_schedule_and_cruise_is_usual():
    def drive(population):
        return population.commands["drive"]

    lives = {
        "cruise": (None, load(JOINT).cruise["drive"]),
        "others": ({"flex": 0.5}, 0.0),
        "changed": ({"drive": [(0.0, 0.1), (0.05, 0.7)]}, 0.7),
        "not yet": ({"drive": [(0.05, 0.7), (0.2, 0.1)]}, 0.7),
    }
    trials = [
        Trial(seconds=0.1, settle=0.02, commands=commands, terms=(Seen(drive, name=name),))
        for name, (commands, _) in lives.items()
    ]
    with Evaluator(JOINT, Task(vary=VARY, trials=tuple(trials), seeds=1)) as made:
        terms = made.evaluate(made.space.origin, seed=0, generation=0).terms
    assert {name: values[0] for name, values in terms.items()} == {name: value for name, (_, value) in lives.items()}


# what does not fit


@pytest.mark.parametrize(
    "animal, change, error, message",
    [
        (JOINT, {"trials": (Trial(terrain="swamp"),)}, UnknownNameError, "no terrain named 'swamp'"),
        (JOINT, {"trials": (Trial(commands={"drvie": 1.0}),)}, UnknownNameError, "did you mean 'drive'"),
        (JOINT, {"trials": (Trial(commands={"drive": 1.5}),)}, TaskError, "'drive' is set to 1.5.*from 0 to 1"),
        (JOINT, {"frame": 0.0105}, TaskError, "a frame of 0.0105 s is no whole number of physics steps of 0.001 s"),
        (JOINT, {"frame": 0.0001}, TaskError, "take 0.001 s"),
        (JOINT, {"trials": (Trial(pushes=(Push(force=1.0, at=0.5),)),)}, TaskError, "no torso; name the body"),
        (JOINT, {"trials": (Trial(pushes=(Push(force=1.0, at=0.5, body="lim"),)),)}, UnknownNameError, "'limb'"),
        (JOINT, {"terms": (Speed(),)}, TaskError, "'speed' needs an animal that moves about"),
        (JOINT, {"vary": (Vary("g_max", "no->where", bounds=(0.0, 1.0)),)}, UnknownNameError, "no->where"),
        ("hexpod", {}, UnknownNameError, "did you mean 'hexapod'"),
    ],
)
def test_a_task_that_does_not_fit_is_refused_before_anything_runs(animal, change, error, message):
    with pytest.raises(error, match=message):
        Evaluator(animal, replace(TASK, measures=(), **change))


def test_what_is_drawn_anew_is_the_same_for_all_and_however_lives_are_split(evaluator, whole, vectors):
    task = replace(TASK, trials=TRIALS[:1], randomise=(Random("max_conductance", "* RG->* In", bounds=(0.8, 1.25)),
                                                       Random("mass", "limb", spread=0.05)))  # fmt: skip
    with Evaluator(JOINT, task) as one, Evaluator(JOINT, task, rows=3, threads=1) as other:
        drawn = one.evaluate(vectors, seed=7, generation=4)
        assert same(other.evaluate(vectors, seed=7, generation=4), drawn)
        assert same(one.evaluate(vectors[[0, 0]], seed=7, generation=4), drawn, [0, 0])
    with Evaluator(JOINT, replace(task, randomise=())) as steady:
        assert not same(steady.evaluate(vectors, seed=7, generation=4), drawn)


def test_a_draw_that_cannot_be_fails_its_individual_alone(evaluator, vectors, monkeypatch):
    (population,) = [p for ground, p in evaluator._populations.items() if ground[0] == "free"]
    reset = population.reset

    def refusing(ids=None, *, seeds=None):
        if 3 in np.atleast_1d(ids):
            raise ParameterError("it would be too heavy")
        reset(ids, seeds=seeds)

    monkeypatch.setattr(population, "reset", refusing)
    evaluation = evaluator.evaluate(vectors, seed=7, generation=4)
    assert evaluation.reasons == {1: "it would be too heavy"}  # its second seed
    assert evaluation.fitness[1] == WORST and evaluation.failed.tolist() == [False, True, False, False, False]


def test_wrong_vectors_and_seeds_are_refused(evaluator, vectors):
    for wrong in (vectors[:, :1], vectors + 1.0, vectors * np.nan, np.empty((0, vectors.shape[1]))):
        with pytest.raises((ParameterError, ValueError)):
            evaluator.evaluate(wrong, seed=0, generation=0)
    for seed, generation in ((-1, 0), (0, -1), (0.5, 0)):
        with pytest.raises(ValueError, match="give a whole number"):
            evaluator.evaluate(vectors, seed=seed, generation=generation)
    with pytest.raises(ValueError, match="rows is 0"):
        Evaluator(JOINT, TASK, rows=0)


def test_what_is_refused_is_an_error_of_ours():
    assert issubclass(TaskError, SnsError) and issubclass(TaskError, ValueError)
