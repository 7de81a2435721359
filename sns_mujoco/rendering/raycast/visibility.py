"""What a ray meets first, how much of the sun a point sees, and how much of the sky.

Shadows and sky are not sampled with many rays. For a sphere, capsule or ellipsoid the nearest approach of the one ray
to the sun says how much of the sun's disc is covered, which gives smooth penumbrae at the price of one test; and the
share of sky that a nearby geom hides is that of a sphere or ellipsoid seen from the point. Both are approximations made
for the eye. Boxes, cylinders and meshes throw hard shadows.
"""

from math import inf, sqrt

from sns_mujoco.rendering.raycast.culling import beam_cell
from sns_mujoco.rendering.raycast.layout import (
    ALPHA,
    CAPSULE,
    ELLIPSOID,
    KIND,
    LIST_LENGTH,
    MAT,
    MESH,
    PLANE,
    POS,
    SIZE,
    SKY_BEAM,
    SKY_LISTS,
    SOFTNESS,
    SPHERE,
    SUN_BEAM,
    SUN_LISTS,
    TERRAIN,
    TO_SUN,
    inlined,
    jit,
)
from sns_mujoco.rendering.raycast.mesh import enter_mesh, mesh_normal
from sns_mujoco.rendering.raycast.primitives import enter_primitive, primitive_normal, to_local, to_world
from sns_mujoco.rendering.raycast.terrain import enter_terrain, terrain_surface

_FAINT = 0.15  # share of the sky below which a geom's hiding of it is dropped


@jit
def _enter_data(w, g, kind, ox, oy, oz, dx, dy, dz, near, far):
    """Distance and triangle at which a ray enters a mesh or height field."""
    lx, ly, lz = to_local(w, g, ox - w[g + POS], oy - w[g + POS + 1], oz - w[g + POS + 2])
    ex, ey, ez = to_local(w, g, dx, dy, dz)
    if kind == TERRAIN:
        distance = enter_terrain(w, g, lx, ly, lz, ex, ey, ez, far)
        return (distance, -1) if distance > near else (inf, -1)
    return enter_mesh(w, g, lx, ly, lz, ex, ey, ez, near, far)


@jit
def nearest_hit(w, lists, entry, floors, ox, oy, oz, dx, dy, dz, near, far):
    """The first geom that a ray enters further away than `near` and nearer than `far`.

    Args:
        w: The scene.
        lists: The lists.
        entry: Where in `lists` the list begins that names the geoms to try.
        floors: Whether planes and height fields are tried, too.
        ox: Where the ray starts, with `oy` and `oz`; metres.
        oy: See `ox`.
        oz: See `ox`.
        dx: Its unit direction, with `dy` and `dz`.
        dy: See `dx`.
        dz: See `dx`.
        near: Metres.
        far: Metres.

    Returns:
        The distance (`far` if the ray meets nothing), the place of the geom (-1 for none), and the place of the
        triangle if it is a mesh.
    """
    best, hit, best_triangle = far, -1, -1
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        kind = int(w[g + KIND])
        if not floors and (kind == PLANE or kind == TERRAIN):
            continue
        triangle = -1
        if kind == MESH or kind == TERRAIN:
            distance, triangle = _enter_data(w, g, kind, ox, oy, oz, dx, dy, dz, near, best)
        else:
            distance = enter_primitive(w, g, kind, ox, oy, oz, dx, dy, dz)
        if near < distance < best:
            best, hit, best_triangle = distance, g, triangle
    return best, hit, best_triangle


@jit
def surface(w, g, kind, triangle, px, py, pz, dx, dy, dz):
    """Unit normal at a point of geom `g`, and the share of sunlight and sky light that its own relief lets through."""
    if kind != MESH and kind != TERRAIN:
        nx, ny, nz = primitive_normal(w, g, kind, px, py, pz)
        return nx, ny, nz, 1.0, 1.0
    lx, ly, lz = to_local(w, g, px - w[g + POS], py - w[g + POS + 1], pz - w[g + POS + 2])
    sun, sky = 1.0, 1.0
    if kind == TERRAIN:
        nx, ny, nz, sun, sky = terrain_surface(w, g, lx, ly, lz)
    else:
        ex, ey, ez = to_local(w, g, dx, dy, dz)
        nx, ny, nz = mesh_normal(w, triangle, lx, ly, lz, ex, ey, ez)
    nx, ny, nz = to_world(w, g, nx, ny, nz)
    return nx, ny, nz, sun, sky


@inlined
def _uncovered(gap, width):
    """Share of the sun's disc that shows when a geom's edge is `gap` off the line to its centre."""
    if width <= 0.0:
        return 1.0 if gap > 0.0 else 0.0
    s = min(max(0.5 + 0.5 * gap / width, 0.0), 1.0)
    return s * s * (3.0 - 2.0 * s)


@inlined
def _past_ball(cx, cy, cz, radius, lx, ly, lz, softness):
    along = cx * lx + cy * ly + cz * lz
    if along <= 0.0:
        return 1.0
    ex, ey, ez = cx - along * lx, cy - along * ly, cz - along * lz
    return _uncovered(sqrt(ex * ex + ey * ey + ez * ez) - radius, softness * along)


@inlined
def _past_capsule(w, g, cx, cy, cz, lx, ly, lz, softness):
    """The ray's nearest point of the axis stands for the capsule."""
    ax, ay, az = w[g + MAT + 2], w[g + MAT + 5], w[g + MAT + 8]
    half = w[g + SIZE + 2]
    across = ax * lx + ay * ly + az * lz
    centre_axis = cx * ax + cy * ay + cz * az
    centre_ray = cx * lx + cy * ly + cz * lz
    spread = max(1.0 - across * across, 1e-9)
    on_axis = min(max((centre_ray * across - centre_axis) / spread, -half), half)
    return _past_ball(cx + on_axis * ax, cy + on_axis * ay, cz + on_axis * az, w[g + SIZE], lx, ly, lz, softness)


