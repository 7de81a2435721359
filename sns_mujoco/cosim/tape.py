"""A tape: what an animal does, written down inside the physics step, for `sns_mujoco.analysis.recording`.

An instance of the nervous system's plugin may hold a list of tapes, by the address of the first one in its block. At
the end of `advance` it counts the step on each, and on every k-th step copies the tape's sources, which are doubles
anywhere in the process, into the next row of its buffer. So a row holds what Python would read after that `mj_step`:
the state at its end, and what MuJoCo derived on the way.

A tape only reads. It belongs to Python, which hangs it in for the time of a call that steps (`hung`), so that no
instance ever knows the address of a tape that is gone; one that is full takes no more rows.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from functools import cache
from typing import Any

import mujoco
import numpy as np
from numba import cfunc, njit, types
from numpy.typing import NDArray

from sns_mujoco.cosim import engine, memory
from sns_mujoco.cosim.memory import contact_force, doubles, int32_at, int64_at, integers, to_address


class Head(IntEnum):
    """int64s at the start of a tape."""

    NEXT = 0  # address of the next tape of the instance, or 0
    EVERY = 1  # physics steps between rows
    LEFT = 2  # physics steps until the next row
    WIDTH = 3  # sources
    CAPACITY = 4  # rows that the buffer takes
    ROWS = 5  # rows that it holds
    BUFFER = 6  # address of the rows, doubles [CAPACITY, WIDTH]
    SOURCES = 7  # address of the sources' addresses
    FEET = 8  # how many feet have their ground force added up first, into:
    GROUND = (
        9  # address of doubles [FEET, 4]: force on the foot in the world's axes (N), number of contacts; scratch [6]
    )
    OF_GEOM = 10  # address of int64s [geoms]: the foot of each geom, or -1
    ROOT = 11  # address of int64s [geoms]: the root body of each geom: an animal's own parts are no ground
    NCON = 12  # where in `mjData` the count of contacts is
    CONTACT = 13  # and the address of the first one
    SIZE = 14  # bytes of a contact
    GEOM = 15  # where in it the two geoms are
    FRAME = 16  # and its axes
    COUNTED = 17  # how many doubles are added up in every step, as spikes
    ADDENDS = 18  # address of their addresses
    TOTALS = 19  # address of their sums since the last row
    SCRATCH = 20  # address of doubles [6]


HEAD = len(Head)
SCRATCH = 6  # a contact's force and torque


@njit(error_model="numpy")
def _add_ground(m, d, head):
    """Add up what the ground does to each foot."""
    ground = doubles(head[Head.GROUND], 4 * head[Head.FEET])
    ground[:] = 0.0
    at = head[Head.SCRATCH]
    force = doubles(at, SCRATCH)
    for i in range(int32_at(d + head[Head.NCON])):
        contact = int64_at(d + head[Head.CONTACT]) + i * head[Head.SIZE]
        geoms = int32_at(contact + head[Head.GEOM]), int32_at(contact + head[Head.GEOM] + 4)
        if geoms[0] < 0 or geoms[1] < 0:
            continue  # of a flexible body
        foot = int64_at(head[Head.OF_GEOM] + 8 * geoms[0]), int64_at(head[Head.OF_GEOM] + 8 * geoms[1])
        root = int64_at(head[Head.ROOT] + 8 * geoms[0]), int64_at(head[Head.ROOT] + 8 * geoms[1])
        if (foot[0] < 0 and foot[1] < 0) or root[0] == root[1]:
            continue
        contact_force(m, d, np.int32(i), at)
        frame = doubles(contact + head[Head.FRAME], 9)
        for side in range(2):
            if foot[side] >= 0:
                sign = 2.0 * side - 1.0  # the force is that on the second geom
                for axis in range(3):
                    total = frame[axis] * force[0] + frame[3 + axis] * force[1] + frame[6 + axis] * force[2]
                    ground[4 * foot[side] + axis] += sign * total
                ground[4 * foot[side] + 3] += 1.0


@njit(error_model="numpy")
def write_row(m, d, head):
    """Take a row of a tape that has room."""
    if head[Head.FEET]:
        _add_ground(m, d, head)
    width = head[Head.WIDTH]
    row = doubles(head[Head.BUFFER] + 8 * width * head[Head.ROWS], width)
    sources = integers(head[Head.SOURCES], width)
    for k in range(np.uint64(width)):
        row[k] = doubles(sources[k], 1)[0]
    head[Head.ROWS] += 1


@njit(error_model="numpy")
def run_tapes(m, d, first):
    """Count a step on every tape of a list, given by the address of its first one, and take the rows that are due."""
    tape = first
    while tape != 0:
        head = integers(tape, HEAD)
        addends, totals = (
            integers(head[Head.ADDENDS], head[Head.COUNTED]),
            doubles(head[Head.TOTALS], head[Head.COUNTED]),
        )
        for k in range(len(totals)):
            totals[k] += doubles(addends[k], 1)[0]
        head[Head.LEFT] -= 1
        if head[Head.LEFT] <= 0:
            head[Head.LEFT] = head[Head.EVERY]
            if head[Head.ROWS] < head[Head.CAPACITY]:
                write_row(m, d, head)
            totals[:] = 0.0
        tape = head[Head.NEXT]


class Tape:
    """A choice of doubles in an `MjData`, and the rows taken of them."""

    def __init__(
        self, model: mujoco.MjModel, data: mujoco.MjData, sources: NDArray[np.int64], *, every: int = 1,
        feet: Sequence[Sequence[int]] = (), totals: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        """Make a tape.

        Args:
            model: The model.
            data: Its data, which is kept alive.
            sources: Addresses of doubles that live as long as the data [W]. A negative one stands for a number of the
                tape's own: -1 - k for the k-th of the ground forces [feet, (x, y, z, count of contacts)], then of the
                totals.
            every: Physics steps between rows.
            feet: Ids of the geoms of each foot.
            totals: Addresses of doubles that are added up over the steps between two rows.
        """
        self.model, self.data = model, data
        self._addends = np.array([] if totals is None else totals, np.int64)
        self._own = np.zeros(4 * len(feet) + len(self._addends) + SCRATCH)  # ground forces, totals, scratch
        self._of_geom = np.full(max(model.ngeom, 1), -1, np.int64)
        for foot, geoms in enumerate(feet):
            self._of_geom[list(geoms)] = foot
        self._root = np.array(model.body_rootid[model.geom_bodyid], np.int64)
        ground = self._own.ctypes.data
        self._sources = np.where(sources < 0, ground + 8 * (-1 - sources), sources).astype(np.int64)
        self._head = np.zeros(HEAD, np.int64)
        contact, whole = _contacts()
        settings = {
            Head.EVERY: every, Head.LEFT: every, Head.WIDTH: len(sources), Head.SOURCES: self._sources.ctypes.data,
            Head.FEET: len(feet), Head.GROUND: ground, Head.OF_GEOM: self._of_geom.ctypes.data,
            Head.ROOT: self._root.ctypes.data, Head.NCON: whole.ncon.offset, Head.CONTACT: whole.contact.offset,
            Head.SIZE: ctypes.sizeof(contact), Head.GEOM: contact.geom.offset, Head.FRAME: contact.frame.offset,
            Head.COUNTED: len(self._addends), Head.ADDENDS: self._addends.ctypes.data,
            Head.TOTALS: ground + 8 * 4 * len(feet), Head.SCRATCH: ground + 8 * (len(self._own) - SCRATCH),
        }  # fmt: skip
        for place, value in settings.items():
            self._head[place] = value
        self.rows: NDArray[np.float64] = np.empty((0, len(sources)))

    @property
    def address(self) -> int:
        """Where its head is."""
        return self._head.ctypes.data

    @property
    def due(self) -> int:
        """After how many physics steps it takes the next row."""
        return int(self._head[Head.LEFT])

    @property
    def taken(self) -> NDArray[np.float64]:
        """The rows taken since it was loaded, a view, float64 [rows, W]."""
        return self.rows[: int(self._head[Head.ROWS])]

    def load(self, capacity: int) -> None:
        """Give it a new buffer for so many rows; it goes on counting steps where it was."""
        self.rows = np.empty((capacity, self.rows.shape[1]))
        self._head[Head.BUFFER], self._head[Head.CAPACITY] = self.rows.ctypes.data, capacity
        self._head[Head.ROWS] = 0

    def rewind(self) -> None:
        """Begin anew to count steps and totals."""
        self._head[Head.LEFT] = self._head[Head.EVERY]
        self._own[:] = 0.0

    def take(self) -> NDArray[np.float64]:
        """One row of what there is now, float64 [W], outside the count of steps."""
        self.load(1)
        _by_hand()(self.model._address, self.data._address, self.address, 0)
        return self.rows[0]

    def count(self) -> None:
        """Do what the engine would have done at the end of the last step, had the tape been hung in."""
        self.link(0)
        _by_hand()(self.model._address, self.data._address, self.address, 1)

    def link(self, following: int) -> None:
        """Have another tape, given by its address, follow it in the list of an instance; 0 for none."""
        self._head[Head.NEXT] = following


def hold(plugin: int, place: int) -> None:
    """Tell that the instances of a plugin run tapes.

    Args:
        plugin: Its slot in the engine.
        place: Where in an instance's block the address of its first tape is, bytes.
    """
    _places[plugin] = place


def slot_of(model: mujoco.MjModel, data: mujoco.MjData) -> int | None:
    """Address of the place for tapes in the instance that steps last.

    Only that one sees the state as it is after the step: where an instance that knows no tapes and has a state comes
    after it, there is none.
    """
    for instance in reversed(range(model.nplugin)):
        place = _places.get(int(model.plugin[instance]))
        if place is not None:
            return int(data.plugin_data[instance]) + place
        if model.plugin_statenum[instance]:
            return None
    return None


@contextmanager
def hung(slot: int, tapes: Sequence[Tape]) -> Iterator[None]:
    """Have an instance take tapes while a call steps.

    Args:
        slot: Address of the instance's place for them, see `slot_of`.
        tapes: Of the instance's `MjData`, loaded.
    """
    for tape, following in zip(tapes, [*(t.address for t in tapes), 0][1:], strict=True):
        tape.link(following)
    place = ctypes.c_int64.from_address(slot)
    before, place.value = place.value, tapes[0].address if tapes else 0
    try:
        yield
    finally:
        place.value = before


_places: dict[int, int] = {}


@cache
def _by_hand() -> Callable[[int, int, int, int], None]:
    """What takes a row, or counts a step, outside a step; takes addresses of model, data and tape, and which."""
    fingerprint = engine.fingerprint(memory)

    @cfunc(types.void(types.voidptr, types.voidptr, types.voidptr, types.int64), cache=True, error_model="numpy")
    def by_hand(model, data, tape, step):
        if fingerprint and step:
            run_tapes(to_address(model), to_address(data), to_address(tape))
        else:
            write_row(to_address(model), to_address(data), integers(to_address(tape), HEAD))

    return by_hand.ctypes


@cache
def _contacts() -> tuple[Any, Any]:
    """The structs of a contact and of the data that has it, held against what the bindings show.

    Raises:
        ImportError: They lie in another way than MuJoCo's introspection says.
    """
    contact, whole = engine.mirror("mjContact"), engine.mirror("mjData")
    model = mujoco.MjModel.from_xml_string(_TOUCHING)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    count = ctypes.c_int.from_address(data._address + whole.ncon.offset).value
    first = ctypes.c_size_t.from_address(data._address + whole.contact.offset).value
    found = data.contact
    told = (2, ctypes.sizeof(contact), contact.geom.offset, contact.frame.offset)
    if (count, found.frame.strides[0], found.geom.ctypes.data - first, found.frame.ctypes.data - first) != told:
        raise ImportError(
            f"contacts do not lie in MuJoCo {mujoco.__version__} as its introspection says; install a MuJoCo release "
            "from PyPI"
        )
    return contact, whole


_TOUCHING = """
<mujoco>
  <worldbody>
    <geom type="plane" size="1 1 1"/>
    <body pos="0 0 .05"><freejoint/><geom size=".1"/></body>
    <body pos=".5 0 .05"><freejoint/><geom size=".1"/></body>
  </worldbody>
</mujoco>"""
