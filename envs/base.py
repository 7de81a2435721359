"""What the environments share: an animal that lives in steps of a frame, and hears the agent as descending commands."""

from typing import Any, ClassVar

import gymnasium
import mujoco
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from sns_mujoco.errors import DivergenceError, unknown_name

from .parts import Array, Part


class AnimalEnv(gymnasium.Env[Array, Array]):
    """An animal as an environment; what it is asked to do stands in its subclasses.

    They give the parts of the observation (`parts`), what begins an episode (`_begin`) and what a step is worth
    (`_judge`).

    Attributes:
        animal: The animal.
        simulation: Its life; `simulation.model` and `simulation.data` are MuJoCo's own.
        terrain: What it lives on.
        commands: Descending commands that the action sets, in its order.
        frame_skip: Physics steps in a step of the environment.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": 50}

    def __init__(
        self,
        animal: str,
        *,
        terrain: str | None = None,
        commands: tuple[str, ...] | None = None,
        render_mode: str | None = None,
        width: int = 640,
        height: int = 480,
    ) -> None:
        """Make an environment.

        Args:
            animal: Name of an animal of the repository.
            terrain: One of its terrains; its usual one if left out.
            commands: Those of its commands that the action sets; all if left out. The others, and its probes, stay 0
                unless `simulation.commands` sets them.
            render_mode: None or "rgb_array".
            width: Of rendered frames, pixels.
            height: Of rendered frames, pixels.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: An unknown render mode.
        """
        from sns_mujoco.models import load

        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"render_mode is {render_mode!r}; give None or 'rgb_array'")
        self.render_mode = render_mode
        self.animal = load(animal)
        self.terrain = terrain or self.animal.terrains[0]
        self.simulation = self.animal.simulation(terrain=self.terrain)
        self.commands = tuple(self.animal.commands) if commands is None else commands
        for name in self.commands:
            if name not in self.animal.commands:
                raise unknown_name("command", name, self.animal.commands, f"animal {animal!r}")
        self._size = (width, height)
        self._renderer: Any = None
        self._camera: Any = None
        self._muscles: Any = None

        steps = 1.0 / (self.metadata["render_fps"] * self.simulation.model.opt.timestep)
        self.frame_skip = round(steps)
        if abs(steps - self.frame_skip) > 1e-6:
            raise ValueError(f"the physics step of {steps:g} s does not divide a frame of 1/50 s")
        ends = np.array([self.animal.commands[name] for name in self.commands])
        self._lowest, self._highest = ends.T
        self.action_space = spaces.Box(self._lowest, self._highest, dtype=np.float64)
        self._parts = self.parts()
        low, high = (np.concatenate([np.full(p.size, p.bounds[end]) for p in self._parts]) for end in (0, 1))
        self._least, self._most = low, high
        self.observation_space = spaces.Box(low, high, dtype=np.float64)

    @property
    def dt(self) -> float:
        """Time of one environment step, s."""
        return self.frame_skip * self.simulation.model.opt.timestep

    def parts(self) -> list[Part]:
        """Parts of the observation, in their order."""
        raise NotImplementedError

    def _begin(self) -> dict[str, Any]:
        """Begin an episode with an animal that has just been put at its start; gives the information about it."""
        raise NotImplementedError

    def _judge(self, *, diverged: bool) -> tuple[float, bool, dict[str, Any]]:
        """Reward of the step that has just been made, whether it ends the episode, and the information about it."""
        raise NotImplementedError

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Start an episode; see `gymnasium.Env.reset`. There are no options.

        Raises:
            ValueError: Options were given.
        """
        super().reset(seed=seed)
        if options:
            raise ValueError(f"options are {options!r}; this environment has none")
        self.animal.start(self.simulation, int(self.np_random.integers(2**31)))
        self._move_along()
        info = self._begin()
        return self._observe(), info

    def step(self, action: Array) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Hold the commands for one frame; see `gymnasium.Env.step`.

        Raises:
            ValueError: The action has another shape, or is not finite.
        """
        values = np.asarray(action, float)
        if values.shape != self.action_space.shape or not np.isfinite(values).all():
            raise ValueError(
                f"the action is {action!r}; give {len(self.commands)} finite numbers ({', '.join(self.commands)})"
            )
        for name, value in zip(self.commands, np.clip(values, self._lowest, self._highest), strict=True):
            self.simulation.commands[name] = value
        diverged = False
        try:
            self.simulation.step(self.frame_skip)
        except DivergenceError:
            diverged = True
        self._move_along()
        reward, ended, info = self._judge(diverged=diverged)
        return self._observe(), reward, ended, False, info

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """The animal from its camera, uint8 [height, width, 3]; None without a render mode."""
        if self.render_mode is None:
            return None
        from sns_mujoco.rendering import ChaseCamera, Muscles, make_renderer

        model, data, view = self.simulation.model, self.simulation.data, self.animal.view
        if self._renderer is None:
            self._renderer = make_renderer(model, *self._size)
            self._muscles = Muscles(model)
            self._camera = ChaseCamera(
                model, self.animal.torso or None, azimuth=view.azimuth, elevation=view.elevation,
                distance=view.distance, rise=view.rise,
            )  # fmt: skip
        return self._renderer.render(data, self._camera.update(data), muscles=self._muscles.tints(data))

    def close(self) -> None:
        """Release the renderer."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _move_along(self) -> None:
        """Bring places and velocities of bodies up to date with the joints; a step leaves them at its beginning."""
        model, data = self.simulation.model, self.simulation.data
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_comVel(model, data)

    def _observe(self) -> Array:
        return np.clip(np.concatenate([part.read() for part in self._parts]), self._least, self._most)
