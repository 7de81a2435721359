"""SNSTorch's modules with its equations and names, without its defects."""

import copy

import numpy as np
import pytest
import torch

from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.layers import (
    EULER_LIMIT,
    AdaptiveNonSpikingLayer,
    ClampActivation,
    NonSpikingChemicalSynapseElementwise,
    NonSpikingChemicalSynapseLinear,
    NonSpikingLayer,
    PiecewiseActivation,
    unroll,
)

DOUBLE = torch.float64
MEMBRANE = ("tau", "leak", "rest", "bias", "init")
ADAPTIVE = ("tauU", "leakU", "restU", "biasU", "initU", "tauA", "leakA", "restA", "gainA", "initA")


@pytest.fixture
def recorded(reference):
    """One block of the recorded references."""
    arrays = reference("extra/snstorch_modules.npz")
    return lambda block: {k.split(".")[1]: v for k, v in arrays.items() if k.startswith(block + ".")}


def close(got, expected):
    torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)


def pick(block, names):
    return {name: block[name] for name in names}


def test_recorded_layer(recorded):
    z = recorded("layer")
    close(unroll(NonSpikingLayer(5, pick(z, MEMBRANE), dtype=DOUBLE), z["x"])[0], z["states"])


def test_recorded_adaptive_layer(recorded):
    z = recorded("adaptive")
    layer = AdaptiveNonSpikingLayer(5, pick(z, ADAPTIVE), dtype=DOUBLE)
    u, a = layer.initial_state()
    for x, state, adapt in zip(z["x"], z["states"], z["adapt"], strict=True):
        u, a = layer(x, u, a)
        close(u, state)
        close(a, adapt)


def test_recorded_synapses(recorded):
    z = recorded("linear")
    linear = NonSpikingChemicalSynapseLinear(5, 4, pick(z, ("conductance", "reversal")), dtype=DOUBLE)
    close(linear(z["pre"], z["post"]), z["out"])
    close(linear(z["pre"][0], z["post"][0]), z["out_unbatched"])
    z = recorded("elementwise")
    elementwise = NonSpikingChemicalSynapseElementwise(pick(z, ("conductance", "reversal")), dtype=DOUBLE)
    close(elementwise(z["pre"], z["post"]), z["out"])


def test_recorded_piecewise_activation(recorded):
    z = recorded("piecewise")
    close(PiecewiseActivation(float(z["min_val"]), float(z["max_val"]))(z["x"]), z["out"])


def test_recorded_gradients_through_time(recorded):
    z = recorded("bptt")
    layer = NonSpikingLayer(6, pick(z, MEMBRANE), dtype=DOUBLE)
    synapse = NonSpikingChemicalSynapseLinear(6, 6, pick(z, ("conductance", "reversal")), dtype=DOUBLE)
    state = layer.initial_state()
    for x in z["x"]:
        state = layer(x + synapse(state, state), state)
    loss = (state**2).sum()
    loss.backward()
    close(state, z["final"])
    close(loss, z["loss"])
    for name in (*MEMBRANE, "conductance", "reversal"):
        module = layer if name in MEMBRANE else synapse
        close(module.params.raw(name).grad, z[f"grad_{name}"])


def numpy_of(layer):
    return {name: value.detach().numpy() for name, value in layer.params.items()}


def test_layer_is_its_equation():
    layer = NonSpikingLayer((2, 3), dtype=DOUBLE)
    x = torch.randn(7, 4, 2, 3, dtype=DOUBLE)
    p = numpy_of(layer)
    v = np.broadcast_to(p["init"], (4, 2, 3))
    outputs, last = unroll(layer, x)
    for current, output in zip(x.numpy(), outputs, strict=True):
        v = v + p["tau"] * (-p["leak"] * (v - p["rest"]) + p["bias"] + current)
        np.testing.assert_allclose(output.detach(), v, rtol=0, atol=1e-14)
    assert torch.equal(last, outputs[-1])


