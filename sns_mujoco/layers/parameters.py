"""The parameters of a layer: bounded leaves under SNSTorch's names, read as values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.layers.bounded import WITHIN, Bounded, Number, as_floats, check_within

Limit = Callable[["Parameters"], Tensor]
Size = int | Sequence[int]

EULER_LIMIT = 1.98
"""Greatest product of a rate and a step. Explicit Euler grows from 2 on; a little less lets a layer come to rest."""


class Spec(NamedTuple):
    """What a layer says of one of its parameters.

    Attributes:
        default: Its initial values where none are given; their shape is the full shape of the parameter.
        low: Least value, None for no bound.
        high: Greatest value, likewise.
        limit: A greatest value that depends on other parameters, from the whole collection.
        why: What a message says to do about a value that is too great.
    """

    default: Tensor
    low: float | None = None
    high: float | None = None
    limit: Limit | None = None
    why: str = WITHIN


class Parameters(nn.Module):
    """The parameters of a layer by name.

        layer.params["tau"]            the values that the layer uses, within their bounds, differentiable
        layer.params["tau"] = 0.1      other values; the leaf stays, so optimisers go on moving it
        layer.params.raw("tau")        the leaf, an nn.Parameter, for an optimiser's groups
        layer.params.raw("tau").grad   the gradient with respect to the values

    Dictionary methods are there: `in`, `len`, iteration, `keys`, `values`, `items`.
    """

    def __init__(
        self, owner: str, specs: Mapping[str, Spec], given: Mapping[str, Any] | None = None,
        learnable: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        """Make the leaves.

        Args:
            owner: Name of the layer, for messages.
            specs: All parameters.
            given: Values that replace defaults, each broadcastable to the default's shape and kept in its own, so
                that one number for a whole layer stays one parameter. An `nn.Parameter` of the layer's dtype and
                device becomes the leaf itself, `requires_grad` included.
            learnable: Names of those that have a gradient; all of them if left out.

        Raises:
            UnknownNameError: `given` or `learnable` has a name that the layer has not.
            NetworkError: A value has a wrong shape, is not finite, or is out of bounds.
        """
        super().__init__()
        self.owner = owner
        self._limits = {name: spec.limit for name, spec in specs.items()}
        self._held: dict[str, Tensor] | None = None
        given = {} if given is None else dict(given)
        for name in [*given, *(learnable or ())]:
            if name not in specs:
                raise unknown_name("parameter", name, specs, owner)
        for name, spec in specs.items():
            start = given.get(name, spec.default)
            asked = None if learnable is None else name in learnable
            setattr(self, name, self._leaf(name, start, spec, asked))
        for name in given:
            self._check_limit(name, self.raw(name))
        self.project_()  # a default draw may lie beyond what other values allow

    def __getitem__(self, name: str) -> Tensor:
        """The values of a parameter."""
        if self._held is not None and name in self._held:
            return self._held[name]
        leaf = self._bounded(name)
        return leaf(self._limit(name))

    def __setitem__(self, name: str, value: Number) -> None:
        """Give a parameter other values."""
        start = as_floats(f"{self.owner}: {name}", value, self.raw(name).device, self.raw(name).dtype)
        self._check_limit(name, start)
        self._bounded(name).assign(start)

    def __contains__(self, name: object) -> bool:
        """Whether there is a parameter of this name."""
        return name in self._limits

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._limits)

    def __len__(self) -> int:
        """Number of parameters."""
        return len(self._limits)

    def keys(self) -> list[str]:
        """The names."""
        return list(self._limits)

    def values(self) -> list[Tensor]:
        """The values of all."""
        return [self[name] for name in self._limits]

    def items(self) -> list[tuple[str, Tensor]]:
        """Names and values."""
        return [(name, self[name]) for name in self._limits]

    def raw(self, name: str) -> nn.Parameter:
        """The leaf of a parameter, which optimisers move and which carries the gradient.

        Raises:
            UnknownNameError: There is none of this name.
        """
        return self._bounded(name).raw

    def project_(self) -> None:
        """Bring all leaves themselves back within their bounds, in place."""
        for name in self._limits:
            self._bounded(name).project_(self._limit(name))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Work the values out once for all that is read inside: see `hold_parameters`."""
        outer = self._held
        self._held = dict(self.items()) if outer is None else outer
        try:
            yield
        finally:
            self._held = outer

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """Take SNSTorch's checkpoints too, which hold plain tensors instead of leaves."""
        for name in self._limits:
            if prefix + name in state_dict:
                state_dict[f"{prefix}{name}.raw"] = state_dict.pop(prefix + name)
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def _bounded(self, name: str) -> Bounded:
        if name not in self._limits:
            raise unknown_name("parameter", name, self._limits, self.owner)
        return getattr(self, name)

    def _leaf(self, name: str, start: Any, spec: Spec, learnable: bool | None) -> Bounded:
        """One bounded leaf."""
        label, like = f"{self.owner}: {name}", spec.default
        leaf = Bounded(
            start,
            spec.low,
            spec.high,
            name=label,
            remedy=spec.why,
            learnable=learnable,
            device=like.device,
            dtype=like.dtype,
        )
        try:
            fits = torch.broadcast_shapes(leaf.raw.shape, like.shape) == like.shape
        except RuntimeError:
            fits = False
        if not fits:
            raise NetworkError(
                f"{label} has shape {tuple(leaf.raw.shape)}; give {tuple(like.shape)}, or what can be broadcast to it"
            )
        return leaf

    def _limit(self, name: str) -> Tensor | None:
        """The greatest value that other parameters allow."""
        limit = self._limits[name]
        with torch.no_grad():
            return None if limit is None else limit(self)

    def _check_limit(self, name: str, value: Tensor) -> None:
        check_within(f"{self.owner}: {name}", value.detach(), None, self._limit(name), self._bounded(name).remedy)


