"""Learnable parameters: real leaves within their bounds, and what was learned runs everywhere."""

import mujoco
import numpy as np
import pytest
import torch
from random_networks import KINDS, random_inputs, random_network

import sns_mujoco as sns_mujoco
import sns_mujoco.network as sns
from sns_mujoco.adapters import Command
from sns_mujoco.backends.learnable import NAMES
from sns_mujoco.errors import NetworkError, UnknownNameError

torch.set_num_threads(1)

DT = 0.1
BACKENDS = pytest.mark.parametrize("backend", ["torch", "sparse"])


def pair(**synapse):
    """Two graded neurons, the first of which excites the second."""
    net = sns.Network("pair")
    net.add_neuron(sns.NonSpikingNeuron(), "a")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=2.0), "b")
    net.add_connection(
        sns.NonSpikingSynapse(**{"max_conductance": 0.2, "reversal_potential": 60.0} | synapse), "a", "b"
    )
    net.add_input("a")
    net.add_output("b")
    return net


def descend(model, x, target, steps, rate, optimiser=torch.optim.Adam):
    """Train a model towards a potential at the end; gives the losses."""
    optimiser, losses = optimiser(model.parameters(), lr=rate), []
    for _ in range(steps):
        y, _ = model.run(x, model.initial_state())
        loss = ((y[-1] - target) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


@BACKENDS
def test_an_optimiser_made_before_training_moves_what_the_model_uses(backend):
    model = pair().compile(DT, backend, learnable={"max_conductance": ["a->b"], "bias": "b"})
    assert sorted(name for name, _ in model.named_parameters()) == [
        "learned.leaves.bias_of_neurons",
        "learned.leaves.max_conductance_of_graded",
    ]
    assert all(leaf.is_leaf and leaf.requires_grad for leaf in model.parameters())
    losses = descend(model, np.full((60, 1), 10.0), 4.0, 30, 0.1)
    assert losses[-1] < 0.05 * losses[0]
    values = model.learned_values()
    assert list(values) == ["max_conductance", "bias"] and list(values["bias"]) == ["b"]
    assert values["max_conductance"]["a->b"].item() != 0.2


@pytest.mark.parametrize(
    ("seed", "backend", "integrator"), [(0, "torch", "euler"), (0, "sparse", "exponential"), (3, "sparse", "euler")]
)
def test_what_was_learned_runs_in_compiled_code(seed, backend, integrator):
    """Everything that can be learned at once, in networks with everything in them."""
    net = random_network(seed, set(KINDS) - {"poisson"})
    model = net.compile(DT / 2, backend, learnable=NAMES, integrator=integrator)
    x = random_inputs(model.program, 60)
    before = model.run(x).detach().numpy()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2):
        y, _ = model.run(x[:20, None], model.initial_state(1))
        optimiser.zero_grad()
        y.square().mean().backward()
        optimiser.step()
    model.reset()
    learned = model.run(x).detach().numpy()
    again = model.to_network().compile(DT / 2, integrator=integrator)
    assert again.program.output_names == model.program.output_names
    np.testing.assert_allclose(again.run(x), learned, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(again.state, model.state, rtol=1e-6, atol=1e-6)
    assert np.abs(learned - before).max() > 1e-3
    np.testing.assert_array_equal(net.compile(DT / 2, integrator=integrator).run(3)[0].shape, before[0].shape)


def test_what_was_learned_runs_inside_mujoco():
    model = random_network(5, ("channels", "junctions", "events", "lists")).compile(
        DT, "torch", learnable=["max_conductance", "bias", "g_ion", "weight", "time_constant"]
    )
    x = random_inputs(model.program, 80)
    descend(model, x[:30], 3.0, 2, 0.02)
    network = model.to_network()
    body = f'<mujoco><option timestep="{DT / 1000}"/><worldbody><geom size="1"/></worldbody></mujoco>'
    names = model.program.input_names
    commands = [Command(name, to=name, range=(0, 1), gain=1.0, clip=False) for name in names]
    simulation = sns_mujoco.Simulation(sns_mujoco.attach(body, network, commands, dt=DT).compile())
    model.reset()
    for row in x:
        for name, value in zip(names, row, strict=True):
            simulation.commands[name] = value
        mujoco.mj_step(simulation.model, simulation.data)
        with torch.no_grad():
            model(row)
        np.testing.assert_allclose(simulation.potentials, model.potentials, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("rate", [0.05, 5.0])
def test_conductances_never_become_negative_and_find_their_way_back(rate):
    model = pair().compile(DT, "torch", learnable="max_conductance")
    x = np.full((50, 1), 10.0)
    descend(model, x, -20.0, 10, rate, torch.optim.SGD)  # which only inhibition could reach
    assert model.learned_values()["max_conductance"]["a->b"].item() == 0.0
    shut = model.to_network().compile(DT)
    assert np.abs(shut.run(x)).max() < 1e-300
    losses = descend(model, x, 2.0, 40, 0.05)
    assert losses[-1] < 0.1 * losses[0]


@BACKENDS
def test_a_network_stays_stable_whatever_an_optimiser_does(backend):
    net = random_network(2, ("channels", "junctions", "graded_learning"))
    names = ["max_conductance", "conductance", "g_ion", "membrane_conductance", "weight", "time_constant"]
    names += ["threshold_time_constant", "tau_max_b", "tau_max_c"]
    for also in ([], ["membrane_capacitance"]):
        model = net.compile(DT, backend, learnable=names + also)
        with torch.no_grad():
            for name, leaf in model.named_parameters():
                leaf.fill_(-1.0 if "tau" in name or "time" in name or "capacitance" in name else 300.0)
        x = random_inputs(model.program, 200)
        with torch.no_grad():
            y = model.run(x).numpy()
        again = model.to_network().compile(DT)  # which refuses what is unstable
        np.testing.assert_allclose(again.run(x), y, rtol=1e-6, atol=1e-6)


def test_capacitances_are_held_where_the_step_is_stable():
    model = pair().compile(DT, "torch", learnable="membrane_capacitance")
    with torch.no_grad():
        next(model.parameters()).fill_(0.0)
    values = model.learned_values()["membrane_capacitance"]
    assert values["a"].item() == pytest.approx(DT / 2 * 1.0, rel=1e-5)
    assert values["b"].item() == pytest.approx(DT / 2 * 1.2, rel=1e-5)


def test_a_ramp_does_not_turn_round():
    for lo, hi in ((0.0, 20.0), (20.0, 0.0)):
        model = pair(e_lo=lo, e_hi=hi).compile(DT, "torch", learnable=["e_lo", "e_hi"])
        with torch.no_grad():
            for name, leaf in model.named_parameters():
                leaf.fill_(-50.0 if ("e_hi" in name) == (hi > lo) else 50.0)
        values = model.learned_values()
        width = (values["e_hi"]["a->b"] - values["e_lo"]["a->b"]).item()
        assert width == pytest.approx(0.01 * (hi - lo))


def test_bounds_of_ones_own():
    model = pair().compile(DT, "torch", learnable=["bias", "max_conductance"], bounds={"bias": (-1.0, 2.0)})
    with torch.no_grad():
        for leaf in model.parameters():
            leaf.fill_(9.0)
    values = model.learned_values()
    assert values["bias"]["a"].item() == 2.0 and values["max_conductance"]["a->b"].item() == 9.0


def test_learned_parameters_are_saved_and_loaded():
    model = pair().compile(DT, "torch", learnable=["bias", "max_conductance"])
    with torch.no_grad():
        for leaf in model.parameters():
            leaf.add_(0.3)
    other = pair().compile(DT, "torch", learnable=["bias", "max_conductance"])
    other.load_state_dict(model.state_dict())
    torch.testing.assert_close(other.run(10), model.run(10))


def test_weights_that_learn_by_themselves_start_where_gradients_put_them():
    net = sns.Network()
    net.add_neuron(sns.SpikingNeuron(bias=3.0), "a")
    net.add_neuron(sns.SpikingNeuron(bias=0.5), "b")
    net.add_connection(sns.CurrentSynapse(0.5, plasticity=sns.STDP(w_min=0.1, w_max=0.9)), "a", "b", "synapse")
    net.add_output("b")
    net.add_output("synapse", kind="weight")
    model = net.compile(DT, "torch", learnable="weight")
    y, _ = model.run(200, model.initial_state())
    y[-1, 0].backward()
    assert next(model.parameters()).grad.item() != 0.0
    with torch.no_grad():
        next(model.parameters()).fill_(5.0)
    assert model.initial_state()["weight"].item() == 0.9
    assert model.to_network().compile(DT).run(1)[0, 1] == pytest.approx(0.9)


def test_what_the_synapses_of_a_matrix_share_stays_when_one_parameter_is_learned():
    net = pair()
    net.add_neuron(sns.SpikingNeuron(bias=3.0), "c")
    net.add_connection(sns.NonSpikingMatrixConnection([[0.3]], -20.0, 2.0, 15.0), "a", "b", "inhibits")
    net.add_connection(sns.SpikingMatrixConnection([[0.3]], -30.0, 8.0, transmission_delay=3), "c", "b", "spikes")
    model = net.compile(DT, "torch", learnable="max_conductance")
    x = np.linspace(0.0, 20.0, 300)[:, None]
    np.testing.assert_allclose(model.to_network().compile(DT).run(x), net.compile(DT).run(x), rtol=1e-12)


def test_what_a_population_shares_is_learned_for_each_neuron_and_synapse():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 3, "p")
    net.add_connection(sns.NonSpikingSynapse(0.3), "p", "p", "all")
    net.add_input("p", size=3)
    net.add_output("p")
    model = net.compile(DT, "torch", learnable=["max_conductance", "bias"])
    assert {k: v.shape for k, v in model.named_parameters()} == {
        "learned.leaves.max_conductance_of_graded": (9,),
        "learned.leaves.bias_of_neurons": (3,),
    }
    np.testing.assert_allclose(model.learned_values()["max_conductance"]["all"], 0.1)  # its share of the three sources
    model.to_network()
    assert isinstance(net.connections[0].kind, sns.NonSpikingSynapse)  # the network itself stays as it is


@pytest.mark.parametrize(
    ("learnable", "error", "complaint"),
    [
        ("max_conductanc", UnknownNameError, "no learnable parameter named 'max_conductanc'.*'max_conductance'"),
        ({"bias": ["c"]}, UnknownNameError, "no part named 'c' in network 'pair', for learning 'bias'"),
        ({"max_conductance": "a->c"}, UnknownNameError, "no part named 'a->c'.*did you mean 'a->b'"),
        ("weight", NetworkError, "nothing in network 'pair' has a 'weight' that could be learned"),
        ({"threshold_floor": ["a"]}, NetworkError, "'a' has no 'threshold_floor' that could be learned; leave it out"),
        (5, NetworkError, "learnable is 5; give a name, several, or a dictionary"),
    ],
)
def test_what_cannot_be_learned_is_refused(learnable, error, complaint):
    with pytest.raises(error, match=complaint):
        pair().compile(DT, "torch", learnable=learnable)


@pytest.mark.parametrize(
    ("bounds", "complaint"),
    [
        ({"bias": (1, 2)}, "bias of 'a' is 0; to be learned it must be between 1 and 2"),
        ({"bias": (2, 1)}, r"the bounds of 'bias' are \(2, 1\); the least must not be above"),
        ({"bias": 3}, r"the bounds of 'bias' are 3; give \(least, greatest\)"),
        ({"bias": ("x", None)}, r"the bounds of 'bias' are \('x', None\)"),
        ({"bias": (float("nan"), None)}, "the least must not be above"),
    ],
)
def test_bounds_that_do_not_fit_are_refused(bounds, complaint):
    with pytest.raises(NetworkError, match=complaint):
        pair().compile(DT, "torch", learnable="bias", bounds=bounds)


def test_networks_under_the_semantics_of_sns_toolbox_cannot_learn():
    with pytest.raises(NetworkError, match="only networks compiled with semantics='textbook' can learn"):
        pair().compile(DT, "torch", learnable="bias", semantics="sns-toolbox")
