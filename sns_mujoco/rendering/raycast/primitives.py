"""Where a ray enters a sphere, capsule, ellipsoid, cylinder, box or plane, and the normal there.

Every function takes the scene `w` and the place `g` of a geom in it (see `layout`), a ray from `(ox, oy, oz)` along the
unit vector `(dx, dy, dz)`, and gives the distance to the point where the ray enters the geom from outside, or infinity.
A ray that starts inside a geom gets a negative distance, which is what lets a transparent geom be looked through.
"""

from math import inf, sqrt

from sns_mujoco.rendering.raycast.layout import (
    BOX,
    CAPSULE,
    CYLINDER,
    ELLIPSOID,
    MAT,
    PLANE,
    POS,
    SIZE,
    SPHERE,
    inlined,
    jit,
)

_PARALLEL = 1e-12


@inlined
def to_local(w, g, x, y, z):
    """Rotate a world vector into the frame of geom `g`."""
    return (
        w[g + MAT] * x + w[g + MAT + 3] * y + w[g + MAT + 6] * z,
        w[g + MAT + 1] * x + w[g + MAT + 4] * y + w[g + MAT + 7] * z,
        w[g + MAT + 2] * x + w[g + MAT + 5] * y + w[g + MAT + 8] * z,
    )


@inlined
def to_world(w, g, x, y, z):
    """Rotate a vector from the frame of geom `g` into the world."""
    return (
        w[g + MAT] * x + w[g + MAT + 1] * y + w[g + MAT + 2] * z,
        w[g + MAT + 3] * x + w[g + MAT + 4] * y + w[g + MAT + 5] * z,
        w[g + MAT + 6] * x + w[g + MAT + 7] * y + w[g + MAT + 8] * z,
    )


@inlined
def _enter_ball(ox, oy, oz, dx, dy, dz, radius):
    along = ox * dx + oy * dy + oz * dz
    spread = along * along - (ox * ox + oy * oy + oz * oz - radius * radius)
    return -along - sqrt(spread) if spread >= 0.0 else inf


@inlined
def _enter_capsule(w, g, ox, oy, oz, dx, dy, dz):
    ax, ay, az = w[g + MAT + 2], w[g + MAT + 5], w[g + MAT + 8]
    radius, half = w[g + SIZE], w[g + SIZE + 2]
    slope = ax * dx + ay * dy + az * dz
    height = ax * ox + ay * oy + az * oz
    a = 1.0 - slope * slope
    b = ox * dx + oy * dy + oz * dz - height * slope
    c = ox * ox + oy * oy + oz * oz - height * height - radius * radius
    spread = b * b - a * c
    if spread < 0.0:
        return inf
    if a > _PARALLEL:
        distance = (-b - sqrt(spread)) / a
        at = height + distance * slope
        if abs(at) <= half:
            return distance
        end = half if at > 0.0 else -half
    else:
        end = -half if slope > 0.0 else half
    return _enter_ball(ox - end * ax, oy - end * ay, oz - end * az, dx, dy, dz, radius)


@inlined
def _enter_ellipsoid(w, g, ox, oy, oz, dx, dy, dz):
    sx, sy, sz = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
    ox, oy, oz = ox / sx, oy / sy, oz / sz
    dx, dy, dz = dx / sx, dy / sy, dz / sz
    a = dx * dx + dy * dy + dz * dz
    b = ox * dx + oy * dy + oz * dz
    spread = b * b - a * (ox * ox + oy * oy + oz * oz - 1.0)
    return (-b - sqrt(spread)) / a if spread >= 0.0 else inf


@inlined
def _enter_cylinder(w, g, ox, oy, oz, dx, dy, dz):
    radius, half = w[g + SIZE], w[g + SIZE + 2]
    a = dx * dx + dy * dy
    b = ox * dx + oy * dy
    c = ox * ox + oy * oy - radius * radius
    spread = b * b - a * c
    if spread < 0.0:
        return inf
    if a > _PARALLEL:
        distance = (-b - sqrt(spread)) / a
        if abs(oz + distance * dz) <= half:
            return distance
    if abs(dz) < _PARALLEL:
        return inf
    distance = ((half if dz < 0.0 else -half) - oz) / dz
    x, y = ox + distance * dx, oy + distance * dy
    return distance if x * x + y * y <= radius * radius else inf