def test_adaptive_layer_is_its_equations():
    layer = AdaptiveNonSpikingLayer(5, dtype=DOUBLE)
    p = numpy_of(layer)
    u, a = p["initU"], p["initA"]
    state = None
    for current in np.random.default_rng(0).normal(size=(9, 5)):
        output, state = layer.step(torch.from_numpy(current), state)
        adapted = u + p["tauU"] * (-p["leakU"] * (u - p["restU"]) + p["biasU"] + current - p["gainA"] * a)
        u, a = adapted, a + p["tauA"] * (-p["leakA"] * (a - p["restA"]) + u)
        np.testing.assert_allclose(output.detach(), u, rtol=0, atol=1e-14)
        np.testing.assert_allclose(state[1].detach(), a, rtol=0, atol=1e-14)


@pytest.mark.parametrize("batch", [(), (4,), (3, 4), (2, 1, 4)])
def test_linear_synapse_is_its_equation_for_any_batch(batch):
    synapse = NonSpikingChemicalSynapseLinear(5, 3, dtype=DOUBLE, activation=PiecewiseActivation(-0.5, 0.8))
    pre, post = torch.randn(*batch, 5, dtype=DOUBLE), torch.randn(*batch, 3, dtype=DOUBLE)
    p = numpy_of(synapse)
    opened = np.clip((pre.numpy() + 0.5) / 1.3, 0, 1)
    expected = (p["conductance"] * opened[..., None, :] * (p["reversal"] - post.numpy()[..., :, None])).sum(-1)
    np.testing.assert_allclose(synapse(pre, post).detach(), expected, rtol=0, atol=1e-14)


def test_elementwise_synapse_is_its_equation():
    pre, post = torch.randn(4, 3, dtype=DOUBLE), torch.randn(4, 3, dtype=DOUBLE)
    for params in (None, {"conductance": torch.tensor([0.1, 0.2, 0.3]), "reversal": 2.0}):
        synapse = NonSpikingChemicalSynapseElementwise(params, dtype=DOUBLE)
        g, e = (value.detach() for value in synapse.params.values())
        assert g.shape == ((1,) if params is None else (3,))
        close(synapse(pre, post).detach(), g * pre.clamp(0, 1) * (e - post))


def test_defaults_are_those_of_snstorch():
    layer = NonSpikingLayer(5, generator=torch.Generator().manual_seed(3))
    draws = torch.Generator().manual_seed(3)
    tau, leak, bias, init = (torch.rand(5, generator=draws) for _ in range(4))
    expected = {"tau": 0.5 * tau, "leak": leak, "rest": torch.zeros(5), "bias": bias, "init": init}
    assert list(layer.params) == list(expected) and len(layer.params) == 5 and "tau" in layer.params
    assert all(torch.equal(layer.params[name], value) for name, value in expected.items())
    assert [name for name, _ in layer.params.items()] == layer.params.keys()

    synapse = NonSpikingChemicalSynapseLinear(4, 3, generator=torch.Generator().manual_seed(3))
    draws = torch.Generator().manual_seed(3)
    assert torch.equal(synapse.params["conductance"], torch.rand(3, 4, generator=draws) / 4)
    assert torch.equal(synapse.params["reversal"], 4 * torch.rand(3, 4, generator=draws) - 2)


def test_optimiser_made_before_training_moves_conductances():
    """In SNSTorch, setup() replaces them, and the optimiser goes on moving what nobody uses."""
    reversal = torch.nn.Parameter(torch.tensor([[2.0], [-2.0]]), requires_grad=False)
    synapse = NonSpikingChemicalSynapseLinear(3, 2, {"reversal": reversal})
    start = synapse.params["conductance"].detach().clone()
    leaf = synapse.params.raw("conductance")
    trainer = torch.optim.Adam(synapse.parameters(), lr=0.05)
    pre, post = torch.rand(16, 3), torch.zeros(16, 2)
    losses = []
    for _ in range(150):
        synapse.setup()
        trainer.zero_grad()
        loss = (synapse(pre, post) - torch.tensor([1.0, -1.0]) * pre.sum(-1, keepdim=True)).square().mean()
        loss.backward()
        trainer.step()
        losses.append(loss.item())
        assert (synapse.params["conductance"] >= 0).all()
    assert synapse.params.raw("conductance") is leaf
    assert losses[-1] < 0.02 * losses[0]
    assert ((synapse.params["conductance"] - start).abs() > 0.01).all()


