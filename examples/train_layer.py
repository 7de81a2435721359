"""A small recurrent nervous system learns to follow a target, its synapses included.

Eight interneurons with graded synapses among them get a wave, and the motor neuron learns to follow it half a period
later, which takes memory and inhibition. Gradients go back through time; conductances stay non-negative by themselves.
Run: `python examples/train_layer.py`.
"""

import torch

from sns_mujoco.layers import NonSpikingChemicalSynapseLinear, NonSpikingLayer, unroll

torch.set_num_threads(1)  # small tensors: more threads only wait for each other
generator = torch.Generator().manual_seed(0)


class NervousSystem(torch.nn.Module):
    """Afferent neurons, interneurons with synapses among them, one motor neuron."""

    def __init__(self) -> None:
        """Make neurons and synapses."""
        super().__init__()
        self.interneurons = NonSpikingLayer(8, generator=generator)
        self.motor = NonSpikingLayer(1, {"tau": 0.5, "leak": 1.0, "bias": 0.0, "init": 0.0})
        self.afferent = NonSpikingChemicalSynapseLinear(1, 8, generator=generator)
        self.recurrent = NonSpikingChemicalSynapseLinear(8, 8, generator=generator)
        self.efferent = NonSpikingChemicalSynapseLinear(8, 1, generator=generator)

    def forward(self, x, state):
        """One step: all currents from the old potentials, then the neurons."""
        if state is None:
            state = self.interneurons.initial_state(len(x)), self.motor.initial_state(len(x))
        inner, motor = state
        current = self.afferent(x, inner) + self.recurrent(inner, inner)
        new = self.interneurons(current, inner), self.motor(self.efferent(inner, motor), motor)
        return new[1], new


# the task: 60 steps, four waves that start at different phases
phase = torch.linspace(0, 3 * torch.pi, 60)[:, None] + torch.tensor([0.0, 1.5, 3.0, 4.5])
inputs = 0.5 + 0.5 * torch.sin(phase)[..., None]
target = 0.5 + 0.3 * torch.sin(phase - torch.pi)[..., None]

net = NervousSystem()
before = net.recurrent.params["conductance"].detach().clone()
optimiser = torch.optim.Adam(net.parameters(), lr=0.05)
losses = []
for _ in range(80):
    optimiser.zero_grad()
    outputs, _ = unroll(net, inputs)
    loss = torch.nn.functional.mse_loss(outputs[15:], target[15:])  # after the first transient
    loss.backward()
    optimiser.step()
    losses.append(loss.item())

conductance = net.recurrent.params["conductance"].detach()
moved = (conductance - before).abs().mean()
print(f"mean squared error from {losses[0]:.4f} to {losses[-1]:.5f}")
print(f"recurrent conductances moved by {moved:.3f} on average; the smallest is {conductance.min():.3f}")
