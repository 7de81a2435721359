"""The hexapod as a Gymnasium environment: one constant action walks, for the action is the descending drive.

Run: `python examples/constant_drive.py`.
"""

import gymnasium
import numpy as np

import sns_mujoco  # noqa: F401 - registers the environments

env = gymnasium.make("sns_mujoco/Hexapod-v0")
observation, info = env.reset(seed=0)
start = info["position"]
action = np.array([0.8, 0.0])  # drive, turn
for _ in range(150):  # 3 s
    observation, reward, terminated, truncated, info = env.step(action)
env.close()

distance = float(np.linalg.norm(info["position"][:2] - start[:2])) / env.unwrapped.animal.length
print(f"walked {distance:.1f} body lengths in 3 s, heading {np.degrees(info['heading']):.0f} degrees")