def test_layer_stays_stable_however_it_is_trained():
    layer = NonSpikingLayer(8)
    trainer = torch.optim.SGD(layer.parameters(), lr=50.0)
    for _ in range(200):
        trainer.zero_grad()
        (-layer(0.0, torch.full((8,), 2.0)) * torch.randn(8)).sum().backward()
        trainer.step()
        tau, leak = layer.params["tau"], layer.params["leak"]
        assert (tau >= 0).all() and (leak >= 0).all() and (tau * leak <= EULER_LIMIT * 1.000001).all()


def test_adaptation_stays_stable_however_it_is_trained():
    layer = AdaptiveNonSpikingLayer(8, dtype=DOUBLE)
    trainer = torch.optim.SGD(layer.parameters(), lr=2.0)
    zero = {name: torch.zeros(8, dtype=DOUBLE) for name in ("restU", "biasU", "restA")}
    for _ in range(100):
        trainer.zero_grad()
        (_, (u, a)) = unroll(layer, torch.zeros(4, 8, dtype=DOUBLE))
        ((u + a) * torch.randn(8)).sum().backward()
        trainer.step()
        p = {name: value.detach() for name, value in layer.params.items()} | zero
        jacobian = torch.stack(
            [
                torch.stack([1 - p["tauU"] * p["leakU"], -p["tauU"] * p["gainA"]], -1),
                torch.stack([p["tauA"], 1 - p["tauA"] * p["leakA"]], -1),
            ],
            -2,
        )
        assert (torch.linalg.eigvals(jacobian).abs() <= 1 + 1e-9).all()


def test_values_given_are_used_kept_and_shared():
    tau = torch.nn.Parameter(torch.tensor([0.1]))
    frozen = torch.nn.Parameter(torch.zeros(4), requires_grad=False)
    first = NonSpikingLayer(4, {"tau": tau, "bias": frozen, "leak": 0.5, "rest": np.arange(4)})
    second = NonSpikingLayer(4, {"tau": tau})
    assert first.params.raw("tau") is second.params.raw("tau") is tau
    assert not first.params.raw("bias").requires_grad
    assert first.params["leak"].shape == () and first.params["rest"].tolist() == [0, 1, 2, 3]
    (first(1.0).sum() + second(1.0).sum()).backward()
    assert tau.grad is not None and frozen.grad is None


def test_other_values_can_be_given_later():
    layer = NonSpikingLayer(2)
    leaf = layer.params.raw("tau")
    layer.params["leak"] = 2.0
    layer.params["tau"] = [0.1, 0.9]
    assert layer.params.raw("tau") is leaf and layer.params["tau"].tolist() == pytest.approx([0.1, 0.9])
    with pytest.raises(NetworkError, match=r"NonSpikingLayer: tau is 1; it must be at most 0.99: explicit Euler needs"):
        layer.params["tau"] = 1.0
    layer.params["leak"] = 4.0  # tau follows
    assert (layer.params["tau"] * 4.0 <= EULER_LIMIT + 1e-6).all()
    with pytest.raises(UnknownNameError, match="no parameter named 'taw' in NonSpikingLayer; did you mean 'tau'"):
        layer.params["taw"] = 1.0


def test_activations_are_not_shared_between_synapses():
    first, second = NonSpikingChemicalSynapseElementwise(), NonSpikingChemicalSynapseElementwise()
    assert first.activation is not second.activation
    shared = PiecewiseActivation(0.0, 20.0)
    assert NonSpikingChemicalSynapseLinear(2, 2, activation=shared).activation is shared
    assert NonSpikingChemicalSynapseLinear(2, 2, activation=torch.sigmoid).activation is torch.sigmoid


def test_piecewise_activation_may_fall():
    falling = PiecewiseActivation(1.0, -1.0)
    assert falling(torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0])).tolist() == [1.0, 1.0, 0.5, 0.0, 0.0]
    assert repr(falling) == "PiecewiseActivation(min_val=1, max_val=-1)"
    assert ClampActivation()(torch.tensor([-1.0, 0.3, 7.0])).tolist() == pytest.approx([0.0, 0.3, 1.0])


