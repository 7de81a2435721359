"""Tasks as plain data and in files; trials, pushes and measures that make no sense."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from sns_mujoco.errors import OutputPathError, ParameterError, TaskError, UnknownNameError
from sns_mujoco.learning.fitness import (
    CostOfTransport,
    DutyFactor,
    Measure,
    Push,
    Speed,
    TargetGait,
    TargetTrajectory,
    Task,
    Trial,
    load_task,
    task_from_dict,
    task_names,
    task_to_dict,
)
from sns_mujoco.learning.randomisation import Random
from sns_mujoco.learning.spaces import Vary

VARY = (Vary("max_conductance", "a->*", bounds=(0.5, 2.0), relative=True, scale="log", tie="all"),)


@dataclass(frozen=True)
class Grace:
    """A user's own term."""

    finesse: float = 0.5
    name: str = "grace"
    weight: float = 2.0

    def begin(self, population, seconds, frame): ...


FULL = Task(
    summary="everything",
    vary=VARY,
    trials=(
        Trial(),
        Trial(
            terrain="rough", terrain_seed=3, seconds=2.5, settle=0.5, weight=0.5,
            commands={"drive": [(0.0, 0.2), (1.0, 1.0)], "turn": 0.1},
            pushes=(Push(force=0.1, every=0.5), Push(force=1.0, at=(1.0, 2.0), body="torso", direction=(0, 1, 0))),
            terms=(Speed(target=1.0), Speed(name="crawl", weight=0.0)),
        ),
    ),
    terms=(
        CostOfTransport(weight=0.1, work="absolute"),
        TargetGait(lags={("a", "b"): 0.5}),
        TargetTrajectory(joints=("hip",), at=(0.0, 1.0), targets=((0.1,), (0.2,)), foot="a"),
        DutyFactor(weight=0.0),
        Grace(finesse=0.25),
    ),
    seeds=5,
    fresh_seeds=False,
    randomise=(Random("mass", "torso", bounds=(0.8, 1.2)), Random("gain", spread=0.1, together=True)),
    aggregate="mean - std",
    measures=(Measure(name="duty_factor", bounds=(0.2, 0.9), cells=7),),
    frame=0.005,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fresh_seeds": "no"}, "fresh_seeds of a task is 'no'; give true or false"),
        ({"summary": 3}, "summary of a task is 3; give a text"),
        ({"terms": [{"kind": "speed", "name": 3}]}, "name of term 'speed' is 3; give a text"),
        (
            {"terms": [{"kind": "speed", "weight": "x"}]},
            "term 'speed' has a field of a wrong type .weight = 'x'.; give",
        ),
        ({"trials": [{"commands": 3}]}, "commands of a trial are 3; give a value or a schedule"),
        ({"trials": [{"pushes": [{"force": 1.0, "at": [1.0, 7.0]}]}]}, "a push comes at 7 s; the trial lasts 5 s"),
        ({"trials": [{"pushes": [{"force": 1.0, "every": 4.5}]}]}, "a push comes every 4.5 s; the trial lasts 5 s, of"),
        ({"aggregate": "mean - std", "seeds": 1}, "a single seed has no standard deviation; give more seeds"),
    ],
)
def test_what_would_do_nothing_and_wrong_types_are_refused(change, message):
    with pytest.raises(TaskError, match=message):
        task_from_dict({"vary": [vary.to_dict() for vary in VARY], **change})


def test_a_task_goes_through_json_unchanged(tmp_path):
    data = task_to_dict(FULL)
    assert task_from_dict(json.loads(json.dumps(data))) == FULL
    FULL.save(tmp_path / "task.json")
    assert Task.load(tmp_path / "task.json") == FULL
    assert Task.from_dict(FULL.to_dict()) == FULL
    small = task_to_dict(Task(vary=VARY))
    assert "frame" not in small and task_from_dict(small) == Task(vary=VARY)


