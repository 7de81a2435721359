"""Layers of non-spiking neurons: SNSTorch's `NonSpikingLayer` and `AdaptiveNonSpikingLayer`.

Their parameters have no units: tau is the share dt / C of a step, leak the membrane conductance. Names, defaults and
equations are those of SNSTorch 0.1.3; with the same generator they even start from the same values. Different here:
rates and their products with tau are bounded, so that explicit Euler stays stable while they train.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from sns_mujoco.layers.parameters import EULER_LIMIT, Draw, Parameters, Size, Spec, check_last, sizes

SLOWER = f"explicit Euler needs tau * leak of at most {EULER_LIMIT:g}; give a smaller tau (a shorter step) or leak"
CALMER = "explicit Euler would let neuron and adaptation swing ever wider; give a smaller tauA or gainA, or more leak"


class NonSpikingLayer(nn.Module):
    """Leaky membranes whose potential is their message.

        V' = V + tau (-leak (V - rest) + bias + x)

    `params`: tau (0 to 1.98 / leak), leak (0 or more), rest, bias, init (the initial potential), each of the layer's
    size. The conductance of synapses adds to the leak: keep tau (leak + sum of conductances) below 2.
    """

    def __init__(
        self, size: Size, params: Mapping[str, Any] | None = None, generator: torch.Generator | None = None,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the layer.

        Args:
            size: Number of neurons, or the shape of a field of them.
            params: Values that replace defaults: see `Parameters`.
            generator: Where default values are drawn from.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above.
            NetworkError: A value has a wrong shape or is out of bounds, or the size is none.
        """
        super().__init__()
        self.size = sizes(size)
        draw = Draw(generator, device, dtype)
        specs = {
            "tau": Spec(0.5 * draw.uniform(size), 0.0, limit=tau_limit, why=SLOWER),
            "leak": Spec(draw.uniform(size), 0.0),
            "rest": Spec(draw.constant(size)),
            "bias": Spec(draw.uniform(size)),
            "init": Spec(draw.uniform(size)),
        }
        self.params = Parameters("NonSpikingLayer", specs, params)

    def forward(self, x: Tensor | float, state: Tensor | None = None) -> Tensor:
        """Take one step.

        Args:
            x: Input current, [*batch, *size] or broadcastable to it.
            state: Potentials [*batch, *size]; the initial ones if left out.

        Returns:
            The new potentials [*batch, *size].

        Raises:
            NetworkError: The state does not end in the layer's size.
        """
        p = self.params
        state = self.initial_state(batch_of(x, self.size)) if state is None else state
        check_last("NonSpikingLayer", "state", state, self.size)
        return state + p["tau"] * (-p["leak"] * (state - p["rest"]) + p["bias"] + x)

    def step(self, x: Tensor | float, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The same as (output, state), for `unroll`."""
        new = self(x, state)
        return new, new

    def initial_state(self, batch: Size = ()) -> Tensor:
        """Initial potentials [*batch, *size]."""
        return expanded(self.params["init"], batch, self.size)


class AdaptiveNonSpikingLayer(nn.Module):
    """Leaky membranes, each with an adaptation that follows its potential and counteracts it.

        u' = u + tauU (-leakU (u - restU) + biasU + x - gainA a)
        a' = a + tauA (-leakA (a - restA) + u),         both from the old u and a

    `params`: tauU (0 to 1.98 / leakU), leakU, restU, biasU, initU, tauA, leakA, restA, gainA (leaks and gain 0 or
    more), initA, each of the layer's size. tauA stays below 1.98 / leakA and below the value from which the two would
    swing ever wider, leakU / (gainA + leakU leakA - leakA / tauU), times 0.99. (There the determinant of the Euler map
    is 1; where the denominator is not positive, there is no such value.) With a tauA of your own, give leakU and gainA
    too: drawn ones may not go with it.
    """

    def __init__(
        self, size: Size, params: Mapping[str, Any] | None = None, generator: torch.Generator | None = None,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the layer; arguments and errors as for `NonSpikingLayer`."""
        super().__init__()
        self.size = sizes(size)
        draw = Draw(generator, device, dtype)
        specs = {
            "tauU": Spec(0.5 * draw.uniform(size), 0.0, limit=_tau_u_limit, why=SLOWER),
            "leakU": Spec(draw.uniform(size), 0.0),
            "restU": Spec(draw.constant(size)),
            "biasU": Spec(draw.uniform(size)),
            "initU": Spec(draw.uniform(size)),
            "tauA": Spec(0.5 * draw.uniform(size), 0.0, limit=_tau_a_limit, why=CALMER),
            "leakA": Spec(draw.uniform(size), 0.0),
            "restA": Spec(draw.constant(size)),
            "gainA": Spec(draw.uniform(size), 0.0),
            "initA": Spec(draw.uniform(size)),
        }
        self.params = Parameters("AdaptiveNonSpikingLayer", specs, params)

    def forward(self, x: Tensor | float, u: Tensor | None = None, a: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Take one step.

        Args:
            x: Input current, [*batch, *size] or broadcastable to it.
            u: Potentials [*batch, *size]; the initial ones if left out.
            a: Adaptations [*batch, *size]; the initial ones if left out.

        Returns:
            The new potentials and adaptations.

        Raises:
            NetworkError: A state does not end in the layer's size.
        """
        p = self.params
        first_u, first_a = self.initial_state(batch_of(x, self.size))
        u, a = first_u if u is None else u, first_a if a is None else a
        check_last("AdaptiveNonSpikingLayer", "u", u, self.size)
        check_last("AdaptiveNonSpikingLayer", "a", a, self.size)
        new_u = u + p["tauU"] * (-p["leakU"] * (u - p["restU"]) + p["biasU"] + x - p["gainA"] * a)
        new_a = a + p["tauA"] * (-p["leakA"] * (a - p["restA"]) + u)
        return new_u, new_a

    def step(
        self, x: Tensor | float, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The same as (potentials, (potentials, adaptations)), for `unroll`."""
        u, a = self(x, *(state or (None, None)))
        return u, (u, a)

    def initial_state(self, batch: Size = ()) -> tuple[Tensor, Tensor]:
        """Initial potentials and adaptations, each [*batch, *size]."""
        return expanded(self.params["initU"], batch, self.size), expanded(self.params["initA"], batch, self.size)


def tau_limit(params: Parameters) -> Tensor:
    """Greatest tau at which the membrane is stable."""
    return EULER_LIMIT / params["leak"]


def expanded(value: Tensor, batch: Size, size: tuple[int, ...]) -> Tensor:
    """A parameter as a state [*batch, *size]."""
    return value.expand(*sizes(batch), *size)


def batch_of(x: Tensor | float, size: tuple[int, ...]) -> tuple[int, ...]:
    """The batch axes of an input."""
    return tuple(x.shape[: max(x.ndim - len(size), 0)]) if isinstance(x, Tensor) else ()


def _tau_u_limit(params: Parameters) -> Tensor:
    return EULER_LIMIT / params["leakU"]


def _tau_a_limit(params: Parameters) -> Tensor:
    """Greatest tauA, see `AdaptiveNonSpikingLayer`; 0 / 0, from neurons that stand still, sets no bound."""
    leak_u, leak_a, gain = params["leakU"], params["leakA"], params["gainA"]
    pull = gain + leak_u * leak_a - leak_a / params["tauU"]
    swing = torch.where(pull > 0, 0.99 * leak_u / pull, torch.inf)
    return torch.minimum(EULER_LIMIT / leak_a, swing)
