"""Tiles of the screen that show nothing but bare floor, most of a picture, drawn eight times as fast.

Light and fog change little across 16 pixels, so they are worked out at the corners of the tile, once for each colour of
the checker, and blended; only the checker itself is worked out in each pixel.
"""

from math import floor

from sns_mujoco.rendering.raycast.layout import (
    ALPHA,
    CELLS,
    COLOR,
    COLOR_2,
    EYE,
    FORWARD,
    HEIGHT,
    KIND,
    LEFT_EDGE,
    LIST_LENGTH,
    MIRROR_LISTS,
    PIXEL,
    PLANE,
    POS,
    RIGHT,
    SIZE,
    SKY_BEAM,
    SKY_LISTS,
    SUN_BEAM,
    SUN_LISTS,
    TILE,
    TILE_LISTS,
    TILES_X,
    TILES_Y,
    TOP_EDGE,
    UP,
    WIDTH,
    inlined,
    jit,
)
from sns_mujoco.rendering.raycast.primitives import to_local
from sns_mujoco.rendering.raycast.shading import MET, checker_share, checker_widths, open_floor, soften

_FLAT = 1.6  # ratio of the furthest to the nearest corner above which light and fog change too much to blend


@inlined
def _direction(w, x, y):
    """Direction to image coordinates, of length 1 along the optical axis, and its length."""
    across, above = w[LEFT_EDGE] + x * w[PIXEL], w[TOP_EDGE] - y * w[PIXEL]
    return (
        w[FORWARD] + across * w[RIGHT] + above * w[UP],
        w[FORWARD + 1] + across * w[RIGHT + 1] + above * w[UP + 1],
        w[FORWARD + 2] + across * w[RIGHT + 2] + above * w[UP + 2],
        (1.0 + across * across + above * above) ** 0.5,
    )


@jit
def _bare(w, lists, start, beam, corners):
    """Whether no geom is listed in any cell of a beam between four points."""
    low_u, low_v, high_u, high_v = CELLS, CELLS, -1, -1
    for n in range(4):
        x, y, z = corners[n]
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


@jit
def _on_plane(w, g, x, y, z):
    """Whether a point of an endless plane belongs to this one."""
    half_x, half_y = w[g + SIZE], w[g + SIZE + 1]
    x, y, _ = to_local(w, g, x - w[g + POS], y - w[g + POS + 1], z - w[g + POS + 2])
    return (half_x <= 0.0 or abs(x) <= half_x) and (half_y <= 0.0 or abs(y) <= half_y)


@jit
def _corner(w, g, x, y):
    """What the blend needs at a corner: both colours, the widths of a pixel in tiles, the point and its distance."""
    dx, dy, dz, length = _direction(w, x, y)
    lx, ly, lz = to_local(w, g, dx, dy, dz)
    _, _, height = to_local(w, g, w[EYE] - w[g + POS], w[EYE + 1] - w[g + POS + 1], w[EYE + 2] - w[g + POS + 2])
    depth = -height / lz if lz < -1e-9 else -1.0
    px, py, pz = w[EYE] + depth * dx, w[EYE + 1] + depth * dy, w[EYE + 2] + depth * dz
    dx, dy, dz = dx / length, dy / length, dz / length
    t = depth * length
    first = open_floor(w, g, w[g + COLOR], w[g + COLOR + 1], w[g + COLOR + 2], px, py, dx, dy, dz, t)
    second = open_floor(w, g, w[g + COLOR_2], w[g + COLOR_2 + 1], w[g + COLOR_2 + 2], px, py, dx, dy, dz, t)
    widths = checker_widths(w, g, lx / length, ly / length, lz / length, w[PIXEL] * t)
    return first, second, widths, (px, py, pz), depth


@inlined
def _mix(a, b, share):
    return a + share * (b - a)


