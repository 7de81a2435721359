"""Running over time is the same as stepping, and gradients can be cut."""

from typing import NamedTuple

import pytest
import torch

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers import (
    AdaptiveNonSpikingLayer,
    LIFCell,
    Lift,
    NonSpikingChemicalSynapseLinear,
    NonSpikingLayer,
    SpikingLayer,
    detach,
    hold_parameters,
    unroll,
)

X = torch.rand(25, 4, 3, generator=torch.Generator().manual_seed(1))


class Recurrent(torch.nn.Module):
    """Three neurons with synapses among them."""

    def __init__(self):
        super().__init__()
        self.neurons, self.synapses = NonSpikingLayer(3), NonSpikingChemicalSynapseLinear(3, 3)

    def forward(self, x, state):
        state = self.neurons.initial_state(x.shape[:-1]) if state is None else state
        state = self.neurons(x + self.synapses(state, state), state)
        return state, state


def gradients(module, loss):
    module.zero_grad()
    loss.backward()
    return [p.grad.clone() for p in module.parameters() if p.grad is not None]


@pytest.mark.parametrize(
    "make",
    [
        lambda: NonSpikingLayer(3),
        lambda: AdaptiveNonSpikingLayer(3),
        lambda: SpikingLayer(3),
        lambda: LIFCell(learnable=("v_th", "tau_mem_inv")),
        Recurrent,
    ],
    ids=["non-spiking", "adaptive", "spiking", "norse", "recurrent"],
)
def test_unrolling_is_stepping_bit_for_bit(make):
    cell = make()
    step = getattr(cell, "step", cell)
    state, stepped = None, []
    for x in X * 3:
        output, state = step(x, state)
        stepped.append(output)
    by_steps = gradients(cell, torch.stack(stepped).square().mean())
    outputs, last = Lift(cell)(X * 3)
    assert torch.equal(outputs, torch.stack(stepped))
    for a, b in zip(torch.utils._pytree.tree_leaves(last), torch.utils._pytree.tree_leaves(state), strict=True):
        assert torch.equal(a, b)
    for a, b in zip(gradients(cell, outputs.square().mean()), by_steps, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-7)
    first, middle = unroll(cell, X[:10] * 3)
    second, _ = unroll(cell, X[10:] * 3, middle)
    assert torch.equal(torch.cat([first, second]), outputs)


def test_truncated_gradients_reach_back_that_far_only():
    layer = NonSpikingLayer(3)
    for every, reached in ((None, 0), (10, 20), (4, 24), (1, 24)):
        x = X.clone().requires_grad_()
        _, last = unroll(layer, x, detach_every=every)
        last.sum().backward()
        steps = x.grad.abs().sum((1, 2)).nonzero().flatten()
        assert steps[0] == reached and len(steps) == 25 - reached


def test_detach_keeps_the_shape_of_a_nest():
    class Pair(NamedTuple):
        a: torch.Tensor
        b: dict

    leaf = torch.ones(2, requires_grad=True)
    state = Pair(leaf * 2, {"x": [leaf * 3, None], "y": (leaf * 4, 5)})
    cut = detach(state)
    assert isinstance(cut, Pair) and isinstance(cut.b["x"], list) and isinstance(cut.b["y"], tuple)
    assert cut.b["x"][1] is None and cut.b["y"][1] == 5
    tensors = [cut.a, cut.b["x"][0], cut.b["y"][0]]
    assert [t.tolist() for t in tensors] == [[2, 2], [3, 3], [4, 4]] and not any(t.requires_grad for t in tensors)


def test_outputs_of_several_parts_are_stacked_each():
    def cell(x, state):
        return {"twice": 2 * x, "pair": (x, [x + 1])}, x

    outputs, last = unroll(cell, X)
    assert torch.equal(outputs["twice"], 2 * X) and torch.equal(outputs["pair"][1][0], X + 1)
    assert isinstance(outputs["pair"], tuple) and torch.equal(last, X[-1])


def test_parameters_are_held_inside_only():
    layer = NonSpikingLayer(2)
    with hold_parameters(layer):
        assert layer.params["tau"] is layer.params["tau"]
        layer.params.raw("bias").data.fill_(5.0)
    layer.params["bias"] = 7.0
    assert layer.params["bias"].tolist() == [7.0, 7.0]
    with pytest.raises(RuntimeError), hold_parameters(layer):
        raise RuntimeError
    layer.params["tau"] = 0.25
    assert layer.params["tau"].tolist() == [0.25, 0.25]


@pytest.mark.parametrize("every", [0, -1, 1.5, True])
def test_wrong_number_of_steps_is_refused(every):
    with pytest.raises(NetworkError, match="detach_every is .*; give a whole number of steps"):
        unroll(NonSpikingLayer(3), X, detach_every=every)


def test_no_step_is_refused():
    with pytest.raises(NetworkError, match="inputs hold no step"):
        unroll(NonSpikingLayer(3), X[:0])
