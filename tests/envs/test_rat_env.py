"""The rat's hindlimbs as a Gymnasium environment, as its users meet it."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from sns_mujoco.models import load

import sns_mujoco  # noqa: F401 - registers the environments
from sns_mujoco.errors import UnknownNameError


@pytest.fixture
def env():
    env = gymnasium.make("sns_mujoco/RatHindlimbs-v0", render_mode="rgb_array", width=64, height=48)
    yield env
    env.close()


def live(env, drive, steps, seed=0):
    observations, rewards = [env.reset(seed=seed)[0]], []
    for _ in range(steps):
        observation, reward, terminated, _, info = env.step(np.array([drive]))
        assert not terminated
        observations.append(observation)
        rewards.append(reward)
    return np.array(observations), np.array(rewards), info


def test_passes_gymnasiums_own_check(env):
    check_env(env.unwrapped)


def test_a_constant_drive_walks(env):
    observations, rewards, info = live(env, 1.0, 75)
    way = info["position"][0]
    assert way > 0.1
    length = env.unwrapped.animal.length
    assert rewards.sum() * env.unwrapped.dt * length == pytest.approx(way, abs=0.002)
    assert np.ptp(observations[25:, :6], axis=0).min() > 0.1  # every joint moves


def test_what_it_observes(env):
    observations, _, info = live(env, 1.0, 20)
    last, data, model = observations[-1], env.unwrapped.simulation.data, env.unwrapped.simulation.model
    hips = [model.joint(name).qposadr[0] for name in ("L_hip", "R_hip")]
    assert last.shape == (6 + 6 + 3 * 12 + 2 + 10,)
    assert set(data.qpos[hips]) <= set(last[:6])
    assert last[12:24] == pytest.approx(data.actuator_length)
    assert (last[36:48] >= 0).all() and last[36:48].max() > 0.1  # N, muscles pull
    loads = observations[:, 48:50]
    assert loads.min() == 0.0 and loads.max() > 0.05  # feet take turns
    assert last[50] == info["position"][2]
    assert last[51:54] == pytest.approx((0, 0, -1), abs=1e-6)  # the trunk is kept upright


def test_same_seed_same_life(env):
    np.testing.assert_array_equal(live(env, 0.8, 10, seed=3)[0], live(env, 0.8, 10, seed=3)[0])
    assert (live(env, 0.8, 2, seed=3)[0] != live(env, 0.8, 2, seed=4)[0]).any()


def test_in_the_air_there_is_no_way_to_make():
    env = gymnasium.make("sns_mujoco/RatHindlimbs-v0", terrain="air")
    env.reset(seed=0)
    assert [env.step(np.ones(1))[1] for _ in range(10)] == [0.0] * 10
    env.close()


def test_probes_are_for_experiments_and_not_for_the_agent(env):
    probes = load("rat_hindlimbs").probes
    assert len(probes) == 12 and "L_RG_extensor" in probes
    assert env.action_space.shape == (1,)
    with pytest.raises(UnknownNameError, match="no command named 'L_RG_extensor'"):
        gymnasium.make("sns_mujoco/RatHindlimbs-v0", commands=("drive", "L_RG_extensor"))
    simulation = env.unwrapped.simulation
    env.reset(seed=0)
    simulation.commands["L_RG_extensor"] = -10.0
    for _ in range(3):
        env.step(np.ones(1))
    assert simulation.potential("L_RG_extensor") < -65.0  # mV, below all that its synapses can do
    env.reset(seed=0)
    assert simulation.commands["L_RG_extensor"] == 0.0
