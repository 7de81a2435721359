"""The colour that a ray brings back: sky, sun, shadow, gloss, checker floor, reflection in the floor, fog.

Colours are linear and leave here between 0 and 1; `frame.py` turns them into bytes.
"""

from math import exp, floor, inf, sqrt

from sns_mujoco.rendering.raycast.layout import (
    ALPHA,
    AMBIENT,
    BOUNCE,
    COLOR,
    COLOR_2,
    EMISSION,
    EXPONENT,
    FILL,
    FOG,
    GEOM,
    GLOSS,
    HORIZON,
    KIND,
    LIST_LENGTH,
    MAT,
    MIRROR,
    MIRROR_LISTS,
    OCCLUSION,
    PLANE,
    POS,
    STAGE,
    STAGE_DIMMING,
    STAGE_RADIUS,
    SUNLIGHT,
    TERRAIN,
    TILE_LISTS,
    TILES_X,
    TILES_Y,
    TO_SUN,
    ZENITH,
    inlined,
    jit,
)
from sns_mujoco.rendering.raycast.primitives import to_local
from sns_mujoco.rendering.raycast.visibility import nearest_hit, sky_seen, sun_seen, surface

_LAYERS = 4  # of transparent geoms, one behind the other
_DIELECTRIC = 0.04  # share of light that a smooth non-metal reflects head-on
_MIRRORED = 32  # different geoms in a mirror that can be told apart
MET = 2 * _MIRRORED
_DULL = 7.0  # a highlight below exp(-_DULL) is not worth its power
_THICK = 30.0  # nothing shows through this; beyond it `exp` is slow
_SHOULDER = 0.8  # brightness above which highlights are compressed instead of clipped


@inlined
def _mixed(red, green, blue, red_2, green_2, blue_2, share):
    return red + share * (red_2 - red), green + share * (green_2 - green), blue + share * (blue_2 - blue)


@inlined
def sky(w, dz):
    """Colour of the sky along a direction that rises by `dz`: haze at the horizon, deeper overhead."""
    high = 1.0 - exp(-4.0 * max(dz, 0.0))
    return _mixed(w[HORIZON], w[HORIZON + 1], w[HORIZON + 2], w[ZENITH], w[ZENITH + 1], w[ZENITH + 2], high)


@inlined
def checker_widths(w, g, dx, dy, dz, footprint):
    """How wide a pixel is in x and y, in tiles, that covers `footprint` across a ray along the unit vector given.

    All in the frame of geom `g`.
    """
    longer = footprint / max(abs(dz), 1e-4)  # a pixel covers `footprint` across the ray, and this along it
    return (
        (footprint + abs(dx) * longer) * w[g + TILES_X] + 1e-6,
        (footprint + abs(dy) * longer) * w[g + TILES_Y] + 1e-6,
    )


@inlined
def _triangle_wave(x):
    return abs(x - floor(x) - 0.5)


@inlined
def checker_share(x, y, width_x, width_y):
    """Share of the second colour in a box of the widths given about a point; the exact integral. All in tiles."""
    wave_x = (_triangle_wave(0.5 * (x - 0.5 * width_x)) - _triangle_wave(0.5 * (x + 0.5 * width_x))) / width_x
    wave_y = (_triangle_wave(0.5 * (y - 0.5 * width_y)) - _triangle_wave(0.5 * (y + 0.5 * width_y))) / width_y
    return 0.5 - 2.0 * wave_x * wave_y


@inlined
def _checker(w, g, px, py, pz, dx, dy, dz, footprint):
    x, y, _ = to_local(w, g, px - w[g + POS], py - w[g + POS + 1], pz - w[g + POS + 2])
    dx, dy, dz = to_local(w, g, dx, dy, dz)
    width_x, width_y = checker_widths(w, g, dx, dy, dz, footprint)
    return checker_share(x * w[g + TILES_X], y * w[g + TILES_Y], width_x, width_y)


