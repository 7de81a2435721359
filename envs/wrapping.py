"""A nervous system inside any Gymnasium MuJoCo environment: `wrap`.

The environment goes on as its own: its observations, rewards and ends are those of its own code. What is new is inside
its model: a nervous system that reads its sensors and drives its actuators; the action becomes what descends to it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import gymnasium
import mujoco
import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.brain import brain_seed
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.cosim.simulation import STATE, Simulation
from sns_mujoco.errors import DivergenceError, unknown_name
from sns_mujoco.network import Network
from sns_mujoco.network.network import Integrator, Semantics

from .given import checked_action
from .parts import Array
from .picture import Picture
from .theirs import Ranges, base_of, driven, ends_of, make

Randomness = tuple[np.random.Generator | None, int | None, np.random.Generator | None]


def wrap(
    env: str | gymnasium.Env,
    network: Network,
    adapters: Iterable[Afferent | Efferent],
    *,
    dt: float,
    commands: Ranges | None = None,
    semantics: Semantics = "textbook",
    integrator: Integrator = "euler",
    **options: Any,
) -> "DrivenEnv":
    """A Gymnasium MuJoCo environment whose body is driven by a nervous system.

        env = sns_mujoco.wrap("Ant-v5", network, adapters, dt=1.0)

    The action is the descending commands (those of `Command` adapters); without any it is empty. Where the
    environment's reward charges for controls, it charges for those that the nervous system gave at the end of the step.
    Actuators without a name, as most of Gymnasium's, are named after the joint or tendon that they move.

    Args:
        env: Id of an environment, or one that nobody uses any more; wrappers that it has stay.
        network: The nervous system.
        adapters: Afferents and efferents, each naming what it connects.
        dt: Neural step, ms; it must divide the physics step, or the reverse.
        commands: Which commands the action sets, in its order, with their lower and upper ends; all of them, with the
            ranges of their adapters, if left out. Others stay 0 unless `env.simulation.commands` sets them.
        semantics: "textbook" or "sns-toolbox", see `Network.compile`.
        integrator: "euler" or "exponential", see `Network.compile`.
        **options: Of the environment, for `gymnasium.make`; only with an id.

    Raises:
        AttachError: It is no MuJoCo environment of Gymnasium's kind, its model was changed after it was loaded, a
            wrapper in it changes actions, or the nervous system does not fit; see `sns_mujoco.attach`.
        UnknownNameError: A joint, sensor, actuator, neuron, command ... of that name does not exist.
        MissingDependencyError: A library that the environment needs is not there.
        ValueError: A command has no range or one that does not rise, or options are given with an environment.
    """
    adapters = list(adapters)
    ends = ends_of(adapters, commands)
    made = make(env, options)
    return DrivenEnv(made, driven(made, network, adapters, dt=dt, semantics=semantics, integrator=integrator), ends)


class DrivenEnv(gymnasium.Wrapper[Array, Array, Array, Array]):
    """An environment that `wrap` has given a nervous system.

    `info` has, beside the environment's own, `diverged`: the simulation left the finite numbers, which ends the
    episode; it stands at its last good step. Frames ("rgb_array") are drawn with or without OpenGL.

    Attributes:
        simulation: The life of body and nervous system; `simulation.model` and `simulation.data` are also those of the
            environment.
        commands: Names of the commands that the action sets, in its order.
    """

    def __init__(self, env: gymnasium.Env, model: mujoco.MjModel, ends: Ranges) -> None:
        """Put a model with a nervous system into an environment; `wrap` does so.

        Args:
            env: The environment.
            model: Its model, with a nervous system.
            ends: Commands that the action sets, with their ends.

        Raises:
            UnknownNameError: The nervous system hears no such command.
        """
        super().__init__(env)
        self.simulation = Simulation(model)
        known = self.simulation.commands.places
        for name in ends:
            if name not in known:
                raise unknown_name("command", name, known, "the nervous system")
        self.commands = tuple(ends)
        self._places = [known[name] for name in ends]
        low, high = np.array(list(ends.values()), float).reshape(-1, 2).T
        self._action_space = spaces.Box(low, high, dtype=np.float64)
        self._base = base_of(env)
        self._base.model, self._base.data = model, self.simulation.data
        self._base.mujoco_renderer.model, self._base.mujoco_renderer.data = model, self.simulation.data
        self._base._step_mujoco_simulation = self._live
        self._controls = np.zeros(model.nu)
        self._descending: Array = np.zeros(len(ends))
        self._diverged = False
        self._stepped: Callable[[mujoco.MjData], None] | None = None
        self._noise: np.random.Generator | None = None
        self._picture: Picture | None = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Start an episode as the environment does, with a nervous system at rest; see `gymnasium.Env.reset`.

        Its noise has random numbers of its own, so that the environment's are those that it has without.
        """
        observation, info = self.env.reset(seed=seed, options=options)
        if seed is not None or self._noise is None:
            self._noise, _ = seeding.np_random(seed)
        drawn = int(self._noise.integers(2**31))
        self._stepped = None
        for place, brain in enumerate(self.simulation.brains.values()):
            self.simulation.data.plugin_state[brain.seed] = brain_seed(drawn, place)
        return observation, info | {"diverged": False}

    def step(self, action: Array) -> tuple[Array, Any, bool, bool, dict[str, Any]]:
        """Hold the commands for a step of the environment; see `gymnasium.Env.step`.

        Raises:
            ValueError: The action has another shape, or is not finite.
        """
        self._descending, self._diverged = self.descend(action), False
        observation, reward, terminated, truncated, info = self.env.step(self._controls)
        ended = bool(terminated) or self._diverged
        return observation, reward, ended, bool(truncated), info | {"diverged": self._diverged}

    def descend(self, action: Any) -> Array:
        """Values of the commands that an action means, within their ends, float64 [commands].

        Raises:
            ValueError: The action has another shape, or is not finite.
        """
        values = checked_action(action, (len(self.commands),), self.commands)
        assert isinstance(self._action_space, spaces.Box)
        return np.clip(values, self._action_space.low, self._action_space.high)

    @property
    def randomness(self) -> Randomness:
        """Random numbers of the environment, their seed, and those of the nervous system's noise; can be set."""
        return self._base._np_random, self._base._np_random_seed, self._noise

    @randomness.setter
    def randomness(self, randomness: Randomness) -> None:
        self._base._np_random, self._base._np_random_seed, self._noise = randomness

    @property
    def frame_skip(self) -> int:
        """Physics steps in a step of the environment."""
        return self._base.frame_skip

    def put(self, action: Array, state: Array) -> None:
        """Write the state from which a step with an action begins, as `mj_getState` does.

        Args:
            action: The commands, float [commands].
            state: Is filled with the integration state of MuJoCo.
        """
        self.simulation.data.userdata[self._places] = self.descend(action)
        mujoco.mj_getState(self.simulation.model, self.simulation.data, state, STATE)

    def foresee(self, stepped: Callable[[mujoco.MjData], None]) -> None:
        """Let the next step take from elsewhere what the simulation will be at its end.

        Args:
            stepped: Fills the simulation's data with it.
        """
        self._stepped = stepped

    def live(self, steps: int) -> bool:
        """Let the simulation pass by physics steps; False if it left the finite numbers, and stands before that."""
        try:
            with quiet():
                self.simulation.step(steps)
        except DivergenceError:
            return False
        return True

    def render(self) -> Any:
        """See `gymnasium.Env.render`."""
        if self.render_mode != "rgb_array":
            return self.env.render()
        if self._picture is None:
            self._picture = Picture(self.simulation.model, (self._base.width, self._base.height))
        return self._picture.draw(self.simulation.data)

    def close(self) -> None:
        """Release the renderers."""
        if self._picture is not None:
            self._picture.close()
            self._picture = None
        self.env.close()

    def _live(self, controls: NDArray[np.float64], steps: int) -> None:
        """What the environment calls to let its simulation pass: the nervous system gives the controls."""
        model, data = self.simulation.model, self.simulation.data
        data.userdata[self._places] = self._descending
        if self._stepped is not None:
            self._stepped(data)
            self._stepped = None
        else:
            self._diverged = not self.live(steps)
        mujoco.mj_rnePostConstraint(model, data)  # external forces, as the environment itself computes them
        controls[:] = data.ctrl  # what its reward may charge for
