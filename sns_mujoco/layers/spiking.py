"""A layer of spiking neurons: SNS-Toolbox's generalised integrate-and-fire, with surrogate gradients."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.nonspiking import SLOWER, batch_of, expanded, tau_limit
from sns_mujoco.layers.parameters import EULER_LIMIT, Draw, Parameters, Size, Spec, check_last, sizes
from sns_mujoco.layers.surrogates import surrogate

FOLLOWS = f"explicit Euler needs threshold_tau * threshold_leak of at most {EULER_LIMIT:g}; give smaller ones"


class SpikingState(NamedTuple):
    """State of a layer of spiking neurons, each [*batch, *size].

    Attributes:
        potential: After reset.
        threshold: After its increment.
        refractory: Steps for which the neuron is still held at its reset potential.
    """

    potential: Tensor
    threshold: Tensor
    refractory: Tensor


class SpikingLayer(nn.Module):
    """Leaky integrate-and-fire neurons with a moving threshold.

        V*     = V + tau (-leak (V - rest) + bias + x)
        theta* = theta + threshold_tau (threshold_leak (threshold_init - theta) + threshold_gain (V - rest))
        spike  = 1 if V* > theta* and not refractory, else 0
        V'     = reset where spike or refractory, else V*         (reset_mode "value")
                 reset + V* - theta* where spike                  (reset_mode "subtract")
        theta' = theta* + max(threshold_increment, threshold_floor - theta*) where spike, else theta*

    Order and equations are those of SNS-Toolbox 1.5 (Nourse et al. 2023, Biomimetics 8(2):247) and of this package's
    other backends. `params`: tau = dt / C (0 to 1.98 / leak), leak (0 or more), rest, bias, init, reset,
    threshold_tau = dt / tau_theta (0 to 1.98 / threshold_leak), threshold_leak (0 or more), threshold_init,
    threshold_gain, threshold_increment, threshold_floor, each of the layer's size.
    """

    def __init__(
        self, size: Size, params: Mapping[str, Any] | None = None, generator: torch.Generator | None = None,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None, *,
        spike: str | Callable[[Tensor], Tensor] = "superspike", alpha: float | None = None,
        refractory_steps: int | Tensor = 0, reset_mode: Literal["value", "subtract"] = "value",
        detach_reset: bool = False,
    ) -> None:  # fmt: skip
        """Make the layer.

        Args:
            size: Number of neurons, or the shape of a field of them.
            params: Values that replace defaults: see `Parameters`.
            generator: Where default values are drawn from.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.
            spike: Surrogate gradient of a spike, a name or a function: see `surrogate`.
            alpha: Its sharpness; its own default if left out.
            refractory_steps: Steps after a spike for which a neuron is held at its reset potential, one number or a
                tensor with one for each neuron.
            reset_mode: "value": a spike sets V to the reset potential. "subtract": it keeps what was above threshold.
            detach_reset: Whether gradients pass by the reset and the threshold's increment.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above, or there is no such surrogate.
            NetworkError: A value has a wrong shape or is out of bounds, or a number of steps is not whole.
        """
        super().__init__()
        if reset_mode not in ("value", "subtract"):
            raise NetworkError(f"SpikingLayer: reset_mode is {reset_mode!r}; give 'value' or 'subtract'")
        self.size, self.reset_mode, self.detach_reset = sizes(size), reset_mode, detach_reset
        draw = Draw(generator, device, dtype)
        specs = {
            "tau": Spec(0.5 * draw.uniform(size), 0.0, limit=tau_limit, why=SLOWER),
            "leak": Spec(draw.uniform(size), 0.0),
            "rest": Spec(draw.constant(size)),
            "bias": Spec(draw.uniform(size)),
            "init": Spec(draw.uniform(size)),
            "reset": Spec(draw.constant(size)),
            "threshold_tau": Spec(0.5 * draw.uniform(size), 0.0, limit=_threshold_limit, why=FOLLOWS),
            "threshold_leak": Spec(draw.constant(size, 1.0), 0.0),
            "threshold_init": Spec(draw.constant(size, 1.0)),
            "threshold_gain": Spec(draw.constant(size)),
            "threshold_increment": Spec(draw.constant(size)),
            "threshold_floor": Spec(draw.constant(size)),
        }
        self.params = Parameters("SpikingLayer", specs, params)
        self.spike = surrogate(spike, alpha)
        steps = torch.as_tensor(refractory_steps, device=draw.device)
        if steps.is_floating_point() or steps.dtype == torch.bool or bool((steps < 0).any()):
            raise NetworkError(f"SpikingLayer: refractory_steps is {refractory_steps!r}; give whole steps of 0 or more")
        try:
            self.register_buffer("refractory_steps", steps.expand(self.size).clone(), persistent=False)
        except RuntimeError as error:
            raise NetworkError(
                f"SpikingLayer: refractory_steps has shape {tuple(steps.shape)}; give one number or {self.size}"
            ) from error
        self.refractory_steps: Tensor

    def forward(self, x: Tensor | float, state: SpikingState | None = None) -> tuple[Tensor, SpikingState]:
        """Take one step.

        Args:
            x: Input current, [*batch, *size] or broadcastable to it.
            state: State; the initial one if left out.

        Returns:
            Spikes [*batch, *size], 0 or 1, and the new state.

        Raises:
            NetworkError: The state does not end in the layer's size.
        """
        p = self.params
        v, theta, refractory = self.initial_state(batch_of(x, self.size)) if state is None else state
        check_last("SpikingLayer", "state", v, self.size)
        rise = p["threshold_leak"] * (p["threshold_init"] - theta) + p["threshold_gain"] * (v - p["rest"])
        theta = theta + p["threshold_tau"] * rise
        v = v + p["tau"] * (-p["leak"] * (v - p["rest"]) + p["bias"] + x)

        held = refractory > 0
        spikes = torch.where(held, 0.0, self.spike(v - theta))
        refractory = torch.where(spikes > 0, self.refractory_steps, torch.clamp(refractory - 1, min=0))

        jump = spikes.detach() if self.detach_reset else spikes
        after = p["reset"] if self.reset_mode == "value" else v - theta + p["reset"]
        v = torch.where(held, p["reset"], (1.0 - jump) * v + jump * after)
        theta = theta + jump * torch.maximum(p["threshold_increment"], p["threshold_floor"] - theta)
        return spikes, SpikingState(v, theta, refractory)

    def initial_state(self, batch: Size = ()) -> SpikingState:
        """Initial state, [*batch, *size] each: init, threshold_init, and no neuron refractory."""
        v, theta = (expanded(self.params[name], batch, self.size) for name in ("init", "threshold_init"))
        return SpikingState(v, theta, torch.zeros_like(self.refractory_steps).expand(v.shape))


def _threshold_limit(params: Parameters) -> Tensor:
    return EULER_LIMIT / params["threshold_leak"]
