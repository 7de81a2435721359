"""Keeping MuJoCo's warnings off the screen and out of MUJOCO_LOG.TXT while they are read from its counters."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from numba import cfunc, types

from sns_mujoco.cosim.engine import library


@contextmanager
def quiet() -> Iterator[None]:
    """Let MuJoCo's warnings only be counted; where the user has a handler of their own, it hears them as before."""
    handler = _handler()
    theirs = handler.value
    if theirs is None:
        handler.value = _unheard()
    try:
        yield
    finally:
        handler.value = theirs


@cache
def _handler() -> ctypes.c_void_p:
    return ctypes.c_void_p.in_dll(library(), "mju_user_warning")


@cache
def _unheard() -> int:
    # a Python function would need the lock of the interpreter in the engine's threads
    @cfunc(types.void(types.voidptr))
    def unheard(text):
        pass

    _kept.append(unheard)
    return unheard.address or 0


_kept: list[object] = []
