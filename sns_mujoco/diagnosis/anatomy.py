"""Where the limbs are, and which way a joint turns when it is said to extend, flex, protract, levate.

All from geometry, so that no sign convention has to be trusted:

- **Trunk**: the last body that all driven joints have in common, with everything before it.
- **Extension** of a joint between two segments of a limb opens the angle at the joint between the line to the joint
  before it and the line to the end of its own segment (the next joint, or the farthest point of its geoms).
  Extension of a joint at the trunk moves the end of the limb backward.
- **Protraction** moves the end of the limb forward, retraction backward; levation moves it up, depression down, against
  and with gravity; abduction moves it away from the other side.
- **Forward** is across from left to right-named joints, turned about the vertical: where the names tell no sides, it is
  not known, and what needs it is left open.

Directions are taken with the joint in the middle of its range. What is close to neutral (a straight knee that bends
both ways) is left open, too.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.diagnosis.naming import OPPOSITE, Sides

Floats = NDArray[np.float64]

STRAIGHT = np.radians(165.0)  # an angle between segments beyond which bending either way closes it
CLEAR = 0.15  # share of a movement that must lie along the direction asked for
_HINGES = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
HALF_RANGE = 0.5  # rad, or share of the body's size, each way of a joint without limits


@dataclass(frozen=True, slots=True)
class Joint:
    """A hinge or slide joint.

    Attributes:
        id: Its id.
        name: Its name.
        qpos: Its place in `qpos`.
        dof: Its place in `qvel`.
        body: The body that it moves.
        range: Where it is moved in experiments: inside its limits, or around its neutral position.
    """

    id: int
    name: str
    qpos: int
    dof: int
    body: int
    range: tuple[float, float]


def joints_of(model: mujoco.MjModel) -> tuple[Joint, ...]:
    """All hinges and slide joints that have a name."""
    found = []
    for j in range(model.njnt):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_JOINT, j)
        if not name or int(model.jnt_type[j]) not in _HINGES:
            continue
        place = int(model.jnt_qposadr[j])
        if model.jnt_limited[j]:
            low, high = (float(end) for end in model.jnt_range[j])
        else:
            half = HALF_RANGE * (1.0 if int(model.jnt_type[j]) == _HINGES[0] else 0.2 * float(model.stat.extent))
            low, high = float(model.qpos0[place]) - half, float(model.qpos0[place]) + half
        found.append(Joint(j, name, place, int(model.jnt_dofadr[j]), int(model.jnt_bodyid[j]), (low, high)))
    return tuple(found)


class Anatomy:
    """The limbs of a body, as its driven joints tell."""

    def __init__(self, model: mujoco.MjModel, pose: Floats, driven: tuple[Joint, ...], sides: Sides) -> None:
        """Look at a body.

        Args:
            model: The body.
            pose: `qpos` that it is looked at in.
            driven: The joints that its motor neurons act on.
            sides: How names tell sides.
        """
        self.model, self.pose, self.driven, self.sides = model, pose, driven, sides
        self.data = mujoco.MjData(model)
        self._settle(pose)
        self.trunk = self._trunk()
        self.left = self._left()
        gravity = np.array(model.opt.gravity)
        self.up = -gravity / np.linalg.norm(gravity) if np.linalg.norm(gravity) > 0 else np.array([0.0, 0.0, 1.0])

    @property
    def forward(self) -> Floats | None:
        """Direction in which the animal looks, in the world; None where it is not known."""
        if self.left is None:
            return None
        forward = np.cross(self.left, self.up)
        length = float(np.linalg.norm(forward))
        return forward / length if length > 0.1 else None

    def misplaced(self) -> list[tuple[str, str]]:
        """Pairs of twin joints that lie across the midline the other way round than most pairs."""
        if self.left is None:
            return []
        return [
            (a.name, b.name) for a, b, across in self._across() if across @ self.left < -0.5 * np.linalg.norm(across)
        ]

    def sign(self, joint: Joint, action: str) -> int:
        """Whether an action turns a joint to larger (1) or smaller (-1) values; 0 where geometry does not tell."""
        opposite = action in ("flexion", "retraction", "depression", "adduction")
        sign = self._sign(joint, OPPOSITE[action] if opposite else action)
        return -sign if opposite else sign

    def travel(self, joint: Joint) -> Floats:
        """How the end of the limb moves in the world per unit of a joint, with the joint in the middle of its range."""
        self._to_middle(joint)
        return self._travel(joint, self._limb_end(joint))

    def mirrored(self, vector: Floats) -> Floats | None:
        """A direction as it is on the other side of the body."""
        return None if self.left is None else vector - 2.0 * (vector @ self.left) * self.left

    def _sign(self, joint: Joint, action: str) -> int:
        self._to_middle(joint)
        if action == "extension" and self.model.body_parentid[joint.body] not in self.trunk:
            return self._opening(joint)
        travel = self._travel(joint, self._limb_end(joint))
        forward = self.forward
        if action == "extension":
            direction = None if forward is None else -forward
        elif action == "protraction":
            direction = forward
        elif action == "abduction":
            side = self.sides.of_name(joint.name)
            direction = None if side is None or self.left is None else self.left * (1.0 if side == "left" else -1.0)
        else:
            direction = self.up
        size = float(np.linalg.norm(travel))
        if direction is None or size == 0.0:
            return 0
        along = float(travel @ direction) / size
        return int(np.sign(along)) if abs(along) > CLEAR else 0

    def _opening(self, joint: Joint) -> int:
        """Sign of the turn that opens the angle between the segment before a joint and its own."""
        if int(self.model.jnt_type[joint.id]) != _HINGES[0]:
            return 0
        axis, anchor = self.data.xaxis[joint.id], self.data.xanchor[joint.id]
        before, behind = self._joint_before(joint) - anchor, self._segment_end(joint) - anchor
        sizes = np.linalg.norm(before), np.linalg.norm(behind)
        before, behind = before - (before @ axis) * axis, behind - (behind @ axis) * axis
        if min(np.linalg.norm(before) / (sizes[0] or 1.0), np.linalg.norm(behind) / (sizes[1] or 1.0)) < CLEAR:
            return 0
        # a positive turn of the joint brings the segment behind it towards the one before it by as much
        angle = float(np.arctan2(axis @ np.cross(behind, before), behind @ before))
        return 0 if abs(angle) > STRAIGHT else -int(np.sign(angle))

    def _travel(self, joint: Joint, point: Floats) -> Floats:
        axis = self.data.xaxis[joint.id]
        return np.cross(axis, point - self.data.xanchor[joint.id]) if self._is_hinge(joint) else axis.copy()

    def _is_hinge(self, joint: Joint) -> bool:
        return int(self.model.jnt_type[joint.id]) == _HINGES[0]

    def _to_middle(self, joint: Joint) -> None:
        pose = self.pose.copy()
        pose[joint.qpos] = 0.5 * sum(joint.range)
        self._settle(pose)

    def _settle(self, pose: Floats) -> None:
        self.data.qpos[:] = pose
        mujoco.mj_kinematics(self.model, self.data)

    def _joint_before(self, joint: Joint) -> Floats:
        """Anchor of the driven joint before a joint in its limb."""
        body = int(self.model.body_parentid[joint.body])
        while body not in self.trunk:
            for other in self.driven:
                if other.body == body:
                    return self.data.xanchor[other.id].copy()
            body = int(self.model.body_parentid[body])
        return self.data.xpos[body].copy()

    def _segment_end(self, joint: Joint) -> Floats:
        """Anchor of the next driven joint, or the farthest point of what a joint moves."""
        following = [j for j in self.driven if j.body != joint.body and joint.body in self._line(j.body)]
        nearest = min(following, key=lambda j: len(self._line(j.body)), default=None)
        return self._limb_end(joint) if nearest is None else self.data.xanchor[nearest.id].copy()

    def _limb_end(self, joint: Joint) -> Floats:
        """The point of all that hangs on a joint that is farthest from it along the limb."""
        anchor = self.data.xanchor[joint.id].copy()
        bodies = [b for b in range(self.model.nbody) if joint.body in self._line(b)]
        last = max(bodies, key=lambda b: (sum(j.body in self._line(b) for j in self.driven), len(self._line(b))))
        points = [point for b in bodies if b == last for point in self._points(b)]
        points = points or [self.data.xipos[b].copy() for b in bodies]
        return max(points, key=lambda point: float(np.linalg.norm(point - anchor)))

    def _points(self, body: int) -> list[Floats]:
        """Ends of the geoms of a body, those without mass left out where there are others."""
        model, data = self.model, self.data
        own = range(model.body_geomadr[body], model.body_geomadr[body] + model.body_geomnum[body])
        points = []
        for g in own if model.body_geomnum[body] else ():
            kind, size = mujoco.mjtGeom(model.geom_type[g]), model.geom_size[g]
            half = np.zeros(3)
            if kind in (mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_CYLINDER):
                half[2] = size[1]
            elif kind in (mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_ELLIPSOID):
                half[int(np.argmax(size))] = size.max()
            elif kind == mujoco.mjtGeom.mjGEOM_MESH:
                box = model.geom_aabb[g][3:]
                half[int(np.argmax(box))] = box.max()
            offset = data.geom_xmat[g].reshape(3, 3) @ half
            points += [data.geom_xpos[g] + offset, data.geom_xpos[g] - offset]
        return points

    def _line(self, body: int) -> list[int]:
        """A body and all that carry it."""
        line = [body]
        while body > 0:
            body = int(self.model.body_parentid[body])
            line.append(body)
        return line

    def _trunk(self) -> frozenset[int]:
        lines = [self._line(int(self.model.body_parentid[joint.body])) for joint in self.driven]
        shared = set(lines[0]).intersection(*lines[1:]) if lines else {0}
        return frozenset(shared)

    def _across(self) -> list[tuple[Joint, Joint, Floats]]:
        """Twin joints, the left one first, and the way from right to left."""
        by_name = {self.sides.parts(joint.name): joint for joint in self.driven}
        found = []
        for joint in self.driven:
            twin = by_name.get(self.sides.mirrored(joint.name))
            if self.sides.of_name(joint.name) == "left" and twin is not None and twin is not joint:
                found.append((joint, twin, self.data.xanchor[joint.id] - self.data.xanchor[twin.id]))
        return found

    def _left(self) -> Floats | None:
        """The direction from right-named to left-named joints, which most pairs agree on."""
        ways = [across for _, _, across in self._across()]
        if not ways:
            return None
        longest = max(ways, key=lambda way: float(np.linalg.norm(way)))
        if np.linalg.norm(longest) < 1e-6:
            return None
        total = sum((way * np.sign(way @ longest) for way in ways), np.zeros(3))
        left = total / np.linalg.norm(total)
        return left if sum(np.sign(way @ left) for way in ways) >= 0 else -left
