"""Which backend steps a network: the one asked for, or for "auto" the one measured to be the fastest."""

import importlib.util
from dataclasses import dataclass
from typing import Any

from sns_mujoco.backends.model import Model
from sns_mujoco.backends.program import Program
from sns_mujoco.errors import MissingDependencyError, NetworkError
from sns_mujoco.network.network import Network

BACKENDS = ("numba", "numpy", "torch", "sparse", "auto")
OF_TORCH = ("dtype", "learnable", "bounds", "surrogate", "detach_reset")
OF_NUMBA = ("batch", "threads")

MICROSECONDS = {
    10: {"numba": 0.18, "numpy": 26.8, "torch": 83.3, "sparse": 243.0},
    100: {"numba": 0.63, "numpy": 24.5, "torch": 69.6, "sparse": 141.0},
    1_000: {"numba": 5.42, "numpy": 88.9, "torch": 116.0, "sparse": 174.0},
    10_000: {"numba": 107.0, "numpy": 1620.0, "torch": 896.0, "sparse": 620.0},
    100_000: {"numba": 6570.0, "numpy": 33400.0, "torch": 31700.0, "sparse": 17500.0},
}
"""A step of one animal by the number of its neurons, with 10 graded synapses each.

Measured by `tests/benchmarks/backend_crossover.py`: many steps in one call, float64, one thread of an AMD EPYC,
torch 2.13, numba 0.68. Compiled code is the fastest at every size; torch passes numpy between 1,000 and 10,000 neurons.
"""

BATCHED = {
    10: {"torch": 3.16, "sparse": 2.91},
    100: {"torch": 6.31, "sparse": 4.74},
    1_000: {"torch": 136.0, "sparse": 31.6},
    10_000: {"torch": 3960.0, "sparse": 919.0},
    100_000: {"torch": 195700.0, "sparse": 37000.0},
}
"""A step of each animal of a batch of 64, without gradients, measured likewise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Why a backend was taken.

    Attributes:
        backend: Its name.
        reason: A sentence.
    """

    backend: str
    reason: str

    def __str__(self) -> str:
        """Backend and reason."""
        return f"{self.backend}: {self.reason}"


def make_model(
    program: Program, backend: str = "numba", device: Any = "cpu", *, network: Network | None = None, **options: Any
) -> Model | Any:
    """A model that steps a program.

    Args:
        program: What to step.
        backend: "numba", "numpy", "torch", "sparse", or "auto".
        device: Where: "cpu", or another device of torch.
        network: What the program was compiled from.
        **options: Of the backends of torch, see `TorchModel`: dtype, learnable, bounds, surrogate, detach_reset. Of
            numba: threads, and batch, a number of states that are stepped together, see `NumbaBatch`.

    Returns:
        The model; its `choice` says which backend it has, and why.

    Raises:
        NetworkError: The backend, the device or an option is unknown, or they do not go together.
        UnknownNameError: What is to be learned does not exist.
        MissingDependencyError: torch is asked for and not installed.
    """
    if backend not in BACKENDS:
        raise NetworkError(f"backend is {backend!r}; give one of {', '.join(map(repr, BACKENDS))}")
    unknown = [name for name in options if name not in (*OF_TORCH, *OF_NUMBA)]
    if unknown:
        known = f"{', '.join(OF_TORCH)} of torch, {' and '.join(OF_NUMBA)} of numba"
        raise NetworkError(f"there is no option {unknown[0]!r}; there are {known}")
    both = [next((name for name in options if name in own), None) for own in (OF_TORCH, OF_NUMBA)]
    if all(both):
        raise NetworkError(f"{both[0]!r} is an option of torch and {both[1]!r} one of numba; give one of them")
    chosen = choose_backend(program, device, options) if backend == "auto" else Choice(backend, "it was asked for")
    if chosen.backend in ("torch", "sparse"):
        if both[1]:
            raise NetworkError(f"{both[1]!r} is an option of numba; torch takes a batch of states when it is called")
        model: Any = _of_torch(chosen.backend, program, network, device, options)
    else:
        if device != "cpu":
            raise NetworkError(f"device is {device!r}; the backend {backend!r} runs on the 'cpu': take 'torch'")
        if both[0]:
            raise NetworkError(f"{both[0]!r} is an option of torch; take backend='torch' or 'sparse'")
        if both[1] and chosen.backend == "numpy":
            raise NetworkError(f"{both[1]!r} is an option of numba; take backend='numba'")
        model = _on_the_cpu(chosen.backend, program, options)
    model.choice = chosen
    return model


def choose_backend(program: Program, device: Any = "cpu", options: Any = ()) -> Choice:
    """The fastest backend that can do what is asked for, by the measurements in this module.

    Args:
        program: What is to be stepped.
        device: Where.
        options: What else is asked for; any of it only torch has.
    """
    if device == "cpu" and any(name in OF_NUMBA for name in options):
        return Choice("numba", f"{' and '.join(options)} are options of numba, which is the fastest at every size")
    neurons = program.n_neurons
    synapses = len(program.graded_source) + len(program.spiking_source) + len(program.events.receptor)
    size = f"{neurons:,} neurons and {synapses:,} synapses"
    needed = [f"{name!r} is asked for" for name in options]
    if device != "cpu":
        needed.append(f"it is to run on {str(device)!r}")
    table = BATCHED if needed else MICROSECONDS
    able = ("torch", "sparse") if needed else ("numba", "numpy")
    nearest = min(table, key=lambda n: abs(n * 10 - synapses))
    times = {backend: table[nearest][backend] for backend in able}
    best = min(times, key=times.__getitem__)
    other = next(backend for backend in able if backend != best)
    batch = " for each of a batch of 64" if needed else ""
    reason = (
        f"{size}; the nearest measured on the CPU, {nearest:,} neurons with 10 synapses each, took "
        f"{times[best]:.3g} us a step{batch}, and {times[other]:.3g} us with {other}"
    )
    return Choice(best, f"{reason} ({needed[0]}, which only torch can do)" if needed else reason)


def _on_the_cpu(backend: str, program: Program, options: dict[str, Any]) -> Any:
    if backend == "numba":
        from sns_mujoco.backends.numba_backend import NumbaModel
        from sns_mujoco.backends.numba_batch import NumbaBatch

        if options.get("batch") is not None:
            return NumbaBatch(program, options["batch"], options.get("threads"))
        return NumbaModel(program, options.get("threads"))
    from sns_mujoco.backends.numpy_backend import NumpyModel

    return NumpyModel(program)


def _of_torch(backend: str, program: Program, network: Network | None, device: Any, options: dict[str, Any]) -> Any:
    if importlib.util.find_spec("torch") is None:
        raise MissingDependencyError(
            f"the backend {backend!r} needs torch, which is not installed; install it with pip install "
            "'sns-mujoco[torch]', or take backend='numba'"
        )
    if backend == "torch":
        from sns_mujoco.backends.torch_backend import TorchModel

        return TorchModel(program, network, device=device, **options)
    from sns_mujoco.backends.sparse_backend import SparseModel

    return SparseModel(program, network, device=device, **options)
