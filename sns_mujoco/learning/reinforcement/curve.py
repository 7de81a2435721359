"""Learning curves: what an agent of Stable-Baselines3 was worth after how many steps, as numbers and as a picture."""

import os
import time
from collections.abc import Mapping

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback

from sns_mujoco.learning.reinforcement.pictures import plot_curves


class LearningCurve(BaseCallback):
    """Takes note of the mean reward of an episode after every rollout; give it to `learn(callback=...)`.

    The environment must tell of its episodes, so put Stable-Baselines3's `VecMonitor` around it.

    Attributes:
        steps: Environment steps so far, after each rollout.
        rewards: Mean reward of the episodes that ended in the rollout, nan without any.
        seconds: Wall time so far.
    """

    def __init__(self) -> None:
        """Begin an empty curve."""
        super().__init__()
        self.steps: list[int] = []
        self.rewards: list[float] = []
        self.seconds: list[float] = []
        self._ended: list[float] = []
        self._began = 0.0

    def _on_training_start(self) -> None:
        self._began = time.perf_counter() - (self.seconds[-1] if self.seconds else 0.0)

    def _on_step(self) -> bool:
        self._ended += [info["episode"]["r"] for info in self.locals["infos"] if "episode" in info]
        return True

    def _on_rollout_end(self) -> None:
        self.steps.append(self.num_timesteps)
        self.rewards.append(float(np.mean(self._ended)) if self._ended else float("nan"))
        self.seconds.append(time.perf_counter() - self._began)
        self._ended = []

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        title: str = "",
        unit: str = "mean reward of an episode",
        levels: Mapping[str, float] | None = None,
    ) -> None:
        """Draw it.

        Args:
            path: A `.png` or `.svg` file.
            title: Heading.
            unit: What the curve shows.
            levels: Rewards to compare with, by name.

        Raises:
            OutputPathError: The file cannot be written there.
            MissingDependencyError: matplotlib is not installed.
        """
        plot_curves(
            path,
            {"": (self.steps, self.rewards)},
            across="steps of the environment",
            up=unit,
            title=title,
            levels=levels,
        )
