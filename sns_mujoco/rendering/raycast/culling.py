"""Which geoms matter where: lists for each tile of the screen, and for each cell of a beam of parallel light.

A ray then tests the few geoms in its list instead of all. Lists may hold a geom too many, never one too few. They are
in the order of the geom table, so that results do not depend on how the work is shared out.
"""

from math import floor, sqrt

from sns_mujoco.rendering.raycast.layout import (
    CAPSULE,
    CELLS,
    COUNTS,
    DOUBLE,
    DOUBLES,
    ELLIPSOID,
    EYE,
    FORWARD,
    GEOM,
    GEOM_COUNT,
    GEOMS,
    HEIGHT,
    INT,
    KIND,
    LEFT_EDGE,
    LIST_LENGTH,
    MAT,
    MIRROR_LISTS,
    MIRROR_NORMAL,
    MIRROR_POINT,
    NEAR,
    PIXEL,
    PLANE,
    POS,
    RIGHT,
    SIZE,
    STAGE_RADIUS,
    TERRAIN,
    TILE,
    TILE_LISTS,
    TOP_EDGE,
    UP,
    WIDTH,
    inlined,
    jit,
    kernel,
)

_HALF_DIAGONAL = 0.7072
_FAR = 1e9
_VAST = 8.0  # stage radii
_CLOSE, _HIDDEN = -1.0, -2.0


@jit
def _put(w, lists, start, cell, g):
    """Put the geom at `g` on a list. The first entry of a list counts the others."""
    entry = start + cell * int(w[LIST_LENGTH])
    lists[entry] += 1
    lists[entry + lists[entry]] = g


