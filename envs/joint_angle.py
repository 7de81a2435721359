"""One joint between antagonistic muscles as a Gymnasium environment: hold an angle by descending commands."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import parts
from .base import AnimalEnv
from .parts import Array, Part
from .tasks import Rows, Task
from .vector import AnimalVectorEnv

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

NEAR = 0.05  # rad, distance from the target within which the reward rises above 0
MARGIN = 0.2  # share of the joint's range, at either end, in which there are no targets


class JointAngle(Task):
    """Hold a joint at an angle, which is drawn anew in every episode. See `JointAngleEnv`."""

    def __init__(self, *, targets: tuple[float, float] | None = None, observe_neurons: bool = False) -> None:
        """Choose the least and the greatest target (rad), and whether membrane potentials are observed."""
        self.targets, self.observe_neurons = targets, observe_neurons

    def parts(self) -> list[Part]:
        """Parts of the observation, in their order."""
        name = self.animal.joints[0]
        joint = self.life.model.joint(name)
        self._angle = int(joint.qposadr[0])
        low, high = joint.range
        margin = MARGIN * (high - low)
        self.targets = (float(low + margin), float(high - margin)) if self.targets is None else self.targets
        if not self.targets[0] < self.targets[1]:
            raise ValueError(f"targets are {self.targets!r}; give the least and then the greatest angle, rad")
        self._target, self._diverged = np.zeros(self.lead), np.zeros(self.lead, bool)
        return [
            Part(size=1, bounds=(-10.0, 10.0), read=lambda: self._target[..., None]),
            *parts.joints(self.life, [name]),
            *parts.muscles(self.life),
            *(parts.neurons(self.life) if self.observe_neurons else []),
        ]

    def begin(self, rows: Rows, generators: Sequence[np.random.Generator]) -> None:
        """Begin an episode; see `Task`."""
        assert self.targets is not None
        drawn = [generator.uniform(*self.targets) for generator in generators]
        self._target[rows] = drawn if self.lead else drawn[0]
        self._diverged[rows] = False

    def judge(self, diverged: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
        """Rewards and ends; see `Task`."""
        self._diverged[...] = diverged
        error = self._error()
        return np.exp(-np.square(error / NEAR)) - np.abs(error), self._diverged.copy()

    def info(self) -> Mapping[str, NDArray[Any]]:
        """See `JointAngleEnv`."""
        angle = self.life.data.qpos[..., self._angle]
        return {"angle": angle, "target": self._target, "error": self._error(), "diverged": self._diverged}

    def _error(self) -> Array:
        return self.life.data.qpos[..., self._angle] - self._target


class JointAngleEnv(AnimalEnv):
    """A joint that is to be held at an angle, which is drawn anew in every episode.

    ## Action space
    `Box`, one number for each command, in the order of `commands`. For the antagonist joint:

    | # | command | least | greatest | meaning |
    |---|---|---|---|---|
    | 0 | flex | 0 | 1 | excites the flexor's motor neurons |
    | 1 | extend | 0 | 1 | excites the extensor's |

    The commands reach the nervous system, whose reflexes act as well. The animal's other commands stay 0.

    With `action_mode="parameters"` the action modulates conductances and other numbers of the nervous system, and with
    `action_mode="actuators"` it drives the body's actuators, its brain cut off; see `sns_mujoco.envs.actions`.

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
        animal: "str | PathLike[str] | Animal",
        *,
        targets: tuple[float, float] | None = None,
        observe_neurons: bool = False,
        **options: Any,
    ) -> None:
        """Make an environment.

        Args:
            animal: An animal that names its joint, or its name.
            targets: Least and greatest target, rad; the middle of the joint's range if left out.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalEnv`.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: Targets that do not rise, an unknown render mode or action mode, or an option that the action
                mode does not have.
        """
        super().__init__(animal, JointAngle(targets=targets, observe_neurons=observe_neurons), **options)

    @property
    def targets(self) -> tuple[float, float]:
        """Least and greatest target, rad."""
        return self.task.targets


class JointAngleVectorEnv(AnimalVectorEnv):
    """Many joints that are to be held at angles of their own; each of them is a `JointAngleEnv` to the last bit."""

    def __init__(
        self,
        animal: "str | PathLike[str] | Animal",
        *,
        num_envs: int = 1,
        targets: tuple[float, float] | None = None,
        observe_neurons: bool = False,
        **options: Any,
    ) -> None:
        """Make environments.

        Args:
            animal: An animal that names its joint, or its name.
            num_envs: How many.
            targets: Least and greatest target, rad; the middle of the joint's range if left out.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalVectorEnv`.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: `num_envs` is not positive, or as for a `JointAngleEnv`.
        """
        task = JointAngle(targets=targets, observe_neurons=observe_neurons)
        super().__init__(animal, task, num_envs=num_envs, **options)
