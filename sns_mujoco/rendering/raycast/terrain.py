"""Where a ray meets a height field, its normal, and how much light its hills let through.

The surface is MuJoCo's: two triangles a cell, split along the diagonal from the cell's first corner to its last, over
a base block. A ray walks the cells it crosses; in each half cell the gap between ray and ground is linear in the
distance, so the first change of sign is the exact hit. All functions work in the frame of the height field.
"""

from math import inf, sqrt

from sns_mujoco.rendering.raycast.layout import (
    BASE,
    CELL_TOP,
    COLS,
    DOUBLE,
    DOUBLES,
    HILL,
    INT,
    POINT,
    RELIEF,
    ROWS,
    SIZE,
    SKY,
    SLOPE_X,
    SLOPE_Y,
    SUN,
    TOP,
    inlined,
    jit,
    kernel,
)
from sns_mujoco.rendering.raycast.primitives import slab

_PARALLEL = 1e-12


@inlined
def _gap(w, corner, below, u, v, z):
    """Height of a point above the ground of a cell.

    `corner` is the place of the cell's first grid point, `below` that of the one in the next row; `u` and `v` run from
    0 to 1 across the cell.
    """
    h00, h11 = w[corner + HILL], w[below + POINT + HILL]
    if u >= v:
        h01 = w[corner + POINT + HILL]
        return z - (h00 + u * (h01 - h00) + v * (h11 - h01))
    h10 = w[below + HILL]
    return z - (h00 + v * (h10 - h00) + u * (h11 - h10))


@jit
def enter_terrain(w, g, ox, oy, oz, dx, dy, dz, furthest):
    """Distance at which a ray enters geom `g`, a height field, at most `furthest`; infinity if it misses."""
    half_x, half_y = w[g + SIZE], w[g + SIZE + 1]
    near_x, far_x = slab(ox, dx, -half_x, half_x)
    near_y, far_y = slab(oy, dy, -half_y, half_y)
    near_z, far_z = slab(oz, dz, -w[g + BASE], w[g + TOP])
    near, far = max(near_x, near_y, near_z), min(far_x, far_y, far_z, furthest)
    if near > far or far < 0.0:
        return inf
    if near > 0.0 and near == near_z and dz > 0.0:
        return near  # through the floor of the base block
    at = max(near, 0.0)
    start, cols = int(w[g + RELIEF]), int(w[g + COLS])
    wide = cols * POINT
    last_row, last_col = int(w[g + ROWS]) - 2, cols - 2
    per_x, per_y = 0.5 * (last_col + 1) / half_x, 0.5 * (last_row + 1) / half_y
    # In units of cells: where the ray is at distance s is (gx + s * sx, gy + s * sy).
    gx, sx = (ox + half_x) * per_x, dx * per_x
    gy, sy = (oy + half_y) * per_y, dy * per_y
    col = min(max(int(gx + at * sx), 0), last_col)
    row = min(max(int(gy + at * sy), 0), last_row)
    step_x, step_y = (1 if sx > 0.0 else -1), (1 if sy > 0.0 else -1)
    next_x = next_y = stride_x = stride_y = inf
    if abs(sx) > _PARALLEL:
        stride_x = abs(1.0 / sx)
        next_x = (col + (step_x > 0) - gx) * step_x * stride_x
    if abs(sy) > _PARALLEL:
        stride_y = abs(1.0 / sy)
        next_y = (row + (step_y > 0) - gy) * step_y * stride_y
    per_slant = 1.0 / (sx - sy) if abs(sx - sy) > _PARALLEL else inf

    corner = start + row * wide + col * POINT
    if _gap(w, corner, corner + wide, gx + at * sx - col, gy + at * sy - row, oz + at * dz) <= 0.0:
        return near if near > 0.0 else inf  # the side of the block, or the ray starts in the ground
    while at < far and 0 <= col <= last_col and 0 <= row <= last_row:
        corner = start + row * wide + col * POINT
        leave = min(next_x, next_y, far)
        if min(oz + at * dz, oz + leave * dz) <= w[corner + CELL_TOP]:
            u, v = gx - col, gy - row
            crossing = (v - u) * per_slant  # of the diagonal
            middle = crossing if at < crossing < leave else leave
            low = at
            above = _gap(w, corner, corner + wide, u + low * sx, v + low * sy, oz + low * dz)
            for high in (middle, leave):
                below = _gap(w, corner, corner + wide, u + high * sx, v + high * sy, oz + high * dz)
                if below <= 0.0:
                    return low + (high - low) * max(above, 0.0) / max(above - below, 1e-300)
                low, above = high, below
        at = leave
        if next_x < next_y:
            col += step_x
            next_x += stride_x
        else:
            row += step_y
            next_y += stride_y
    return inf


