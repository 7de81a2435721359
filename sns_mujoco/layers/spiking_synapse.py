"""Chemical synapses that open with each spike of their source, between layers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.parameters import Draw, Parameters, Size, Spec, check_last, sizes

OWNER = "SpikingChemicalSynapseLinear"


class SynapseState(NamedTuple):
    """State of spiking synapses.

    Attributes:
        conductance: G [*batch, size_post, size_pre].
        under_way: Spikes of the last steps, the latest first [*batch, longest delay, size_pre].
    """

    conductance: Tensor
    under_way: Tensor


class SpikingChemicalSynapseLinear(nn.Module):
    """Spiking synapses from all neurons of one layer to all of another, or of the same one.

        G  += min(increment, conductance - G) where the source spiked `delay` steps before the last
        G  <- (1 - tau) G
        I_i = sum_j G_ij (E_ij - V_post_i)

    It is called once a step with the spikes of the step before, so that a loop over time reads: currents from old
    spikes and potentials, then the neurons. This is the order of SNS-Toolbox 1.5 (Nourse et al. 2023, Biomimetics
    8(2):247). `params`: conductance, the greatest (0 or more), increment (0 or more), reversal, tau = dt / tau_syn (0
    to 1), each [size_post, size_pre].
    """

    def __init__(
        self, size_pre: int, size_post: int, params: Mapping[str, Any] | None = None, delay: int | Tensor = 0,
        device: torch.device | str | None = None, dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
    ) -> None:  # fmt: skip
        """Make the synapses.

        Args:
            size_pre: Number of presynaptic neurons.
            size_post: Number of postsynaptic neurons.
            params: Values that replace defaults: see `Parameters`. An increment that is left out is the conductance.
            delay: Steps that a spike is under way, one number or whole numbers [size_post, size_pre].
            device: Device of the parameters.
            dtype: Floating point type; torch's default if left out.
            generator: Where default values are drawn from.

        Raises:
            UnknownNameError: `params` has a name that is not in the list above.
            NetworkError: A value has a wrong shape or is out of bounds, a size is none, or a delay is not whole.
        """
        super().__init__()
        self.size_pre, self.size_post = sizes((size_pre, size_post))
        shape, draw = (self.size_post, self.size_pre), Draw(generator, device, dtype)
        conductance = draw.uniform(shape) / size_pre
        specs = {
            "conductance": Spec(conductance, 0.0),
            "reversal": Spec(4.0 * draw.uniform(shape) - 2.0),
            "tau": Spec(0.5 * draw.uniform(shape), 0.0, 1.0, why="give a share dt / tau_syn of at most 1"),
            "increment": Spec(conductance, 0.0),
        }
        given = dict(params or {})
        if "conductance" in given and "increment" not in given:
            given["increment"] = _copied(given["conductance"])
        self.params = Parameters(OWNER, specs, given)
        steps = torch.as_tensor(delay, device=draw.device)
        if steps.is_floating_point() or steps.dtype == torch.bool or bool((steps < 0).any()):
            raise NetworkError(f"{OWNER}: delay is {delay!r}; give whole steps of 0 or more")
        if steps.ndim and tuple(steps.shape) != shape:
            raise NetworkError(f"{OWNER}: delay has shape {tuple(steps.shape)}; give one number or {shape}")
        self.register_buffer("delay", steps.long(), persistent=False)
        self.delay: Tensor
        self.longest = int(steps.max())

    def forward(
        self, spikes: Tensor, state_post: Tensor, state: SynapseState | None = None
    ) -> tuple[Tensor, SynapseState]:
        """Take one step.

        Args:
            spikes: Spikes of the sources in the step before, 0 or 1 [*batch, size_pre]; zeros in the first.
            state_post: Postsynaptic potentials [*batch, size_post].
            state: State; the initial one if left out.

        Returns:
            Current into each postsynaptic neuron [*batch, size_post], and the new state.

        Raises:
            NetworkError: A tensor does not end in the layer's size.
        """
        p = self.params
        check_last(OWNER, "spikes", spikes, (self.size_pre,))
        check_last(OWNER, "state_post", state_post, (self.size_post,))
        g, under_way = self.initial_state(spikes.shape[:-1]) if state is None else state
        recent = torch.cat([spikes.unsqueeze(-2), under_way], -2)
        arriving = self._arriving(recent)
        g = g + arriving * torch.minimum(p["increment"], p["conductance"] - g)
        g = g * (1.0 - p["tau"])
        current = (g * (p["reversal"] - state_post.unsqueeze(-1))).sum(-1)
        return current, SynapseState(g, recent[..., : self.longest, :])

    def initial_state(self, batch: Size = ()) -> SynapseState:
        """All synapses shut, no spike under way."""
        like, batch = self.params.raw("conductance"), sizes(batch)
        return SynapseState(
            like.new_zeros(*batch, self.size_post, self.size_pre), like.new_zeros(*batch, self.longest, self.size_pre)
        )

    def _arriving(self, recent: Tensor) -> Tensor:
        """Spikes that reach each synapse, [*batch, size_post or 1, size_pre]."""
        if self.delay.ndim == 0:
            return recent[..., self.longest, :].unsqueeze(-2)
        return recent[..., self.delay, torch.arange(self.size_pre, device=self.delay.device)]

    def setup(self) -> None:
        """Bring the leaves back within their bounds, in place; the values always are."""
        self.params.project_()


def _copied(value: Any) -> Any:
    """The numbers of a parameter, without being the same leaf."""
    return value.detach().clone() if isinstance(value, Tensor) else value
