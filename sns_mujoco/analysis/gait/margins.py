"""Stability: how far the centre of mass is inside the polygon of the feet that stand.

The static margin is the shortest distance from the projection of the centre of mass to the edge of the support polygon,
positive inside (McGhee & Frank 1968, Math Biosci 3:331). Fast animals are stable by their motion although it is
negative (Ting, Blickhan & Full 1994, J Exp Biol 197:251); the dynamic margin takes the extrapolated centre of mass,
its place plus its velocity over sqrt(g / l), instead (Hof, Gazendam & Sinke 2005, J Biomech 38:1). The ground is
taken as level.
"""

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.gait.energetics import GRAVITY
from sns_mujoco.errors import GaitError

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]


def support_margin(point: Floats, feet: Floats, standing: Bools) -> Floats:
    """Signed distance of a point from the edge of the support polygon, the convex hull of the feet that stand.

    Args:
        point: Over time [T, 2], m.
        feet: Places of the feet [T, F, 2], m.
        standing: Which stand [T, F].

    Returns:
        [T], m: positive inside, negative outside; with two feet or one, minus the distance from the line between them
        or from it; nan where none stands.

    Raises:
        GaitError: The shapes do not fit.
    """
    point, feet, standing = np.asarray(point, float), np.asarray(feet, float), np.asarray(standing, bool)
    if point.shape != (len(point), 2) or feet.shape != (*standing.shape, 2) or len(feet) != len(point):
        raise GaitError(f"shapes of point, feet and stance are {point.shape}, {feet.shape} and {standing.shape}; "
                        "give [T, 2], [T, F, 2] and [T, F]")  # fmt: skip
    samples, count = standing.shape
    near = np.full(samples, np.inf)  # to any line between two feet that stand, or to a foot
    inside = np.full(samples, np.inf)  # to the hull's edges, from within
    solid = np.zeros(samples, bool)  # whether the hull has an area
    for i in range(count):
        alone = np.where(standing[:, i], np.linalg.norm(point - feet[:, i], axis=1), np.inf)
        near = np.minimum(near, alone)
        for j in range(count):
            if i == j:
                continue
            both = standing[:, i] & standing[:, j]
            along = feet[:, j] - feet[:, i]
            length = np.linalg.norm(along, axis=1)
            both &= length > 0.0
            unit = along / np.where(length > 0.0, length, 1.0)[:, None]
            left = _cross(unit[:, None], feet - feet[:, i, None])  # of every foot, from the line i to j
            edge = both & ((left >= -1e-12) | ~standing).all(axis=1)
            solid |= edge & ((left > 1e-12) & standing).any(axis=1)
            own = _cross(unit, point - feet[:, i])
            inside = np.where(edge, np.minimum(inside, own), inside)
            share = np.clip(((point - feet[:, i]) * unit).sum(axis=1), 0.0, length)
            gap = np.linalg.norm(point - feet[:, i] - share[:, None] * unit, axis=1)
            near = np.where(both, np.minimum(near, gap), near)
    margin = np.where(solid & (inside >= 0.0), inside, -near)
    return np.where(standing.any(axis=1), margin, np.nan)


def static_margin(center: Floats, feet: Floats, standing: Bools) -> Floats:
    """Static stability margin [T], m.

    Args:
        center: Place of the centre of mass over time [T, 3], m.
        feet: Places of the feet [T, F, 3], m.
        standing: Which stand [T, F].

    Raises:
        GaitError: The shapes do not fit.
    """
    return support_margin(np.asarray(center)[:, :2], np.asarray(feet)[:, :, :2], standing)


def dynamic_margin(
    center: Floats, feet: Floats, standing: Bools, period: float, *, height: float, gravity: float = GRAVITY
) -> Floats:
    """Dynamic margin of stability [T], m: that of the extrapolated centre of mass.

    Args:
        center: Place of the centre of mass over time [T, 3], m.
        feet: Places of the feet [T, F, 3], m.
        standing: Which stand [T, F].
        period: Time between samples, s.
        height: Length of the pendulum, m: of the centre of mass above the ground.
        gravity: m/s^2.

    Raises:
        GaitError: The shapes do not fit, or height or gravity is not positive.
    """
    if not (height > 0.0 and gravity > 0.0):
        raise GaitError(f"height is {height!r} m and gravity {gravity!r} m/s^2; give positive ones")
    center = np.asarray(center, float)
    extrapolated = center + np.gradient(center, period, axis=0) / np.sqrt(gravity / height)
    return support_margin(extrapolated[:, :2], np.asarray(feet)[:, :, :2], standing)


def _cross(first: Floats, second: Floats) -> Floats:
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
