"""Every module: its gradients against finite differences, both floating point types, every device."""

import pytest
import torch
from torch.func import functional_call

from sns_mujoco.layers import (
    AdaptiveNonSpikingLayer,
    ElectricalSynapseLinear,
    Gate,
    GatedChannelLayer,
    LIBoxCell,
    LICell,
    LIFBoxCell,
    LIFCell,
    NonSpikingChemicalSynapseConv,
    NonSpikingChemicalSynapseElementwise,
    NonSpikingChemicalSynapseLinear,
    NonSpikingLayer,
    PiecewiseActivation,
    SpikingChemicalSynapseLinear,
    SpikingLayer,
)

WIDE = PiecewiseActivation(-4.0, 4.0)
NORSE = {"learnable": ("tau_mem_inv", "v_leak"), "v_leak": 0.1}
FIRE = {**NORSE, "learnable": ("tau_mem_inv", "v_leak", "v_th", "v_reset")}
HODGKIN_HUXLEY = {
    "m": Gate(power=(3, 0)),
    "h": Gate(power=(1, 0), slope=-5.0),
    "n": Gate(power=(0, 4), mode="constant"),
}

# name: how to make it, and the shapes of what it is called with
MODULES = {
    "NonSpikingLayer": (lambda o: NonSpikingLayer(3, **o), [(2, 3), (2, 3)]),
    "AdaptiveNonSpikingLayer": (lambda o: AdaptiveNonSpikingLayer(3, **o), [(2, 3)] * 3),
    "Linear": (lambda o: NonSpikingChemicalSynapseLinear(3, 2, activation=WIDE, **o), [(2, 2, 3), (2, 2, 2)]),
    "Elementwise": (lambda o: NonSpikingChemicalSynapseElementwise(activation=WIDE, **o), [(2, 3), (2, 3)]),
    "Conv1": (lambda o: NonSpikingChemicalSynapseConv(2, 2, 2, 1, groups=2, activation=WIDE, **o), [(2, 4), (2, 3)]),
    "Conv2": (
        lambda o: NonSpikingChemicalSynapseConv(2, 1, 2, padding=1, stride=2, activation=WIDE, **o),
        [(2, 2, 3, 3), (2, 1, 2, 2)],
    ),
    "Conv3": (
        lambda o: NonSpikingChemicalSynapseConv(1, 1, (2, 1, 2), 3, padding_mode="circular", activation=WIDE, **o),
        [(3, 2, 3), (2, 2, 2)],
    ),
    "Electrical": (lambda o: ElectricalSynapseLinear(3, 2, **o), [(2, 3), (2, 2)]),
    "Rectified": (lambda o: ElectricalSynapseLinear(3, 2, rect=True, **o), [(2, 3), (2, 2)]),
    "Gated": (lambda o: GatedChannelLayer(2, 2, HODGKIN_HUXLEY, **o), [(2, 2)]),
    "LIBox": (lambda o: LIBoxCell(**NORSE, **o), [(2, 3)]),
    "LI": (lambda o: LICell(**NORSE, **o), [(2, 3)]),
    "LIFBox": (lambda o: LIFBoxCell(**FIRE, **o), [(2, 3)]),
    "LIFSubtract": (lambda o: LIFCell(reset="subtract", **NORSE, **o), [(2, 3)]),
    "LIF": (lambda o: LIFCell(**FIRE, **o), [(2, 3)]),
    "Spiking": (lambda o: SpikingLayer(3, refractory_steps=1, **o), [(2, 3)]),
    "SpikingSubtract": (lambda o: SpikingLayer(3, reset_mode="subtract", **o), [(2, 3)]),
    "SpikingSynapse": (
        lambda o: SpikingChemicalSynapseLinear(3, 2, delay=torch.tensor([[0, 1, 1], [1, 0, 0]]), **o),
        [(2, 3), (2, 2)],
    ),
}
STATEFUL = {"Gated", "LIBox", "LI", "LIFBox", "LIF", "LIFSubtract", "Spiking", "SpikingSubtract", "SpikingSynapse"}


def call(name, module, inputs):
    """Outputs of the module; of three steps in a row where it has a state."""
    if name not in STATEFUL:
        return module(*inputs)
    state, outputs = None, []
    for step in range(3):
        output, state = module(*(x * (1 + 0.2 * step) for x in inputs), state)
        outputs.append(output)
    return (*outputs, *(p for p in torch.utils._pytree.tree_leaves(state) if p.is_floating_point()))


@pytest.mark.parametrize("name", MODULES)
def test_gradcheck(name):
    make, shapes = MODULES[name]
    module = make({"dtype": torch.float64})
    if hasattr(module, "spike"):
        module.spike = torch.sigmoid  # a smooth stand-in: finite differences cannot see through a step
        if isinstance(module, SpikingLayer) and module.refractory_steps.any():
            module.refractory_steps.zero_()  # held by any spike at all, sigmoids are never 0
    names = [key for key, p in module.named_parameters() if p.requires_grad]
    leaves = [p.detach().clone() for _, p in module.named_parameters() if p.requires_grad]
    for key, leaf in zip(names, leaves, strict=True):
        if "params.conductance" in key:
            leaf += 0.05  # clear of the bound, where the gradient has two sides
    inputs = [torch.randn(shape, dtype=torch.float64) for shape in shapes]

    def run(*values):
        given = dict(zip(names, values[: len(names)], strict=True))

        class Bound:
            def __call__(self, *arguments):
                return functional_call(module, given, arguments)

        return call(name, Bound(), values[len(names) :])

    values = [v.requires_grad_() for v in (*leaves, *inputs)]
    assert torch.autograd.gradcheck(run, values, eps=1e-6, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("name", MODULES)
def test_every_parameter_gets_a_gradient_of_its_dtype_on_its_device(name, dtype, device):
    make, shapes = MODULES[name]
    module = make({"dtype": dtype, "device": device})
    inputs = [torch.rand(shape, dtype=dtype, device=device) * 3 for shape in shapes]
    outputs = call(name, module, inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    assert all(o.dtype == dtype and o.device.type == device for o in outputs)
    sum((o * (1 + i)).square().sum() for i, o in enumerate(outputs)).backward()
    for key, parameter in module.named_parameters():
        if parameter.requires_grad and "init" not in key:  # the initial state is given to some
            assert parameter.grad.dtype == dtype and torch.isfinite(parameter.grad).all(), key


@pytest.mark.parametrize("name", MODULES)
def test_devices_agree(name, device):
    make, shapes = MODULES[name]
    options = {"dtype": torch.float64}
    here, there = make(options), make({**options, "device": device})
    there.load_state_dict(here.state_dict())
    inputs = [torch.rand(shape, dtype=torch.float64) for shape in shapes]
    a, b = call(name, here, inputs), call(name, there, [x.to(device) for x in inputs])
    for x, y in zip(torch.utils._pytree.tree_leaves(a), torch.utils._pytree.tree_leaves(b), strict=True):
        torch.testing.assert_close(x, y.cpu(), rtol=1e-12, atol=1e-12)
