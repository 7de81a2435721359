"""One joint between antagonistic muscles as a Gymnasium environment: hold an angle by descending commands."""

from typing import Any

import numpy as np

from . import parts
from .base import AnimalEnv
from .parts import Array, Part

NEAR = 0.05  # rad, distance from the target within which the reward rises above 0
MARGIN = 0.2  # share of the joint's range, at either end, in which there are no targets


class JointAngleEnv(AnimalEnv):
    """A joint that is to be held at an angle, which is drawn anew in every episode.

    ## Action space
    `Box`, one number for each command, in the order of `commands`. For the antagonist joint:

    | # | command | least | greatest | meaning |
    |---|---|---|---|---|
    | 0 | flex | 0 | 1 | excites the flexor's motor neurons |
    | 1 | extend | 0 | 1 | excites the extensor's |

    The commands reach the nervous system, whose reflexes act as well. The animal's other commands stay 0.

    ## Observation space
    `Box`, float64, in this order (M = 2 muscles); what goes beyond its bounds is clipped to them:

    | what | size | unit | bounds |
    |---|---|---|---|
    | target angle | 1 | rad | -10, 10 |
    | joint angle | 1 | rad | -10, 10 |
    | joint velocity | 1 | rad/s | -1000, 1000 |
    | lengths of the muscles | M | m | 0, 10 |
    | velocities of the muscles, positive as they lengthen | M | m/s | -1000, 1000 |
    | forces of the muscles, positive as they pull | M | N | -1000000, 1000000 |
    | membrane potentials, with `observe_neurons=True` | N | mV | -1000, 1000 |

    ## Reward
    With the error e = angle - target in rad, exp(-(e / 0.05)^2) - |e|: the second part leads to the target from
    everywhere, the first rewards being close to it. It is 1 at the target, and about 0 at 0.08 rad from it. `info` has
    `angle`, `target` and `error` (rad), and `diverged`.

    ## Start and end
    An episode starts as the animal's lives do, with noise and pose drawn from the environment's seed, and so is the
    target, evenly from `targets`. It is `terminated` only if the simulation diverges, and `truncated` by the time limit
    with which it was registered.
    """

    def __init__(
        self,
        animal: str,
        *,
        targets: tuple[float, float] | None = None,
        observe_neurons: bool = False,
        **options: Any,
    ) -> None:
        """Make an environment.

        Args:
            animal: Name of an animal of the repository that names its joint.
            targets: Least and greatest target, rad; the middle of the joint's range if left out.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalEnv`: terrain, commands, render_mode, width and height.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: An unknown render mode, or targets that do not rise.
        """
        self.observe_neurons = observe_neurons
        self._target = np.zeros(1)
        super().__init__(animal, **options)
        low, high = self._joint.range
        margin = MARGIN * (high - low)
        self.targets = (float(low + margin), float(high - margin)) if targets is None else targets
        if not self.targets[0] < self.targets[1]:
            raise ValueError(f"targets are {self.targets!r}; give the least and then the greatest angle, rad")

    def parts(self) -> list[Part]:
        """Parts of the observation, in their order."""
        name = self.animal.joints[0]
        self._joint = self.simulation.model.joint(name)
        return [
            Part(size=1, bounds=(-10.0, 10.0), read=self._read_target),
            *parts.joints(self.simulation, [name]),
            *parts.muscles(self.simulation),
            *(parts.neurons(self.simulation) if self.observe_neurons else []),
        ]

    def _read_target(self) -> Array:
        return self._target

    def _begin(self) -> dict[str, Any]:
        self._target[0] = self.np_random.uniform(*self.targets)
        return self._info(diverged=False)

    def _judge(self, *, diverged: bool) -> tuple[float, bool, dict[str, Any]]:
        info = self._info(diverged=diverged)
        error = info["error"]
        return float(np.exp(-((error / NEAR) ** 2)) - abs(error)), diverged, info

    def _info(self, *, diverged: bool) -> dict[str, Any]:
        angle, target = float(self.simulation.data.qpos[self._joint.qposadr[0]]), float(self._target[0])
        return {"angle": angle, "target": target, "error": angle - target, "diverged": diverged}
