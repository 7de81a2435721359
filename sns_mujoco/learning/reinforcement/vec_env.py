"""Gymnasium's vector environments for Stable-Baselines3, which has its own kind and refuses them."""

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from sns_mujoco.errors import UnknownNameError


class Sb3VecEnv(VecEnv):
    """A `gymnasium.vector.VectorEnv` as a `VecEnv`.

        env = Sb3VecEnv(gymnasium.make_vec("sns_mujoco/Hexapod-v0", 64, vectorization_mode="vector_entry_point",
                                           autoreset_mode=AutoresetMode.SAME_STEP))

    Episodes that end begin anew in the same step; the last observation is `info["terminal_observation"]`, and
    `info["TimeLimit.truncated"]` says whether only the time was over. Statistics of episodes are the matter of
    Stable-Baselines3's `VecMonitor` around it.

    Attributes:
        vector_env: The environments.
    """

    def __init__(self, vector_env: VectorEnv) -> None:
        """Wrap vector environments.

        Args:
            vector_env: Environments that reset themselves in the step in which an episode ends.

        Raises:
            TypeError: It is no `VectorEnv`.
            ValueError: It resets itself otherwise.
        """
        if not isinstance(vector_env, VectorEnv):
            raise TypeError(f"vector_env is {vector_env!r}; give what gymnasium.make_vec makes")
        mode = vector_env.metadata.get("autoreset_mode")
        if mode != AutoresetMode.SAME_STEP:
            raise ValueError(
                f"the environments have autoreset_mode {mode}, and Stable-Baselines3 needs SAME_STEP; make them with "
                "make_vec(..., autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP), or with "
                "vector_kwargs={'autoreset_mode': ...} where they are vectorised by Gymnasium"
            )
        self.vector_env = vector_env
        self._actions: Any = None
        super().__init__(vector_env.num_envs, vector_env.single_observation_space, vector_env.single_action_space)

    def reset(self) -> NDArray[Any]:
        """Begin an episode everywhere, with the seeds and options that were set for it; observations [n, ...].

        Raises:
            ValueError: The environments were given different options.
        """
        options = self._options[0]
        if any(other != options for other in self._options):
            raise ValueError(
                "the environments were given different options; a vector environment takes the same for all"
            )
        seeds: Any = None if all(seed is None for seed in self._seeds) else list(self._seeds)
        observations, infos = self.vector_env.reset(seed=seeds, options=options or None)
        self.reset_infos = apart(infos, self.num_envs)
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take note of what to do [n, ...]."""
        self._actions = np.asarray(actions, self.action_space.dtype)

    def step_wait(self) -> tuple[NDArray[Any], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Do it: observations [n, ...], rewards [n], whether episodes ended [n], and a dictionary for each."""
        observations, rewards, terminated, truncated, infos = self.vector_env.step(self._actions)
        done = terminated | truncated
        final = infos.pop("final_obs", None)
        last = infos.pop("final_info", {})
        infos.pop("_final_obs", None)
        infos.pop("_final_info", None)
        found = apart(infos, self.num_envs)
        ended = np.flatnonzero(done).tolist()
        if ended:
            self.reset_infos = [found[k] if done[k] else old for k, old in enumerate(self.reset_infos)]
            ends = apart(last, self.num_envs)
        for k in ended:
            found[k] = ends[k] | {
                "terminal_observation": final[k],
                "TimeLimit.truncated": bool(truncated[k] and not terminated[k]),
            }
        return observations, np.asarray(rewards, np.float32), done, found

    def close(self) -> None:
        """Close the environments."""
        self.vector_env.close()

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """What the environments render: a picture for each, or one of all."""
        frames: Any = self.vector_env.render()
        if frames is None:
            return [None] * self.num_envs
        return [frames] if isinstance(frames, np.ndarray) and frames.ndim == 3 else list(frames)

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute, of each environment where they are kept apart, or else of all together for each.

        Raises:
            AttributeError: There is none.
        """
        inner: Any = self.vector_env
        if hasattr(inner, attr_name):
            values = [getattr(inner, attr_name)] * self.num_envs
        elif hasattr(inner, "get_attr"):
            values = list(inner.get_attr(attr_name))
        else:
            raise AttributeError(f"{inner} has no attribute {attr_name!r}")
        return [values[k] for k in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute of all environments.

        Raises:
            ValueError: Of some only, where they are not kept apart.
        """
        inner: Any = self.vector_env
        chosen = list(self._get_indices(indices))
        if hasattr(inner, "set_attr"):
            values = list(inner.get_attr(attr_name)) if len(chosen) < self.num_envs else [value] * self.num_envs
            for k in chosen:
                values[k] = value
            inner.set_attr(attr_name, values)
        elif len(chosen) < self.num_envs:
            raise ValueError(
                f"{attr_name!r} is to be set in {len(chosen)} of {self.num_envs} environments; set it in all"
            )
        else:
            setattr(inner, attr_name, value)

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """Call a method of each environment, where they are kept apart.

        Raises:
            UnknownNameError: They are one, whose methods are those of `vector_env`.
        """
        inner: Any = self.vector_env
        if not hasattr(inner, "call"):
            raise UnknownNameError(
                f"{inner} is not made of single environments, so none has a method {method_name!r}; call it on "
                ".vector_env"
            )
        results = inner.call(method_name, *method_args, **method_kwargs)
        return [results[k] for k in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type[gymnasium.Wrapper], indices: Any = None) -> list[bool]:
        """Whether each environment is wrapped; what vectorises itself is not."""
        envs = getattr(self.vector_env, "envs", None)
        if envs is None:
            return [False for _ in self._get_indices(indices)]
        return [_is_wrapped(envs[k], wrapper_class) for k in self._get_indices(indices)]


def apart(infos: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Information of all environments, arrays with masks "_key" for who has it, as a dictionary for each."""
    found: list[dict[str, Any]] = [{} for _ in range(count)]
    for key, values in infos.items():
        if key.startswith("_"):
            continue
        if isinstance(values, dict):
            values = apart(values, count)
        mask = infos.get(f"_{key}")
        for k in range(count):
            if mask is None or mask[k]:
                found[k][key] = values[k]
    return found


def _is_wrapped(env: gymnasium.Env, wrapper_class: type[gymnasium.Wrapper]) -> bool:
    while isinstance(env, gymnasium.Wrapper):
        if isinstance(env, wrapper_class):
            return True
        env = env.env
    return False
