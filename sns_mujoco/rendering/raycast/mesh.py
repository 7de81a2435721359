"""Where a ray meets a triangle mesh, through the bounding boxes that MuJoCo built for its own rays."""

from math import inf, sqrt

from sns_mujoco.rendering.raycast.layout import (
    BOX_CENTRE,
    BOX_FACE,
    BOX_HALF,
    BOX_PAST,
    BOXES,
    NODE,
    NORMALS,
    TRIANGLE,
    TRIANGLES,
    jit,
)
from sns_mujoco.rendering.raycast.primitives import slab


@jit
def _enter_triangle(w, t, ox, oy, oz, dx, dy, dz):
    """Distance, and the weights of the second and third corner, by Moller and Trumbore's method; front faces only."""
    ax, ay, az = w[t], w[t + 1], w[t + 2]
    e1x, e1y, e1z = w[t + 3] - ax, w[t + 4] - ay, w[t + 5] - az
    e2x, e2y, e2z = w[t + 6] - ax, w[t + 7] - ay, w[t + 8] - az
    px, py, pz = dy * e2z - dz * e2y, dz * e2x - dx * e2z, dx * e2y - dy * e2x
    volume = e1x * px + e1y * py + e1z * pz
    if volume <= 0.0:
        return inf, 0.0, 0.0
    sx, sy, sz = ox - ax, oy - ay, oz - az
    u = (sx * px + sy * py + sz * pz) / volume
    qx, qy, qz = sy * e1z - sz * e1y, sz * e1x - sx * e1z, sx * e1y - sy * e1x
    v = (dx * qx + dy * qy + dz * qz) / volume
    if u < 0.0 or v < 0.0 or u + v > 1.0:
        return inf, 0.0, 0.0
    return (e2x * qx + e2y * qy + e2z * qz) / volume, u, v


@jit
def enter_mesh(w, g, ox, oy, oz, dx, dy, dz, nearest, furthest):
    """Distance between `nearest` and `furthest` at which a ray enters geom `g`, a mesh, and the place of the triangle.

    The ray is in the frame of the mesh. Gives infinity and -1 if it misses.
    """
    first, triangles = int(w[g + BOXES]), int(w[g + TRIANGLES])
    last = first + int(w[first + BOX_PAST]) * NODE
    best, hit = furthest, -1
    node = first
    while node < last:
        x, y, z = w[node + BOX_CENTRE], w[node + BOX_CENTRE + 1], w[node + BOX_CENTRE + 2]
        near_x, far_x = slab(ox - x, dx, -w[node + BOX_HALF], w[node + BOX_HALF])
        near_y, far_y = slab(oy - y, dy, -w[node + BOX_HALF + 1], w[node + BOX_HALF + 1])
        near_z, far_z = slab(oz - z, dz, -w[node + BOX_HALF + 2], w[node + BOX_HALF + 2])
        near, far = max(near_x, near_y, near_z), min(far_x, far_y, far_z)
        if near > far or far < nearest or near > best:
            node = first + int(w[node + BOX_PAST]) * NODE
            continue
        face = int(w[node + BOX_FACE])
        if face >= 0:
            place = triangles + face * TRIANGLE
            distance, _, _ = _enter_triangle(w, place, ox, oy, oz, dx, dy, dz)
            if nearest < distance < best:
                best, hit = distance, place
        node += NODE
    return (best, hit) if hit >= 0 else (inf, -1)


@jit
def mesh_normal(w, t, ox, oy, oz, dx, dy, dz):
    """Smooth unit normal, in the mesh's frame, where a ray meets a triangle."""
    _, u, v = _enter_triangle(w, t, ox, oy, oz, dx, dy, dz)
    first, n = 1.0 - u - v, t + NORMALS
    x = first * w[n] + u * w[n + 3] + v * w[n + 6]
    y = first * w[n + 1] + u * w[n + 4] + v * w[n + 7]
    z = first * w[n + 2] + u * w[n + 5] + v * w[n + 8]
    scale = 1.0 / (sqrt(x * x + y * y + z * z) + 1e-30)
    return x * scale, y * scale, z * scale
