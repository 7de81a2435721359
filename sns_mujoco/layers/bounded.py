"""Learnable parameters that keep their bounds while they train.

The optimiser moves a leaf, `raw`; the model uses its `value`, which is `raw` kept within the bounds. Nothing is
replaced after an optimiser was made, so it always moves what the model uses.

Why the value is cut off at the bounds rather than mapped smoothly (softplus, sigmoid): within the bounds `raw` is the
value itself, to the last bit, so the gradient of the one is the gradient of the other and learning rates keep their
meaning; a conductance can start at exactly 0 and still learn; and nothing saturates, however large a step an optimiser
takes. At a bound, a gradient that points further out is held back and one that points inward passes: a parameter
that was pushed against its bound leaves it as soon as the loss wants it to.

"Inward" is meant for an optimiser that minimises. With `maximize=True`, call `project_()` after every step.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError

Number = ArrayLike | Tensor
WITHIN = "give a value within its bounds"


def keep_within(raw: Tensor, low: Tensor | None, high: Tensor | None) -> Tensor:
    """`raw` cut off at its bounds, differentiable so that it finds its way back from beyond them.

    Args:
        raw: Any shape.
        low: Least value, broadcastable to `raw`; None for no bound. No gradient flows into the bounds.
        high: Greatest value, likewise.

    Returns:
        The value, of the shape of `raw`.
    """
    if low is None and high is None:
        return raw
    return _KeepWithin.apply(raw, low, high)  # pyright: ignore[reportReturnType]


class _KeepWithin(torch.autograd.Function):
    """Clamp whose gradient vanishes only where a descent along it would lead further out."""

    generate_vmap_rule = True

    @staticmethod
    def forward(raw: Tensor, low: Tensor | None, high: Tensor | None) -> Tensor:
        return torch.clamp(raw, low, high)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Tensor) -> None:
        raw, _, _ = inputs
        ctx.save_for_backward(raw, output)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        raw, value = ctx.saved_tensors
        gradient = gradients[0]
        outward = ((raw < value) & (gradient > 0)) | ((raw > value) & (gradient < 0))
        return torch.where(outward, 0.0, gradient), None, None


class Bounded(nn.Module):
    """A learnable parameter with bounds.

        conductance = Bounded(0.5, low=0.0, name="conductance")
        optimiser = torch.optim.Adam(conductance.parameters())
        current = conductance() * (reversal - potential)  # calling it gives the value

    `raw.grad` is the gradient with respect to the value. See the module for what happens at a bound.

    Attributes:
        raw: The leaf that an optimiser moves; equal to the value as long as it is within the bounds.
        name: How messages name it.
    """

    raw: nn.Parameter

    def __init__(
        self, value: Number, low: Number | None = None, high: Number | None = None, *, name: str = "parameter",
        remedy: str = WITHIN, learnable: bool | None = None, device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Start at a value.

        Args:
            value: Initial value, any shape. An `nn.Parameter` of the right dtype and device becomes the leaf itself,
                so that it can be shared or already be in an optimiser.
            low: Least value, broadcastable to `value`; None for no bound. The bound itself is allowed.
            high: Greatest value, likewise.
            name: How messages name it.
            remedy: What a message says to do about a value that is too great.
            learnable: Whether it has a gradient. If left out: what a given `nn.Parameter` says, otherwise True.
            device: Device; that of `value` if left out.
            dtype: Floating point type; that of `value` if left out, torch's default for plain numbers.

        Raises:
            NetworkError: The value is not made of finite numbers or out of bounds, or the bounds do not fit it or
                exclude each other.
        """
        super().__init__()
        self.name, self.remedy = name, remedy
        start = as_floats(name, value, device, dtype)
        if start is not value or not isinstance(start, nn.Parameter):
            kept = not isinstance(value, nn.Parameter) or value.requires_grad
            start = nn.Parameter(start.detach().clone(), requires_grad=kept)
        if learnable is not None:
            start.requires_grad_(learnable)
        self.raw = start
        for side, bound in (("low", low), ("high", high)):
            self.register_buffer(side, self._bound(side, bound), persistent=False)
        self.low: Tensor | None
        self.high: Tensor | None
        if self.low is not None and self.high is not None and bool((self.low > self.high).any()):
            raise NetworkError(f"{name}: its least value {_range(self.low)} is above its greatest {_range(self.high)}")
        check_within(name, start, self.low, self.high, remedy)

    def forward(self, limit: Tensor | None = None) -> Tensor:
        """The value, within its bounds.

        Args:
            limit: A further greatest value, where it depends on other parameters. Where it has several entries for
                one of the value, the least of them counts.
        """
        return keep_within(self.raw, self.low, self._highest(limit))

    @torch.no_grad()
    def assign(self, value: Number, limit: Tensor | None = None) -> None:
        """Give it another value; the leaf stays the same, so optimisers go on moving it.

        Args:
            value: Broadcastable to the shape it has.
            limit: As for calling it.

        Raises:
            NetworkError: The value does not fit or is out of bounds.
        """
        given = as_floats(self.name, value, self.raw.device, self.raw.dtype)
        if not _fits(given, self.raw):
            raise NetworkError(
                f"{self.name}: a value of shape {tuple(given.shape)} does not fit {tuple(self.raw.shape)}"
            )
        check_within(self.name, given, self.low, self._highest(limit), self.remedy)
        self.raw.copy_(given)

    @torch.no_grad()
    def project_(self, limit: Tensor | None = None) -> None:
        """Bring the leaf itself back within the bounds, in place."""
        self.raw.copy_(keep_within(self.raw, self.low, self._highest(limit)))

    def extra_repr(self) -> str:
        """Name, shape and bounds."""
        low, high = (None if bound is None else _range(bound) for bound in (self.low, self.high))
        return f"{self.name}, shape={tuple(self.raw.shape)}, low={low}, high={high}"

    def _highest(self, limit: Tensor | None) -> Tensor | None:
        if limit is None:
            return self.high
        limit = _least(limit.detach(), self.raw.shape)
        return limit if self.high is None else torch.minimum(self.high, limit)

    def _bound(self, side: str, bound: Number | None) -> Tensor | None:
        if bound is None:
            return None
        tensor = _as_tensor(f"{self.name}: {side}", bound).detach().to(self.raw)
        if bool(tensor.isnan().any()) or not _fits(tensor, self.raw):
            raise NetworkError(
                f"{self.name}: {side} is {bound!r} for a value of shape {tuple(self.raw.shape)}; give a number, or one "
                "for each value"
            )
        return tensor


