"""The antagonist joint as a Gymnasium environment, as its users meet it."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import sns_mujoco  # noqa: F401 - registers the environments


@pytest.fixture
def env():
    env = gymnasium.make("sns_mujoco/AntagonistJoint-v0", render_mode="rgb_array", width=64, height=48)
    yield env
    env.close()


def test_passes_gymnasiums_own_check(env):
    check_env(env.unwrapped)


def test_flexion_flexes_and_extension_extends(env):
    ends = []
    for action in ((1.0, 0.0), (0.0, 1.0)):
        env.reset(seed=0)
        ends.append([env.step(np.array(action))[4]["angle"] for _ in range(50)][-1])
    low, high = env.unwrapped.targets
    assert ends[1] < low < high < ends[0]  # every target can be reached


def test_who_knows_the_joint_holds_the_angle_and_who_does_nothing_does_not(env):
    def mean_reward(policy):
        rewards = []
        for seed in range(6):
            observation, _ = env.reset(seed=seed)
            for _ in range(60):
                observation, reward, *_ = env.step(policy(observation[0]))
                rewards.append(reward)
        return np.mean(rewards)

    def hold(target):
        return np.array([max(target / 0.73, 0.0), max(-target / 0.39, 0.0)])  # the angle is proportional to the command

    assert mean_reward(hold) > 0.4 > 0.25 > mean_reward(lambda _: np.zeros(2))


def test_same_seed_same_life(env):
    def life(seed):
        env.reset(seed=seed)
        return np.array([env.step(np.array([0.5, 0.2]))[0] for _ in range(10)])

    np.testing.assert_array_equal(life(3), life(3))
    assert (life(3) != life(4)).any()


def test_the_rhythm_is_silent_unless_asked_for():
    env = gymnasium.make("sns_mujoco/AntagonistJoint-v0", commands=("drive",), max_episode_steps=100)
    ranges = {}
    for drive in (0.0, 0.8):
        env.reset(seed=0)
        angles = [env.step(np.array([drive]))[4]["angle"] for _ in range(100)]
        ranges[drive] = np.ptp(angles[25:])
    assert ranges[0.0] < 0.01 and ranges[0.8] > 0.2
    env.close()
