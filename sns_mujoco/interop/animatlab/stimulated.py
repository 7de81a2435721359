"""A simulation that plays AnimatLab's stimuli by the clock."""

import math
from collections.abc import Iterable

import mujoco
import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.interop.animatlab.stimuli import Stimulus


class StimulatedSimulation(Simulation):
    """A `Simulation` in which stimuli happen when they should; all else is as there.

    What the stimuli do depends on the time alone, so snapshots, restoring and recordings work as usual. Their commands
    are set anew whenever they change; the commands of other stimuli stay as they are set.
    """

    def __init__(
        self, model: mujoco.MjModel | mujoco.MjSpec, stimuli: Iterable[Stimulus], *, dt: float, seed: int = 0
    ) -> None:
        """Make an animal ready, at its initial state.

        Args:
            model: As in `Simulation`.
            stimuli: What happens; those that are not represented are passed over.
            dt: Neural step, ms.
            seed: As in `Simulation`.
        """
        super().__init__(model, seed=seed)
        self.stimuli = [stimulus for stimulus in stimuli if stimulus.kind != "unsupported"]
        self._dt = max(dt, self.model.opt.timestep * 1e3)
        self._always = any(not stimulus.steady for stimulus in self.stimuli)

    def step(self, n: int = 1) -> None:
        """Advance body and brain together by n physics steps; see `Simulation.step`."""
        while n > 0:
            for stimulus in self.stimuli:
                self._set(stimulus)
            m = min(n, self._until_change())
            super().step(m)
            n -= m

    def _until_change(self) -> int:
        """Steps until a stimulus may change."""
        if self._always:
            return 1
        step, now = self.model.opt.timestep, self.data.time
        edges = [edge for stimulus in self.stimuli for edge in (stimulus.start, math.nextafter(stimulus.end, math.inf))]
        ahead = [edge - now for edge in edges if edge > now and math.isfinite(edge)]
        return max(math.ceil(min(ahead, default=math.inf) / step - 1e-9), 1) if ahead else 2**31 - 1

    def _set(self, stimulus: Stimulus) -> None:
        values = stimulus.values(self.data.time + 1e-9)
        match stimulus.kind:
            case "current":
                self.commands[stimulus.name] = float(values[0])
            case "clamp":  # what takes the membrane to its potential in one step, and holds it there
                active = stimulus.start <= self.data.time <= stimulus.end
                potential, holding, _ = stimulus.levels
                pull = stimulus.capacitance / self._dt * (potential - self.potential(stimulus.target))
                self.commands[stimulus.name] = holding + pull if active else 0.0
            case "motor":
                self.data.actuator(stimulus.target).ctrl[0] = values[0]
            case "force":
                force = values[:3]
                torque = values[3:] + np.cross(stimulus.place, force)
                self.data.body(stimulus.target).xfrc_applied[:] = [*force, *torque]