@inlined
def _past_ellipsoid(w, g, cx, cy, cz, lx, ly, lz, softness):
    """In the frame where the ellipsoid is a unit ball; the gap is carried back along the line from its centre."""
    sx, sy, sz = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
    cx, cy, cz = to_local(w, g, cx, cy, cz)
    lx, ly, lz = to_local(w, g, lx, ly, lz)
    cx, cy, cz = cx / sx, cy / sy, cz / sz
    lx, ly, lz = lx / sx, ly / sy, lz / sz
    along = (cx * lx + cy * ly + cz * lz) / (lx * lx + ly * ly + lz * lz)
    if along <= 0.0:
        return 1.0
    ex, ey, ez = along * lx - cx, along * ly - cy, along * lz - cz
    off = sqrt(ex * ex + ey * ey + ez * ez) + 1e-12
    stretch = sqrt((ex * sx) ** 2 + (ey * sy) ** 2 + (ez * sz) ** 2) / off
    return _uncovered((off - 1.0) * stretch, softness * along)


@jit
def sun_seen(w, lists, own, px, py, pz):
    """Share of the sun that a point sees past all geoms but its own."""
    cell = beam_cell(w, SUN_BEAM, px, py, pz)
    if cell < 0:
        return 1.0
    lx, ly, lz = w[TO_SUN], w[TO_SUN + 1], w[TO_SUN + 2]
    softness = w[SOFTNESS]
    seen = 1.0
    entry = int(w[SUN_LISTS]) + cell * int(w[LIST_LENGTH])
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        kind = int(w[g + KIND])
        if g == own and kind != MESH:
            continue  # a convex geom shades itself only where it faces away
        cx, cy, cz = w[g + POS] - px, w[g + POS + 1] - py, w[g + POS + 2] - pz
        if kind == SPHERE:
            past = _past_ball(cx, cy, cz, w[g + SIZE], lx, ly, lz, softness)
        elif kind == CAPSULE:
            past = _past_capsule(w, g, cx, cy, cz, lx, ly, lz, softness)
        elif kind == ELLIPSOID:
            past = _past_ellipsoid(w, g, cx, cy, cz, lx, ly, lz, softness)
        elif kind == MESH:
            clear = 1e-3 * (w[g + SIZE] + w[g + SIZE + 1] + w[g + SIZE + 2])
            distance, _ = _enter_data(w, g, kind, px, py, pz, lx, ly, lz, clear, inf)
            past = 1.0 if distance == inf else 0.0
        else:
            distance = enter_primitive(w, g, kind, px, py, pz, lx, ly, lz)
            past = 1.0 if distance < 0.0 or distance == inf else 0.0
        seen *= 1.0 - w[g + ALPHA] * (1.0 - past)
        if seen < 1e-3:
            return 0.0
    return seen


@inlined
def _hidden_by_ellipsoid(w, g, cx, cy, cz, away):
    """Like a disc of the area that the ellipsoid shows the point, at the distance of its near side."""
    sx, sy, sz = w[g + SIZE], w[g + SIZE + 1], w[g + SIZE + 2]
    wx, wy, wz = to_local(w, g, cx / away, cy / away, cz / away)
    area2 = (sy * sz * wx) ** 2 + (sx * sz * wy) ** 2 + (sx * sy * wz) ** 2
    depth = 1.0 / sqrt((wx / sx) ** 2 + (wy / sy) ** 2 + (wz / sz) ** 2)
    gap = max(away - depth, 0.0)
    radius2 = sqrt(area2)
    return radius2 / (radius2 + gap * gap + 2.0 * gap * depth)


@jit
def sky_seen(w, lists, own, px, py, pz, nx, ny, nz):
    """Share of the hemisphere above a surface that the geoms nearby leave open."""
    cell = beam_cell(w, SKY_BEAM, px, py, pz)
    if cell < 0:
        return 1.0
    seen = 1.0
    entry = int(w[SKY_LISTS]) + cell * int(w[LIST_LENGTH])
    for n in range(entry + 1, entry + 1 + lists[entry]):
        g = int(lists[n])
        if g == own:
            continue
        kind = int(w[g + KIND])
        cx, cy, cz = w[g + POS] - px, w[g + POS + 1] - py, w[g + POS + 2] - pz
        if kind == CAPSULE:
            ax, ay, az = w[g + MAT + 2], w[g + MAT + 5], w[g + MAT + 8]
            half = w[g + SIZE + 2]
            on_axis = min(max(-(cx * ax + cy * ay + cz * az), -half), half)
            cx, cy, cz = cx + on_axis * ax, cy + on_axis * ay, cz + on_axis * az
        facing = cx * nx + cy * ny + cz * nz
        if facing <= 0.0:
            continue
        away2 = cx * cx + cy * cy + cz * cz + 1e-24
        if kind == SPHERE or kind == CAPSULE:
            hidden = w[g + SIZE] * w[g + SIZE] / away2
            if hidden <= _FAINT:
                continue
            hidden = min(hidden, 1.0)
            away = sqrt(away2)
        else:
            away = sqrt(away2)
            hidden = _hidden_by_ellipsoid(w, g, cx, cy, cz, away)
        if hidden > _FAINT:
            seen *= 1.0 - w[g + ALPHA] * facing / away * (hidden - _FAINT) / (1.0 - _FAINT)
    return seen
