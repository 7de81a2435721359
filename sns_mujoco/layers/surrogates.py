"""Spikes that can be trained through: a strict Heaviside step forward, a surrogate derivative backward.

    spikes = H(x) = 1 if x > 0 else 0,    d spikes / dx := derivative(x)

with x the potential above threshold (Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36(6):51).

| name           | derivative                                 | alpha | from |
|----------------|--------------------------------------------|-------|------|
| `superspike`   | 1 / (alpha abs(x) + 1)^2                   | 100   | Zenke & Ganguli 2018, Neural Comput 30:1514 |
| `fast_sigmoid` | the same, shallower                        | 25    | as snnTorch has it |
| `triangle`     | alpha max(0, 1 - abs(x))                   | 0.3   | Bellec et al. 2020, Nat Commun 11:3625 |
| `tanh`         | 1 - tanh(alpha x)^2                        | 1     | as Norse has it |
| `circ`         | alpha^3 / (alpha^2 + x^2)^1.5              | 1     | as Norse has it |
| `erfc`         | 2 exp(-(alpha x)^2) / sqrt(pi)             | 1     | as Norse has it |
| `atan`         | alpha / 2 / (1 + (pi / 2 alpha x)^2)       | 2     | as snnTorch has it |
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from sns_mujoco.errors import NetworkError, unknown_name

Derivative = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A spike function: strict Heaviside step forward, `derivative` backward.

    Attributes:
        name: Name in the table, or "custom".
        alpha: Its sharpness; None for a derivative of your own.
        derivative: x -> derivative, of the shape and dtype of x.
    """

    name: str
    alpha: float | None
    derivative: Derivative

    def __call__(self, x: Tensor) -> Tensor:
        """1 where x > 0, else 0, in the shape, dtype and device of x."""
        return _Spike.apply(x, self.derivative)  # pyright: ignore[reportReturnType]


def surrogate(kind: str | Callable[[Tensor], Tensor] = "superspike", alpha: float | None = None) -> Callable:
    """A spike function from a name or from a function of your own.

    A function of your own is tried once on a few numbers, to see which of two things it is:

    - a spike function (a `Surrogate`, one of Norse or snnTorch, an autograd function of your own): it gives H(x)
      itself and has a gradient. It is used as it is.
    - a derivative: anything else of the shape and dtype of x, finite. Spikes are H(x), and it is their derivative.

    Args:
        kind: A name in the table above, or a function of a tensor.
        alpha: Sharpness of a named one, more than 0; its own default if left out.

    Returns:
        A callable x -> spikes.

    Raises:
        UnknownNameError: There is no surrogate of this name.
        NetworkError: alpha is not positive, or is given with a function; or the function gives another shape or
            dtype, is not finite, spikes at the threshold itself, or has no gradient.
    """
    if isinstance(kind, str):
        if kind not in _NAMED:
            raise unknown_name("surrogate", kind, _NAMED, "the table of surrogates")
        derivative, sharpness = _NAMED[kind]
        sharpness = sharpness if alpha is None else _positive(kind, alpha)
        return Surrogate(kind, sharpness, partial(derivative, alpha=sharpness))
    if not callable(kind):
        raise NetworkError(f"a surrogate is {kind!r}; give one of the names {', '.join(_NAMED)}, or a function")
    if alpha is not None:
        raise NetworkError(f"alpha = {alpha!r} is for surrogates with a name; put it into the function itself")
    return kind if _is_spike_function(kind) else Surrogate("custom", None, kind)


class _Spike(torch.autograd.Function):
    """H(x), with a derivative of choice."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, derivative: Derivative) -> Tensor:
        return (x > 0).to(x.dtype)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Tensor) -> None:
        x, ctx.derivative = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return gradients[0] * ctx.derivative(x), None


def _fast_sigmoid(x: Tensor, alpha: float) -> Tensor:
    return 1.0 / (alpha * x.abs() + 1.0) ** 2


def _triangle(x: Tensor, alpha: float) -> Tensor:
    return alpha * torch.relu(1.0 - x.abs())


def _tanh(x: Tensor, alpha: float) -> Tensor:
    return 1.0 - torch.tanh(alpha * x) ** 2


def _circ(x: Tensor, alpha: float) -> Tensor:
    return alpha**3 / (alpha**2 + x**2) ** 1.5


def _erfc(x: Tensor, alpha: float) -> Tensor:
    return 2.0 / math.sqrt(math.pi) * torch.exp(-((alpha * x) ** 2))


def _atan(x: Tensor, alpha: float) -> Tensor:
    return 0.5 * alpha / (1.0 + (0.5 * math.pi * alpha * x) ** 2)


_NAMED: dict[str, tuple[Callable[..., Tensor], float]] = {
    "superspike": (_fast_sigmoid, 100.0),
    "fast_sigmoid": (_fast_sigmoid, 25.0),
    "triangle": (_triangle, 0.3),
    "tanh": (_tanh, 1.0),
    "circ": (_circ, 1.0),
    "erfc": (_erfc, 1.0),
    "atan": (_atan, 2.0),
}


def _positive(name: str, alpha: Any) -> float:
    """The sharpness as a number.

    Raises:
        NetworkError: It is not a finite number of more than 0.
    """
    if isinstance(alpha, int | float) and not isinstance(alpha, bool) and 0 < alpha < math.inf:
        return float(alpha)
    raise NetworkError(f"surrogate {name!r}: alpha is {alpha!r}; it must be a finite number of more than 0")


def _is_spike_function(function: Callable[[Tensor], Tensor]) -> bool:
    """Whether a function of the user's gives spikes rather than a derivative, found out by a trial.

    Raises:
        NetworkError: It can be used as neither.
    """
    with torch.enable_grad():  # a spike function shows by its gradient
        x = torch.tensor([-2.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 2.0]).requires_grad_()
        result = function(x)
    name = getattr(function, "__name__", repr(function))
    if not isinstance(result, Tensor) or result.shape != x.shape or result.dtype != x.dtype:
        got = f"{tuple(result.shape)}, {result.dtype}" if isinstance(result, Tensor) else type(result).__name__
        raise NetworkError(
            f"surrogate {name} gives {got} for a tensor of {tuple(x.shape)}, {x.dtype}; it must give a tensor like x: "
            "the spikes or their derivative"
        )
    if not torch.isfinite(result).all():
        raise NetworkError(f"surrogate {name} is not finite between -2 and 2; it must give finite numbers everywhere")
    step = (x > 0).to(x.dtype)
    if torch.equal(result, (x >= 0).to(x.dtype)):
        raise NetworkError(
            f"surrogate {name} gives 1 for x = 0; to reach the threshold exactly is no spike here: give 1 for x > 0"
        )
    if not torch.equal(result, step):
        return False
    if not result.requires_grad:
        raise NetworkError(
            f"surrogate {name} gives spikes but has no gradient; give their derivative as a function of x, or an "
            "autograd function with a backward of its own"
        )
    return True
