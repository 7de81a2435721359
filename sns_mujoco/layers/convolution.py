"""Graded chemical synapses with a shared kernel: SNSTorch's `NonSpikingChemicalSynapseConv`, for any channels."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.activations import ClampActivation, make_activation
from sns_mujoco.layers.parameters import Draw, Parameters, Size, Spec, sizes

OWNER = "NonSpikingChemicalSynapseConv"
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
_CONVOLVE = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}


class NonSpikingChemicalSynapseConv(nn.Module):
    """Graded synapses from a field of neurons to another, the same kernel at every place.

        I = conv(act(V_pre); G E) - conv(act(V_pre); G) V_post

    with torch's convolution (a cross-correlation, no bias). `params`: conductance (0 or more), reversal, each
    [out_channels, in_channels / groups, *kernel]. Zero padding adds synapses that are shut.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Size, conv_dim: int = 2,
        params: Mapping[str, Any] | None = None, stride: Size = 1, padding: Size | Literal["same", "valid"] = 0,
        dilation: Size = 1, groups: int = 1, padding_mode: str = "zeros",
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
        activation: Any = ClampActivation, generator: torch.Generator | None = None,
    ) -> None:  # fmt: skip
        """Make the synapses.

        Args:
            in_channels: Channels of the presynaptic field.
            out_channels: Channels of the postsynaptic field.
            kernel_size: Extent of the kernel, one number or one for each axis of the field.
            conv_dim: Number of axes of the fields: 1, 2 or 3.
            params: Values that replace defaults: see `Parameters`.
            stride: Step from one postsynaptic neuron to the next, likewise.
            padding: Width of the rim around the presynaptic field, likewise; "same" keeps the size of the field,
                "valid" is 0.
            dilation: Distance between the elements of the kernel, likewise.
            groups: Parts of the channels that are connected only among each other.
            padding_mode: What the rim holds: "zeros", "reflect", "replicate" or "circular".
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.
            activation: Module or function from presynaptic potentials to shares from 0 to 1, or a class to make one.
            generator: Where default values are drawn from.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above.
            NetworkError: A number of channels, axes or groups, a padding or a value in `params` does not fit.
        """
        super().__init__()
        if conv_dim not in _CONVOLVE:
            raise NetworkError(f"{OWNER}: conv_dim is {conv_dim!r}; give 1, 2 or 3")
        self.in_channels, self.out_channels, self.groups = sizes((in_channels, out_channels, groups))
        if in_channels % groups or out_channels % groups:
            raise NetworkError(
                f"{OWNER}: {in_channels} channels in and {out_channels} out do not divide into {groups} groups"
            )
        if padding_mode not in PADDING_MODES:
            raise NetworkError(f"{OWNER}: padding_mode is {padding_mode!r}; give one of {', '.join(PADDING_MODES)}")
        self.conv_dim, self.padding_mode = conv_dim, padding_mode
        self.kernel_size = _each_axis("kernel_size", kernel_size, conv_dim, 1)
        self.stride = _each_axis("stride", stride, conv_dim, 1)
        self.dilation = _each_axis("dilation", dilation, conv_dim, 1)
        self._rim = self._padding(padding)

        shape, draw = (out_channels, in_channels // groups, *self.kernel_size), Draw(generator, device, dtype)
        strength = draw.normal(shape)
        specs = {
            "conductance": Spec(torch.clamp(strength / strength.numel(), min=0.0), 0.0),
            "reversal": Spec(2.0 * draw.normal(shape) - 1.0),
        }
        self.params = Parameters(OWNER, specs, params)
        self.activation = make_activation(OWNER, activation)

    def forward(self, state_pre: Tensor, state_post: Tensor) -> Tensor:
        """Synaptic currents.

        Args:
            state_pre: Presynaptic potentials [*batch, in_channels, *field], any number of batch axes, none included.
                With one channel in and one out, the axis of the channels may be left out, as in SNSTorch.
            state_post: Postsynaptic potentials [*batch, out_channels, *field], with the fields' size as torch's
                convolution makes it (`field_after`).

        Returns:
            Current into each postsynaptic neuron, [*batch, out_channels, *field] or without that axis.

        Raises:
            NetworkError: The shapes do not fit.
        """
        n = self.conv_dim
        single = self.in_channels == self.out_channels == 1
        lead = state_pre.shape[:-n] if single else state_pre.shape[: -n - 1]
        if state_pre.ndim < n + (not single) or not (single or state_pre.shape[-n - 1] == self.in_channels):
            raise NetworkError(
                f"{OWNER}: state_pre has shape {tuple(state_pre.shape)}; give [*batch, {self.in_channels} channels, "
                f"{n} axes]"
            )
        field = self.field_after(tuple(state_pre.shape[-n:]))
        expected = (*lead, *(() if single else (self.out_channels,)), *field)
        if tuple(state_post.shape[-n:]) != field:
            raise NetworkError(
                f"{OWNER}: state_post has shape {tuple(state_post.shape)}; for state_pre of shape "
                f"{tuple(state_pre.shape)} it must be {expected}"
            )
        active = self.activation(state_pre).reshape(-1, self.in_channels, *state_pre.shape[-n:])
        shape = (self.out_channels, self.in_channels // self.groups, *self.kernel_size)
        conductance, reversal = (self.params[name].expand(shape) for name in ("conductance", "reversal"))
        active = self._padded(active)
        drive, load = (
            self._convolve(active, kernel).reshape(expected) for kernel in (conductance * reversal, conductance)
        )
        return drive - load * state_post

    def field_after(self, field: Sequence[int]) -> tuple[int, ...]:
        """Size of the postsynaptic field for a presynaptic one.

        Raises:
            NetworkError: The kernel is larger than the padded field.
        """
        after = tuple(
            (extent + low + high - d * (k - 1) - 1) // s + 1
            for extent, (low, high), k, d, s in zip(
                field, self._rim, self.kernel_size, self.dilation, self.stride, strict=True
            )
        )
        if min(after) < 1:
            raise NetworkError(f"{OWNER}: a field of {tuple(field)} is smaller than the kernel {self.kernel_size}")
        return after

    def setup(self) -> None:
        """Bring the leaf of the conductance back to 0 or more, in place; the values always are."""
        self.params.project_()

    def _convolve(self, active: Tensor, kernel: Tensor) -> Tensor:
        return _CONVOLVE[self.conv_dim](active, kernel, stride=self.stride, dilation=self.dilation, groups=self.groups)

    def _padded(self, active: Tensor) -> Tensor:
        """The activations with their rim; the last axis comes first in torch's padding."""
        widths = [width for axis in reversed(self._rim) for width in axis]
        if not any(widths):
            return active
        return functional.pad(active, widths, "constant" if self.padding_mode == "zeros" else self.padding_mode)

    def _padding(self, padding: Size | str) -> tuple[tuple[int, int], ...]:
        """Width of the rim before and after each axis."""
        if not isinstance(padding, str):
            return tuple((width, width) for width in _each_axis("padding", padding, self.conv_dim, 0))
        spans = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
        if padding == "valid":
            return ((0, 0),) * self.conv_dim
        if padding == "same" and set(self.stride) == {1}:
            return tuple((span // 2, span - span // 2) for span in spans)
        raise NetworkError(f"{OWNER}: padding is {padding!r}; give whole numbers, 'valid', or, with stride 1, 'same'")


def _each_axis(name: str, value: Size, axes: int, least: int) -> tuple[int, ...]:
    """One whole number for each axis of a field."""
    given = tuple(value) if isinstance(value, Sequence) else (value,) * axes
    if len(given) != axes or any(isinstance(n, bool) or not isinstance(n, int) or n < least for n in given):
        raise NetworkError(
            f"{OWNER}: {name} is {value!r}; give a whole number of {least} or more, or one for each of {axes} axes"
        )
    return given
