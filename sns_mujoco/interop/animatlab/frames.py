"""Positions and rotations: from AnimatLab's world, whose y axis points upwards, to MuJoCo's, whose z axis does."""

import math
from collections.abc import Sequence
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vector = Sequence[float]


def quaternion(rotation: Vector) -> Floats:
    """Rotation of a part of AnimatLab, angles about x, y and z (rad): R = Rx Ry Rz. Returns w, x, y, z."""
    result = np.array([1.0, 0.0, 0.0, 0.0])
    for axis, angle in zip(np.eye(3), rotation, strict=True):
        turn, product = np.empty(4), np.empty(4)
        mujoco.mju_axisAngle2Quat(turn, axis, math.remainder(angle, 4 * math.pi))
        mujoco.mju_mulQuat(product, result, turn)
        result = product
    return result


def matrix(quat: Any) -> Floats:
    """Rotation matrix [3, 3] of a quaternion."""
    flat = np.empty(9)
    mujoco.mju_quat2Mat(flat, np.asarray(quat, float))
    return flat.reshape(3, 3)


class Frame:
    """Where a part is in AnimatLab's world.

    Attributes:
        position: m [3].
        quat: w, x, y, z.
    """

    __slots__ = ("position", "quat")

    def __init__(self, position: Any = (0.0, 0.0, 0.0), quat: Any = (1.0, 0.0, 0.0, 0.0)) -> None:
        """Begin at a place."""
        self.position, self.quat = np.asarray(position, float), np.asarray(quat, float)

    def inside(self, position: Vector, quat: Any) -> "Frame":
        """The frame of a part that has this place in this one."""
        product = np.empty(4)
        mujoco.mju_mulQuat(product, self.quat, np.asarray(quat, float))
        return Frame(self.position + matrix(self.quat) @ np.asarray(position, float), product)

    def seen_from(self, other: "Frame") -> "Frame":
        """This place in another frame."""
        back, product = np.empty(4), np.empty(4)
        mujoco.mju_negQuat(back, other.quat)
        mujoco.mju_mulQuat(product, back, self.quat)
        return Frame(matrix(other.quat).T @ (self.position - other.position), product)


UPRIGHT = Frame(quat=(math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0))
"""AnimatLab's world in MuJoCo's: y becomes z, z becomes -y."""
WORLD_AXES = {"x": (0, 1.0), "y": (2, 1.0), "z": (1, -1.0)}
"""Where the axes of AnimatLab's world are in MuJoCo's: channel and sign."""
