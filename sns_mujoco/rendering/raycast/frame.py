"""From rays to pixels: one ray a pixel, then more rays where the picture has edges.

Both passes take every `stride`-th piece of the work from `first`, so that threads can share a frame; each pixel depends
on nothing that another thread writes in the same pass, so the picture is the same whatever the number of threads.
"""

from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.raycast.floor import draw_tile
from sns_mujoco.rendering.raycast.layout import (
    BYTES,
    COUNTS,
    DOUBLES,
    EYE,
    FLOATS,
    FORWARD,
    HEIGHT,
    INT,
    INTS,
    KIND,
    LEFT_EDGE,
    LIST_LENGTH,
    NEAR,
    PIXEL,
    PLANE,
    RIGHT,
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
from sns_mujoco.rendering.raycast.shading import MET, trace
from sns_mujoco.rendering.raycast.visibility import nearest_hit

_STEPS = 4095
# Least step in brightness between two neighbours that is worth more rays, of full brightness: in general, and at the
# edge of something mirrored.
_STEP, _FAINT_STEP = 0.25, 0.05
_NO_EDGE, _OUTLINE, _SHADE = range(3)


def byte_table() -> NDArray[np.uint8]:
    """Bytes [4096] of the sRGB display curve for linear brightness from 0 to 1 (IEC 61966-2-1)."""
    linear = np.arange(_STEPS + 1) / _STEPS
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255 * curve).astype(np.uint8)


@inlined
def _direction(w, x, y):
    """Unit vector towards image coordinates `x`, `y` (pixels, from the top left corner)."""
    across = w[LEFT_EDGE] + x * w[PIXEL]
    above = w[TOP_EDGE] - y * w[PIXEL]
    shorter = 1.0 / sqrt(1.0 + across * across + above * above)
    return (
        (w[FORWARD] + across * w[RIGHT] + above * w[UP]) * shorter,
        (w[FORWARD + 1] + across * w[RIGHT + 1] + above * w[UP + 1]) * shorter,
        (w[FORWARD + 2] + across * w[RIGHT + 2] + above * w[UP + 2]) * shorter,
    )


