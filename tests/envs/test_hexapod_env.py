"""The hexapod as a Gymnasium environment, as its users meet it."""

import resource
import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import sns_mujoco  # noqa: F401 - registers the environments


@pytest.fixture
def env():
    env = gymnasium.make("sns_mujoco/Hexapod-v0")
    yield env
    env.close()


def walk(env, action, steps, seed=0):
    env.reset(seed=seed)
    rewards, infos = [], []
    for _ in range(steps):
        _, reward, terminated, truncated, info = env.step(np.asarray(action, float))
        assert not terminated and not truncated
        rewards.append(reward)
        infos.append(info)
    return np.array(rewards), infos


def test_passes_gymnasiums_own_check(env):
    check_env(env.unwrapped, skip_render_check=True)


def test_a_constant_action_walks_and_none_stands(env):
    rewards, infos = walk(env, [1.0, 0.0], 150)
    assert rewards[50:].mean() > 1.0  # body lengths a second
    assert infos[-1]["position"][0] > 0.1
    _, infos = walk(env, [0.0, 0.0], 100)
    assert np.linalg.norm(infos[-1]["position"][:2] - infos[20]["position"][:2]) < 0.003


def test_turn_command_turns(env):
    headings = []
    for turn in (1.0, -1.0):
        _, infos = walk(env, [0.8, turn], 150)
        headings.append(np.unwrap([info["heading"] for info in infos])[-1])
    assert headings[0] > 0.5
    assert headings[1] < -0.5


def test_same_seed_same_life(env):
    def life(seed):
        env.reset(seed=seed)
        return np.array([env.step(np.array([0.8, 0.1]))[0] for _ in range(30)])

    np.testing.assert_array_equal(life(3), life(3))
    assert (life(3) != life(4)).any()


def test_observations_are_no_live_views(env):
    first, _ = env.reset(seed=0)
    kept = first.copy()
    env.step(env.action_space.sample())
    np.testing.assert_array_equal(first, kept)


def test_time_limit_truncates():
    env = gymnasium.make("sns_mujoco/Hexapod-v0", max_episode_steps=5)
    env.reset(seed=0)
    ends = [env.step(np.array([0.0, 0.0]))[2:4] for _ in range(5)]
    assert ends[-1] == (False, True) and ends[-2] == (False, False)
    env.close()


def test_a_fall_terminates(env):
    env.reset(seed=0)
    data = env.unwrapped.simulation.data
    data.qpos[2] = 0.03
    data.qpos[3:7] = 0.0, 1.0, 0.0, 0.0  # on its back
    ended = False
    for _ in range(60):
        _, _, terminated, _, info = env.step(np.array([0.0, 0.0]))
        ended |= terminated
    assert ended and info["fallen"]


def test_a_diverging_life_terminates(env):
    env.reset(seed=0)
    env.unwrapped.simulation.data.qvel[8] = 1e12
    _, _, terminated, _, info = env.step(np.array([0.0, 0.0]))
    assert terminated and info["fallen"]
    observation, _ = env.reset()
    assert np.isfinite(observation).all()


def test_bad_actions_and_options(env):
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"give 2 finite numbers \(drive, turn\)"):
        env.unwrapped.step(np.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        env.unwrapped.step(np.array([np.nan, 0.0]))
    with pytest.raises(ValueError, match="this environment has none"):
        env.reset(options={"a": 1})
    with pytest.raises(ValueError, match="render_mode"):
        env.unwrapped.__class__("hexapod", render_mode="human")
    with pytest.raises(LookupError, match="'rough'"):
        gymnasium.make("sns_mujoco/Hexapod-v0", terrain="ruff")


def test_membrane_potentials_are_observed_on_request():
    env = gymnasium.make("sns_mujoco/Hexapod-v0", observe_neurons=True)
    observation, _ = env.reset(seed=0)
    potentials = env.unwrapped.simulation.potentials
    np.testing.assert_array_equal(observation[-len(potentials) :], potentials)
    env.close()


def test_frames_and_videos(tmp_path):
    from gymnasium.wrappers import RecordVideo

    env = gymnasium.make("sns_mujoco/Hexapod-v0", render_mode="rgb_array", width=160, height=120)
    env.reset(seed=0)
    frame = env.render()
    assert frame.shape == (120, 160, 3) and frame.dtype == np.uint8 and frame.std() > 5
    assert env.metadata["render_fps"] == pytest.approx(1 / env.unwrapped.dt)
    film = RecordVideo(env, str(tmp_path / "films"), episode_trigger=lambda k: k == 0)
    film.reset(seed=0)
    for _ in range(10):
        film.step(np.array([1.0, 0.0]))
    film.close()
    assert next((tmp_path / "films").glob("*.mp4")).stat().st_size > 1000


def test_make_imports_by_itself():
    code = "import gymnasium; print(gymnasium.make('sns_mujoco:sns_mujoco/Hexapod-v0').action_space)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Box" in run.stdout


def test_a_thousand_resets_leak_nothing(env):
    def resets(count):
        for k in range(count):
            env.reset(seed=k)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = resets(100)
    assert resets(1000) - before < 3000  # kB
