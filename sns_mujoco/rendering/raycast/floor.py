"""Tiles of the screen that show floor or sky, most of a picture, drawn many times as fast as ray by ray.

Depth, light and haze change little across a tile, so they are worked out at its corners and blended. What remains for
each pixel is the checker and what stands nearby: geoms before the floor, their shadows on it and their image in it.
"""

from math import inf

from sns_mujoco.rendering.raycast.culling import beam_is_bare
from sns_mujoco.rendering.raycast.layout import (
    ALPHA,
    COLOR,
    COLOR_2,
    EYE,
    FORWARD,
    HEIGHT,
    HORIZON,
    KIND,
    LEFT_EDGE,
    LIST_LENGTH,
    MIRROR,
    MIRROR_LISTS,
    NEAR,
    OCCLUSION,
    PIXEL,
    PLANE,
    POS,
    RIGHT,
    SIZE,
    SKY_BEAM,
    SKY_LISTS,
    SUN_BEAM,
    SUN_LISTS,
    TERRAIN,
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
from sns_mujoco.rendering.raycast.shading import (
    MET,
    checker_share,
    checker_widths,
    floor_light,
    hit_color,
    reflection,
    sky,
    soften,
    trace,
)
from sns_mujoco.rendering.raycast.terrain import enter_terrain
from sns_mujoco.rendering.raycast.visibility import nearest_hit, sky_seen, sun_seen, surface

_FLAT = 1.6  # ratio of the furthest to the nearest corner above which light and haze change too much to blend
_UNEVEN = 2.0  # pixels by which the ground in the middle of a tile may lie off the blend of its corners
_STRAIGHT = 0.9  # cosine between two slopes above which their light is blended
_LIT = 0.7  # ratio of the sunlight at two corners above which it is blended
_BRIGHT = 0.8  # brightness below which `soften` changes nothing


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


@inlined
def _mix(a, b, share):
    return a + share * (b - a)


@inlined
def _mix4(a, b, c, d, across, down):
    return _mix(_mix(a, b, across), _mix(c, d, across), down)


@jit
def _floor_depth(w, g, x, y):
    """Depth along the optical axis at which a ray meets the floor `g`; negative where it does not."""
    dx, dy, dz, length = _direction(w, x, y)
    lx, ly, lz = to_local(w, g, dx, dy, dz)
    ox, oy, oz = to_local(w, g, w[EYE] - w[g + POS], w[EYE + 1] - w[g + POS + 1], w[EYE + 2] - w[g + POS + 2])
    if int(w[g + KIND]) == TERRAIN:
        t = enter_terrain(w, g, ox, oy, oz, lx / length, ly / length, lz / length, inf)
        return t / length if t < inf else -1.0
    if lz > -1e-9 or oz < 0.0:
        return -1.0
    depth = -oz / lz
    half_x, half_y = w[g + SIZE], w[g + SIZE + 1]
    if (half_x > 0.0 and abs(ox + depth * lx) > half_x) or (half_y > 0.0 and abs(oy + depth * ly) > half_y):
        return -1.0
    return depth


@jit
def _corner(w, g, x, y, depth):
    """What is blended: light of the sun and of the sky, other light, haze, widths of a pixel in tiles, and the normal.

    Also the point itself.
    """
    dx, dy, dz, length = _direction(w, x, y)
    px, py, pz = w[EYE] + depth * dx, w[EYE + 1] + depth * dy, w[EYE + 2] + depth * dz
    dx, dy, dz, t = dx / length, dy / length, dz / length, depth * length
    nx, ny, nz, sun, open_sky = surface(w, g, int(w[g + KIND]), -1, px, py, pz, dx, dy, dz)
    light = floor_light(w, g, nx, ny, nz, sun, open_sky, px, py, dx, dy, dz, t)
    lx, ly, lz = to_local(w, g, dx, dy, dz)
    return light, checker_widths(w, g, lx, ly, lz, w[PIXEL] * t), (nx, ny, nz), (px, py, pz)


@jit
def _floors(w, lists, entry):
    """How many floors are on a list; -1 if one is transparent."""
    found = 0
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        if int(w[g + KIND]) == PLANE or int(w[g + KIND]) == TERRAIN:
            if w[g + ALPHA] < 1.0:
                return -1
            found += 1
    return found


@jit
def _first_floor(w, lists, entry, x, y):
    """Which floor of a list a ray meets first, and at which depth; -1 and a negative depth if none."""
    best, first = inf, -1
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        if int(w[g + KIND]) == PLANE or int(w[g + KIND]) == TERRAIN:
            depth = _floor_depth(w, g, x, y)
            if 0.0 < depth < best:
                best, first = depth, g
    return first, (best if first >= 0 else -1.0)


@jit
def _all_endless(w, lists, entry):
    """Whether there is nothing on a list but endless planes: what misses them at four corners misses them between."""
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        if int(w[g + KIND]) != PLANE or w[g + SIZE] > 0.0 or w[g + SIZE + 1] > 0.0:
            return False
    return True


@jit
def _draw_sky(w, left, top, image, met):
    """Draw a tile of sky, blended from its corners."""
    width, height = int(w[WIDTH]), int(w[HEIGHT])
    _, _, dz, length = _direction(w, left, top)
    red_a, green_a, blue_a = sky(w, dz / length)
    _, _, dz, length = _direction(w, left + TILE, top)
    red_b, green_b, blue_b = sky(w, dz / length)
    _, _, dz, length = _direction(w, left, top + TILE)
    red_c, green_c, blue_c = sky(w, dz / length)
    _, _, dz, length = _direction(w, left + TILE, top + TILE)
    red_d, green_d, blue_d = sky(w, dz / length)
    red_a, red_b, red_c, red_d = soften(red_a), soften(red_b), soften(red_c), soften(red_d)
    green_a, green_b, green_c, green_d = soften(green_a), soften(green_b), soften(green_c), soften(green_d)
    blue_a, blue_b, blue_c, blue_d = soften(blue_a), soften(blue_b), soften(blue_c), soften(blue_d)
    for row in range(top, min(top + TILE, height)):
        down = (row + 0.5 - top) / TILE
        red, red_step = _mix(red_a, red_c, down), (_mix(red_b, red_d, down) - _mix(red_a, red_c, down)) / TILE
        green, green_step = (
            _mix(green_a, green_c, down), (_mix(green_b, green_d, down) - _mix(green_a, green_c, down)) / TILE,
        )  # fmt: skip
        blue, blue_step = _mix(blue_a, blue_c, down), (_mix(blue_b, blue_d, down) - _mix(blue_a, blue_c, down)) / TILE
        for n in range(min(TILE, width - left)):
            at = row * width + left + n
            image[3 * at] = red + (n + 0.5) * red_step
            image[3 * at + 1] = green + (n + 0.5) * green_step
            image[3 * at + 2] = blue + (n + 0.5) * blue_step
            met[at] = -1


@inlined
def _alike(normal, other):
    """Whether a slope changes little from one corner to another."""
    return normal[0] * other[0] + normal[1] * other[1] + normal[2] * other[2] > _STRAIGHT


@jit
def _open_skies(w, lists, g, left, top, nears, normal):
    """Share of the sky that the geoms nearby leave to a floor at nine points of a tile, row by row."""
    return (
        _open_sky(w, lists, g, left, top, nears, normal, 0.0, 0.0),
        _open_sky(w, lists, g, left, top, nears, normal, 0.5, 0.0),
        _open_sky(w, lists, g, left, top, nears, normal, 1.0, 0.0),
        _open_sky(w, lists, g, left, top, nears, normal, 0.0, 0.5),
        _open_sky(w, lists, g, left, top, nears, normal, 0.5, 0.5),
        _open_sky(w, lists, g, left, top, nears, normal, 1.0, 0.5),
        _open_sky(w, lists, g, left, top, nears, normal, 0.0, 1.0),
        _open_sky(w, lists, g, left, top, nears, normal, 0.5, 1.0),
        _open_sky(w, lists, g, left, top, nears, normal, 1.0, 1.0),
    )


@jit
def _open_sky(w, lists, g, left, top, nears, normal, across, down):
    depth = 1.0 / _mix4(nears[0], nears[1], nears[2], nears[3], across, down)
    dx, dy, dz, _ = _direction(w, left + TILE * across, top + TILE * down)
    px, py, pz = w[EYE] + depth * dx, w[EYE + 1] + depth * dy, w[EYE + 2] + depth * dz
    return sky_seen(w, lists, g, px, py, pz, normal[0], normal[1], normal[2])


@inlined
def _blend9(values, x, y):
    """A value between nine at whole coordinates 0 to 2, row by row."""
    a, b, c, d, e, f, g, h, i = values
    if x >= 1.0:
        a, d, g, b, e, h, x = b, e, h, c, f, i, x - 1.0
    if y >= 1.0:
        a, b, d, e, y = d, e, g, h, y - 1.0
    return _mix4(a, b, d, e, x, y)


@jit
def draw_tile(w, lists, tile, image, met):
    """Draw a tile if it shows sky alone, or a floor and what stands on it; say whether it was drawn."""
    entry = int(w[TILE_LISTS]) + tile * int(w[LIST_LENGTH])
    width, height = int(w[WIDTH]), int(w[HEIGHT])
    columns = -(-width // TILE)
    top, left = (tile // columns) * TILE, (tile % columns) * TILE
    if lists[entry] == 0:
        _draw_sky(w, left, top, image, met)
        return True
    floors = _floors(w, lists, entry)
    if floors <= 0:
        return False
    alone = lists[entry] == floors
    g, depth_a = _first_floor(w, lists, entry, left, top)
    g_b, depth_b = _first_floor(w, lists, entry, left + TILE, top)
    g_c, depth_c = _first_floor(w, lists, entry, left, top + TILE)
    g_d, depth_d = _first_floor(w, lists, entry, left + TILE, top + TILE)
    if g != g_b or g != g_c or g != g_d:
        return False
    if g < 0:
        if alone and _all_endless(w, lists, entry):
            _draw_sky(w, left, top, image, met)
            return True
        return False
    nearest, furthest = min(depth_a, depth_b, depth_c, depth_d), max(depth_a, depth_b, depth_c, depth_d)
    if nearest <= w[NEAR] or furthest > _FLAT * nearest:
        return False
    near_a, near_b, near_c, near_d = 1.0 / depth_a, 1.0 / depth_b, 1.0 / depth_c, 1.0 / depth_d
    even = True
    if int(w[g + KIND]) == TERRAIN:
        middle = _floor_depth(w, g, left + 0.5 * TILE, top + 0.5 * TILE)
        blended = 4.0 / (near_a + near_b + near_c + near_d)
        even = abs(middle - blended) <= _UNEVEN * w[PIXEL] * blended
    light_a, widths_a, normal_a, point_a = _corner(w, g, left, top, depth_a)
    light_b, widths_b, normal_b, point_b = _corner(w, g, left + TILE, top, depth_b)
    light_c, widths_c, normal_c, point_c = _corner(w, g, left, top + TILE, depth_c)
    light_d, widths_d, normal_d, point_d = _corner(w, g, left + TILE, top + TILE, depth_d)
    if not (_alike(normal_a, normal_d) and _alike(normal_b, normal_c) and _alike(normal_a, normal_b)):
        return False
    darkest = min(light_a[0], light_b[0], light_c[0], light_d[0])
    if darkest < _LIT * max(light_a[0], light_b[0], light_c[0], light_d[0]):
        return False  # the shadow of a hill ends here
    corners = (point_a, point_b, point_c, point_d)
    sunny = beam_is_bare(w, lists, int(w[SUN_LISTS]), SUN_BEAM, corners)
    clear = w[OCCLUSION] == 0.0 or beam_is_bare(w, lists, int(w[SKY_LISTS]), SKY_BEAM, corners)
    open_skies = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    if not clear:
        open_skies = _open_skies(w, lists, g, left, top, (near_a, near_b, near_c, near_d), normal_a)
    mirror = int(w[MIRROR_LISTS]) + tile * int(w[LIST_LENGTH])
    mirrors = lists[mirror] > 0 and w[g + MIRROR] > 0.0 and int(w[g + KIND]) == PLANE

    one_red, one_green, one_blue = w[g + COLOR], w[g + COLOR + 1], w[g + COLOR + 2]
    more_red, more_green, more_blue = 0.0, 0.0, 0.0
    if w[g + TILES_X] > 0.0:
        more_red, more_green = w[g + COLOR_2] - one_red, w[g + COLOR_2 + 1] - one_green
        more_blue = w[g + COLOR_2 + 2] - one_blue
    haze_red, haze_green, haze_blue = w[HORIZON], w[HORIZON + 1], w[HORIZON + 2]
    per_x, per_y = w[g + TILES_X], w[g + TILES_Y]
    ox, oy, _ = to_local(w, g, w[EYE] - w[g + POS], w[EYE + 1] - w[g + POS + 1], w[EYE + 2] - w[g + POS + 2])
    ox, oy = ox * per_x, oy * per_y
    right_x, right_y, _ = to_local(w, g, w[PIXEL] * w[RIGHT], w[PIXEL] * w[RIGHT + 1], w[PIXEL] * w[RIGHT + 2])
    right_x, right_y = right_x * per_x, right_y * per_y
    eye_x, eye_y, eye_z = w[EYE], w[EYE + 1], w[EYE + 2]
    for row in range(top, min(top + TILE, height)):
        down = (row + 0.5 - top) / TILE
        dx, dy, dz, _ = _direction(w, left + 0.5, row + 0.5)
        lx, ly, _ = to_local(w, g, dx, dy, dz)
        lx, ly = lx * per_x, ly * per_y
        wide = 0.5 * _mix(widths_a[0] + widths_b[0], widths_c[0] + widths_d[0], down)
        long = 0.5 * _mix(widths_a[1] + widths_b[1], widths_c[1] + widths_d[1], down)
        begin = row * width + left
        if alone and even and sunny and clear and not mirrors:
            red, red_end = (
                _mix(light_a[0] + light_a[3], light_c[0] + light_c[3], down),
                _mix(light_b[0] + light_b[3], light_d[0] + light_d[3], down),
            )
            green, green_end = (
                _mix(light_a[1] + light_a[4], light_c[1] + light_c[4], down),
                _mix(light_b[1] + light_b[4], light_d[1] + light_d[4], down),
            )
            blue, blue_end = (
                _mix(light_a[2] + light_a[5], light_c[2] + light_c[5], down),
                _mix(light_b[2] + light_b[5], light_d[2] + light_d[5], down),
            )
            rest, rest_end = _mix(light_a[6], light_c[6], down), _mix(light_b[6], light_d[6], down)
            haze, haze_end = _mix(light_a[7], light_c[7], down), _mix(light_b[7], light_d[7], down)
            near, near_end = _mix(near_a, near_c, down), _mix(near_b, near_d, down)
            for n in range(min(TILE, width - left)):
                across = (n + 0.5) * (1.0 / TILE)
                depth = 1.0 / _mix(near, near_end, across)
                share = checker_share(ox + depth * (lx + n * right_x), oy + depth * (ly + n * right_y), wide, long)
                other, fog = _mix(rest, rest_end, across), _mix(haze, haze_end, across)
                at = 3 * (begin + n)
                image[at] = (one_red + share * more_red) * (_mix(red, red_end, across) + other) + fog * haze_red
                image[at + 1] = (one_green + share * more_green) * (
                    _mix(green, green_end, across) + other
                ) + fog * haze_green
                image[at + 2] = (one_blue + share * more_blue) * (
                    _mix(blue, blue_end, across) + other
                ) + fog * haze_blue
            for n in range(min(TILE, width - left)):
                met[begin + n] = MET * g
                for c in range(3 * (begin + n), 3 * (begin + n) + 3):
                    if image[c] > _BRIGHT:
                        image[c] = soften(image[c])
            continue
        for n in range(min(TILE, width - left)):
            across = (n + 0.5) / TILE
            depth = 1.0 / _mix4(near_a, near_b, near_c, near_d, across, down)
            if not even:
                exact = _floor_depth(w, g, left + n + 0.5, row + 0.5)
                depth = exact if exact > 0.0 else depth
            dx, dy, dz, length = _direction(w, left + n + 0.5, row + 0.5)
            px, py, pz = eye_x + depth * dx, eye_y + depth * dy, eye_z + depth * dz
            dx, dy, dz, t = dx / length, dy / length, dz / length, depth * length
            at = begin + n
            if not alone:
                before, first, triangle = nearest_hit(
                    w, lists, entry, False, eye_x, eye_y, eye_z, dx, dy, dz, w[NEAR], t
                )
                if first >= 0:
                    if w[first + ALPHA] >= 1.0:
                        red, green, blue, number = hit_color(
                            w, lists, mirror, before, first, triangle, eye_x, eye_y, eye_z, dx, dy, dz, w[PIXEL]
                        )
                        red, green, blue = soften(red), soften(green), soften(blue)
                    else:
                        red, green, blue, number = trace(
                            w, lists, tile, eye_x, eye_y, eye_z, dx, dy, dz, w[NEAR], w[PIXEL]
                        )
                    image[3 * at], image[3 * at + 1], image[3 * at + 2], met[at] = red, green, blue, number
                    continue
            sun, open_sky = 1.0, 1.0
            if not sunny:
                sun = sun_seen(w, lists, g, px, py, pz)
            if not clear:
                open_sky = _blend9(open_skies, 2.0 * across, 2.0 * down)
            share = checker_share(ox + depth * (lx + n * right_x), oy + depth * (ly + n * right_y), wide, long)
            rest = _mix4(light_a[6], light_b[6], light_c[6], light_d[6], across, down)
            haze = _mix4(light_a[7], light_b[7], light_c[7], light_d[7], across, down)
            red = sun * _mix4(light_a[0], light_b[0], light_c[0], light_d[0], across, down)
            green = sun * _mix4(light_a[1], light_b[1], light_c[1], light_d[1], across, down)
            blue = sun * _mix4(light_a[2], light_b[2], light_c[2], light_d[2], across, down)
            red += open_sky * _mix4(light_a[3], light_b[3], light_c[3], light_d[3], across, down) + rest
            green += open_sky * _mix4(light_a[4], light_b[4], light_c[4], light_d[4], across, down) + rest
            blue += open_sky * _mix4(light_a[5], light_b[5], light_c[5], light_d[5], across, down) + rest
            red, green = red * (one_red + share * more_red), green * (one_green + share * more_green)
            blue *= one_blue + share * more_blue
            number = 0
            if mirrors:
                red_2, green_2, blue_2, seen, number = reflection(
                    w, lists, mirror, g, eye_x, eye_y, eye_z, dx, dy, dz, t
                )
                seen_2 = seen * (1.0 - haze)
                red, green = red * (1.0 - seen) + seen_2 * red_2, green * (1.0 - seen) + seen_2 * green_2
                blue = blue * (1.0 - seen) + seen_2 * blue_2
            image[3 * at] = soften(red + haze * haze_red)
            image[3 * at + 1] = soften(green + haze * haze_green)
            image[3 * at + 2] = soften(blue + haze * haze_blue)
            met[at] = MET * g + 2 * number + (sun < 0.5)
    return True