@jit
def _lit(w, red, green, blue, nx, ny, nz, dx, dy, dz, sun, open_sky, gloss, exponent, emission):
    """Colour of a surface: diffuse and glossy answer to the sun, to the sky and ground, and to a weak camera light."""
    sun_x, sun_y, sun_z = w[TO_SUN], w[TO_SUN + 1], w[TO_SUN + 2]
    toward = -(nx * dx + ny * dy + nz * dz)
    if toward < 0.0:
        nx, ny, nz, toward = -nx, -ny, -nz, -toward
    facing = max(nx * sun_x + ny * sun_y + nz * sun_z, 0.0)
    up = 0.5 + 0.5 * nz
    above, below = w[AMBIENT] * open_sky * up, w[AMBIENT] * open_sky * (1.0 - up)
    even = w[FILL] * toward * (0.4 + 0.6 * open_sky) + emission
    key = sun * facing
    red *= key * w[SUNLIGHT] + above * w[ZENITH] + below * w[BOUNCE] + even
    green *= key * w[SUNLIGHT + 1] + above * w[ZENITH + 1] + below * w[BOUNCE + 1] + even
    blue *= key * w[SUNLIGHT + 2] + above * w[ZENITH + 2] + below * w[BOUNCE + 2] + even
    if gloss > 0.0:
        grazing = 1.0 - toward
        fresnel = _DIELECTRIC + (1.0 - _DIELECTRIC) * grazing * grazing * grazing * grazing * grazing
        fresnel *= gloss * open_sky
        rise = dz + 2.0 * toward * nz
        if rise > 0.0:
            red_2, green_2, blue_2 = sky(w, rise)
        else:
            red_2, green_2, blue_2 = w[BOUNCE], w[BOUNCE + 1], w[BOUNCE + 2]
        red, green, blue = _mixed(red, green, blue, red_2, green_2, blue_2, fresnel)
        hx, hy, hz = sun_x - dx, sun_y - dy, sun_z - dz
        half = (nx * hx + ny * hy + nz * hz) / sqrt(hx * hx + hy * hy + hz * hz)
        if key > 0.0 and (1.0 - half) * exponent < _DULL:
            shine = 0.5 * gloss * sun * min(4.0 * facing, 1.0) * half**exponent
            red += shine * w[SUNLIGHT]
            green += shine * w[SUNLIGHT + 1]
            blue += shine * w[SUNLIGHT + 2]
    return red, green, blue