@jit
def draw_bare_floor(w, lists, tile, image, met):
    """Draw a tile if it shows nothing but a checkered plane far from everything; say whether it was drawn."""
    entry = int(w[TILE_LISTS]) + tile * int(w[LIST_LENGTH])
    if lists[entry] != 1 or lists[int(w[MIRROR_LISTS]) + tile * int(w[LIST_LENGTH])] != 0:
        return False
    g = int(lists[entry + 1])
    if int(w[g + KIND]) != PLANE or w[g + TILES_X] <= 0.0 or w[g + ALPHA] < 1.0:
        return False
    width, height = int(w[WIDTH]), int(w[HEIGHT])
    columns = -(-width // TILE)
    top, left = (tile // columns) * TILE, (tile % columns) * TILE
    first_a, second_a, widths_a, point_a, depth_a = _corner(w, g, left, top)
    first_b, second_b, widths_b, point_b, depth_b = _corner(w, g, left + TILE, top)
    first_c, second_c, widths_c, point_c, depth_c = _corner(w, g, left, top + TILE)
    first_d, second_d, widths_d, point_d, depth_d = _corner(w, g, left + TILE, top + TILE)
    nearest, furthest = min(depth_a, depth_b, depth_c, depth_d), max(depth_a, depth_b, depth_c, depth_d)
    corners = (point_a, point_b, point_c, point_d)
    if nearest <= 0.0 or furthest > _FLAT * nearest:
        return False
    for x, y, z in corners:
        if not _on_plane(w, g, x, y, z):
            return False
    if not _bare(w, lists, int(w[SUN_LISTS]), SUN_BEAM, corners):
        return False
    if not _bare(w, lists, int(w[SKY_LISTS]), SKY_BEAM, corners):
        return False
    ox, oy, oz = to_local(w, g, w[EYE] - w[g + POS], w[EYE + 1] - w[g + POS + 1], w[EYE + 2] - w[g + POS + 2])
    sx, sy, sz = to_local(w, g, w[PIXEL] * w[RIGHT], w[PIXEL] * w[RIGHT + 1], w[PIXEL] * w[RIGHT + 2])
    per_x, per_y = w[g + TILES_X], w[g + TILES_Y]
    for row in range(top, min(top + TILE, height)):
        down = (row + 0.5 - top) / TILE
        red_a, red_b = _mix(first_a[0], first_c[0], down), _mix(first_b[0], first_d[0], down)
        green_a, green_b = _mix(first_a[1], first_c[1], down), _mix(first_b[1], first_d[1], down)
        blue_a, blue_b = _mix(first_a[2], first_c[2], down), _mix(first_b[2], first_d[2], down)
        red_c, red_d = _mix(second_a[0], second_c[0], down), _mix(second_b[0], second_d[0], down)
        green_c, green_d = _mix(second_a[1], second_c[1], down), _mix(second_b[1], second_d[1], down)
        blue_c, blue_d = _mix(second_a[2], second_c[2], down), _mix(second_b[2], second_d[2], down)
        wide_a, wide_b = _mix(widths_a[0], widths_c[0], down), _mix(widths_b[0], widths_d[0], down)
        long_a, long_b = _mix(widths_a[1], widths_c[1], down), _mix(widths_b[1], widths_d[1], down)
        dx, dy, dz, _ = _direction(w, left + 0.5, row + 0.5)
        dx, dy, dz = to_local(w, g, dx, dy, dz)
        for n in range(min(TILE, width - left)):
            depth = -oz / (dz + n * sz)
            across = (n + 0.5) / TILE
            share = checker_share(
                (ox + depth * (dx + n * sx)) * per_x,
                (oy + depth * (dy + n * sy)) * per_y,
                _mix(wide_a, wide_b, across),
                _mix(long_a, long_b, across),
            )
            at = row * width + left + n
            image[3 * at] = soften(_mix(_mix(red_a, red_b, across), _mix(red_c, red_d, across), share))
            image[3 * at + 1] = soften(_mix(_mix(green_a, green_b, across), _mix(green_c, green_d, across), share))
            image[3 * at + 2] = soften(_mix(_mix(blue_a, blue_b, across), _mix(blue_c, blue_d, across), share))
            met[at] = MET * g
    return True