def test_a_task_is_written_by_hand_in_toml(tmp_path):
    (tmp_path / "angles.csv").write_text("phase,hip\n0,0\n0.5,10\n1,0\n")
    (tmp_path / "task.toml").write_text(
        """
        seeds = 2
        aggregate = "worst"

        [[vary]]
        quantity = "max_conductance"
        pattern = "a->*"
        bounds = [0.5, 2.0]
        relative = true
        scale = "log"
        tie = "all"

        [[trials]]
        commands = { drive = [[0.0, 0.5], [2.0, 1.0]] }
        pushes = [{ force = 0.5, every = 1.0 }]

        [[terms]]
        kind = "speed"

        [[terms]]
        kind = "target_trajectory"
        file = "angles.csv"
        unit = "deg"
        foot = "left"
        weight = 0.5
        """
    )
    assert Task.load(tmp_path / "task.toml") == Task(
        vary=VARY,
        seeds=2,
        aggregate="worst",
        trials=(Trial(commands={"drive": [(0.0, 0.5), (2.0, 1.0)]}, pushes=(Push(force=0.5, every=1.0),)),),
        terms=(
            Speed(),
            TargetTrajectory(
                joints=("hip",), at=(0.0, 0.5, 1.0), targets=((0.0,), (float(np.radians(10.0)),), (0.0,)),
                foot="left", weight=0.5,
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"sedes": 3}, UnknownNameError, "no field named 'sedes' in a task; did you mean 'seeds'"),
        ({"terms": [{"kind": "sped"}]}, UnknownNameError, "did you mean 'speed'"),
        ({"terms": [{"weight": 1.0}]}, TaskError, "a term has the kind None; give one of speed"),
        ({"terms": [{"kind": "speed", "wieght": 1.0}]}, UnknownNameError, "'wieght' in term 'speed'"),
        ({"terms": [{"kind": "no.such:Term"}]}, TaskError, "there is no term 'no.such:Term'"),
        ({"terms": [{"kind": "json:loads"}]}, TaskError, "'json:loads' is no dataclass"),
        ({"terms": [{"kind": "target_gait"}]}, TaskError, "term 'target_gait' has no 'lags'"),
        ({"terms": {"kind": "speed"}}, TaskError, "give a list of tables"),
        ({"terms": [{"kind": "speed", "weight": "much"}]}, TaskError, "wrong type"),
        ({"trials": [3]}, TaskError, "a trial is 3; give a table"),
        ({"trials": [{"pushes": [{"force": 1.0}]}]}, TaskError, "at and every"),
        ({"trials": [{"terrains": "flat"}]}, UnknownNameError, "did you mean 'terrain'"),
        ({"vary": [{"pattern": "*"}]}, ParameterError, "quantity"),
        ({"measures": [{"name": "speed"}]}, TaskError, "a measure has no 'bounds'"),
        ({"measures": [{"name": "spede", "bounds": [0, 1]}]}, UnknownNameError, "no term named 'spede'"),
    ],
)
def test_damaged_data_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        task_from_dict(task_to_dict(Task(vary=VARY)) | change)


def test_damaged_files_are_refused(tmp_path):
    for name, text in (("a.json", "{"), ("b.toml", "seeds = "), ("c.json", "[1]")):
        (tmp_path / name).write_text(text)
        with pytest.raises(TaskError):
            Task.load(tmp_path / name)
    (tmp_path / "d.json").write_bytes(b"\xff\xfe")
    with pytest.raises(TaskError, match="damaged"):
        Task.load(tmp_path / "d.json")
    with pytest.raises(TaskError, match="ends in '.yaml'"):
        Task.load(tmp_path / "task.yaml")
    with pytest.raises(FileNotFoundError):
        Task.load(tmp_path / "none.json")
    with pytest.raises(OutputPathError):
        FULL.save(tmp_path / "none" / "task.json")


