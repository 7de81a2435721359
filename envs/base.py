"""What the environments of one animal share: it lives in steps of a frame, and does what a task asks."""

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium
import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.divergence import stand
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError

from .parts import Array
from .picture import Picture, refuse_unknown_mode
from .tasks import Task
from .world import FRAMES, Choice, World

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

GREATEST = 1e10  # of a position or a velocity; MuJoCo takes what is beyond for a diverged simulation (mjMAXVAL)


class AnimalEnv(gymnasium.Env[Array, Array]):
    """An animal as an environment; what is asked of it is a `Task`.

    Attributes:
        animal: The animal.
        simulation: Its life; `simulation.model` and `simulation.data` are MuJoCo's own.
        task: What is asked of it.
        terrain: What it lives on.
        commands: Descending commands that the action sets, in its order.
        frame_skip: Physics steps in a step of the environment.
        dt: Time of a step of the environment, s.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": FRAMES}

    def __init__(
        self,
        animal: "str | PathLike[str] | Animal",
        task: Task,
        *,
        render_mode: str | None = None,
        width: int = 640,
        height: int = 480,
        **options: Any,
    ) -> None:
        """Make an environment.

        Args:
            animal: An animal, or its name.
            task: What is asked of it.
            render_mode: None or "rgb_array".
            width: Of rendered frames, pixels.
            height: Of rendered frames, pixels.
            **options: See `sns_mujoco.envs.world.Choice`: terrain, terrain_seed, action_mode, commands, held, vary.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: An unknown render mode or action mode, an option that the action mode does not have, or a size
                of less than a pixel.
        """
        refuse_unknown_mode(render_mode, self.metadata["render_modes"])
        choice = Choice(animal, task, **options)
        self.render_mode = render_mode
        self.animal, self.terrain, self.commands, self.task = choice.animal, choice.terrain, choice.commands, task
        self.simulation: Simulation = choice.simulation()
        self._start = choice.lived.start
        self._world = World(choice, self.simulation, task)
        self.frame_skip, self.dt = self._world.frame_skip, self._world.dt
        self.action_space, self.observation_space = self._world.action_space, self._world.observation_space
        self._size = counted(width, "width", 1), counted(height, "height", 1)
        self._picture: Picture | None = None

    @property
    def neutral_action(self) -> Array:
        """An action that changes nothing: commands and controls 0 or what is closest to it, parameters as described."""
        return self._world.actions.neutral.copy()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Start an episode; see `gymnasium.Env.reset`. There are no options.

        Raises:
            ValueError: Options were given.
        """
        super().reset(seed=seed)
        if options:
            raise ValueError(f"options are {options!r}; this environment has none")
        self._world.actions.end(...)
        self._start(self.simulation, int(self.np_random.integers(2**31)))
        self._world.actions.begin(...)
        # what `start` has left underived, without a change of the state that it has left
        stand(self.simulation.model, self.simulation.data, self.simulation.snapshot().state)
        self.task.begin(..., [self.np_random])
        return self._world.observe(), _plain(self.task.info())

    def step(self, action: Array) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Act for one frame; see `gymnasium.Env.step`.

        Raises:
            ValueError: The action has another shape, or is not finite.
        """
        self._world.act(action)
        reward, ended = self.task.judge(np.asarray(self._diverges()))
        return self._world.observe(), float(reward), bool(ended), False, _plain(self.task.info())

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """The animal from its camera, uint8 [height, width, 3]; None without a render mode."""
        if self.render_mode is None:
            return None
        model, data = self.simulation.model, self.simulation.data
        if self._picture is None:
            self._picture = Picture(model, self._size, self.animal)
        return self._picture.draw(data)

    def close(self) -> None:
        """Release the renderer."""
        if self._picture is not None:
            self._picture.close()
            self._picture = None

    def _diverges(self) -> bool:
        """Live through a frame, and bring what is derived from positions and velocities up to date, as `mj_step1` does.

        A step alone leaves it at its beginning. One that diverges stands at its last good step.
        """
        model, data = self.simulation.model, self.simulation.data
        try:
            with quiet():
                self.simulation.step(self.frame_skip)
        except DivergenceError:
            return True
        if not (np.abs(data.qpos) <= GREATEST).all() or not (np.abs(data.qvel) <= GREATEST).all():
            stand(model, data, self.simulation.snapshot().state)
            return True
        mujoco.mj_fwdPosition(model, data)
        mujoco.mj_sensorPos(model, data)
        mujoco.mj_fwdVelocity(model, data)
        mujoco.mj_sensorVel(model, data)
        return False


def _plain(info: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Numbers and copies of arrays, of the information on one animal."""
    return {key: value.item() if value.ndim == 0 else value.copy() for key, value in info.items()}