@jit
def _pixel(w, lists, columns, x, y):
    """What `trace` gives at image coordinates."""
    dx, dy, dz = _direction(w, x, y)
    tile = (int(y) // TILE) * columns + int(x) // TILE
    return trace(w, lists, tile, w[EYE], w[EYE + 1], w[EYE + 2], dx, dy, dz, w[NEAR], w[PIXEL])


@jit
def _first_geom(w, lists, columns, x, y, floors):
    """Place of the geom that shows at image coordinates, -1 for none; floors count if they are to."""
    dx, dy, dz = _direction(w, x, y)
    entry = int(w[TILE_LISTS]) + ((int(y) // TILE) * columns + int(x) // TILE) * int(w[LIST_LENGTH])
    return nearest_hit(w, lists, entry, floors, w[EYE], w[EYE + 1], w[EYE + 2], dx, dy, dz, w[NEAR], inf)[1]


@kernel(DOUBLES, COUNTS, FLOATS, INTS, INT, INT)
def draw(w, lists, image, met, first, stride):
    """Trace one ray a pixel, tile by tile.

    Args:
        w: The scene.
        lists: Its lists, filled.
        image: Receives linear colours [height, width, 3].
        met: Receives the number that `trace` gives with each colour, [height, width].
        first: Number of the first tile to draw.
        stride: Draw every so many tiles.
    """
    width, height = int(w[WIDTH]), int(w[HEIGHT])
    columns, rows = -(-width // TILE), -(-height // TILE)
    for tile in range(first, columns * rows, stride):
        if draw_tile(w, lists, tile, image, met):
            continue
        top, left = (tile // columns) * TILE, (tile % columns) * TILE
        for row in range(top, min(top + TILE, height)):
            for col in range(left, min(left + TILE, width)):
                red, green, blue, number = _pixel(w, lists, columns, col + 0.5, row + 0.5)
                at = row * width + col
                image[3 * at] = red
                image[3 * at + 1] = green
                image[3 * at + 2] = blue
                met[at] = number


@inlined
def _edge(w, image, met, a, b):
    """Whether between the pixels `a` and `b` there is no edge, an outline or a step in brightness on one geom."""
    if met[a] // MET != met[b] // MET:
        return _OUTLINE
    if met[a] == met[b] and (
        met[a] < 0 or int(w[met[a] // MET + KIND]) == PLANE or int(w[met[a] // MET + KIND]) == TERRAIN
    ):
        return _NO_EDGE  # the pattern of a floor is smooth already
    least = _STEP if met[a] // 2 == met[b] // 2 else _FAINT_STEP
    for c in range(3):
        if abs(image[3 * a + c] - image[3 * b + c]) > least:
            return _SHADE
    return _NO_EDGE


@jit
def _edge_around(w, image, met, row, col, width, height):
    """The strongest edge between a pixel and its four neighbours."""
    at = row * width + col
    edge = _NO_EDGE
    if col > 0:
        edge = max(edge, _edge(w, image, met, at, at - 1))
    if col + 1 < width:
        edge = max(edge, _edge(w, image, met, at, at + 1))
    if row > 0:
        edge = max(edge, _edge(w, image, met, at, at - width))
    if row + 1 < height:
        edge = max(edge, _edge(w, image, met, at, at + width))
    return edge


@jit
def _pixel_showing(met, geom, row, col, width, height):
    """The pixel itself if it shows a geom, else a neighbour that does, else -1."""
    if met[row * width + col] // MET == geom:
        return row * width + col
    for row_2 in range(max(row - 1, 0), min(row + 2, height)):
        for col_2 in range(max(col - 1, 0), min(col + 2, width)):
            if met[row_2 * width + col_2] // MET == geom:
                return row_2 * width + col_2
    return -1


@jit
def _only_background(w, met, row, col, width, height):
    """A pixel here or beside that shows the floor or the sky, if all that do show the same one, else -1."""
    geom, found = -2, -1
    for row_2 in range(max(row - 1, 0), min(row + 2, height)):
        for col_2 in range(max(col - 1, 0), min(col + 2, width)):
            at = row_2 * width + col_2
            shown = met[at] // MET
            if shown >= 0 and int(w[shown + KIND]) != PLANE and int(w[shown + KIND]) != TERRAIN:
                continue
            if geom != -2 and shown != geom:
                return -1
            geom = shown
            if found < 0 or (row_2 == row and col_2 == col):
                found = at
    return found


@kernel(DOUBLES, COUNTS, FLOATS, INTS, DOUBLES, INT, BYTES, BYTES, INT, INT)
def refine(w, lists, image, met, offsets, count, to_byte, out, first, stride):
    """Write the finished picture, tracing more rays where there are edges.

    Args:
        w: The scene.
        lists: Its lists, filled.
        image: What `draw` gave.
        met: What `draw` gave.
        offsets: Places of the further rays, from the centre of the pixel, in pixels; [count, 2].
        count: How many.
        to_byte: What `byte_table` gives.
        out: Receives bytes [height, width, 3].
        first: First row to write.
        stride: Write every so many rows.
    """
    width, height = int(w[WIDTH]), int(w[HEIGHT])
    columns = -(-width // TILE)
    for row in range(first, height, stride):
        for col in range(width):
            at = row * width + col
            red, green, blue = image[3 * at], image[3 * at + 1], image[3 * at + 2]
            edge = _edge_around(w, image, met, row, col, width, height) if count > 0 else _NO_EDGE
            if edge != _NO_EDGE:
                ground = _only_background(w, met, row, col, width, height) if edge == _OUTLINE else -1
                for n in range(count):
                    x, y = col + 0.5 + offsets[2 * n], row + 0.5 + offsets[2 * n + 1]
                    known = -1
                    if edge == _OUTLINE:  # the colours are known, it is only to be seen which geom covers how much
                        first = _first_geom(w, lists, columns, x, y, ground < 0)
                        known = ground
                        if first >= 0 or ground < 0:
                            known = _pixel_showing(met, first, row, col, width, height)
                    if known >= 0:
                        red_2, green_2, blue_2 = image[3 * known], image[3 * known + 1], image[3 * known + 2]
                    else:
                        red_2, green_2, blue_2, _ = _pixel(w, lists, columns, x, y)
                    red, green, blue = red + red_2, green + green_2, blue + blue_2
                share = 1.0 / (count + 1)
                red, green, blue = red * share, green * share, blue * share
            out[3 * at] = to_byte[int(red * _STEPS + 0.5)]
            out[3 * at + 1] = to_byte[int(green * _STEPS + 0.5)]
            out[3 * at + 2] = to_byte[int(blue * _STEPS + 0.5)]
