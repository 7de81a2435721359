"""Many of Gymnasium's well-known bodies with nervous systems, stepped and judged together."""

from collections.abc import Sequence
from typing import Any

import mujoco
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from mujoco.batch import SimulationError
from numpy.typing import NDArray

from sns_mujoco.cosim.divergence import BAD, stand
from sns_mujoco.cosim.population.population import NUMBER
from sns_mujoco.cosim.population.rows import Rows
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.cosim.simulation import STATE, Simulation

from .given import Flags, Info, batched, checked_action, refuse_closed, reset_mask, seeds_for
from .known import Body, limit_of
from .parts import Array
from .picture import Picture
from .wrapping import DrivenEnv, Randomness


class KnownVectorEnv(VectorEnv[Array, Array, NDArray[Any]]):
    """Environments that `wrap_vec` has given nervous systems, where what they observe and earn is known.

    Each is, to the last bit, what `wrap` makes of one. A single such environment, with Gymnasium's own code, begins the
    episodes of all of them; what comes after is computed for all at once.

    Attributes:
        commands: Names of the commands that the actions set, in their order.
        data: The simulations, a `mujoco.batch.Batch`: it has the fields of MuJoCo's `MjData` with a leading [num_envs].
    """

    def __init__(
        self, env: DrivenEnv, kind: type[Body], num_envs: int, threads: int, autoreset_mode: AutoresetMode
    ) -> None:
        """Make environments like one, whose rewards and observations are of a kind; `wrap_vec` does so."""
        self.num_envs, self.autoreset_mode, self.commands = num_envs, autoreset_mode, env.commands
        self.metadata = {**env.metadata, "autoreset_mode": autoreset_mode}
        self.render_mode = env.render_mode
        self.single_action_space, self.single_observation_space = env.action_space, env.observation_space
        self.action_space = batch_space(env.action_space, num_envs)
        self.observation_space = batch_space(env.observation_space, num_envs)
        self._one, self._limit = env, limit_of(env)
        self.data = Rows(env.simulation.model, num_envs, threads)
        self._body: Body | None = kind(env.unwrapped, self.data.bind)
        self._places = [env.simulation.commands.places[name] for name in env.commands]
        self._userdata = self.data.userdata
        self._bad = self.data.warning[:, min(BAD) : max(BAD) + 1, NUMBER]
        self._before = np.empty_like(self.data.state)
        self._random: list[Randomness] = [(None, None, None)] * num_envs
        self._observed = np.zeros(self.observation_space.shape or (), float)
        self._age = np.full(num_envs, -1)  # steps since the episode began; -1 before the first
        self._over = np.zeros(num_envs, bool)  # whose episode ended in the last step
        self._pictures: dict[int, Picture] = {}

    @property
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Random numbers of each environment."""
        return tuple(self._of_each("np_random"))

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """Seeds of the random numbers of each environment."""
        return tuple(self._of_each("np_random_seed"))

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, Info]:
        """Start episodes; see `gymnasium.vector.SyncVectorEnv.reset`.

        Raises:
            ValueError: There are not `num_envs` seeds, or the mask has another shape or is empty.
            TypeError: The mask is no array of bool.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        seeds, mask = seeds_for(seed, self.num_envs), reset_mask(options, self.num_envs)
        others = {name: value for name, value in (options or {}).items() if name != "reset_mask"}
        infos: Info = {}
        for i in np.flatnonzero(mask).tolist():
            self._begin(i, infos, seed=seeds[i], options=None if options is None else others)
        return self._observed.copy(), infos

    def step(self, actions: Array) -> tuple[Array, Array, Flags, Flags, Info]:
        """Hold the commands for a step; see `gymnasium.vector.VectorEnv.step`.

        Raises:
            ValueError: The actions have another shape, or are not finite.
            ResetNeeded: An environment was not reset yet, or in mode DISABLED not since its episode ended.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        values = checked_action(actions, (self.num_envs, len(self.commands)), self.commands)
        late = (self._age < 0) | (self._over & (self.autoreset_mode is AutoresetMode.DISABLED))
        if late.any():
            raise ResetNeeded(f"environments {np.flatnonzero(late).tolist()} must be reset before they are stepped")
        assert self._body is not None
        going = ~(self._over & (self.autoreset_mode is AutoresetMode.NEXT_STEP))
        place = self._body.where()
        diverged = self._live(values, going)
        reward, terminated, info = self._body.judge(place)
        self._age += 1
        terminated = (terminated | diverged) & going
        truncated = going & (self._limit is not None and self._age >= self._limit)
        self._over = terminated | truncated
        self._observed[going] = self._body.observe()[going]
        anew, infos = ~going, {}
        reward[anew] = 0.0
        told = {**info, "diverged": diverged}
        if self.autoreset_mode is AutoresetMode.SAME_STEP:
            anew = self._over.copy()
            if anew.any():
                last = np.full(self.num_envs, None, object)
                for i in np.flatnonzero(anew).tolist():
                    last[i] = self._observed[i].copy()
                final = batched(told, anew)
                infos = {"final_obs": last, "_final_obs": anew, "final_info": final, "_final_info": anew.copy()}
        infos |= batched(told, ~anew) if not anew.all() else {}
        over = self._over.copy()
        for i in np.flatnonzero(anew).tolist():
            self._begin(i, infos)
        self._over = over & (self.autoreset_mode is not AutoresetMode.SAME_STEP)
        return self._observed.copy(), reward, terminated, truncated, infos

    def simulation(self, environment: int) -> Simulation:
        """A copy of one simulation, where it stands, that goes on bit for bit as it would.

        Raises:
            IndexError: There is no such environment.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        alone = Simulation(self.data.get_model(environment))
        stand(alone.model, alone.data, self.data.state[environment])
        return alone

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """Frames of all environments, uint8 [height, width, 3] each; None without a render mode."""
        if self.render_mode is None:
            return None
        base, simulation = self._one.unwrapped, self._one.simulation
        frames = []
        for i in range(self.num_envs):
            if i not in self._pictures:
                self._pictures[i] = Picture(simulation.model, (base.width, base.height))  # type: ignore[attr-defined]
            stand(simulation.model, simulation.data, self.data.state[i])
            frames.append(self._pictures[i].draw(simulation.data))
        return tuple(frames)

    def close_extras(self, **kwargs: Any) -> None:
        """Release renderers, threads and memory."""
        for picture in self._pictures.values():
            picture.close()
        self._one.close()
        self._body = None
        del self.data, self._bad, self._before, self._userdata

    def _live(self, values: Array, going: Flags) -> Flags:
        """Step simulations by a step of the environment; those that leave the finite numbers, [num_envs]."""
        data, env = self.data, self._one
        box = self.single_action_space
        self._userdata[:, self._places] = np.clip(values, box.low, box.high)  # type: ignore[attr-defined]
        np.copyto(self._before, data.state)
        ids = None if going.all() else np.flatnonzero(going).astype(np.int32)
        failed: NDArray[Any] = np.zeros(0, int)
        if ids is None or ids.size:
            with quiet():
                try:
                    data.step(ids, env.frame_skip)
                except SimulationError as error:
                    failed = error.ids
        diverged = np.zeros(self.num_envs, bool)
        if failed.size or self._bad.any():
            simulation = env.simulation
            for i in np.union1d(failed, np.flatnonzero(self._bad.any(axis=1) & going)).tolist():
                mujoco.mj_setState(simulation.model, simulation.data, self._before[i], STATE)
                diverged[i] = not env.live(env.frame_skip)
                mujoco.mj_rnePostConstraint(simulation.model, simulation.data)
                data.take(i, simulation.data)
        return diverged

    def _begin(self, i: int, infos: Info, **given: Any) -> None:
        """Begin an episode, as the single environment does, and add what it tells."""
        self._one.randomness = self._random[i]
        self._observed[i], info = self._one.reset(**given)
        self._random[i] = self._one.randomness
        self.data.take(i, self._one.simulation.data)
        self._age[i], self._over[i] = 0, False
        self._add_info(infos, info, i)

    def _of_each(self, name: str) -> list[Any]:
        found = []
        for i, randomness in enumerate(self._random):
            self._one.randomness = randomness
            found.append(getattr(self._one, name))
            self._random[i] = self._one.randomness
        return found


def agrees(kind: type[Body], env: DrivenEnv) -> bool:
    """Whether what an environment observes and earns by its own code is what its kind says, in some steps of it.

    Another release of Gymnasium could compute them in another way.
    """
    data = env.simulation.data
    # views of its one simulation, as of a batch
    body = kind(env.unwrapped, lambda name: getattr(data, name)[None])
    before = env.randomness
    env.reset(seed=0)
    env.randomness = before
    for _ in range(3):
        place = body.where()
        observed, reward, terminated, _, info = env.step(np.zeros(len(env.commands)))
        mine = body.judge(place)
        told = {key: np.asarray(value) for key, value in info.items() if key != "diverged"}
        if not (
            _same(body.observe()[0], observed)
            and _same(mine.reward[0], reward)
            and (bool(mine.terminated[0]) or info["diverged"]) == terminated
            and told.keys() == mine.info.keys()
            and all(_same(mine.info[key][0], value) for key, value in told.items())
        ):
            return False
    return True


def _same(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
