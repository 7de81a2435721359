"""The compiled step behind a symbol, compiled once and kept between runs, for whoever calls it from compiled code.

Numba's cache of a function watches the file that it stands in. A digest of all the files whose code goes into the step
is a closure variable of it and thereby part of the cache's key. Callers see addresses only, so that their own code, and
what is kept of it, knows nothing of the step.
"""

import zlib
from functools import cache
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
from numba import carray, cfunc, njit, types

from sns_mujoco.backends import families, program
from sns_mujoco.backends.native.sections import HEADER, Count, pointer
from sns_mujoco.backends.native.step import WHOLE, step

SYMBOL = "sns_mujoco_step"
NOT_FINITE = 0x7FF0000000000000  # the exponent of infinities and of what is no number
SIGNATURE = types.void(*[types.int64] * 10)

# (addresses of structure, parameters, state, scratch, x and y; repeats, phase, thread, threads), see `step`
step_at = types.ExternalFunction(SYMBOL, SIGNATURE)


def digest() -> int:
    """Digest of every file whose code or constants go into the compiled step; never zero."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    sources += [Path(module.__file__ or "") for module in (families, program)]
    return zlib.crc32(b"".join(path.read_bytes() for path in sources)) | 1


@cache
def publish() -> None:
    """Compile the step, or take it from the cache, and put it behind its symbol; once a process."""
    sources = digest()

    @cfunc(SIGNATURE, cache=True, error_model="numpy")
    def entry(structure, parameters, state, work, x, y, repeats, phase, thread, threads):
        counts = carray(pointer(structure), (HEADER,), np.uint32)
        if sources:
            step(
                carray(pointer(structure), (np.int64(counts[Count.STRUCTURE]),), np.uint32),
                carray(pointer(parameters), (np.int64(counts[Count.PARAMETERS]),), np.float64),
                carray(pointer(state), (np.int64(counts[Count.STATE]),), np.float64),
                carray(pointer(work), (np.int64(counts[Count.SCRATCH]),), np.float64),
                carray(pointer(x), (1 << 30,), np.float64),
                carray(pointer(y), (np.int64(counts[Count.OUTPUTS]),), np.float64),
                repeats, phase, thread, threads,
            )  # fmt: skip

    llvm.add_symbol(SYMBOL, entry.address)
    _kept.append(entry)


_kept: list[object] = []  # compiled code must outlive the symbol


@njit(cache=True, error_model="numpy", nogil=True)
def run(structure, parameters, state, work, xs, ys):
    """Advance by one step for every row of xs [T, M], nA, and write the outputs into the rows of ys [T, O]."""
    for t in range(len(xs)):
        step_at(
            structure.ctypes.data, parameters.ctypes.data, state.ctypes.data, work.ctypes.data,
            xs.ctypes.data + np.int64(8) * t * xs.shape[1], ys.ctypes.data + np.int64(8) * t * ys.shape[1],
            1, WHOLE, 0, 1,
        )  # fmt: skip


@njit(cache=True, error_model="numpy", nogil=True)
def call(structure, parameters, state, work, x, y):
    """One step, unless the input is not finite; says whether it was made."""
    bits, lost = x.view(np.uint64), np.uint64(0)
    for k in range(np.uint64(len(bits))):  # in whole numbers and without a way out, so that it goes several at a time
        lost |= np.uint64((bits[k] & np.uint64(NOT_FINITE)) == np.uint64(NOT_FINITE))
    if lost:
        return False
    step_at(
        structure.ctypes.data, parameters.ctypes.data, state.ctypes.data, work.ctypes.data, x.ctypes.data,
        y.ctypes.data, 1, WHOLE, 0, 1,
    )  # fmt: skip
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def phase(structure, parameters, state, work, x, y, which, thread, threads):
    """One phase of one step, for several threads that share it."""
    step_at(
        structure.ctypes.data, parameters.ctypes.data, state.ctypes.data, work.ctypes.data, x.ctypes.data,
        y.ctypes.data, 1, which, thread, threads,
    )  # fmt: skip
