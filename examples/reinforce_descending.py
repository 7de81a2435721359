"""A policy of Stable-Baselines3 learns to steer a walking hexapod by two descending commands: drive and turn.

The spinal cord walks; what is learned is where to. In every episode the animal is to go in another direction, and the
reward is its speed that way. With the extra `rl`. Run: `python examples/reinforce_descending.py --plot curve.png`.
"""

import argparse

import numpy as np
import torch
from gymnasium.vector import AutoresetMode
from sns_mujoco.envs.locomotion import Locomotion
from sns_mujoco.envs.parts import Part, trunk
from sns_mujoco.envs.vector import AnimalVectorEnv
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecMonitor

from sns_mujoco.learning.reinforcement import LearningCurve, Sb3VecEnv

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=256_000, help="of the environment, all animals together")
parser.add_argument("--animals", type=int, default=32)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--plot", help="where to draw the learning curve, a .png")
given = parser.parse_args()
torch.set_num_threads(1)  # small tensors: more threads only wait for each other
SECONDS = 8  # of an episode


class Steer(Locomotion):
    """Go in a direction, drawn anew in every episode; a fall ends it."""

    def parts(self):
        """Where the direction is as seen by the animal, and how its trunk moves."""
        super().parts()
        self.aim, self.at = np.zeros(self.lead), np.zeros((*self.lead, 2))
        ahead = Part(size=2, bounds=(-1.0, 1.0), read=lambda: np.stack([np.cos(self.off()), np.sin(self.off())], -1))
        return [ahead, *trunk(self.life, self._torso, self.animal.length)]

    def off(self):
        """The direction less the animal's heading, rad."""
        return self.aim - self.info()["heading"]

    def begin(self, rows, generators):
        """Draw directions for those who begin."""
        super().begin(rows, generators)
        self.aim[rows] = [generator.uniform(-np.pi, np.pi) for generator in generators]
        self.at[rows] = np.stack(self.animal.whereabouts(self.life), -1)[rows]

    def judge(self, diverged):
        """Speed in the direction, body lengths/s."""
        _, fallen = super().judge(diverged)
        at = np.stack(self.animal.whereabouts(self.life), -1)
        velocity, self.at = (at - self.at) / self.dt / self.animal.length, at.copy()
        return velocity[..., 0] * np.cos(self.aim) + velocity[..., 1] * np.sin(self.aim), fallen


def hexapods(count):
    """That many of them, side by side."""
    how = {"num_envs": count, "max_episode_steps": 50 * SECONDS, "autoreset_mode": AutoresetMode.SAME_STEP}
    return VecMonitor(Sb3VecEnv(AnimalVectorEnv("hexapod", Steer(), threads=1, **how)))


agent = PPO(
    "MlpPolicy", hexapods(given.animals), n_steps=100, batch_size=25 * given.animals, n_epochs=8, gamma=0.98,
    learning_rate=lambda left: 1e-3 * left, use_sde=True, sde_sample_freq=10, policy_kwargs={"log_std_init": -2.0},
    seed=given.seed, device="cpu",
)  # fmt: skip
agent.learn(given.steps, callback=(curve := LearningCurve()))
env, means, ahead = hexapods(given.animals), {}, np.tile([1.0, 0.0], (given.animals, 1))
for name in ("straight ahead", "learned"):
    env.seed(1000)
    observed, means[name] = env.reset(), 0.0
    for _ in range(50 * SECONDS):
        observed, reward, *_ = env.step(agent.predict(observed, deterministic=True)[0] if name == "learned" else ahead)
        means[name] += float(reward.mean())
    print(f"{name}: {means[name] / 50 / SECONDS:.2f} body lengths/s in the direction that was asked for")
if given.plot:
    curve.save(given.plot, title="PPO steers a hexapod", levels=means)
