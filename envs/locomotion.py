"""Walking animals as Gymnasium environments: the agent is the brain above the nervous system.

The action is the descending drive, not a torque for every joint: the nervous system inside the model turns it into a
gait, so a constant action walks.
"""

from typing import Any

import mujoco
import numpy as np

from . import parts
from .base import AnimalEnv


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

    def __init__(self, animal: str, *, observe_neurons: bool = False, **options: Any) -> None:
        """Make an environment.

        Args:
            animal: Name of an animal of the repository that has a torso.
            observe_neurons: Whether membrane potentials are part of the observation.
            **options: See `AnimalEnv`: terrain, commands, render_mode, width and height.

        Raises:
            UnknownNameError: There is no such animal, terrain or command.
            ValueError: An unknown render mode.
        """
        self.observe_neurons = observe_neurons
        self._x = 0.0  # m, where it was on its ground after the last step
        super().__init__(animal, **options)
        self._grounded = self.animal.moves and self.animal.grounded(self.terrain)

    def parts(self) -> list[parts.Part]:
        """Parts of the observation, in their order."""
        simulation, model = self.simulation, self.simulation.model
        hinges = np.flatnonzero(model.jnt_type == int(mujoco.mjtJoint.mjJNT_HINGE))
        self._torso = model.body(self.animal.torso).id
        return [
            *parts.joints(simulation, [model.joint(j).name for j in hinges]),
            *parts.muscles(simulation),
            *parts.loads(simulation, [foot.sensor for foot in self.animal.feet]),
            *parts.trunk(simulation, self._torso, self.animal.length),
            *(parts.neurons(simulation) if self.observe_neurons else []),
        ]

    def _begin(self) -> dict[str, Any]:
        self._x = self._place()
        return self._info(0.0, fallen=False)

    def _judge(self, *, diverged: bool) -> tuple[float, bool, dict[str, Any]]:
        before, self._x = self._x, self._place()
        speed = (self._x - before) / self.dt / self.animal.length
        fallen = diverged or self.animal.fallen(self.simulation)
        return speed, fallen, self._info(speed, fallen=fallen)

    def _place(self) -> float:
        return self.animal.whereabouts(self.simulation)[0] if self._grounded else 0.0

    def _info(self, speed: float, *, fallen: bool) -> dict[str, Any]:
        data = self.simulation.data
        forward = data.xmat[self._torso].reshape(3, 3)[:, 0]
        return {
            "position": data.xpos[self._torso].copy(),
            "speed": speed,
            "heading": float(np.arctan2(forward[1], forward[0])),
            "fallen": fallen,
        }
