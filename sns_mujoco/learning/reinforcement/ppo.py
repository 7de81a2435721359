"""PPO of Stable-Baselines3 (Schulman et al. 2017, arXiv:1707.06347) for nervous systems, which have a state."""

from typing import Any, ClassVar

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.policies import BasePolicy
from stable_baselines3.common.vec_env import VecEnv
from torch import Tensor

from sns_mujoco.errors import DivergenceError, NetworkError
from sns_mujoco.learning.reinforcement.actor import Actor
from sns_mujoco.learning.reinforcement.policy import SnsPolicy, Standardised
from sns_mujoco.learning.reinforcement.rollouts import WindowBuffer


class SnsPPO(PPO):
    """PPO that carries the state of its actors along.

    While a rollout is made, each animal's nervous system lives on from step to step, and from rollout to rollout; it
    starts afresh where an episode does. How the updates deal with it stands in `rollouts.py`.

    It is used as PPO is: `SnsPPO(env=env, actor=actor).learn(100_000)`.
    """

    policy_aliases: ClassVar[dict[str, type[BasePolicy]]] = {"SnsPolicy": SnsPolicy}
    rollout_buffer: WindowBuffer
    policy: SnsPolicy

    def __init__(
        self,
        policy: str | type[SnsPolicy] = "SnsPolicy",
        env: Any = None,
        *,
        actor: Actor | None = None,
        window: int = 16,
        n_steps: int = 256,
        batch_size: int | None = None,
        n_epochs: int = 5,
        policy_kwargs: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Make an agent.

        Args:
            policy: "SnsPolicy".
            env: An environment of Gymnasium or a `VecEnv` of Stable-Baselines3, such as `Sb3VecEnv`.
            actor: The nervous system.
            window: Steps over which gradients reach back.
            n_steps: Steps of each environment in a rollout, a multiple of the window.
            batch_size: Steps in a minibatch, a multiple of the window; a quarter of the rollout or less if left out.
            n_epochs: Passes over each rollout.
            policy_kwargs: Further arguments of `SnsPolicy`: critic, log_std_init, ...
            **options: Of `PPO`.

        Raises:
            NetworkError: The actor is none or does not fit the environment, or the numbers do not go together.
        """
        if actor is not None:
            policy_kwargs = {**(policy_kwargs or {}), "actor": actor}
        if batch_size is None:
            animals = getattr(env, "num_envs", 1)
            batch_size = n_steps * max(k for k in range(1, max(1, animals // 4) + 1) if animals % k == 0)
        if batch_size % window:
            raise NetworkError(f"batch_size is {batch_size}; give a multiple of the window of {window} steps")
        self._lives: Tensor | None = None
        super().__init__(
            policy, env, n_steps=n_steps, batch_size=batch_size, n_epochs=n_epochs, policy_kwargs=policy_kwargs,
            rollout_buffer_class=WindowBuffer, rollout_buffer_kwargs={"window": window}, **options,
        )  # fmt: skip

    def collect_rollouts(
        self,
        env: VecEnv,
        callback: BaseCallback,
        rollout_buffer: Any,
        n_rollout_steps: int,
    ) -> bool:
        """Let every animal live for some steps.

        Args:
            env: The environments.
            callback: Hears of every step.
            rollout_buffer: Takes what happened.
            n_rollout_steps: Steps of each environment.

        Returns:
            Whether the callback let it go on to the end.

        Raises:
            DivergenceError: An action is not finite.
        """
        assert self._last_obs is not None and self._last_episode_starts is not None
        model = self.policy.actor.model
        self.policy.set_training_mode(False)
        rollout_buffer.reset()
        callback.on_rollout_start()
        if self._lives is None or len(self._lives) != env.num_envs:
            self._lives = model.flat(self.policy.actor.initial_state(env.num_envs, seed=self.seed or 0)).detach()
        for _ in range(n_rollout_steps):
            before, starts = np.asarray(self._last_obs), np.asarray(self._last_episode_starts, bool)
            rollout_buffer.enter(self._lives)
            with torch.no_grad():
                actions, values, log_probs, after = self.policy(
                    torch.as_tensor(before, device=self.device), model.from_flat(self._lives),
                    torch.as_tensor(starts, device=self.device),
                )  # fmt: skip
            self._lives = model.flat(after)
            taken = actions.cpu().numpy()
            if not np.isfinite(taken).all():
                raise DivergenceError(
                    f"after {self.num_timesteps} steps an action of the nervous system is not finite; take a lower "
                    "learning_rate"
                )
            obs, rewards, dones, infos = env.step(np.clip(taken, self.action_space.low, self.action_space.high))  # type: ignore[attr-defined]
            self.num_timesteps += env.num_envs
            callback.update_locals(locals())
            if not callback.on_step():
                return False
            self._update_info_buffer(infos, dones)
            rewards = self._with_what_was_cut_off(rewards, dones, infos)
            rollout_buffer.add(before, taken, rewards, starts, values, log_probs)
            self._last_obs, self._last_episode_starts = obs, dones
        with torch.no_grad():
            last = self.policy.predict_values(torch.as_tensor(np.asarray(self._last_obs), device=self.device))
        rollout_buffer.compute_returns_and_advantage(last_values=last, dones=np.asarray(self._last_episode_starts))
        if isinstance(self.policy.features_extractor, Standardised):
            self.policy.features_extractor.update(torch.as_tensor(rollout_buffer.observations, device=self.device))
        callback.update_locals(locals())
        callback.on_rollout_end()
        return True

    def _with_what_was_cut_off(self, rewards: Any, dones: Any, infos: Any) -> Any:
        """Rewards with the value of what would have come after a time limit, where one ended an episode."""
        cut = [k for k in np.flatnonzero(dones) if infos[k].get("TimeLimit.truncated", False)]
        if not cut:
            return rewards
        final = np.stack([infos[k]["terminal_observation"] for k in cut])
        with torch.no_grad():
            values = self.policy.predict_values(torch.as_tensor(final, device=self.device)).flatten()
        rewards = np.array(rewards, np.float32)
        rewards[cut] += self.gamma * values.cpu().numpy()
        return rewards

    def _update_learning_rate(self, optimizers: Any) -> None:
        """The schedule's rate, times the scale of each group of parameters."""
        super()._update_learning_rate(optimizers)
        for optimiser in optimizers if isinstance(optimizers, list) else [optimizers]:
            for group in optimiser.param_groups:
                group["lr"] *= group["scale"]

    def _excluded_save_params(self) -> list[str]:
        """States of animals are not saved: a loaded agent begins with new episodes."""
        return [*super()._excluded_save_params(), "_lives"]
