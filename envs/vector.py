"""Many animals of a kind as one vector environment of Gymnasium, on a `Population`."""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from sns_mujoco.cosim.counting import counted

from .base import AnimalEnv
from .given import Flags, Info, batched, refuse_closed, reset_mask, seeds_for
from .parts import Array
from .picture import Picture, refuse_unknown_mode
from .tasks import Task
from .world import Choice, World

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

    from sns_mujoco.learning.randomisation.randomisation import Randomisation


class AnimalVectorEnv(VectorEnv[Array, Array, NDArray[Any]]):
    """Environments of one kind, stepped together: the i-th is, to the last bit, an `AnimalEnv` seeded as it was.

    All of what is handed out are copies. `info` has an array for each entry of the single environment's, and under
    the same name with an underscore before it, for which environments it holds; in mode SAME_STEP `final_obs` and
    `final_info` are those of episodes that have just ended.

    Attributes:
        animal: The animal.
        population: Their lives; `population.data` has the fields of MuJoCo's `MjData` with a leading [num_envs].
        task: What is asked of them.
        terrain: What they live on.
        commands: Descending commands that the action sets, in its order.
        frame_skip: Physics steps in a step of the environments.
        dt: Time of a step of the environments, s.
        max_episode_steps: Steps after which an episode is truncated; None for no limit.
    """

    def __init__(
        self,
        animal: "str | PathLike[str] | Animal",
        task: Task,
        *,
        num_envs: int = 1,
        threads: int = 0,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        max_episode_steps: int | None = None,
        randomise: "Randomisation | None" = None,
        render_mode: str | None = None,
        width: int = 640,
        height: int = 480,
        **options: Any,
    ) -> None:
        """Make environments.

        Args:
            animal: An animal, or its name.
            task: What is asked of them.
            num_envs: How many.
            threads: Threads that step them; 0 for as many as there are processors for this process. Results do not
                depend on it.
            autoreset_mode: When an episode that has ended begins anew: in the next step, in the same one, or when
                `reset` is called.
            max_episode_steps: Steps after which an episode is truncated; None or -1 for no limit.
            randomise: What is drawn anew for each animal at the start of each episode, from its environment's seed.
            render_mode: None or "rgb_array".
            width: Of rendered frames, pixels.
            height: Of rendered frames, pixels.
            **options: See `sns_mujoco.envs.world.Choice`: terrain, terrain_seed, action_mode, commands, held, vary.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: `num_envs`, `max_episode_steps` or a size is not positive, an unknown mode, or an option that
                the action mode does not have.
        """
        refuse_unknown_mode(render_mode, AnimalEnv.metadata["render_modes"])
        self.num_envs = counted(num_envs, "num_envs", 1)
        limited = max_episode_steps not in (None, -1)
        self.max_episode_steps = counted(max_episode_steps, "max_episode_steps", 1) if limited else None
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = AnimalEnv.metadata | {"autoreset_mode": self.autoreset_mode}
        self.render_mode = render_mode
        choice = Choice(animal, task, **options)
        self.animal, self.terrain, self.commands, self.task = choice.animal, choice.terrain, choice.commands, task
        self.population = choice.population(self.num_envs, threads, randomise)
        self._world = World(choice, self.population, task)
        self.frame_skip, self.dt = self._world.frame_skip, self._world.dt
        self.single_action_space = self._world.action_space
        self.single_observation_space = self._world.observation_space
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self._random: list[tuple[np.random.Generator, int] | None] = [None] * self.num_envs
        self._age = np.full(self.num_envs, -1)  # steps since the episode began; -1 before the first
        self._over = np.zeros(self.num_envs, bool)  # whose episode ended in the last step
        self._size = counted(width, "width", 1), counted(height, "height", 1)
        self._pictures: dict[int, Picture] = {}

    @property
    def neutral_action(self) -> Array:
        """Actions that change nothing, float64 [num_envs, k]; see `AnimalEnv.neutral_action`."""
        refuse_closed(self)
        return np.tile(self._world.actions.neutral, (self.num_envs, 1))

    @property
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Random numbers of each environment."""
        return tuple(self._seeded(i)[0] for i in range(self.num_envs))

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """Seeds of the random numbers of each environment."""
        return tuple(self._seeded(i)[1] for i in range(self.num_envs))

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, Info]:
        """Start episodes; see `gymnasium.vector.VectorEnv.reset`.

        Args:
            seed: Of the first environment, and one more for each further one; or a list with one for each, or None for
                those whose random numbers go on.
            options: None, or {"reset_mask": bool [num_envs]} for the environments to reset; the others stand.

        Raises:
            ValueError: There are not `num_envs` seeds, the mask has another shape or is empty, or there are other
                options.
            TypeError: The mask is no array of bool.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        if options and set(options) != {"reset_mask"}:
            raise ValueError(f"options are {options!r}; give {{'reset_mask': ...}} or none")
        seeds, mask = seeds_for(seed, self.num_envs), reset_mask(options, self.num_envs)
        chosen = np.flatnonzero(mask)
        seeded = {i: seeding.np_random(seeds[i]) for i in chosen.tolist() if seeds[i] is not None}
        for i, random in seeded.items():
            self._random[i] = random
        self._begin(chosen)
        return self._world.observe(), batched(self.task.info(), mask)

    def step(self, actions: Array) -> tuple[Array, Array, Flags, Flags, Info]:
        """Act for one frame; see `gymnasium.vector.VectorEnv.step`.

        Raises:
            ValueError: The actions have another shape, or are not finite.
            ResetNeeded: An environment was not reset yet, or in mode DISABLED not since its episode ended.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        self._refuse_unready()
        self._world.act(actions)
        anew = self._over & (self.autoreset_mode is AutoresetMode.NEXT_STEP)  # whose next episode begins in this step
        going = np.flatnonzero(~anew)
        self.population.step(self.frame_skip, None if going.size == self.num_envs else going, stage=STAGE)
        rewards, terminated = self.task.judge(~self.population.alive)
        self._age += 1
        truncated = np.zeros(self.num_envs, bool)
        if self.max_episode_steps is not None:
            truncated |= self._age >= self.max_episode_steps
        if anew.any():
            self._begin(np.flatnonzero(anew))
            rewards[anew], terminated[anew], truncated[anew] = 0.0, False, False
        self._over = terminated | truncated
        last: Info = {}
        if self.autoreset_mode is AutoresetMode.SAME_STEP and self._over.any():
            last = self._begin_in_the_same_step(np.flatnonzero(self._over))
        infos = last | batched(self.task.info(), np.ones(self.num_envs, bool))
        return self._world.observe(), rewards, terminated, truncated, infos

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """Frames of all environments, uint8 [height, width, 3] each; None without a render mode."""
        if self.render_mode is None:
            return None
        return tuple(self.frame(i) for i in range(self.num_envs))

    def frame(self, environment: int) -> NDArray[np.uint8]:
        """A frame of one environment from its animal's camera, uint8 [height, width, 3].

        Raises:
            IndexError: There is no such environment.
        """
        alone = self.population.simulation(environment)
        if environment not in self._pictures:
            self._pictures[environment] = Picture(alone.model, self._size, self.animal)
        return self._pictures[environment].draw(alone.data)

    def close_extras(self, **kwargs: Any) -> None:
        """Release threads, memory and renderers."""
        for picture in self._pictures.values():
            picture.close()
        self._pictures.clear()
        self.population.close()
        del self._world, self.task  # which see into the population's memory

    def _begin(self, chosen: NDArray[np.intp]) -> None:
        """Begin episodes, as the single environment does: the start is drawn first, and then what the task draws."""
        generators = [self._seeded(i)[0] for i in chosen.tolist()]
        self._world.actions.end(chosen)
        self.population.reset(chosen, seeds=[int(generator.integers(2**31)) for generator in generators])
        self._world.actions.begin(chosen)
        self.task.begin(chosen, generators)
        self._age[chosen], self._over[chosen] = 0, False

    def _begin_in_the_same_step(self, ended: NDArray[np.intp]) -> Info:
        """Keep the last of episodes that have ended, and begin new ones."""
        final_obs = np.full(self.num_envs, None, object)
        for i, observation in zip(ended.tolist(), self._world.observe()[ended], strict=True):
            final_obs[i] = observation.copy()
        over = self._over.copy()
        final_info = batched(self.task.info(), over)
        self._begin(ended)
        return {"final_obs": final_obs, "_final_obs": over, "final_info": final_info, "_final_info": over.copy()}

    def _seeded(self, environment: int) -> tuple[np.random.Generator, int]:
        """Random numbers of an environment with their seed; an unpredictable one where none was given."""
        seeded = self._random[environment]
        if seeded is None:
            seeded = self._random[environment] = seeding.np_random()
        return seeded

    def _refuse_unready(self) -> None:
        if (self._age < 0).any():
            which, why = self._age < 0, "was not reset yet"
        elif self.autoreset_mode is AutoresetMode.DISABLED and self._over.any():
            which, why = self._over, "is at the end of its episode, and autoreset is disabled"
        else:
            return
        raise ResetNeeded(f"environment {int(np.flatnonzero(which)[0])} {why}; call reset() before step()")


STAGE = mujoco.mjtStage.mjSTAGE_VEL  # so that observations are of the end of a frame and not of its last step's start