def as_floats(name: str, value: Number, device: torch.device | str | None, dtype: torch.dtype | None) -> Tensor:
    """A value as a tensor of finite floating point numbers; the very same tensor where it is one already.

    Raises:
        NetworkError: It is not numeric, or not finite.
    """
    tensor = _as_tensor(name, value)
    typed = value.dtype.kind == "f" if isinstance(value, np.ndarray) else isinstance(value, Tensor)
    if dtype is None and not (typed and tensor.is_floating_point()):
        dtype = torch.get_default_dtype()
    tensor = tensor.to(device=device, dtype=dtype)
    if not bool(torch.isfinite(tensor).all()):
        raise NetworkError(f"{name} is {float(tensor[~torch.isfinite(tensor)][0])}; it must be finite")
    return tensor


def _as_tensor(name: str, value: Number) -> Tensor:
    """A value as a tensor of real numbers, with all the digits that it has.

    Raises:
        NetworkError: It is not numeric.
    """
    if isinstance(value, Tensor):
        if value.dtype == torch.bool or value.is_complex():
            raise NetworkError(f"{name} is of {value.dtype}; give real numbers")
        return value
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different length
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise NetworkError(f"{name} is {value!r}; give a number, an array or a tensor of numbers")
    return torch.from_numpy(array.astype(np.float32 if array.dtype == np.float32 else np.float64, order="C"))


def check_within(name: str, value: Tensor, low: Tensor | None, high: Tensor | None, remedy: str = WITHIN) -> None:
    """Refuse values out of bounds.

    Raises:
        NetworkError: Names the first of them, and what is allowed.
    """
    for bound, beyond, rule, what in ((low, torch.lt, "at least", WITHIN), (high, torch.gt, "at most", remedy)):
        if bound is None:
            continue
        broken = beyond(value, bound)
        if bool(broken.any()):
            at = tuple(int(i) for i in broken.nonzero()[0])
            got, allowed = (float(side.detach().expand(broken.shape)[at]) for side in (value, bound))
            where = f"[{', '.join(map(str, at))}]" if value.ndim else ""
            raise NetworkError(f"{name}{where} is {got:g}; it must be {rule} {allowed:g}: {what}")


def _fits(part: Tensor, whole: Tensor) -> bool:
    """Whether one tensor can be broadcast to the shape of another."""
    try:
        return torch.broadcast_shapes(part.shape, whole.shape) == whole.shape
    except RuntimeError:
        return False


def _least(limit: Tensor, shape: torch.Size) -> Tensor:
    """The least of a limit over the axes that a value of this shape has not, or has once."""
    more = limit.ndim - len(shape)
    if more > 0:
        limit = limit.amin(tuple(range(more)))
    shared = [axis for axis in range(-limit.ndim, 0) if shape[axis] == 1 != limit.shape[axis]]
    return limit.amin(shared, keepdim=True) if shared else limit


def _range(bound: Tensor) -> str:
    """A bound as a reader would say it."""
    low, high = (float(f(bound)) if bound.numel() else float("nan") for f in (torch.min, torch.max))
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
