"""Truncated backpropagation through time: what a nervous system learns from recordings.

Recordings are cut into windows. The network lives through them one after the other, its state going on from each to the
next; after each window the loss is differentiated back to the window's beginning, and the parameters move
(Williams & Peng 1990, Neural Comput 2:490). Spikes have surrogate gradients.
"""

from collections.abc import Callable
from typing import Any, Protocol

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from sns_mujoco.backends.torch_backend import TorchModel
from sns_mujoco.errors import DivergenceError, NetworkError
from sns_mujoco.learning.reinforcement.actor import Actor
from sns_mujoco.learning.reinforcement.rates import parameter_groups

Loss = Callable[..., Tensor]


class Progress(Protocol):
    """What is called after every pass: with its number, from 0, and its mean loss."""

    def __call__(self, epoch: int, loss: float, /) -> Any:
        """Take note of a pass."""


def truncated_backpropagation(
    module: Actor | TorchModel,
    inputs: ArrayLike | Tensor,
    targets: ArrayLike | Tensor | None = None,
    *,
    window: int,
    epochs: int = 1,
    learning_rate: float = 0.01,
    loss: Loss | None = None,
    starts: ArrayLike | Tensor | None = None,
    washout: int = 0,
    max_gradient: float = 1.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[float]:
    """Train an actor on observations, or a compiled torch model on currents.

    Args:
        module: What learns. An actor is trained from observations to actions, a `TorchModel` from inputs to outputs.
        inputs: What goes in at every step [T, batch, K]: observations, or currents (nA). Episodes of a batch live side
            by side; those of unequal length may follow one another, see `starts`.
        targets: What should come out [T, batch, ...]: the commands of a teacher, a motor pattern. May be left out for a
            loss that needs none.
        window: Steps over which gradients reach back.
        epochs: Passes through the recordings.
        learning_rate: Of Adam, multiplied for every quantity by its scale (`rates.py`).
        loss: Of (outputs, targets) of a window, or of the outputs alone where there are no targets; the mean squared
            error if left out. Outputs are [steps, batch, O].
        starts: Where an episode begins, bool [T, batch]; of an actor only. The beginning of `inputs` always is one.
        washout: Steps at the beginning of each pass that do not count, while the network settles.
        max_gradient: Length of the gradient beyond which it is shortened.
        seed: Of the random numbers of the network's noise.
        progress: Called after every pass.

    Returns:
        Mean loss of each pass, over all windows that count.

    Raises:
        NetworkError: Shapes or numbers make no sense, or nothing can be learned.
        DivergenceError: The loss or its gradient is not finite; the parameters are those before.
    """
    x = _tensor("inputs", inputs, module, None)
    y = None if targets is None else _tensor("targets", targets, module, x)
    begins = None if starts is None else torch.as_tensor(starts, dtype=torch.bool)
    _check(module, x, begins, window=window, epochs=epochs, washout=washout, learning_rate=learning_rate)
    if y is None and loss is None:
        raise NetworkError("there are neither targets nor a loss; give one of them")
    judge: Loss = nn.functional.mse_loss if loss is None else loss
    optimiser = torch.optim.Adam(parameter_groups(module, learning_rate))
    means = []
    for epoch in range(epochs):
        state = module.detach(_at_rest(module, x.shape[1], seed))
        total, count = 0.0, 0
        for first in range(0, len(x), window):
            part = slice(first, first + window)
            if isinstance(module, Actor):
                outputs, state = module.run(x[part], state, None if begins is None else begins[part])
            else:
                outputs, state = module.run(x[part], state)
            state = module.detach(state)
            skipped = max(0, washout - first)
            if skipped >= len(outputs):
                continue
            wanted = () if y is None else (y[part][skipped:],)
            value = judge(outputs[skipped:], *wanted)
            if value.ndim:
                raise NetworkError(f"the loss has shape {tuple(value.shape)}; it must give one number, such as a mean")
            optimiser.zero_grad()
            value.backward()
            length = nn.utils.clip_grad_norm_(module.parameters(), max_gradient)
            if not bool(torch.isfinite(value.detach() + length)):
                raise DivergenceError(
                    f"in pass {epoch}, at the window that begins at step {first}, the loss is "
                    f"{float(value.detach()):g} and its gradient has the length {float(length):g}; take a lower "
                    "learning_rate, or a shorter window"
                )
            optimiser.step()
            total, count = total + float(value.detach()) * (len(outputs) - skipped), count + len(outputs) - skipped
        means.append(total / count)
        if progress is not None:
            progress(epoch, means[-1])
    return means


def _at_rest(module: Actor | TorchModel, batch: int, seed: int) -> dict[str, Tensor]:
    if isinstance(module, Actor):
        return module.initial_state(batch, seed=seed)
    return module.initial_state(batch, seed=list(range(seed, seed + batch)))


def _tensor(name: str, values: ArrayLike | Tensor, module: Actor | TorchModel, like: Tensor | None) -> Tensor:
    """Numbers as a tensor [T, batch, ...].

    Raises:
        NetworkError: They are none, or of another shape.
    """
    model = module.model if isinstance(module, Actor) else module
    try:
        tensor = torch.as_tensor(values, dtype=model.dtype, device=model.device)
    except (TypeError, ValueError, RuntimeError):
        raise NetworkError(f"{name} are {values!r}; give numbers") from None
    if not bool(torch.isfinite(tensor).all()):
        raise NetworkError(f"{name} have a number that is not finite; give finite ones")
    if like is None and (tensor.ndim != 3 or 0 in tensor.shape[:2]):
        raise NetworkError(f"{name} have shape {tuple(tensor.shape)}; give [steps, batch, elements]")
    if like is not None and tensor.shape[:2] != like.shape[:2]:
        raise NetworkError(
            f"{name} have shape {tuple(tensor.shape)}; give [{like.shape[0]}, {like.shape[1]}, ...] as the inputs have"
        )
    return tensor


def _check(module: Actor | TorchModel, x: Tensor, starts: Tensor | None, **numbers: Any) -> None:
    """Refuse what makes no sense.

    Raises:
        NetworkError: Names it.
    """
    if not any(parameter.requires_grad for parameter in module.parameters()):
        raise NetworkError("there is nothing to learn; compile the network with learnable=[...]")
    for name, least in (("window", 1), ("epochs", 1), ("washout", 0)):
        value = numbers[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise NetworkError(f"{name} is {value!r}; give a whole number of {least} or more")
    if numbers["washout"] >= len(x):
        raise NetworkError(f"washout is {numbers['washout']}, and there are {len(x)} steps; leave some to learn from")
    if not numbers["learning_rate"] > 0.0:
        raise NetworkError(f"learning_rate is {numbers['learning_rate']!r}; give a number above 0")
    if starts is not None and not isinstance(module, Actor):
        raise NetworkError("starts are for actors; give a TorchModel one episode, or a batch of them side by side")
    if starts is not None and starts.shape != x.shape[:2]:
        raise NetworkError(f"starts have shape {tuple(starts.shape)}; give {tuple(x.shape[:2])}")
