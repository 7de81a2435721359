"""The task of holding an angle, on the tests' own limb."""

import gymnasium
import numpy as np
import pytest
import sns_mujoco.models
from gymnasium.utils.env_checker import check_env
from sns_mujoco.envs.joint_angle import JointAngleEnv

from sns_mujoco.errors import UnknownNameError

from ..cli.limb import LIMB


@pytest.fixture(autouse=True)
def only_the_limb(monkeypatch):
    monkeypatch.setattr(sns_mujoco.models, "load", lambda name: LIMB)


@pytest.fixture
def env():
    env = JointAngleEnv("limb", render_mode="rgb_array", width=64, height=48)
    yield env
    env.close()


def test_passes_gymnasiums_own_check(env):
    env.spec = gymnasium.envs.registration.EnvSpec("Limb-v0", lambda **options: JointAngleEnv("limb", **options))
    check_env(env)


def test_what_it_observes(env):
    observation, info = env.reset(seed=1)
    assert observation.shape == (1 + 2 + 3 * 2,)
    for _ in range(20):
        observation, *_, info = env.step(np.array([0.0, 1.0]))
    data = env.simulation.data
    assert observation[0] == info["target"]
    assert observation[1] == data.qpos[0] == info["angle"] and observation[2] == data.qvel[0]
    assert observation[3:5] == pytest.approx(data.actuator_length)
    assert observation[5:7] == pytest.approx(data.actuator_velocity)
    assert (observation[7:9] > 0).all() and observation[7:9] == pytest.approx(-data.actuator_force)


def test_the_reward_rises_towards_the_target(env):
    env.reset(seed=0)
    rewards = []
    target = env.task.info()["target"]
    for error in (0.6, 0.3, 0.1, 0.05, 0.0):
        env.simulation.data.qpos[0] = target + error
        rewards.append(float(env.task.judge(np.asarray(False))[0]))
    assert np.all(np.diff(rewards) > 0) and rewards[-1] == 1.0
    assert rewards[0] == pytest.approx(-0.6) and rewards[3] == pytest.approx(np.exp(-1) - 0.05)


def test_targets_follow_the_seed_and_stay_within_bounds(env):
    targets = [env.reset(seed=k)[1]["target"] for k in range(40)]
    assert targets == [env.reset(seed=k)[1]["target"] for k in range(40)]
    low, high = env.targets
    assert (low, high) == pytest.approx((-0.6 * np.pi / 3, 0.6 * np.pi / 3))
    assert low <= min(targets) < 0.5 * low and 0.5 * high < max(targets) <= high
    narrow = JointAngleEnv("limb", targets=(0.1, 0.2))
    assert 0.1 <= narrow.reset(seed=0)[1]["target"] <= 0.2
    with pytest.raises(ValueError, match="give the least and then the greatest"):
        JointAngleEnv("limb", targets=(0.2, 0.1))


def test_only_chosen_commands_are_actions_and_the_others_stay_zero():
    env = JointAngleEnv("limb", commands=("flex",))
    assert env.action_space.shape == (1,)
    env.reset(seed=0)
    env.step(np.array([0.7]))
    assert dict(env.simulation.commands) == {"drive": 0.0, "kick": 0.0, "flex": 0.7}
    assert JointAngleEnv("limb").commands == ("drive", "flex")  # and not the probe
    with pytest.raises(UnknownNameError, match="no command named 'extent'"):
        JointAngleEnv("limb", commands=("extent",))


def test_only_divergence_ends_an_episode(env):
    env.reset(seed=0)
    ends = [env.step(env.action_space.sample())[2] for _ in range(50)]
    assert not any(ends)
    env.simulation.data.qvel[0] = np.nan
    _, _, terminated, _, info = env.step(np.array([0.0, 0.0]))
    assert terminated and info["diverged"]


def test_frames_show_the_muscles(env):
    env.reset(seed=0)
    for _ in range(10):
        env.step(np.array([0.0, 1.0]))
    frame = env.render()
    assert frame.shape == (48, 64, 3) and frame.std() > 5
    red = frame[..., 0].astype(int) - frame[..., 1:].max(axis=-1)
    assert red.max() > 80