@contextmanager
def hold_parameters(module: object) -> Iterator[None]:
    """Work the values of all parameters inside a module out once, for a loop over time.

    Inside, optimisers must not step. Results and gradients are the same as without it; `unroll` does this by itself.

    Args:
        module: A torch module; anything else is left alone.
    """
    with ExitStack() as stack:
        for part in module.modules() if isinstance(module, nn.Module) else ():
            if isinstance(part, Parameters):
                stack.enter_context(part.hold())
        yield


class Draw:
    """Default values, drawn or constant, of one dtype on one device."""

    def __init__(
        self, generator: torch.Generator | None, device: torch.device | str | None, dtype: torch.dtype | None
    ) -> None:
        """Keep where and how to draw.

        Args:
            generator: Its state decides the values, on whatever device it is; torch's own if left out.
            device: Where the values go; torch's default if left out.
            dtype: Floating point type; torch's default if left out.

        Raises:
            NetworkError: dtype is not a floating point type.
        """
        self.generator, self.dtype = generator, torch.get_default_dtype() if dtype is None else dtype
        self.device = torch.get_default_device() if device is None else torch.device(device)
        if not isinstance(self.dtype, torch.dtype) or not self.dtype.is_floating_point:
            raise NetworkError(f"dtype is {dtype!r}; give a floating point type such as torch.float64")
        self._source = self.device if generator is None else generator.device

    def uniform(self, shape: Size) -> Tensor:
        """Evenly spread from 0 to 1."""
        draw = torch.rand(sizes(shape), generator=self.generator, dtype=self.dtype, device=self._source)
        return draw.to(self.device)

    def normal(self, shape: Size) -> Tensor:
        """Normally spread around 0 with deviation 1."""
        draw = torch.randn(sizes(shape), generator=self.generator, dtype=self.dtype, device=self._source)
        return draw.to(self.device)

    def constant(self, shape: Size, value: float = 0.0) -> Tensor:
        """The same everywhere."""
        return torch.full(sizes(shape), value, dtype=self.dtype, device=self.device)


def sizes(size: Size) -> tuple[int, ...]:
    """A size as a tuple of whole numbers.

    Raises:
        NetworkError: It is not made of whole numbers of 1 or more.
    """
    given = tuple(size) if isinstance(size, Sequence) and not isinstance(size, str) else (size,)
    if any(isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1 for n in given):
        raise NetworkError(f"size is {size!r}; give whole numbers of 1 or more")
    return tuple(int(n) for n in given)


def check_last(owner: str, what: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    """Refuse a tensor whose last axes are not those of the layer.

    Raises:
        NetworkError: Names both shapes.
    """
    if tuple(tensor.shape[tensor.ndim - len(shape) :]) != shape or tensor.ndim < len(shape):
        raise NetworkError(
            f"{owner}: {what} has shape {tuple(tensor.shape)}; its last axes must be {shape}, batches come first"
        )
