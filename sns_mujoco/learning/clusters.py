"""Evaluation on a cluster, by Ray: every worker is an actor that lets a whole sub-population live.

The extra "ray" brings it: pip install 'sns-mujoco[ray]'.
"""

import os
import socket
from collections import Counter, deque
from importlib.metadata import version
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.cosim.population.origin import processors
from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.errors import ClusterError, MissingDependencyError
from sns_mujoco.learning.fitness.evaluation import Evaluation, joined
from sns_mujoco.learning.fitness.evaluator import Evaluator
from sns_mujoco.learning.fitness.task import Measure, Task

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

SHARES = 2  # for each worker: so that one with shorter lives takes over some of another's
LOSSES = 3  # how often the same share may be lost with its worker, and workers in a row before they are ready
REACH = 5.0  # s, for a cluster to answer at an address: Ray itself tries for minutes
PATIENCE = 120.0  # s, to wait for the first worker
STORE = 128 * 2**20  # bytes of Ray's object store where it is started here: vectors and results are small


class RayEvaluator:
    """An `Evaluator` on a Ray cluster: the same results, bit for bit, on machines of the same kind.

    A worker that dies costs only the evaluation of its share, which another one takes over; a new worker is started in
    its place. Workers hold their processors until `close`: plain Ray tasks of your own would wait for them for ever, so
    leave some to these by `workers` and `threads`.

    Attributes:
        task: What individuals are asked to do.
        space: The space of the vectors.
        workers: How many workers there are to be.
        threads: Threads, and processors, of each.
        lost: How many workers have died so far.
    """

    def __init__(
        self, animal: "Animal | str", task: Task, *, address: str | None = None, workers: int | None = None,
        threads: int | None = None, patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        """Connect, check that the task fits the animal, and start workers.

        Args:
            animal: An animal, or the name of one; its code must be installed on every machine.
            task: What individuals are asked to do.
            address: Of the cluster, as `ray.init` takes it: "auto", "host:port", "ray://host:port", or "local" for one
                that is started here and ends with `close`. If left out, the one that this process is connected with, or
                else a local one.
            workers: How many; one on every machine if left out.
            threads: Of each; if left out, all processors of the cluster are divided among the workers.
            patience: How long to wait for a first worker, s.

        Raises:
            MissingDependencyError: Ray is not installed.
            ClusterError: The cluster cannot be reached, or has no processors for a worker.
            TaskError: The task does not fit the animal.
            UnknownNameError: It names what the animal does not have.
            ParameterError: What is to vary cannot.
        """
        for what, given in (("workers", workers), ("threads", threads)):
            if given is not None and (isinstance(given, bool) or not isinstance(given, int) or given < 1):
                raise ValueError(f"{what} is {given!r}; give a whole number, 1 or more, or leave it out")
        self._ray = _ray()
        with Evaluator(animal, task, threads=1) as here:
            self.animal, self.task, self.space = here.animal, here.task, here.space
        self._patience, self._own = patience, False
        self._connect(address)
        machines = [node for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        total = int(sum(node["Resources"]["CPU"] for node in machines))
        self.workers = workers or max(1, len(machines))
        self.threads = threads or max(1, total // self.workers)
        self.lost = 0
        if not any(node["Resources"]["CPU"] >= self.threads for node in machines):
            self.close()
            raise ClusterError(
                f"no machine of the cluster has {self.threads} processors for a worker; it has {total} on "
                f"{len(machines)} machines: give fewer threads"
            )
        actor = self._ray.remote(_Worker)
        self._make = actor.options(num_cpus=self.threads, max_restarts=0)
        self._given = self._ray.put((self.animal, self.task))
        self._idle: deque[Any] = deque()
        self._joining: dict[Any, Any] = {}  # what tells that a worker is ready, and the worker
        self._stillborn = 0  # workers in a row that died before they were ready
        for _ in range(self.workers):
            self._start()
        try:
            self._await_worker()
        except BaseException:
            self.close()
            raise

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What the columns of `Evaluation.measures` are."""
        return self.task.measures

    def evaluate(self, vectors: ArrayLike, *, seed: int, generation: int) -> Evaluation:
        """Let individuals live through all trials, shared among the workers; see `Evaluator.evaluate`.

        Raises:
            ClusterError: A share of the individuals was lost again and again, or no worker is left.
            ParameterError: The vectors have another shape, or leave 0 to 1.
            ValueError: The seed or the generation is no whole number, 0 or more.
        """
        start = perf_counter()
        vectors = np.atleast_2d(self.space.checked(vectors))
        for number in (seed, generation):
            checked_seed(number)
        shares = np.array_split(vectors, min(len(vectors), SHARES * self.workers))
        waiting, losses = deque(range(len(shares))), Counter[int]()
        working: dict[Any, tuple[int, Any]] = {}
        done: dict[int, Evaluation] = {}
        try:
            while len(done) < len(shares):
                while waiting and self._idle:
                    share, worker = waiting.popleft(), self._idle.popleft()
                    working[worker.evaluate.remote(shares[share], seed, generation)] = share, worker
                if not working and not self._joining:
                    self._start()
                for finished in self._next(working):
                    share, worker = working[finished]
                    try:
                        done[share] = self._ray.get(finished)
                        self._idle.append(worker)
                        del working[finished]
                    except self._deaths as error:
                        del working[finished]
                        self._bury(worker)
                        waiting.appendleft(share)
                        losses[share] += 1
                        if losses[share] == LOSSES:
                            raise ClusterError(
                                f"a share of {len(shares[share])} individuals was lost with its worker {LOSSES} times; "
                                f"have more workers with fewer rows each, or more memory: {error}"
                            ) from error
        finally:
            # after an error some still work; they end that first, and then take what comes next
            self._idle.extend(worker for _, worker in working.values())
        return joined([done[share] for share in range(len(shares))], perf_counter() - start)

    def close(self) -> None:
        """End the workers, and Ray where it was connected here."""
        for worker in [*getattr(self, "_idle", ()), *getattr(self, "_joining", {}).values()]:
            self._ray.kill(worker)
        self._idle, self._joining = deque(), {}
        if self._own:
            self._own = False
            self._ray.shutdown()

    def __enter__(self) -> "RayEvaluator":
        """An evaluator that is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def _deaths(self) -> tuple[type[Exception], ...]:
        """What Ray raises when a worker, its machine, or what it had made is no more."""
        errors = self._ray.exceptions
        return errors.RayActorError, errors.ObjectLostError, errors.OutOfMemoryError, errors.WorkerCrashedError

    def _connect(self, address: str | None) -> None:
        if self._ray.is_initialized():
            if address in (None, "auto"):
                return
            raise ClusterError(
                f"this process is connected with a Ray cluster already, so not with {address!r}; leave the address out "
                "to use it, or end that connection by ray.shutdown()"
            )
        address = address or "local"
        _check_reachable(address)
        options: dict[str, Any] = {"address": address, "log_to_driver": False, "logging_level": "ERROR"}
        if address == "local":
            # it serves this evaluator alone: nothing to look at, and nobody to tell of it
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            cpus = max(processors(), 1)
            options |= {"include_dashboard": False, "object_store_memory": STORE, "num_cpus": cpus}
        try:
            self._ray.init(**options)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise _unreachable(address, error) from error
        self._own = True

    def _start(self) -> None:
        worker = self._make.remote(self._given, self.threads)
        self._joining[worker.versions.remote()] = worker

    def _bury(self, worker: Any) -> None:
        """Part with a worker that is dead or must not go on, and start another one."""
        self._ray.kill(worker)
        self.lost += 1
        self._start()

    def _await_worker(self) -> None:
        """Wait until a first worker is there."""
        end = perf_counter() + self._patience
        while not self._idle:
            if perf_counter() > end:
                raise self._no_worker()
            self._next({}, max(0.0, end - perf_counter()))

    def _next(self, working: dict[Any, Any], patience: float | None = None) -> list[Any]:
        """Wait for the next thing to happen: work that has been done or lost, and workers that join on the way."""
        limit = (None if working else self._patience) if patience is None else patience
        ready, _ = self._ray.wait([*working, *self._joining], num_returns=1, timeout=limit)
        if not ready and patience is None:
            raise self._no_worker()
        for reference in ready:
            if reference in self._joining:
                worker = self._joining.pop(reference)
                try:
                    there = self._ray.get(reference)
                except self._deaths as error:
                    self._stillborn += 1
                    if self._stillborn == LOSSES:
                        raise ClusterError(f"{LOSSES} workers died before they were ready: {error}") from error
                    self._bury(worker)
                    continue
                self._stillborn = 0
                self._idle.append(worker)
                _check_versions(there)
        return [reference for reference in ready if reference in working]

    def _no_worker(self) -> ClusterError:
        free = self._ray.available_resources().get("CPU", 0.0)
        return ClusterError(
            f"no worker of {self.threads} processors could start within {self._patience:g} s; {free:g} processors are "
            "free: end what else runs on the cluster, or give fewer workers or threads"
        )


class _Worker:
    """What runs on the cluster; it makes its populations itself, in its own process."""

    def __init__(self, given: tuple["Animal", Task], threads: int) -> None:
        self._evaluator = Evaluator(*given, threads=threads)

    def versions(self) -> dict[str, str]:
        return _versions()

    def evaluate(self, vectors: Any, seed: int, generation: int) -> Evaluation:
        return self._evaluator.evaluate(vectors, seed=seed, generation=generation)


def _check_reachable(address: str) -> None:
    """Refuse an address with a port at which nobody answers."""
    place = urlsplit(address if "//" in address else f"//{address}")
    try:
        if place.hostname is None or place.port is None:
            return
        socket.create_connection((place.hostname, place.port), timeout=REACH).close()
    except (OSError, ValueError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> ClusterError:
    return ClusterError(
        f"no Ray cluster can be reached at {address!r}: {error}; start one (ray start --head), or give 'local' to have "
        "one started here"
    )


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("sns-mujoco", "mujoco", "numpy", "numba")}


def _check_versions(there: dict[str, str]) -> None:
    differing = [
        f"{name} {there[name]} there and {own} here" for name, own in _versions().items() if there[name] != own
    ]
    if differing:
        raise ClusterError(
            f"a worker has other versions, and other bits in the end: {', '.join(differing)}; install the same ones"
        )


def _ray() -> Any:
    # else a worker without a graphics card is told on standard error of what future versions will do
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise MissingDependencyError("a cluster needs Ray: pip install 'sns-mujoco[ray]'") from error
    return ray
