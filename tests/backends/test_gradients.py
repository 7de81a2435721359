"""Gradients of every family are those of finite differences, through several steps; spikes carry surrogate ones."""

import numpy as np
import pytest
import torch
from random_networks import KINDS, random_inputs, random_network
from random_programs import FAMILIES, enrich
from torch.autograd import gradcheck

import sns_mujoco.network as sns
from sns_mujoco.backends.choose import make_model
from sns_mujoco.backends.learnable import NAMES

DT, STEPS = 0.05, 6
CHANGING = (
    "potential",
    "gate",
    "variables",
    "conductance",
    "receptor",
    "noise",
    "graded_weight",
    "weight",
    "eligibility",
)


def still(x):
    """A surrogate without gradient: what is left is the true derivative while no spike comes or goes."""
    return torch.zeros_like(x)


def lively(model, program):
    """A state in the middle of things, so that nothing is at rest or at an edge."""
    with torch.no_grad():
        _, state = model.run(torch.tensor(random_inputs(program, 20)), model.initial_state(seed=1))
    rng = np.random.default_rng(0)
    for name in CHANGING:
        if name in state:
            state[name] = state[name] + torch.tensor(rng.uniform(1e-3, 1e-2, state[name].shape))
    return state


def check_state_gradients(program, backend):
    """With respect to what is remembered and what comes in."""
    model = make_model(program, backend, surrogate=still)
    state = lively(model, program)
    names = [name for name in CHANGING if name in state]
    x = torch.tensor(random_inputs(program, STEPS), requires_grad=True)

    def run(x, *values):
        y, after = model.run(x, state | dict(zip(names, values, strict=True)))
        return y, after["potential"], *(after[name] for name in names[1:])

    values = [state[name].clone().requires_grad_() for name in names]
    assert gradcheck(run, (x, *values), fast_mode=True, eps=1e-7, atol=1e-5, rtol=1e-3)


OF_TORCH = [("torch", family) for family in (*FAMILIES, None) if family != "equations"]
OF_SPARSE = [("sparse", family) for family in ("exponential", "delays", "jumps", None)]  # the others are torch's


@pytest.mark.parametrize(("backend", "family"), OF_TORCH + OF_SPARSE)
def test_every_family(backend, family):
    program = random_network(1, ("channels", "junctions")).to_program(DT)
    check_state_gradients(program if family is None else enrich(program, 5, {family}), backend)


def test_neurons_with_equations():
    for integrator in ("euler", "exponential"):
        check_state_gradients(random_network(4, ("equations",)).to_program(DT, integrator=integrator), "torch")


@pytest.mark.parametrize(("backend", "integrator"), [("torch", "euler"), ("sparse", "exponential")])
def test_every_learnable_parameter(backend, integrator):
    network = random_network(3, set(KINDS) - {"poisson", "noise", "stdp", "triplet", "reward"})
    program = network.to_program(DT, integrator=integrator)
    names = set(NAMES) - {"initial_value"}  # the state here is a given one
    model = make_model(program, backend, network=network, learnable=names, surrogate=still)
    leaves = dict(model.named_parameters())
    state, x = lively(model, program), torch.tensor(random_inputs(program, STEPS))

    def run(*values):
        given = {f"model.{name}": value for name, value in zip(leaves, values, strict=True)}
        return torch.func.functional_call(Running(model), given, (x, state))

    state["potential"][..., program.spiking_neuron.astype(int)] += 3.0  # far above the thresholds: all spike at once
    state["refractory"] *= 0.0
    values = [leaf.detach().clone().requires_grad_() for leaf in leaves.values()]
    assert gradcheck(run, values, fast_mode=True, eps=1e-7, atol=1e-5, rtol=1e-3)
    moved = torch.autograd.grad(run(*values).square().sum(), values)
    silent = {name for name, gradient in zip(leaves, moved, strict=True) if not gradient.any()}
    assert silent <= {"learned.leaves.threshold_floor_of_spiking_neurons"}  # far below these thresholds


class Running(torch.nn.Module):
    """A model called for many steps, as functional_call wants it."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x, state):
        return self.model.run(x, state)[0]


def test_initial_values_learn_through_the_initial_state():
    network = random_network(3, ("channels",))
    model = network.compile(DT, "torch", learnable="initial_value")
    y, _ = model.run(torch.zeros(3, model.program.n_inputs), model.initial_state())
    y.sum().backward()
    (leaf,) = model.parameters()
    assert (leaf.grad.abs() > 0).any()


def spiking_pair():
    net = sns.Network()
    net.add_neuron(sns.SpikingNeuron(bias=0.5), "a")
    net.add_neuron(sns.NonSpikingNeuron(), "b")
    net.add_connection(sns.SpikingSynapse(), "a", "b")
    net.add_input("a")
    net.add_output("b")
    return net


@pytest.mark.parametrize("name", ["superspike", "fast_sigmoid", "triangle", lambda x: torch.exp(-(x**2))])
def test_surrogates_pass_through_spikes(name):
    """The synapse opens by the surrogate's derivative times its increment for every mV of the source."""
    model = spiking_pair().compile(0.1, "torch", surrogate=name)
    state = model.initial_state()
    state["potential"] = torch.tensor([1.4, 0.0], dtype=torch.float64, requires_grad=True)
    _, after = model.run(torch.zeros(1, 1), state)
    (gradient,) = torch.autograd.grad(after["conductance"].sum(), state["potential"])
    v_star = 1.4 + 0.1 / 5.0 * (0.5 - 1.4)
    margin = torch.tensor(v_star - 1.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(model._spike(margin), margin)
    assert after["spike"] == 1
    torch.testing.assert_close(gradient[0], slope * (1 - 0.1 / 5.0) * 1.0)


@pytest.mark.parametrize("detached", [True, False])
def test_resets_pass_gradients_only_if_they_are_asked_to(detached):
    model = spiking_pair().compile(0.1, "torch", surrogate="triangle", detach_reset=detached)
    state = model.initial_state()
    state["potential"] = torch.tensor([1.4, 0.0], dtype=torch.float64, requires_grad=True)
    _, after = model.run(torch.zeros(1, 1), state)
    (gradient,) = torch.autograd.grad(
        after["potential"][0], state["potential"], allow_unused=True, materialize_grads=True
    )
    assert after["potential"][0] == 0.0
    assert (gradient[0] == 0) == detached


def test_long_runs_in_float32_keep_finite_gradients():
    """Gates far from their midpoints overflow float32 in branches that are not taken."""
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuronWithPersistentSodiumChannel(slope_m=5.0, slope_h=-5.0), 3, "n")
    net.add_input("n")
    net.add_output("n")
    model = net.compile(0.1, "torch", dtype=torch.float32, learnable=["slope_m", "e_h", "tau_max_h"])
    y, _ = model.run(torch.full((40, 1), 500.0), model.initial_state())
    y.square().sum().backward()
    assert all(torch.isfinite(leaf.grad).all() for leaf in model.parameters())
