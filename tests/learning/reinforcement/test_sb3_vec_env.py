"""Vector environments of Gymnasium for Stable-Baselines3: as its own DummyVecEnv, step by step."""

import gymnasium
import numpy as np
import pytest
import torch
from gymnasium.vector import AutoresetMode
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecMonitor, VecNormalize

from sns_mujoco.errors import UnknownNameError
from sns_mujoco.learning.reinforcement import LearningCurve, Sb3VecEnv

torch.set_num_threads(1)

JOINT = "sns_mujoco/AntagonistJoint-v0"


def vectorised(name=JOINT, mode=AutoresetMode.SAME_STEP, n=3, **options):
    return gymnasium.make_vec(name, n, vectorization_mode="vector_entry_point", autoreset_mode=mode, **options)


def side_by_side(name=JOINT, mode=AutoresetMode.SAME_STEP, n=3, **options):
    """The same, vectorised by Gymnasium."""
    return gymnasium.make_vec(name, n, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options)


@pytest.mark.parametrize("make", [vectorised, side_by_side])
def test_it_is_the_same_as_the_vector_environment_of_stable_baselines(make):
    ours = Sb3VecEnv(make(max_episode_steps=6))
    theirs = DummyVecEnv([lambda: gymnasium.make(JOINT, max_episode_steps=6)] * 3)
    for env in (ours, theirs):
        env.seed(5)
    np.testing.assert_array_equal(ours.reset(), np.array(theirs.reset(), ours.observation_space.dtype))
    assert ours.reset_infos[1]["target"] == theirs.reset_infos[1]["target"]
    rng = np.random.default_rng(0)
    ends = 0
    for _ in range(15):
        action = rng.uniform(0, 1, (3, 2))
        mine, other = ours.step(action), theirs.step(action)
        np.testing.assert_array_equal(mine[0], other[0])
        np.testing.assert_allclose(mine[1], other[1], rtol=1e-6)
        np.testing.assert_array_equal(mine[2], other[2])
        for own, wanted in zip(mine[3], other[3], strict=True):
            assert own["error"] == wanted["error"]
            if "terminal_observation" in wanted:
                ends += 1
                np.testing.assert_array_equal(own["terminal_observation"], wanted["terminal_observation"])
                assert own["TimeLimit.truncated"] is True
            assert ("terminal_observation" in own) == ("terminal_observation" in wanted)
    assert ends == 6
    ours.close()


class Falling(gymnasium.Env):
    """Ends by itself after three steps."""

    observation_space = gymnasium.spaces.Box(0, 10, (1,), np.float64)
    action_space = gymnasium.spaces.Box(-1, 1, (1,), np.float64)
    bonus = 0.0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.age = (options or {}).get("age", 0)
        return np.array([float(self.age)]), {"age": self.age}

    def step(self, action):
        self.age += 1
        return np.array([float(self.age)]), self.bonus, self.age == 3, False, {"age": self.age}

    def tell(self, word):
        return f"{word} {self.age}"


def falling(n=2):
    envs = gymnasium.vector.SyncVectorEnv([Falling] * n, autoreset_mode=AutoresetMode.SAME_STEP)
    return Sb3VecEnv(envs)


def test_an_end_is_no_time_limit_and_its_information_is_kept():
    env = falling()
    env.reset()
    for age in (1, 2, 3):
        observed, _, done, infos = env.step(np.zeros((2, 1)))
        assert [info["age"] for info in infos] == [age, age]
    assert done.all() and (observed == 0.0).all()
    assert infos[0]["terminal_observation"] == 3.0 and infos[0]["TimeLimit.truncated"] is False
    assert env.reset_infos[0]["age"] == 0


def test_options_go_to_the_next_reset_only():
    env = falling()
    env.set_options({"age": 2})
    assert (env.reset() == 2.0).all()
    assert (env.reset() == 0.0).all()
    env.set_options([{"age": 1}, {"age": 2}])
    with pytest.raises(ValueError, match="different options"):
        env.reset()


def test_single_environments_are_reached_where_there_are_any():
    env = falling()
    env.reset()
    assert env.get_attr("age") == [0, 0]
    env.set_attr("bonus", 4.0, indices=[1])
    assert list(env.step(np.zeros((2, 1)))[1]) == [0.0, 4.0]
    assert env.env_method("tell", "step", indices=1) == ["step 1"]
    assert env.env_is_wrapped(gymnasium.wrappers.TimeLimit) == [False, False]
    wrapped = Sb3VecEnv(side_by_side(n=2))
    assert wrapped.env_is_wrapped(gymnasium.wrappers.TimeLimit, indices=[0]) == [True]
    wrapped.close()


def test_what_vectorises_itself_has_no_single_environments():
    env = Sb3VecEnv(vectorised(n=2, render_mode="rgb_array", width=32, height=24))
    env.reset()
    assert env.get_attr("frame_skip", indices=[1]) == [20]
    assert env.render_mode == "rgb_array"
    assert [image.shape for image in env.get_images()] == [(24, 32, 3)] * 2
    assert env.env_is_wrapped(gymnasium.Wrapper) == [False, False]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        env.get_attr("nothing")
    with pytest.raises(UnknownNameError, match="none has a method 'wave'; call it on .vector_env"):
        env.env_method("wave")
    with pytest.raises(ValueError, match="set in 1 of 2 environments; set it in all"):
        env.set_attr("mood", 1, indices=[0])
    env.set_attr("mood", 1)
    assert env.vector_env.mood == 1
    env.close()


def test_environments_that_reset_themselves_otherwise_are_refused():
    envs = vectorised(mode=AutoresetMode.NEXT_STEP, n=1)
    with pytest.raises(ValueError, match="autoreset_mode .*NEXT_STEP.*needs SAME_STEP; make them with"):
        Sb3VecEnv(envs)
    envs.close()
    with pytest.raises(TypeError, match="give what gymnasium.make_vec makes"):
        Sb3VecEnv(gymnasium.make(JOINT))


def test_a_policy_of_stable_baselines_learns_by_descending_commands():
    env = VecNormalize(VecMonitor(Sb3VecEnv(vectorised(n=8, max_episode_steps=25, threads=1))), norm_reward=False)
    curve = LearningCurve()
    agent = PPO(
        "MlpPolicy", env, n_steps=50, batch_size=100, learning_rate=3e-3, n_epochs=5, gamma=0.9, seed=0, device="cpu"
    )
    agent.learn(8 * 50 * 8, callback=curve)
    assert np.mean(curve.rewards[-3:]) > np.mean(curve.rewards[:2]) + 1.0
    env.close()