@jit
def reflection(w, lists, entry, plane, ox, oy, oz, dx, dy, dz, distance):
    """What a floor shows of the geoms above it: colour, how clearly, fading with their height, and which geom.

    The last is a number below `_MIRRORED`, 0 where there is none.
    """
    ux, uy, uz = w[plane + MAT + 2], w[plane + MAT + 5], w[plane + MAT + 8]
    height = (ox - w[plane + POS]) * ux + (oy - w[plane + POS + 1]) * uy + (oz - w[plane + POS + 2]) * uz
    fall = dx * ux + dy * uy + dz * uz
    # The mirrored eye sees through the floor what the eye sees in it, at the same distances.
    ox, oy, oz = ox - 2.0 * height * ux, oy - 2.0 * height * uy, oz - 2.0 * height * uz
    dx, dy, dz = dx - 2.0 * fall * ux, dy - 2.0 * fall * uy, dz - 2.0 * fall * uz
    t, g, triangle = nearest_hit(w, lists, entry, True, ox, oy, oz, dx, dy, dz, distance, inf)
    if g < 0:
        return 0.0, 0.0, 0.0, 0.0, 0
    px, py, pz = ox + t * dx, oy + t * dy, oz + t * dz
    nx, ny, nz, _, _ = surface(w, g, int(w[g + KIND]), triangle, px, py, pz, dx, dy, dz)
    red, green, blue = _lit(
        w, w[g + COLOR], w[g + COLOR + 1], w[g + COLOR + 2], nx, ny, nz, dx, dy, dz, 1.0, 0.6, 0.0, 1.0, w[g + EMISSION]
    )
    above = (px - w[plane + POS]) * ux + (py - w[plane + POS + 1]) * uy + (pz - w[plane + POS + 2]) * uz
    clear = w[g + ALPHA] * w[plane + MIRROR] * exp(-min(above / (0.35 * w[STAGE_RADIUS]), _THICK))
    return red, green, blue, clear, (g // GEOM + 1) % _MIRRORED


@jit
def _surface_color(w, lists, g, triangle, px, py, pz, dx, dy, dz, footprint):
    """Colour of geom `g` at a point, and whether the point lies in shadow."""
    kind = int(w[g + KIND])
    nx, ny, nz, sun, open_sky = surface(w, g, kind, triangle, px, py, pz, dx, dy, dz)
    if sun > 0.0 and nx * w[TO_SUN] + ny * w[TO_SUN + 1] + nz * w[TO_SUN + 2] > 0.0:
        sun *= sun_seen(w, lists, g, px, py, pz)
    if w[OCCLUSION] != 0.0:
        open_sky *= sky_seen(w, lists, g, px, py, pz, nx, ny, nz)
    red, green, blue, gloss = w[g + COLOR], w[g + COLOR + 1], w[g + COLOR + 2], w[g + GLOSS]
    if w[g + TILES_X] > 0.0:
        share = _checker(w, g, px, py, pz, dx, dy, dz, footprint)
        red, green, blue = _mixed(red, green, blue, w[g + COLOR_2], w[g + COLOR_2 + 1], w[g + COLOR_2 + 2], share)
    if kind == PLANE or kind == TERRAIN or w[g + TILES_X] > 0.0:
        dim = _stage_light(w, px, py)
        red, green, blue, gloss = red * dim, green * dim, blue * dim, 0.0
    red, green, blue = _lit(
        w, red, green, blue, nx, ny, nz, dx, dy, dz, sun, open_sky, gloss, w[g + EXPONENT], w[g + EMISSION]
    )
    return red, green, blue, sun < 0.5


@inlined
def _stage_light(w, px, py):
    """Brightness of a floor, which falls away from the animal."""
    ex, ey = px - w[STAGE], py - w[STAGE + 1]
    away = (ex * ex + ey * ey) / (w[STAGE_RADIUS] * w[STAGE_RADIUS])
    return 1.0 - w[STAGE_DIMMING] * away / (1.0 + away)


@inlined
def _hazy(w, red, green, blue, t):
    """A colour seen through `t` metres of air."""
    haze = t / w[FOG]
    return _mixed(red, green, blue, w[HORIZON], w[HORIZON + 1], w[HORIZON + 2], 1.0 - exp(-min(haze * haze, _THICK)))


@jit
def floor_light(w, g, nx, ny, nz, sun, open_sky, px, py, dx, dy, dz, t):
    """Light that a white point of a floor sends to the eye from `t` metres away, as `_lit` has it, in its parts.

    Returns:
        Red, green and blue in the light of the sun; the same in that of sky and ground; other light of no colour; and
        the share of haze. All light is dimmed by the distance from the stage and by the haze.
    """
    toward = -(nx * dx + ny * dy + nz * dz)
    if toward < 0.0:
        nx, ny, nz, toward = -nx, -ny, -nz, -toward
    key = sun * max(nx * w[TO_SUN] + ny * w[TO_SUN + 1] + nz * w[TO_SUN + 2], 0.0)
    up = 0.5 + 0.5 * nz
    above, below = w[AMBIENT] * open_sky * up, w[AMBIENT] * open_sky * (1.0 - up)
    fill = w[FILL] * toward
    thickness = t / w[FOG]
    haze = 1.0 - exp(-min(thickness * thickness, _THICK))
    dim = _stage_light(w, px, py) * (1.0 - haze)
    key *= dim
    return (
        key * w[SUNLIGHT],
        key * w[SUNLIGHT + 1],
        key * w[SUNLIGHT + 2],
        dim * (above * w[ZENITH] + below * w[BOUNCE] + 0.6 * fill * open_sky),
        dim * (above * w[ZENITH + 1] + below * w[BOUNCE + 1] + 0.6 * fill * open_sky),
        dim * (above * w[ZENITH + 2] + below * w[BOUNCE + 2] + 0.6 * fill * open_sky),
        dim * (0.4 * fill + w[g + EMISSION]),
        haze,
    )


@inlined
def soften(x):
    """Leave dark and middle tones alone and bend bright ones towards 1."""
    if x <= _SHOULDER:
        return max(x, 0.0)
    room = 1.0 - _SHOULDER
    return _SHOULDER + room * (1.0 - exp(-(x - _SHOULDER) / room))


@jit
def hit_color(w, lists, mirror_entry, t, g, triangle, ox, oy, oz, dx, dy, dz, pixel):
    """Colour of the geom `g` where a ray meets it, with what it mirrors and through the air, and the number of `trace`.

    Args:
        w: The scene.
        lists: The lists.
        mirror_entry: Where in `lists` the list begins of what may be mirrored here.
        t: Distance, metres.
        g: Place of the geom.
        triangle: Place of the triangle if it is a mesh.
        ox: Where the ray starts, with `oy` and `oz`; metres.
        oy: See `ox`.
        oz: See `ox`.
        dx: Its unit direction, with `dy` and `dz`.
        dy: See `dx`.
        dz: See `dx`.
        pixel: Side of a pixel at unit distance.
    """
    red, green, blue, shaded = _surface_color(
        w, lists, g, triangle, ox + t * dx, oy + t * dy, oz + t * dz, dx, dy, dz, pixel * t
    )
    mirrored = 0
    if lists[mirror_entry] > 0 and w[g + MIRROR] > 0.0 and int(w[g + KIND]) == PLANE:
        red_2, green_2, blue_2, clear, mirrored = reflection(w, lists, mirror_entry, g, ox, oy, oz, dx, dy, dz, t)
        red, green, blue = _mixed(red, green, blue, red_2, green_2, blue_2, clear)
    red, green, blue = _hazy(w, red, green, blue, t)
    return red, green, blue, MET * g + 2 * mirrored + shaded


@jit
def trace(w, lists, tile, ox, oy, oz, dx, dy, dz, near, pixel):
    """Colour along one ray, and a number that is the same for neighbours without an edge between them.

    That number is -1 for the sky; else, divided by `MET`, the place of the geom that the ray met first.

    Args:
        w: The scene.
        lists: The lists.
        tile: Number of the tile of the screen that the ray goes through.
        ox: Where the ray starts, with `oy` and `oz`; metres.
        oy: See `ox`.
        oz: See `ox`.
        dx: Its unit direction, with `dy` and `dz`.
        dy: See `dx`.
        dz: See `dx`.
        near: Where it begins to see, metres.
        pixel: Side of a pixel at unit distance.
    """
    red, green, blue, through, met = 0.0, 0.0, 0.0, 1.0, -1
    entry = int(w[TILE_LISTS]) + tile * int(w[LIST_LENGTH])
    mirror_entry = int(w[MIRROR_LISTS]) + tile * int(w[LIST_LENGTH])
    for layer in range(_LAYERS):
        t, g, triangle = nearest_hit(w, lists, entry, True, ox, oy, oz, dx, dy, dz, near, inf)
        if g < 0:
            break
        red_2, green_2, blue_2, number = hit_color(
            w, lists, mirror_entry, t, g, triangle, ox, oy, oz, dx, dy, dz, pixel
        )
        if layer == 0:
            met = number
        part = through * w[g + ALPHA]
        red, green, blue = red + part * red_2, green + part * green_2, blue + part * blue_2
        through -= part
        if through < 0.01:
            through = 0.0
            break
        near = t * (1.0 + 1e-6)
    if through > 0.0:
        red_2, green_2, blue_2 = sky(w, dz)
        red, green, blue = red + through * red_2, green + through * green_2, blue + through * blue_2
    return soften(red), soften(green), soften(blue), met
