"""Where everything stands in the one flat array of doubles that the kernels read.

A scene is one array `w`: a header that says how it is seen and lit, then the tables of height fields and meshes, then a
table of geoms. A kernel gets `w` and the place `g` where the row of a geom begins, and reads `w[g + POS]`. One array,
because numba copies the whole description of each array at each call of an inner function, and there are ten such
calls for each pixel; passed as a bare pointer it costs nothing.

A second array `lists` of unsigned integers holds the places of the geoms that matter in each part of the picture.

numba keeps compiled kernels on disk, and looks only at the file of the outermost one to see whether it is out of date.
So that an edit to an inner function counts too, `kernel` makes a fingerprint of all these files part of the name.
"""

import ctypes
import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, cast

import numba

# --- Header: the view. Lengths in metres.
EYE = 0  # 3 entries
FORWARD = 3  # 3 entries, unit
RIGHT = 6  # 3 entries, unit
UP = 9  # 3 entries, unit
LEFT_EDGE = 12  # of the image plane at unit distance
TOP_EDGE = 13
PIXEL = 14  # side of a pixel at unit distance
NEAR = 15  # nothing nearer is seen
WIDTH = 16  # pixels
HEIGHT = 17

# --- Header: the light. Colours linear.
TO_SUN = 18  # 3 entries, unit
SUNLIGHT = 21  # 3 entries
ZENITH = 24  # 3 entries: colour of the sky overhead
HORIZON = 27  # 3 entries: colour of sky and fog at eye level
BOUNCE = 30  # 3 entries: light that the ground throws back up
AMBIENT = 33  # strength of sky and ground light
FOG = 34  # distance at which a surface is two thirds fog
SOFTNESS = 35  # half angle of the sun as its shadows show it, radians
STAGE = 36  # 3 entries: where the animal is
STAGE_RADIUS = 39  # the floor darkens beyond this distance from the animal
STAGE_DIMMING = 40  # by up to this share
FILL = 41  # strength of a weak light from the camera
OCCLUSION = 42  # 1 if geoms darken what is close to them
MIRROR_POINT = 43  # 3 entries: a point of the floor that shows what stands on it
MIRROR_NORMAL = 46  # 3 entries, unit; all zero without such a floor

# --- Header: the geoms and their lists.
GEOMS = 49  # where the geom table begins
GEOM_COUNT = 50
SUN_BEAM = 51  # 9 entries: the grid across the sunlight, see `culling.list_beam`
SKY_BEAM = 60  # 9 entries: the same across vertical light
LIST_LENGTH = 69  # entries of `lists` for each list: how many geoms, then their places
TILE_LISTS = 70  # where in `lists` the lists of the tiles of the screen begin
MIRROR_LISTS = 71  # the same for the mirror images of the geoms
SUN_LISTS = 72  # the same for the cells of the sun beam
SKY_LISTS = 73  # the same for the cells of the sky beam
HEADER = 74

# --- Columns of the geom table.
KIND = 0  # one of the codes below
POS = 1  # 3 columns: centre in the world
MAT = 4  # 9 columns: rotation to the world, row-major; column 2 of it is the axis of a capsule
SIZE = 13  # 3 columns: radii or half lengths, as in MuJoCo; a capsule is (radius, radius, half length)
COLOR = 16  # 3 columns
ALPHA = 19
GLOSS = 20  # strength of highlight and sky reflection, 0 to 1
EXPONENT = 21  # sharpness of the highlight
EMISSION = 22  # light that the surface gives off by itself, in units of its colour
MIRROR = 23  # how much of the animal a floor shows, 0 to 1
TILES_X = 24  # checker tiles in a metre, 0 for a plain surface
TILES_Y = 25
COLOR_2 = 26  # 3 columns: the other colour of the checker
RELIEF = 29  # where the relief of a height field begins
ROWS = 30  # grid points of a height field
COLS = 31
TOP = 32  # highest point that a height field can have
BASE = 33  # depth of the block under it
BOXES = 34  # where the boxes of a mesh begin
TRIANGLES = 35  # where the triangles of a mesh begin
GEOM = 36

# --- Kinds of geom.
SPHERE, CAPSULE, ELLIPSOID, CYLINDER, BOX, MESH, PLANE, TERRAIN = range(8)
FLOORS = (PLANE, TERRAIN)
PATTERNED = (PLANE, TERRAIN, BOX)  # whose checker is drawn

# --- Columns of a relief, one row a grid point, in the frame of the height field.
HILL = 0  # height of the ground
SLOPE_X = 1
SLOPE_Y = 2
SUN = 3  # share of the sunlight that the hills let through to here
SKY = 4  # share of the sky light that reaches here
CELL_TOP = 5  # highest corner of the cell that begins here
POINT = 6

# --- Columns of the boxes of a mesh, one row a bounding box of its tree, in the mesh's frame. A box comes right before
# the boxes inside it, so a walk through the tree needs no stack: on to the next row, or past all that is inside.
BOX_CENTRE = 0  # 3 columns
BOX_HALF = 3  # 3 columns
BOX_PAST = 6  # number of the first row after the boxes inside
BOX_FACE = 7  # number of the triangle inside, -1 for none
NODE = 8

# --- Columns of the triangles of a mesh: 3 corners, then 3 unit normals, of 3 coordinates each.
NORMALS = 9
TRIANGLE = 18

# --- Grids.
TILE = 8  # side of a tile of the screen, pixels
CELLS = 64  # cells along each side of the grid across a beam of light

_OPTIONS = dict(error_model="numpy", fastmath={"contract", "nsz", "arcp", "reassoc"})
# Inner functions are only ever called by kernels, so they need no entry from Python.
_INNER = dict(no_cpython_wrapper=True, no_cfunc_wrapper=True)
# numba ships no types, so a type checker would see every kernel as untyped; `Any` says so in one place.
jit = cast(Any, numba.njit(**_OPTIONS, **_INNER))
# For what runs for each pixel and geom, where the call itself would cost as much as the work.
inlined = cast(Any, numba.njit(forceinline=True, **_OPTIONS, **_INNER))

# Types of the arguments of an outermost kernel: to numba, and to ctypes. Arrays go in as addresses.
DOUBLES = numba.types.CPointer(numba.types.float64), ctypes.c_void_p
FLOATS = numba.types.CPointer(numba.types.float32), ctypes.c_void_p
INTS = numba.types.CPointer(numba.types.int32), ctypes.c_void_p
COUNTS = numba.types.CPointer(numba.types.uint32), ctypes.c_void_p
BYTES = numba.types.CPointer(numba.types.uint8), ctypes.c_void_p
INT = numba.types.int64, ctypes.c_int64
DOUBLE = numba.types.float64, ctypes.c_double


_FINGERPRINT = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
).hexdigest()[:8]


def kernel(*arguments: tuple[Any, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorate an outermost kernel: compiled for pointers, called through ctypes, which lets other threads run.

    Args:
        arguments: The types of its arguments, as above.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        function.__qualname__ += _FINGERPRINT
        compiled = numba.cfunc(numba.types.void(*(type_ for type_, _ in arguments)), cache=True, **_OPTIONS)(function)
        called = ctypes.CFUNCTYPE(None, *(type_ for _, type_ in arguments))(compiled.address)

        @wraps(function)
        def call(*values: float) -> None:
            called(*values)

        call.compiled = compiled  # type: ignore[attr-defined]  # the code lives as long as this
        return call

    return decorate
