"""What the benchmark of populations compares does the same work on both sides."""

from importlib.util import find_spec

import numpy as np
import pytest
from mujoco.batch import Batch
from sns_mujoco.models import load
from typer.testing import CliRunner

from sns_mujoco import wrap
from sns_mujoco.cli.app import app
from sns_mujoco.cli.bench.population import ant, generations, report, throughput
from sns_mujoco.cli.bench.population.by_hand import ByHand

needs_toolbox = pytest.mark.skipif(find_spec("sns_toolbox") is None, reason="SNS-Toolbox is not installed")
HEXAPOD = load("hexapod")


def test_closed_and_open_loop_live_through_the_same_frame():
    population = throughput.varied_population(HEXAPOD, 3, threads=2)
    body = HEXAPOD.body("flat", 0).compile()
    population.step(200)
    frame = throughput.recorded_frame(population, body)
    closed = np.array(population.data.qpos)
    bodies = Batch(body, 3, 2)
    throughput.put(bodies, frame.open_state)
    bodies.rollout(throughput.FRAME, frame.controls, record=())
    np.testing.assert_array_equal(np.array(bodies.qpos), closed)
    population.restore(frame.start)
    population.step(throughput.FRAME)
    np.testing.assert_array_equal(np.array(population.data.qpos), closed)
    assert np.ptp(closed, axis=0).max() > 1e-3  # individuals differ


def test_every_individual_has_a_brain_of_its_own_and_walks():
    population = throughput.varied_population(HEXAPOD, 2, threads=1)
    described = population[throughput.VARIED, "*"]
    assert (described[0] != described[1]).all() and described.shape[1] > 300
    population.step(1000)
    assert population.alive.all() and (population.data.body("torso").xpos[:, 0] > 0.02).all()


def test_throughput_is_measured_of_both_loops():
    found = throughput.closed_over_open_throughput(HEXAPOD, individuals=2, threads=1, settled=0.1, frames=2, repeats=1)
    assert found.closed_us > 0 and found.open_us > 0 and 0.1 < found.ratio < 10


@needs_toolbox
def test_the_environment_by_hand_lives_through_the_motion_of_our_closed_loop():
    env = ByHand("hexapod", 0.1)
    first, _ = env.reset(seed=0)
    action = env.action_space.sample()
    second, reward, terminated, truncated, _ = env.step(action)
    assert env.observation_space.contains(second) and not terminated and not truncated
    assert reward == pytest.approx(second[0] - first[0])
    for _ in range(4):  # 100 steps: then it begins anew
        env.step(action)
    again, *_ = env.step(action)
    np.testing.assert_array_equal(again, second)


def test_the_ant_has_a_rhythm_that_moves_all_its_legs():
    pytest.importorskip("imageio")  # which Gymnasium's MuJoCo environments import
    env = wrap("Ant-v5", ant.nervous_system(), ant.adapters(), dt=ant.NEURAL_STEP)
    env.reset(seed=0)
    controls = []
    for _ in range(60):
        env.step(np.array([0.8]))
        controls.append(env.unwrapped.data.ctrl.copy())
    assert np.ptp(controls[20:], axis=0).min() > 0.1


def test_a_generation_is_measured(monkeypatch):
    monkeypatch.setattr(generations, "POPSIZE", 4)
    found = generations.share_outside("antagonist_joint", task="step", generations=1, threads=1)
    assert 0.0 < found["share_outside_batch"] < 1.0 and found["generation_s"] > 0.0


def test_the_report_names_what_is_wanted_and_what_was_left_out():
    rows = report.rows(
        {
            "closed_over_open_throughput": {64: 0.91},
            "us_per_animal_step": {64: 22.0},
            "speedup_over_async_vector_env": 4.4,
        }
    )
    assert ("times faster than AsyncVectorEnv around SNS-Toolbox", "4.4", ">= 4") in rows
    assert rows[0][1:] == ("0.910", ">= 0.88") and len(rows) == 3


@pytest.mark.parametrize("option", ["--seconds=1", "--sizes=10", "--peers=nest"])
def test_options_of_other_benchmarks_are_refused(option):
    result = CliRunner().invoke(app, ["bench", "population", option])
    assert result.exit_code != 0 and "leave it out" in str(result.exception or result.output)
