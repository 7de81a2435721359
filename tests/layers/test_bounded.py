"""Bounded parameters start as given, are moved by optimisers, and never leave their bounds."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers import Bounded, keep_within


@settings(deadline=None, max_examples=50)
@given(hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_value_starts_exactly_as_given(value):
    low, high = value.min(), value.max()
    assert np.array_equal(Bounded(value, low, high)().detach().numpy(), value)


def test_plain_numbers_keep_their_digits():
    assert Bounded(0.1, low=0.1, dtype=torch.float64)().item() == 0.1
    assert Bounded([0.1], high=[0.1], dtype=torch.float64)().tolist() == [0.1]
    assert Bounded([0.1, 2]).raw.dtype == torch.float32 and Bounded(np.float32([0.1])).raw.dtype == torch.float32
    assert Bounded(np.array([0.1])).raw.dtype == torch.float64 and Bounded(np.array([1, 2])).raw.dtype == torch.float32


def test_gradient_of_the_leaf_is_that_of_the_value():
    parameter = Bounded(torch.rand(5, dtype=torch.float64) + 0.1, low=0.0, high=2.0)
    value = parameter()
    value.retain_grad()
    (value.sin() ** 2).sum().backward()
    assert torch.equal(parameter.raw.grad, value.grad)
    assert torch.autograd.gradcheck(
        lambda raw: keep_within(raw, torch.tensor(0.0), torch.tensor(1.0)).exp(),
        torch.tensor([-0.4, 0.2, 0.7, 1.6], dtype=torch.float64, requires_grad=True)[1:3],
    )


@pytest.mark.parametrize("optimiser", [torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop, torch.optim.AdamW])
@pytest.mark.parametrize("rate", [1e-2, 10.0, 1e4])
def test_optimiser_made_before_moves_it_within_its_bounds(optimiser, rate):
    parameter = Bounded(torch.full((4,), 0.5), low=torch.tensor([0.0, 0.0, 0.4, -1.0]), high=1.0)
    trainer = optimiser(parameter.parameters(), lr=rate)
    targets = torch.tensor([0.2, -3.0, 5.0, 0.0])
    for _ in range(500):
        trainer.zero_grad()
        ((parameter() - targets) ** 2).sum().backward()
        trainer.step()
        value = parameter()
        assert ((value >= parameter.low) & (value <= parameter.high)).all()
    assert not torch.equal(value, torch.full((4,), 0.5))
    if rate == 1e-2:
        torch.testing.assert_close(value, torch.tensor([0.2, 0.0, 1.0, 0.0]), atol=0.02, rtol=0)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.sampled_from(["SGD", "Adam"]))
def test_bounds_hold_for_any_gradients(seed, rate, name):
    generator = torch.Generator().manual_seed(seed)
    parameter = Bounded(torch.rand(6, generator=generator), low=0.0, high=1.0)
    trainer = getattr(torch.optim, name)(parameter.parameters(), lr=rate)
    for _ in range(40):
        trainer.zero_grad()
        (parameter() * torch.randn(6, generator=generator) * 100).sum().backward()
        trainer.step()
        assert ((parameter() >= 0) & (parameter() <= 1)).all()


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_value_at_a_bound_can_leave_it(start):
    parameter = Bounded(start, low=0.0, high=1.0)
    trainer = torch.optim.Adam(parameter.parameters(), lr=0.05)
    for _ in range(200):
        trainer.zero_grad()
        (parameter() - 0.5).square().backward()
        trainer.step()
    assert parameter().item() == pytest.approx(0.5, abs=1e-2)


def test_value_that_was_pushed_against_its_bound_comes_back_at_once():
    parameter = Bounded(0.5, low=0.0)
    trainer = torch.optim.SGD(parameter.parameters(), lr=0.1)

    def train(target, steps):
        for _ in range(steps):
            trainer.zero_grad()
            (parameter() - target).square().backward()
            trainer.step()

    train(-2.0, 2000)
    assert parameter().item() == 0.0
    assert parameter.raw.item() > -0.5  # it has not wandered off
    train(1.0, 10)
    assert parameter().item() > 0.4


def test_projection_brings_the_leaf_back_so_that_maximising_works():
    parameter = Bounded(0.5, low=0.0, high=1.0)
    leaf = parameter.raw
    trainer = torch.optim.SGD(parameter.parameters(), lr=3.0, maximize=True)
    for sign, expected in ((-1.0, 0.0), (1.0, 1.0), (-1.0, 0.0)):
        for _ in range(3):
            trainer.zero_grad()
            (sign * parameter()).backward()
            trainer.step()
            parameter.project_()
        assert parameter().item() == leaf.item() == expected
    assert parameter.raw is leaf


def test_parameter_that_is_given_becomes_the_leaf():
    shared = torch.nn.Parameter(torch.tensor([0.3, 0.4]))
    assert Bounded(shared, low=0.0).raw is shared
    frozen = torch.nn.Parameter(torch.tensor([0.3]), requires_grad=False)
    assert not Bounded(frozen, low=0.0).raw.requires_grad
    assert not Bounded(frozen, dtype=torch.float64).raw.requires_grad
    assert not Bounded(0.3, learnable=False).raw.requires_grad
    tensor = torch.tensor([0.3])
    assert Bounded(tensor, low=0.0).raw.data_ptr() != tensor.data_ptr()


def test_state_is_saved_and_loaded_and_copied(dtype):
    first, second = (Bounded(torch.rand(3, dtype=dtype), low=0.0, high=1.0) for _ in range(2))
    assert list(first.state_dict()) == ["raw"]
    second.load_state_dict(first.state_dict())
    twin = copy.deepcopy(first)
    assert torch.equal(second(), first()) and torch.equal(twin(), first())
    with torch.no_grad():
        twin.raw.sub_(5.0)
    assert (twin() == 0).all() and (first() >= 0).all() and second().dtype == dtype


def test_changes_of_type_keep_bounds():
    parameter = Bounded(0.1, low=0.1, high=0.1).double()
    assert parameter().dtype == torch.float64 == parameter.low.dtype
    assert parameter().item() == parameter.low.item()


def test_another_value_is_assigned_into_the_same_leaf():
    parameter = Bounded(torch.ones(2, 3), low=0.0, name="conductance")
    leaf = parameter.raw
    parameter.assign([0.0, 1.0, 2.0])
    assert parameter.raw is leaf and parameter()[1].tolist() == [0.0, 1.0, 2.0]
    with pytest.raises(NetworkError, match=r"conductance\[1\] is -1; it must be at least 0"):
        parameter.assign([0.0, -1.0, 2.0])
    with pytest.raises(NetworkError, match=r"a value of shape \(2,\) does not fit \(2, 3\)"):
        parameter.assign([0.0, 1.0])


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (-0.1, {"low": 0.0}, "tau is -0.1; it must be at least 0: give a value within its bounds"),
        ([0.5, 2.5], {"high": 2.0}, r"tau\[1\] is 2.5; it must be at most 2"),
        ([[0.5, 1.5]], {"high": [1.0, 1.25]}, r"tau\[0, 1\] is 1.5; it must be at most 1.25"),
        (float("nan"), {"low": 0.0}, "tau is nan; it must be finite"),
        ([1.0, float("inf")], {}, "tau is inf; it must be finite"),
        ("fast", {}, "tau is 'fast'; give a number"),
        ([[1.0], [1.0, 2.0]], {}, r"tau is \[\[1.0\], \[1.0, 2.0\]\]; give a number, an array or a tensor"),
        (None, {}, "tau is None"),
        (1j, {}, "tau is 1j; give a number"),
        (torch.tensor(1j), {}, "tau is of torch.complex64; give real numbers"),
        (torch.tensor(True), {}, "tau is of torch.bool; give real numbers"),
        (0.5, {"low": 1.0, "high": 0.0}, "its least value 1 is above its greatest 0"),
        (0.5, {"low": float("nan")}, "low is nan for a value"),
        ([0.5, 0.5], {"low": [0.0, 0.0, 0.0]}, r"low is \[0.0, 0.0, 0.0\] for a value of shape \(2,\)"),
    ],
)
def test_refusals(value, bounds, message):
    with pytest.raises(NetworkError, match=message):
        Bounded(value, name="tau", **bounds)


def test_further_limit_may_have_more_axes_than_the_value():
    parameter = Bounded(0.9, low=0.0, high=1.0)
    assert parameter(torch.tensor([0.8, 0.5, 0.7])).item() == 0.5
    wide = Bounded(torch.full((2, 1), 0.9))
    assert wide(torch.tensor([[0.8, 0.5], [2.0, 3.0]])).flatten().tolist() == [0.5, pytest.approx(0.9)]


def test_it_works_inside_functional_transforms():
    parameter = Bounded(torch.tensor([0.2, 0.4], dtype=torch.float64), low=0.0, high=1.0)

    def loss(raw):
        return (torch.func.functional_call(parameter, {"raw": raw}, ()) ** 2).sum()

    raws = torch.tensor([[0.2, 0.4], [-1.0, 3.0]], dtype=torch.float64)
    gradients = torch.func.vmap(torch.func.grad(loss))(raws)
    assert gradients.tolist() == [[0.4, 0.8], [0.0, 2.0]]
