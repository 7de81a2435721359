"""Walking animals as Gymnasium environments: the agent is the brain above the nervous system.

The action is the descending drive, not a torque for every joint: the nervous system inside the model turns it into a
gait, so a constant action walks.
"""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from . import parts
from .base import AnimalEnv
from .parts import Array, Part
from .tasks import Rows, Task
from .vector import AnimalVectorEnv

if TYPE_CHECKING:
    from sns_mujoco.models import Animal


class Locomotion(Task):
    """Get on: progress along the world's x axis is rewarded, a fall ends the episode. See `LocomotionEnv`."""

    def __init__(self, *, observe_neurons: bool = False) -> None:
        """Choose whether membrane potentials are part of the observation."""
        self.observe_neurons = observe_neurons

    def parts(self) -> list[Part]:
        """Parts of the observation, in their order."""
        life, model = self.life, self.life.model
        hinges = np.flatnonzero(model.jnt_type == int(mujoco.mjtJoint.mjJNT_HINGE))
        self._torso = model.body(self.animal.torso).id
        self._grounded = self.animal.moves and self.animal.grounded(self.terrain)
        self._x = np.zeros(self.lead)  # m, where it was on its ground after the last step
        self._speed, self._fallen = np.zeros(self.lead), np.zeros(self.lead, bool)
        return [
            *parts.joints(life, [model.joint(j).name for j in hinges]),
            *parts.muscles(life),
            *parts.loads(life, [foot.sensor for foot in self.animal.feet]),
            *parts.trunk(life, self._torso, self.animal.length),
            *(parts.neurons(life) if self.observe_neurons else []),
        ]

    def begin(self, rows: Rows, generators: Sequence[np.random.Generator]) -> None:
        """Begin an episode; see `Task`."""
        self._x[rows] = self._place()[rows]
        self._speed[rows], self._fallen[rows] = 0.0, False

    def judge(self, diverged: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
        """Rewards and ends; see `Task`."""
        place = self._place()
        self._speed[...] = (place - self._x) / self.dt / self.animal.length
        self._x[...] = place
        self._fallen[...] = diverged | self._for_each("fallen", self.animal.fallen(self.life))
        return self._speed.copy(), self._fallen.copy()

    def info(self) -> Mapping[str, NDArray[Any]]:
        """See `LocomotionEnv`."""
        data = self.life.data
        forward = data.xmat[..., self._torso, 0::3]
        return {
            "position": data.xpos[..., self._torso, :],
            "speed": self._speed,
            "heading": np.arctan2(forward[..., 1], forward[..., 0]),
            "fallen": self._fallen,
        }

    def _place(self) -> Array:
        if not self._grounded:
            return np.zeros(self.lead)
        return self._for_each("place", self.animal.whereabouts(self.life)[0])

    def _for_each(self, what: str, value: Any) -> NDArray[Any]:
        if np.shape(value) not in ((), self.lead):
            raise ValueError(
                f"`{what}` of animal {self.animal.name!r} gives {np.shape(value)} values for a population of "
                f"{self.lead[0] if self.lead else 1}; let it read the data of all individuals, as in "
                "life.data.body('torso').xpos[..., 2]"
            )
        return np.asarray(value)


class LocomotionEnv(AnimalEnv):
    """An animal on its ground.

    ## Action space
    `Box`, one number for each descending command of the animal, in the order of `commands`. For the hexapod:

    | # | command | least | greatest | meaning |
    |---|---|---|---|---|
    | 0 | drive | 0 | 1 | 0 stands, 1 walks as fast as it can |
    | 1 | turn | -1 | 1 | positive turns left |

    For the rat's hindlimbs only `drive` (0 to 1). Probes of an animal, as the currents (nA) into the rat's
    half-centres, are no actions; `simulation.commands` sets them. A command acts from the next physics step on, and is
    held for the whole environment step.

    With `action_mode="parameters"` the action modulates conductances and other numbers of the nervous system, and with
    `action_mode="actuators"` it drives the body's actuators, its brain cut off; see `sns_mujoco.envs.actions`.

    ## Observation space
    `Box`, float64, in this order (J = 18 joints, no muscles and F = 6 feet of the hexapod; 6, M = 12 and 2 of the rat's
    hindlimbs); what goes beyond its bounds is clipped to them:

    | what | size | unit | bounds |
    |---|---|---|---|
    | joint positions | J | rad | -10, 10 |
    | joint velocities | J | rad/s | -1000, 1000 |
    | lengths of the muscles | M | m | 0, 10 |
    | velocities of the muscles, positive as they lengthen | M | m/s | -1000, 1000 |
    | forces of the muscles, positive as they pull | M | N | -1000000, 1000000 |
    | foot loads | F | N | 0, 1000 |
    | height of the torso above the world's origin | 1 | m | -10, 10 |
    | direction of gravity in the torso's frame | 3 | - | -1, 1 |
    | velocity of the torso in its own frame | 3 | body lengths/s | -1000, 1000 |
    | angular velocity of the torso in its own frame | 3 | rad/s | -1000, 1000 |
    | membrane potentials, with `observe_neurons=True` | N | mV | -1000, 1000 |

    ## Reward
    Progress over the ground along the world's x axis since the last step, in body lengths per second. On a treadmill
    the ground is its belt, whose speed is given, so that only on the ground the reward shows what an animal is worth.
    On a terrain that holds it in the air the reward is 0. `info` has `position` (m, x, y and z of the torso), `speed`
    (the reward), `heading` (rad) and `fallen`.

    ## Start and end
    An episode starts in the standing pose with a small random deviation and with noisy afferents, both drawn from the
    environment's seed. It is `terminated` when the animal falls (or its simulation diverges), and `truncated` by the
    time limit with which it was registered.
    """

    def __init__(
        self, animal: "str | PathLike[str] | Animal", *, observe_neurons: bool = False, **options: Any
    ) -> None:
        """Make an environment.

        Args:
            animal: An animal that has a torso, or its name.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalEnv`.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: An unknown render mode or action mode, or an option that the action mode does not have.
        """
        super().__init__(animal, Locomotion(observe_neurons=observe_neurons), **options)


class LocomotionVectorEnv(AnimalVectorEnv):
    """Many animals on their ground, stepped together; each of them is a `LocomotionEnv` to the last bit."""

    def __init__(
        self,
        animal: "str | PathLike[str] | Animal",
        *,
        num_envs: int = 1,
        observe_neurons: bool = False,
        **options: Any,
    ) -> None:
        """Make environments.

        Args:
            animal: An animal that has a torso, or its name.
            num_envs: How many.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalVectorEnv`.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: `num_envs` is not positive, or as for a `LocomotionEnv`.
        """
        super().__init__(animal, Locomotion(observe_neurons=observe_neurons), num_envs=num_envs, **options)