@inlined
def slab(o, d, low, high):
    """Where a line enters and leaves `low <= x <= high` in one coordinate."""
    if abs(d) < _PARALLEL:
        return (-inf, inf) if low <= o <= high else (inf, -inf)
    per = 1.0 / d
    near, far = (low - o) * per, (high - o) * per
    return (near, far) if near < far else (far, near)


@inlined
def _enter_box(w, g, ox, oy, oz, dx, dy, dz):
    near_x, far_x = slab(ox, dx, -w[g + SIZE], w[g + SIZE])
    near_y, far_y = slab(oy, dy, -w[g + SIZE + 1], w[g + SIZE + 1])
    near_z, far_z = slab(oz, dz, -w[g + SIZE + 2], w[g + SIZE + 2])
    near = max(near_x, near_y, near_z)
    return near if near <= min(far_x, far_y, far_z) else inf


@inlined
def _enter_plane(w, g, ox, oy, oz, dx, dy, dz):
    if dz > -_PARALLEL:  # seen from the front only, as in MuJoCo
        return inf
    distance = -oz / dz
    half_x, half_y = w[g + SIZE], w[g + SIZE + 1]
    if (half_x > 0.0 and abs(ox + distance * dx) > half_x) or (half_y > 0.0 and abs(oy + distance * dy) > half_y):
        return inf
    return distance


@inlined
def enter_primitive(w, g, kind, ox, oy, oz, dx, dy, dz):
    """Distance at which a ray enters geom `g`, which is neither a mesh nor a height field; infinity if it misses."""
    ox -= w[g + POS]
    oy -= w[g + POS + 1]
    oz -= w[g + POS + 2]
    if kind == SPHERE:
        return _enter_ball(ox, oy, oz, dx, dy, dz, w[g + SIZE])
    if kind == CAPSULE:
        return _enter_capsule(w, g, ox, oy, oz, dx, dy, dz)
    ox, oy, oz = to_local(w, g, ox, oy, oz)
    dx, dy, dz = to_local(w, g, dx, dy, dz)
    if kind == ELLIPSOID:
        return _enter_ellipsoid(w, g, ox, oy, oz, dx, dy, dz)
    if kind == BOX:
        return _enter_box(w, g, ox, oy, oz, dx, dy, dz)
    if kind == CYLINDER:
        return _enter_cylinder(w, g, ox, oy, oz, dx, dy, dz)
    return _enter_plane(w, g, ox, oy, oz, dx, dy, dz)


@jit
def primitive_normal(w, g, kind, px, py, pz):
    """Outward unit normal of geom `g` at a world point on its surface."""
    x, y, z = px - w[g + POS], py - w[g + POS + 1], pz - w[g + POS + 2]
    if kind == PLANE:
        return w[g + MAT + 2], w[g + MAT + 5], w[g + MAT + 8]
    if kind != SPHERE:
        x, y, z = to_local(w, g, x, y, z)
        sx, sy, sz = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
        if kind == CAPSULE:
            z -= min(max(z, -sz), sz)
        elif kind == ELLIPSOID:
            x, y, z = x / (sx * sx), y / (sy * sy), z / (sz * sz)
        elif kind == CYLINDER:
            if sz - abs(z) < sx - sqrt(x * x + y * y):
                x, y = 0.0, 0.0
            else:
                z = 0.0
        else:
            gap_x, gap_y, gap_z = sx - abs(x), sy - abs(y), sz - abs(z)
            if gap_x <= gap_y and gap_x <= gap_z:
                y, z = 0.0, 0.0
            elif gap_y <= gap_z:
                x, z = 0.0, 0.0
            else:
                x, y = 0.0, 0.0
        x, y, z = to_world(w, g, x, y, z)
    scale = 1.0 / sqrt(x * x + y * y + z * z)
    return x * scale, y * scale, z * scale
