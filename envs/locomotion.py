"""Walking animals as Gymnasium environments: the agent is the brain above the nervous system.

The action is the descending drive, not a torque for every joint: the nervous system inside the model turns it into a
gait, so a constant action walks.
"""

from typing import Any, ClassVar

import gymnasium
import mujoco
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from sns_mujoco.errors import DivergenceError

Array = NDArray[np.float64]


class LocomotionEnv(gymnasium.Env[Array, Array]):
    """An animal on its ground.

    ## Action space
    `Box`, one number for each descending command of the animal, in the order of `commands`; for the hexapod:

    | # | command | least | greatest | meaning |
    |---|---|---|---|---|
    | 0 | drive | 0 | 1 | 0 stands, 1 walks as fast as it can |
    | 1 | turn | -1 | 1 | positive turns left |

    A command acts from the next physics step on, and is held for the whole environment step.

    ## Observation space
    `Box`, float64, in this order (sizes for the hexapod, J = 18 joints and F = 6 feet); what goes beyond its bounds is
    clipped to them:

    | what | size | unit | bounds |
    |---|---|---|---|
    | joint positions | J | rad | -10, 10 |
    | joint velocities | J | rad/s | -1000, 1000 |
    | foot loads | F | N | 0, 1000 |
    | height of the torso above the world's origin | 1 | m | -10, 10 |
    | direction of gravity in the torso's frame | 3 | - | -1, 1 |
    | velocity of the torso in its own frame | 3 | body lengths/s | -1000, 1000 |
    | angular velocity of the torso in its own frame | 3 | rad/s | -1000, 1000 |
    | membrane potentials, with `observe_neurons=True` | N | mV | -1000, 1000 |

    ## Reward
    Progress along the world's x axis since the last step, in body lengths per second. `info` has `position` (m, x, y
    and z of the torso), `speed` (body lengths/s along x), `heading` (rad) and `fallen`.

    ## Start and end
    An episode starts in the standing pose with a small random deviation and with noisy afferents, both drawn from the
    environment's seed. It is `terminated` when the animal falls (or its simulation diverges), and `truncated` by the
    time limit with which it was registered.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": 50}

    def __init__(
        self,
        animal: str,
        *,
        terrain: str | None = None,
        observe_neurons: bool = False,
        render_mode: str | None = None,
        width: int = 640,
        height: int = 480,
    ) -> None:
        """Make an environment.

        Args:
            animal: Name of an animal of the repository.
            terrain: One of its terrains; its usual one if left out.
            observe_neurons: Whether membrane potentials are part of the observation.
            render_mode: None or "rgb_array".
            width: Of rendered frames, pixels.
            height: Of rendered frames, pixels.

        Raises:
            UnknownNameError: There is no such animal or terrain.
            ValueError: An unknown render mode.
        """
        from sns_mujoco.models import load

        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"render_mode is {render_mode!r}; give None or 'rgb_array'")
        self.render_mode = render_mode
        self.animal = load(animal)
        self.simulation = self.animal.simulation(terrain=terrain)
        self.observe_neurons = observe_neurons
        self._size = (width, height)
        self._renderer: Any = None
        self._camera: Any = None

        model = self.simulation.model
        steps = 1.0 / (self.metadata["render_fps"] * model.opt.timestep)
        self.frame_skip = round(steps)
        if abs(steps - self.frame_skip) > 1e-6:
            raise ValueError(f"the physics step of {model.opt.timestep:g} s does not divide a frame of 1/50 s")
        self._torso = model.body(self.animal.torso).id
        hinges = np.flatnonzero(model.jnt_type == int(mujoco.mjtJoint.mjJNT_HINGE))
        self._angles, self._velocities = model.jnt_qposadr[hinges], model.jnt_dofadr[hinges]
        self._loads = np.array([model.sensor(foot.sensor).adr[0] for foot in self.animal.feet])

        ends = np.array(list(self.animal.commands.values()))
        self.action_space = spaces.Box(ends[:, 0], ends[:, 1], dtype=np.float64)
        low, high = (np.concatenate([np.full(size, ends[k]) for size, ends in self._bounds()]) for k in (0, 1))
        self.observation_space = spaces.Box(low, high, dtype=np.float64)

    @property
    def dt(self) -> float:
        """Time of one environment step, s."""
        return self.frame_skip * self.simulation.model.opt.timestep

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Start an episode; see `gymnasium.Env.reset`. There are no options.

        Raises:
            ValueError: Options were given.
        """
        super().reset(seed=seed)
        if options:
            raise ValueError(f"options are {options!r}; this environment has none")
        self.animal.start(self.simulation, int(self.np_random.integers(2**31)))
        return self._observe(), self._info(0.0, fallen=False)

    def step(self, action: Array) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Hold the commands for one frame; see `gymnasium.Env.step`.

        Raises:
            ValueError: The action has another shape, or is not finite.
        """
        values = np.asarray(action, float)
        if values.shape != self.action_space.shape or not np.isfinite(values).all():
            raise ValueError(
                f"the action is {action!r}; give {len(self.animal.commands)} finite numbers "
                f"({', '.join(self.animal.commands)})"
            )
        low, high = self.action_space.low, self.action_space.high  # type: ignore[attr-defined]
        for name, value in zip(self.animal.commands, np.clip(values, low, high), strict=True):
            self.simulation.commands[name] = value
        before = self.simulation.data.qpos[0]
        try:
            self.simulation.step(self.frame_skip)
            fallen = self.animal.fallen(self.simulation)
        except DivergenceError:
            fallen = True
        speed = float(self.simulation.data.qpos[0] - before) / self.dt / self.animal.length
        return self._observe(), speed, fallen, False, self._info(speed, fallen=fallen)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """The animal from its chase camera, uint8 [height, width, 3]; None without a render mode."""
        if self.render_mode is None:
            return None
        from sns_mujoco.rendering import ChaseCamera, make_renderer

        if self._renderer is None:
            self._renderer = make_renderer(self.simulation.model, *self._size)
            self._camera = ChaseCamera(self.simulation.model, self.animal.torso)
        return self._renderer.render(self.simulation.data, self._camera.update(self.simulation.data))

    def close(self) -> None:
        """Release the renderer."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _bounds(self) -> list[tuple[int, tuple[float, float]]]:
        """Size and bounds of each part of the observation."""
        joints = len(self._angles)
        parts = [
            (joints, (-10.0, 10.0)),
            (joints, (-1e3, 1e3)),
            (len(self._loads), (0.0, 1e3)),
            (1, (-10.0, 10.0)),
            (3, (-1.0, 1.0)),
            (3, (-1e3, 1e3)),
            (3, (-1e3, 1e3)),
        ]
        neurons = len(self.simulation.potentials)
        return [*parts, (neurons, (-1e3, 1e3))] if self.observe_neurons else parts

    def _observe(self) -> Array:
        data = self.simulation.data
        rotation = data.xmat[self._torso].reshape(3, 3)
        parts = [
            data.qpos[self._angles],
            data.qvel[self._velocities],
            data.sensordata[self._loads],
            data.qpos[2:3],
            -rotation[2],
            rotation.T @ data.qvel[:3] / self.animal.length,
            data.qvel[3:6],
        ]
        if self.observe_neurons:
            parts.append(self.simulation.potentials)
        space: Any = self.observation_space
        return np.clip(np.concatenate(parts), space.low, space.high)

    def _info(self, speed: float, *, fallen: bool) -> dict[str, Any]:
        forward = self.simulation.data.xmat[self._torso].reshape(3, 3)[:, 0]
        return {
            "position": self.simulation.data.qpos[:3].copy(),
            "speed": speed,
            "heading": float(np.arctan2(forward[1], forward[0])),
            "fallen": fallen,
        }
