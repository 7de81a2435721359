"""A camera that follows an animal calmly."""

from collections.abc import Iterable
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
        orbit: float = 0.0,
        stands: bool = False,
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
            orbit: How fast it goes around the body, degrees in a simulated second; positive to the left.
            stands: Whether it stays where it begins and turns after the body, instead of going with it.

        Raises:
            UnknownNameError: The model has no such body.
        """
        self._model = model
        self._body = _body(model, body)
        self._azimuth, self._distance, self._fill = azimuth, distance, fill
        self._rise, self._elevation = rise, elevation
        self._follow_time, self._turn_time = follow_time, turn_time
        self._orbit, self._stands = orbit, stands
        self._began = 0.0
        self._eye: NDArray[np.float64] | None = None
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
            self._began, self._eye = data.time, None
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
        around = self._azimuth + self._orbit * (data.time - self._began)
        self._camera.azimuth = around + np.degrees(np.arctan2(self._heading[1], self._heading[0]))
        if self._stands:
            self._turn_from_its_place()
        return self._camera

    def _turn_from_its_place(self) -> None:
        """Look from where the camera began at where the body is now."""
        camera = self._camera
        if self._eye is None:
            azimuth, elevation = np.radians((camera.azimuth, self._elevation))
            away = np.array(
                [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)]
            )
            self._eye = camera.lookat - camera.distance * away
        x, y, z = camera.lookat - self._eye
        camera.distance = max(float(np.sqrt(x * x + y * y + z * z)), 1e-6)
        camera.azimuth, camera.elevation = np.degrees((np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))))

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


VIEWS = ("chase", "left", "right", "front", "back", "top", "fixed", "orbit")
_SIDES = {"left": -90.0, "right": 90.0, "front": 180.0, "back": 0.0}  # where they look, from the heading, degrees
_LEVEL = -8.0  # elevation of what looks from a side, degrees
_ORBIT = 24.0  # degrees in a played second


def view_of(
    name: str, model: mujoco.MjModel, body: str | None, *, azimuth: float, elevation: float, distance: float | None,
    rise: float, slow: float = 1.0,
) -> ChaseCamera | mujoco.MjvCamera:  # fmt: skip
    """A camera by name.

    "chase" goes with the animal; "left", "right", "front", "back" and "top" do so on that side of it; "fixed" stands
    where "chase" begins and turns after it; "orbit" goes around it slowly. Any other name is that of a camera of the
    model.

    Args:
        name: One of `VIEWS`, or of the model's cameras, which come first.
        model: The model.
        body: The body to follow, see `ChaseCamera`.
        azimuth: Of "chase", "fixed" and "orbit", see `ChaseCamera`.
        elevation: Of these.
        distance: Of all.
        rise: Of all.
        slow: How many times slower than life the film is: "orbit" turns the slower for it.

    Raises:
        UnknownNameError: There is no such camera, or no such body.
    """
    own = [model.camera(c).name for c in range(model.ncam)]
    if name in own or name not in VIEWS:
        return find_camera(model, name, VIEWS)
    if name in _SIDES:
        azimuth, elevation = _SIDES[name], _LEVEL
    elif name == "top":
        azimuth, elevation = 90.0, -89.0  # its head to the right
    return ChaseCamera(
        model, body, azimuth=azimuth, elevation=elevation, distance=distance, rise=rise,
        orbit=_ORBIT / slow if name == "orbit" else 0.0, stands=name == "fixed",
    )  # fmt: skip


def find_camera(model: mujoco.MjModel, name: str, others: Iterable[str] = ()) -> mujoco.MjvCamera:
    """A camera of the model.

    Args:
        model: The model.
        name: Its name.
        others: Names that are allowed besides, for the message.

    Raises:
        UnknownNameError: The model has none of that name.
    """
    found = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_CAMERA, name)
    if found < 0:
        own = (model.camera(c).name for c in range(model.ncam))
        raise unknown_name("camera", name, filter(None, (*own, *others)), "the model")
    camera = mujoco.MjvCamera()
    camera.type, camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, found
    return camera
