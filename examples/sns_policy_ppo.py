"""A nervous system learns by PPO to hold a joint between two muscles at any angle, and then lives in the body natively.

The policy is the network itself: some interneurons and three motor neurons, whose synapses, biases and senses learn by
gradient. With the extra `rl`. Run: `python examples/sns_policy_ppo.py --plot curve.png`, or add `--spiking`.
"""

import argparse
from dataclasses import replace

import gymnasium
import numpy as np
import torch
from gymnasium.vector import AutoresetMode
from sns_mujoco.models import load
from stable_baselines3.common.vec_env import VecMonitor

from sns_mujoco.adapters import Command, JointAngle, JointVelocity, MotorNeuron
from sns_mujoco.layers import surrogate
from sns_mujoco.learning.reinforcement import Actor, LearningCurve, Sb3VecEnv, SnsPPO, policy_network

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=320_000, help="of the environment, all animals together")
parser.add_argument("--spiking", action="store_true", help="let the interneurons spike")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--plot", help="where to draw the learning curve, a .png")
given = parser.parse_args()
torch.set_num_threads(1)  # small tensors: more threads only wait for each other

# the nervous system, its senses and its muscles: what attaches it to the body later, too
muscles, senses = ("foot", "flexor", "extensor"), ("target", "angle", "velocity")
hidden, tau, dt, rate = (24, 20.0, 4.0, 5e-3) if given.spiking else (16, 10.0, 5.0, 3e-3)  # dt: an action lasts 20 ms
shape = {"hidden": hidden, "time_constant": tau, "spiking": given.spiking, "seed": given.seed}
network = policy_network(senses, [f"{m} motor" for m in muscles], **shape)
linear = {"gain": 20.0, "offset": -10.0, "clip": False}  # nA
afferents = [
    Command("target", to="target", range=(-0.5, 0.9), **linear),  # rad
    JointAngle("hip", to="angle", range=(-0.5, 0.9), **linear),
    JointVelocity("hip", to="velocity", range=(-4.0, 4.0), **linear),  # rad/s
]
efferents = [
    MotorNeuron(f"{m} motor", drives=m, sigmoid=(10.0, 0.3), output=(0.0, 0.05 if m == "foot" else 1.0))
    for m in muscles
]
actor = Actor(network, afferents, efferents, dt=dt, steps=round(20 / dt), surrogate=surrogate("fast_sigmoid", 5.0))

# learning: the first three numbers that the environment shows are target, angle and velocity
NAME, ANIMALS = "sns_mujoco/AntagonistJoint-v0", 16
how = {"action_mode": "actuators", "autoreset_mode": AutoresetMode.SAME_STEP, "threads": 1}
animals = gymnasium.make_vec(NAME, ANIMALS, vectorization_mode="vector_entry_point", **how)
agent = SnsPPO(
    env=VecMonitor(Sb3VecEnv(animals)), actor=actor, window=10, n_steps=200, batch_size=800, n_epochs=5,
    learning_rate=rate, gamma=0.97, seed=given.seed, device="cpu",
)  # fmt: skip
curve = LearningCurve()
agent.learn(given.steps, callback=curve)
print(f"reward of an episode from {curve.rewards[0]:.1f} to {curve.rewards[-1]:.1f} "
      f"in {curve.steps[-1]} steps and {curve.seconds[-1]:.0f} s")  # fmt: skip

# living: the same network as the animal's nervous system, stepped by the engine
reacher = replace(
    load("antagonist_joint"), name="reacher", network=actor.to_network, adapters=lambda: [*afferents, *efferents],
    dt=dt, commands={"target": (-0.5, 0.9)}, cruise={"target": 0.3}, probes={}, readouts=(), rhythm=(),
)  # fmt: skip
env, rewards = gymnasium.make(NAME, animal=reacher, usual_commands=("target",)), []
for seed in range(100, 120):
    (target, *_), _ = env.reset(seed=seed)
    rewards.append(sum(env.step(np.array([target]))[1] for _ in range(200)))
life, same = reacher.simulation(), Actor(actor.to_network(), afferents, efferents, dt=dt, latency=1, learnable=())
life.commands["target"], state, apart = 0.4, same.initial_state(1), 0.0
for _ in range(round(2000 / dt)):
    life.step(round(dt))  # physics steps of 1 ms
    controls, state = same(torch.tensor(life.brain.signals(life.data))[None], state)
    apart = max(apart, float((controls[0] - torch.tensor(life.data.ctrl)).abs().max()))
print(f"living natively: reward of an episode {np.mean(rewards):.1f}, outputs within {apart:.0e} of those in torch")
if given.plot:
    curve.save(
        given.plot, title="PPO with a nervous system as the policy", levels={"natively": float(np.mean(rewards))}
    )
