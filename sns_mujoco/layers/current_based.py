"""Leaky integrators and integrate-and-fire neurons with current-based synapses, as Norse has them.

Equations, order, defaults and units are those of Norse 1.1 (Pehle & Pedersen 2021, doi:10.5281/zenodo.4422025): rates
in 1/s, steps in s, potentials without unit. Inputs have any shape; the state takes theirs. Spikes are strict: v = v_th
is none. Norse 1.1.0's own SuperSpike ignores its alpha; this one does not.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.bounded import Number
from sns_mujoco.layers.parameters import EULER_LIMIT, Draw, Parameters, Size, Spec, sizes
from sns_mujoco.layers.surrogates import surrogate

Reset = Literal["value", "subtract"]


class PotentialState(NamedTuple):
    """State of a membrane alone.

    Attributes:
        v: Membrane potential, of the input's shape.
    """

    v: Tensor


class CurrentState(NamedTuple):
    """State of a membrane and its synaptic current.

    Attributes:
        v: Membrane potential, of the input's shape.
        i: Synaptic current, of the input's shape.
    """

    v: Tensor
    i: Tensor


class _Cell(nn.Module):
    """What the four have in common: parameters under Norse's names, with bounds that keep Euler stable."""

    def __init__(
        self, values: dict[str, Number], dt: float, size: Size, learnable: Sequence[str],
        device: torch.device | str | None, dtype: torch.dtype | None,
    ) -> None:  # fmt: skip
        """Make the parameters."""
        super().__init__()
        owner = type(self).__name__
        if isinstance(dt, bool) or not isinstance(dt, int | float) or not 0 < dt < float("inf"):
            raise NetworkError(f"{owner}: dt is {dt!r}; give a step in s, more than 0")
        self.dt = float(dt)
        highest = {"tau_mem_inv": EULER_LIMIT / self.dt, "tau_syn_inv": 1.0 / self.dt}
        default, why = Draw(None, device, dtype).constant(size), "a faster rate needs a smaller dt"
        specs = {
            name: Spec(default, 0.0, highest[name], why=why) if name in highest else Spec(default) for name in values
        }
        self.params = Parameters(owner, specs, values, learnable)

    def _moved(self, v: Tensor, drive: Tensor) -> Tensor:
        return v + self.dt * self.params["tau_mem_inv"] * drive

    def _rest(self, shape: Size) -> Tensor:
        return self.params["v_leak"].expand(sizes(shape))


class _SpikingCell(_Cell):
    """Threshold and reset."""

    def __init__(
        self, values: dict[str, Number], dt: float, size: Size, learnable: Sequence[str],
        device: torch.device | str | None, dtype: torch.dtype | None, spike: str | Callable[[Tensor], Tensor],
        alpha: float | None, reset: Reset, detach_reset: bool,
    ) -> None:  # fmt: skip
        """Make the parameters."""
        super().__init__(values, dt, size, learnable, device, dtype)
        if reset not in ("value", "subtract"):
            raise NetworkError(f"{type(self).__name__}: reset is {reset!r}; give 'value' or 'subtract'")
        self.reset, self.detach_reset = reset, detach_reset
        self.spike = surrogate(spike, alpha)

    def _fire(self, v: Tensor) -> tuple[Tensor, Tensor]:
        """Spikes, and the potential after them."""
        p = self.params
        z = self.spike(v - p["v_th"])
        jump = z.detach() if self.detach_reset else z
        after = p["v_reset"] if self.reset == "value" else v - p["v_th"]
        return z, (1.0 - jump) * v + jump * after


