"""Evaluation on a local Ray cluster of two workers: the same bits, also when one of them is killed."""

import os
import signal
import sys

import numpy as np
import pytest

pytest.importorskip("ray")

from sns_mujoco.errors import ClusterError, MissingDependencyError, ParameterError
from sns_mujoco.learning import clusters
from sns_mujoco.learning.clusters import RayEvaluator
from sns_mujoco.learning.fitness import DutyFactor, Evaluator, Measure, Power, StrideFrequency, Task, Trial
from sns_mujoco.learning.spaces import Vary

JOINT = "antagonist_joint"


def task_with(trap):
    """A task one of whose terms, once the file `trap` is there, removes it and kills its process in mid-trial."""

    class Killer:
        name, weight = "killer", 0.0

        def __init__(self):
            self.trap, self.here = trap, os.getpid()

        def begin(self, population, seconds, frame):
            self.frames, self.n = 0, population.n
            return self

        def observe(self, dt):
            self.frames += 1
            if self.frames == 10 and os.getpid() != self.here and os.path.exists(self.trap):
                with open(self.trap) as file:
                    odd = file.read()
                os.unlink(self.trap)
                if odd:
                    raise RuntimeError(odd)
                os.kill(os.getpid(), signal.SIGKILL)

        def value(self):
            return np.zeros(self.n)

    return Task(
        vary=(
            Vary("max_conductance", "drive->* RG", bounds=(0.5, 2.0), relative=True, scale="log"),
            Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),
        ),
        trials=(Trial(terrain="ground", commands={"drive": 0.8}, seconds=1.0, settle=0.2),),
        terms=(Power(), StrideFrequency(target=1.0), DutyFactor(weight=0.0), Killer()),
        measures=(Measure(name="duty_factor", bounds=(0.0, 1.0)),),
        seeds=2,
    )


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    return tmp_path_factory.mktemp("trap") / "armed"


@pytest.fixture(scope="module")
def task(trap):
    return task_with(str(trap))


@pytest.fixture(scope="module")
def cluster(task):
    with RayEvaluator(JOINT, task, address="local", workers=2, threads=1) as made:
        yield made


@pytest.fixture(scope="module")
def alone(task):
    with Evaluator(JOINT, task) as made:
        vectors = made.space.sample(7, seed=1)
        return vectors, made.evaluate(vectors, seed=3, generation=2)


def same(a, b):
    pairs = [(a.fitness, b.fitness), (a.error, b.error), (a.measures, b.measures), (a.fell, b.fell)]
    pairs += [(a.terms[name], b.terms[name]) for name in b.terms]
    return all(np.array_equal(one, other, equal_nan=True) for one, other in pairs) and a.steps == b.steps


def test_two_workers_have_the_bits_of_one_machine(cluster, alone):
    vectors, expected = alone
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected)
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected)
    assert not same(cluster.evaluate(vectors, seed=3, generation=3), expected)
    assert cluster.space.digest and cluster.measures == cluster.task.measures


def test_a_worker_that_is_killed_costs_only_its_share(cluster, alone, trap):
    vectors, expected = alone
    trap.touch()
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected)
    assert not trap.exists() and cluster.lost == 1
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected)


def test_an_error_of_a_term_comes_from_the_worker_and_costs_no_worker(cluster, alone, trap):
    vectors, expected = alone
    lost = cluster.lost
    trap.write_text("it has no legs")
    with pytest.raises(RuntimeError, match="it has no legs"):
        cluster.evaluate(vectors, seed=3, generation=2)
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected) and cluster.lost == lost


def test_workers_that_find_no_room_are_told_of(cluster, task):
    with pytest.raises(ClusterError, match="no machine of the cluster has 1000 processors for a worker"):
        RayEvaluator(JOINT, task, threads=1000)
    processors = int(cluster._ray.cluster_resources()["CPU"])
    if processors == 2:
        with pytest.raises(ClusterError, match="no worker of 2 processors could start within 0.2 s; 0 processors"):
            RayEvaluator(JOINT, task, threads=2, patience=0.2)
    with pytest.raises(ClusterError, match="is connected with a Ray cluster already, so not with '127.0.0.1:1'"):
        RayEvaluator(JOINT, task, address="127.0.0.1:1")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999"])
def test_an_address_at_which_nobody_answers_is_told_of_at_once(task, monkeypatch, address):
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", lambda **_: pytest.fail("it would wait for minutes"))
    with pytest.raises(ClusterError, match=f"no Ray cluster can be reached at '{address}': .*give 'local'"):
        RayEvaluator(JOINT, task, address=address)


def test_wrong_input_is_refused_here(cluster, alone, task):
    vectors, _ = alone
    with pytest.raises(ParameterError):
        cluster.evaluate(vectors + 1.0, seed=0, generation=0)
    with pytest.raises(ValueError, match="give a whole number"):
        cluster.evaluate(vectors, seed=-1, generation=0)
    with pytest.raises(ValueError, match="workers is 0"):
        RayEvaluator(JOINT, task, workers=0)


def test_a_share_that_is_lost_again_and_again_is_told_of(cluster, alone, trap, monkeypatch):
    vectors, _ = alone
    monkeypatch.setattr(clusters, "LOSSES", 1)
    trap.touch()
    with pytest.raises(ClusterError, match="was lost with its worker 1 times"):
        cluster.evaluate(vectors, seed=3, generation=2)


def test_without_ray_the_extra_is_named(task, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingDependencyError, match=r"sns-mujoco\[ray\]"):
        RayEvaluator(JOINT, task)


def test_workers_that_die_before_they_are_ready_are_replaced_but_not_for_ever(cluster, alone, monkeypatch):
    vectors, expected = alone
    cluster.evaluate(vectors, seed=3, generation=2)  # so that a worker is idle
    make, left = cluster._make, [2]

    class Stillborn:
        def remote(self, *given):
            worker = make.remote(*given)
            if left[0]:
                left[0] -= 1
                cluster._ray.kill(worker)
            return worker

    monkeypatch.setattr(cluster, "_make", Stillborn())
    for _ in range(len(cluster._idle)):
        cluster._bury(cluster._idle.popleft())
    assert same(cluster.evaluate(vectors, seed=3, generation=2), expected) and left == [0]
    left[0] = 10
    for _ in range(len(cluster._idle)):
        cluster._bury(cluster._idle.popleft())
    for joining in list(cluster._joining.values()):
        cluster._ray.kill(joining)
    with pytest.raises(ClusterError, match="3 workers died before they were ready"):
        cluster.evaluate(vectors, seed=3, generation=2)