@jit
def _mark_band(w, lists, start, columns, rows, g, x0, y0, x1, y1, radius):
    """Put a geom on the list of each cell that comes within `radius` of a segment; lengths in cells."""
    low_x, high_x = max(int(floor(min(x0, x1) - radius)), 0), min(int(floor(max(x0, x1) + radius)), columns - 1)
    low_y, high_y = max(int(floor(min(y0, y1) - radius)), 0), min(int(floor(max(y0, y1) + radius)), rows - 1)
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy
    reach = radius + _HALF_DIAGONAL
    for row in range(low_y, high_y + 1):
        for col in range(low_x, high_x + 1):
            cx, cy = col + 0.5 - x0, row + 0.5 - y0
            along = min(max((cx * dx + cy * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
            ex, ey = cx - along * dx, cy - along * dy
            if ex * ex + ey * ey <= reach * reach:
                _put(w, lists, start, row * columns + col, g)


@jit
def _mark_rectangle(w, lists, start, columns, rows, g, x0, y0, x1, y1):
    """Put a geom on the list of each cell that a rectangle touches; lengths in cells."""
    for row in range(max(int(floor(y0)), 0), min(int(floor(y1)), rows - 1) + 1):
        for col in range(max(int(floor(x0)), 0), min(int(floor(x1)), columns - 1) + 1):
            _put(w, lists, start, row * columns + col, g)


@jit
def _corner(w, g, n):
    """World position of corner `n` of the box around a geom; of a round geom, the ends of its axis."""
    x, y, z = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
    if int(w[g + KIND]) <= CAPSULE:
        x = y = 0.0
        z = z if int(w[g + KIND]) == CAPSULE else 0.0
    x = x if n & 1 else -x
    y = y if n & 2 else -y
    z = z if n & 4 else -z
    return (
        w[g + POS] + w[g + MAT] * x + w[g + MAT + 1] * y + w[g + MAT + 2] * z,
        w[g + POS + 1] + w[g + MAT + 3] * x + w[g + MAT + 4] * y + w[g + MAT + 5] * z,
        w[g + POS + 2] + w[g + MAT + 6] * x + w[g + MAT + 7] * y + w[g + MAT + 8] * z,
    )


@jit
def _on_screen(w, x, y, z, radius, mirrored):
    """A ball, or its image in the floor, in tiles from the top left corner.

    Returns:
        Where its centre shows, and how far around that the ball can show; instead of the last, `_HIDDEN` if all of the
        ball is behind the eye, and `_CLOSE` if part of it may be.
    """
    if mirrored:
        nx, ny, nz = w[MIRROR_NORMAL], w[MIRROR_NORMAL + 1], w[MIRROR_NORMAL + 2]
        above = (x - w[MIRROR_POINT]) * nx + (y - w[MIRROR_POINT + 1]) * ny + (z - w[MIRROR_POINT + 2]) * nz
        x, y, z = x - 2.0 * above * nx, y - 2.0 * above * ny, z - 2.0 * above * nz
    x, y, z = x - w[EYE], y - w[EYE + 1], z - w[EYE + 2]
    depth = x * w[FORWARD] + y * w[FORWARD + 1] + z * w[FORWARD + 2]
    if depth <= w[NEAR] + 1.1 * radius:
        return 0.0, 0.0, _HIDDEN if depth < w[NEAR] - radius else _CLOSE
    across = (x * w[RIGHT] + y * w[RIGHT + 1] + z * w[RIGHT + 2]) / depth
    above = (x * w[UP] + y * w[UP + 1] + z * w[UP + 2]) / depth
    scale = 1.0 / (w[PIXEL] * TILE)
    q = radius / depth
    offset2 = across * across + above * above
    spread = (q * sqrt(1.0 + offset2 - q * q) + sqrt(offset2) * q * q) / (1.0 - q * q)
    return (across - w[LEFT_EDGE]) * scale, (w[TOP_EDGE] - above) * scale, spread * scale


@jit
def _ellipsoid_shown(w, g, mirrored):
    """The rectangle, in tiles from the top left corner, that holds an ellipsoid, or its image in the floor.

    A plane through the eye touches it where n'An = (n'c)^2, with c its centre and A its squared half axes turned to the
    camera: a quadratic for each pair of sides. The fifth number is `_CLOSE` if it may reach behind the eye, else 0.
    """
    cx, cy, cz = w[g + POS], w[g + POS + 1], w[g + POS + 2]
    nx, ny, nz = w[MIRROR_NORMAL], w[MIRROR_NORMAL + 1], w[MIRROR_NORMAL + 2]
    if mirrored:
        above = (cx - w[MIRROR_POINT]) * nx + (cy - w[MIRROR_POINT + 1]) * ny + (cz - w[MIRROR_POINT + 2]) * nz
        cx, cy, cz = cx - 2.0 * above * nx, cy - 2.0 * above * ny, cz - 2.0 * above * nz
    cx, cy, cz = cx - w[EYE], cy - w[EYE + 1], cz - w[EYE + 2]
    across = cx * w[RIGHT] + cy * w[RIGHT + 1] + cz * w[RIGHT + 2]
    above = cx * w[UP] + cy * w[UP + 1] + cz * w[UP + 2]
    depth = cx * w[FORWARD] + cy * w[FORWARD + 1] + cz * w[FORWARD + 2]
    xx, yy, zz, xz, yz = 0.0, 0.0, 0.0, 0.0, 0.0
    for n in range(3):
        ax, ay, az = w[g + MAT + n], w[g + MAT + 3 + n], w[g + MAT + 6 + n]
        if mirrored:
            along = 2.0 * (ax * nx + ay * ny + az * nz)
            ax, ay, az = ax - along * nx, ay - along * ny, az - along * nz
        size = w[g + SIZE + n]
        x = size * (ax * w[RIGHT] + ay * w[RIGHT + 1] + az * w[RIGHT + 2])
        y = size * (ax * w[UP] + ay * w[UP + 1] + az * w[UP + 2])
        z = size * (ax * w[FORWARD] + ay * w[FORWARD + 1] + az * w[FORWARD + 2])
        xx, yy, zz, xz, yz = xx + x * x, yy + y * y, zz + z * z, xz + x * z, yz + y * z
    if depth <= w[NEAR] + 1.1 * sqrt(zz):
        return 0.0, 0.0, 0.0, 0.0, _CLOSE
    scale = 1.0 / (w[PIXEL] * TILE)
    square = depth * depth - zz
    middle_x, middle_y = (across * depth - xz) / square, (above * depth - yz) / square
    half_x = sqrt(max(middle_x * middle_x - (across * across - xx) / square, 0.0))
    half_y = sqrt(max(middle_y * middle_y - (above * above - yy) / square, 0.0))
    return (
        (middle_x - half_x - w[LEFT_EDGE]) * scale,
        (w[TOP_EDGE] - middle_y - half_y) * scale,
        (middle_x + half_x - w[LEFT_EDGE]) * scale,
        (w[TOP_EDGE] - middle_y + half_y) * scale,
        0.0,
    )


@jit
def _list_tiles(w, lists, start, mirrored):
    columns, rows = -(-int(w[WIDTH]) // TILE), -(-int(w[HEIGHT]) // TILE)
    for n in range(int(w[GEOM_COUNT])):
        g = int(w[GEOMS]) + n * GEOM
        kind = int(w[g + KIND])
        if mirrored and (kind == PLANE or kind == TERRAIN):
            continue
        everywhere = kind == PLANE
        if kind <= CAPSULE:
            ax, ay, az = _corner(w, g, 0)
            bx, by, bz = _corner(w, g, 7)
            x0, y0, r0 = _on_screen(w, ax, ay, az, w[g + SIZE], mirrored)
            x1, y1, r1 = _on_screen(w, bx, by, bz, w[g + SIZE], mirrored)
            if r0 >= 0.0 and r1 >= 0.0:
                _mark_band(w, lists, start, columns, rows, g, x0, y0, x1, y1, max(r0, r1))
            else:
                everywhere = r0 != _HIDDEN or r1 != _HIDDEN
        elif kind == ELLIPSOID:
            x0, y0, x1, y1, close = _ellipsoid_shown(w, g, mirrored)
            everywhere = close == _CLOSE
            if not everywhere:
                _mark_rectangle(w, lists, start, columns, rows, g, x0, y0, x1, y1)
        elif not everywhere:
            low_x, low_y, high_x, high_y = _FAR, _FAR, -_FAR, -_FAR
            shown, hidden = 0, 0
            for c in range(8):
                cx, cy, cz = _corner(w, g, c)
                x, y, r = _on_screen(w, cx, cy, cz, 0.0, mirrored)
                shown, hidden = shown + (r >= 0.0), hidden + (r == _HIDDEN)
                low_x, low_y, high_x, high_y = min(low_x, x), min(low_y, y), max(high_x, x), max(high_y, y)
            if shown == 8:
                _mark_rectangle(w, lists, start, columns, rows, g, low_x, low_y, high_x, high_y)
            else:
                everywhere = hidden < 8
        if everywhere:
            _mark_rectangle(w, lists, start, columns, rows, g, 0.0, 0.0, columns - 1.0, rows - 1.0)


@kernel(DOUBLES, COUNTS)
def list_tiles(w, lists):
    """List the geoms that a ray through each tile of the screen may meet, and whose mirror images it may meet.

    Args:
        w: The scene, with view and geoms.
        lists: Room for the lists, the first entry of each 0.
    """
    _list_tiles(w, lists, int(w[TILE_LISTS]), False)
    if w[MIRROR_NORMAL] != 0.0 or w[MIRROR_NORMAL + 1] != 0.0 or w[MIRROR_NORMAL + 2] != 0.0:
        _list_tiles(w, lists, int(w[MIRROR_LISTS]), True)


@jit
def _beam_bounds(w, g, beam):
    """Two points across the beam: the ends of a round geom, or opposite corners of a rectangle that holds the geom."""
    low_u, low_v, high_u, high_v = _FAR, _FAR, -_FAR, -_FAR
    if int(w[g + KIND]) == ELLIPSOID:
        x, y, z = w[g + POS], w[g + POS + 1], w[g + POS + 2]
        u = x * w[beam] + y * w[beam + 1] + z * w[beam + 2]
        v = x * w[beam + 3] + y * w[beam + 4] + z * w[beam + 5]
        half_u, half_v = 0.0, 0.0
        for n in range(3):
            ax, ay, az = w[g + MAT + n], w[g + MAT + 3 + n], w[g + MAT + 6 + n]
            half_u += (w[g + SIZE + n] * (ax * w[beam] + ay * w[beam + 1] + az * w[beam + 2])) ** 2
            half_v += (w[g + SIZE + n] * (ax * w[beam + 3] + ay * w[beam + 4] + az * w[beam + 5])) ** 2
        half_u, half_v = sqrt(half_u), sqrt(half_v)
        return u - half_u, v - half_v, u + half_u, v + half_v
    for n in range(8):
        x, y, z = _corner(w, g, n)
        u = x * w[beam] + y * w[beam + 1] + z * w[beam + 2]
        v = x * w[beam + 3] + y * w[beam + 4] + z * w[beam + 5]
        if int(w[g + KIND]) <= CAPSULE:
            if n == 0:
                low_u, low_v = u, v
            high_u, high_v = u, v
        else:
            low_u, low_v, high_u, high_v = min(low_u, u), min(low_v, v), max(high_u, u), max(high_v, v)
    return low_u, low_v, high_u, high_v


@jit
def _top(w, g, sign):
    """Height of the highest (`sign` 1) or lowest (-1) point of a geom, or a little beyond; metres."""
    size = 0.0
    for n in range(3):
        size += abs(w[g + MAT + 6 + n]) * w[g + SIZE + n]
    if int(w[g + KIND]) <= CAPSULE:
        size = w[g + SIZE] + abs(w[g + MAT + 8]) * (w[g + SIZE + 2] if int(w[g + KIND]) == CAPSULE else 0.0)
    return w[g + POS + 2] + sign * size


@jit
def _pad(w, g, widening, bottom, reach_share):
    """How far outside its bounds a geom still matters, metres."""
    reach = widening * max(_top(w, g, 1.0) - bottom, 0.0)
    if int(w[g + KIND]) <= CAPSULE:
        return w[g + SIZE] * (1.0 + reach_share) + reach
    a, b, c = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
    return reach + reach_share * sqrt(max(a * b, b * c, c * a))


@jit
def _vast(w, g):
    """Whether a geom is far larger than the stage, as the belt of a treadmill: it would make the cells too large."""
    return max(w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]) > _VAST * w[STAGE_RADIUS]


@kernel(DOUBLES, COUNTS, INT, INT, DOUBLE, DOUBLE)
def list_beam(w, lists, start, beam, widening, reach_share):
    """List the geoms that parallel light through each cell of a square grid may meet.

    The grid lies across the beam and spans all geoms but planes, height fields and what is far larger than the stage.

    Args:
        w: The scene, with geoms.
        lists: Room for the lists, the first entry of each 0.
        start: Where in `lists` they begin.
        beam: Where in `w` the beam is described: two unit vectors across it, and three entries that receive the grid,
            its first corner in the two coordinates and the number of cells per metre (0 if nothing throws a shadow).
        widening: How far beside a geom it still matters, as a share of its height above all that it may shade.
        reach_share: The same, as a share of the geom's size, on top of that.
    """
    low_u, low_v, high_u, high_v = _FAR, _FAR, -_FAR, -_FAR
    first, last = int(w[GEOMS]), int(w[GEOMS]) + int(w[GEOM_COUNT]) * GEOM
    bottom = _FAR
    for g in range(first, last, GEOM):
        kind = int(w[g + KIND])
        if kind == PLANE or kind == TERRAIN:
            bottom = min(bottom, w[g + POS + 2])
        else:
            bottom = min(bottom, _top(w, g, -1.0))
    for g in range(first, last, GEOM):
        if int(w[g + KIND]) != PLANE and int(w[g + KIND]) != TERRAIN and not _vast(w, g):
            u0, v0, u1, v1 = _beam_bounds(w, g, beam)
            pad = _pad(w, g, widening, bottom, reach_share)
            low_u, high_u = min(low_u, u0 - pad, u1 - pad), max(high_u, u0 + pad, u1 + pad)
            low_v, high_v = min(low_v, v0 - pad, v1 - pad), max(high_v, v0 + pad, v1 + pad)
    per_metre = CELLS / max(high_u - low_u, high_v - low_v) if high_u > low_u else 0.0
    w[beam + 6], w[beam + 7], w[beam + 8] = low_u, low_v, per_metre
    for g in range(first, last, GEOM):
        if int(w[g + KIND]) != PLANE and int(w[g + KIND]) != TERRAIN:
            u0, v0, u1, v1 = _beam_bounds(w, g, beam)
            pad = _pad(w, g, widening, bottom, reach_share) * per_metre
            u0, v0 = (u0 - low_u) * per_metre, (v0 - low_v) * per_metre
            u1, v1 = (u1 - low_u) * per_metre, (v1 - low_v) * per_metre
            if int(w[g + KIND]) <= CAPSULE:
                _mark_band(w, lists, start, CELLS, CELLS, g, u0, v0, u1, v1, pad)
            else:
                _mark_rectangle(w, lists, start, CELLS, CELLS, g, u0 - pad, v0 - pad, u1 + pad, v1 + pad)


@inlined
def beam_cell(w, beam, x, y, z):
    """Number of the grid cell that the beam through a world point belongs to, or -1 outside the grid."""
    u = (x * w[beam] + y * w[beam + 1] + z * w[beam + 2] - w[beam + 6]) * w[beam + 8]
    v = (x * w[beam + 3] + y * w[beam + 4] + z * w[beam + 5] - w[beam + 7]) * w[beam + 8]
    if w[beam + 8] == 0.0 or u < 0.0 or v < 0.0 or u >= CELLS or v >= CELLS:
        return -1
    return int(v) * CELLS + int(u)


@jit
def beam_is_bare(w, lists, start, beam, corners):
    """Whether no geom is listed in any cell of a beam between four points."""
    low_u, low_v, high_u, high_v = CELLS, CELLS, -1, -1
    for x, y, z in corners:
        u = (x * w[beam] + y * w[beam + 1] + z * w[beam + 2] - w[beam + 6]) * w[beam + 8]
        v = (x * w[beam + 3] + y * w[beam + 4] + z * w[beam + 5] - w[beam + 7]) * w[beam + 8]
        u, v = min(max(u, -1.0), CELLS), min(max(v, -1.0), CELLS)
        low_u, high_u = min(low_u, int(floor(u))), max(high_u, int(floor(u)))
        low_v, high_v = min(low_v, int(floor(v))), max(high_v, int(floor(v)))
    for v in range(max(low_v, 0), min(high_v, CELLS - 1) + 1):
        for u in range(max(low_u, 0), min(high_u, CELLS - 1) + 1):
            if lists[start + (v * CELLS + u) * int(w[LIST_LENGTH])] > 0:
                return False
    return True
