"""The bodies of a recorded animal: where its feet, its limbs and its centre of mass were."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording import channels
from sns_mujoco.errors import GaitError, unknown_name

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class _Body:
    xpos: Floats  # [T, 3]
    xquat: Floats  # [T, 4]
    xmat: Floats  # [T, 9]


@dataclass(frozen=True, slots=True)
class _Joint:
    qpos: Floats  # [T, 1]
    qvel: Floats  # [T, 1]


class RecordedLife:
    """A recorded life that reads like a population: `life.data.body("torso").xpos` is [T, 3], an entry for each sample.

    So `Animal.place` and `Animal.fallen` tell of every moment of it.

    Attributes:
        model: The body, compiled.
        time: Of the samples [T], s.
    """

    def __init__(self, recording: "xarray.Dataset", model: mujoco.MjModel) -> None:
        """Read poses and joints, as far as they were recorded.

        Args:
            recording: Of one life.
            model: The body that was recorded; its nervous system may be left out.
        """
        self.model, self.time = model, recording.time.values
        self._bodies = columns(recording, "body_position", "body")
        self._turns = columns(recording, "body_orientation", "body")
        self._angles = columns(recording, "joint_position", "joint")
        self._speeds = columns(recording, "joint_velocity", "joint")

    @property
    def data(self) -> "RecordedLife":
        """What is known of the bodies, as `mujoco.MjData` names it."""
        return self

    def body(self, name: str | int) -> _Body:
        """Pose of a body over time.

        Raises:
            UnknownNameError: It was not recorded.
        """
        called = name if isinstance(name, str) else self.model.body(int(name)).name
        known = self._bodies.keys() & self._turns.keys()
        if called not in known:
            raise unknown_name("body", called, sorted(known), "the recording")
        return _Body(self._bodies[called], self._turns[called], matrices(self._turns[called]))

    def joint(self, name: str | int) -> _Joint:
        """Position and velocity of a joint of one degree of freedom over time.

        Raises:
            UnknownNameError: It was not recorded.
        """
        called = name if isinstance(name, str) else self.model.joint(int(name)).name
        known = self._angles.keys() & self._speeds.keys()
        if called not in known:
            raise unknown_name("joint", called, sorted(known), "the recording")
        return _Joint(self._angles[called][:, None], self._speeds[called][:, None])

    def point(self, body: int, local: Floats) -> Floats:
        """Where a point of a body was [T, 3], m.

        Raises:
            UnknownNameError: The body was not recorded.
        """
        own = self.body(body)
        return own.xpos + own.xmat.reshape(-1, 3, 3) @ np.asarray(local)

    def foot(self, sensor: str) -> Floats:
        """Where the foot of a sensor of load was [T, 3], m: its site, geom or body.

        Raises:
            UnknownNameError: There is no such sensor, or its body was not recorded.
            GaitError: The sensor is on nothing that has a place.
        """
        body, local = self._place_of(sensor)
        return self.point(body, local)

    def hip(self, sensor: str, torso: str) -> Floats:
        """Where the limb of a sensor's foot begins [T, 3], m: the joint that is nearest to the torso.

        Raises:
            UnknownNameError: See `foot`.
            GaitError: See `foot`.
        """
        body, model = self._place_of(sensor)[0], self.model
        trunk = int(model.body(torso).id) if torso else 0
        while int(model.body_parentid[body]) not in (0, trunk):
            body = int(model.body_parentid[body])
        first = int(model.body_jntadr[body])
        return self.point(body, model.jnt_pos[first] if first >= 0 else np.zeros(3))

    def center(self, torso: str) -> Floats:
        """Centre of mass [T, 3], m, of all that moves with a body.

        Raises:
            UnknownNameError: A body that weighs something was not recorded.
        """
        model = self.model
        own = np.flatnonzero((model.body_rootid == model.body(torso).rootid[0]) & (model.body_mass > 0.0))
        moments = sum(model.body_mass[b] * self.point(int(b), model.body_ipos[b]) for b in own)
        return np.asarray(moments) / float(model.body_mass[own].sum())

    def mass(self, torso: str) -> float:
        """Mass of all that moves with a body, kg."""
        model = self.model
        return float(model.body_mass[model.body_rootid == model.body(torso).rootid[0]].sum())

    def carries(self, torso: str, joint: str) -> bool:
        """Whether a joint is of what moves with a body; any joint is without one. The belt of a treadmill is not."""
        model = self.model
        root = model.body_rootid[model.jnt_bodyid[channels.joints(model)[joint]]]
        return not torso or bool(root == model.body(torso).rootid[0])

    def heading(self, torso: str) -> Floats:
        """Which way the x axis of a body points on the ground [T], rad, without jumps."""
        turn = self.body(torso).xmat
        return np.unwrap(np.arctan2(turn[:, 3], turn[:, 0]))

    def _place_of(self, sensor: str) -> tuple[int, Floats]:
        model = self.model
        names = [model.sensor(i).name for i in range(model.nsensor)]
        if sensor not in names:
            raise unknown_name("sensor", sensor, names, "the body")
        found = model.sensor(sensor)
        kind, which = mujoco.mjtObj(int(found.objtype[0])), int(found.objid[0])
        if kind == mujoco.mjtObj.mjOBJ_SITE:
            return int(model.site_bodyid[which]), model.site_pos[which]
        if kind == mujoco.mjtObj.mjOBJ_GEOM:
            return int(model.geom_bodyid[which]), model.geom_pos[which]
        if kind in (mujoco.mjtObj.mjOBJ_BODY, mujoco.mjtObj.mjOBJ_XBODY):
            return which, np.zeros(3)
        raise GaitError(f"sensor {sensor!r} is on a {kind.name[6:].lower()}; a foot has a site, a geom or a body")


def columns(recording: "xarray.Dataset", name: str, dimension: str) -> dict[str, Floats]:
    """A variable by the names of its second dimension, each [T, ...]; none if it was not recorded."""
    if name not in recording:
        return {}
    return dict(zip(map(str, recording[dimension].values), np.moveaxis(series(recording, name), 1, 0), strict=True))


def matrices(quaternions: Floats) -> Floats:
    """Rotation matrices [T, 9], row by row, of unit quaternions [T, 4], w first."""
    w, x, y, z = np.asarray(quaternions, float).T
    return np.stack(
        [
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
        ],
        axis=1,
    )  # fmt: skip


def series(recording: "xarray.Dataset", name: str, **chosen: Any) -> Floats:
    """A variable over the recording's `time` [T, ...]; one at a rate of its own is interpolated linearly.

    Args:
        recording: Of one life.
        name: Of the variable.
        **chosen: Names of coordinates to take, as `channel=["LF_touch"]`.
    """
    variable = recording[name]
    if chosen:
        variable = variable.sel(chosen)
    own = str(variable.dims[0])
    values = np.asarray(variable.values, float)
    if own == "time":
        return values
    at, known = recording.time.values, np.asarray(recording[own].values, float)
    flat = values.reshape(len(values), -1)
    columns = [np.interp(at, known, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(len(at), *values.shape[1:])
