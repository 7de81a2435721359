"""Gymnasium environments. Importing `sns_mujoco` registers them, under the namespace `sns_mujoco/`."""

import gymnasium


def register() -> None:
    """Register every environment, once."""
    if "sns_mujoco/Hexapod-v0" not in gymnasium.registry:
        gymnasium.register(
            "sns_mujoco/Hexapod-v0",
            entry_point="sns_mujoco.envs.locomotion:LocomotionEnv",
            kwargs={"animal": "hexapod"},
            max_episode_steps=1000,  # 20 s
        )
