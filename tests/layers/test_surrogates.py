"""Spikes are strict, and their surrogate derivatives are the formulas."""

import copy
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.layers import Surrogate, surrogate

X = torch.tensor([-3.0, -1.2, -0.3, -1e-6, 0.0, 1e-6, 0.3, 0.9, 1.2, 3.0], dtype=torch.float64)


def circ(x, a):  # in the form in which Norse has it
    return 2 * a * (-(x**2) / (2 * (a * a + x * x) ** 1.5) + 1 / (2 * math.sqrt(a * a + x * x)))


FORMULAS = {
    "superspike": (100.0, lambda x, a: 1 / (a * abs(x) + 1) ** 2),
    "fast_sigmoid": (25.0, lambda x, a: 1 / (a * abs(x) + 1) ** 2),
    "triangle": (0.3, lambda x, a: a * max(0.0, 1 - abs(x))),
    "tanh": (1.0, lambda x, a: 1 - math.tanh(a * x) ** 2),
    "circ": (1.0, circ),
    "erfc": (1.0, lambda x, a: 2 * math.exp(-((a * x) ** 2)) / math.sqrt(math.pi)),
    "atan": (2.0, lambda x, a: a / 2 / (1 + (math.pi / 2 * a * x) ** 2)),
}


def derivative(spike, x):
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(spike(x).sum(), x)
    return gradient


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("alpha", [None, 0.7, 12.0])
def test_named_surrogate(name, alpha):
    default, formula = FORMULAS[name]
    spike = surrogate(name, alpha)
    assert spike(X).tolist() == [0.0] * 5 + [1.0] * 5
    expected = torch.tensor([formula(float(x), alpha or default) for x in X], dtype=X.dtype)
    torch.testing.assert_close(derivative(spike, X), expected, rtol=1e-12, atol=1e-15)
    assert derivative(spike, X.float()).dtype == torch.float32


@settings(deadline=None)
@given(st.floats(-1e300, 1e300), st.sampled_from(sorted(FORMULAS)))
def test_spikes_and_derivatives_are_finite_everywhere(x, name):
    at = torch.tensor([x], dtype=torch.float64)
    spike = surrogate(name)
    assert spike(at).item() == (1.0 if x > 0 else 0.0)
    assert 0.0 <= derivative(spike, at).item() <= 2.0


def test_superspike_as_recorded_and_with_its_alpha(reference):
    z = reference("golden/golden_norse.npz")
    spike = surrogate("superspike", 100.0)
    assert torch.equal(spike(z["super_x"]), z["super_y"])
    expected = 1 / (100 * z["super_x"].abs() + 1) ** 2
    torch.testing.assert_close(derivative(spike, z["super_x"]), expected)
    assert not torch.allclose(z["super_g"], expected)  # norse 1.1.0 leaves alpha out


def test_the_gradient_that_comes_in_is_scaled():
    x = X.clone().requires_grad_()
    weights = torch.arange(10.0, dtype=X.dtype)
    (surrogate("atan")(x) * weights).sum().backward()
    torch.testing.assert_close(x.grad, weights * derivative(surrogate("atan"), X))


def test_derivative_of_your_own():
    spike = surrogate(lambda x: (x.abs() < 0.5).to(x.dtype))
    assert isinstance(spike, Surrogate) and spike.name == "custom"
    assert spike(X).tolist() == [0.0] * 5 + [1.0] * 5
    assert derivative(spike, X).tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0, 0]


def test_spike_function_of_your_own_is_used_as_it_is():
    class Mine(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return (x > 0).to(x.dtype)

        @staticmethod
        def backward(ctx, gradient):
            return 7.0 * gradient

    assert surrogate(Mine.apply) is not None
    assert derivative(surrogate(Mine.apply), X).tolist() == [7.0] * 10
    ready = surrogate("erfc")
    assert surrogate(ready) is ready


@pytest.mark.parametrize(
    ("kind", "alpha", "message"),
    [
        ("superspike", -1.0, "alpha is -1.0; it must be a finite number of more than 0"),
        ("superspike", math.nan, "alpha is nan"),
        (3, None, "a surrogate is 3; give one of the names superspike"),
        (torch.tanh, 2.0, "alpha = 2.0 is for surrogates with a name"),
        (lambda x: x.sum(), None, r"gives \(\), torch.float32 for a tensor of \(7,\)"),
        (lambda x: 1.0, None, "gives float for a tensor"),
        (lambda x: x.double(), None, "torch.float64 for a tensor"),
        (lambda x: 1 / x, None, "is not finite between -2 and 2"),
        (lambda x: (x >= 0).to(x.dtype), None, "gives 1 for x = 0"),
        (lambda x: (x > 0).to(x.dtype), None, "gives spikes but has no gradient"),
    ],
)
def test_refusals(kind, alpha, message):
    with pytest.raises(NetworkError, match=message):
        surrogate(kind, alpha)


def test_unknown_name_is_refused_with_the_closest():
    with pytest.raises(UnknownNameError, match="no surrogate named 'super_spike'.*'superspike'"):
        surrogate("super_spike")


def test_surrogates_can_be_copied_and_mapped():
    spike = surrogate("triangle", 0.5)
    assert copy.deepcopy(spike)(X).equal(spike(X))
    rows = torch.stack([X, -X])
    gradients = torch.func.vmap(torch.func.grad(lambda x: spike(x).sum()))(rows)
    assert torch.equal(gradients, torch.stack([derivative(spike, X), derivative(spike, -X)]))
