"""Gymnasium environments. Importing `sns_mujoco` registers them, under the namespace `sns_mujoco/`."""

from typing import Any

import gymnasium

_ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "sns_mujoco/Hexapod-v0": dict(
        entry_point="sns_mujoco.envs.locomotion:LocomotionEnv",
        vector_entry_point="sns_mujoco.envs.locomotion:LocomotionVectorEnv",
        kwargs={"animal": "hexapod"},
        max_episode_steps=1000,  # 20 s
    ),
    "sns_mujoco/Quadruped-v0": dict(
        entry_point="sns_mujoco.envs.locomotion:LocomotionEnv",
        vector_entry_point="sns_mujoco.envs.locomotion:LocomotionVectorEnv",
        kwargs={"animal": "quadruped"},
        max_episode_steps=500,  # 10 s
    ),
    "sns_mujoco/RatHindlimbs-v0": dict(
        entry_point="sns_mujoco.envs.locomotion:LocomotionEnv",
        vector_entry_point="sns_mujoco.envs.locomotion:LocomotionVectorEnv",
        kwargs={"animal": "rat_hindlimbs", "terrain": "ground"},
        max_episode_steps=500,  # 10 s
    ),
    "sns_mujoco/AntagonistJoint-v0": dict(
        entry_point="sns_mujoco.envs.joint_angle:JointAngleEnv",
        vector_entry_point="sns_mujoco.envs.joint_angle:JointAngleVectorEnv",
        kwargs={"animal": "antagonist_joint", "usual_commands": ("flex", "extend")},
        max_episode_steps=200,  # 4 s
    ),
}


def register() -> None:
    """Register every environment, once."""
    for name, how in _ENVIRONMENTS.items():
        if name not in gymnasium.registry:
            gymnasium.register(name, **how)