def test_a_term_that_cannot_be_found_again_is_not_written():
    class Whim:
        name, weight = "whim", 1.0

        def begin(self, population, seconds, frame): ...

    with pytest.raises(TaskError, match="the term 'whim' cannot be written"):
        task_to_dict(Task(vary=VARY, terms=(Whim(),)))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Task(vary=()), "something that varies and a trial"),
        (lambda: Task(vary=VARY, trials=()), "something that varies and a trial"),
        (lambda: Task(vary=VARY, terms=(Speed(), Speed())), "two terms of a trial are called 'speed'"),
        (lambda: Task(vary=VARY, terms=(Speed(weight=0.0),)), "no term has a weight above 0"),
        (lambda: Task(vary=VARY, terms=(3,)), "3 is no term"),
        (lambda: Task(vary=VARY, seeds=0), "seeds of a task is 0"),
        (lambda: Task(vary=VARY, aggregate="median"), "aggregate is 'median'; it can be 'mean', 'worst', 'mean - std'"),
        (lambda: Task(vary=VARY, frame=0.0), "frame is 0.0 s"),
        (lambda: Task(vary=VARY, frame=3.0, trials=(Trial(seconds=4.0, settle=3.0),)), "leaves no frame of 3 s"),
        (lambda: Trial(seconds=1.0, settle=1.0), "a trial lasts 1.0 s, of which 1.0 s settle"),
        (lambda: Trial(weight=0.0), "weight of a trial is 0.0"),
        (lambda: Trial(terrain_seed=-1), "terrain_seed is -1"),
        (lambda: Trial(commands={"drive": [(1.0, 0.0), (0.5, 1.0)]}), "command 'drive' is"),
        (lambda: Trial(commands={"drive": float("nan")}), "command 'drive' is nan"),
        (lambda: Trial(commands={"drive": "fast"}), "command 'drive' is 'fast'"),
        (lambda: Measure(name="speed", bounds=(1.0, 0.0)), "bounds of measure 'speed'"),
        (lambda: Measure(name="speed", bounds=(0.0,)), "bounds of measure 'speed'"),
        (lambda: Measure(name="speed", bounds=(0.0, 1.0), cells=0), "0 cells"),
        (lambda: Push(force=-1.0, every=1.0), "a force of -1.0 N"),
        (lambda: Push(force=1.0), "both at and every, or neither"),
        (lambda: Push(force=1.0, at=(1.0,), every=1.0), "both at and every, or neither"),
        (lambda: Push(force=1.0, at=(-1.0,)), "pushes are at"),
        (lambda: Push(force=1.0, every=0.05), "a push of 0.1 s comes every 0.05 s"),
        (lambda: Push(force=1.0, at=1.0, direction=(0.0, 0.0, 0.0)), "direction of a push"),
        (lambda: Push(force=1.0, at=1.0, direction=(1.0, 0.0)), "direction of a push"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(TaskError, match=message):
        make()


def test_pushes_are_drawn_from_the_seed_and_keep_apart():
    push = Push(force=2.0, every=0.5, duration=0.1)
    times = {"settle": 1.0, "seconds": 4.0, "frame": 0.01}
    windows = push.draw(np.random.default_rng(1), **times)
    assert windows == push.draw(np.random.default_rng(1), **times) != push.draw(np.random.default_rng(2), **times)
    assert len(windows) == 6 and all(w.end - w.begin == 10 for w in windows)
    assert all(100 + 50 * k <= w.begin and w.end <= 150 + 50 * k for k, w in enumerate(windows))
    forces = np.array([w.force for w in windows])
    np.testing.assert_allclose(np.linalg.norm(forces, axis=1), 2.0)
    assert not forces[:, 2].any() and len(np.unique(forces[:, 0])) == 6
    (one,) = Push(force=3.0, at=1.5, direction=(0, 0, 2)).draw(np.random.default_rng(0), **times)
    assert (one.begin, one.end, one.force) == (150, 160, (0.0, 0.0, 3.0))


def test_tasks_of_animals_are_found_by_name(tmp_path):
    assert "speed" in task_names("hexapod")
    assert load_task("hexapod", "speed").summary
    with pytest.raises(UnknownNameError, match="no task named 'sped' in animal 'hexapod'.*did you mean 'speed'"):
        load_task("hexapod", "sped")
    FULL.save(tmp_path / "own.json")
    assert load_task("hexapod", str(tmp_path / "own.json")) == FULL