class LIBoxCell(_Cell):
    """A leaky integrator of its input.

    v' = v + dt tau_mem_inv ((v_leak - v) + x),    output v'
    """

    def __init__(
        self, *, tau_mem_inv: Number = 100.0, v_leak: Number = 0.0, dt: float = 1e-3, size: Size = (),
        learnable: Sequence[str] = (), device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the cell.

        Args:
            tau_mem_inv: Rate of the membrane, 1/s, 0 to 1.98 / dt.
            v_leak: Potential at rest.
            dt: Step, s.
            size: Shape that parameters may have; one value serves all neurons.
            learnable: Names of the parameters that have a gradient.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.

        Raises:
            UnknownNameError: `learnable` has a name that is no parameter.
            NetworkError: A value has a wrong shape or is out of bounds.
        """
        super().__init__({"tau_mem_inv": tau_mem_inv, "v_leak": v_leak}, dt, size, learnable, device, dtype)

    def forward(self, x: Tensor, state: PotentialState | None = None) -> tuple[Tensor, PotentialState]:
        """Take one step: the potential, and the state that holds it."""
        (v,) = self.initial_state(x.shape) if state is None else state
        v = self._moved(v, (self.params["v_leak"] - v) + x)
        return v, PotentialState(v)

    def initial_state(self, shape: Size) -> PotentialState:
        """At rest, for inputs of this shape."""
        return PotentialState(self._rest(shape))


class LICell(_Cell):
    """A leaky integrator of a synaptic current that every input adds to.

        j = i + x,   v' = v + dt tau_mem_inv ((v_leak - v) + j),   i' = j - dt tau_syn_inv j,    output v'

    A constant input x makes a current of x / (dt tau_syn_inv), 5 x by default: inputs are meant to be spikes.
    """

    def __init__(
        self, *, tau_syn_inv: Number = 200.0, tau_mem_inv: Number = 100.0, v_leak: Number = 0.0, dt: float = 1e-3,
        size: Size = (), learnable: Sequence[str] = (), device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the cell; `tau_syn_inv` is the rate of the current, 1/s, 0 to 1 / dt, the rest as in `LIBoxCell`."""
        values = {"tau_syn_inv": tau_syn_inv, "tau_mem_inv": tau_mem_inv, "v_leak": v_leak}
        super().__init__(values, dt, size, learnable, device, dtype)

    def forward(self, x: Tensor, state: CurrentState | None = None) -> tuple[Tensor, CurrentState]:
        """Take one step: the potential, and the state."""
        v, i = self.initial_state(x.shape) if state is None else state
        jumped = i + x
        v = self._moved(v, (self.params["v_leak"] - v) + jumped)
        return v, CurrentState(v, jumped + -self.dt * self.params["tau_syn_inv"] * jumped)

    def initial_state(self, shape: Size) -> CurrentState:
        """At rest and without current, for inputs of this shape."""
        v = self._rest(shape)
        return CurrentState(v, torch.zeros_like(v))


class LIFBoxCell(_SpikingCell):
    """A leaky integrate-and-fire neuron driven by its input itself.

    v* = v + dt tau_mem_inv ((x + v_leak) - v),   z = 1 if v* > v_th else 0
    v' = (1 - z) v* + z v_reset,   or (1 - z) v* + z (v* - v_th) with reset="subtract"
    """

    def __init__(
        self, *, tau_mem_inv: Number = 100.0, v_leak: Number = 0.0, v_th: Number = 1.0, v_reset: Number = 0.0,
        dt: float = 1e-3, spike: str | Callable[[Tensor], Tensor] = "superspike", alpha: float | None = None,
        reset: Reset = "value", detach_reset: bool = False, size: Size = (), learnable: Sequence[str] = (),
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the cell.

        Args:
            tau_mem_inv: Rate of the membrane, 1/s, 0 to 1.98 / dt.
            v_leak: Potential at rest.
            v_th: Threshold.
            v_reset: Potential after a spike.
            dt: Step, s.
            spike: Surrogate gradient of a spike, a name or a function: see `surrogate`.
            alpha: Its sharpness; its own default if left out.
            reset: "value" to go to v_reset, "subtract" to go down by v_th.
            detach_reset: Whether gradients pass by the reset, as in Norse's recurrent cells.
            size: Shape that parameters may have; one value serves all neurons.
            learnable: Names of the parameters that have a gradient.
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.

        Raises:
            UnknownNameError: `learnable` has a name that is no parameter, or there is no such surrogate.
            NetworkError: A value has a wrong shape or is out of bounds.
        """
        values = {"tau_mem_inv": tau_mem_inv, "v_leak": v_leak, "v_th": v_th, "v_reset": v_reset}
        super().__init__(values, dt, size, learnable, device, dtype, spike, alpha, reset, detach_reset)

    def forward(self, x: Tensor, state: PotentialState | None = None) -> tuple[Tensor, PotentialState]:
        """Take one step: the spikes, and the state."""
        (v,) = self.initial_state(x.shape) if state is None else state
        z, v = self._fire(self._moved(v, x + self.params["v_leak"] - v))
        return z, PotentialState(v)

    def initial_state(self, shape: Size) -> PotentialState:
        """At rest, for inputs of this shape."""
        return PotentialState(self._rest(shape))


class LIFCell(_SpikingCell):
    """A leaky integrate-and-fire neuron with a current-based exponential synapse.

        j = i + x,   v* = v + dt tau_mem_inv ((v_leak - v) + j),   i' = j - dt tau_syn_inv j
        z = 1 if v* > v_th else 0,   v' as in `LIFBoxCell`

    A recurrent layer gives `x = W_in input + W_rec z` with the spikes z of the step before.
    """

    def __init__(
        self, *, tau_syn_inv: Number = 200.0, tau_mem_inv: Number = 100.0, v_leak: Number = 0.0, v_th: Number = 1.0,
        v_reset: Number = 0.0, dt: float = 1e-3, spike: str | Callable[[Tensor], Tensor] = "superspike",
        alpha: float | None = None, reset: Reset = "value", detach_reset: bool = False, size: Size = (),
        learnable: Sequence[str] = (), device: torch.device | str | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        """Make the cell; `tau_syn_inv` is the rate of the current, 1/s, 0 to 1 / dt, the rest as in `LIFBoxCell`."""
        values = {
            "tau_syn_inv": tau_syn_inv, "tau_mem_inv": tau_mem_inv, "v_leak": v_leak, "v_th": v_th, "v_reset": v_reset,
        }  # fmt: skip
        super().__init__(values, dt, size, learnable, device, dtype, spike, alpha, reset, detach_reset)

    def forward(self, x: Tensor, state: CurrentState | None = None) -> tuple[Tensor, CurrentState]:
        """Take one step: the spikes, and the state."""
        v, i = self.initial_state(x.shape) if state is None else state
        jumped = i + x
        z, v = self._fire(self._moved(v, (self.params["v_leak"] - v) + jumped))
        return z, CurrentState(v, jumped + -self.dt * self.params["tau_syn_inv"] * jumped)

    def initial_state(self, shape: Size) -> CurrentState:
        """At rest and without current, for inputs of this shape."""
        v = self._rest(shape)
        return CurrentState(v, torch.zeros_like(v))
