"""PPO with nervous systems: states are carried, kept and lived through anew as they were; it learns; it is saved."""

import gymnasium
import numpy as np
import pytest
import torch
from actors import JOINT, MOTORS, NAMES, SENSES, actor
from gymnasium import spaces
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

from sns_mujoco import Simulation
from sns_mujoco.errors import DivergenceError, NetworkError, OutputPathError
from sns_mujoco.learning.reinforcement import Actor, LearningCurve, SnsPolicy, SnsPPO, policy_network
from sns_mujoco.learning.reinforcement.policy import Standardised


class Follow(gymnasium.Env):
    """The action is to be what is shown, which changes from episode to episode."""

    observation_space = spaces.Box(-10.0, 10.0, (3,), np.float64)
    action_space = spaces.Box(-2.0, 2.0, (1,), np.float64)

    def __init__(self, length=10, ends=False):
        self.length, self.ends, self.age, self.cue = length, ends, 0, 0.0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.age, self.cue = 0, float(self.np_random.uniform(-1, 1))
        return np.array([self.cue, 0.0, 0.0]), {}

    def step(self, action):
        self.age += 1
        over = self.age >= self.length
        reward = -abs(float(action[0]) - self.cue)
        return np.array([self.cue, 0.1, -0.2]), reward, over and self.ends, over and not self.ends, {}


def agent(*, module=None, n_envs=3, length=7, ends=False, **options):
    env = make_vec_env(lambda: Follow(length, ends), n_envs, seed=1)
    options = {"n_steps": 24, "window": 8, "batch_size": 24, "n_epochs": 2, "seed": 0, "device": "cpu"} | options
    return SnsPPO(env=env, actor=actor(spiking=True) if module is None else module, **options)


@pytest.mark.parametrize("latency", [0, 1])
def test_windows_lived_through_anew_give_the_log_probabilities_of_the_rollout(latency):
    ppo = agent(module=actor(spiking=True, latency=latency), learning_rate=0.0)
    ppo.learn(24 * 3)
    ppo.learn(24 * 3, reset_num_timesteps=False)  # in its middle, episodes of the rollout before go on
    buffer = ppo.rollout_buffer
    assert not buffer.episode_starts[0].all()
    counted = 0
    for data in buffer.get(24):
        with torch.no_grad():
            values, log_probs, entropy = ppo.policy.evaluate_actions(data.observations, data.actions)
        np.testing.assert_allclose(log_probs, data.old_log_prob, atol=1e-5)
        assert values.shape == (24, 1) and entropy.shape == (24,)
        counted += len(data.returns)
        assert data.observations.states.shape == (3, ppo.policy.actor.model.layout.size)
    assert counted == 24 * 3
    starts = buffer.episode_starts
    assert starts[1:].any() and not starts[::8].all()  # episodes begin within windows, too


def test_minibatches_are_windows_of_single_animals_in_order():
    ppo = agent(learning_rate=0.0)
    ppo.learn(24 * 3)
    buffer = ppo.rollout_buffer
    buffer.rewards[:] = np.arange(24)[:, None] + 100 * np.arange(3)
    buffer.returns[:] = buffer.rewards
    rows = [data.returns.reshape(8, 3).numpy() for data in buffer.get(24)]
    assert all((np.diff(row, axis=0) == 1.0).all() for row in rows)
    assert sorted(np.concatenate(rows).ravel()) == sorted(buffer.rewards.ravel())


def test_predictions_carry_the_state_and_restart_with_an_episode():
    ppo = agent()
    policy = ppo.policy
    rng = np.random.default_rng(0)
    observations = rng.uniform(-1, 1, (6, 2, 3))
    starts = np.zeros((6, 2), bool)
    starts[3, 1] = True
    state, actions = None, []
    for row, begin in zip(observations, starts, strict=True):
        action, state = ppo.predict(row, state=state, episode_start=begin, deterministic=True)
        actions.append(action)
    with torch.no_grad():
        wanted, _ = policy.actor.run(torch.tensor(observations), policy.actor.initial_state(2), torch.tensor(starts))
    np.testing.assert_allclose(actions, wanted.clamp(-2, 2), atol=1e-12)
    single, (flat,) = ppo.predict(observations[0, 0], deterministic=True)
    np.testing.assert_allclose(single, actions[0][0])
    assert flat.shape == (1, policy.actor.model.layout.size)
    mean, _ = evaluate_policy(ppo, ppo.get_env(), n_eval_episodes=4, warn=False)
    assert -30.0 < mean < 0.0


def test_it_learns_and_lives_by_it_natively():
    module = Actor(policy_network(*NAMES, hidden=8), SENSES, MOTORS, dt=4.0, steps=1, latency=0)
    ppo = agent(
        module=module, n_envs=16, length=8, n_steps=32, batch_size=128, n_epochs=5, learning_rate=1e-2, gamma=0.5,
        policy_kwargs={"log_std_init": -0.5},
    )  # fmt: skip
    curve = LearningCurve()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    ppo.learn(16 * 32 * 8, callback=curve)
    assert curve.rewards[-1] > 0.7 * curve.rewards[0]  # they are negative
    assert curve.steps == [16 * 32 * (k + 1) for k in range(8)] and curve.seconds == sorted(curve.seconds)
    moved = {name: float((value - before[name]).abs().max()) for name, value in module.state_dict().items()}
    assert len(moved) == 3 and all(moved.values()), moved
    native = Simulation(module.attach(JOINT))
    native.commands["target"] = 0.5
    same = Actor(module.to_network(), SENSES, MOTORS, dt=4.0, latency=1, learnable=())
    state = same.initial_state(1)
    for _ in range(200):
        native.step()
        signals = torch.tensor(native.brain.signals(native.data))[None]
        action, state = same(signals, state)
        assert abs(np.clip(float(action[0, 0]), -2, 2) - native.data.ctrl[0]) < 1e-6