@jit
def _blend(w, a, b, wa, wb, wc, wd):
    return wa * w[a] + wb * w[a + POINT] + wc * w[b] + wd * w[b + POINT]


@jit
def terrain_surface(w, g, x, y, z):
    """Smooth normal, sunlight and sky light at a point of geom `g`, blended between the grid points around it."""
    half_x, half_y = w[g + SIZE], w[g + SIZE + 1]
    rows, cols = int(w[g + ROWS]), int(w[g + COLS])
    per_x, per_y = 0.5 * (cols - 1) / half_x, 0.5 * (rows - 1) / half_y
    gx, gy = (x + half_x) * per_x, (y + half_y) * per_y
    col, row = min(max(int(gx), 0), cols - 2), min(max(int(gy), 0), rows - 2)
    u, v = min(max(gx - col, 0.0), 1.0), min(max(gy - row, 0.0), 1.0)
    a = int(w[g + RELIEF]) + (row * cols + col) * POINT
    b = a + cols * POINT
    if _gap(w, a, b, u, v, z) < -1e-3 / per_x:  # a side or the bottom of the block
        if z <= -w[g + BASE] * 0.999:
            return 0.0, 0.0, -1.0, 1.0, 1.0
        if half_x - abs(x) < half_y - abs(y):
            return (1.0 if x > 0.0 else -1.0), 0.0, 0.0, 1.0, 1.0
        return 0.0, (1.0 if y > 0.0 else -1.0), 0.0, 1.0, 1.0
    wa, wb, wc, wd = (1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v
    nx = -_blend(w, a + SLOPE_X, b + SLOPE_X, wa, wb, wc, wd)
    ny = -_blend(w, a + SLOPE_Y, b + SLOPE_Y, wa, wb, wc, wd)
    sun = _blend(w, a + SUN, b + SUN, wa, wb, wc, wd)
    sky = _blend(w, a + SKY, b + SKY, wa, wb, wc, wd)
    scale = 1.0 / sqrt(1.0 + nx * nx + ny * ny)
    return nx * scale, ny * scale, scale, sun, sky


@kernel(DOUBLES, INT, DOUBLES, INT, DOUBLE)
def bake_light(w, g, directions, count, lift):
    """Write into the relief of geom `g` the share of directions in which each grid point sees past the hills.

    Args:
        w: The scene.
        g: Place of the geom.
        directions: Unit vectors to the sun in the frame of the height field, [count, 3].
        count: How many.
        lift: How far above the ground the rays start, so that a point does not shade itself; metres.
    """
    rows, cols, start = int(w[g + ROWS]), int(w[g + COLS]), int(w[g + RELIEF])
    # Just inside the block: a ray from its very edge would leave at once.
    half_x, half_y = w[g + SIZE] * (1.0 - 1e-9), w[g + SIZE + 1] * (1.0 - 1e-9)
    for row in range(rows):
        for col in range(cols):
            point = start + (row * cols + col) * POINT
            x, y = half_x * (2.0 * col / (cols - 1) - 1.0), half_y * (2.0 * row / (rows - 1) - 1.0)
            z = w[point + HILL] + lift
            seen = 0
            for n in range(0, 3 * count, 3):
                if enter_terrain(w, g, x, y, z, directions[n], directions[n + 1], directions[n + 2], inf) == inf:
                    seen += 1
            w[point + SUN] = seen / count
