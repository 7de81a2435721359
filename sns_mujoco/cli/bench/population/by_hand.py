"""An animal's body as users write its environment today: Gymnasium, and SNS-Toolbox between observation and action."""

from typing import Any

import gymnasium
import mujoco
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from sns_mujoco.cli.bench import motion, their_adapters, toolbox
from sns_mujoco.cosim.clocks import neural_steps
from sns_mujoco.models import load

FRAME = 20  # physics steps in a step of the environment

Array = NDArray[np.float64]


class ByHand(gymnasium.Env[Array, Array]):
    """The body of an animal with its nervous system in SNS-Toolbox, in one Python loop.

    The action is the descending command, the observation positions and velocities, as Gymnasium's own bodies have them.
    The network is computed, and its outputs become controls; what is applied are the controls that our closed loop
    made, so that both bodies do the same work.
    """

    def __init__(self, animal: str, seconds: float) -> None:
        """Make an environment whose motion repeats after some seconds."""
        whole = load(animal)
        recorded = motion.record(whole, seconds=seconds)
        self._motion, self._body = recorded.pieces[0], recorded.body
        self._data = mujoco.MjData(self._body)
        self._substeps, _ = neural_steps(whole.dt, self._body.opt.timestep)
        inputs = len(recorded.simulation.brain.afferents)
        self._network, *_ = toolbox.ways(whole.network().to_program(dt=whole.dt), inputs=inputs, outputs=self._body.nu)
        commands = len(recorded.simulation.commands)
        ways = their_adapters.ways(self._body, self._data, inputs=inputs, commands=commands)
        self._adapters = ways[their_adapters.AT_ONCE]
        self._place = 0
        self.action_space = spaces.Box(-1.0, 1.0, (commands,), np.float64)
        self.observation_space = spaces.Box(-np.inf, np.inf, (self._body.nq + self._body.nv,), np.float64)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Go to the beginning of the motion."""
        super().reset(seed=seed)
        self._place = 0
        motion.put(self._data, self._motion.open_state)
        return self._observe(), {}

    def step(self, action: Array) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """A frame of the loop; at the end of the motion it begins anew."""
        if self._place + FRAME > len(self._motion.controls):
            self.reset()
        before = self._data.qpos[0]
        for controls in self._motion.controls[self._place : self._place + FRAME]:
            x = self._adapters.read()
            for _ in range(self._substeps):
                y = self._network(x)
            self._adapters.act(y)
            self._data.ctrl[:] = controls
            mujoco.mj_step(self._body, self._data)
        self._place += FRAME
        return self._observe(), float(self._data.qpos[0] - before), False, False, {}

    def _observe(self) -> Array:
        return np.concatenate([self._data.qpos, self._data.qvel])
