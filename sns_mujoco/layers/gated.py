"""A layer of voltage-gated ion channels, such as persistent sodium or those of Hodgkin and Huxley."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.bounded import Number, as_floats
from sns_mujoco.layers.parameters import Draw, Parameters, Spec, check_last, sizes

GateMode = Literal["instantaneous", "voltage", "constant"]
MODES = ("instantaneous", "voltage", "constant")
LEAST_K = 1e-6
_STEEPEST = 40.0  # cosh of more overflows in float32, and a gate is as fast as a step long before


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What one gate of all channels of a layer is.

    Attributes:
        power: Exponent in the current, one number or one for each channel; 0 where a channel has not this gate.
        mode: "instantaneous": always at its steady state. "voltage": tau_z depends on the potential. "constant": it
            does not.
        slope: Where the layer's parameter of that name starts: positive for a gate that opens with the potential.
    """

    power: float | Sequence[float] = 1.0
    mode: GateMode = "voltage"
    slope: float = 5.0


PERSISTENT_SODIUM: Mapping[str, Gate] = MappingProxyType({"m": Gate(mode="instantaneous"), "h": Gate(slope=-5.0)})
"""An activation at once, a slow inactivation."""


class GatedChannelLayer(nn.Module):
    """Ion channels in every neuron of a layer.

        I = sum over channels g_ion (e_ion - V) prod over gates z^power
        z' = z + min(1, dt / tau_z) (z_inf - z)
        z_inf = 1 / (1 + k exp(slope (e - V))),    dt / tau_z = tau (k s)^(-1/2) (1 + k s),  s = exp(slope (e - V))

    The current uses the new gates and the old potential (SNS-Toolbox 1.5, Nourse et al. 2023, Biomimetics 8(2):247);
    a gate never overshoots its steady state. `params`: g_ion (0 or more), e_ion, and for each gate z: k_z (1e-6 or
    more), slope_z, e_z, and unless it is instantaneous tau_z = dt / tau_max (0 to 1), each [channels, size].
    """

    def __init__(
        self, size: int, channels: int = 1, gates: Mapping[str, Gate] = PERSISTENT_SODIUM,
        params: Mapping[str, Any] | None = None, generator: torch.Generator | None = None,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the channels.

        Args:
            size: Number of neurons.
            channels: Number of channels in each.
            gates: The gates by name, a letter or a word; for Hodgkin and Huxley's sodium and potassium, two channels
                with `{"m": Gate(power=(3, 0)), "h": Gate(power=(1, 0), slope=-5.0), "n": Gate(power=(0, 4))}`.
            params: Values that replace defaults: see `Parameters`.
            generator: Where default values are drawn from.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above.
            NetworkError: A value has a wrong shape or is out of bounds, or a gate is wrong.
        """
        super().__init__()
        self.size, self.channels = sizes((size, channels))
        shape, draw = (self.channels, self.size), Draw(generator, device, dtype)
        specs = {"g_ion": Spec(draw.uniform(shape), 0.0), "e_ion": Spec(4.0 * draw.uniform(shape) - 2.0)}
        self.modes: dict[str, GateMode] = {}
        for name, gate in gates.items():
            if not isinstance(name, str) or not name.isidentifier() or name == "ion":
                raise NetworkError(f"GatedChannelLayer: a gate is named {name!r}; give a letter or a word but 'ion'")
            if not isinstance(gate, Gate) or gate.mode not in MODES:
                raise NetworkError(
                    f"GatedChannelLayer: gate {name!r} is {gate!r}; give a Gate of mode {', '.join(MODES)}"
                )
            self.modes[name] = gate.mode
            self.register_buffer(f"power_{name}", _power(name, gate.power, self.channels, draw), persistent=False)
            specs |= {
                f"k_{name}": Spec(draw.constant(shape, 1.0), LEAST_K),
                f"slope_{name}": Spec(draw.constant(shape, gate.slope)),
                f"e_{name}": Spec(draw.uniform(shape)),
            }
            if gate.mode != "instantaneous":
                tau = 0.5 * draw.uniform(shape)
                specs[f"tau_{name}"] = Spec(tau, 0.0, 1.0, why="give a share dt / tau_max of at most 1")
        self.params = Parameters("GatedChannelLayer", specs, params)

    def forward(self, state: Tensor, gates: dict[str, Tensor] | None = None) -> tuple[Tensor, dict[str, Tensor]]:
        """Take one step.

        Args:
            state: Potentials [*batch, size].
            gates: The gates, by name [*batch, channels, size]; at their steady states if left out.

        Returns:
            Current into each neuron [*batch, size], and the new gates.

        Raises:
            NetworkError: The potentials do not end in the layer's size.
        """
        check_last("GatedChannelLayer", "state", state, (self.size,))
        v = state.unsqueeze(-2)
        current, new = self._full("g_ion") * (self.params["e_ion"] - v), {}
        for name, mode in self.modes.items():
            depth = self._depth(name, v)
            gate = torch.sigmoid(-depth)
            if mode != "instantaneous" and gates is not None:
                old = gates[name]
                gate = old + self._rate(name, mode, depth) * (gate - old)
            new[name] = gate
            current = current * gate ** getattr(self, f"power_{name}")
        return current.sum(-2), new

    def initial_state(self, state: Tensor) -> dict[str, Tensor]:
        """The gates at their steady states for potentials [*batch, size]."""
        return {name: torch.sigmoid(-self._depth(name, state.unsqueeze(-2))) for name in self.modes}

    def _full(self, name: str) -> Tensor:
        return self.params[name].expand(self.channels, self.size)

    def _depth(self, name: str, v: Tensor) -> Tensor:
        """log(k exp(slope (e - V))): how far a gate is on its shut side."""
        k, slope, e = (self._full(f"{part}_{name}") for part in ("k", "slope", "e"))
        return torch.log(k) + slope * (e - v)

    def _rate(self, name: str, mode: GateMode, depth: Tensor) -> Tensor:
        """Share of the way to its steady state that a gate takes in a step."""
        tau = self.params[f"tau_{name}"]
        if mode == "constant":
            return tau
        half = torch.clamp(0.5 * depth, -_STEEPEST, _STEEPEST)
        return torch.clamp(tau * 2.0 * torch.cosh(half), max=1.0)


def _power(name: str, power: Number, channels: int, draw: Draw) -> Tensor:
    """The exponents of a gate [channels, 1].

    Raises:
        NetworkError: They are negative or of another number.
    """
    powers = as_floats(f"GatedChannelLayer: power of gate {name!r}", power, draw.device, draw.dtype)
    if powers.ndim > 1 or powers.numel() not in (1, channels) or bool((powers < 0).any()):
        raise NetworkError(
            f"GatedChannelLayer: power of gate {name!r} is {power!r}; give one number of 0 or more, or {channels}"
        )
    return powers.reshape(-1, 1).expand(channels, 1).clone()
