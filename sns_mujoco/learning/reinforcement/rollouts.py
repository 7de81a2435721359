"""Rollouts of actors that have a state, and how they are learned from: in windows, from stored states.

A rollout is cut into windows of some steps. With every window the state is kept in which each animal entered it. When
PPO goes over the rollout, each window is lived through anew from this state with the parameters as they are by then,
starting afresh wherever an episode began, and gradients reach back to its beginning: truncated backpropagation through
time. Nothing is padded, and every step counts once. The states at the beginnings are those of the parameters that made
the rollout; by the end of a few epochs they are slightly out of date, as in other recurrent PPOs.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.type_aliases import RolloutBufferSamples

from sns_mujoco.errors import NetworkError
from sns_mujoco.learning.reinforcement.policy import Windows


class WindowBuffer(RolloutBuffer):
    """A rollout buffer that gives windows.

    Attributes:
        window: Steps in a window.
        states: Flat states at the beginning of each, float64 [windows, n_envs, size].
    """

    def __init__(self, buffer_size: int, *args: Any, window: int, **options: Any) -> None:
        """Make room.

        Args:
            buffer_size: Steps in a rollout.
            *args: As `RolloutBuffer` takes them.
            window: Steps in a window.
            **options: As `RolloutBuffer` takes them.

        Raises:
            NetworkError: The window is no whole number of 1 or more, or does not divide the rollout.
        """
        if isinstance(window, bool) or not isinstance(window, int) or window < 1 or buffer_size % window:
            raise NetworkError(
                f"window is {window!r}; give a whole number of steps that divides n_steps = {buffer_size}"
            )
        self.window = window
        super().__init__(buffer_size, *args, **options)

    def reset(self) -> None:
        """Forget the rollout."""
        super().reset()
        self.states: list[NDArray[np.float64]] = []

    def enter(self, states: torch.Tensor) -> None:
        """Keep the states in which a step is entered, if a window begins with it: [n_envs, size]."""
        if self.pos % self.window == 0:
            self.states.append(states.cpu().numpy())

    def get(self, batch_size: int | None = None) -> Generator[RolloutBufferSamples, None, None]:
        """Go through all windows once, in random order.

        Args:
            batch_size: Steps in a minibatch, a multiple of the window; all at once if None.
        """
        assert self.full
        windows, together = (
            self.buffer_size // self.window,
            (batch_size or self.buffer_size * self.n_envs) // self.window,
        )
        order = np.random.permutation(windows * self.n_envs)  # Stable-Baselines3 seeds this generator
        for first in range(0, len(order), together):
            which, animal = np.divmod(order[first : first + together], self.n_envs)
            steps = which[None, :] * self.window + np.arange(self.window)[:, None], animal[None, :]
            yield RolloutBufferSamples(
                observations=Windows(  # pyright: ignore[reportArgumentType]
                    self.to_torch(self.observations[steps]),
                    self.to_torch(self.episode_starts[steps] > 0.5),
                    self.to_torch(np.stack(self.states)[which, animal]),
                ),
                actions=self.to_torch(self.actions[steps].reshape(-1, self.action_dim)),
                old_values=self.to_torch(self.values[steps].ravel()),
                old_log_prob=self.to_torch(self.log_probs[steps].ravel()),
                advantages=self.to_torch(self.advantages[steps].ravel()),
                returns=self.to_torch(self.returns[steps].ravel()),
            )
