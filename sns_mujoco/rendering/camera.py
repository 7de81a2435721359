"""A camera that follows an animal calmly."""

from math import exp, radians, tan

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import unknown_name


class ChaseCamera:
    """Follows a body, with its steps and sways smoothed away; the same states give the same views.

    Usage: call `update` once a frame and hand its result to a renderer. Where the body is and where it heads are
    low-passed in simulated time, so the film does not depend on the frame rate; when time jumps back, as after a
    reset, the camera starts anew.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        body: str | None = None,
        *,
        azimuth: float = 145.0,
        elevation: float = -21.0,
        distance: float | None = None,
        fill: float = 0.88,
        rise: float = 0.0,
        follow_time: float = 0.4,
        turn_time: float = 2.0,
    ) -> None:
        """Choose what to follow and from where.

        Args:
            model: The model.
            body: Name of the body to follow; None for the first that moves freely, or else the first of all.
            azimuth: Where the camera looks, from the heading of the body (its x axis), degrees; 180 sees it head-on.
            elevation: How the camera tilts, degrees; negative looks down.
            distance: From the body, metres; None to choose it so that the animal fills a share `fill` of the height.
            fill: See `distance`.
            rise: How far above the body the camera looks, metres.
            follow_time: Time constant of the place, s.
            turn_time: Time constant of the heading, s.

        Raises:
            UnknownNameError: The model has no such body.
        """
        self._model = model
        self._body = _body(model, body)
        self._azimuth, self._distance, self._fill = azimuth, distance, fill
        self._rise = rise
        self._follow_time, self._turn_time = follow_time, turn_time
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FREE
        self._camera.elevation = elevation
        # The low-passed place, and that once more: twice the first less the second keeps up with steady walking.
        self._smooth, self._smoother = np.zeros(3), np.zeros(3)
        self._heading = np.zeros(2)
        self._time: float | None = None

    def update(self, data: mujoco.MjData) -> mujoco.MjvCamera:
        """Move on to the time of a state and give the camera, which stays the same object.

        Args:
            data: The state; kinematics up to date.
        """
        place = np.array(data.xpos[self._body])
        heading = np.array(data.xmat[self._body].reshape(3, 3)[:2, 0])
        if self._time is None or data.time < self._time:
            self._smooth, self._smoother, self._heading = place, place.copy(), heading
        else:
            passed = data.time - self._time
            share = 1 - exp(-passed / self._follow_time)
            self._smooth += share * (place - self._smooth)
            self._smoother += share * (self._smooth - self._smoother)
            self._heading += (1 - exp(-passed / self._turn_time)) * (heading - self._heading)
        if self._distance is None:
            self._distance = self._radius(data) / self._fill / tan(radians(self._model.vis.global_.fovy) / 2)
        self._time = data.time
        self._camera.lookat[:] = 2 * self._smooth - self._smoother
        self._camera.lookat[2] += self._rise
        self._camera.distance = self._distance
        self._camera.azimuth = self._azimuth + np.degrees(np.arctan2(self._heading[1], self._heading[0]))
        return self._camera

    def _radius(self, data: mujoco.MjData) -> float:
        """How far the animal reaches from the body, metres."""
        model = self._model
        own = np.flatnonzero(_below(model, self._body)[model.geom_bodyid] & (model.geom_rbound > 0))
        if own.size == 0:
            return float(model.stat.extent)
        away = np.linalg.norm(data.geom_xpos[own] - data.xpos[self._body], axis=1) + model.geom_rbound[own]
        return float(away.max())


def _body(model: mujoco.MjModel, name: str | None) -> int:
    if name is not None:
        found = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, name)
        if found < 0:
            names = [model.body(b).name for b in range(1, model.nbody)]
            raise unknown_name("body", name, filter(None, names), "the model")
        return found
    free = np.flatnonzero(model.jnt_type == mujoco.mjtJoint.mjJNT_FREE)
    return int(model.jnt_bodyid[free[0]]) if free.size else min(1, model.nbody - 1)


def _below(model: mujoco.MjModel, body: int) -> NDArray[np.bool_]:
    """Which bodies [nbody] are the given one or hang from it."""
    below = np.zeros(model.nbody, bool)
    below[body] = True
    for child in range(body + 1, model.nbody):  # parents come before their children
        below[child] = below[model.body_parentid[child]]
    return below
