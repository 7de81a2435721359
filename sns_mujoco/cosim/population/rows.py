"""The rows of a population: MuJoCo's batch, with fields that are never stale and a process it belongs to."""

import ctypes
import functools
import os
import weakref
from collections.abc import Callable
from typing import Any

import mujoco
import numpy as np
from mujoco.batch import MODEL_FIELDS, Batch, SimulationError
from numpy.typing import NDArray

from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.errors import ProcessError

_living: "weakref.WeakSet[Rows]" = weakref.WeakSet()


def _of_its_process(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: "Rows", *args: Any, **options: Any) -> Any:
        if os.getpid() != self.process and self.nthread > 1:
            raise ProcessError(
                f"this population was made in process {self.process} and has {self.nthread} threads, which do not come "
                f"along into the forked process {os.getpid()}: it would wait for them for ever. Make a population in "
                "the process that steps it, give it threads=1 before the fork, or start processes by 'spawn' "
                "(multiprocessing.get_context('spawn'))"
            )
        return method(self, *args, **options)

    return call


class Unique:
    """What is bound to its threads: it is no value that could be copied or sent."""

    def __copy__(self) -> "Unique":
        """Refuse: it would be the same threads and states."""
        raise TypeError("a population cannot be copied; take a snapshot, and restore it in another one")

    def __deepcopy__(self, memo: dict) -> "Unique":
        """Refuse."""
        return self.__copy__()

    def __reduce__(self) -> Any:
        """Refuse."""
        raise TypeError("a population cannot be sent to another process; make one there, and send snapshots")


class Rows(Unique, Batch):
    """A `mujoco.batch.Batch` as a population needs it.

    A derived field (`xpos`, `sensordata`, ...) that is asked for the first time is filled in at once, and not at the
    next step as by `Batch`. In a forked process every call of one with several threads raises an error instead of
    waiting for ever.

    Attributes:
        process: Id of the process that made it.
    """

    def __init__(self, model: mujoco.MjModel, n: int, threads: int, *, persistent: bool = False) -> None:
        """Make rows for n individuals of a model, on so many threads; see `Batch` for `persistent`."""
        super().__init__(model, n, threads, persistent)
        self.process = os.getpid()
        self._known: set[str] = set()
        self._outputs: dict[str, NDArray[Any]] = {}  # derived fields, writable
        self._differing: list[str] | None = []
        _living.add(self)

    step = _of_its_process(Batch.step)
    forward = _of_its_process(Batch.forward)
    reset = _of_its_process(Batch.reset)
    set_models = _of_its_process(Batch.set_models)
    rollout = _of_its_process(Batch.rollout)
    jac = _of_its_process(Batch.jac)
    ray = _of_its_process(Batch.ray)
    get_model = _of_its_process(Batch.get_model)
    get_data = _of_its_process(Batch.get_data)

    def bind(self, name: str) -> NDArray[Any]:
        """See `Batch.bind`; a derived field is that of the present state when it is bound."""
        field = super().bind(name)
        if name not in self._known:
            self._known.add(name)
            if field.size and not np.may_share_memory(field, self.state):
                written: Any = field.base  # the batch gives a view of it that is read-only
                self._outputs[name] = written.view(field.dtype).reshape(field.shape)
                self.refresh()
        return field

    def refresh(self, ids: NDArray[np.int32] | None = None) -> None:
        """Compute derived fields at the present state, as `mj_forward` does, and leave the state as it is."""
        if not self._outputs:
            return
        chosen = slice(None) if ids is None else ids
        state, warning = self.state[chosen].copy(), self.warning[chosen].copy()
        try:
            with quiet():
                self.forward(ids)
        except SimulationError:
            pass  # it shows at the next step, which tells of it
        finally:
            self.state[chosen], self.warning[chosen] = state, warning

    def take(self, individual: int, data: mujoco.MjData) -> None:
        """Make an individual's state and derived fields those of an `MjData` of its model."""
        mujoco.mj_getState(self.model, data, self.state[individual], mujoco.mjtState.mjSTATE_INTEGRATION)
        for name, field in self._outputs.items():
            field[individual] = getattr(data, name)
        self.warning[individual] = 0

    @_of_its_process
    def expand(self, name: str) -> NDArray[Any]:
        """See `Batch.expand`."""
        self._differing = None
        return super().expand(name)

    @_of_its_process
    def set_const(self, ids: Any = None) -> None:
        """See `Batch.set_const`."""
        self._differing = None
        super().set_const(ids)

    def differing(self) -> list[str]:
        """Fields of the model of which every individual has values of its own."""
        if self._differing is None:
            self._differing = [name for name in sorted(MODEL_FIELDS) if self.expanded(name) is not None]
        return self._differing


def _outlive() -> None:
    # In a forked child the threads that a batch's end waits for do not exist: it must have no end there.
    for rows in list(_living):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(rows))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_outlive)