@pytest.mark.parametrize(("ends", "worth"), [(False, 3.0), (True, 0.0)])
def test_what_a_time_limit_cut_off_is_worth_what_the_critic_says(ends, worth):
    ppo = agent(length=4, ends=ends, gamma=1.0, learning_rate=0.0)
    torch.nn.init.zeros_(ppo.policy.value_net.weight)
    torch.nn.init.constant_(ppo.policy.value_net.bias, 3.0)
    ppo.learn(24 * 3)
    buffer = ppo.rollout_buffer
    before_start = buffer.rewards[:-1][buffer.episode_starts[1:] > 0]
    others = buffer.rewards[:-1][buffer.episode_starts[1:] == 0]
    assert (others <= 0).all()
    assert (before_start > worth - 5.0).all() and (before_start <= worth).all() and before_start.max() > worth - 3.0


def test_the_critic_learns_the_scale_of_observations():
    extractor = Standardised(Follow.observation_space)
    rng = np.random.default_rng(0)
    rows = rng.normal([5.0, -300.0, 1e-3], [2.0, 50.0, 1e-3], (1000, 3))
    for part in (rows[:300], rows[300:301], rows[301:]):
        extractor.update(torch.tensor(part))
    np.testing.assert_allclose(extractor.get_buffer("mean"), rows.mean(0))
    np.testing.assert_allclose(extractor.get_buffer("variance"), rows.var(0))
    scaled = extractor(torch.tensor(rows)).numpy()
    np.testing.assert_allclose(scaled.std(0), [1, 1, 1], rtol=0.02)


def test_an_agent_is_saved_and_goes_on(tmp_path):
    ppo = agent()
    ppo.learn(24 * 3)
    ppo.save(tmp_path / "agent.zip")
    again = SnsPPO.load(tmp_path / "agent.zip", env=make_vec_env(Follow, 2), device="cpu")
    observation = np.array([0.4, -0.1, 0.2])
    np.testing.assert_allclose(again.predict(observation, deterministic=True)[0],
                               ppo.predict(observation, deterministic=True)[0])  # fmt: skip
    again.learn(24 * 2)
    assert again.num_timesteps == 24 * 2


def test_learning_rates_are_in_proportion_to_the_quantities():
    ppo = agent(learning_rate=1e-3)
    ppo.learn(24 * 3)
    groups = {round(group["scale"], 6): group for group in ppo.policy.optimizer.param_groups}
    assert groups[20.0]["lr"] == pytest.approx(0.02)  # biases, nA
    assert groups[1.0]["lr"] == pytest.approx(1e-3)  # the critic and the noise of actions
    assert sum(len(group["params"]) for group in groups.values()) == len(list(ppo.policy.parameters()))


def _agent_of(observations=Follow.observation_space, actions=Follow.action_space, module=None):
    SnsPolicy(observations, actions, lambda _: 1e-3, actor=actor() if module is None else module)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: agent(window=5), "batch_size is 24; give a multiple of the window of 5"),
        (lambda: agent(window=12, batch_size=12, n_steps=18), "window is 12; .* divides n_steps = 18"),
        (lambda: agent(module="a network"), "the actor is 'a network'; give an"),
        (lambda: SnsPPO(env=make_vec_env(Follow, 1)), "the actor is None; give an"),
        (lambda: agent(use_sde=True), "use_sde is True"),
        (lambda: _agent_of(observations=spaces.Box(-1, 1, (2,))), "takes element 2 of the observation, which has 2"),
        (lambda: _agent_of(observations=spaces.Discrete(4)), "takes a Box of one dimension"),
        (lambda: _agent_of(actions=spaces.Box(-1, 1, (2,))), "the actor drives hip, so it takes a Box of shape"),
    ],
)
@pytest.mark.filterwarnings("ignore:You have specified a mini-batch size")
def test_what_does_not_go_together_is_refused(make, complaint):
    with pytest.raises(NetworkError, match=complaint):
        make()


def test_actions_that_are_not_finite_stop_it():
    ppo = agent()
    with torch.no_grad():
        ppo.policy.log_std.fill_(torch.inf)
    with pytest.raises(DivergenceError, match="after 0 steps an action of the nervous system is not finite"):
        ppo.learn(24 * 3)


def test_curves_are_drawn_or_refused(tmp_path):
    ppo, curve = agent(), LearningCurve()
    ppo.learn(24 * 3, callback=curve)
    curve.save(tmp_path / "curve.svg", title="Follow", levels={"best": 0.0})
    assert (tmp_path / "curve.svg").stat().st_size > 3000
    with pytest.raises(OutputPathError, match="it may end in .png, .svg"):
        curve.save(tmp_path / "curve.jpg")