def test_checkpoints_of_snstorch_are_loaded():
    layer = NonSpikingLayer(3)
    other = {f"params.{name}": torch.rand(3) for name in MEMBRANE}
    layer.load_state_dict(other)
    assert all(torch.equal(layer.params[name], other[f"params.{name}"]) for name in MEMBRANE)
    copied = NonSpikingLayer(3)
    copied.load_state_dict(layer.state_dict())
    twin = copy.deepcopy(layer)
    assert torch.equal(copied(1.0), layer(1.0)) and torch.equal(twin(1.0), layer(1.0))


def test_dtype_device_and_generator_are_honoured(dtype, device):
    generator = torch.Generator(device).manual_seed(1)
    for layer in (
        NonSpikingLayer(3, generator=generator, device=device, dtype=dtype),
        AdaptiveNonSpikingLayer(3, generator=generator, device=device, dtype=dtype),
        NonSpikingChemicalSynapseLinear(3, 3, generator=generator, device=device, dtype=dtype),
        NonSpikingChemicalSynapseElementwise(generator=generator, device=device, dtype=dtype),
    ):
        for parameter in layer.parameters():
            assert parameter.dtype == dtype and parameter.device.type == device
    before = generator.get_state()
    first = NonSpikingLayer(3, generator=generator, device=device)
    generator.set_state(before)
    assert torch.equal(first.params["bias"], NonSpikingLayer(3, generator=generator, device=device).params["bias"])


def test_default_draws_obey_what_is_given():
    layer = NonSpikingLayer(100, {"leak": 40.0})
    assert (layer.params.raw("tau") * 40.0 <= EULER_LIMIT + 1e-5).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: NonSpikingLayer(0), "size is 0; give whole numbers of 1 or more"),
        (lambda: NonSpikingLayer(2.5), "size is 2.5"),
        (lambda: NonSpikingLayer(2, {"tau": -0.1}), "NonSpikingLayer: tau is -0.1; it must be at least 0"),
        (lambda: NonSpikingLayer(2, {"tau": 1.0, "leak": [1.0, 3.0]}), "tau is 1; it must be at most 0.66"),
        (lambda: NonSpikingLayer(2, {"leak": [1.0, -3.0]}), r"NonSpikingLayer: leak\[1\] is -3"),
        (lambda: NonSpikingLayer(2, {"bias": [1.0, 2.0, 3.0]}), r"bias has shape \(3,\); give \(2,\), or what can"),
        (lambda: NonSpikingLayer(2, {"bias": "x"}), "NonSpikingLayer: bias is 'x'"),
        (lambda: NonSpikingLayer(2, dtype=torch.int64), "dtype is torch.int64; give a floating point type"),
        (lambda: NonSpikingLayer(2)(0.0, torch.zeros(3)), r"state has shape \(3,\); its last axes must be \(2,\)"),
        (
            lambda: AdaptiveNonSpikingLayer(1, {"tauU": 0.5, "leakU": 0.01, "tauA": 0.5, "leakA": 0.01, "gainA": 1.0}),
            "AdaptiveNonSpikingLayer: tauA is 0.5; it must be at most 0.01.*swing ever wider",
        ),
        (
            lambda: NonSpikingChemicalSynapseLinear(2, 2, {"conductance": [[0.1, 0.2], [0.3, -0.4]]}),
            r"NonSpikingChemicalSynapseLinear: conductance\[1, 1\] is -0.4; it must be at least 0",
        ),
        (lambda: NonSpikingChemicalSynapseLinear(2, 2, activation=3), "activation is 3; give a function or a module"),
        (lambda: NonSpikingChemicalSynapseLinear(2, 3)(torch.zeros(3), torch.zeros(3)), "state_pre has shape"),
        (lambda: NonSpikingChemicalSynapseLinear(2, 3)(torch.zeros(2), torch.zeros(2)), "state_post has shape"),
        (lambda: NonSpikingChemicalSynapseElementwise({"conductance": -1.0}), "conductance is -1"),
        (lambda: PiecewiseActivation(1.0, 1.0), "the ramp runs from 1.0 to 1.0; give two different"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(NetworkError, match=message):
        make()


def test_unknown_parameter_is_refused():
    with pytest.raises(UnknownNameError, match="no parameter named 'taus' in NonSpikingLayer; did you mean 'tau'"):
        NonSpikingLayer(2, {"taus": 0.1})
