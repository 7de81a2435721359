"""Adapters in torch: the ramps and curves of afferents and efferents, on tensors and with gradients.

The numbers are those of `adapters/afferents.py`, `adapters/efferents.py` and `adapters/gains.py`, which the native
plugin computes as well. What has no gradient here, or needs a memory of its own, is refused.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import AntagonistPair, Efferent, MotorNeuron
from sns_mujoco.adapters.gains import Bell, Gain, LengthTension, Polynomial, Sigmoid
from sns_mujoco.errors import AttachError

Function = Callable[[Tensor], Tensor]


def current(afferent: Afferent) -> Function:
    """From the signal of an afferent to its current (nA), elementwise.

    Raises:
        AttachError: It has a delay, noise, or a curve that is not known here.
    """
    for name, remedy in (("delay", "give a synapse behind it the delay"), ("noise", "let the environment add it")):
        if getattr(afferent, name) != 0.0:
            raise AttachError(f"{afferent.label}: {name} is {getattr(afferent, name)!r}; an actor has none: {remedy}")
    if afferent.curve is not None:
        return curve(afferent.label, afferent.curve)
    assert afferent.range is not None  # an afferent without a curve has one
    ramp = _ramp(afferent.range, clip=afferent.clip)
    return lambda signal: afferent.offset + afferent.gain * ramp(signal)


def activation(efferent: Efferent) -> Function:
    """From the potential (mV) of a motor neuron to its activation, elementwise.

    Raises:
        AttachError: It has a delay or a curve that is not known here, or is a pool of spiking motor neurons.
    """
    if not isinstance(efferent, MotorNeuron | AntagonistPair):
        raise AttachError(
            f"{efferent.label}: its output depends on its past; let the neurons drive a non-spiking one through a "
            "SpikingSynapse, and give that a MotorNeuron"
        )
    if efferent.delay != 0.0:
        raise AttachError(
            f"{efferent.label}: delay is {efferent.delay!r}; an actor has none: give a synapse before it the delay"
        )
    if efferent.curve is not None:
        return curve(efferent.label, efferent.curve)
    if efferent.sigmoid is not None:
        midpoint, slope = efferent.sigmoid
        return lambda v: torch.sigmoid(slope * (v - midpoint))
    return _ramp(efferent.range, clip=True)


def curve(label: str, gain: Gain) -> Function:
    """A gain on tensors.

    Args:
        label: Of the adapter, for messages.
        gain: One of `sns_mujoco.adapters.gains`.

    Raises:
        AttachError: It is of a kind that is not known here.
    """
    inside = _inside(label, gain)
    if gain.limits is None or gain.limit_outputs is None:
        return inside
    (low, high), (below, above) = gain.limits, gain.limit_outputs

    def limited(x: Tensor) -> Tensor:
        # where it is outside, the curve is not even computed: an infinite slope there would spoil the gradient
        value = inside(x.clamp(low, high))
        return torch.where(x < low, below, torch.where(x > high, above, value))

    return limited


def columns(functions: Sequence[Function], x: Tensor) -> Tensor:
    """One function for each column of x [..., n]."""
    if not functions:
        return x[..., :0]
    return torch.stack([function(x[..., k]) for k, function in enumerate(functions)], -1)


def _inside(label: str, gain: Gain) -> Function:
    if isinstance(gain, Polynomial):
        return lambda x: gain.a * x * x * x + gain.b * x * x + gain.c * x + gain.d
    if isinstance(gain, Sigmoid):
        return lambda x: gain.b * torch.sigmoid(gain.c * (x - gain.a)) + gain.d
    if isinstance(gain, Bell):
        return lambda x: gain.b * torch.exp(-gain.c * (x - gain.a) ** 2) + gain.d
    if isinstance(gain, LengthTension):
        return lambda x: (1.0 - ((x - gain.rest_length) / gain.width) ** 2).clamp(min=0.0)
    allowed = "Polynomial, Sigmoid, Bell or LengthTension"
    raise AttachError(f"{label}: curve is a {type(gain).__name__}, which an actor cannot learn through; give {allowed}")


def _ramp(ends: tuple[float, float], *, clip: bool) -> Function:
    low, high = ends
    scale = 1.0 / (high - low)
    return lambda x: ((x - low) * scale).clamp(0.0, 1.0) if clip else (x - low) * scale
